// Markdown as GitHub, GitLab and most trackers read it (CommonMark 0.30 and GFM). In a line of text
// only words of letters, plain numbers and the marks of a sentence stand bare; every other word
// goes into a code span, where there are no links, mentions, references, HTML or emphasis. A span's
// or a block's fence is longer than any run of backticks inside (CommonMark 6.1, 4.5).
#include "report/renderers/markdown.h"

#include <algorithm>

#include "base/utf8.h"
#include "report/renderers/plain_words.h"
#include "report/renderers/ticket.h"

namespace regtriage {
namespace {

std::size_t longest_run(std::string_view text, char c) {
  std::size_t longest = 0, run = 0;
  for (const char each : text) {
    run = each == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string code_span(std::string_view text) {
  const std::string safe = terminal_text(text);
  if (safe.empty()) return {};
  const std::string fence(longest_run(safe, '`') + 1, '`');
  const bool touches =
      safe.front() == '`' || safe.back() == '`' || safe.front() == ' ' || safe.back() == ' ';
  const std::string pad = touches ? " " : "";
  return fence + pad + safe + pad + fence;
}

std::string sentence(std::string_view text) { return with_plain_words(text, code_span); }

// `text` is encoded line by line already.
std::string code_block(std::string_view text) {
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  std::string out = "\n";
  out += fence;
  out += "text\n";
  out += text;
  if (!text.ends_with('\n')) out += '\n';
  out += fence;
  out += '\n';
  return out;
}

constexpr Markup kMarkdown = {sentence, code_span, code_block, "## ", "### ", "#### ", "- ", ""};

}  // namespace

void render_markdown(const ReportModel& model, std::string& out) {
  write_ticket(model, kMarkdown, out);
}

}  // namespace regtriage
