#include "classify/api_path.h"

#include <cstring>

#include "base/text.h"

namespace regtriage {
namespace {

bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool alnum(char c) { return lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

// alpha-numeric runs joined by '.', one or two '_', or any number of '-'.
bool is_name_component(std::string_view part) {
  if (part.empty() || !lower_or_digit(part.front()) || !lower_or_digit(part.back())) return false;
  for (std::size_t i = 0; i < part.size();) {
    const char c = part[i];
    std::size_t end = i + 1;
    while (end < part.size() && part[end] == c) ++end;
    const std::size_t run = end - i;
    const bool fits =
        lower_or_digit(c) || c == '-' || (c == '.' && run == 1) || (c == '_' && run <= 2);
    if (!fits) return false;
    // Two different separators never stand side by side.
    if (!lower_or_digit(c) && !lower_or_digit(part[end])) return false;
    i = end;
  }
  return true;
}

// A host, with or without a port, as the first component of a name.
bool is_domain(std::string_view part) {
  const std::size_t colon = part.find(':');
  if (colon != std::string_view::npos) {
    if (!try_u64(part.substr(colon + 1))) return false;
    part = part.substr(0, colon);
  }
  if (part.empty() || !alnum(part.front()) || !alnum(part.back())) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    if (!alnum(c) && c != '-' && c != '.') return false;
    if (c == '.' && (!alnum(part[i - 1]) || !alnum(part[i + 1]))) return false;
  }
  return true;
}

bool is_upload_id(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text)
    if (!alnum(c) && c != '-' && c != '_' && c != '.' && c != '=') return false;
  return true;
}

// Takes the last component off `path`; "" when none is left.
std::string_view take_last(std::string_view& path) {
  const void* const found = path.empty() ? nullptr : ::memrchr(path.data(), '/', path.size());
  const auto* const slash = static_cast<const char*>(found);
  const std::string_view last =
      slash == nullptr ? path : path.substr(static_cast<std::size_t>(slash - path.data()) + 1);
  path = slash == nullptr ? std::string_view()
                          : path.substr(0, static_cast<std::size_t>(slash - path.data()));
  return last;
}

bool set(ApiPath& out, Route route, std::string_view name, std::string_view reference,
         std::string_view upload) {
  if (!is_repository_name(name)) return false;
  out.route = route;
  out.repository = name;
  out.reference = reference;
  out.upload = upload;
  return true;
}

// What stands behind "/v2/", not empty.
bool split_rest(std::string_view rest, ApiPath& out) {
  if (rest == "_catalog") {
    out.route = Route::catalog;
    return true;
  }
  const bool open_ended = rest.back() == '/';  // only the start of an upload ends with a slash
  if (open_ended) rest.remove_suffix(1);
  std::string_view left = rest;
  const std::string_view last = take_last(left);
  const std::string_view before = take_last(left);
  if (before == "blobs" && last == "uploads") return set(out, Route::uploads, left, {}, {});
  if (open_ended) return false;
  if (before == "manifests" && (is_tag(last) || looks_like_digest(last)))
    return set(out, Route::manifest, left, last, {});
  if (before == "blobs" && looks_like_digest(last)) return set(out, Route::blob, left, last, {});
  if (before == "referrers" && looks_like_digest(last))
    return set(out, Route::referrers, left, last, {});
  if (before == "tags" && last == "list") return set(out, Route::tags, left, {}, {});
  if (before != "uploads" || !is_upload_id(last)) return false;
  if (take_last(left) != "blobs") return false;
  return set(out, Route::upload, left, {}, last);
}

// What stands behind "/api/v2.0/projects/" (goharbor/harbor api/v2.0/swagger.yaml v2.7.4): P, then
// "/repositories/R/artifacts/REF", then for one of its tags "/tags/T". R is encoded once more, so
// it may hold "%2F" still; a name that does so is no name yet.
void split_artifact(std::string_view rest, ApiPath& out, std::string& decoded) {
  constexpr std::string_view kRepositories = "/repositories/", kArtifacts = "/artifacts/",
                             kTags = "/tags/";
  const std::size_t repositories = rest.find(kRepositories), artifacts = rest.rfind(kArtifacts);
  if (repositories == std::string_view::npos || artifacts == std::string_view::npos ||
      artifacts < repositories + kRepositories.size())
    return;
  std::string name(rest.substr(0, repositories));
  const std::size_t begin = repositories + kRepositories.size();
  name.append("/").append(percent_decoded(rest.substr(begin, artifacts - begin)));
  std::string_view reference = rest.substr(artifacts + kArtifacts.size());
  if (const std::size_t tags = reference.find(kTags); tags != std::string_view::npos)
    reference.remove_prefix(tags + kTags.size());
  if (!is_repository_name(name) || !(is_tag(reference) || looks_like_digest(reference))) return;
  // One text for the views: the path, and behind it the name.
  const auto from = static_cast<std::size_t>(reference.data() - out.path.data());
  const std::size_t path = out.path.size(), length = reference.size();
  decoded = std::string(out.path) + name;
  out.path = std::string_view(decoded).substr(0, path);
  out.reference = out.path.substr(from, length);
  out.repository = std::string_view(decoded).substr(path);
  out.artifact = true;
}

// "http://host/path" → "/path".
std::string_view without_origin(std::string_view target) {
  if (!target.starts_with("http://") && !target.starts_with("https://")) return target;
  const std::size_t slash = target.find('/', 8);
  return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
}

// Token services: distribution's own contract names none, so the usual paths and the parameter that
// every token request carries (distribution docs/spec/auth/token.md).
bool is_token_path(const ApiPath& path) {
  return path.path.ends_with("/token") || path.path.ends_with("/jwt/auth") ||
         (path.path.ends_with("/auth") && try_query_value(path.query, "service"));
}

}  // namespace

