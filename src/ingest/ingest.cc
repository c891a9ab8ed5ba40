#include "ingest/ingest.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "ingest/source_run.h"

namespace regtriage {
namespace {

constexpr std::uint64_t kProgressBytes = 16 << 20;       // between two calls of Progress
constexpr std::chrono::milliseconds kProgressWait{100};  // the same while nothing comes

// What the threads share. Each thread does what is next: reads a block of a source that nobody
// reads right now, judges it, and settles whatever can be settled. So reading and decompressing
// overlap with judging, and several compressed sources are read at once. Blocks in memory: at most
// threads + 2.
class Ingestion {
 public:
  Ingestion(const std::vector<InputName>& inputs, const Classifier& classifier,
            const IngestOptions& options, const std::atomic<bool>& stop, const Progress& progress)
      : inputs_(inputs),
        classifier_(classifier),
        options_(options),
        stop_(stop),
        progress_(progress),
        threads_(std::max(1U, options.threads)),
        reports_(inputs.size()),
        facts_(options.shelf, options.most_lone_lines) {
    options_.block_bytes = std::max<std::size_t>(options.block_bytes, 64);
    options_.max_line_bytes = std::max<std::size_t>(options.max_line_bytes, 64);
    for (const InputName& input : inputs) {
      const std::optional<std::uint64_t> size = try_raw_size(input);
      sizes_known_ = sizes_known_ && size.has_value();
      raw_total_ += size.value_or(0);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) reports_[i].name = inputs[i].path;
  }

  Facts run() {
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads_; ++i) others.emplace_back([this] { work_guarded(false); });
    work_guarded(true);
    for (std::thread& one : others) one.join();
    if (broken_) std::rethrow_exception(broken_);
    report_progress(true);
    Facts facts = facts_.take(threads_);
    facts.sources = std::move(reports_);
    if (options_.census != nullptr) options_.census->join(facts_.take_census());
    return facts;
  }

 private:
  struct Active {
    Active(SourceId id, const InputName& input) : run(id, input), index(id) {}
    SourceRun run;
    SourceId index;
    bool opened = false, reading = false, settling = false, ended = false;
    std::uint64_t blocks = 0, settled = 0;                         // read so far, settled so far
    std::map<std::uint64_t, std::unique_ptr<JudgedBlock>> judged;  // not settled yet
  };
  using Lock = std::unique_lock<std::mutex>;

  void work_guarded(bool is_caller);
  void work(bool is_caller);
  Active* next_to_read();
  void read_and_judge(Active& source, LineJudge& judge, Lock& lock);
  void settle_what_can_be(Active& source, LineJudge& judge, Lock& lock);
  void finish(Active& source, LineJudge& judge, Lock& lock);
  void report_progress(bool at_once);
  std::unique_ptr<JudgedBlock> spare_block();

  const std::vector<InputName>& inputs_;
  const Classifier& classifier_;
  IngestOptions options_;
  const std::atomic<bool>& stop_;
  const Progress& progress_;
  const unsigned threads_;
  std::uint64_t raw_total_ = 0;
  bool sizes_known_ = true;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Active>> active_;
  std::size_t started_ = 0;  // inputs
  std::size_t blocks_in_memory_ = 0;
  std::vector<std::unique_ptr<JudgedBlock>> spare_;
  std::uint64_t raw_done_ = 0;      // of finished sources
  std::uint64_t raw_reported_ = 0;  // at the last call of Progress
  std::vector<SourceReport> reports_;
  std::exception_ptr broken_;  // a bug, or no memory: all threads end

