// Pieces that the access lines of all servers are made of.
#pragma once

#include <string_view>

#include "format/scratch.h"
#include "model/record.h"

namespace regtriage {

// Takes a blank and a quoted part off the head of `rest`, escapes decoded; false if there is none.
bool take_quoted(std::string_view& rest, TextRoom& room, std::string_view& value);
// Takes a blank and a word off the head of `rest`; empty if there is none.
std::string_view take_blank_word(std::string_view& rest);
// "METHOD uri proto" into method and uri; what is no request stays in uri.
void split_request(std::string_view request, Scratch& scratch, Record& out);
// "https://registry.example.com:443/v2/" → "/v2/"; anything else as it is.
std::string_view path_of_url(std::string_view uri);
// "-" stands for nothing.
std::string_view unless_dash(std::string_view text);
// Makes `out` an access line; what is left of it becomes the field "rest", by which a server in
// front is known (classify/classifier.cc).
void finish_access(std::string_view rest, Scratch& scratch, Record& out);

}  // namespace regtriage