bool is_repository_name(std::string_view name) {
  if (name.empty() || name.size() > 255) return false;
  bool first = true;
  while (true) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    const bool more = slash != std::string_view::npos;
    if (!is_name_component(part) && !(first && more && is_domain(part))) return false;
    if (!more) return true;
    name.remove_prefix(slash + 1);
    first = false;
  }
}

bool is_tag(std::string_view text) {
  if (text.empty() || text.size() > 128 || text.front() == '.' || text.front() == '-') return false;
  for (const char c : text)
    if (!alnum(c) && c != '_' && c != '.' && c != '-') return false;
  return true;
}

bool looks_like_digest(std::string_view text) {
  if (is_digest(text)) return true;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  if (text.size() > 256) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool separator = i < colon && (c == '+' || c == '.' || c == '-' || c == '_');
    if (i != colon && !alnum(c) && !separator && !(i > colon && (c == '=' || c == '-' || c == '_')))
      return false;
  }
  return true;
}

ApiPath split_api_path(std::string_view target, std::string& decoded) {
  ApiPath out;
  target = without_origin(target);
  const std::size_t question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string_view::npos) out.query = target.substr(question + 1);
  if (out.path.empty()) return out;
  if (out.path.find('%') != std::string_view::npos) {
    decoded = percent_decoded(out.path);
    out.path = decoded;
  }
  out.route = Route::other;
  constexpr std::string_view kProjects = "/api/v2.0/projects/";
  constexpr std::string_view kBlob = "/api/registry/blob/";  // registryctl's, src/registryctl/api
  if (out.path.starts_with(kProjects)) {
    split_artifact(out.path.substr(kProjects.size()), out, decoded);
    return out;
  }
  std::size_t at = out.path.starts_with("/v2/") ? 0 : out.path.find("/v2/");
  if (at == std::string_view::npos && out.path.ends_with("/v2")) at = out.path.size() - 3;
  if (at == std::string_view::npos) {
    if (is_token_path(out)) {
      out.route = Route::token;
    } else if (out.path.starts_with(kBlob) && looks_like_digest(out.path.substr(kBlob.size()))) {
      out.reference = out.path.substr(kBlob.size());
      out.artifact = true;
    }
    return out;
  }
  out.sub_path = at != 0;
  const std::string_view rest = out.path.size() > at + 4 ? out.path.substr(at + 4) : "";
  if (rest.empty())
    out.route = Route::ping;
  else
    split_rest(rest, out);
  return out;
}

}  // namespace regtriage
