// What the rules share that weigh evidence of another kind than lines: they find the candidates
// that other rules made, and add to them or to new ones. Lives for one problem line.
#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <string>
#include <utility>

#include "infer/rules/rules.h"

namespace regtriage {

inline constexpr std::array<CauseId, 9> kLosses = {CauseId::blob_data_missing,
                                                   CauseId::manifest_data_missing,
                                                   CauseId::harbor_content_missing,
                                                   CauseId::manifest_revision_missing,
                                                   CauseId::layer_link_missing,
                                                   CauseId::index_child_deleted,
                                                   CauseId::deleted_by_garbage_collection,
                                                   CauseId::stale_descriptor_cache,
                                                   CauseId::harbor_manifest_cache};

class Scales {
 public:
  Scales(const Situation& situation, Candidates& candidates)
      : s_(situation), stock_(situation.context.inventory), out_(candidates) {}

 protected:
  Candidate* try_find(CauseId cause) {
    for (Candidate& c : out_)
      if (c.cause == cause) return &c;
    return nullptr;
  }
  Candidate& find_or_add(CauseId cause, GroupName group) {
    if (Candidate* const known = try_find(cause)) return *known;
    return out_.emplace_back(cause, std::move(group));
  }
  // The first of these that another rule found, else a new one of the last.
  Candidate& loss(std::initializer_list<CauseId> causes, GroupName group) {
    for (const CauseId cause : causes)
      if (Candidate* const known = try_find(cause)) return *known;
    return out_.emplace_back(*std::prev(causes.end()), std::move(group));
  }
  void refute(CauseId cause, int weight, const char* text, const Sight& shown) {
    if (Candidate* const known = try_find(cause)) known->despite(weight, text, {shown});
  }
  void refute_losses(int weight, const char* text, const Sight& shown) {
    for (const CauseId cause : kLosses) refute(cause, weight, text, shown);
  }
  bool any_loss() {
    return std::any_of(kLosses.begin(), kLosses.end(),
                       [&](CauseId cause) { return try_find(cause) != nullptr; });
  }
  // What was asked for is here now.
  static void settle(Candidate& c, std::string_view question) {
    std::erase_if(c.missing, [&](const Words& text) { return text.view().starts_with(question); });
  }
  // Stored again since: what lies there now says nothing of that moment.
  Stock at_that_time(Stock stock, std::uint64_t key, bool anywhere) const {
    const SightIndex& stores = anywhere ? s_.h.anywhere : s_.h.stores;
    const Sight again = stores.first_after(key, s_.at);
    const bool stored = again && (again.status() == 201 || !is_read(again.method()));
    return stock.there() && !stock.before && stored ? Stock{} : stock;
  }

  const Situation& s_;
  const Inventory& stock_;
  Candidates& out_;
};

}  // namespace regtriage
