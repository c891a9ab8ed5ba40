// Streams that wait for more lines: parts of a split line (CRI's P, docker's pieces) and text
// records whose value goes on in the next line. Both end by themselves; what never ends is bounded
// in lines, in bytes and in number, closed as it is and counted.
#include <algorithm>

#include "base/text.h"
#include "ingest/line_judge.h"

namespace regtriage {
namespace {

constexpr std::size_t kMostStreams = 64;
constexpr std::uint32_t kPatience = 256;  // lines of the source
constexpr std::uint32_t kMostRecordLines = 64;
constexpr std::size_t kPadding = 128;  // readable bytes behind a text, as in a Block

bool waits(const OpenStream& stream) {
  return stream.parts.lines != 0 || stream.record.lines != 0 || stream.tail.lines != 0;
}

// The keys that follow err.detail in upstream's text lines (distribution registry/handlers/app.go,
// logError), behind the quote that closes it.
bool ends_a_record(std::string_view text) {
  return contains(text, "\" err.message=") || contains(text, "\" go.version=") ||
         contains(text, "\" http.request.");
}

void append(std::string& text, std::string_view more) {
  text.reserve(text.size() + more.size() + kPadding);
  text += more;
}

}  // namespace

LineJudge::Payload LineJudge::payload_of(const Gathered& gathered, const OpenStream& stream) {
  Payload payload{gathered.text,  stream.instance, stream.key,     gathered.at,
                  gathered.bytes, gathered.over,   gathered.lines, gathered.time};
  payload.yearless = gathered.yearless;
  return payload;
}

OpenStream* LineJudge::try_find(std::uint64_t stream) {
  auto& streams = carry_->streams;
  const auto at =
      std::lower_bound(streams.begin(), streams.end(), stream,
                       [](const OpenStream& one, std::uint64_t key) { return one.key < key; });
  return at != streams.end() && at->key == stream ? &*at : nullptr;
}

OpenStream& LineJudge::open_stream(const Payload& payload) {
  if (OpenStream* const known = try_find(payload.stream)) return *known;
  auto& streams = carry_->streams;
  const auto at =
      std::lower_bound(streams.begin(), streams.end(), payload.stream,
                       [](const OpenStream& one, std::uint64_t key) { return one.key < key; });
  OpenStream& fresh = *streams.insert(at, OpenStream{});
  fresh.key = payload.stream;
  fresh.instance = payload.instance;
  fresh.last_line = payload.at.line;
  return fresh;
}

// Takes the payload's text as far as the limit allows.
void LineJudge::gather(Gathered& into, const Payload& payload) const {
  if (into.lines == 0) {
    into.at = payload.at;
    into.time = payload.time;
    into.yearless = payload.yearless;
  }
  const std::size_t room =
      settings_.max_line_bytes - std::min(settings_.max_line_bytes, into.text.size());
  const std::string_view fits = payload.text.substr(0, room);
  append(into.text, fits);
  into.bytes += payload.bytes;
  into.over += payload.over + (payload.text.size() - fits.size());
  into.lines += payload.lines;
  into.last_time = payload.time;
}

void LineJudge::judge_beside_open_streams(const Payload& payload, Envelope::Part part) {
  // Newest first (`tac`, some exporters): the parts that wait belong to another line.
  OpenStream* stream = try_find(payload.stream);
  const bool backwards = stream != nullptr && stream->parts.lines != 0 && payload.time != kNoTime &&
                         payload.time < stream->parts.last_time;
  if (backwards) close_parts(payload.stream);
  if (part == Envelope::Part::partial) {
    OpenStream& waiting = open_stream(payload);
    waiting.last_line = payload.at.line;
    gather(waiting.parts, payload);
    return bound_open_streams();
  }
  stream = try_find(payload.stream);
  if (stream == nullptr || stream->parts.lines == 0) {
    judge_or_continue(payload);
  } else {
    gather(stream->parts, payload);
    const OpenStream whole{stream->key, stream->instance, std::move(stream->parts), {}, {}, 0};
    stream->parts = Gathered{};
    judge_or_continue(payload_of(whole.parts, whole));
  }
  drop_idle_streams();
}

void LineJudge::judge_or_continue(const Payload& payload) {
  OpenStream* const stream = try_find(payload.stream);
  if (stream != nullptr && stream->record.lines != 0) {
    if (continue_record(*stream, payload)) return;
    close_record(payload.stream);
  }
  if (stream != nullptr && stream->tail.lines != 0) {
    if (complete_tail(*stream, payload)) return;
    close_tail(payload.stream);
  }
  judge_payload(payload);
}

// False: the payload is no part of the record that waits.
bool LineJudge::continue_record(OpenStream& stream, const Payload& payload) {
  Gathered& record = stream.record;
  const std::size_t before = record.text.size();
  const Joins joins = joins_record(record.text, payload.text);
  const bool another =
      joins == Joins::no || (joins == Joins::unless_it_begins && starts_record(payload.text));
  if (record.lines >= kMostRecordLines || payload.over != 0 || another ||
      before + 1 + payload.text.size() > settings_.max_line_bytes)
    return false;
  append(record.text, "\n");
  append(record.text, payload.text);
  const Parsed parsed = parser_.parse(record.text, record_);
  if (parsed == Parsed::not_mine) {
    record.text.resize(before);
    return false;
  }
  record.bytes += payload.bytes;
  record.lines += payload.lines;
  stream.last_line = payload.at.line;
  if (parsed == Parsed::record) {
    keep(payload_of(record, stream));
    record = Gathered{};
  }
  return true;
}

// Newest first, a record over several lines begins with its end. In any other order the transport's
// time does not run backwards, so the end is only kept for the next line.
bool LineJudge::keep_as_tail(const Payload& payload) {
  if (payload.orphan || payload.over != 0 || payload.time == kNoTime ||
      !ends_a_record(payload.text))
    return false;
  OpenStream& stream = open_stream(payload);
  stream.last_line = payload.at.line;
  gather(stream.tail, payload);
  bound_open_streams();
  return true;
}

// False: the payload does not stand before the tail.
bool LineJudge::complete_tail(OpenStream& stream, const Payload& payload) {
  Gathered& tail = stream.tail;
  if (payload.over != 0 || payload.time == kNoTime || payload.time >= tail.last_time ||
      tail.lines >= kMostRecordLines ||
      payload.text.size() + 1 + tail.text.size() > settings_.max_line_bytes)
    return false;
  const Parsed alone = parser_.parse(payload.text, record_);
  if (alone == Parsed::record || (alone == Parsed::not_mine && starts_record(payload.text)))
    return false;
  std::string text;
  append(text, payload.text);
  append(text, "\n");
  append(text, tail.text);
  tail.text = std::move(text);
  tail.at = payload.at;
  tail.bytes += payload.bytes;
  tail.lines += payload.lines;
  tail.time = tail.last_time = payload.time;
  stream.last_line = payload.at.line;
  if (alone == Parsed::not_mine) return true;
  const OpenStream whole{stream.key, stream.instance, {}, {}, std::move(tail), 0};
  tail = Gathered{};
  const Payload joined = payload_of(whole.tail, whole);
  if (parser_.parse(joined.text, record_) == Parsed::not_mine) {
    refuse(Reject::not_understood, joined);
  } else {
    keep(joined);
  }
  return true;
}

void LineJudge::close_tail(std::uint64_t key) {
  OpenStream* const stream = try_find(key);
  if (stream == nullptr || stream->tail.lines == 0) return;
  const OpenStream whole{stream->key, stream->instance, {}, {}, std::move(stream->tail), 0};
  stream->tail = Gathered{};
  refuse(Reject::not_understood, payload_of(whole.tail, whole));
}

void LineJudge::close_parts(std::uint64_t key) {
  OpenStream* const stream = try_find(key);
  if (stream == nullptr || stream->parts.lines == 0) return;
  const OpenStream whole{stream->key, stream->instance, std::move(stream->parts), {}, {}, 0};
  stream->parts = Gathered{};
  Payload payload = payload_of(whole.parts, whole);
  payload.orphan = true;
  judge_or_continue(payload);
}

// A record that is not closed means what stands there.
void LineJudge::close_record(std::uint64_t key) {
  OpenStream* const stream = try_find(key);
  if (stream == nullptr || stream->record.lines == 0) return;
  const OpenStream whole{stream->key, stream->instance, {}, std::move(stream->record), {}, 0};
  stream->record = Gathered{};
  const Payload payload = payload_of(whole.record, whole);
  if (parser_.parse(payload.text, record_) == Parsed::not_mine)
    return refuse(Reject::orphan_part, payload);
  keep(payload);
}

void LineJudge::close_stream(std::uint64_t key) {
  close_parts(key);
  close_record(key);
  close_tail(key);
  drop_idle_streams();
}

void LineJudge::close_overdue(std::uint32_t line) {
  const auto& streams = carry_->streams;
  for (std::size_t i = 0; i < streams.size();) {
    if (line - streams[i].last_line < kPatience) {
      ++i;
    } else {
      close_stream(streams[i].key);
    }
  }
}

void LineJudge::drop_idle_streams() {
  std::erase_if(carry_->streams, [](const OpenStream& stream) { return !waits(stream); });
}

void LineJudge::bound_open_streams() {
  const auto& streams = carry_->streams;
  const auto bytes = [&streams] {
    std::size_t sum = 0;
    for (const OpenStream& one : streams)
      sum += one.parts.text.size() + one.record.text.size() + one.tail.text.size();
    return sum;
  };
  while (streams.size() > kMostStreams || bytes() > 2 * settings_.max_line_bytes) {
    const auto oldest = std::min_element(
        streams.begin(), streams.end(),
        [](const OpenStream& a, const OpenStream& b) { return a.last_line < b.last_line; });
    close_stream(oldest->key);
  }
}

void LineJudge::close(Carry& carry, JudgedLines& out) {
  carry_ = &carry;
  out_ = &out;
  close_wrapped();
  while (!carry.streams.empty()) close_stream(carry.streams.front().key);
}

}  // namespace regtriage
