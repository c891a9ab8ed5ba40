// The envelopes, in the order they are tried.
#pragma once

#include <span>
#include <string_view>

#include "format/envelopes/envelopes.h"

namespace regtriage {

struct EnvelopeRow {
  std::string_view word;  // public: the report's input section
  bool (*may_begin)(char first);
  Peel (*peel)(std::string_view line, PeelContext& context, Envelope& out);
};

// A new envelope is one new file under envelopes/ and one row here; at most 32 rows. The word's
// index is the bit of EnvelopePeeler::seen().
std::span<const EnvelopeRow> envelope_catalogue();

}  // namespace regtriage
