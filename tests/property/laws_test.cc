// Laws L1 to L7 of DESIGN §4 on real captures cut at random; a failure is shrunk to few cuts.
#include <fmt/format.h>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "facts/accumulator.h"
#include "facts/thin.h"
#include "law_logs.h"
#include "store/fact_shelf.h"

namespace regtriage::laws {
namespace {

rc::Gen<std::size_t> any_log() { return rc::gen::inRange<std::size_t>(0, all_logs().size()); }

rc::Gen<Cuts> any_cuts() {
  return rc::gen::container<Cuts>(rc::gen::inRange<std::uint32_t>(0, 1 << 20));
}

// Borders are felt most where a block holds a line or less.
IngestOptions any_options() {
  IngestOptions options;
  options.threads = *rc::gen::element(1U, 2U, 7U);
  options.block_bytes = *rc::gen::oneOf(rc::gen::inRange<std::size_t>(64, 4096),
                                        rc::gen::element<std::size_t>(64, 65536, 1 << 20));
  return options;
}

// What one plain run over the whole log says: computed once per log.
struct Reference {
  std::string content, canonical, whole;
};
const Reference& reference_of(std::size_t log) {
  static std::map<std::size_t, Reference> known;
  const auto [at, fresh] = known.try_emplace(log);
  if (fresh) {
    IngestOptions plain;
    plain.threads = 1;
    const Facts facts = facts_of(all_logs()[log].files, plain);
    at->second = {content_of(facts), canonical(facts), whole_report(facts)};
  }
  return at->second;
}

void require_same(const Facts& facts, std::size_t log) {
  RC_ASSERT(difference(content_of(facts), reference_of(log).content) == "");
  RC_ASSERT(difference(canonical(facts), reference_of(log).canonical) == "");
}

std::uint32_t any_order() { return *rc::gen::arbitrary<std::uint32_t>(); }

std::vector<std::string> any_pieces(std::size_t log) {
  return shuffled(pieces_of(all_logs()[log], *any_cuts()), any_order());
}

// Joins the facts of each piece as a random binary tree.
Facts joined_at_random(std::vector<Facts> parts) {
  while (parts.size() > 1) {
    const std::size_t i = *rc::gen::inRange<std::size_t>(0, parts.size() - 1);
    parts[i] = *rc::gen::arbitrary<bool>() ? join(std::move(parts[i]), std::move(parts[i + 1]))
                                           : join(std::move(parts[i + 1]), std::move(parts[i]));
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  return std::move(parts.front());
}

std::vector<Facts> facts_of_each(const std::vector<std::string>& pieces) {
  std::vector<Facts> parts;
  for (const std::string& piece : pieces) parts.push_back(facts_of({piece}));
  return parts;
}

std::uint64_t bytes_of(const std::vector<std::string>& texts) {
  std::uint64_t sum = 0;
  for (const std::string& text : texts) sum += text.size();
  return sum;
}

// Overwrites, inserts and removes bytes: what a broken disk, a torn copy or an enemy leaves.
std::string damaged(std::string text) {
  const auto spots = *rc::gen::container<Cuts>(rc::gen::arbitrary<std::uint32_t>());
  for (const std::uint32_t spot : spots) {
    if (text.empty()) break;
    const std::size_t at = spot % text.size();
    switch (spot % 5) {
      case 0:
        text[at] = static_cast<char>(spot >> 8);
        break;
      case 1:
        text.insert(at, 1, '\n');
        break;
      case 2:
        text.erase(at, (spot >> 8) % 64);
        break;
      case 3:
        text.insert(at, 3, '\0');
        break;
      default:
        text.insert(at, "\" level=error msg=\"");
        break;
    }
  }
  return text;
}

TEST_CASE("the logs of the laws have findings, several hours and more than 16 reads of one key") {
  std::size_t most_reads = 0;
  for (std::size_t log = 0; log < all_logs().size(); ++log) {
    const Facts facts = facts_of(all_logs()[log].files);
    CAPTURE(all_logs()[log].name);
    REQUIRE_FALSE(judge(facts, {}).findings.empty());
    REQUIRE(facts.events.back().time - facts.events.front().time > 2 * kHour);
  }
  for (const Log& log : all_logs()) {
    std::map<std::string, std::size_t> reads;
    for (const std::string& text : log.files) {
      for (std::size_t at = text.find("GET /v2/"); at != std::string::npos;
           at = text.find("GET /v2/", at + 1)) {
        most_reads = std::max(most_reads, ++reads[text.substr(at, text.find(" HTTP", at) - at)]);
      }
    }
  }
  REQUIRE(most_reads > 16);
}

TEST_CASE("L1: any cut at record borders, in any order, gives the same facts and the same answer") {
  rc::prop("split", [] {
    const std::size_t log = *any_log();
    require_same(facts_of(any_pieces(log), any_options()), log);
  });
}

TEST_CASE("L1: blocks of any size on any number of threads give the same report to the byte") {
  rc::prop("blocks", [] {
    const std::size_t log = *any_log();
    const Facts facts = facts_of(all_logs()[log].files, any_options());
    RC_ASSERT(difference(whole_report(facts), reference_of(log).whole) == "");
  });
}

TEST_CASE("lines that mean nothing are passed over to the same facts and counts") {
  rc::prop("fast and slow", [] {
    std::vector<std::string> pieces = any_pieces(*any_log());
    for (std::string& piece : pieces) piece = damaged(std::move(piece));
    Census census;
    IngestOptions slow;  // a census looks at every record
    slow.census = &census;
    const std::string fast = whole_report(facts_of(pieces));
    RC_ASSERT(difference(fast, whole_report(facts_of(pieces, slow))) == "");
  });
}

TEST_CASE("L2: feeding pieces again changes nothing") {
  rc::prop("repeat", [] {
    const std::size_t log = *any_log();
    std::vector<std::string> pieces = any_pieces(log);
    const Cuts again = *any_cuts();
    for (const std::uint32_t piece : again) pieces.push_back(pieces[piece % pieces.size()]);
    require_same(facts_of(shuffled(std::move(pieces), any_order()), any_options()), log);
  });
}

TEST_CASE("L3: facts join in any order and grouping") {
  rc::prop("merge", [] {
    const std::size_t log = *any_log();
    require_same(joined_at_random(facts_of_each(any_pieces(log))), log);
  });
}

TEST_CASE("L3: a join with itself or with a part of itself changes nothing") {
  rc::prop("idempotent", [] {
    const std::size_t log = *any_log();
    const std::vector<std::string> pieces = any_pieces(log);
    require_same(join(facts_of(pieces), facts_of(all_logs()[log].files)), log);
    require_same(join(facts_of(all_logs()[log].files), facts_of({pieces.front()})), log);
  });
}

TEST_CASE("L3: the facts of different logs join to the facts of both") {
  rc::prop("two logs", [] {
    const std::size_t one = *any_log(), two = *any_log();
    std::vector<std::string> both = all_logs()[one].files;
    both.insert(both.end(), all_logs()[two].files.begin(), all_logs()[two].files.end());
    const Facts joined = join(facts_of(all_logs()[two].files), facts_of(all_logs()[one].files));
    const Facts read = facts_of(both, any_options());
    RC_ASSERT(difference(content_of(joined), content_of(read)) == "");
    RC_ASSERT(difference(canonical(joined), canonical(read)) == "");
  });
}

TEST_CASE("L4: every byte is accepted, ignored, rejected or pending, also of damaged logs") {
  rc::prop("accounting", [] {
    std::vector<std::string> pieces = any_pieces(*any_log());
    for (std::string& piece : pieces) piece = damaged(std::move(piece));
    const Facts facts = facts_of(pieces, any_options());
    RC_ASSERT(facts.sources.size() == pieces.size());
    std::uint64_t read = 0;
    for (const SourceReport& s : facts.sources) {
      read += s.bytes;
      if (s.status == SourceReport::Status::unreadable) continue;
      RC_ASSERT(s.bytes == s.accepted + s.ignored + s.rejected + s.pending);
    }
    RC_ASSERT(read <= bytes_of(pieces));
  });
}

TEST_CASE("L4: of a sound log every byte is counted") {
  rc::prop("all bytes", [] {
    const std::vector<std::string> pieces = any_pieces(*any_log());
    const Facts facts = facts_of(pieces, any_options());
    for (std::size_t i = 0; i < pieces.size(); ++i)
      RC_ASSERT(facts.sources[i].bytes == pieces[i].size());
  });
}

TEST_CASE("L1, L2: damaged logs, too, give one answer whatever the blocks, threads and repeats") {
  rc::prop("damaged", [] {
    std::vector<std::string> texts = all_logs()[*any_log()].files;
    for (std::string& text : texts) text = damaged(std::move(text));
    const Facts plain = facts_of(texts);
    const Facts other = facts_of(texts, any_options());
    RC_ASSERT(difference(whole_report(other), whole_report(plain)) == "");
    texts.push_back(texts.front());
    RC_ASSERT(difference(canonical(facts_of(texts, any_options())), canonical(plain)) == "");
  });
}

// How many lines that may be lone each of these logs has is not enough to thin them: small limits.
constexpr ThinLimits kThin{
    .many = 0, .anywhere = {3, 5}, .of_repository = {2, 4}, .lines_of_one = 2};

std::string remainders_of(const Facts& facts) {
  std::string out;
  for (const Remainder& r : facts.remainders)
    out += fmt::format("{} {} {} {} {} {} {} {} {}\n", word_of(r.kind.kind), word_of(r.kind.method),
                       word_of(r.kind.route), word_of(r.kind.code), r.lines, r.subjects, r.first,
                       r.last, hex_of(r.like));
  return out;
}

TEST_CASE("L1, L2: facts are thinned alike, however they were cut and whatever waited on a shelf") {
  rc::prop("thinned", [] {
    const std::size_t log = *any_log();
    const Facts want = thinned(facts_of(all_logs()[log].files), kThin);
    FactShelf shelf(std::filesystem::temp_directory_path().string());
    IngestOptions options = any_options();
    options.shelf = &shelf;
    options.most_lone_lines = *rc::gen::inRange<std::size_t>(0, 40);
    std::vector<std::string> pieces = any_pieces(log);
    pieces.push_back(pieces.front());
    Facts read = facts_of(shuffled(std::move(pieces), any_order()), options);
    const Facts thin = thinned(std::move(read), shelf, options.threads, kThin).value();
    RC_ASSERT(difference(remainders_of(thin), remainders_of(want)) == "");
    RC_ASSERT(difference(content_of(thin), content_of(want)) == "");
    RC_ASSERT(difference(canonical(thin), canonical(want)) == "");
  });
}

// Every event id that the facts hold, as event or as sighting.
std::set<EventId> ids_of(const Facts& facts) {
  std::set<EventId> ids;
  for (const Event& event : facts.events) ids.insert(event.id);
  for (const Touch& touch : facts.touches) ids.insert({touch.first.id, touch.last.id});
  return ids;
}

// Does a line begin at this position, with this number?
bool is_line_start(const std::string& text, const Position& at) {
  if (at.offset >= text.size() || (at.offset > 0 && text[at.offset - 1] != '\n')) return false;
  return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at.offset),
                        '\n') ==
         at.line;
}

TEST_CASE("L5: every piece of evidence is a line of the input, and every noise names its proof") {
  rc::prop("evidence", [] {
    const std::vector<std::string> pieces = any_pieces(*any_log());
    const Facts facts = facts_of(pieces, any_options());
    const Judgement judgement = judge(facts, {});
    const std::set<EventId> ids = ids_of(facts);
    for (const Finding& finding : judgement.findings) {
      RC_ASSERT_FALSE(finding.evidence.empty());
      for (const Evidence& evidence : finding.evidence) {
        RC_ASSERT(ids.count(evidence.event) == 1U);
        RC_ASSERT(is_line_start(pieces.at(evidence.at.source), evidence.at));
      }
      for (const ScorePiece& piece : finding.score) {
        RC_ASSERT((piece.sign == Sign::missing || !piece.events.empty()));
        for (const EventId& id : piece.events) RC_ASSERT(ids.count(id) == 1U);
      }
    }
    for (const Judged& judged : judgement.judged) {
      RC_ASSERT((judged.verdict != Verdict::noise || ids.count(judged.proof) == 1U));
    }
  });
}

// The signed upload tokens of a text.
std::set<std::string> tokens_of(const std::string& text) {
  std::set<std::string> tokens;
  for (std::size_t at = text.find("_state="); at != std::string::npos;
       at = text.find("_state=", at + 1)) {
    const std::size_t begin = at + 7;
    tokens.insert(text.substr(begin, text.find_first_of("% \"&\\", begin) - begin));
  }
  return tokens;
}

TEST_CASE("L7: no upload token of the input is in the facts or in a report") {
  for (const Log& log : all_logs()) {
    const Facts facts = facts_of(log.files);
    const std::string out = content_of(facts) + whole_report(facts);
    for (const std::string& text : log.files) {
      for (const std::string& token : tokens_of(text)) {
        CAPTURE(log.name, token);
        REQUIRE(out.find(token) == std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace regtriage::laws
