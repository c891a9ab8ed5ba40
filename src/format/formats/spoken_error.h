// What a free text says of a registry's answer: its code and its subject, in the words of whichever
// client, proxy or job passes it on.
//
//   Error: PUT https://H/v2/N/manifests/T: MANIFEST_BLOB_UNKNOWN: blob unknown to registry; D
//   failed to push manifest, tag: T, error http status code: 400, body: {"errors":[{"code":"…"…
//   Error response from daemon: unknown: artifact N@D not found
//   … \"errors\":[{\"code\":\"MANIFEST_UNKNOWN\" …                        (escaped, once or
//   oftener)
//
// Every program wraps them differently, so the wrapping is not asked for: a code must stand there
// in the words of the OCI specification, of distribution or of Harbor, and the subject is what
// looks like a path of the API, an image with a host, or a name behind a word that announces one.
// Sources: OCI distribution-spec 1.1.1, "Error Codes"; distribution registry/api/v2/errors.go and
// registry/api/errcode/register.go v2.8.3; harbor src/lib/errors and src/lib/http/error.go v2.7.4.
#pragma once

#include <string_view>

#include "format/scratch.h"

namespace regtriage {

// Fills the slots that are still empty (code, name, reference, digest, uri, method, status) and
// marks the record as spoken. False: the text names no answer, nothing is taken. `scratch.room` has
// begun. O(bytes), a look at the head of a longer text only.
bool take_spoken_error(std::string_view text, Scratch& scratch, Record& out);

// A later line of a value that distribution 2.x does not escape (an S3 error, aws-sdk-go
// aws/awserr/types.go v1.44): it belongs to the line before it, even where that is not there yet.
bool is_rest_of_record(std::string_view text);

}  // namespace regtriage
