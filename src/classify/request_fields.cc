#include "classify/request_fields.h"

#include "base/redact.h"
#include "base/text.h"
#include "classify/api_path.h"

namespace regtriage {
namespace {

// A value of the query, decoded; `slot` keeps it where it had escapes.
std::string_view query_value(std::string_view query, std::string_view name, DraftText& text,
                             TextSlot slot, std::size_t bytes) {
  const auto value = try_query_value(query, name);
  if (!value || value->empty()) return {};
  if (value->find('%') == std::string_view::npos) return text.tidy(*value, bytes, slot);
  std::string& work = text.slot(TextSlot::work);
  work = percent_decoded(value->substr(0, 4 * bytes));
  const std::string_view tidied = text.tidy(work, bytes, slot);
  if (tidied.data() != work.data()) return tidied;
  std::string& kept = text.slot(slot);
  kept.assign(tidied);
  return kept;
}

// A step that went well, of an upload that the path names, says nothing more in its token.
void fill_upload_state(const ApiPath& path, DraftText& text, EventDraft& draft) {
  if (!draft.upload.empty() && draft.status >= 200 && draft.status < 400) return;
  const auto token = try_query_value(path.query, "_state");
  if (!token) return;
  const auto state = try_upload_state(*token);
  if (!state) return;
  draft.offset = state->offset;
  draft.upload_started = state->started;
  if (!draft.upload.empty() || draft.route == Route::uploads) return;
  std::string& upload = text.slot(TextSlot::upload);
  upload = state->upload;
  draft.upload = upload;
}

void fill_reference(std::string_view reference, DraftText& text, EventDraft& draft) {
  if (looks_like_digest(reference))
    draft.digest = text.tidy(reference, bound::kDigest, TextSlot::digest);
  else
    draft.tag = text.tidy(reference, bound::kTag, TextSlot::tag);
}

// ".../docker/registry/v2/repositories/NAME/_uploads/UUID/data": a line that was cut off before its
// request is still about what its path names (distribution registry/storage/paths.go v2.8.3).
void fill_storage_path(std::string_view detail, DraftText& text, EventDraft& draft) {
  constexpr std::string_view kRepositories = "/docker/registry/v2/repositories/";
  if (!draft.repository.empty()) return;
  const std::size_t at = detail.find(kRepositories);
  if (at == std::string_view::npos) return;
  const std::string_view rest = detail.substr(at + kRepositories.size());
  const std::size_t end = rest.find("/_");
  if (end == std::string_view::npos || !is_repository_name(rest.substr(0, end))) return;
  draft.repository = text.tidy(rest.substr(0, end), bound::kRepository, TextSlot::repository);
  constexpr std::string_view kUploads = "/_uploads/";
  if (!rest.substr(end).starts_with(kUploads)) return;
  const std::string_view upload = rest.substr(end + kUploads.size());
  draft.upload = text.tidy(upload.substr(0, upload.find('/')), bound::kUpload, TextSlot::upload);
}

// "sha256:…" at the end of `text` behind `marker`.
std::string_view digest_behind(std::string_view text, std::string_view marker) {
  const std::size_t at = text.rfind(marker);
  if (at == std::string_view::npos) return {};
  std::string_view rest = text.substr(at + marker.size());
  rest = rest.substr(0, rest.find_first_of(" ]},\"\\"));
  return is_digest(rest) ? rest : std::string_view();
}

std::string_view word_behind(std::string_view text, std::string_view marker) {
  const std::size_t at = text.rfind(marker);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + marker.size());
  return rest.substr(0, rest.find_first_of(" ]},\"\\"));
}

// The message that goes with the code anyway says nothing new (registry/api/v2/errors.go v2.8.3).
bool is_stock_message(std::string_view message) {
  constexpr std::string_view kStock[] = {"blob unknown to registry",
                                         "manifest unknown",
                                         "blob upload invalid",
                                         "blob upload unknown to registry",
                                         "provided digest did not match uploaded content",
                                         "manifest invalid",
                                         "manifest failed signature verification",
                                         "invalid repository name",
                                         "repository name not known to registry",
                                         "provided length did not match content length",
                                         "manifest tag did not match URI",
                                         "requested access to the resource is denied",
                                         "The operation is unsupported.",
                                         "the operation is unsupported",
                                         "authentication required",
                                         "unknown error"};
  for (const std::string_view stock : kStock)
    if (message == stock) return true;
  return message.empty();
}

void fill_detail(const Record& record, DraftText& text, EventDraft& draft) {
  const std::string_view from =
      record.error_detail.empty() && !is_stock_message(record.error_message) ? record.error_message
                                                                             : record.error_detail;
  draft.detail = text.tidy(from, bound::kDetail, TextSlot::detail);
}

// The digest of the child that is missing; the manifest that names it, where it was pushed by
// digest, is kept beside it.
void fill_missing_child(const Record& record, DraftText& text, EventDraft& draft) {
  const std::string_view child = trimmed(record.error_detail);
  if (!looks_like_digest(child)) return;
  if (draft.route == Route::manifest && !draft.digest.empty() && draft.digest != child)
    draft.manifest = text.slot(TextSlot::manifest).assign(draft.digest);
  draft.digest = text.tidy(child, bound::kDigest, TextSlot::digest);
}

// "unknown tag=T" · "unknown manifest name=N revision=D" · "map[Tag:T]" · {"Name":N,"Revision":D}.
void fill_unknown_manifest(const Record& record, DraftText& text, EventDraft& draft) {
  const std::string_view detail = record.error_detail;
  for (const std::string_view marker : {"revision=", "Revision:", "\"Revision\":\""}) {
    const std::string_view digest = digest_behind(detail, marker);
    if (digest.empty()) continue;
    draft.digest = text.tidy(digest, bound::kDigest, TextSlot::digest);
    return;
  }
  if (!draft.tag.empty() || !draft.digest.empty()) return;
  for (const std::string_view marker : {"unknown tag=", "Tag:", "\"Tag\":\""})
    if (const std::string_view tag = word_behind(detail, marker); !tag.empty()) {
      draft.tag = text.tidy(tag, bound::kTag, TextSlot::tag);
      return;
    }
}

void take_path(const ApiPath& path, DraftText& text, EventDraft& draft) {
  draft.path = text.tidy(path.path, bound::kPath, TextSlot::path);
}

}  // namespace

