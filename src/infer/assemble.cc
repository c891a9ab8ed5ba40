#include "infer/assemble.h"

#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/parallel.h"
#include "base/text.h"
#include "infer/finding_text.h"
#include "infer/groups.h"

namespace regtriage {
namespace {

constexpr std::size_t kEvidence = 16, kWitnesses = 2;
constexpr std::size_t kWorthAThread = 500;  // findings

using NameSet = KeySet;  // of NameIds

// Lines that were counted and not kept, by the line about the same thing that is judged for them.
using RemaindersOf = std::multimap<EventId, const Remainder*>;

class Builder {
 public:
  Builder(const Context& c, const BigVector<Problem>& problems, const Group& group,
          const RemaindersOf& remainders)
      : c_(c),
        f_(c.history.facts),
        problems_(problems),
        group_(group),
        remainders_(remainders),
        info_(info_of(group.cause)) {}

  Finding build() {
    finding_.cause = group_.cause;
    finding_.cause_class = info_.cause_class;
    finding_.verdict = info_.verdict;
    finding_.severity = info_.severity;
    for (const std::uint32_t i : group_.members) take(problems_[i]);
    finding_.requests = requests_.size() + without_request_;
    finding_.repositories = texts(repositories_);
    finding_.tags = texts(tags_);
    finding_.digests = texts(digests_);
    add_children();
    finding_.uploads = texts(uploads_);
    finding_.clients = texts(clients_);
    finding_.instances = texts(instances_);
    score();
    add_alternatives();
    gather_evidence();
    finding_.state = state();
    finding_.id = hex_of(hash_of(std::string(word_of(group_.cause)) + '\n' + group_.name,
                                 rfc3339_of(finding_.first)))
                      .substr(0, 12);
    if (!remainders_.empty()) add_remainders();
    write_texts(f_, finding_);
    return std::move(finding_);
  }

 private:
  void take(const Problem& p) {
    const Sight& s = p.sight;
    const TimeNs time = s.time();
    if (time != kNoTime) {
      finding_.first = finding_.first == kNoTime ? time : std::min(finding_.first, time);
      finding_.last = finding_.last == kNoTime ? time : std::max(finding_.last, time);
    }
    ++finding_.lines;
    const auto add = [](NameSet& set, NameId id) {
      if (id != NameId::none) set.insert(static_cast<std::uint64_t>(id));
    };
    add(repositories_, s.repository());
    add(digests_, s.digest());
    add(tags_, s.tag());
    add(clients_, s.client());
    if (s.event) {
      add(uploads_, s.event->upload);
      add(instances_, s.event->instance);
      add(digests_, s.event->manifest);
      if (s.event->request)
        requests_.insert(s.event->request);
      else if (!p.helper)
        ++without_request_;
    } else {
      add(instances_, s.touch->instance);
      ++without_request_;
    }
    const Candidate* c = choice_of(problems_, p);
    if (p.leader >= 0) return;
    best_single_ = std::max(best_single_, c->score());
    adds_up_ &= c->adds_up;
    proved_ &= c->proved;
    for (const NameId id : c->digests) add(digests_, id);
    for (const NameId id : c->tags) add(tags_, id);
    for (const NameId id : c->repositories) add(repositories_, id);
    for (const Piece& piece : c->pieces) {
      join_piece(piece);
      raised_by_.emplace(piece.text, s.id());
    }
    for (const Words& text : c->missing)
      if (missing_.size() < 8) missing_.insert(text);
    for (std::size_t i = 1; i < p.candidates.size(); ++i) {
      const Candidate& other = p.candidates[i];
      if (other.cause == group_.cause || other.cause == CauseId::undetermined) continue;
      int& best = alternatives_[other.cause];
      best = std::max(best, other.score());
      if (!other.pieces.empty()) why_[other.cause] = other.pieces.front().text.view();
    }
  }

  void add_remainders() {
    for (const std::uint32_t i : group_.members) {
      const auto [begin, end] = remainders_.equal_range(problems_[i].sight.id());
      for (auto at = begin; at != end; ++at) {
        const Remainder& r = *at->second;
        finding_.lines += r.lines;
        finding_.unlisted += r.lines;
        if (r.kind.kind == EventKind::request) finding_.requests += r.lines;
        finding_.first = std::min(finding_.first, r.first);
        finding_.last = std::max(finding_.last, r.last);
      }
    }
  }

  // An answer may name several missing parts; a line's own digest is the first of them.
  void add_children() {
    constexpr std::size_t kMost = 64;
    std::set<std::string> all(finding_.digests.begin(), finding_.digests.end());
    for (const std::uint32_t i : group_.members) {
      const Event* const e = problems_[i].sight.event;
      if (!e || e->code != Code::MANIFEST_BLOB_UNKNOWN) continue;
      const std::string_view detail = f_.text(e->detail);
      for (std::size_t at = detail.find("sha"); at != std::string_view::npos && all.size() < kMost;
           at = detail.find("sha", at + 3)) {
        const std::string_view rest = detail.substr(at);
        const std::string_view word = rest.substr(0, rest.find_first_of(" \\\";,]}"));
        if (is_digest(word)) all.emplace(word);
      }
    }
    finding_.digests.assign(all.begin(), all.end());
  }

