#include "format/envelope_catalogue.h"

namespace regtriage {
namespace {

bool brace(char c) { return c == '{'; }
bool bracket(char c) { return c == '['; }
bool angle(char c) { return c == '<'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || digit(c); }
bool month_or_angle(char c) { return (c >= 'A' && c <= 'S') || angle(c); }
bool name_or_colour(char c) {
  return lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '\x1b';
}
bool file_name(char c) { return name_or_colour(c) || c == '/' || c == '.' || c == '~'; }
bool quote_or_digit(char c) { return c == '"' || digit(c); }
bool any(char) { return true; }

// Where two could claim a line, the one with the stricter form stands first.
constexpr EnvelopeRow kRows[] = {
    {"docker-json", brace, peel_docker_json},
    {"journal-json", brace, peel_journal_json},
    {"loki", brace, peel_loki},
    {"fluent-bit", brace, peel_fluent_bit},
    {"filebeat", brace, peel_filebeat},
    {"kubectl-prefix", bracket, peel_kubectl_prefix},
    {"bracket-time", bracket, peel_bracket_time},
    {"syslog-5424", angle, peel_syslog_5424},
    {"syslog", month_or_angle, peel_syslog},
    {"cri", digit, peel_cri},
    {"journal-iso", digit, peel_journal_iso},
    {"timestamps", digit, peel_timestamps},
    {"svlogd", digit, peel_svlogd},
    {"build-clock", lower_or_digit, peel_build_clock},
    {"compose", name_or_colour, peel_compose},
    {"supervisor", lower_or_digit, peel_supervisor},
    {"stern", lower_or_digit, peel_stern},
    {"csv", quote_or_digit, peel_quoted_export},
    {"grep", file_name, peel_grep_prefix},
    {"colours", any, peel_colours},
    {"typography", any, peel_typography},
    {"unknown-head", any, peel_unknown_head},
};
static_assert(std::size(kRows) <= 32);

}  // namespace

std::span<const EnvelopeRow> envelope_catalogue() { return kRows; }

}  // namespace regtriage
