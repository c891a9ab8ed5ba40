// Sentences with foreign words in them: which words may stand bare in any wiki.
#pragma once

#include <string>
#include <string_view>

namespace regtriage {

// What stands between two backticks is one word. Else splits at blanks: a word of ASCII letters
// (with
// '-' or an apostrophe between letters), or of digits (with ',' or '.' between digits), with the
// marks of a sentence around it, stands as it is; of any other word the middle is given to
// `encode`. So "www.x.org", "@ann", "#1", "ABC-12", "<b>", "*x*" never stand bare. O(bytes).
std::string with_plain_words(std::string_view text, std::string (*encode)(std::string_view));

}  // namespace regtriage
