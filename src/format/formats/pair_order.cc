#include "format/formats/pair_order.h"

#include <algorithm>
#include <array>

namespace regtriage {
namespace {

// time, level and msg come first and are never used for a field (logrus renames such a field to
// fields.time).
int rank_of(std::string_view key) {
  if (key == "time") return 0;
  if (key == "level") return 1;
  if (key == "msg") return 2;
  return 3;
}

bool precedes(std::string_view a, std::string_view b) {
  const int rank_a = rank_of(a), rank_b = rank_of(b);
  return rank_a != rank_b ? rank_a < rank_b : rank_a == 3 && a < b;
}

// Keys that stand in every completion line (distribution v2.8.3 context/http.go).
int weight_of(std::string_view key) {
  static constexpr std::array<std::string_view, 10> kAlways = {"go.version",
                                                               "http.request.host",
                                                               "http.request.id",
                                                               "http.request.method",
                                                               "http.request.remoteaddr",
                                                               "http.request.uri",
                                                               "http.request.useragent",
                                                               "http.response.duration",
                                                               "http.response.status",
                                                               "http.response.written"};
  return std::find(kAlways.begin(), kAlways.end(), key) != kAlways.end() ? 1 : 0;
}

// Keys whose value is, or quotes, what a client sent.
bool may_hold_foreign_text(const Pair& pair) {
  static constexpr std::array<std::string_view, 8> kForeign = {"auth.user.name",
                                                               "err.detail",
                                                               "err.message",
                                                               "error",
                                                               "http.request.contenttype",
                                                               "http.request.referer",
                                                               "http.request.uri",
                                                               "http.request.useragent"};
  if (pair.key == "msg") return !is_fixed_message(pair.value);
  return std::find(kForeign.begin(), kForeign.end(), pair.key) != kForeign.end();
}

// Did the next pair follow this one in the line, or were pairs between them dropped?
bool adjacent(const std::vector<Pair>& pairs, std::size_t i) {
  return pairs[i].ordinal + 1 == pairs[i + 1].ordinal;
}

// The best chain from each pair to the end of the line.
struct Link {
  int weight = -1;  // -1: no chain reaches the end from here
  std::size_t next =
      0;  // index of the next pair; the count of pairs = the value goes to the line's end
};

class Chain {
 public:
  Chain(std::string_view line, const std::vector<Pair>& pairs) : line_(line), pairs_(pairs) {
    links_.resize(pairs.size());
    for (std::size_t i = pairs.size(); i-- > 0;) links_[i] = best_from(i);
  }
  const Link& operator[](std::size_t i) const { return links_[i]; }

 private:
  Link best_from(std::size_t i) const {
    Link best;
    const auto offer = [&best](int weight, std::size_t next) {
      if (weight > best.weight) best = {weight, next};
    };
    const bool is_last = i + 1 == pairs_.size();
    if (is_last) offer(0, pairs_.size());
    if (!is_last && adjacent(pairs_, i) && precedes(pairs_[i].key, pairs_[i + 1].key))
      offer(links_[i + 1].weight, i + 1);
    if (may_hold_foreign_text(pairs_[i])) {
      for (std::size_t j = i + 1; j < pairs_.size(); ++j)
        if (precedes(pairs_[i].key, pairs_[j].key) && value_may_end_before(i, pairs_[j].key.data()))
          offer(links_[j].weight, j);
      if (value_may_end_at_line_end(i)) offer(0, pairs_.size());
    }
    if (best.weight >= 0) best.weight += weight_of(pairs_[i].key);
    return best;
  }

  bool value_may_end_before(std::size_t i, const char* next_key) const {
    const char* const begin = pairs_[i].value.data();
    return !pairs_[i].quoted || (next_key - begin >= 2 && next_key[-2] == '"');
  }

  bool value_may_end_at_line_end(std::size_t i) const {
    return !pairs_[i].quoted || line_.ends_with("\" ") || line_.ends_with('"');
  }

  std::string_view line_;
  const std::vector<Pair>& pairs_;
  std::vector<Link> links_;
};

void stretch(Pair& pair, const char* end) {
  const char* const begin = pair.value.data();
  pair.value = {begin, static_cast<std::size_t>(std::max(end, begin) - begin)};
}

// The end of a value that goes to the end of the line: without the blank and, if quoted, the quote.
const char* end_of_last(std::string_view line, const Pair& pair) {
  if (line.ends_with(' ')) line.remove_suffix(1);
  if (pair.quoted && line.ends_with('"')) line.remove_suffix(1);
  return line.data() + line.size();
}

// How many pairs from the front are in order: what is believed when no chain holds.
std::size_t ordered_head(const std::vector<Pair>& pairs) {
  std::size_t count = pairs.empty() ? 0 : 1;
  while (count < pairs.size() && precedes(pairs[count - 1].key, pairs[count].key)) ++count;
  return count;
}

}  // namespace

bool is_fixed_message(std::string_view message) {
  return message == "authorized request" || message.starts_with("response completed");
}

bool in_key_order(const std::vector<Pair>& pairs) {
  for (std::size_t i = 1; i < pairs.size(); ++i)
    if (!precedes(pairs[i - 1].key, pairs[i].key)) return false;
  return true;
}

void mend_key_order(std::string_view line, std::vector<Pair>& pairs) {
  if (pairs.empty()) return;
  if (pairs.size() > kMaxPairs)
    pairs.erase(pairs.begin() + kMaxPairs / 2, pairs.end() - kMaxPairs / 2);
  const Chain chain(line, pairs);
  if (chain[0].weight < 0) {
    pairs.resize(ordered_head(pairs));
    stretch(pairs.back(), end_of_last(line, pairs.back()));
    return;
  }
  std::vector<Pair> kept;
  for (std::size_t i = 0; i < pairs.size(); i = chain[i].next) {
    kept.push_back(pairs[i]);
    const std::size_t next = chain[i].next;
    const bool skips_none = next == i + 1 && (next == pairs.size() || adjacent(pairs, i));
    if (skips_none) continue;
    const char* const end = next == pairs.size()
                                ? end_of_last(line, kept.back())
                                : pairs[next].key.data() - (kept.back().quoted ? 2 : 1);
    stretch(kept.back(), end);
  }
  pairs = std::move(kept);
}

}  // namespace regtriage
