#include "input/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace regtriage {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::size_t at;  // offset of the magic number
  std::string_view magic;
  std::string_view what;
};

constexpr std::string_view kTar = "a tar archive";
constexpr std::array kKinds = {
    Kind{0, "SQLite format 3\0"sv, "an SQLite database"},
    Kind{257, "ustar"sv, kTar},
    Kind{0, "PK\3\4"sv, "a zip archive"},
    Kind{0,
         "\x7f"
         "ELF"sv,
         "a program"},
    Kind{0, "LPKSHHRH"sv, "a binary journal of systemd"},
    Kind{0, "\x89PNG"sv, "a picture"},
    Kind{0, "\xd4\xc3\xb2\xa1"sv, "a packet capture"},
};

const Kind* kind_of(std::string_view head) {
  for (const Kind& kind : kKinds)
    if (head.size() > kind.at && head.substr(kind.at, kind.magic.size()) == kind.magic)
      return &kind;
  return nullptr;
}

// Latin text in UTF-16 has a NUL in every second byte. 16 bytes are too few to judge less than all.
bool looks_utf16(std::string_view head) {
  if (head.substr(0, 2) == "\xff\xfe"sv || head.substr(0, 2) == "\xfe\xff"sv) return true;
  if (head.size() < 16) return false;
  std::array<std::size_t, 2> nuls{};
  for (std::size_t i = 0; i < head.size(); ++i) nuls[i % 2] += head[i] == '\0' ? 1 : 0;
  const std::size_t half = head.size() / 2;
  const auto [few, many] = std::minmax(nuls[0], nuls[1]);
  return many > half * 8 / 10 && few < half / 10;
}

bool is_odd_control(unsigned char c) {
  return (c < 0x20 && (c < '\t' || c > '\r') && c != 0x1b) || c == 0x7f;
}

// More than a tenth control bytes, or more than three tenths bytes outside UTF-8. A run of NULs
// counts once: holes are met in the middle of a log, too (a crash between growing a file and
// filling it).
bool looks_binary(std::string_view head) {
  std::size_t seen = 0, controls = 0, strays = 0;
  for (std::size_t i = 0; i < head.size();) {
    ++seen;
    if (head[i] == '\0') {
      ++controls;
      i = std::min(head.find_first_not_of('\0', i), head.size());
      continue;
    }
    controls += is_odd_control(static_cast<unsigned char>(head[i])) ? 1 : 0;
    const std::size_t length = utf8_length(head.substr(i));
    strays += length == 0 ? 1 : 0;
    i += std::max<std::size_t>(length, 1);
  }
  return seen > 1 && (controls * 10 > seen || strays * 10 > seen * 3);
}

}  // namespace

Refusal refusal_of(std::string_view head) {
  head = head.substr(0, kContentBytes);
  if (looks_utf16(head)) return Refusal::utf16;
  if (kind_of(head) != nullptr) return Refusal::binary;
  return looks_binary(head) ? Refusal::binary : Refusal::none;
}

Error advice_of(Refusal refusal, std::string_view head, std::string_view name) {
  if (refusal == Refusal::utf16) {
    const bool big = head.substr(0, 2) == "\xfe\xff"sv || (head.size() > 1 && head[0] == '\0');
    return {ErrorCode::cut_short, fmt::format("'{}' is UTF-16 text, not UTF-8", name),
            fmt::format("convert it first: iconv -f UTF-16{} -t UTF-8 FILE | regtriage -",
                        big ? "BE" : "LE")};
  }
  const Kind* const kind = kind_of(head);
  const std::string_view what = kind != nullptr ? kind->what : "a binary file";
  std::string hint =
      "name the log files themselves, plain or compressed with gzip, zstd, xz, bzip2 or lz4";
  if (what.find("journal") != std::string_view::npos)
    hint = "print it first: journalctl --file FILE -o json | regtriage -";
  if (what == kTar)
    hint = "an archive is read when it is named as a file; one inside another is not opened";
  return {ErrorCode::cut_short, fmt::format("'{}' is {}, not a log", name, what), hint};
}

}  // namespace regtriage
