// The envelopes, each in its own file. Every one gets the line as it stands (or, for transports
// that write JSON, its top level) and says whether it is its own; it takes off exactly one layer.
#pragma once

#include <cstdint>
#include <string_view>

#include "format/format.h"
#include "format/json_reader.h"
#include "format/scratch.h"

namespace regtriage {

enum class Peel : std::uint8_t {
  no,      // another envelope, or none
  yes,     // `out` holds this layer
  broken,  // surely this envelope, but the program's line is not in it
};

// One layer's worth of what envelopes need. `room` holds decoded payloads; `nested` and `innermost`
// read objects inside of an object.
struct PeelContext {
  EnvelopePeeler::Options options;
  TextRoom room;
  JsonReader json, nested, innermost;
};

// Lines of text.
Peel peel_cri(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_syslog(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_syslog_5424(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_compose(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_kubectl_prefix(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_timestamps(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_stern(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_journal_iso(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_svlogd(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_bracket_time(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_build_clock(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_supervisor(std::string_view line, PeelContext& context, Envelope& out);

// Lines that came through other hands.
Peel peel_grep_prefix(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_quoted_export(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_colours(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_typography(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_unknown_head(std::string_view line, PeelContext& context, Envelope& out);

// Lines that are one JSON object; context.json has read it.
Peel peel_docker_json(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_journal_json(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_loki(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_fluent_bit(std::string_view line, PeelContext& context, Envelope& out);
Peel peel_filebeat(std::string_view line, PeelContext& context, Envelope& out);

}  // namespace regtriage
