// Small pieces that the parsers of other products' logs share.
#pragma once

#include <string_view>

#include "format/scratch.h"

namespace regtriage {

// "2023-04-24 11:12:37,996" (Python's asctime, log4j's and logback's ISO8601), perhaps with a zone
// "+0000" behind it, at the head of `text`: its bytes; 0 if there is none.
std::size_t comma_time_bytes(std::string_view text);
// Puts that time into the record; without a zone it is read as UTC. `scratch.room` has begun.
void put_comma_time(std::string_view text, Scratch& scratch, Record& out);
// Takes "[word]" off the head of `rest`, blanks inside and behind it trimmed; false if there is
// none.
bool take_bracket(std::string_view& rest, std::string_view& word);
// A path of the API or an image that a message names, into the empty slots: "v2/N/manifests/T" with
// or without a slash before it, a digest, a sentence (error_words.h). Needs scratch.room.
void take_subject(std::string_view message, Scratch& scratch, Record& out);

}  // namespace regtriage
