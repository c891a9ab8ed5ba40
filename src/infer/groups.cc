#include "infer/groups.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <span>
#include <tuple>

namespace regtriage {

const Candidate* choice_of(const BigVector<Problem>& problems, const Problem& p) {
  if (p.proof) return nullptr;
  const Problem& of = p.leader >= 0 ? problems[static_cast<std::size_t>(p.leader)] : p;
  return of.candidates.empty() || of.proof ? nullptr : &of.candidates.front();
}

namespace {

constexpr TimeNs kApart = kHour;  // of groups without a subject of their own

// Groups that are named by no subject: what happens hours later is another incident.
bool splits(const std::string& group) {
  static constexpr std::array<std::string_view, 9> kGlobal = {"storage",  "upstream",     "cache",
                                                              "replicas", "secret",       "limited",
                                                              "purge",    "server error", "beside"};
  return std::find(kGlobal.begin(), kGlobal.end(), group) != kGlobal.end();
}

bool is_witness(const Problem& p) { return p.told_by_client && p.leader >= 0; }

void add_witnesses(const BigVector<Problem>& problems, std::vector<Group>& groups) {
  std::map<std::int32_t, std::vector<std::uint32_t>> told;
  for (std::uint32_t i = 0; i < problems.size(); ++i)
    if (is_witness(problems[i])) told[problems[i].leader].push_back(i);
  if (told.empty()) return;
  for (Group& group : groups)
    for (const std::uint32_t member : group.members)
      if (const auto at = told.find(static_cast<std::int32_t>(member)); at != told.end())
        group.witnesses.insert(group.witnesses.end(), at->second.begin(), at->second.end());
}

// Indexes of the problems by (order, id): they come so, but for the silent ones at the end.
std::vector<std::uint32_t> in_order(const BigVector<Problem>& problems) {
  std::vector<std::uint32_t> indexes(problems.size());
  std::iota(indexes.begin(), indexes.end(), 0U);
  const auto before = [&problems](std::uint32_t a, std::uint32_t b) {
    const Sight &x = problems[a].sight, &y = problems[b].sight;
    return x.order() != y.order() ? x.order() < y.order() : x.id() < y.id();
  };
  const auto rest = std::is_sorted_until(indexes.begin(), indexes.end(), before);
  std::sort(rest, indexes.end(), before);
  std::inplace_merge(indexes.begin(), rest, indexes.end(), before);
  return indexes;
}

// What each problem line belongs to: the groups one after the other, each in the order of its
// lines.
struct Named {
  CauseId cause;
  std::string_view name;
  std::uint32_t index;  // of the problem
};
struct NamedProblems {
  std::vector<std::string> names;
  BigVector<Named> all;
};

struct GroupKey {
  CauseId cause;
  GroupName name;
  bool operator==(const GroupKey&) const = default;
};
struct GroupHash {
  std::size_t operator()(const GroupKey& key) const {
    // A word of the program's own is told by its size and cause.
    return MixedNumber{}(key_of(key.name.first, key.name.second) * 31 + key.name.word.size() * 7 +
                         static_cast<std::uint64_t>(key.cause));
  }
};

// O(problems), and O(g log g) in groups: there are many lines of few groups, or few of many.
NamedProblems named_problems(const Facts& facts, const BigVector<Problem>& problems,
                             const std::vector<std::uint32_t>& indexes) {
  struct Bucket {
    CauseId cause;
    std::uint32_t lines = 0, same = 0, begin = 0;  // `same`: the first bucket of this name
  };
  NamedProblems out;
  std::vector<Bucket> buckets;
  tsl::robin_map<GroupKey, std::uint32_t, GroupHash> bucket_of;
  BigVector<std::pair<std::uint32_t, std::uint32_t>> lines;  // bucket, index of the problem
  lines.reserve(indexes.size());
  for (const std::uint32_t i : indexes) {
    const Candidate* const c = choice_of(problems, problems[i]);
    if (c == nullptr || is_witness(problems[i])) continue;
    const auto [at, fresh] =
        bucket_of.try_emplace({c->cause, c->group}, static_cast<std::uint32_t>(buckets.size()));
    if (fresh) {
      buckets.push_back({c->cause});
      out.names.push_back(c->group.text(facts));
    }
    lines.emplace_back(at->second, i);
  }
  std::vector<std::uint32_t> sorted(buckets.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  const auto key = [&](std::uint32_t b) { return std::tie(buckets[b].cause, out.names[b]); };
  std::sort(sorted.begin(), sorted.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  // A repository may be called like a word of ours.
  for (std::size_t n = 0; n < sorted.size(); ++n)
    buckets[sorted[n]].same =
        n != 0 && key(sorted[n]) == key(sorted[n - 1]) ? buckets[sorted[n - 1]].same : sorted[n];
  for (const auto& [b, i] : lines) ++buckets[buckets[b].same].lines;
  std::uint32_t begin = 0;
  for (const std::uint32_t b : sorted) {
    buckets[b].begin = begin;
    begin += buckets[b].lines;
  }
  out.all.resize(lines.size());
  for (const auto& [line_bucket, i] : lines) {
    const std::uint32_t b = buckets[line_bucket].same;
    out.all[buckets[b].begin++] = {buckets[b].cause, out.names[b], i};
  }
  return out;
}

using Run = std::span<const Named>;  // one group

std::vector<Run> runs_of(const BigVector<Named>& all) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i + 1;
    while (end < all.size() && all[end].cause == all[i].cause && all[end].name == all[i].name)
      ++end;
    runs.emplace_back(&all[i], end - i);
    i = end;
  }
  return runs;
}

// The repository of all lines of a group; none if they are of several.
NameId repository_of(const BigVector<Problem>& problems, Run run) {
  const NameId first = problems[run.front().index].sight.repository();
  for (const Named& one : run)
    if (problems[one.index].sight.repository() != first) return NameId::none;
  return first;
}

// Who asks for thousands of things, one by one, makes thousands of groups: nobody reads so many
// findings. Of one cause, more than kMostSubjects subjects of a repository are one finding, and
// what is then still more than kMostGroups groups is one finding for all repositories. Decided from
// all lines at once, so it depends on nothing but them.
std::vector<std::string> crowds_of(const Facts& facts, const BigVector<Problem>& problems,
                                   const std::vector<Run>& runs) {
  constexpr std::size_t kMostSubjects = 50, kMostGroups = 500;
  std::vector<std::string> crowd_of(runs.size());
  if (runs.size() <= kMostSubjects) return crowd_of;
  std::vector<std::uint64_t> keys(runs.size(), 0);  // (cause, repository); 0: none
  KeyMap<std::size_t> subjects;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const NameId repository = repository_of(problems, runs[i]);
    if (repository == NameId::none || splits(std::string(runs[i].front().name))) continue;
    keys[i] = key_of(repository, static_cast<NameId>(runs[i].front().cause));
    ++subjects[keys[i]];
  }
  std::map<CauseId, std::size_t> groups;
  for (const auto& [key, count] : subjects)
    groups[static_cast<CauseId>(key & 0xffffffffU)] += count > kMostSubjects ? 1 : count;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (keys[i] == 0) continue;
    if (groups[runs[i].front().cause] > kMostGroups)
      crowd_of[i] = "all repositories";
    else if (subjects[keys[i]] > kMostSubjects)
      crowd_of[i] = std::string(facts.text(static_cast<NameId>(keys[i] >> 32))) + "\nall subjects";
  }
  return crowd_of;
}

