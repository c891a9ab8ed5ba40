// logrus' logstash formatter: "@timestamp", "@version" and "message" where the JSON formatter has
// "time" and "msg". Source: bshuster-repo/logrus-logstash-hook logstash_formatter.go as vendored by
// distribution v2.8.3.
#include "base/scan.h"
#include "base/text.h"
#include "format/formats/formats.h"
#include "format/formats/json.h"
#include "format/json_keys.h"

namespace regtriage {

bool logstash_begins(std::string_view payload) {
  if (!json_begins(payload)) return false;
  const char* const end = payload.data() + payload.size();
  if (find_pair(payload.data(), end, '"', '@') == end) return false;  // most lines have no such key
  const JsonKeys keys = JsonKeys::of(payload);
  return keys.has(JsonKey::timestamp) && keys.has(JsonKey::version) &&
         contains(payload, "\"@timestamp\":\"");
}

Parsed parse_logstash(std::string_view payload, Scratch& scratch, Record& out) {
  return take_json_object(payload, Format::logstash, scratch, out) ? Parsed::record
                                                                   : Parsed::not_mine;
}

}  // namespace regtriage
