// Lines that a terminal has cut at its width, as people copy them from one.
//
// The problem: such a line's rest looks like any odd line, so the log says next to nothing, and an
// error that fell apart would be missed. The proof, from the head of a source alone: no line is
// wider than W; many are just as wide; and what begins no record stands, with few exceptions, only
// behind such a full line. In a log that nothing cut, full lines are few or what follows them
// begins records. Only then a full line is joined with what follows it, unless that
// begins a record. A line is full that has W characters (a terminal) or W bytes (fold). Not mended:
// a copy that lost the blank at its edge, and lines cut at words.
#pragma once

#include <cstddef>
#include <string_view>

#include "format/format.h"

namespace regtriage {

// Has the line `width` characters, or as many bytes?
bool is_full(std::string_view line, std::size_t width);

// Would this line, envelopes and all, begin a record for sure? More careful than starts_record: a
// pair alone ("vars.name=team/app") may be the rest of a line. O(bytes).
bool surely_begins(std::string_view line, EnvelopePeeler& peeler);

// The width at which the source with this head was cut; 0: it was not, or nothing proves it.
// O(bytes).
std::size_t wrap_width_of(std::string_view head, EnvelopePeeler& peeler);

}  // namespace regtriage
