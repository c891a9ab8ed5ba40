#include "report/renderers/text_page.h"

#include "base/utf8.h"
#include "report/layout.h"

namespace regtriage {
namespace {

std::string_view code_of(TextPage::Style style) {
  switch (style) {
    case TextPage::Style::plain:
      return "";
    case TextPage::Style::bold:
      return "1";
    case TextPage::Style::dim:
      return "2";
    case TextPage::Style::bad:
      return "1;31";
    case TextPage::Style::warn:
      return "1;33";
    case TextPage::Style::good:
      return "1;32";
  }
  return "";
}

}  // namespace

std::string TextPage::safe(std::string_view text) const {
  const std::string encoded = terminal_text(text);
  return short_digests_ ? with_short_digests(encoded) : encoded;
}

void TextPage::styled(std::string_view text, Style style) {
  const std::string_view code = code_of(style);
  if (!color_ || code.empty()) {
    out_ += text;
    return;
  }
  out_ += "\x1b[";
  out_ += code;
  out_ += 'm';
  out_ += text;
  out_ += "\x1b[0m";
}

void TextPage::paragraph(std::string_view text, int indent, Style style) {
  out_.append(static_cast<std::size_t>(indent), ' ');
  styled(wrapped(safe(text), indent, columns_), style);
  out_ += '\n';
}

void TextPage::row(std::string_view left, std::string_view text, int indent, int column,
                   Style left_style) {
  const std::string head = safe(left), body = safe(text);
  const auto start = static_cast<std::size_t>(column);
  const std::size_t width = static_cast<std::size_t>(indent) + display_width(head);
  out_.append(static_cast<std::size_t>(indent), ' ');
  styled(head, left_style);
  if (body.empty()) {
    out_ += '\n';
    return;
  }
  if (width + 1 > start) {
    out_ += '\n';
    out_.append(start, ' ');
  } else {
    out_.append(start - width, ' ');
  }
  out_ += wrapped(body, column, columns_);
  out_ += '\n';
}

void TextPage::verbatim(std::string_view text, int indent) {
  out_.append(static_cast<std::size_t>(indent), ' ');
  out_ += terminal_text(text);
  out_ += '\n';
}

}  // namespace regtriage
