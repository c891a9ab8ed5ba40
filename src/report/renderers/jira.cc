// Jira's wiki markup (https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa). Inside {{…}}
// links, mentions and macros still work, so a foreign word is written with character references:
// they are shown as the character and never read as markup, URL or issue key. Blocks are
// {noformat}, whose own name inside is broken up.
#include "report/renderers/jira.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "report/renderers/plain_words.h"
#include "report/renderers/ticket.h"

namespace regtriage {
namespace {

bool stands_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string with_references(std::string_view text) {
  std::string out;
  for (const char c : terminal_text(text))
    out += stands_bare(c) ? std::string(1, c) : fmt::format("&#{};", static_cast<int>(c));
  return out;
}

std::string sentence(std::string_view text) { return with_plain_words(text, with_references); }

std::string code(std::string_view text) { return fmt::format("{{{{{}}}}}", with_references(text)); }

bool begins_macro(std::string_view text) {
  constexpr std::string_view kName = "{noformat";
  if (text.size() < kName.size()) return false;
  for (std::size_t i = 0; i < kName.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) | 0x20U) !=
        (static_cast<unsigned char>(kName[i]) | 0x20U))
      return false;
  return true;
}

std::string block(std::string_view text) {
  std::string inside;
  for (std::size_t i = 0; i < text.size(); ++i) {
    inside += text[i];
    if (begins_macro(text.substr(i))) inside += ' ';
  }
  return fmt::format("{{noformat}}\n{}{}{{noformat}}\n", inside,
                     inside.ends_with('\n') ? "" : "\n");
}

constexpr Markup kJira = {sentence, code, block, "h2. ", "h3. ", "h4. ", "* ", "# "};

}  // namespace

void render_jira(const ReportModel& model, std::string& out) { write_ticket(model, kJira, out); }

}  // namespace regtriage