  SharedFacts facts_;
};

void Ingestion::work_guarded(bool is_caller) {
  try {
    work(is_caller);
  } catch (...) {
    const Lock lock(mutex_);
    broken_ = std::current_exception();
    changed_.notify_all();
  }
}

void Ingestion::work(bool is_caller) {
  LineJudge judge(classifier_);
  Lock lock(mutex_);
  while (!broken_) {
    Active* const source = next_to_read();
    if (source != nullptr) {
      read_and_judge(*source, judge, lock);
    } else if (active_.empty() && (started_ == inputs_.size() || stop_)) {
      break;
    } else if (is_caller) {
      const bool nothing = changed_.wait_for(lock, kProgressWait) == std::cv_status::timeout;
      if (nothing) {
        lock.unlock();
        report_progress(true);
        lock.lock();
      }
      continue;
    } else {
      changed_.wait(lock);
      continue;
    }
    if (!is_caller) continue;
    lock.unlock();
    report_progress(false);
    lock.lock();
  }
  changed_.notify_all();
}

// The first source that nobody reads; else one more is begun. Null: there is nothing to read, or
// too much in memory.
Ingestion::Active* Ingestion::next_to_read() {
  if (blocks_in_memory_ >= threads_ + 2) return nullptr;
  for (const auto& source : active_)
    if (!source->reading && !source->ended) return source.get();
  if (started_ == inputs_.size() || active_.size() >= threads_ || stop_) return nullptr;
  const auto id = static_cast<SourceId>(started_++);
  return active_.emplace_back(std::make_unique<Active>(id, inputs_[id])).get();
}

std::unique_ptr<JudgedBlock> Ingestion::spare_block() {
  ++blocks_in_memory_;
  if (spare_.empty()) return std::make_unique<JudgedBlock>();
  std::unique_ptr<JudgedBlock> block = std::move(spare_.back());
  spare_.pop_back();
  return block;
}

void Ingestion::read_and_judge(Active& source, LineJudge& judge, Lock& lock) {
  source.reading = true;
  std::unique_ptr<JudgedBlock> judged = spare_block();
  lock.unlock();
  if (!source.opened) source.run.open(options_, stop_, judge);
  source.opened = true;
  const bool stopped = stop_;
  if (stopped) source.run.stop_reading();
  const bool any = !stopped && source.run.read_block(judged->block, stop_);
  lock.lock();
  source.reading = false;
  source.ended = !any;
  source.blocks += any ? 1 : 0;
  changed_.notify_all();
  if (any) {
    lock.unlock();
    source.run.judge_alone(*judged, judge);
    lock.lock();
    source.judged.emplace(judged->block.number, std::move(judged));
  } else {
    --blocks_in_memory_;
    spare_.push_back(std::move(judged));
  }
  settle_what_can_be(source, judge, lock);
}

// One thread settles a source at a time; it also takes what others finish meanwhile.
void Ingestion::settle_what_can_be(Active& source, LineJudge& judge, Lock& lock) {
  if (source.settling) return;
  source.settling = true;
  while (!source.judged.empty() && source.judged.begin()->first == source.settled) {
    std::unique_ptr<JudgedBlock> next = std::move(source.judged.begin()->second);
    source.judged.erase(source.judged.begin());
    lock.unlock();
    source.run.settle(*next, judge, facts_);
    lock.lock();
    ++source.settled;
    --blocks_in_memory_;
    spare_.push_back(std::move(next));
    changed_.notify_all();
  }
  source.settling = false;
  if (source.ended && source.settled == source.blocks) finish(source, judge, lock);
}

void Ingestion::finish(Active& source, LineJudge& judge, Lock& lock) {
  source.settling = true;
  lock.unlock();
  reports_[source.index] = source.run.finish(judge, facts_);
  lock.lock();
  raw_done_ += source.run.raw_bytes_read();
  std::erase_if(active_, [&source](const auto& one) { return one.get() == &source; });
  changed_.notify_all();
}

// Called without the lock, from the calling thread only.
void Ingestion::report_progress(bool at_once) {
  if (!progress_) return;
  std::uint64_t done = 0;
  {
    const Lock lock(mutex_);
    done = raw_done_;
    for (const auto& source : active_) done += source->run.raw_bytes_read();
  }
  if (!at_once && done - raw_reported_ < kProgressBytes) return;
  raw_reported_ = done;
  progress_(done, sizes_known_ ? raw_total_ : 0);
}

SourceReport report_of(const OpenSource& problem) {
  SourceReport report;
  report.name = problem.name;
  report.error = problem.error.what;
  if (!problem.error.hint.empty()) report.error += "; " + problem.error.hint;
  report.status = problem.error.code == ErrorCode::unreadable
                      ? SourceReport::Status::unreadable
                      : SourceReport::Status::not_understood;
  return report;
}

constexpr std::size_t kHeads = 64;  // sources that are looked at for a year and a zone

// The latest of the first times of the sources, and the zone on which their transports' clocks
// agree: a rotated part, or a log that prints no times, says neither.
struct Surroundings {
  TimeNs latest = kNoTime;
  std::set<int> zones;
};
Surroundings surroundings_of(const std::vector<InputName>& files, const Classifier& classifier,
                             const IngestOptions& options, const std::atomic<bool>& stop) {
  LineJudge judge(classifier);
  Surroundings found;
  std::size_t looked = 0;
  for (const InputName& file : files) {
    if (!try_raw_size(file) || ++looked > kHeads) continue;  // a pipe can be read once
    OpenSource source = open_source(file, &stop);
    if (source.stream == nullptr) continue;
    BlockReader reader(std::move(source.stream), {kYearBytes, options.max_line_bytes});
    const std::string_view head = reader.head(kYearBytes);
    const TimeNs first = judge.first_time_in(head);
    if (first == kNoTime) continue;
    found.latest = std::max(found.latest, first);
    if (const std::optional<int> zone = judge.zone_in(head, year_of(first)))
      found.zones.insert(*zone);
  }
  return found;
}

}  // namespace

Facts ingest(const std::vector<InputName>& inputs, const Classifier& classifier,
             const IngestOptions& options, const std::atomic<bool>& stop,
             const Progress& progress) {
  std::vector<OpenSource> problems;
  const std::vector<InputName> files = expand_folders(inputs, problems, &stop);
  IngestOptions known = options;
  if (files.size() > 1 && options.near == kNoTime) {
    const Surroundings found = surroundings_of(files, classifier, options, stop);
    if (options.year == 0) known.near = found.latest;
    if (found.zones.size() == 1) known.zone_near = *found.zones.begin();
  }
  Facts facts = Ingestion(files, classifier, known, stop, progress).run();
  for (const OpenSource& problem : problems) facts.sources.push_back(report_of(problem));
  return facts;
}

}  // namespace regtriage