  void join_piece(const Piece& piece) {
    auto at = std::find_if(pieces_.begin(), pieces_.end(),
                           [&](const Piece& p) { return p.text == piece.text; });
    if (at == pieces_.end()) {
      if (pieces_.size() < 32) pieces_.push_back(piece);
      return;
    }
    at->weight = std::max(at->weight, piece.weight);
    for (const Sight& s : piece.sights)
      if (at->sights.size() < 3 && std::none_of(at->sights.begin(), at->sights.end(),
                                                [&](const Sight& o) { return o.id() == s.id(); }))
        at->sights.push_back(s);
  }

  std::vector<std::string> texts(const NameSet& ids) const {
    std::vector<std::string> out;
    out.reserve(ids.size());
    for (const std::uint64_t id : ids) out.emplace_back(f_.text(static_cast<NameId>(id)));
    std::sort(out.begin(), out.end());
    return out;
  }

  void score() {
    int sum = 0;
    std::stable_sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
      return a.weight != b.weight ? a.weight > b.weight : a.text < b.text;
    });
    for (const Piece& p : pieces_) {
      sum += p.sign == Sign::against ? -p.weight : p.weight;
      ScorePiece row{std::string(p.text.view()), p.sign, p.weight, {}};
      for (const Sight& s : p.sights) row.events.push_back(s.id());
      // What only the judged line itself says (or what no line says about it) leads to that line.
      if (row.events.empty()) row.events.push_back(raised_by_.at(p.text));
      finding_.score.push_back(std::move(row));
    }
    for (const Words& text : missing_) {
      finding_.score.push_back({std::string(text.view()), Sign::missing, 0, {}});
      finding_.missing.emplace_back(text.view());
    }
    finding_.confidence =
        group_.cause == CauseId::undetermined
            ? Confidence::possible
            : confidence_of(adds_up_ && !group_.crowd ? sum : std::min(sum, best_single_));
    if (!proved_) finding_.confidence = std::min(finding_.confidence, Confidence::probable);
  }

  void add_alternatives() {
    for (const auto& [cause, best] : alternatives_) {
      if (best < 30 || best < best_single_ - 40) continue;
      finding_.alternatives.push_back(
          {cause, std::min(confidence_of(best), Confidence::probable), why_[cause]});
      if (best >= best_single_ - 10)
        finding_.confidence = std::min(finding_.confidence, Confidence::probable);
    }
  }

  void add_evidence(const Sight& s, Role role, std::string why) {
    if (!s || finding_.evidence.size() >= kEvidence || !shown_.insert(s.id()).second) return;
    finding_.evidence.push_back({s.id(), role, std::move(why), s.at(), s.time(), describe(f_, s)});
  }

  // The first line of each kind, the pieces' lines, and the last line.
  void gather_evidence() {
    std::set<std::tuple<EventKind, Method, Route, int, Code>> kinds;
    for (const std::uint32_t i : group_.members) {
      const Problem& p = problems_[i];
      const Event* e = p.sight.event;
      const auto kind =
          e ? std::tuple(e->kind, e->method, e->route, static_cast<int>(e->status), e->code)
            : std::tuple(EventKind::request, p.sight.method(), p.sight.route(), p.sight.status(),
                         Code::none);
      if (kinds.size() < 8 && kinds.insert(kind).second) add_evidence(p.sight, p.role, p.why);
    }
    for (const Piece& piece : pieces_)
      for (const Sight& s : piece.sights)
        add_evidence(s, piece.sign == Sign::against ? Role::against : Role::proof,
                     std::string(piece.text.view()));
    const Problem& last = problems_[group_.members.back()];
    add_evidence(last.sight, last.role, last.why);
    for (std::size_t i = 0; i < group_.witnesses.size() && i < kWitnesses; ++i)
      add_evidence(problems_[group_.witnesses[i]].sight, Role::context,
                   "what the client says of it");
    std::sort(finding_.evidence.begin(), finding_.evidence.end(),
              [](const Evidence& a, const Evidence& b) {
                return a.time != b.time ? a.time < b.time : a.event < b.event;
              });
  }

