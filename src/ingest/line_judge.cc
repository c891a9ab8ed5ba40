#include "ingest/line_judge.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "base/text.h"
#include "classify/rule_set.h"
#include "ingest/hard_wrap.h"

namespace regtriage {
namespace {

// RFC 3164 times, as rsyslog's traditional format and journalctl's short one print them.
std::uint32_t yearless_envelopes() {
  std::uint32_t set = 0;
  for (unsigned i = 0; i < 32 && !envelope_word(i).empty(); ++i) {
    const std::string_view word = envelope_word(i);
    if (word == "syslog" || word == "rfc3164" || word == "journal-short") set |= 1U << i;
  }
  return set;
}

constexpr std::size_t kPadding = 128;  // readable bytes behind a text, as in a Block

std::size_t leading_nuls(std::string_view text) {
  return std::min(text.find_first_not_of('\0'), text.size());
}

// A log that runs over New Year: `time` was read with one year for all lines. Of the same day in
// the years around it, the one within half a year of `near`.
TimeNs in_nearest_year(TimeNs time, TimeNs near) {
  constexpr TimeNs kHalfYear = TimeNs{183} * 24 * kHour;
  if (time == kNoTime || near == kNoTime) return time;
  const int step = near - time > kHalfYear ? 1 : time - near > kHalfYear ? -1 : 0;
  if (step == 0) return time;
  const std::string text = rfc3339_of(time);
  const auto month = static_cast<unsigned>(try_u64(text.substr(5, 2)).value_or(1));
  const auto day = static_cast<unsigned>(try_u64(text.substr(8, 2)).value_or(1));
  const int year = year_of(time);
  return time + (days_of(year + step, month, day) - days_of(year, month, day)) * 24 * kHour;
}

// Formats whose times say their zone.
bool prints_zone(Format format) {
  return format == Format::logfmt || format == Format::json || format == Format::access ||
         format == Format::harbor;
}

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

LineJudge::LineJudge(const Classifier& classifier)
    : classifier_(classifier), yearless_(yearless_envelopes()) {}

void LineJudge::begin_source(const SourceSettings& settings) {
  settings_ = settings;
  peeler_.set_options({settings.year, settings.zone_offset_s});
}

void LineJudge::judge(const Block& block, std::size_t begin, std::size_t end, std::uint32_t line,
                      Carry& carry, JudgedLines& out) {
  carry_ = &carry;
  out_ = &out;
  answer_.forget();
  const std::string_view text = block.text();
  std::uint64_t hole = begin == 0 ? block.nuls : 0;
  Position at{block.offset + block.nuls + begin, line, settings_.source};
  while (begin < end || hole != 0) {
    const auto* const lf = static_cast<const char*>(
        begin < end ? std::memchr(text.data() + begin, '\n', end - begin) : nullptr);
    const std::size_t stop = lf == nullptr ? end : static_cast<std::size_t>(lf - text.data());
    const std::size_t behind = lf == nullptr ? end : stop + 1;
    const std::uint64_t skipped = lf == nullptr ? block.skipped : 0;
    const std::uint64_t bytes = behind - begin + skipped;
    std::string_view content = text.substr(begin, stop - begin);
    ++out.tally.lines;
    out.tally.bytes += hole + bytes;
    const std::size_t nuls = content.empty() || content[0] != '\0' ? 0 : leading_nuls(content);
    if (hole + nuls != 0) {
      Position from = at;
      from.offset -= hole;
      out.tally.reject(Reject::binary, from, hole + nuls, std::string_view("\0\0\0\0", 4));
      content.remove_prefix(nuls);
    }
    if (lf != nullptr || !block.cut) {
      const Position from{at.offset + nuls, at.line, at.source};
      if (settings_.wrap == 0)
        judge_line(content, from, bytes - nuls, skipped);
      else
        judge_wrapped(content, from, bytes - nuls, skipped);
    }
    at.offset += bytes;
    ++at.line;
    begin = behind;
    hole = 0;
  }
}

// `bytes` is all of the line with its end, of which `skipped` are not in `line`.
void LineJudge::judge_line(std::string_view line, Position at, std::uint64_t bytes,
                           std::uint64_t skipped, std::uint32_t lines) {
  if (!carry_->streams.empty()) close_overdue(at.line);
  if (!line.empty() && line.back() == '\r' && skipped == 0) line.remove_suffix(1);
  std::uint64_t over = skipped;
  if (line.size() > settings_.max_line_bytes) {
    line = line.substr(0, settings_.max_line_bytes);
    over = bytes - line.size();
  }
  if (at.offset == 0 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  if (judge_pieces(line, at, bytes, over)) return;
  if (over == 0 && judge_below_heading(line, at, bytes)) return;
  peeler_.clear_seen();
  const bool peeled = peeler_.peel(line, envelope_);
  const std::uint32_t seen = peeler_.seen();
  out_->tally.envelopes |= seen;
  Payload payload{envelope_.payload, envelope_.instance, 0, at, bytes, over, lines, envelope_.time};
  payload.yearless = (seen & yearless_) != 0;
  if (payload.yearless) payload.time = in_nearest_year(payload.time, settings_.near);
  if (!peeled) {
    payload.text = line;
    return refuse(Reject::bad_envelope, payload);
  }
  payload.stream = stream_of(envelope_);
  const bool alone = carry_->streams.empty() && envelope_.part != Envelope::Part::partial;
  if (alone) return judge_payload(payload);
  judge_beside_open_streams(payload, envelope_.part);
}

std::size_t LineJudge::wrap_width(std::string_view head) {
  peeler_.set_options({});
  return wrap_width_of(head, peeler_);
}

// A full line waits for its rest. What begins a record is nobody's rest.
void LineJudge::judge_wrapped(std::string_view line, Position at, std::uint64_t bytes,
                              std::uint64_t skipped) {
  if (line.ends_with('\r') && skipped == 0) line.remove_suffix(1);
  Gathered& waiting = carry_->wrapped;
  if (waiting.lines != 0 && (line.empty() || surely_begins(line, peeler_))) close_wrapped();
  const bool full = skipped == 0 && is_full(line, settings_.wrap);
  if (!full && waiting.lines == 0) return judge_line(line, at, bytes, skipped);
  if (waiting.lines == 0) waiting.at = at;
  const std::size_t room =
      settings_.max_line_bytes - std::min(settings_.max_line_bytes, waiting.text.size());
  const std::string_view fits = line.substr(0, room);
  waiting.text.reserve(waiting.text.size() + fits.size() + kPadding);
  waiting.text += fits;
  waiting.bytes += bytes;
  waiting.over += skipped + (line.size() - fits.size());
  ++waiting.lines;
  if (!full) close_wrapped();
}

void LineJudge::close_wrapped() {
  if (carry_->wrapped.lines == 0) return;
  const Gathered whole = std::exchange(carry_->wrapped, Gathered{});
  judge_line(whole.text, whole.at, whole.bytes, whole.over, whole.lines);
}

// Of a listing in one line each object is an entry; they all stand in that line.
bool LineJudge::judge_pieces(std::string_view line, Position at, std::uint64_t bytes,
                             std::uint64_t over) {
  if (!carry_->streams.empty()) return false;
  std::size_t piece = piece_of_listing(line, carry_->heading);
  if (piece == line.size()) return false;
  for (std::uint32_t lines = 1; !line.empty(); lines = 0) {
    const bool last = piece == line.size();
    Payload payload{line.substr(0, piece), {}, 0, at, last ? bytes : piece, last ? over : 0, lines};
    if (parser_.parse_below(payload.text, carry_->heading, record_))
      keep(payload);
    else
      refuse(Reject::not_understood, payload);
    line.remove_prefix(piece);
    at.offset += piece;
    bytes -= payload.bytes;
    piece = piece_of_listing(line, carry_->heading);
  }
  return true;
}

// A table's row or a section's key may look like anything: headings go before envelopes.
bool LineJudge::judge_below_heading(std::string_view line, Position at, std::uint64_t bytes) {
  if (!carry_->streams.empty()) {
    if (!heads_listing(line)) return false;
    while (!carry_->streams.empty()) close_stream(carry_->streams.front().key);
  }
  if (line.empty() && !carry_->heading.waits_for_blank()) return false;
  if (!parser_.parse_below(line, carry_->heading, record_)) return false;
  keep(Payload{line, {}, 0, at, bytes});
  return true;
}

std::uint64_t LineJudge::stream_of(const Envelope& envelope) {
  if (envelope.instance != last_instance_ || envelope.stream != last_stream_name_) {
    last_instance_ = envelope.instance;
    last_stream_name_ = envelope.stream;
    last_stream_ = last_instance_.empty() && last_stream_name_.empty()
                       ? 0
                       : hash_of(last_instance_, last_stream_name_).lo;
  }
  return last_stream_;
}

void LineJudge::judge_payload(const Payload& payload) {
  if (payload.text.empty() && payload.over == 0) {
    out_->tally.ignored += payload.bytes;
    return;
  }
  if (TimeNs time = kNoTime;
      payload.over == 0 && !settings_.keep_all && answer_.is_told_by_line(payload.text, time))
    return account_told(payload, time);
  if (pass_over(payload)) return;
  switch (parser_.parse(payload.text, record_)) {
    case Parsed::record:
      return keep(payload);
    case Parsed::open:
      if (payload.over != 0) return keep(payload);
      gather(open_stream(payload).record, payload);
      return bound_open_streams();
    case Parsed::not_mine:
      if (payload.over == 0 && !payload.orphan && classifier_.explains(record_))
        return keep(payload);
      if (keep_as_tail(payload)) return;
      return refuse(payload.orphan ? Reject::orphan_part : Reject::not_understood, payload);
  }
}

void LineJudge::refuse(Reject reason, const Payload& payload) {
  if (settings_.census && reason == Reject::not_understood)
    out_->census.unmatched(Format::none, Level::none, payload.text, payload.text, payload.at);
  out_->tally.reject(reason, payload.at, payload.bytes - payload.over, payload.text);
  if (payload.over != 0)
    out_->tally.reject(Reject::too_long, payload.at, payload.over, payload.text);
}

// The record's time is the payload's; else the transport's, which then belongs to the identity.
void LineJudge::keep(const Payload& payload) {
  const std::string_view instance =
      payload.instance.empty() ? std::string_view(settings_.instance) : payload.instance;
  if (payload.over == 0 && !settings_.keep_all && answer_.is_told_by(record_))
    return account_told(payload, record_.time);
  classifier_.classify(record_, payload.text, instance, scratch_, draft_);
  if (settings_.census) count_kept(payload);
  if (draft_.origin == Origin::inventory || take_dry_run(payload)) return keep_listed(payload);
  if (!carry_->heading.empty() && (draft_.kind != EventKind::none || draft_.time != kNoTime))
    carry_->heading = {};
  // An access line folds into its application line as ever.
  const bool keeps = settings_.keep_all && draft_.origin != Origin::access;
  if (keeps && draft_.status > 0 && draft_.method != Method::none) {
    draft_.kept = true;
    if (draft_.kind == EventKind::none) draft_.kind = EventKind::request;
  } else if (keeps && !record_.request_id.empty()) {
    draft_.kept = true;
    draft_.request = record_.request_id;
    if (draft_.kind == EventKind::none) draft_.kind = EventKind::request_detail;
  }
  Tally& tally = out_->tally;
  const bool lent_by_clock = draft_.time == kNoTime && payload.yearless;
  if (draft_.time == kNoTime && payload.time != kNoTime) {
    draft_.time = payload.time;
    draft_.id = hash_of({reinterpret_cast<const char*>(&draft_.id), sizeof draft_.id},
                        rfc3339_of(payload.time));
  }
  tally.understood(record_.format, record_.level, draft_.time, payload.lines);
  tally.met_instance(draft_.instance);
  // Without a year the transport's time is no time; the order of the lines holds.
  if (draft_.time == kNoTime && payload.yearless) ++tally.undated;
  if (lent_by_clock && draft_.kind != EventKind::none) ++tally.by_clock;
  (draft_.kind == EventKind::none ? tally.ignored : tally.accepted) += payload.bytes - payload.over;
  if (payload.over != 0) tally.reject(Reject::too_long, payload.at, payload.over, payload.text);
  if (draft_.time == kNoTime) {
    keep_untimed(payload);
  } else {
    keep_timed(payload);
    answer_.remember(record_, draft_);
  }
}

// Whose rule it was; a message that no rule knows is told, whatever its fields told.
void LineJudge::count_kept(const Payload& payload) {
  Census& census = out_->census;
  const bool by_fields = draft_.kind != EventKind::none && draft_.kind != EventKind::request_detail;
  if (!draft_.rule.empty())
    census.matched(draft_.rule);
  else if (by_fields || record_.message.empty() || record_.format == Format::access ||
           record_.format == Format::webhook)
    census.understood();
  else
    census.unmatched(record_.format, record_.level, record_.message, payload.text, payload.at);
}

// Below "# listing TIME" the output of a collection is a listing, too: who says when he made it
// asked what a collection would delete. Nothing of it is a deletion.
bool LineJudge::take_dry_run(const Payload& payload) {
  if (carry_->heading.listed == kNoTime || draft_.time != kNoTime || payload.time != kNoTime)
    return false;
  switch (draft_.kind) {
    case EventKind::gc_mark_manifest:
      draft_.detail = "manifest in use";
      break;
    case EventKind::gc_mark_blob:
      draft_.detail = "blob in use";
      break;
    case EventKind::gc_eligible_blob:
      draft_.detail = "blob data, unused";
      break;
    case EventKind::gc_eligible_manifest:
      draft_.detail = "manifest, unused";
      break;
    case EventKind::gc_failed:
      draft_.detail = "collection failed";
      break;
    case EventKind::gc_summary:  // its own words
      break;
    case EventKind::gc_start:
      draft_ = EventDraft{};
      break;
    default:
      return false;
  }
  if (draft_.kind != EventKind::none) draft_.kind = EventKind::listed;
  draft_.origin = Origin::inventory;
  draft_.agent = "registry garbage-collect";
  draft_.code = Code::none;
  return true;
}

// It lends no time and takes none: when its object was written is no time of the log. When the
// listing was made is what its heading or the transport says.
void LineJudge::keep_listed(const Payload& payload) {
  Tally& tally = out_->tally;
  const TimeNs listed = carry_->heading.listed != kNoTime ? carry_->heading.listed : payload.time;
  tally.understood(record_.format, Level::none, listed, payload.lines);
  (draft_.kind == EventKind::none ? tally.ignored : tally.accepted) += payload.bytes - payload.over;
  if (payload.over != 0) tally.reject(Reject::too_long, payload.at, payload.over, payload.text);
  if (draft_.kind == EventKind::none) return;
  if (draft_.kind == EventKind::listed && listed != kNoTime) {
    draft_.offset = listed;
    draft_.id =
        hash_of({reinterpret_cast<const char*>(&draft_.id), sizeof draft_.id}, rfc3339_of(listed));
  }
  out_->facts.add(draft_, payload.at, 0);
}

// The access line of an answer that is known already.
void LineJudge::account_told(const Payload& payload, TimeNs time) {
  if (settings_.census) out_->census.understood();
  draft_.time = time;
  draft_.kind = EventKind::none;
  draft_.whole_second = true;
  out_->tally.understood(Format::access, Level::none, time, payload.lines);
  out_->tally.met_instance(payload.instance.empty() ? std::string_view(settings_.instance)
                                                    : payload.instance);
  out_->tally.accepted += payload.bytes;
  keep_timed(payload);
}

// The fast twin of parse and keep for a record that means nothing whatever its other fields say:
// one line of three is "authorized request".
bool LineJudge::pass_over(const Payload& payload) {
  if (payload.over != 0 || settings_.keep_all || settings_.census) return false;
  const std::optional<RecordHead> head = try_head(payload.text);
  if (!head || !classifier_.rules().passes_over(head->level, head->message)) return false;
  if (!carry_->heading.empty()) carry_->heading = {};
  draft_.time = head->time;
  draft_.kind = EventKind::none;
  draft_.whole_second = false;
  out_->tally.understood(Format::logfmt, head->level, head->time, payload.lines);
  out_->tally.ignored += payload.bytes;
  keep_timed(payload);
  return true;
}

void LineJudge::keep_timed(const Payload& payload) {
  const bool whole = draft_.time % kSecond == 0;
  std::uint32_t hint = 0;
  if (whole) {
    draft_.whole_second = true;
    hint = carry_->order.whole_second(draft_.time);
  } else {
    hint = carry_->order.fine_time(draft_.time);
  }
  out_->lent.timed(payload.stream, draft_.time, whole, out_->facts);
  if (draft_.kind != EventKind::none) out_->facts.add(draft_, payload.at, hint);
}

void LineJudge::keep_untimed(const Payload& payload) {
  UntimedRecord record;
  record.content = draft_.id;
  record.relative_s = draft_.relative_s;
  record.mark = carry_->order.untimed();
  if (draft_.kind != EventKind::none)
    record.draft = std::make_unique<KeptDraft>(draft_, payload.at);
  out_->lent.untimed(payload.stream, std::move(record), out_->facts);
}

TimeNs LineJudge::first_time_in(std::string_view head) {
  peeler_.set_options({});
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    if (peeler_.peel(head.substr(0, end), envelope_) &&
        parser_.parse(envelope_.payload, record_) == Parsed::record && record_.time != kNoTime)
      return record_.time;
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return kNoTime;
}

std::optional<int> LineJudge::zone_in(std::string_view head, int year) {
  constexpr TimeNs kQuarter = 15 * kMinute;
  constexpr TimeNs kWritten = kMinute;  // at most, after what the line itself says
  constexpr int kEnough = 64, kMostInVain = 512;
  std::map<TimeNs, int> votes;
  int voted = 0;
  peeler_.set_options({year});
  for (int looked = 0; !head.empty() && voted < kEnough && looked < kMostInVain; ++looked) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    peeler_.clear_seen();
    const bool peeled = peeler_.peel(head.substr(0, end), envelope_);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (!peeled || !any_yearless(peeler_.seen()) || envelope_.time == kNoTime) continue;
    if (parser_.parse(envelope_.payload, record_) != Parsed::record || record_.time == kNoTime ||
        !prints_zone(record_.format))
      continue;
    const TimeNs apart = in_nearest_year(envelope_.time, record_.time) - record_.time;
    const TimeNs half = apart < 0 ? -kQuarter / 2 : kQuarter / 2;
    const TimeNs zone = (apart + half) / kQuarter * kQuarter;
    if (std::abs(apart - zone) > kWritten || zone < -12 * kHour || zone > 14 * kHour) continue;
    ++votes[zone];
    ++voted;
  }
  for (const auto& [zone, count] : votes)
    if (count * 2 > voted) return static_cast<int>(zone / kSecond);
  return std::nullopt;
}

int year_of(TimeNs time) {
  return static_cast<int>(try_u64(rfc3339_of(time).substr(0, 4)).value_or(0));
}

}  // namespace regtriage
