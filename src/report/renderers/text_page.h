// A page of text for a terminal. The only way on it leads through the encoder for terminals, so no
// foreign byte can move the cursor, change colours or turn the writing direction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace regtriage {

class TextPage {
 public:
  enum class Style { plain, bold, dim, bad, warn, good };

  // `columns` 0 = no wrapping. Appends to `out`, which must outlive the page.
  TextPage(std::string& out, int columns, bool color, bool short_digests)
      : out_(out), columns_(columns), color_(color), short_digests_(short_digests) {}

  void blank() { out_ += '\n'; }
  // One wrapped paragraph.
  void paragraph(std::string_view text, int indent = 0, Style style = Style::plain);
  // "  left   text wrapped under itself"; `column` is where the text begins.
  void row(std::string_view left, std::string_view text, int indent, int column,
           Style left_style = Style::plain);
  // As it is, never wrapped nor shortened: commands to copy.
  void verbatim(std::string_view text, int indent);

 private:
  std::string safe(std::string_view text) const;
  void styled(std::string_view text, Style style);

  std::string& out_;
  int columns_;
  bool color_, short_digests_;
};

}  // namespace regtriage
