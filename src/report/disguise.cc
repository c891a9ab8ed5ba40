// The problem: a name stands in its own field and in sentences, paths and texts of lines. The idea:
// collect every name by what it is, give each a pseudonym, then replace in texts by words: a word
// is a run of the characters of names, and of its parts between '/', ':' and '@' the longest
// sequence that is a known name is taken. Linear in the text, for a word has at most kParts parts.
#include "report/disguise.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace regtriage {
namespace {

constexpr std::size_t kParts = 24;  // of a longer word nothing is shown
constexpr std::string_view kHidden = "[redacted]";

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("._-/:@+%~").find(c) != std::string_view::npos;
}

bool is_border(char c) { return c == '/' || c == ':' || c == '@'; }

class Pseudonyms {
 public:
  void collect(std::string_view kind, std::string_view name) {
    if (!name.empty()) kinds_[std::string(kind)].insert(std::string(name));
  }
  void number() {
    for (const auto& [kind, names] : kinds_) {
      std::size_t next = 0;
      for (const std::string& name : names)
        by_name_.try_emplace(name, fmt::format("{}-{}", kind, ++next));
    }
  }
  // The pseudonym of a whole name; of a text that was never collected its disguised words.
  std::string name_of(std::string_view name) const {
    const auto known = by_name_.find(name);
    return known == by_name_.end() ? text_of(name) : known->second;
  }
  std::string text_of(std::string_view text) const;

 private:
  std::string word_of_text(std::string_view word) const;

  std::map<std::string, std::set<std::string>> kinds_;
  std::map<std::string, std::string, std::less<>> by_name_;
};

std::string Pseudonyms::text_of(std::string_view text) const {
  std::string out;
  while (!text.empty()) {
    std::size_t end = 0;
    while (end < text.size() && is_word_character(text[end])) ++end;
    if (end == 0) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    // Marks at the end belong to the sentence, not to the name.
    std::size_t name_end = end;
    while (name_end > 0 && (text[name_end - 1] == '.' || text[name_end - 1] == ':')) --name_end;
    out += word_of_text(text.substr(0, name_end));
    out += text.substr(name_end, end - name_end);
    text.remove_prefix(end);
  }
  return out;
}

std::string Pseudonyms::word_of_text(std::string_view word) const {
  if (const auto whole = by_name_.find(word); whole != by_name_.end()) return whole->second;
  std::vector<std::size_t> starts = {0};  // of parts
  for (std::size_t i = 0; i < word.size(); ++i)
    if (is_border(word[i])) starts.push_back(i + 1);
  if (starts.size() > kParts) return std::string(kHidden);
  std::string out;
  for (std::size_t i = 0; i < starts.size();) {
    std::size_t taken = 1;
    std::string_view text;
    for (std::size_t many = starts.size() - i; many > 0 && text.empty(); --many) {
      const std::size_t end = i + many < starts.size() ? starts[i + many] - 1 : word.size();
      const auto known = by_name_.find(word.substr(starts[i], end - starts[i]));
      if (known == by_name_.end()) continue;
      text = known->second;
      taken = many;
    }
    const std::size_t end = i + taken < starts.size() ? starts[i + taken] - 1 : word.size();
    out += text.empty() ? word.substr(starts[i], end - starts[i]) : text;
    if (end < word.size()) out += word[end];
    i += taken;
  }
  return out;
}

// A digest, and its digits, which stand alone in paths of the storage.
void collect_digest(std::string_view digest, Pseudonyms& names) {
  names.collect("digest", digest);
  if (const std::size_t colon = digest.find(':'); colon != std::string_view::npos)
    names.collect("digits", digest.substr(colon + 1));
}

void collect_names(const Facts& facts, bool all, Pseudonyms& names) {
  const auto collect = [&](std::string_view kind, NameId id) {
    names.collect(kind, facts.text(id));
  };
  for (const Event& event : facts.events) {
    collect("repository", event.repository);
    collect("repository", event.from);
    collect("tag", event.tag);
    collect("client", event.client);
    collect("agent", event.agent);
    collect("user", event.user);
    collect("replica", event.instance);
    if (all) collect_digest(facts.text(event.digest), names);
    if (all) collect("upload", event.upload);
  }
  for (const Touch& touch : facts.touches) {
    collect("repository", touch.repository);
    collect("tag", touch.tag);
    collect("client", touch.client);
    collect("agent", touch.agent);
    collect("replica", touch.instance);
    if (all) collect_digest(facts.text(touch.digest), names);
  }
  for (const SourceReport& source : facts.sources) {
    names.collect("source", source.name);
    for (const std::string& instance : source.instances) names.collect("replica", instance);
  }
}