std::string_view address_without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    return close == std::string_view::npos ? text : text.substr(1, close - 1);
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    return text;
  return try_u64(text.substr(colon + 1)) ? text.substr(0, colon) : text;
}

void fill_target(std::string_view uri, DraftText& text, EventDraft& draft) {
  draft.repository = draft.digest = draft.tag = draft.upload = draft.from = draft.path = {};
  const ApiPath path = split_api_path(uri, text.slot(TextSlot::decoded_path));
  draft.route = path.route;
  // Harbor's own API deletes what a DELETE of the manifest (or of its tag) deletes.
  // (That registryctl could not delete a blob, its own line says better.)
  const bool failed = path.repository.empty() && draft.status >= 400;
  if (path.artifact && (draft.method != Method::DELETE || failed))
    return take_path(path, text, draft);
  if (path.artifact) draft.route = path.repository.empty() ? Route::blob : Route::manifest;
  draft.repository = path.repository;  // at most 255 bytes of a plain alphabet
  if (!path.reference.empty()) fill_reference(path.reference, text, draft);
  draft.upload = text.tidy(path.upload, bound::kUpload, TextSlot::upload);
  if (path.sub_path || path.route == Route::other || path.route == Route::token)
    take_path(path, text, draft);
  if (path.query.empty()) return;
  // A client that asks a mirror says whose image it wants (containerd remotes/docker/resolver.go
  // v1.6).
  if (path.route == Route::manifest || path.route == Route::blob)
    draft.from = query_value(path.query, "ns", text, TextSlot::from, bound::kRepository);
  if (path.route == Route::uploads) {
    draft.digest = query_value(path.query, "mount", text, TextSlot::digest, bound::kDigest);
    draft.from = query_value(path.query, "from", text, TextSlot::from, bound::kRepository);
  }
  if (path.route == Route::uploads || path.route == Route::upload) {
    if (draft.digest.empty())
      draft.digest = query_value(path.query, "digest", text, TextSlot::digest, bound::kDigest);
    fill_upload_state(path, text, draft);
  }
}

