// The formats, each in its own file. `x_begins` is a cheap look at the head: might a record of this
// format begin here? It decides what is tried, and (unless said otherwise) whether an open record
// ends before this line. `parse_x` is called only if it said yes.
#pragma once

#include <string_view>

#include "format/format.h"
#include "format/scratch.h"

namespace regtriage {

bool logfmt_begins(std::string_view payload);
Parsed parse_logfmt(std::string_view payload, Scratch& scratch, Record& out);

bool access_begins(std::string_view payload);
// Its plainest form, "host - - [": neither an envelope nor anything else begins so. O(host).
bool access_surely_begins(std::string_view line);
Parsed parse_access(std::string_view payload, Scratch& scratch, Record& out);

// Harbor's nginx: no time of its own, or the Helm chart's in front.
bool harbor_access_begins(std::string_view payload);
Parsed parse_harbor_access(std::string_view payload, Scratch& scratch, Record& out);

bool haproxy_begins(std::string_view payload);
Parsed parse_haproxy(std::string_view payload, Scratch& scratch, Record& out);

bool envoy_begins(std::string_view payload);
Parsed parse_envoy(std::string_view payload, Scratch& scratch, Record& out);

bool elb_begins(std::string_view payload);
Parsed parse_elb(std::string_view payload, Scratch& scratch, Record& out);

bool harbor_begins(std::string_view payload);
Parsed parse_harbor(std::string_view payload, Scratch& scratch, Record& out);

bool postgresql_begins(std::string_view payload);
Parsed parse_postgresql(std::string_view payload, Scratch& scratch, Record& out);

bool webhook_begins(std::string_view payload);
Parsed parse_webhook(std::string_view payload, Scratch& scratch, Record& out);

bool logstash_begins(std::string_view payload);
Parsed parse_logstash(std::string_view payload, Scratch& scratch, Record& out);

bool error_body_begins(std::string_view payload);
Parsed parse_error_body(std::string_view payload, Scratch& scratch, Record& out);

bool spoken_error_begins(std::string_view payload);
Parsed parse_spoken_error(std::string_view payload, Scratch& scratch, Record& out);

bool json_begins(std::string_view payload);
Parsed parse_json(std::string_view payload, Scratch& scratch, Record& out);

bool tty_begins(std::string_view payload);
Parsed parse_tty(std::string_view payload, Scratch& scratch, Record& out);

bool go_log_begins(std::string_view payload);
Parsed parse_go_log(std::string_view payload, Scratch& scratch, Record& out);

bool klog_begins(std::string_view payload);
Parsed parse_klog(std::string_view payload, Scratch& scratch, Record& out);

bool quay_begins(std::string_view payload);
Parsed parse_quay(std::string_view payload, Scratch& scratch, Record& out);

bool nexus_begins(std::string_view payload);
Parsed parse_nexus(std::string_view payload, Scratch& scratch, Record& out);

bool artifactory_begins(std::string_view payload);
Parsed parse_artifactory(std::string_view payload, Scratch& scratch, Record& out);

bool gitea_begins(std::string_view payload);
Parsed parse_gitea(std::string_view payload, Scratch& scratch, Record& out);

bool inventory_begins(std::string_view payload);
Parsed parse_inventory(std::string_view payload, Scratch& scratch, Record& out);

bool plain_begins(std::string_view payload);
Parsed parse_plain(std::string_view payload, Scratch& scratch, Record& out);

}  // namespace regtriage
