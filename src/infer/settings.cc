#include "infer/settings.h"

namespace regtriage {

Settings::Settings(const Facts& facts) : facts_(facts) {
  for (const Event& e : facts.events) {
    if (e.kind != EventKind::configured) continue;
    Sight s;
    s.event = &e;
    const std::string_view key = facts.text(e.from);
    values_[key].try_emplace(facts.text(e.detail), s);
    has_storage_ |= key.starts_with("storage.") &&
                    (key.ends_with(".rootdirectory") || key.ends_with(".bucket"));
  }
}

std::vector<Sight> Settings::of(std::string_view key) const {
  std::vector<Sight> out;
  const auto at = values_.find(key);
  if (at != values_.end())
    for (const auto& [value, sight] : at->second) out.push_back(sight);
  return out;
}

std::vector<Sight> Settings::roots() const {
  std::vector<Sight> first;
  for (const auto& [key, values] : values_) {
    const bool root = key.starts_with("storage.") &&
                      (key.ends_with(".rootdirectory") || key.ends_with(".bucket"));
    if (root && (first.empty() || values.size() > 1)) first = of(key);
    if (first.size() > 1) break;
  }
  return first;
}

std::string_view Settings::value(std::string_view key) const {
  const auto at = values_.find(key);
  return at == values_.end() || at->second.size() != 1 ? std::string_view()
                                                       : at->second.begin()->first;
}

}  // namespace regtriage
