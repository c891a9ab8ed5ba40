// The names of one table in the terms of another.
#pragma once

#include <cstdint>
#include <vector>

#include "base/string_table.h"
#include "model/event.h"

namespace regtriage {

template <class Use>
void for_each_name(Event& e, const Use& use) {
  for (NameId* id : {&e.repository, &e.digest, &e.tag, &e.upload, &e.client, &e.agent, &e.user,
                     &e.instance, &e.from, &e.manifest, &e.detail, &e.rule})
    use(*id);
}
template <class Use>
void for_each_name(Touch& t, const Use& use) {
  for (NameId* id : {&t.repository, &t.digest, &t.tag, &t.client, &t.agent, &t.instance}) use(*id);
}

// Texts are interned when first met. Borrows both tables; needs four bytes for each name of `from`.
class Renaming {
 public:
  Renaming(const StringTable& from, StringTable& to)
      : from_(from), to_(to), ids_(from.size(), NameId::none) {}
  void apply(NameId& id) {
    if (id == NameId::none) return;
    NameId& known = ids_[static_cast<std::uint32_t>(id)];
    if (known == NameId::none) known = to_.intern(from_, id);
    id = known;
  }
  template <class Row>
  void apply(Row& row) {
    for_each_name(row, [this](NameId& id) { apply(id); });
  }

 private:
  const StringTable& from_;
  StringTable& to_;
  std::vector<NameId> ids_;
};

}  // namespace regtriage
