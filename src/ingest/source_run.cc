#include "ingest/source_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace regtriage {
namespace {

// Where the segments of a block end (at the next line end): small ones first, for they may have to
// be judged again.
constexpr std::array<std::size_t, 2> kSegmentEnds = {8 << 10, 96 << 10};

// Uses the segments of the block before, for their memory.
void segments_of(const Block& block, std::vector<Segment>& segments) {
  std::size_t used = 0;
  const std::string_view text = block.text();
  std::size_t begin = 0;
  std::uint32_t line = block.line;
  for (const std::size_t wanted : kSegmentEnds) {
    const std::size_t end = text.find('\n', std::min(wanted, text.size()));
    if (end == std::string_view::npos || end + 1 == text.size()) break;
    if (end + 1 <= begin) continue;
    if (used == segments.size()) segments.emplace_back();
    Segment& segment = segments[used++];
    segment.begin = begin;
    segment.end = end + 1;
    segment.line = line;
    line += static_cast<std::uint32_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                   text.begin() + static_cast<std::ptrdiff_t>(end + 1), '\n'));
    begin = end + 1;
  }
  if (used == segments.size()) segments.emplace_back();
  Segment& segment = segments[used++];
  segment.begin = begin;
  segment.end = text.size();
  segment.line = line;
  segments.resize(used);
}

SourceReport::Status status_of(const Error& error) {
  return error.code == ErrorCode::unreadable ? SourceReport::Status::unreadable
                                             : SourceReport::Status::cut_short;
}

bool tells_zone(const SourceReport& report) {
  for (const Format format : {Format::logfmt, Format::json, Format::access, Format::harbor})
    if (report.lines_by_format[static_cast<std::size_t>(format)] != 0) return true;
  return false;
}

}  // namespace

void SourceRun::open(const IngestOptions& options, const std::atomic<bool>& stop,
                     LineJudge& judge) {
  OpenSource source = open_source(input_, &stop);
  report_.name = source.name;
  if (source.stream == nullptr) return refuse(source);
  reader_ = std::make_unique<BlockReader>(
      std::move(source.stream), BlockReader::Limits{options.block_bytes, options.max_line_bytes});
  settings_.source = id_;
  settings_.instance = options.instance;
  settings_.max_line_bytes = options.max_line_bytes;
  settings_.year = options.year;
  settings_.zone_offset_s = options.zone_offset_s;
  settings_.keep_all = options.keep_all;
  settings_.census = options.census != nullptr;
  settings_.wrap = judge.wrap_width(reader_->head(kYearBytes));
  const std::string_view head = reader_->head(kYearBytes);
  const TimeNs first = judge.first_time_in(head);
  if (options.zone_offset_s == 0) {
    std::optional<int> zone = options.zone_near;
    if (first != kNoTime)
      if (const std::optional<int> own = judge.zone_in(head, year_of(first))) zone = own;
    zone_is_told_ = zone.has_value();
    settings_.zone_offset_s = zone.value_or(0);
  }
  if (options.year != 0) return;
  settings_.near = first;
  if (settings_.near == kNoTime) settings_.near = options.near;
  if (settings_.near != kNoTime) settings_.year = year_of(settings_.near);
}

// What is no log counts as one line that was not understood.
void SourceRun::refuse(const OpenSource& source) {
  report_.error = source.error.what;
  if (!source.error.hint.empty()) report_.error += "; " + source.error.hint;
  if (source.refusal == Refusal::none) {
    report_.status = SourceReport::Status::unreadable;
    return;
  }
  report_.status = SourceReport::Status::not_understood;
  tally_.lines = 1;
  tally_.bytes = std::max<std::uint64_t>(source.raw_size, source.head.size());
  tally_.reject(source.refusal == Refusal::utf16 ? Reject::bad_utf16 : Reject::binary,
                Position{0, 1, id_}, tally_.bytes, source.head);
}

bool SourceRun::read_block(Block& block, const std::atomic<bool>& stop) {
  if (reader_ == nullptr) return false;
  const bool any = reader_->next(block);
  raw_bytes_read_ = reader_->raw_bytes_read();
  // A stream that was stopped while it waited looks as if it ended.
  if (any && stop && block.skipped == 0 && !block.text().ends_with('\n')) block.cut = true;
  return any;
}

void SourceRun::stop_reading() {
  if (reader_ != nullptr) abandoned_ = reader_->abandon();
}

void SourceRun::judge_segment(const Block& block, Segment& segment, const Carry& before,
                              LineJudge& judge) const {
  segment.before = before;
  segment.after = before;
  segment.out.clear();
  judge.judge(block, segment.begin, segment.end, segment.line, segment.after, segment.out);
}

void SourceRun::judge_alone(JudgedBlock& judged, LineJudge& judge) const {
  judge.begin_source(settings_);
  segments_of(judged.block, judged.segments);
  Carry carry;
  for (Segment& segment : judged.segments) {
    judge_segment(judged.block, segment, carry, judge);
    carry = segment.after;
  }
}

void SourceRun::settle(JudgedBlock& judged, LineJudge& judge, SharedFacts& facts) {
  judge.begin_source(settings_);
  for (Segment& segment : judged.segments) {
    if (segment.before != carry_) judge_segment(judged.block, segment, carry_, judge);
    carry_ = std::move(segment.after);
    lender_.take(std::move(segment.out.lent), segment.out.facts);
    facts.join(std::move(segment.out.facts));
    tally_.join(std::move(segment.out.tally));
    if (settings_.census) facts.join(std::move(segment.out.census));
  }
}

// Not one line was of use, or only their order is known.
void SourceRun::judge_status() {
  if (tally_.undated != 0)
    report_.error = fmt::format(
        "'{}': the times of its lines have no year, so only their order counts; name it with "
        "--year",
        report_.name);
  if (!tally_.any_understood()) report_.status = SourceReport::Status::not_understood;
}

SourceReport SourceRun::finish(LineJudge& judge, SharedFacts& facts) {
  JudgedLines out;
  judge.begin_source(settings_);
  judge.close(carry_, out);
  lender_.take(std::move(out.lent), out.facts);
  lender_.end(out.facts);
  facts.join(std::move(out.facts));
  tally_.join(std::move(out.tally));
  if (settings_.census) facts.join(std::move(out.census));
  tally_.bytes += abandoned_;
  tally_.write(report_);
  const Error* const error = reader_ != nullptr ? &reader_->error() : nullptr;
  if (error != nullptr && !error->what.empty()) {
    report_.status = status_of(*error);
    report_.error = error->what;
  } else if (reader_ != nullptr && report_.bytes != 0) {
    judge_status();
  }
  const auto go_lines = report_.lines_by_format[static_cast<std::size_t>(Format::go_log)];
  const bool by_clock = tally_.by_clock != 0;
  if (by_clock) report_.year = settings_.year;
  // Beside lines that say their zone those of Go's logger are of the same program, and its clock.
  report_.zone_assumed = (by_clock && !zone_is_told_) || (go_lines != 0 && !tells_zone(report_));
  reader_.reset();
  return std::move(report_);
}

}  // namespace regtriage
