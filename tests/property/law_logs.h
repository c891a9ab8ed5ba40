// What the laws are tried on: real captures over several hours (tests/data/laws), cut, mixed and
// read again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "infer/judge.h"
#include "ingest/census.h"
#include "ingest/ingest.h"
#include "model/facts.h"

namespace regtriage::laws {

// One capture: its files, each with the offsets where a record begins. Between two of these it may
// be cut.
struct Log {
  std::string name;
  std::vector<std::string> files;                // text
  std::vector<std::vector<std::size_t>> starts;  // per file, ascending, first is 0
};

// Read once; the same for the whole run.
const std::vector<Log>& all_logs();
const Classifier& classifier();

// A file's records [begin, end) by share of the file, as one text.
using Cuts = std::vector<std::uint32_t>;
// Cuts every file of `log` at the record borders that `cuts` point to (modulo the number of
// records).
std::vector<std::string> pieces_of(const Log& log, const Cuts& cuts);
// The same pieces in another order; `order` is a seed.
std::vector<std::string> shuffled(std::vector<std::string> pieces, std::uint32_t order);

Facts facts_of(const std::vector<std::string>& texts, const IngestOptions& options = {});
// The canonical export of DESIGN §4, with every error line and silent line.
std::string canonical(const Facts& facts);
// The whole report, positions and sources included.
std::string whole_report(const Facts& facts);
// Every event and touch by what it says, without positions and without ids of names: stricter than
// the export.
std::string content_of(const Facts& facts);
// Where two texts part: the first line that differs, of both; empty if they are the same.
std::string difference(const std::string& one, const std::string& two);

}  // namespace regtriage::laws
