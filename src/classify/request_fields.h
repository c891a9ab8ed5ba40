// What the fields of a request tell: where it went, on whose behalf, and with which code.
#pragma once

#include <string_view>

#include "classify/draft_text.h"
#include "model/event.h"
#include "model/record.h"

namespace regtriage {

// Fills route, repository, digest, tag, upload, from, path, offset and upload_started from the
// target of a request ("http.request.uri"). O(bytes).
void fill_target(std::string_view uri, DraftText& text, EventDraft& draft);

// Fills what the path left open from vars.*. The path goes first: it stands before every value that
// a client may have forged into a line that does not escape (formats.md §1.1).
void fill_vars(const Record& record, DraftText& text, EventDraft& draft);

// Code, and detail with what it names: the missing child, the revision, the tag.
void fill_error(const Record& record, DraftText& text, EventDraft& draft);

// Fills repository, tag and digest from an image's reference as clients write it:
// [docker://][HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST] (distribution/reference v0.5.0 reference.go; a
// first part with a dot or colon, or "localhost", is a host). What is none leaves the draft as it
// is.
void fill_image_reference(std::string_view reference, DraftText& text, EventDraft& draft);

// The code that a registry gives for this answer, where no line says it (OCI distribution-spec
// 1.1.1 "Error Codes"; distribution registry/api/v2/errors.go v2.8.3).
// The status that goes with a code (distribution registry/api/v2/errors.go v2.8.3); -1 for those
// that come with several.
int status_of(Code code);
Code inferred_code(Method method, Route route, int status);

// "10.0.0.7:51234" → "10.0.0.7", "[::1]:5" → "::1"; any other text as it is.
std::string_view address_without_port(std::string_view text);

}  // namespace regtriage
