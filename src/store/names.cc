#include "store/names.h"

#include <algorithm>

#include "base/utf8.h"
#include "store/vocabulary.h"

namespace regtriage {

bool is_clean(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

std::string clean(std::string_view text) {
  if (is_clean(text)) return std::string(text);
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const std::size_t length = text.front() == '\0' ? 0 : utf8_length(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

NameWriter::NameWriter(Database& database)
    : database_(database),
      find_(database.prepare("SELECT id FROM name WHERE text = ? AND raw = ?")),
      insert_(
          database.prepare("INSERT INTO name (text, raw) VALUES (?, ?) ON CONFLICT DO NOTHING")) {}

Result<std::int64_t> NameWriter::number_of(std::string_view text) {
  if (text.empty()) return 0;
  if (is_clean(text)) return add(text, "");
  return add(clean(text), text);
}

// Most names are new: they are put in first and looked for only if that changed nothing.
Result<std::int64_t> NameWriter::add(std::string_view text, std::string_view raw) {
  if (Result<void> added = insert_.bind(1, text).bind_blob(2, raw).run(); !added)
    return tl::unexpected(added.error());
  if (database_.changes() > 0) return database_.last_row();
  const Result<bool> found = find_.bind(1, text).bind_blob(2, raw).step();
  if (!found) return tl::unexpected(found.error());
  const std::int64_t number = *found ? find_.integer(0) : 0;
  find_.reset();
  return number;
}

// In the order of their texts, so that the index grows at its end.
Result<void> NameNumbers::resolve(NameWriter& writer) {
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t i = 0; i < numbers_.size(); ++i)
    if (numbers_[i] != 0) wanted.push_back(i);
  const auto text = [this](std::uint32_t i) { return names_.text(static_cast<NameId>(i)); };
  std::sort(wanted.begin(), wanted.end(),
            [&text](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); });
  for (const std::uint32_t i : wanted) {
    const Result<std::int64_t> number = writer.number_of(text(i));
    if (!number) return tl::unexpected(number.error());
    numbers_[i] = *number;
  }
  return {};
}

Result<WordNumbers> resolve_words(NameWriter& writer) {
  WordNumbers numbers;
  Error trouble;
  const auto into = [&](auto& row) {
    return [&](auto value, std::string_view word) {
      const Result<std::int64_t> number = writer.number_of(word);
      if (number)
        row[static_cast<std::size_t>(value)] = *number;
      else
        trouble = number.error();
    };
  };
  each_word<Origin>(into(numbers.origin));
  each_word<Level>(into(numbers.level));
  each_word<Method>(into(numbers.method));
  each_word<Route>(into(numbers.route));
  each_word<Code>(into(numbers.code));
  each_word<EventKind>(into(numbers.kind));
  each_word<Verdict>(into(numbers.verdict));
  each_word<CauseId>(into(numbers.cause));
  if (!trouble.what.empty()) return tl::unexpected(trouble);
  return numbers;
}

}  // namespace regtriage
