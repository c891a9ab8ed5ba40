// Lone lines: questions that were answered "not there", and parts of uploads. Whether such a line
// matters is told by what else names its subject (thin.h).
#pragma once

#include <cstdint>

#include "model/facts.h"

namespace regtriage {

// May this line be lone? Decided by the line alone.
bool may_be_lone(const Event& e);

// Subjects as numbers: a text has the same in all tables of a process, and in no other process, so
// nobody can make two of them equal on purpose. They decide no order in any result.
std::uint64_t subject_of_digest(const StringTable& names, NameId digest);
std::uint64_t subject_of_tag(const StringTable& names, NameId repository, NameId tag);
std::uint64_t subject_of_upload(const StringTable& names, NameId upload);
std::uint64_t subject_of_repository(const StringTable& names, NameId repository);
std::uint64_t subject_of_visit(const StringTable& names, NameId repository, NameId client);

// What a line that may be lone is about. Equal for the lines of one request that fold (pairing.h).
std::uint64_t lone_subject(const StringTable& names, const Event& e);

}  // namespace regtriage
