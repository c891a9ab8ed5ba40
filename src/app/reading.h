// From the sources named in a call to facts, with progress and messages. Shared by triage, report
// and ingest.
#pragma once

#include <string>
#include <vector>

#include "app/context.h"
#include "classify/classifier.h"
#include "ingest/ingest.h"
#include "model/facts.h"
#include "store/fact_shelf.h"

namespace regtriage {

// The built-in patterns and those of --patterns.
Result<Classifier> load_classifier(const CallContext& context);

// What the operands name; none = standard input.
std::vector<InputName> inputs_of(const CallContext& context);
IngestOptions ingest_options_of(const CallContext& context);
// As asked for, else one for each processor, at most 16.
unsigned threads_of(const RunOptions& options);

// How many lines that may be lone (facts/lone.h) are held at once, in so many bytes for everything:
// a quarter is for them while they are gathered, as much again while they are moved.
std::size_t most_lone_lines_in(std::uint64_t memory);

// Reads the inputs, shows progress if standard error is a terminal, complains about each source
// that had trouble (exit status 4 unreadable, 3 not understood or cut short).
// With a census the rules are counted, and that not one line is understood is no trouble: that is
// what was asked.
Facts read_facts(CallContext& context, const Classifier& classifier,
                 const std::vector<InputName>& inputs, Census* census = nullptr);
// With a shelf for what --memory has no room for (IngestOptions::shelf); warns if it takes nothing.
Facts read_facts(CallContext& context, const Classifier& classifier,
                 const std::vector<InputName>& inputs, FactShelf& shelf);

// The complaints alone.
void complain_about_sources(CallContext& context, const std::vector<SourceReport>& sources);

}  // namespace regtriage