void fill_image_reference(std::string_view reference, DraftText& text, EventDraft& draft) {
  if (const std::size_t scheme = reference.find("://"); scheme != std::string_view::npos)
    reference.remove_prefix(scheme + 3);
  std::string_view digest, tag;
  // Harbor's jobs write "N:sha256:HEX" (src/controller/replication/transfer/image v2.7).
  const std::size_t hash = reference.find(":sha");
  if (const std::size_t at = reference.find('@'); at != std::string_view::npos) {
    digest = reference.substr(at + 1);
    reference = reference.substr(0, at);
  } else if (hash != std::string_view::npos && is_digest(reference.substr(hash + 1))) {
    digest = reference.substr(hash + 1);
    reference = reference.substr(0, hash);
  }
  if (const std::size_t slash = reference.find('/'); slash != std::string_view::npos) {
    const std::string_view host = reference.substr(0, slash);
    if (host == "localhost" || host.find_first_of(".:") != std::string_view::npos)
      reference.remove_prefix(slash + 1);
  }
  if (const std::size_t colon = reference.rfind(':'); colon != std::string_view::npos) {
    tag = reference.substr(colon + 1);
    reference = reference.substr(0, colon);
  }
  if (!is_repository_name(reference)) return;
  draft.repository = text.tidy(reference, bound::kRepository, TextSlot::repository);
  if (is_tag(tag)) draft.tag = text.tidy(tag, bound::kTag, TextSlot::tag);
  if (looks_like_digest(digest)) draft.digest = text.tidy(digest, bound::kDigest, TextSlot::digest);
}

void fill_vars(const Record& record, DraftText& text, EventDraft& draft) {
  if (draft.repository.empty() && draft.route != Route::other && !record.name.empty())
    draft.repository = text.tidy(record.name, bound::kRepository, TextSlot::repository);
  if (draft.route != Route::none) return;
  if (!record.reference.empty()) fill_reference(record.reference, text, draft);
  if (draft.digest.empty() && !record.digest.empty())
    draft.digest = text.tidy(record.digest, bound::kDigest, TextSlot::digest);
  if (!record.uuid.empty()) draft.upload = text.tidy(record.uuid, bound::kUpload, TextSlot::upload);
}

void fill_error(const Record& record, DraftText& text, EventDraft& draft) {
  draft.code = record.code.empty() ? Code::none : try_code(record.code).value_or(Code::UNKNOWN);
  fill_detail(record, text, draft);
  fill_storage_path(draft.detail, text, draft);
  if (draft.code == Code::MANIFEST_BLOB_UNKNOWN || draft.code == Code::BLOB_UNKNOWN)
    fill_missing_child(record, text, draft);
  else if (draft.code == Code::MANIFEST_UNKNOWN)
    fill_unknown_manifest(record, text, draft);
}

int status_of(Code code) {
  switch (code) {
    case Code::BLOB_UNKNOWN:
    case Code::BLOB_UPLOAD_UNKNOWN:
    case Code::BLOB_UPLOAD_INVALID:
    case Code::MANIFEST_UNKNOWN:
    case Code::NAME_UNKNOWN:
    case Code::TAG_UNKNOWN:
      return 404;
    case Code::DIGEST_INVALID:
    case Code::MANIFEST_BLOB_UNKNOWN:
    case Code::MANIFEST_INVALID:
    case Code::MANIFEST_UNVERIFIED:
    case Code::NAME_INVALID:
    case Code::SIZE_INVALID:
    case Code::TAG_INVALID:
      return 400;
    case Code::UNAUTHORIZED:
      return 401;
    case Code::DENIED:
      return 403;
    case Code::UNSUPPORTED:
      return 405;
    case Code::MANIFEST_REFERENCED:
      return 409;
    case Code::RANGE_INVALID:
      return 416;
    case Code::TOOMANYREQUESTS:
      return 429;
    case Code::UNKNOWN:
      return 500;
    case Code::UNAVAILABLE:
      return 503;
    default:
      return -1;
  }
}

Code inferred_code(Method method, Route route, int status) {
  if (status < 400 || route == Route::none || route == Route::other || route == Route::token)
    return Code::none;
  const bool reads = method == Method::GET || method == Method::HEAD;
  switch (status) {
    case 401:
      return Code::UNAUTHORIZED;
    case 403:
      return Code::DENIED;
    case 405:
      return Code::UNSUPPORTED;
    case 416:
      return Code::RANGE_INVALID;
    case 429:
      return Code::TOOMANYREQUESTS;
    default:
      break;
  }
  if (status >= 500) return Code::UNKNOWN;
  // A malformed manifest, a missing child and a wrong digest are all answered with 400.
  if (status == 400)
    return route == Route::upload && method == Method::PUT ? Code::DIGEST_INVALID : Code::none;
  if (status != 404) return Code::none;
  switch (route) {
    case Route::blob:
      return Code::BLOB_UNKNOWN;
    case Route::manifest:
      return reads || method == Method::DELETE ? Code::MANIFEST_UNKNOWN : Code::NAME_UNKNOWN;
    case Route::upload:
      return Code::BLOB_UPLOAD_UNKNOWN;
    case Route::tags:
    case Route::uploads:
      return Code::NAME_UNKNOWN;
    default:
      return Code::none;
  }
}

}  // namespace regtriage
