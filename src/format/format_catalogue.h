// The record formats, in the order they are tried.
#pragma once

#include <span>
#include <string_view>

#include "format/format.h"
#include "format/scratch.h"

namespace regtriage {

struct FormatRow {
  bool (*begins)(std::string_view payload);  // a cheap look at the head
  Parsed (*parse)(std::string_view payload, Scratch& scratch, Record& out);
  Format format;      // for people; a parser sets Record::format itself
  bool tried_always;  // parse() is asked even where begins() said no
};

// A new format is one new file under formats/ and one row here.
std::span<const FormatRow> format_catalogue();

}  // namespace regtriage
