#include "store/names.h"

#include <algorithm>

#include "base/utf8.h"

namespace regtriage {
namespace {

// Calls use(value, word) for each word of a vocabulary from its first to `last`.
template <class Word, class Use>
void each_word(Word last, const Use& use) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
    use(static_cast<Word>(i), word_of(static_cast<Word>(i)));
}

template <class Use>
void each_origin(const Use& use) {
  each_word(Origin::inventory, use);
}
template <class Use>
void each_level(const Use& use) {
  each_word(Level::panic, use);
}
template <class Use>
void each_method(const Use& use) {
  each_word(Method::other, use);
}
template <class Use>
void each_route(const Use& use) {
  each_word(Route::other, use);
}
template <class Use>
void each_code(const Use& use) {
  each_word(Code::MANIFEST_REFERENCED, use);
}
template <class Use>
void each_kind(const Use& use) {
  each_word(static_cast<EventKind>(static_cast<int>(EventKind::count_) - 1), use);
}
template <class Use>
void each_verdict(const Use& use) {
  each_word(Verdict::undetermined, use);
}
template <class Use>
void each_cause(const Use& use) {
  each_word(CauseId::undetermined, use);
}

}  // namespace

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
      insert_(database.prepare("INSERT INTO name (text, raw) VALUES (?, ?)")) {}

Result<std::int64_t> NameWriter::number_of(std::string_view text) {
  if (text.empty()) return 0;
  if (is_clean(text)) return add(text, "");
  return add(clean(text), text);
}

Result<std::int64_t> NameWriter::add(std::string_view text, std::string_view raw) {
  const Result<bool> found = find_.bind(1, text).bind_blob(2, raw).step();
  if (!found) return tl::unexpected(found.error());
  if (*found) {
    const std::int64_t number = find_.integer(0);
    find_.reset();
    return number;
  }
  find_.reset();
  if (Result<void> added = insert_.bind(1, text).bind_blob(2, raw).run(); !added)
    return tl::unexpected(added.error());
  return database_.last_row();
}

Result<void> NameNumbers::resolve(NameWriter& writer) {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i] == 0) continue;
    const Result<std::int64_t> number = writer.number_of(names_.text(static_cast<NameId>(i)));
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
  each_origin(into(numbers.origin));
  each_level(into(numbers.level));
  each_method(into(numbers.method));
  each_route(into(numbers.route));
  each_code(into(numbers.code));
  each_kind(into(numbers.kind));
  each_verdict(into(numbers.verdict));
  each_cause(into(numbers.cause));
  if (!trouble.what.empty()) return tl::unexpected(trouble);
  return numbers;
}

Result<NameReader> NameReader::load(Database& database, StringTable& names) {
  NameReader reader;
  Statement rows = database.prepare("SELECT id, text, raw FROM name ORDER BY id");
  for (;;) {
    const Result<bool> row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const std::string_view raw = rows.text(2);
    reader.numbers_.push_back(rows.integer(0));
    reader.ids_.push_back(names.intern(raw.empty() ? rows.text(1) : raw));
  }
  // A damaged file may break the order that the index promises.
  if (!std::is_sorted(reader.numbers_.begin(), reader.numbers_.end()))
    return tl::unexpected(
        database.error_of(11 /* SQLITE_CORRUPT */, "its table 'name' is damaged"));
  reader.learn_words(names);
  return reader;
}

NameId NameReader::name(std::int64_t number) const {
  if (number < 1) return NameId::none;
  // Without gaps (the rule) a number is its own place.
  const auto guess = static_cast<std::size_t>(number - 1);
  if (guess < numbers_.size() && numbers_[guess] == number) return ids_[guess];
  const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), number);
  if (at == numbers_.end() || *at != number) return NameId::none;
  return ids_[static_cast<std::size_t>(at - numbers_.begin())];
}

void NameReader::learn_words(const StringTable& names) {
  const auto into = [&names](auto& row) {
    row.resize(names.size());
    return [&](auto value, std::string_view word) {
      const NameId id = names.find(word);
      if (id != NameId::none) row[static_cast<std::size_t>(id)] = value;
    };
  };
  each_origin(into(origin_));
  each_level(into(level_));
  each_method(into(method_));
  each_route(into(route_));
  each_code(into(code_));
  each_kind(into(kind_));
}

}  // namespace regtriage
