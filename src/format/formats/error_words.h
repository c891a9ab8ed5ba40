// What a registry says about an error in words or as an OCI body, wherever it stands: taken into
// the slots of a record that are still empty.
#pragma once

#include <string_view>

#include "format/scratch.h"

namespace regtriage {

// The first error of an OCI body, which begins at the start of `body` (text behind it does not
// count). Uses the scratch's readers but `json`; views live in them. False: no body, nothing is
// taken. O(bytes).
bool take_error_body(std::string_view body, Scratch& scratch, Record& out);
// As above, for a body anywhere in `text`.
bool take_embedded_body(std::string_view text, Scratch& scratch, Record& out);
// Repository, reference, digest or path from a sentence. O(bytes).
void take_error_sentence(std::string_view text, Record& out);
// "R:T", "R@D" or "R", without a host.
void take_image(std::string_view image, Record& out);
// The word behind `marker`, without quotes around it; empty if the marker is not there.
std::string_view word_behind(std::string_view text, std::string_view marker);

}  // namespace regtriage
