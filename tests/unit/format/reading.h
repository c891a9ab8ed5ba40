// Reads text as ingest does it (parts and open records are joined per instance and stream) and
// shows records as JSON lines.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "format/format.h"

namespace regtriage::testing {

struct ReadLine {
  std::string payload;   // of the whole record
  std::string shown;     // the record
  std::string envelope;  // what the envelope said
  Parsed parsed = Parsed::not_mine;
};

inline void show_text(JsonWriter& json, std::string_view name, std::string_view text) {
  if (!text.empty()) json.field(name, text);
}

inline void show_number(JsonWriter& json, std::string_view name, std::int64_t number) {
  if (number >= 0) json.field(name, number);
}

inline void show_slots(JsonWriter& json, const Record& r) {
  show_text(json, "message", r.message);
  show_text(json, "request_id", r.request_id);
  show_text(json, "method", r.method);
  show_text(json, "host", r.host);
  show_text(json, "uri", r.uri);
  show_text(json, "remote", r.remote);
  show_text(json, "agent", r.agent);
  show_text(json, "content_type", r.content_type);
  show_text(json, "referer", r.referer);
  show_text(json, "name", r.name);
  show_text(json, "reference", r.reference);
  show_text(json, "digest", r.digest);
  show_text(json, "uuid", r.uuid);
  show_text(json, "user", r.user);
  show_text(json, "instance", r.instance);
  show_text(json, "service", r.service);
  show_text(json, "version", r.version);
  show_text(json, "code", r.code);
  show_text(json, "error_message", r.error_message);
  show_text(json, "error_detail", r.error_detail);
  show_text(json, "error", r.error);
}

inline std::string shown(const Record& r) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("format", word_of(r.format));
  show_text(json, "level", r.level == Level::none ? "" : word_of(r.level));
  show_text(json, "time", rfc3339_of(r.time));
  show_text(json, "time_text", r.time_text);
  show_number(json, "relative_s", r.relative_s);
  show_slots(json, r);
  show_number(json, "status", r.status);
  show_number(json, "written", r.written);
  if (r.duration_ns >= 0) show_number(json, "duration_us", r.duration_ns / 1000);
  if (r.suspicious) json.field("suspicious", true);
  if (!r.fields.empty()) {
    json.key("fields").begin_object();
    for (const Field& field : r.fields) json.field(field.key, field.value);
    json.end_object();
  }
  json.end_object();
  return out;
}

inline std::string shown(const Envelope& e) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  show_text(json, "instance", e.instance);
  show_text(json, "stream", e.stream);
  show_text(json, "time", rfc3339_of(e.time));
  json.field("payload", e.payload).end_object();
  return out;
}

class Reading {
 public:
  Reading() { peeler_.set_options({2026, 0}); }

  std::vector<ReadLine> read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      take(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    for (auto& [name, stream] : streams_)
      if (!stream.open.empty()) finish(stream.open, stream.envelope);
    return std::move(lines_);
  }

  std::uint32_t seen() const { return peeler_.seen(); }

 private:
  struct Stream {
    std::string part, open, envelope;
  };

  void take(std::string_view line) {
    Envelope envelope;
    if (!peeler_.peel(line, envelope)) {
      lines_.push_back({"", "", "missing", Parsed::not_mine});
      return;
    }
    Stream& stream = streams_[std::string(envelope.instance) + "/" + std::string(envelope.stream)];
    stream.part += envelope.payload;
    if (envelope.part == Envelope::Part::partial) return;
    std::string payload = std::move(stream.part);
    stream.part.clear();
    envelope.payload = payload;
    std::string told = shown(envelope);
    if (!stream.open.empty()) {
      const std::string before = std::move(stream.open);
      stream.open.clear();
      if (starts_record(payload))
        finish(before, stream.envelope);
      else
        payload = before + "\n" + payload;
    }
    Record record;
    if (parser_.parse(payload, record) == Parsed::open) {
      stream.open = payload;
      stream.envelope = told;
      return;
    }
    finish(payload, told);
  }

  void finish(const std::string& payload, const std::string& envelope) {
    Record record;
    const Parsed parsed = parser_.parse(payload, record);
    lines_.push_back({payload, shown(record), envelope, parsed});
  }

  EnvelopePeeler peeler_;
  RecordParser parser_;
  std::map<std::string, Stream> streams_;
  std::vector<ReadLine> lines_;
};

// One payload, parsed; "" if no format claims it.
inline std::string record_of(std::string_view payload) {
  RecordParser parser;
  Record record;
  return parser.parse(payload, record) == Parsed::not_mine ? "" : shown(record);
}

}  // namespace regtriage::testing
