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

// "storage.DRIVER.KEY" of config.yml, "storage_service.DRIVER.KEY" of harbor.yml.
Settings::Storage Settings::storage() const {
  Storage out;
  for (const auto& [key, values] : values_) {
    const bool of_driver = key.starts_with("storage.") || key.starts_with("storage_service.");
    const bool root = key.ends_with(".rootdirectory");
    if (!of_driver || (!root && !key.ends_with(".bucket") && !key.ends_with(".container")))
      continue;
    const std::size_t first = key.find('.') + 1;
    const std::string_view driver = key.substr(first, key.find('.', first) - first);
    std::string_view value = values.begin()->first;
    while (root && value.starts_with('/')) value.remove_prefix(1);
    while (root && value.ends_with('/')) value.remove_suffix(1);
    std::string_view& known = root ? out.root : out.bucket;
    if (values.size() != 1 || (!out.driver.empty() && out.driver != driver) ||
        (!known.empty() && known != value))
      return {};
    known = value;
    out.driver = driver;
    out.sight = values.begin()->second;
  }
  return out;
}

std::string_view Settings::value(std::string_view key) const {
  const auto at = values_.find(key);
  return at == values_.end() || at->second.size() != 1 ? std::string_view()
                                                       : at->second.begin()->first;
}

}  // namespace regtriage
