#include "format/format_catalogue.h"

#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr FormatRow kRows[] = {
    {Format::logfmt, logfmt_begins, parse_logfmt, false},
    {Format::webhook, webhook_begins, parse_webhook, false},
    {Format::logstash, logstash_begins, parse_logstash, false},
    {Format::json, json_begins, parse_json, false},
    {Format::tty, tty_begins, parse_tty, false},
    {Format::go_log, go_log_begins, parse_go_log, false},
    {Format::access, access_begins, parse_access, false},
    {Format::plain, plain_begins, parse_plain, true},  // a repository's name alone has no head
};

}  // namespace

std::span<const FormatRow> format_catalogue() { return kRows; }

}  // namespace regtriage
