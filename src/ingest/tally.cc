#include "ingest/tally.h"

#include <algorithm>

#include "base/redact.h"
#include "format/format.h"

namespace regtriage {
namespace {

constexpr std::size_t kSamples = 5;
constexpr std::size_t kSampleBytes = 120;
constexpr std::size_t kRedactBytes =
    4096;  // looked at, so that a secret cut by kSampleBytes is seen
constexpr std::size_t kInstances = 32;

bool before(const RejectSample& a, const RejectSample& b) {
  return a.at != b.at ? a.at < b.at : a.reason < b.reason;
}

Level lower_of(Level a, Level b) {
  if (a == Level::none || b == Level::none) return std::max(a, b);
  return std::min(a, b);
}

void widen(TimeNs& first, TimeNs& last, TimeNs time) {
  if (time == kNoTime) return;
  if (first == kNoTime || time < first) first = time;
  if (last == kNoTime || time > last) last = time;
}

}  // namespace

void Tally::understood(Format format, Level level, TimeNs time, std::uint32_t record_lines) {
  formats_[static_cast<std::size_t>(format)] += record_lines;
  lowest_level_ = lower_of(lowest_level_, level);
  if (time == kNoTime) return;
  widen(first_, last_, time);
  slots_.add(time);
}

void Tally::met_instance(std::string_view instance) {
  if (instance.empty() || instance == last_instance_) return;
  last_instance_ = instance;
  if (!instances_.contains(instance)) instances_.emplace(instance);
  if (instances_.size() > kInstances) instances_.erase(std::prev(instances_.end()));
}

void Tally::reject(Reject reason, const Position& at, std::uint64_t reject_bytes,
                   std::string_view head) {
  rejected += reject_bytes;
  ++rejects_[static_cast<std::size_t>(reason)];
  RejectSample sample{reason, at, ""};
  if (samples_.size() == kSamples && !before(sample, samples_.back())) return;
  sample.head = redacted(head.substr(0, kRedactBytes)).substr(0, kSampleBytes);
  samples_.insert(std::upper_bound(samples_.begin(), samples_.end(), sample, before),
                  std::move(sample));
  if (samples_.size() > kSamples) samples_.pop_back();
}

void Tally::join(Tally&& other) {
  lines += other.lines;
  bytes += other.bytes;
  accepted += other.accepted;
  ignored += other.ignored;
  rejected += other.rejected;
  undated += other.undated;
  by_clock += other.by_clock;
  envelopes |= other.envelopes;
  for (std::size_t i = 0; i < formats_.size(); ++i) formats_[i] += other.formats_[i];
  for (std::size_t i = 0; i < rejects_.size(); ++i) rejects_[i] += other.rejects_[i];
  samples_.insert(samples_.end(), std::make_move_iterator(other.samples_.begin()),
                  std::make_move_iterator(other.samples_.end()));
  std::sort(samples_.begin(), samples_.end(), before);
  samples_.resize(std::min(samples_.size(), kSamples));
  instances_.merge(other.instances_);
  while (instances_.size() > kInstances) instances_.erase(std::prev(instances_.end()));
  lowest_level_ = lower_of(lowest_level_, other.lowest_level_);
  widen(first_, last_, other.first_);
  widen(first_, last_, other.last_);
  slots_.join(other.slots_);
}

void Tally::write(SourceReport& report) const {
  report.lines_by_format = formats_;
  for (unsigned i = 0; i < 32; ++i)
    if ((envelopes >> i & 1) != 0) report.envelopes.emplace_back(envelope_word(i));
  std::sort(report.envelopes.begin(), report.envelopes.end());
  report.instances.assign(instances_.begin(), instances_.end());
  report.lines = lines;
  report.bytes = bytes;
  report.accepted = accepted;
  report.ignored = ignored;
  report.rejected = rejected;
  report.pending = bytes - accepted - ignored - rejected;
  report.rejects = rejects_;
  report.reject_samples = samples_;
  report.first = first_;
  report.last = last_;
  report.gaps = slots_.gaps();
  report.lowest_level = lowest_level_;
}

bool Tally::any_understood() const {
  return std::any_of(formats_.begin(), formats_.end(), [](std::uint64_t n) { return n != 0; });
}

}  // namespace regtriage
