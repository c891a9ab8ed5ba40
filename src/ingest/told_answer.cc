#include "ingest/told_answer.h"

#include <algorithm>
#include <cstring>

#include "base/scan.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestUri = 1024;
constexpr std::size_t kLongestHost = 64;
constexpr std::size_t kTimeBytes = 26;  // "24/Nov/2026:23:12:28 +0000"
constexpr std::size_t kLongestMethod = 16;
constexpr std::string_view kBetween = " - - [", kRequest = "] \"", kHttp = " HTTP/";

// Two lines are paired by what their paths name (facts/pairing.h: path_subject). An error's text
// may name something else, and then the draft does, too: only a draft that says what its path says.
bool says_what_its_path_says(const EventDraft& draft, std::string_view uri) {
  uri.remove_prefix(std::min(uri.size(), std::string_view("/v2/").size()));
  const std::string_view path = uri.substr(0, uri.find('?'));
  if (draft.repository.empty() || !path.starts_with(draft.repository)) return false;
  switch (draft.route) {
    case Route::blob:
      return path.ends_with(draft.digest);
    case Route::manifest:
      return path.ends_with(!draft.tag.empty()        ? draft.tag
                            : !draft.manifest.empty() ? draft.manifest
                                                      : draft.digest);
    case Route::upload:
      return path.ends_with(draft.upload);
    case Route::uploads:
      return draft.code == Code::none;  // the digest is in the query
    default:
      return false;
  }
}

bool has_escapes(std::string_view text) {
  const char* const end = text.data() + text.size();
  return find_either(text.data(), end, '"', '\\') != end;
}

}  // namespace

// The end of a uri tells most apart (a digest, a tag, an upload's state), the place before it the
// rest. Whoever makes them meet only makes his own lines slower.
std::size_t ToldAnswer::place_of(std::string_view uri) {
  std::uint64_t end = 0, before = 0;
  if (uri.size() >= 2 * sizeof end) {
    std::memcpy(&end, uri.data() + uri.size() - sizeof end, sizeof end);
    std::memcpy(&before, uri.data() + uri.size() - 2 * sizeof end, sizeof before);
  }
  return static_cast<std::size_t>((end ^ before * 3 ^ uri.size()) * 0x9e3779b97f4a7c15ULL >> 58);
}

void ToldAnswer::forget() {
  for (Answer& answer : answers_) answer.uri.clear();
}

void ToldAnswer::remember(const Record& record, const EventDraft& draft) {
  if (record.format == Format::access) return;
  if (draft.kind != EventKind::request || draft.origin != Origin::app || record.status < 100 ||
      record.status > 999 || record.status != draft.status || record.uri.size() > kLongestUri ||
      !record.uri.starts_with("/v2/") || !says_what_its_path_says(draft, record.uri))
    return;
  last_ = place_of(record.uri);
  Answer& answer = answers_[last_];
  answer.uri.assign(record.uri);
  answer.method.assign(record.method);
  answer.status = record.status;
  answer.blob_read =
      draft.route == Route::blob && draft.method == Method::GET && record.status < 400;
  answer.sent = record.written > 0;
  answer.end = draft.time;
  answer.start = draft.time - std::max<std::int64_t>(record.duration_ns, 0) / 1000 * 1000;
  answer.has_escapes = draft.method == Method::none || has_escapes(answer.uri);
}

bool ToldAnswer::is_told_by(const Record& access) const {
  if (access.format != Format::access || access.uri.empty() || access.time == kNoTime) return false;
  const Answer& answer = answers_[place_of(access.uri)];
  return answer.is_of(access.method, access.uri, access.status) &&
         answer.fits(access.written > 0, access.time);
}

bool ToldAnswer::is_told_by_line(std::string_view line, TimeNs& time) {
  // A host of these letters begins no other format.
  const char* const end = line.data() + line.size();
  const auto host =
      static_cast<std::size_t>(scan::end_of<scan::KeyBytes>(line.data(), end) - line.data());
  if (host == 0 || host > kLongestHost || !line.substr(host).starts_with(kBetween)) return false;
  line.remove_prefix(host + kBetween.size());
  if (line.size() < kTimeBytes) return false;
  const std::string_view second = line.substr(0, kTimeBytes);
  line.remove_prefix(kTimeBytes);
  if (!line.starts_with(kRequest)) return false;
  line.remove_prefix(kRequest.size());
  const std::string_view method = line.substr(0, line.find(' '));
  if (method.size() > kLongestMethod || method.size() == line.size()) return false;
  line.remove_prefix(method.size() + 1);
  const auto uri_end = static_cast<std::size_t>(find_byte(line.data(), end, ' ') - line.data());
  const std::string_view uri = line.substr(0, uri_end);
  line.remove_prefix(uri_end);
  // Behind the uri: HTTP/1.1" status …
  constexpr std::size_t kBehind = kHttp.size() + 3 + 2 + 3 + 1;
  if (line.size() < kBehind || !line.starts_with(kHttp)) return false;
  const std::string_view rest = line.substr(kHttp.size());
  const bool proto = rest[0] >= '1' && rest[0] <= '9' && rest[1] == '.' && rest[2] >= '0' &&
                     rest[2] <= '9' && rest[3] == '"' && rest[4] == ' ';
  const std::int64_t status = (rest[5] - '0') * 100 + (rest[6] - '0') * 10 + (rest[7] - '0');
  const bool digits = rest[5] >= '1' && rest[5] <= '9' && rest[6] >= '0' && rest[6] <= '9' &&
                      rest[7] >= '0' && rest[7] <= '9' && rest[8] == ' ';
  if (!proto || !digits) return false;
  const Answer* answer = &answers_[last_];
  if (answer->uri != uri) answer = &answers_[place_of(uri)];
  if (uri.empty() || answer->has_escapes || !answer->is_of(method, uri, status)) return false;
  const std::string_view size = rest.substr(9);  // "0 …", "248 …", "- …"
  const bool sent = !size.empty() && size[0] >= '1' && size[0] <= '9';
  if (second != second_text_) {
    second_text_.assign(second);
    second_ = try_access_time(second).value_or(kNoTime);
  }
  time = second_;
  return time != kNoTime && answer->fits(sent, time);
}

}  // namespace regtriage
