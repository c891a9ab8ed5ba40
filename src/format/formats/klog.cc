// What Kubernetes' programs and crictl print: a letter for the level, month and day, time, thread,
// file and line, then free text or, in newer ones, a quoted message and key="value" pairs.
//
//   E1125 00:19:03.974651     204 remote_image.go:171] "PullImage failed" err="…" image="REF"
//   W0501 09:00:00.000001       1 kubelet.go:12] a text without quotes
//
// Neither year nor zone: the record has no time of its own, only the text of it, which is part of
// its identity; the transport's time or a neighbour's counts. A line that breaks the pairs' grammar
// keeps the pairs before the break. Source: k8s.io/klog v2.80.1 klog.go formatHeader,
// internal/serialize/keyvalues.go.
#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/logfmt.h"
#include "format/unescape.h"

namespace regtriage {
namespace {

constexpr std::size_t kStampBytes = 20;  // "1125 00:19:03.974651"
constexpr std::size_t kHeadBytes = 120;  // bound of all up to "] "
constexpr std::string_view kShape = "dddd dd:dd:dd.dddddd";

bool digit(char c) { return c >= '0' && c <= '9'; }

Level level_of(char letter) {
  switch (letter) {
    case 'I':
      return Level::info;
    case 'W':
      return Level::warning;
    case 'E':
      return Level::error;
    default:
      return Level::fatal;
  }
}

bool has_stamp(std::string_view text) {
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == 'd' ? !digit(text[i]) : text[i] != kShape[i]) return false;
  return true;
}

// The decoded text of the quoted value at `at`, which then stands behind the closing quote; empty
// and npos if it never closes.
std::string_view take_quoted(std::string_view text, std::size_t& at, Scratch& scratch) {
  bool escaped = false, strict = true;
  const std::size_t end = end_of_quoted(text, at + 1, escaped);
  if (end == std::string_view::npos) {
    at = end;
    return {};
  }
  const std::string_view raw = text.substr(at + 1, end - at - 1);
  at = end + 1;
  return escaped ? unescaped(raw, scratch.room, strict) : raw;
}

void put_pair(std::string_view key, std::string_view value, Scratch& scratch, Record& out) {
  if (key == "err" && out.error.empty())
    out.error = value;
  else
    scratch.fields.push_back({key, value});
}

void take_pairs(std::string_view text, std::size_t at, Scratch& scratch, Record& out) {
  while (at < text.size() && text[at] == ' ') {
    const std::size_t key = key_length(text.substr(++at));
    if (key == 0) return;
    const std::string_view name = text.substr(at, key);
    at += key + 1;
    if (at < text.size() && text[at] == '"') {
      const std::string_view value = take_quoted(text, at, scratch);
      if (at == std::string_view::npos) return;
      put_pair(name, value, scratch, out);
    } else {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      put_pair(name, text.substr(at, end - at), scratch, out);
      at = end;
    }
  }
}

}  // namespace

bool klog_begins(std::string_view payload) {
  return payload.size() > kStampBytes + 2 && std::string_view("IWEF").find(payload[0]) < 4 &&
         digit(payload[1]) && payload[5] == ' ' && has_stamp(payload.substr(1));
}

Parsed parse_klog(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  const std::size_t close = payload.substr(0, kHeadBytes).find("] ");
  if (close == std::string_view::npos) return Parsed::not_mine;
  scratch.fields.clear();
  scratch.room.begin(payload.size());
  out.format = Format::klog;
  out.level = level_of(payload[0]);
  out.time_text = payload.substr(1, kStampBytes);
  out.message = payload.substr(close + 2);
  if (out.message.starts_with('"')) {
    const std::string_view text = out.message;
    std::size_t at = 0;
    const std::string_view message = take_quoted(text, at, scratch);
    if (at != std::string_view::npos) {
      out.message = message;
      take_pairs(text, at, scratch, out);
    }
  }
  out.fields = scratch.fields;
  return Parsed::record;
}

}  // namespace regtriage
