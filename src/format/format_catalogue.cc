#include "format/format_catalogue.h"

#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr FormatRow kRows[] = {
    {logfmt_begins, parse_logfmt, Format::logfmt, false},
    {webhook_begins, parse_webhook, Format::webhook, false},
    {logstash_begins, parse_logstash, Format::logstash, false},
    {error_body_begins, parse_error_body, Format::text, false},
    {json_begins, parse_json, Format::json, false},
    {tty_begins, parse_tty, Format::tty, false},
    {quay_begins, parse_quay, Format::quay, false},
    {nexus_begins, parse_nexus, Format::nexus, false},
    {artifactory_begins, parse_artifactory, Format::artifactory, false},
    {gitea_begins, parse_gitea, Format::gitea, false},
    {go_log_begins, parse_go_log, Format::go_log, false},
    {klog_begins, parse_klog, Format::klog, false},
    {access_begins, parse_access, Format::access, false},
    {harbor_access_begins, parse_harbor_access, Format::access, false},
    {haproxy_begins, parse_haproxy, Format::access, false},
    {envoy_begins, parse_envoy, Format::access, false},
    {elb_begins, parse_elb, Format::access, false},
    {harbor_begins, parse_harbor, Format::harbor, false},
    {postgresql_begins, parse_postgresql, Format::postgresql, false},
    {inventory_begins, parse_inventory, Format::inventory, false},
    {plain_begins, parse_plain, Format::plain, true},  // a repository's name alone has no head
    {spoken_error_begins, parse_spoken_error, Format::text, true},
};

}  // namespace

std::span<const FormatRow> format_catalogue() { return kRows; }

}  // namespace regtriage
