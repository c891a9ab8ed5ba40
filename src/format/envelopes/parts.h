// Small pieces that several envelopes share.
#pragma once

#include <string_view>

#include "format/envelopes/envelopes.h"

namespace regtriage {

// Takes an RFC 3339 time with 'T' and the blank behind it off the head of `rest`. False if there is
// none; then `rest` is as it was.
bool take_iso_time(std::string_view& rest, TimeNs& time, std::string_view& text);

// Takes "tag[pid]: " (or "tag: " if `pid_optional`) off the head of `rest`; of the blanks behind
// the colon exactly one goes.
bool take_tag(std::string_view& rest, std::string_view& tag, bool pid_optional);

// Takes the bytes before the next blank, and the blank, off the head. Empty if there is no blank.
std::string_view take_word(std::string_view& rest);

// A DNS label or subdomain as Kubernetes names its pods and containers: [a-z0-9.-], ends in a
// letter or digit.
bool is_kubernetes_name(std::string_view text);

// A JSON field's text; empty if it is missing or no text.
std::string_view text_field(const JsonReader& json, std::string_view key);

// The value of `inner` in the object at `outer` ("kubernetes", "pod_name"); nested.read() is spent
// for it.
std::string_view nested_text(const JsonReader& json, std::string_view outer, std::string_view inner,
                             PeelContext& context);

// Text with rsyslog's octal escapes of control bytes ("#011" is a tab) decoded into the context's
// room.
std::string_view octal_decoded(std::string_view text, PeelContext& context);

}  // namespace regtriage
