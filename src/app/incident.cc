#include "app/incident.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>

#include "app/reading.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "facts/accumulator.h"
#include "facts/lone.h"
#include "facts/thin.h"
#include "infer/judge.h"
#include "infer/requests.h"
#include "report/layout.h"
#include "store/fact_shelf.h"

namespace regtriage {
namespace {

struct Summary {
  std::string database;
  std::uint64_t sources = 0, lines = 0, findings = 0;
  std::vector<std::pair<std::string, std::int64_t>> severities;  // worst first
  std::optional<std::uint64_t> taken_back;
};

// A name as a word of a shell: quoted where it needs to be.
std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string text_of(const Summary& summary) {
  std::string out;
  if (summary.taken_back)
    out += fmt::format("{} taken back\n", count_of(*summary.taken_back, "fact"));
  out += fmt::format("{}: {}, {} kept, {}", terminal_text(summary.database),
                     count_of(summary.sources, "source"), count_of(summary.lines, "line"),
                     count_of(summary.findings, "finding"));
  std::string by_severity;
  for (const auto& [severity, count] : summary.severities)
    by_severity += fmt::format("{}{} {}", by_severity.empty() ? "" : ", ", count, severity);
  out += by_severity.empty() ? "\n" : fmt::format(" ({})\n", by_severity);
  if (summary.findings > 0)
    out += fmt::format("  regtriage report --db {}\n", terminal_text(shell_word(summary.database)));
  return out;
}

std::string json_of(const Summary& summary) {
  std::string out;
  JsonWriter json(out, 2);
  json.begin_object().field("schema", "regtriage/database/1");
  json.field("database", std::string_view(summary.database)).field("sources", summary.sources);
  json.field("lines", summary.lines).field("findings", summary.findings);
  json.key("severities").begin_object();
  for (const auto& [severity, count] : summary.severities) json.field(severity, count);
  json.end_object();
  if (summary.taken_back) json.field("taken_back", *summary.taken_back);
  json.end_object();
  return out + "\n";
}

}  // namespace

Result<std::string> database_of(const CallContext& context) {
  if (!context.options.database.empty()) return context.options.database;
  return fail(ErrorCode::usage, fmt::format("{} needs --db FILE", context.options.command),
              "FILE is the incident database; 'regtriage ingest --db FILE LOG...' makes it");
}

namespace {

// Facts, thinned and joined, and what they were judged to be. Borrows the facts.
struct JudgedFacts {
  std::optional<Facts> thin;
  Joined joined;
  Judgement judgement;
  // `all`: nothing is left out, whatever memory that takes.
  JudgedFacts(const Facts& facts, unsigned threads, bool all = false)
      : thin(!all && is_crowded(facts) ? std::optional(thinned(copy_of(facts))) : std::nullopt),
        joined(thin ? *thin : facts) {
    JudgeOptions options;
    options.threads = threads;
    judgement = judge(joined.facts(), options);
  }
};

}  // namespace

Means means_of(CallContext& context, const Classifier& classifier) {
  return {std::string(classifier.ruleset_version()), threads_of(context.options),
          most_lone_lines_in(context.options.memory), context.temporary_folder,
          [&context](const Error& trouble) { context.warn(trouble.what, trouble.hint); }};
}

namespace {

// Moves what may be lone of the runs of a database to a shelf, once there is too much of it.
class Shelving {
 public:
  Shelving(FactShelf& shelf, const Means& means) : shelf_(shelf), means_(means) {}

  Result<void> take_out(Facts& run) {
    if (run.events.empty() && run.touches.empty()) return {};
    ++runs_;
    lone_ +=
        static_cast<std::size_t>(std::count_if(run.events.begin(), run.events.end(), may_be_lone));
    if (lone_ <= means_.most_lone_lines / 2 || shelf_.put_trouble() != nullptr) return {};
    Accumulator rest;
    rest.absorb(std::move(run));
    std::vector<Facts> parts(Shelf::kParts);
    rest.move_lone(parts);
    rest.forget_names();
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (shelf_.put_trouble() != nullptr || !shelf_.put(i, parts[i]))
        rest.absorb(std::move(parts[i]));
    if (const Error* trouble = shelf_.put_trouble()) means_.warn(*trouble);
    run = rest.take();
    return {};
  }
  std::size_t runs() const { return runs_; }