void add_group(const BigVector<Problem>& problems, Run run, std::vector<Group>& groups) {
  const std::string name(run.front().name);
  const bool apart = splits(name);
  Group* group = nullptr;
  for (const Named& one : run) {
    if (group == nullptr || (apart && problems[one.index].sight.order() -
                                              problems[group->members.back()].sight.order() >
                                          kApart))
      group = &groups.emplace_back(Group{one.cause, name, {}, {}});
    group->members.push_back(one.index);
  }
}

}  // namespace

std::vector<Group> group_problems(const Facts& facts, const BigVector<Problem>& problems) {
  const std::vector<std::uint32_t> indexes = in_order(problems);
  const NamedProblems named = named_problems(facts, problems, indexes);
  const std::vector<Run> runs = runs_of(named.all);
  const std::vector<std::string> crowd_of = crowds_of(facts, problems, runs);
  std::vector<Group> groups;
  std::map<std::pair<CauseId, std::string_view>, std::vector<std::uint32_t>> crowds;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (crowd_of[i].empty()) {
      add_group(problems, runs[i], groups);
      continue;
    }
    auto& members = crowds[{runs[i].front().cause, crowd_of[i]}];
    for (const Named& one : runs[i]) members.push_back(one.index);
  }
  if (crowds.empty()) {
    add_witnesses(problems, groups);
    return groups;
  }
  std::vector<std::uint32_t> place(problems.size());
  for (std::uint32_t i = 0; i < indexes.size(); ++i) place[indexes[i]] = i;
  for (auto& [name, members] : crowds) {
    std::sort(members.begin(), members.end(),
              [&place](std::uint32_t a, std::uint32_t b) { return place[a] < place[b]; });
    groups.push_back({name.first, std::string(name.second), std::move(members), {}, true});
  }
  add_witnesses(problems, groups);
  return groups;
}

}  // namespace regtriage
