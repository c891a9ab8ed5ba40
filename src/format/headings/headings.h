// The kinds of headings, each in its own file. `x_heads`: does this line head others? Then
// `heading` is set (its `listed` stays). `below_x`: is this line one below it? Then `out` is
// filled, with format inventory or config, and a message only where an answer may need it; a line
// that is none ends the heading. Both are O(bytes) and look at ordinary log lines but briefly.
#pragma once

#include "format/heading.h"
#include "format/scratch.h"

namespace regtriage {

// All kinds together: see RecordParser::parse_below.
bool read_below(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

bool table_heads(std::string_view line, Heading& heading);
bool below_table(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

bool folder_heads(std::string_view line, Heading& heading);
bool below_folder(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

bool redis_heads(std::string_view line, Heading& heading);
bool below_redis(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

bool yaml_heads(std::string_view line, Heading& heading);
bool below_yaml(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

bool nginx_heads(std::string_view line, Heading& heading);
bool below_nginx(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

bool objects_head(std::string_view line, Heading& heading);
bool below_objects(std::string_view line, Heading& heading, Scratch& scratch, Record& out);

}  // namespace regtriage
