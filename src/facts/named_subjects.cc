#include "facts/named_subjects.h"

#include "facts/lone.h"

namespace regtriage {
namespace {

// Calls `use` with each number that a line names: its subjects, its repository, and who was there.
template <class Use>
void for_each_number(const StringTable& names, const Event& e, const Use& use) {
  for (const NameId digest : {e.digest, e.manifest})
    if (digest != NameId::none) use(subject_of_digest(names, digest));
  if (e.tag != NameId::none) use(subject_of_tag(names, e.repository, e.tag));
  if (e.upload != NameId::none) use(subject_of_upload(names, e.upload));
  if (e.repository == NameId::none) return;
  use(subject_of_repository(names, e.repository));
  if (e.client != NameId::none) use(subject_of_visit(names, e.repository, e.client));
}

template <class Use>
void for_each_number(const StringTable& names, const Touch& t, const Use& use) {
  if (t.digest != NameId::none) use(subject_of_digest(names, t.digest));
  if (t.tag != NameId::none) use(subject_of_tag(names, t.repository, t.tag));
  if (t.repository == NameId::none) return;
  use(subject_of_repository(names, t.repository));
  if (t.client != NameId::none) use(subject_of_visit(names, t.repository, t.client));
}

}  // namespace

NamedSubjects NamedSubjects::of_lone_lines(const Facts& facts) {
  Set among;
  for (const Event& e : facts.events)
    if (may_be_lone(e))
      for_each_number(facts.names, e, [&among](std::uint64_t number) { among.insert(number); });
  NamedSubjects named;
  named.add_all(facts, &among);
  return named;
}

void NamedSubjects::add_all(const Facts& facts, const Set* among) {
  const auto use = [&](std::uint64_t number) {
    if (among == nullptr || among->count(number) != 0) subjects_.insert(number);
  };
  for (const Event& e : facts.events) {
    if (may_be_lone(e)) continue;
    for_each_number(facts.names, e, use);
    if (e.kind != EventKind::request && e.kind != EventKind::echo && e.request)
      requests_.insert(e.request);
  }
  for (const Touch& t : facts.touches) for_each_number(facts.names, t, use);
}

int NamedSubjects::place_of(const StringTable& names, const Event& e) const {
  if (e.repository == NameId::none || !has(subject_of_repository(names, e.repository))) return 0;
  return e.client != NameId::none && has(subject_of_visit(names, e.repository, e.client)) ? 2 : 1;
}

}  // namespace regtriage
