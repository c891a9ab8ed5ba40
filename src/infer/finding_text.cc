#include "infer/finding_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace regtriage {
namespace {

// A name from the log may be made by anyone, and these texts are pasted into a shell: only a value
// of the plain alphabet of its kind is filled in (OCI distribution-spec 1.1.1, "Pulling manifests":
// names and tags).
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool made_of(std::string_view text, std::string_view marks, bool upper) {
  return !text.empty() && text.size() <= 255 && text.find('\n') == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return kLower.find(c) != std::string_view::npos ||
                  marks.find(c) != std::string_view::npos ||
                  (upper && kUpper.find(c) != std::string_view::npos);
         });
}

bool is_repository(std::string_view t) {
  return made_of(t, "._/-", false) && kLower.find(t[0]) != std::string_view::npos;
}
bool is_tag(std::string_view t) { return made_of(t, "._-", true) && t[0] != '-' && t[0] != '.'; }
bool is_upload(std::string_view t) { return static_cast<bool>(uuid_bits(t)); }
bool is_address(std::string_view t) { return made_of(t, ".:", false); }

std::string first_of(const std::vector<std::string>& list, bool (*fits)(std::string_view),
                     std::string_view otherwise) {
  for (const std::string& text : list)
    if (fits(text)) return text;
  return std::string(otherwise);
}

// A layer rather than a manifest, where the finding knows which is which.
std::string digest_of(const Finding& f) { return first_of(f.digests, is_digest, "DIGEST"); }

// What the catalogue's blanks stand for in one finding.
class Blanks {
 public:
  explicit Blanks(const Finding& f) {
    const std::string digest = digest_of(f);
    const std::size_t colon = digest.find(':');
    const bool known = colon != std::string::npos;
    const std::string hex = known ? digest.substr(colon + 1) : "HEX";
    const std::string hh = known ? hex.substr(0, 2) : "HH";
    const std::string algorithm = known ? digest.substr(0, colon) : "sha256";
    values_ = {{{"sha256/{hh}", algorithm + "/" + hh},
                {"{repository}", first_of(f.repositories, is_repository, "REPOSITORY")},
                {"{tag}", first_of(f.tags, is_tag, "TAG")},
                {"{digest}", digest},
                {"{hex}", hex},
                {"{hh}", hh},
                {"{upload}", first_of(f.uploads, is_upload, "UPLOAD")},
                {"{client}", first_of(f.clients, is_address, "CLIENT")},
                {"{host}", "REGISTRY"},
                {"{registry}", "https://REGISTRY"},
                {"{time}", short_time_of(f.first) + " UTC"}}};
  }

  std::string filled(std::string_view text) const {
    std::string out;
    for (;;) {
      const std::size_t brace = text.find('{');
      if (brace == std::string_view::npos) return out.append(text);
      // One blank begins before its brace.
      constexpr std::string_view kFolder = "sha256/";
      const std::size_t begin =
          text.substr(0, brace).ends_with(kFolder) && text.substr(brace).starts_with("{hh}")
              ? brace - kFolder.size()
              : brace;
      out.append(text.substr(0, begin));
      text.remove_prefix(begin);
      std::size_t used = 1;
      std::string_view value = text.substr(0, 1);
      for (const auto& [name, of_name] : values_)
        if (text.starts_with(name)) {
          used = name.size();
          value = of_name;
          break;
        }
      out.append(value);
      text.remove_prefix(used);
    }
  }

  std::vector<std::string> filled(std::span<const std::string_view> texts) const {
    std::vector<std::string> out;
    out.reserve(texts.size());
    for (const std::string_view text : texts) out.push_back(filled(text));
    return out;
  }

 private:
  std::array<std::pair<std::string_view, std::string>, 11> values_;
};

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::string named(const std::vector<std::string>& list, std::string_view one,
                  std::string_view many) {
  if (list.empty()) return "";
  if (list.size() == 1) return fmt::format("{} {}", one, list.front());
  return fmt::format("{} {}", list.size(), many);
}

std::string subject_of(const Finding& f) {
  if (f.repositories.size() == 1) {
    if (f.tags.size() == 1) return f.repositories.front() + ":" + f.tags.front();
    if (f.tags.empty() && f.digests.size() == 1)
      return f.repositories.front() + "@" + f.digests.front();
    return f.repositories.front();
  }
  return named(f.repositories, "", "repositories");
}

}  // namespace

void write_texts(const Facts&, Finding& f) {
  const CauseInfo& info = info_of(f.cause);
  const Blanks blanks(f);
  const std::string subject = subject_of(f);
  f.title = subject.empty() ? std::string(info.title) : subject + ": " + std::string(info.title);
  f.summary = blanks.filled(info.explanation);
  if (f.last != kNoTime) {
    f.summary += f.first == f.last ? fmt::format(" Seen at {} UTC", short_time_of(f.first))
                                   : fmt::format(" Seen from {} to {} UTC", short_time_of(f.first),
                                                 short_time_of(f.last));
    f.summary += fmt::format(" in {}", counted(f.lines, "line", "lines"));
    if (!f.clients.empty()) f.summary += ", " + named(f.clients, "by client", "clients");
    f.summary += ".";
  }
  if (f.unlisted != 0)
    f.summary +=
        fmt::format(" Of these, {} only counted: there are at least as many clients as are named.",
                    counted(f.unlisted, "is", "are"));
  f.remedy = blanks.filled(info.remedy);
  f.do_not = blanks.filled(info.do_not);
  f.confirm = blanks.filled(info.confirm);
}

}  // namespace regtriage