void collect_subjects(const Judgement& judgement, bool all, Pseudonyms& names) {
  const auto collect = [&names](std::string_view kind, const std::vector<std::string>& list) {
    for (const std::string& name : list) names.collect(kind, name);
  };
  for (const Finding& finding : judgement.findings) {
    collect("repository", finding.repositories);
    collect("tag", finding.tags);
    collect("client", finding.clients);
    collect("replica", finding.instances);
    if (all)
      for (const std::string& digest : finding.digests) collect_digest(digest, names);
    if (all) collect("upload", finding.uploads);
  }
  for (const Session& session : judgement.sessions) {
    names.collect("repository", session.repository);
    names.collect("client", session.client);
    names.collect("agent", session.agent);
    names.collect("user", session.user);
    names.collect("tag", session.tag);
  }
}

class Disguise {
 public:
  Disguise(const Facts& facts, const Judgement& judgement, bool all) : all_(all) {
    collect_names(facts, all, names_);
    collect_subjects(judgement, all, names_);
    names_.number();
  }
  Facts of(const Facts& facts) const;
  Judgement of(const Judgement& judgement) const;

 private:
  Finding of(Finding finding) const;
  Session of(Session session) const;
  SourceReport of(SourceReport source) const;

  void names(std::vector<std::string>& list) const {
    for (std::string& name : list) name = names_.name_of(name);
    std::ranges::sort(list);
  }
  void texts(std::vector<std::string>& list) const {
    for (std::string& text : list) text = names_.text_of(text);
  }

  bool all_;
  Pseudonyms names_;
};

Facts Disguise::of(const Facts& facts) const {
  Facts out;
  const auto renamed = [&](NameId& id) { id = out.names.intern(names_.name_of(facts.text(id))); };
  out.events = facts.events;
  for (Event& event : out.events) {
    for (NameId* id : {&event.repository, &event.digest, &event.tag, &event.upload, &event.client,
                       &event.agent, &event.user, &event.instance, &event.from})
      renamed(*id);
    event.detail = out.names.intern(all_ ? kHidden : names_.text_of(facts.text(event.detail)));
    event.rule = out.names.intern(facts.text(event.rule));
    if (all_) event.request = {};
  }
  out.touches = facts.touches;
  for (Touch& touch : out.touches) {
    for (NameId* id : {&touch.repository, &touch.digest, &touch.tag, &touch.client, &touch.agent,
                       &touch.instance})
      renamed(*id);
    if (all_) touch.first.request = touch.last.request = {};
  }
  for (const SourceReport& source : facts.sources) out.sources.push_back(of(source));
  return out;
}

// The error names the source as it was typed, blanks and all.
SourceReport Disguise::of(SourceReport source) const {
  const std::string hidden = names_.name_of(source.name);
  if (const std::size_t at = source.error.find(source.name); at != std::string::npos)
    source.error.replace(at, source.name.size(), hidden);
  source.name = hidden;
  source.error = names_.text_of(source.error);
  names(source.instances);
  source.reject_samples.clear();
  return source;
}

Finding Disguise::of(Finding finding) const {
  for (std::string* text : {&finding.title, &finding.summary}) *text = names_.text_of(*text);
  for (std::vector<std::string>* list : {&finding.repositories, &finding.tags, &finding.digests,
                                         &finding.uploads, &finding.clients, &finding.instances})
    names(*list);
  for (ScorePiece& piece : finding.score) piece.piece = names_.text_of(piece.piece);
  for (Evidence& evidence : finding.evidence) {
    evidence.why = names_.text_of(evidence.why);
    evidence.text = all_ ? std::string(kHidden) : names_.text_of(evidence.text);
  }
  for (std::vector<std::string>* list :
       {&finding.missing, &finding.remedy, &finding.do_not, &finding.confirm})
    texts(*list);
  for (Alternative& other : finding.alternatives) other.why = names_.text_of(other.why);
  return finding;
}

Session Disguise::of(Session session) const {
  for (std::string* name : {&session.repository, &session.client, &session.agent, &session.user,
                            &session.tag, &session.manifest})
    *name = names_.name_of(*name);
  for (Layer& layer : session.layers) {
    layer.digest = names_.name_of(layer.digest);
    layer.upload = names_.name_of(layer.upload);
  }
  names(session.instances);
  return session;
}

Judgement Disguise::of(const Judgement& judgement) const {
  Judgement out;
  for (const Finding& finding : judgement.findings) out.findings.push_back(of(finding));
  out.judged = judgement.judged;
  out.codes = judgement.codes;
  for (const Session& session : judgement.sessions) out.sessions.push_back(of(session));
  return out;
}

}  // namespace

Disguised disguise(const Facts& facts, const Judgement& judgement, ReportModel::Hide hide) {
  const Disguise veil(facts, judgement, hide == ReportModel::Hide::all);
  return {veil.of(facts), veil.of(judgement)};
}

}  // namespace regtriage
