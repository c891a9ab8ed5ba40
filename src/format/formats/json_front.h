// Access lines that servers in front write as JSON objects: Traefik, Caddy, and nginx with a JSON
// log_format. Shared by json.cc.
#pragma once

#include "format/scratch.h"
#include "model/record.h"

namespace regtriage {

// Makes an access line of a record whose fields are those of such a server; leaves any other as it
// is. Needs scratch.room.
void take_front_fields(Scratch& scratch, Record& out);

}  // namespace regtriage
