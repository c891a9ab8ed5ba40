#include "classify/expression.h"

#include <array>

namespace regtriage {
namespace {

// Messages are bytes, not always UTF-8; a dot is a byte. A program over 1 MiB does not compile.
re2::RE2::Options options() {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_encoding(re2::RE2::Options::EncodingLatin1);
  out.set_max_mem(1 << 20);
  out.set_dot_nl(true);
  return out;
}

}  // namespace

Expression::Expression(std::string_view pattern)
    : program(re2::StringPiece(pattern.data(), pattern.size()), options()) {
  if (program.ok()) group_count = program.NumberOfCapturingGroups();
}

bool Expression::match(std::string_view message, std::string_view* caught) const {
  const re2::StringPiece text(message.data(), message.size());
  std::array<re2::StringPiece, kMaxGroups + 1> found;
  const int wanted = groups.empty() ? 0 : group_count + 1;
  if (!program.Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(), wanted))
    return false;
  for (const Group& group : groups) {
    const re2::StringPiece& piece = found[static_cast<std::size_t>(group.number)];
    if (piece.data() != nullptr)
      caught[static_cast<std::size_t>(group.target)] = {piece.data(), piece.size()};
  }
  return true;
}

}  // namespace regtriage
