// Text that is fit to be kept: redacted, bounded, without control bytes lost. Every foreign text of
// a draft passes here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace regtriage {

// Bounds in bytes; what is longer is cut at a character's border and marked with "…".
namespace bound {
inline constexpr std::size_t kRepository = 255, kTag = 128, kDigest = 160, kUpload = 128;
inline constexpr std::size_t kAgent = 256, kUser = 256, kClient = 128, kInstance = 128;
inline constexpr std::size_t kRequest = 64, kPath = 512, kDetail = 512;
}  // namespace bound

// One text made for one draft: a place for it, so that the view stays valid.
enum class TextSlot : std::uint8_t {
  repository,
  digest,
  tag,
  upload,
  client,
  user,
  agent,
  instance,
  from,
  detail,
  manifest,
  path,
  request,
  decoded_path,
  query,
  work,
  count_
};

// Per thread. A view that tidy() gives is the text itself where nothing had to change, else lies in
// the slot until the next call with the same slot.
class DraftText {
 public:
  std::string& slot(TextSlot slot) { return slots_[static_cast<std::size_t>(slot)]; }
  // Redacted and bounded. O(bytes) up to a fixed multiple of `bytes`: of a longer text only the
  // head is looked at.
  std::string_view tidy(std::string_view text, std::size_t bytes, TextSlot slot);
  // As tidy, for agents: a few distinct ones come in millions of lines, so the last ones are
  // remembered.
  std::string_view tidy_agent(std::string_view text);

 private:
  struct Known {
    std::string text, tidied;
  };
  std::array<std::string, static_cast<std::size_t>(TextSlot::count_)> slots_;
  std::array<Known, 64> known_;
};

// `text` cut to `bytes` in all, "…" included, never inside a UTF-8 sequence.
std::string_view cut_to(std::string_view text, std::size_t bytes, std::string& room);

}  // namespace regtriage
