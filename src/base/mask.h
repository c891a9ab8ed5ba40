// What of a message differs from one line to the next, replaced by what kind of thing it is, so
// that equal messages become equal texts.
#pragma once

#include <string>
#include <string_view>

namespace regtriage {

// "pulled team/app:v1 (sha256:1111…) in 12ms" becomes "pulled <name> (<digest>) in <number>".
// Masks: digest, uuid, hex, time, number, address, host, url, path, name (with '/' or '@'), id
// (letters and digits mixed), text (one word in quotes), value (behind '='). Levels and truth
// values behind '=' stay, short words with some digits, too ("x509"). Of the text the first 1,024
// bytes are looked at; the result has at most 200, cut at a word. A heuristic for people: never an
// identity. O(bytes).
std::string masked(std::string_view text);

// The first `words` words, and " …" if there are more.
std::string first_words(std::string_view text, std::size_t words);

}  // namespace regtriage
