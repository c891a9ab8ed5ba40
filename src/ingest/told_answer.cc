#include "ingest/told_answer.h"

#include <algorithm>

#include "base/scan.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestUri = 1024;
constexpr std::size_t kLongestHost = 64;
constexpr std::size_t kTimeBytes = 26;  // "24/Nov/2026:23:12:28 +0000"
constexpr std::string_view kBetween = " - - [";

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

void ToldAnswer::remember(const Record& record, const EventDraft& draft) {
  if (record.format == Format::access) return;
  forget();
  if (draft.kind != EventKind::request || draft.origin != Origin::app || record.status < 100 ||
      record.status > 999 || record.status != draft.status || record.uri.size() > kLongestUri ||
      !record.uri.starts_with("/v2/") || !says_what_its_path_says(draft, record.uri))
    return;
  uri_.assign(record.uri);
  method_.assign(record.method);
  status_ = record.status;
  blob_read_ = draft.route == Route::blob && draft.method == Method::GET && record.status < 400;
  sent_ = record.written > 0;
  end_ = draft.time;
  start_ = draft.time - std::max<std::int64_t>(record.duration_ns, 0) / 1000 * 1000;
  request_.clear();
  if (draft.method == Method::none || has_escapes(uri_)) return;
  request_.append("] \"").append(method_).append(" ").append(uri_).append(" HTTP/");
}

bool ToldAnswer::is_told_by(const Record& access) const {
  return access.format == Format::access && !uri_.empty() && access.uri == uri_ &&
         access.method == method_ && access.status == status_ && access.time != kNoTime &&
         (!blob_read_ || (access.written > 0) == sent_) && is_its_time(access.time);
}

bool ToldAnswer::is_told_by_line(std::string_view line, TimeNs& time) {
  if (uri_.empty() || request_.empty()) return false;
  // A host of these letters begins no other format.
  const char* const end = line.data() + line.size();
  const auto host =
      static_cast<std::size_t>(scan::end_of<scan::KeyBytes>(line.data(), end) - line.data());
  if (host == 0 || host > kLongestHost || !line.substr(host).starts_with(kBetween)) return false;
  line.remove_prefix(host + kBetween.size());
  // Behind the request: "1.1" status …
  constexpr std::size_t kProto = 3, kStatus = 3;
  const std::size_t least = kTimeBytes + request_.size() + kProto + 2 + kStatus + 1;
  if (line.size() < least || !line.substr(kTimeBytes).starts_with(request_)) return false;
  const std::string_view rest = line.substr(kTimeBytes + request_.size());
  const bool proto = rest[0] >= '1' && rest[0] <= '9' && rest[1] == '.' && rest[2] >= '0' &&
                     rest[2] <= '9' && rest[3] == '"' && rest[4] == ' ';
  const std::int64_t status = (rest[5] - '0') * 100 + (rest[6] - '0') * 10 + (rest[7] - '0');
  const bool digits = rest[5] >= '1' && rest[5] <= '9' && rest[6] >= '0' && rest[6] <= '9' &&
                      rest[7] >= '0' && rest[7] <= '9' && rest[8] == ' ';
  if (!proto || !digits || status != status_) return false;
  const std::string_view size = rest.substr(9);  // "0 …", "248 …", "- …"
  const bool sent = !size.empty() && size[0] >= '1' && size[0] <= '9';
  if (blob_read_ && sent != sent_) return false;
  const std::string_view second = line.substr(0, kTimeBytes);
  if (second != second_text_) {
    second_text_.assign(second);
    second_ = try_access_time(second).value_or(kNoTime);
  }
  time = second_;
  return time != kNoTime && is_its_time(time);
}

}  // namespace regtriage
