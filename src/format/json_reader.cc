#include "format/json_reader.h"

#include <simdjson.h>

#include <bit>
#include <cstring>
#include <optional>
#include <vector>

#include "base/scan.h"
#include "base/text.h"
#include "base/utf8.h"

namespace regtriage {

namespace ondemand = simdjson::ondemand;

struct JsonReader::Impl {
  ondemand::parser parser;
  std::vector<char> padded;
  std::vector<JsonField> fields;

  const char* take_text(const char* at, const char* end, std::string_view& out, char*& room);
  bool scan(std::string_view text);
  std::string_view copy(std::string_view text);
  std::string_view copy_as_utf8(std::string_view text);
  simdjson::error_code parse(std::string_view copied);
  bool add(std::string_view key, ondemand::value value);
};

namespace {

// By its first byte, as simdjson tells types; nothing for what begins no value.
std::optional<JsonKind> try_kind(char first) {
  switch (first) {
    case '"':
      return JsonKind::text;
    case '{':
      return JsonKind::object;
    case '[':
      return JsonKind::array;
    case 't':
    case 'f':
      return JsonKind::flag;
    case 'n':
      return JsonKind::null;
    default:
      if (first == '-' || (first >= '0' && first <= '9')) return JsonKind::number;
      return std::nullopt;
  }
}

// Text without escapes is what stands between its quotes; `token` begins with the first of them.
// Nothing if there is an escape, or no end.
std::optional<std::string_view> try_plain_text(std::string_view token) {
  const char* const begin = token.data() + 1;
  const char* const end = token.data() + token.size();
  const char* const stop = find_either(begin, end, '"', '\\');
  if (stop == end || *stop != '"') return std::nullopt;
  return std::string_view(begin, static_cast<std::size_t>(stop - begin));
}

// Where the text that begins at `at` ends: at its quote, or a first escape. Null if it holds a byte
// that JSON does not allow there.
const char* end_of_plain_text(const char* at, const char* end) {
  for (;;) {
    at = find_unplain(at, end);
    if (at == end) return nullptr;
    if (*at == '"' || *at == '\\') return at;
    const std::size_t length = utf8_length({at, static_cast<std::size_t>(end - at)});
    if (length < 2) return nullptr;
    at += length;
  }
}

// What stands for the character behind a backslash; 0 for \u and what is no escape.
char escaped_by(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return 0;
  }
}

bool is_number_byte(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// A number, true, false or null at `at`; empty for anything else.
std::string_view word_at(const char* at, const char* end) {
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  for (const std::string_view word : {"true", "false", "null"})
    if (rest.starts_with(word)) return rest.substr(0, word.size());
  const char* stop = at;
  while (stop != end && is_number_byte(*stop)) ++stop;
  const bool number = *at == '-' || (*at >= '0' && *at <= '9');
  return rest.substr(0, number ? static_cast<std::size_t>(stop - at) : 0);
}

const char* behind_blanks(const char* at, const char* end) {
  while (at != end && *at == ' ') ++at;
  return at;
}

}  // namespace

// The text that begins at `at`, decoded into `room` if it has escapes. Behind its quote; null if it
// is none, or has a \u.
const char* JsonReader::Impl::take_text(const char* at, const char* end, std::string_view& out,
                                        char*& room) {
  const char* stop = end_of_plain_text(at, end);
  if (stop == nullptr) return nullptr;
  if (*stop == '"') {
    out = {at, static_cast<std::size_t>(stop - at)};
    return stop + 1;
  }
  char* const begin = room;
  for (;;) {
    std::memcpy(room, at, static_cast<std::size_t>(stop - at));
    room += stop - at;
    if (*stop == '"') break;
    const char decoded = end - stop < 2 ? '\0' : escaped_by(stop[1]);
    if (decoded == '\0') return nullptr;
    *room++ = decoded;
    at = stop + 2;
    stop = end_of_plain_text(at, end);
    if (stop == nullptr) return nullptr;
  }
  out = {begin, static_cast<std::size_t>(room - begin)};
  return stop + 1;
}

// {"key":"text","key":12,…}, with blanks or without.
bool JsonReader::Impl::scan(std::string_view text) {
  fields.clear();
  // Decoding makes nothing longer, so nothing moves.
  if (padded.size() < text.size()) padded.resize(text.size() + text.size() / 2);
  char* room = padded.data();
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at == end || *at != '{') return false;
  do {
    at = behind_blanks(at + 1, end);
    if (at == end || *at != '"' || fields.size() == kMaxFields) return false;
    JsonField field{{}, {}, JsonKind::text};
    at = take_text(at + 1, end, field.key, room);
    if (at == nullptr) return false;
    at = behind_blanks(at, end);
    if (at == end || *at != ':') return false;
    at = behind_blanks(at + 1, end);
    if (at == end) return false;
    if (*at == '"') {
      at = take_text(at + 1, end, field.value, room);
      if (at == nullptr) return false;
    } else {
      field.value = word_at(at, end);
      if (field.value.empty()) return false;
      field.kind = *try_kind(*at);
      at += field.value.size();
    }
    fields.push_back(field);
    at = behind_blanks(at, end);
    if (at == end || (*at != ',' && *at != '}')) return false;
  } while (*at == ',');
  return at + 1 == end;
}