 private:
  FactShelf& shelf_;
  const Means& means_;
  std::size_t lone_ = 0, runs_ = 0;
};

}  // namespace

Result<Facts> load_thinned(Store& store, const Means& means) {
  FactShelf shelf(means.temporary_folder);
  Shelving shelving(shelf, means);
  Result<Facts> loaded = store.load([&shelving](Facts& run) { return shelving.take_out(run); });
  if (!loaded) return loaded;
  // Of one request told by an application and an access line, in whatever steps they came, one
  // stays.
  if (shelving.runs() > 1) *loaded = join(std::move(*loaded), Facts{});
  return thinned(std::move(*loaded), shelf, means.threads);
}

Result<void> put_and_judge(Store& store, const Facts& facts, const Means& means,
                           const Store::Detail& detail) {
  const Result<bool> first = store.is_empty();
  if (!first) return tl::unexpected(first.error());
  if (!*first) {
    if (Result<void> done = store.put(facts); !done) return done;
    return judge_anew(store, means);
  }
  const bool shows_all = detail.all || !detail.about.empty();
  // The first facts are all there are: judged while they are written.
  const auto judge_all = [&] {
    return std::make_unique<JudgedFacts>(facts, means.threads, shows_all);
  };
  std::future<std::unique_ptr<JudgedFacts>> beside;
  if (means.threads > 1) beside = std::async(std::launch::async, judge_all);
  const Result<void> done = store.put(facts);
  const std::unique_ptr<JudgedFacts> judged = beside.valid() ? beside.get() : judge_all();
  if (!done) return done;
  return store.put(judged->judgement, judged->joined.facts(), means.ruleset, detail);
}

Result<void> put_and_judge(Store& store, Facts&& facts, const Shelf& shelf, const Means& means) {
  const Result<bool> first = store.is_empty();
  if (!first) return tl::unexpected(first.error());
  if (Result<void> done = store.put(facts); !done) return done;
  for (std::size_t i = 0; i < Shelf::kParts; ++i) {
    Result<Facts> part = shelf.part(i);
    if (!part) return tl::unexpected(part.error());
    part->sources = facts.sources;
    if (Result<void> done = store.put(*part); !done) return done;
  }
  if (!*first) return judge_anew(store, means);
  const Result<Facts> thin = thinned(std::move(facts), shelf, means.threads);
  if (!thin) return tl::unexpected(thin.error());
  const JudgedFacts judged(*thin, means.threads);
  return store.put(judged.judgement, judged.joined.facts(), means.ruleset);
}

Result<void> judge_anew(Store& store, const Means& means) {
  const Result<Facts> facts = load_thinned(store, means);
  if (!facts) return tl::unexpected(facts.error());
  const JudgedFacts judged(*facts, means.threads);
  return store.put(judged.judgement, judged.joined.facts(), means.ruleset);
}

Result<std::string> summary_of(Store& store, const CallContext& context, const std::string& path,
                               std::optional<std::uint64_t> taken_back) {
  const Result<Store::Lines> lines = store.lines();
  if (!lines) return tl::unexpected(lines.error());
  const Result<Table> counts = store.query(
      "SELECT (SELECT count(*) FROM source), "
      "(SELECT count(*) FROM findings WHERE class <> 'noise')");
  if (!counts) return tl::unexpected(counts.error());
  const Result<Table> severities = store.query(
      "SELECT severity, count(*) FROM findings WHERE class <> 'noise' GROUP BY severity "
      "ORDER BY min(n)");
  if (!severities) return tl::unexpected(severities.error());
  const auto number = [&counts](std::size_t i) {
    return static_cast<std::uint64_t>(counts->rows[0][i].integer);
  };
  Summary summary{path, number(0), lines->kept, number(1), {}, taken_back};
  for (const auto& row : severities->rows)
    summary.severities.emplace_back(row[0].text, row[1].integer);
  return context.options.format == "json" ? json_of(summary) : text_of(summary);
}

int answer_with(CallContext& context, const Result<std::string>& text) {
  if (text)
    context.out.write(*text);
  else
    context.complain(text.error());
  return context.status;
}

}  // namespace regtriage
