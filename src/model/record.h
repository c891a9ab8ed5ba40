// One log record, envelope gone. Borrowed: every view is valid only until the next line is parsed.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"
#include "model/words.h"

namespace regtriage {

// What a transport put around a line. Borrowed.
struct Envelope {
  std::string_view payload;  // what the program printed, without line end
  std::string_view
      instance;             // pod or container that printed it; empty if the transport does not say
  std::string_view stream;  // "stdout", "stderr" or empty
  TimeNs time = kNoTime;    // the transport's time; counts only if the payload has none of its own
  enum class Part : std::uint8_t {
    whole,
    partial,
    last
  } part = Part::whole;  // partial: the next one of this stream goes on
};

struct Field {
  std::string_view key, value;  // value decoded (quotes and escapes gone)
};

// The formats, in the words of the report's input section.
enum class Format : std::uint8_t {
  none,    // not understood
  logfmt,  // logrus text, both grammars
  tty,     // logrus on a terminal: relative times
  json,    // logrus JSON
  logstash,
  access,   // combined or common access log
  go_log,   // Go's own logger: "2026/11/24 23:24:15 text"
  plain,    // output without time or level (garbage-collect)
  webhook,  // notification envelopes
  harbor,   // Harbor's core, jobservice, registryctl and job logs
  postgresql,
  klog,         // kubelet and its tools
  quay,         // Python's logging behind supervisor's prefix
  nexus,        // nexus.log
  artifactory,  // request and server logs
  gitea,
  inventory,  // listings, key dumps, tables
  config,     // configuration files
  text,       // none of these; only a rule of patterns/ says what it means
  count_
};
std::string_view word_of(Format);

// Known fields of a registry's records in slots, so that rules and facts need no look-up; absent =
// empty view, -1 or kNoTime. Keys of other spellings (GitLab's underscores) land in the same slots.
// What has no slot is in `fields`.
struct Record {
  Format format = Format::none;
  Level level = Level::none;
  TimeNs time = kNoTime;
  std::string_view time_text;    // as printed: part of the identity
  std::int64_t relative_s = -1;  // tty: seconds since the program's start
  std::string_view message;

  std::string_view request_id, method, host, uri, remote, agent, content_type, referer;
  std::string_view name, reference, digest, uuid;  // vars.*
  std::string_view user, instance, service, version;
  std::string_view code, error_message, error_detail,
      error;  // err.code err.message err.detail error
  std::int64_t status = -1, written = -1, duration_ns = -1;
  bool suspicious = false;  // keys out of order: a value may have forged pairs
  // The slots of an answer (code, status, method, uri, name, reference, digest) were read from a
  // sentence, not from fields: somebody tells of an answer that another program gave.
  bool is_spoken = false;

  std::span<const Field> fields;
};

}  // namespace regtriage
