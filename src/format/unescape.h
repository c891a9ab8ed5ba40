// The escapes of Go's %q, of gorilla's access log and of nginx and Apache: one decoder knows all.
#pragma once

#include <string_view>

#include "format/scratch.h"

namespace regtriage {

// Decodes \a \b \f \n \r \t \v \\ \" \' \xNN \uNNNN \UNNNNNNNN (hex of any case); anything else
// stays as it stands and sets `strict` to false. Sources: Go strconv.Quote; gorilla/handlers v1.5.2
// logging.go appendQuoted; nginx ngx_http_log_escape (\x22). Linear. The text lives in `room`.
std::string_view unescaped(std::string_view text, TextRoom& room, bool& strict);

// Where the quoted text that begins at `begin` (behind its quote) ends: the first quote that no
// backslash escapes; npos if none. Sets `escaped` if there is a backslash before it.
std::size_t end_of_quoted(std::string_view text, std::size_t begin, bool& escaped);

}  // namespace regtriage
