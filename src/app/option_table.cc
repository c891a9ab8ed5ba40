// Every option is one row here: parser, help, man page and completion are made from it.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "app/options.h"
#include "base/text.h"

namespace regtriage {
namespace {

using Value = const std::string&;
using Done = Result<void>;

constexpr std::string_view kReading = "Reading", kNarrowing = "Narrowing", kAnswering = "Answer",
                           kDatabase = "Incident database", kGeneral = "General";
constexpr std::string_view kReaders = "triage report ingest show";
constexpr std::string_view kReports = "triage report";

Done bad_value(std::string_view option, Value value, std::string_view expected) {
  return fail(ErrorCode::usage, fmt::format("--{}: '{}' is not {}", option, value, expected),
              "see 'regtriage help'");
}

template <class Number>
Done take_number(std::string_view option, Value value, std::uint64_t least, std::uint64_t most,
                 Number& place) {
  const std::optional<std::uint64_t> number = try_u64(value);
  if (!number || *number < least || *number > most)
    return bad_value(option, value, fmt::format("a number from {} to {}", least, most));
  place = static_cast<Number>(*number);
  return {};
}

Done take_time(std::string_view option, Value value, TimeNs& place) {
  for (const char* rest : {"", ":00", "T00:00:00"})
    if (const std::optional<TimeNs> time = try_rfc3339(value + rest)) {
      place = *time;
      return {};
    }
  return bad_value(option, value, "a time such as 2026-11-24T23:12:28Z or 2026-11-24 (UTC)");
}

Done take_zone(RunOptions& options, Value value) {
  if (value == "UTC" || value == "Z") {
    options.zone_offset_s = 0;
    return {};
  }
  const std::optional<TimeNs> time = try_rfc3339("1970-01-02T00:00:00" + value);
  if (!time || value.empty())
    return bad_value("assume-tz", value, "a zone such as UTC, +01:00 or -05:30");
  options.zone_offset_s = static_cast<int>((24 * kHour - *time) / kSecond);
  return {};
}

// "256M", "1G", "65536K" or bytes.
Done take_memory(RunOptions& options, Value value) {
  constexpr std::uint64_t kLeast = 96 << 20;
  std::string_view digits = value;
  unsigned shift = 0;
  if (!digits.empty())
    if (const std::size_t unit = std::string_view("KMG").find(digits.back());
        unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      digits.remove_suffix(1);
    }
  const std::optional<std::uint64_t> number = try_u64(digits);
  if (!number || *number > std::numeric_limits<std::uint64_t>::max() >> shift ||
      *number << shift < kLeast)
    return bad_value("memory", value, "a size such as 256M or 1G, 96M at least");
  options.memory = *number << shift;
  return {};
}

Done take_every(RunOptions& options, Value value) {
  const std::optional<std::int64_t> every = try_go_duration(value);
  if (!every || *every < kSecond)
    return bad_value("every", value, "a span such as 30s, 5m or 1h, a second at least");
  options.every = *every;
  return {};
}

Done take_fail_on(RunOptions& options, Value value) {
  for (const Severity severity :
       {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical})
    if (word_of(severity) == value) options.fail_on = severity;
  if (options.fail_on) return {};
  return bad_value("fail-on", value, "one of info, low, medium, high, critical");
}

Done take_color(RunOptions& options, Value value) {
  using Color = RunOptions::Color;
  if (value == "auto")
    options.color = Color::automatic;
  else if (value == "always")
    options.color = Color::always;
  else if (value == "never")
    options.color = Color::never;
  else
    return bad_value("color", value, "one of auto, always, never");
  return {};
}

Done take_redact(RunOptions& options, Value value) {
  if (value == "names")
    options.redact = ReportModel::Hide::names;
  else if (value == "all")
    options.redact = ReportModel::Hide::all;
  else
    return bad_value("redact", value, "one of names, all");
  return {};
}

// A member that is set, or a text that is kept, as it is typed.
template <auto Member>
Done keep(RunOptions& options, Value value) {
  options.*Member = value;
  return {};
}
template <auto Member>
Done set(RunOptions& options, Value) {
  options.*Member = true;
  return {};
}

using O = RunOptions;
const std::array
    kTable =
        {
            Option{"instance", 0, "NAME",
                   "which replica printed these lines, where they do not say it", kReading,
                   kReaders, keep<&O::instance>},
            Option{"year", 0, "YEAR", "year of times without one (syslog)", kReading, kReaders,
                   [](O& o, Value v) { return take_number("year", v, 1970, 2261, o.year); }},
            Option{"assume-tz", 0, "ZONE", "zone of times without one: UTC (the default), +01:00",
                   kReading, kReaders, take_zone},
            Option{"patterns", 0, "PATH",
                   "more rules (a file, or a folder of *.json); may be repeated", kReading,
                   "triage report ingest patterns show merge forget prune",
                   [](O& o, Value v) {
                     o.pattern_files.push_back(v);
                     return Done{};
                   }},
            Option{"threads", 0, "N", "workers; as many as there are processors unless said",
                   kReading, kReaders,
                   [](O& o, Value v) { return take_number("threads", v, 1, 256, o.threads); }},
            Option{"block-bytes", 0, "N", "bytes a worker takes at a time", kReading, kReaders,
                   [](O& o, Value v) {
                     return take_number("block-bytes", v, 64, 1U << 30, o.block_bytes);
                   },
                   "", true},
            Option{"memory", 0, "SIZE",
                   "beyond this a flood of questions for ever new things waits in a file (256M)",
                   kReading, "triage report ingest merge forget prune", take_memory},
            Option{"tmp", 0, "DIR", "where that file is made; TMPDIR or /tmp unless said", kReading,
                   "triage report ingest merge forget prune", keep<&O::temporary_folder>},
            Option{"every", 0, "TIME",
                   "answer again and again while a pipe goes on, each 30s, 5m, 1h", kReading,
                   "triage", take_every},

            Option{"since", 0, "TIME",
                   "only findings that go on after it; older lines still explain them", kNarrowing,
                   "triage report show",
                   [](O& o, Value v) { return take_time("since", v, o.since); }},
            Option{"until", 0, "TIME", "only findings that began before it", kNarrowing,
                   "triage report show",
                   [](O& o, Value v) { return take_time("until", v, o.until); }},
            Option{"repo", 'r', "NAME", "only findings that touch this repository", kNarrowing,
                   "triage report show", keep<&O::repository>},
            Option{"finding", 0, "ID", "only this finding (the first digits of its id will do)",
                   kNarrowing, kReports, keep<&O::finding>},

            Option{"format", 'f', "FORMAT",
                   "how to print it; each command's help lists its formats", kAnswering,
                   "triage report explain patterns query show ingest merge forget prune",
                   keep<&O::format>, "text json markdown jira html csv table jsonl"},
            Option{"events", 'e', "",
                   "list every error line and silent line with its verdict (json, csv)", kAnswering,
                   kReports, set<&O::events>},
            Option{"requests", 0, "", "list each request with its lines in all components (json)",
                   kAnswering, kReports, set<&O::requests>},
            Option{"sessions", 0, "", "list the push sessions (text, json)", kAnswering, kReports,
                   set<&O::sessions>},
            Option{"full", 0, "", "do not cut long lists", kAnswering, kReports, set<&O::full>},
            Option{"canonical", 0, "", "no positions and no sources, for comparing (json)",
                   kAnswering, kReports, set<&O::canonical>},
            Option{"max-chars", 0, "N",
                   "leave out the last findings of a longer text (markdown, jira)", kAnswering,
                   kReports,
                   [](O& o, Value v) {
                     return take_number("max-chars", v, 200, 1U << 30, o.max_chars);
                   }},
            Option{"redact", 0, "WHAT",
                   "names: repositories, tags, clients, hosts; all: digests, lines, too",
                   kAnswering, kReports, take_redact, "names all"},
            Option{"output", 'o', "FILE", "write the answer there, whole and readable by you only",
                   kAnswering,
                   "triage report explain patterns query show ingest merge forget prune",
                   keep<&O::output>},
            Option{"fail-on", 0, "LEVEL",
                   "exit 1 if a finding is at or above info, low, medium, high, critical",
                   kAnswering, kReports, take_fail_on, "info low medium high critical"},

            Option{"db", 'd', "FILE", "the incident database", kDatabase,
                   "ingest report query show forget prune", keep<&O::database>},
            Option{"follow", 0, "", "go on reading as the files grow", kDatabase, "ingest",
                   set<&O::follow>},
            Option{"before", 0, "TIME", "what is older than this", kDatabase, "prune",
                   [](O& o, Value v) { return take_time("before", v, o.before); }},
            Option{
                "limit", 0, "N", "rows at most; all unless said", kDatabase, "query show patterns",
                [](O& o, Value v) {
                  return take_number("limit", v, 1, std::numeric_limits<std::uint32_t>::max(),
                                     o.limit);
                }},

            Option{"color", 0, "WHEN", "auto, always or never; NO_COLOR is honoured", kGeneral, "*",
                   take_color, "auto always never"},
            Option{"help", 'h', "", "what a command is for and what it takes", kGeneral, "*",
                   set<&O::help>},
            Option{"version", 'V', "", "the version and the ruleset", kGeneral, "*",
                   [](O& o, Value) {
                     o.command = "version";
                     return Done{};
                   }},
};

}  // namespace

std::span<const Option> option_table() { return kTable; }

bool Option::is_for(std::string_view command) const {
  if (commands == "*") return true;
  for (std::string_view rest = commands; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == command) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace regtriage
