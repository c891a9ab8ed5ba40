#include "infer/describe.h"

#include <fmt/format.h>

#include "infer/judge.h"

namespace regtriage {
namespace {

std::string_view route_word(Route route) {
  switch (route) {
    case Route::manifest:
      return "manifest";
    case Route::blob:
      return "blob";
    case Route::uploads:
    case Route::upload:
      return "upload";
    case Route::tags:
      return "tags";
    case Route::referrers:
      return "referrers";
    default:
      return "";
  }
}

std::string what_of(const Facts& f, Route route, NameId repository, NameId tag, NameId digest,
                    NameId upload) {
  std::string out(f.text(repository));
  const std::string_view word = route_word(route);
  if (!word.empty()) out += (out.empty() ? "" : " ") + std::string(word);
  if (tag != NameId::none)
    out += " " + std::string(f.text(tag));
  else if (digest != NameId::none)
    out += " " + std::string(f.text(digest));
  else if (upload != NameId::none)
    out += " " + std::string(f.text(upload));
  return out;
}

std::string who_of(const Facts& f, NameId agent, NameId client) {
  std::string out;
  const std::string_view name = f.text(agent);
  if (!name.empty()) out += std::string(name.substr(0, name.find(' ')));
  if (client != NameId::none)
    out += (out.empty() ? "from " : " from ") + std::string(f.text(client));
  return out;
}

std::string words_of(Code code) {
  std::string out(word_of(code));
  for (char& c : out) c = c == '_' ? ' ' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

std::string kind_words(EventKind kind) {
  std::string out(word_of(kind));
  for (char& c : out) c = c == '_' ? ' ' : c;
  return out;
}

}  // namespace

std::string describe(const Facts& f, const Event& e) {
  std::string out;
  if (e.method != Method::none) out += std::string(word_of(e.method)) + " ";
  out += what_of(f, e.route, e.repository, e.tag,
                 e.route == Route::upload && e.upload != NameId::none ? NameId::none : e.digest,
                 e.upload);
  const std::string_view detail = f.text(e.detail);
  if (e.kind == EventKind::request || e.kind == EventKind::echo) {
    out += fmt::format(" → {}", e.status);
    if (e.code != Code::none)
      out += " " + words_of(e.code);
    else if (e.written == 0 && e.method == Method::GET && e.status == 200)
      out += ", 0 bytes sent";
  } else {
    out += (out.empty() ? "" : ": ") + kind_words(e.kind);
  }
  if (!detail.empty() && detail != f.text(e.digest))
    out += fmt::format(" ({})", detail.substr(0, 120));
  const std::string who = who_of(f, e.agent, e.client);
  if (!who.empty()) out += ", " + who;
  return out;
}

std::string describe(const Facts& f, const Sight& s) {
  if (s.event) return describe(f, *s.event);
  const Touch& t = *s.touch;
  std::string out =
      fmt::format("{} {} → {}", word_of(t.method),
                  what_of(f, t.route, t.repository, t.tag, t.digest, NameId::none), t.status);
  if (t.method == Method::GET && t.written >= 0 && t.status == 200)
    out += fmt::format(", {} bytes sent", t.written);
  const std::string who = who_of(f, t.agent, t.client);
  if (!who.empty()) out += ", " + who;
  return out;
}

}  // namespace regtriage
