// Sources: distribution v2.8.3 context/http.go, context/logger.go, registry/handlers/app.go; v3.1.1
// internal/dcontext; GitLab container-registry v4.32 log/log.go and LabKit's access log
// (underscores, correlation_id).
#include "format/field_slots.h"

#include <algorithm>
#include <array>

#include "base/scan.h"
#include "base/text.h"
#include "base/time.h"

namespace regtriage {
namespace {

enum class Kind : std::uint8_t { text, time, level, status, written, duration, duration_ms };

struct Slot {
  std::string_view key;
  Kind kind = Kind::text;
  std::string_view Record::*text = nullptr;
};

// Sorted by length of key, so that a look-up compares with two or three candidates.
constexpr Slot kSlots[] = {
    {"uri", Kind::text, &Record::uri},
    {"msg", Kind::text, &Record::message},
    {"code", Kind::text, &Record::code},
    {"host", Kind::text, &Record::host},
    {"time", Kind::time},
    {"level", Kind::level},
    {"error", Kind::text, &Record::error},
    {"detail", Kind::text, &Record::error_detail},
    {"method", Kind::text, &Record::method},
    {"status", Kind::status},
    {"service", Kind::text, &Record::service},
    {"version", Kind::text, &Record::version},
    {"referer", Kind::text, &Record::referer},
    {"message", Kind::text, &Record::message},
    {"err.code", Kind::text, &Record::code},
    {"referrer", Kind::text, &Record::referer},
    {"vars.name", Kind::text, &Record::name},
    {"vars.uuid", Kind::text, &Record::uuid},
    {"vars_name", Kind::text, &Record::name},
    {"vars_uuid", Kind::text, &Record::uuid},
    {"err.detail", Kind::text, &Record::error_detail},
    {"@timestamp", Kind::time},
    {"user_agent", Kind::text, &Record::agent},
    {"vars.digest", Kind::text, &Record::digest},
    {"vars_digest", Kind::text, &Record::digest},
    {"access_time", Kind::time},
    {"err.message", Kind::text, &Record::error_message},
    {"instance.id", Kind::text, &Record::instance},
    {"instance_id", Kind::text, &Record::instance},
    {"remote_addr", Kind::text, &Record::remote},
    {"duration_ms", Kind::duration_ms},
    {"content_type", Kind::text, &Record::content_type},
    {"written_bytes", Kind::written},
    {"correlation_id", Kind::text, &Record::request_id},
    {"auth.user.name", Kind::text, &Record::user},
    {"auth_user_name", Kind::text, &Record::user},
    {"vars.reference", Kind::text, &Record::reference},
    {"vars_reference", Kind::text, &Record::reference},
    {"http.request.id", Kind::text, &Record::request_id},
    {"http.request.uri", Kind::text, &Record::uri},
    {"http.request.host", Kind::text, &Record::host},
    {"http.request.method", Kind::text, &Record::method},
    {"http.response.status", Kind::status},
    {"http.request.referer", Kind::text, &Record::referer},
    {"http.response.written", Kind::written},
    {"http.request.useragent", Kind::text, &Record::agent},
    {"http.response.duration", Kind::duration},
    {"http.request.remoteaddr", Kind::text, &Record::remote},
    {"http.request.contenttype", Kind::text, &Record::content_type},
};
constexpr std::size_t kLongestKey = std::end(kSlots)[-1].key.size();

// kFirst[n] is the first row with a key of n bytes or more.
constexpr auto kFirst = [] {
  std::array<std::uint8_t, kLongestKey + 2> first{};
  for (std::size_t n = 0; n < first.size(); ++n) {
    std::uint8_t row = 0;
    while (row < std::size(kSlots) && kSlots[row].key.size() < n) ++row;
    first[n] = row;
  }
  return first;
}();
static_assert(std::is_sorted(std::begin(kSlots), std::end(kSlots),
                             [](const Slot& a, const Slot& b) {
                               return a.key.size() < b.key.size();
                             }));

Slotted put_number(std::int64_t& slot, std::string_view value) {
  if (slot >= 0) return Slotted::repeated;
  slot = std::max<std::int64_t>(try_i64(value).value_or(-1), -1);
  return Slotted::taken;
}

Slotted put_duration(std::int64_t& slot, std::string_view value) {
  if (slot >= 0) return Slotted::repeated;
  slot = std::max<std::int64_t>(try_go_duration(value).value_or(-1), -1);
  return Slotted::taken;
}

Slotted put_milliseconds(std::int64_t& slot, std::string_view value) {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  if (slot >= 0) return Slotted::repeated;
  const std::int64_t ms = try_i64(value.substr(0, value.find('.'))).value_or(-1);
  slot = ms < 0 || ms > std::numeric_limits<std::int64_t>::max() / kNsPerMs ? -1 : ms * kNsPerMs;
  return Slotted::taken;
}

Slotted put(Record& record, const Slot& slot, std::string_view value) {
  switch (slot.kind) {
    case Kind::text: {
      std::string_view& text = record.*slot.text;
      if (text.data() != nullptr) return Slotted::repeated;
      text = value;
      return Slotted::taken;
    }
    case Kind::time:
      if (record.time_text.data() != nullptr) return Slotted::repeated;
      put_time(record, value);
      return Slotted::taken;
    case Kind::level:
      if (record.level != Level::none) return Slotted::repeated;
      put_level(record, value);
      return Slotted::taken;
    case Kind::status:
      return put_number(record.status, value);
    case Kind::written:
      return put_number(record.written, value);
    case Kind::duration:
      return put_duration(record.duration_ns, value);
    case Kind::duration_ms:
      return put_milliseconds(record.duration_ns, value);
  }
  return Slotted::unknown;
}

}  // namespace

Slotted put_in_slot(Record& record, std::string_view key, std::string_view value) {
  if (key.size() > kLongestKey) return Slotted::unknown;
  for (std::size_t row = kFirst[key.size()]; row < kFirst[key.size() + 1]; ++row)
    if (same_bytes(kSlots[row].key.data(), key.data(), key.size()))
      return put(record, kSlots[row], value);
  return Slotted::unknown;
}

void put_level(Record& record, std::string_view word) {
  if (word == "info")
    record.level = Level::info;
  else if (word == "error")
    record.level = Level::error;
  else
    record.level = try_level(word).value_or(Level::none);
}

void put_time(Record& record, std::string_view text) {
  constexpr std::size_t kLongestTime = 63;  // no time; its bytes are part of the payload anyway
  if (text.size() > kLongestTime) text = text.substr(0, 0);
  record.time_text = text;
  record.time = try_rfc3339(text).value_or(kNoTime);
  if (record.time == kNoTime) record.time = try_access_time(text).value_or(kNoTime);
}

}  // namespace regtriage