std::string_view JsonReader::Impl::copy(std::string_view text) {
  const std::size_t needed = text.size() + simdjson::SIMDJSON_PADDING;
  if (padded.size() < needed) padded.resize(needed + needed / 2);
  std::memcpy(padded.data(), text.data(), text.size());
  // On-Demand looks one token behind a broken object: it must not find the line before.
  std::memset(padded.data() + text.size(), 0, simdjson::SIMDJSON_PADDING);
  return {padded.data(), text.size()};
}

// simdjson refuses a whole line for one bad byte; a log line is worth more than that.
std::string_view JsonReader::Impl::copy_as_utf8(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::vector<char> repaired;
  repaired.reserve(text.size() + text.size() / 8 + simdjson::SIMDJSON_PADDING);
  while (!text.empty()) {
    const std::size_t good = utf8_length(text);
    const std::string_view piece = good == 0 ? kReplacement : text.substr(0, good);
    repaired.insert(repaired.end(), piece.begin(), piece.end());
    text.remove_prefix(good == 0 ? 1 : good);
  }
  const std::size_t size = repaired.size();
  repaired.resize(size + simdjson::SIMDJSON_PADDING);
  padded.swap(repaired);
  return {padded.data(), size};
}

bool JsonReader::Impl::add(std::string_view key, ondemand::value value) {
  const std::string_view token = value.raw_json_token();
  const std::optional<JsonKind> kind = try_kind(token.empty() ? '\0' : token[0]);
  if (!kind) return false;
  JsonField field{key, {}, *kind};
  if (field.kind == JsonKind::object) {
    ondemand::object object;
    if (value.get_object().get(object) || object.raw_json().get(field.value)) return false;
    field.value = trimmed(field.value);
  } else if (field.kind == JsonKind::array) {
    ondemand::array array;
    if (value.get_array().get(array) || array.raw_json().get(field.value)) return false;
    field.value = trimmed(field.value);
  } else if (const auto plain =
                 field.kind == JsonKind::text ? try_plain_text(token) : std::nullopt) {
    field.value = *plain;
  } else {
    field.value = trimmed(token);
    // Text that simdjson cannot decode (half a surrogate pair) stays as it is written.
    if (field.kind == JsonKind::text && value.get_string().get(field.value) != simdjson::SUCCESS &&
        field.value.size() >= 2)
      field.value = field.value.substr(1, field.value.size() - 2);
  }
  fields.push_back(field);
  return true;
}

simdjson::error_code JsonReader::Impl::parse(std::string_view copied) {
  fields.clear();
  // Room grows by doubling: lines that are each a little longer than the last must not cost an
  // allocation each.
  if (parser.capacity() < copied.size())
    if (auto error = parser.allocate(std::bit_ceil(copied.size()))) return error;
  ondemand::document document;
  if (auto error = parser.iterate(copied.data(), copied.size(), padded.size()).get(document))
    return error;
  ondemand::object object;
  if (auto error = document.get_object().get(object)) return error;
  for (auto item : object) {
    ondemand::field field;
    if (auto error = std::move(item).get(field)) return error;
    if (fields.size() >= kMaxFields) continue;
    const char* const raw = field.key().raw();
    const std::string_view from_quote(raw - 1, static_cast<std::size_t>(copied.end() - raw) + 1);
    const auto plain = try_plain_text(from_quote);
    std::string_view key = plain.value_or(std::string_view());
    if (!plain)
      if (auto error = field.unescaped_key().get(key)) return error;
    if (!add(key, field.value())) return simdjson::TAPE_ERROR;
  }
  const char* more =
      nullptr;  // an error (out of bounds) says that nothing stands behind the object
  return document.current_location().get(more) ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

JsonReader::JsonReader() = default;
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

bool JsonReader::read(std::string_view text) { return read_flat(text) || read_any(text); }

bool JsonReader::read_flat(std::string_view text) {
  if (!impl_) impl_ = std::make_unique<Impl>();
  const bool flat = impl_->scan(text);
  if (!flat) impl_->fields.clear();
  return flat;
}

bool JsonReader::read_any(std::string_view text) {
  if (!impl_) impl_ = std::make_unique<Impl>();
  simdjson::error_code error = impl_->parse(impl_->copy(text));
  if (error == simdjson::UTF8_ERROR) error = impl_->parse(impl_->copy_as_utf8(text));
  if (error != simdjson::SUCCESS) impl_->fields.clear();
  return error == simdjson::SUCCESS;
}

std::span<const JsonField> JsonReader::fields() const {
  if (!impl_) return {};
  return impl_->fields;
}

const JsonField* JsonReader::find(std::string_view key) const {
  for (const JsonField& field : fields())
    if (field.key == key) return &field;
  return nullptr;
}

std::size_t bytes_of_json_array(std::string_view array, char* out) {
  std::size_t count = 0;
  unsigned value = 0;
  bool has_digits = false;
  if (!array.starts_with('[')) return 0;
  for (const char c : array.substr(1)) {
    if (c >= '0' && c <= '9') {
      value = value * 10 + static_cast<unsigned>(c - '0');
      has_digits = true;
      if (value > 255) return count;
    } else if (c == ',' || c == ']') {
      if (!has_digits) return count;
      out[count++] = static_cast<char>(value);
      value = 0;
      has_digits = false;
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      return count;
    }
  }
  return count;
}

}  // namespace regtriage
