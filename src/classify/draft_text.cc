#include "classify/draft_text.h"

#include "base/redact.h"
#include "base/scan.h"

namespace regtriage {
namespace {

constexpr std::string_view kMark = "…";

// The largest cut at or before `at` that does not split a sequence.
std::size_t border_before(std::string_view text, std::size_t at) {
  for (int back = 0; back < 3 && at > 0; ++back) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80) break;
    --at;
  }
  return at;
}

// Most texts are addresses, ids, digests and tags, and need no search: of the signs of a secret
// (base/redact.h) only a JWT can be written with these letters.
bool is_surely_plain(std::string_view text) {
  if (text.starts_with("sha256:") || text.starts_with("sha512:")) text.remove_prefix(7);
  if (!scan::all<scan::KeyBytes>(text)) return false;
  if (text.size() < 40) return true;
  const char* const end = text.data() + text.size();
  return find_byte(text.data(), end, 'J') == end || text.find("eyJ") == std::string_view::npos;
}

}  // namespace

std::string_view cut_to(std::string_view text, std::size_t bytes, std::string& room) {
  if (text.size() <= bytes) return text;
  const std::string_view head = text.substr(0, border_before(text, bytes - kMark.size()));
  if (head.data() == room.data())
    room.resize(head.size());
  else
    room = head;
  room += kMark;
  return room;
}

std::string_view DraftText::tidy(std::string_view text, std::size_t bytes, TextSlot which) {
  if (text.size() <= bytes && is_surely_plain(text)) return text;
  // A secret longer than the window would be cut in the middle and might no longer look like one,
  // so the window is far wider than the bound.
  const std::string_view window = text.substr(0, bytes + 4096);
  if (!may_hold_secret(window)) return cut_to(text, bytes, slot(which));
  std::string& room = slot(which);
  room = redacted(window);
  return cut_to(room, bytes, room);
}

std::string_view DraftText::tidy_agent(std::string_view text) {
  if (text.empty() || text.size() > bound::kAgent)
    return tidy(text, bound::kAgent, TextSlot::agent);
  // The length and three bytes tell the usual clients apart; a wrong guess only costs time.
  const auto byte = [text](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[i]));
  };
  const std::size_t at =
      text.size() + byte(text.size() / 2) * 3 + byte(text.size() - 1) * 5 + byte(0);
  Known& known = known_[at % known_.size()];
  if (known.text != text) {
    known.text = text;
    known.tidied = tidy(text, bound::kAgent, TextSlot::agent);
  }
  return known.tidied == known.text ? text : std::string_view(known.tidied);
}

}  // namespace regtriage