  // Healed if all that was missed was served or stored again later; ongoing if nothing was.
  State state() const {
    std::set<std::pair<NameId, NameId>> subjects;
    for (const std::uint32_t i : group_.members) {
      const Event* e = problems_[i].sight.event;
      if (e && e->kind == EventKind::request && is_read(e->method) && e->status == 404 &&
          asked_for(*e) != NameId::none && subjects.size() < 64)
        subjects.emplace(e->repository, asked_for(*e));
    }
    if (subjects.empty()) return State::unknown;
    std::size_t healed = 0;
    for (const auto& [repository, subject] : subjects) {
      const auto key = key_of(repository, subject);
      const Sight missed = c_.history.misses.last(key);
      const TimeNs at = missed ? missed.order() : finding_.last;
      healed += c_.history.stores.first_after(key, at) || c_.history.reads.first_after(key, at);
    }
    return healed == subjects.size() ? State::healed
           : healed == 0             ? State::ongoing
                                     : State::unknown;
  }

  const Context& c_;
  const Facts& f_;
  const BigVector<Problem>& problems_;
  const Group& group_;
  const RemaindersOf& remainders_;
  const CauseInfo& info_;
  Finding finding_;
  NameSet repositories_, tags_, digests_, uploads_, clients_, instances_;
  tsl::robin_set<Hash128, MixedHash> requests_;
  std::uint64_t without_request_ = 0;
  std::vector<Piece> pieces_;
  bool adds_up_ = true, proved_ = true;
  std::map<Words, EventId> raised_by_;  // a piece's text: the first line that raised it
  std::set<Words> missing_;
  std::map<CauseId, int> alternatives_;
  std::map<CauseId, std::string> why_;
  std::set<EventId> shown_;
  int best_single_ = 0;
};

bool wanted(const Finding& f, const JudgeOptions& o) {
  if (o.since != kNoTime && f.last != kNoTime && f.last < o.since) return false;
  if (o.until != kNoTime && f.first != kNoTime && f.first > o.until) return false;
  return o.repository.empty() ||
         std::binary_search(f.repositories.begin(), f.repositories.end(), o.repository);
}

Judged judged_of(const Facts& facts, const Problem& p) {
  Judged j;
  j.event = p.sight.id();
  if (p.sight.event) {
    j.index = static_cast<std::uint32_t>(p.sight.event - facts.events.data());
  } else {
    j.index = static_cast<std::uint32_t>(p.sight.touch - facts.touches.data());
    j.is_touch = true;
    j.is_last = p.sight.last;
  }
  return j;
}

}  // namespace

void assemble(const Context& c, const BigVector<Problem>& problems, const JudgeOptions& options,
              Judgement& out) {
  std::vector<std::int32_t> finding_of(problems.size(), -1);
  struct Made {
    Finding finding;
    std::vector<std::uint32_t> members, witnesses;
  };
  std::vector<Group> groups = group_problems(c.history.facts, problems);
  RemaindersOf remainders;
  for (const Remainder& r : c.history.facts.remainders)
    if (r.like) remainders.emplace(r.like, &r);
  std::vector<Finding> findings(groups.size());
  for_each_row(groups.size(), options.threads, kWorthAThread, [&](std::size_t i) {
    findings[i] = Builder(c, problems, groups[i], remainders).build();
  });
  std::vector<Made> made;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (wanted(findings[i], options))
      made.push_back(
          {std::move(findings[i]), std::move(groups[i].members), std::move(groups[i].witnesses)});
  std::sort(made.begin(), made.end(), [](const Made& a, const Made& b) {
    if (a.finding.severity != b.finding.severity) return a.finding.severity > b.finding.severity;
    return a.finding.first != b.finding.first ? a.finding.first < b.finding.first
                                              : a.finding.id < b.finding.id;
  });
  for (Made& m : made) {
    for (const auto* const rows : {&m.members, &m.witnesses})
      for (const std::uint32_t i : *rows)
        finding_of[i] = static_cast<std::int32_t>(out.findings.size());
    out.findings.push_back(std::move(m.finding));
  }
  out.judged.reserve(problems.size() + c.history.closed_probes.size());
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const Problem& p = problems[i];
    Judged j = judged_of(c.history.facts, p);
    const Problem& of = p.leader >= 0 ? problems[static_cast<std::size_t>(p.leader)] : p;
    if (of.proof) {
      j.verdict = Verdict::noise;
      j.cause = of.noise;
      j.proof = of.proof.id();
    } else if (const Candidate* choice = choice_of(problems, p)) {
      j.cause = choice->cause;
      j.verdict = info_of(choice->cause).verdict;
      j.finding = finding_of[i];
    }
    out.judged.push_back(j);
  }
  for (const History::ClosedProbe& closed : c.history.closed_probes) {
    const Event& proof = c.history.facts.events[closed.proof];
    Judged j;
    j.event = c.history.facts.events[closed.probe].id;
    j.index = closed.probe;
    j.verdict = Verdict::noise;
    j.cause = probe_answered_by(proof);
    j.proof = proof.id;
    out.judged.push_back(j);
  }
}

}  // namespace regtriage
