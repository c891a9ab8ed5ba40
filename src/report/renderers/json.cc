// The JSON report, version 1 (DESIGN §7, schemas/report-1.schema.json). Words may be added, none
// removed.
#include "report/renderers/json.h"

#include <algorithm>

#include "base/json_writer.h"
#include "report/lookup.h"

namespace regtriage {
namespace {

constexpr std::size_t kListCap = 100;  // DESIGN §7; --full lifts it

class JsonReport {
 public:
  JsonReport(const ReportModel& model, std::string& out)
      : model_(model), facts_(model.facts), judgement_(model.judgement), json_(out, 1) {}

  void write() {
    json_.begin_object().field("schema", "regtriage/report/1");
    write_tool();
    if (model_.canonical)
      json_.field("canonical", true);
    else
      write_input();
    write_codes();
    if (judgement_.unjudged != 0) json_.field("unjudged", judgement_.unjudged);
    write_findings();
    if (model_.events) write_events();
    if (model_.requests) write_requests();
    if (model_.sessions) write_sessions();
    json_.end_object();
  }

 private:
  std::size_t shown(std::size_t size) const {
    return model_.full ? size : std::min(size, kListCap);
  }

  // An array with NAME_total beside it where it was cut.
  template <class Items, class WriteItem>
  void write_list(std::string_view name, const Items& items, const WriteItem& write_item) {
    json_.key(name).begin_array();
    const std::size_t count = shown(items.size());
    for (std::size_t i = 0; i < count; ++i) write_item(items[i]);
    json_.end_array();
    if (count < items.size())
      json_.field(std::string(name) + "_total", static_cast<std::uint64_t>(items.size()));
  }
  void write_texts(std::string_view name, const std::vector<std::string>& texts) {
    write_list(name, texts,
               [this](const std::string& text) { json_.value(std::string_view(text)); });
  }
  void write_ids(std::string_view name, const std::vector<EventId>& ids) {
    write_list(name, ids, [this](const EventId& id) { json_.value(hex_of(id)); });
  }
  void write_text_or_null(std::string_view name, std::string_view text) {
    if (text.empty())
      json_.null_field(name);
    else
      json_.field(name, text);
  }
  void write_time(std::string_view name, TimeNs time) {
    write_text_or_null(name, rfc3339_of(time));
  }
  template <class Word>
  void write_word(std::string_view name, Word word) {
    json_.field(name, word_of(word));
  }
  template <class Word>
  void write_word_or_null(std::string_view name, Word word) {
    if (word == Word::none)
      json_.null_field(name);
    else
      write_word(name, word);
  }

  void write_tool();
  void write_input();
  void write_source(const SourceReport& source);
  void write_codes();
  void write_findings();
  void write_finding(const Finding& finding);
  void write_subjects(const Finding& finding);
  void write_reasons(const Finding& finding);
  void write_evidence(const Evidence& evidence);
  void write_events();
  void write_event(const Judged& judged);
  void write_place(const Position& at, bool with_offset);
  void write_requests();
  void write_request(const JoinedRequest& request);
  void write_sessions();
  void write_session(const Session& session);

  const ReportModel& model_;
  const Facts& facts_;
  const Judgement& judgement_;
  JsonWriter json_;
};

void JsonReport::write_tool() {
  json_.key("tool").begin_object().field("name", "regtriage");
  json_.field("version", model_.tool_version).field("ruleset", model_.ruleset).end_object();
}

void JsonReport::write_input() {
  TimeNs first = kNoTime, last = kNoTime;
  json_.key("input").begin_object().key("sources").begin_array();
  for (const SourceReport& source : facts_.sources) {
    write_source(source);
    if (source.first != kNoTime && (first == kNoTime || source.first < first)) first = source.first;
    last = std::max(last, source.last);
  }
  json_.end_array();
  write_time("first", first);
  write_time("last", last);
  json_.end_object();
}

std::string zone_text(int offset_s) {
  const unsigned minutes = static_cast<unsigned>(offset_s < 0 ? -offset_s : offset_s) / 60;
  std::string text = offset_s < 0 ? "-" : "+";
  for (const unsigned part : {minutes / 60, minutes % 60}) {
    text += static_cast<char>('0' + part / 10 % 10);
    text += static_cast<char>('0' + part % 10);
    if (text.size() == 3) text += ':';
  }
  return text;
}

void JsonReport::write_source(const SourceReport& source) {
  json_.begin_object().field("name", std::string_view(source.name));
  json_.field("status", source.status == SourceReport::Status::read         ? "read"
                        : source.status == SourceReport::Status::unreadable ? "unreadable"
                        : source.status == SourceReport::Status::cut_short  ? "cut_short"
                                                                            : "not_understood");
  json_.key("formats").begin_object();
  for (std::size_t i = 0; i < source.lines_by_format.size(); ++i)
    if (source.lines_by_format[i] > 0 && i != 0)
      json_.field(word_of(static_cast<Format>(i)), source.lines_by_format[i]);
  json_.end_object();
  write_texts("envelopes", source.envelopes);
  write_text_or_null("instance", source.instances.size() == 1 ? source.instances[0] : "");
  write_texts("instances", source.instances);
  if (source.year != 0)
    json_.field("year", source.year);
  else
    json_.null_field("year");
  write_text_or_null("zone", source.zone_assumed ? zone_text(model_.zone_offset_s) : "");
  if (source.clock_offset_ms)
    json_.field("clock_offset_ms", *source.clock_offset_ms);
  else
    json_.null_field("clock_offset_ms");
  json_.field("lines", source.lines).field("bytes", source.bytes);
  json_.field("accepted", source.accepted).field("ignored", source.ignored);
  json_.field("rejected", source.rejected).field("pending", source.pending);
  json_.key("rejects").begin_object();
  for (std::size_t i = 0; i < source.rejects.size(); ++i)
    if (source.rejects[i] > 0) json_.field(word_of(static_cast<Reject>(i)), source.rejects[i]);
  json_.end_object();
  write_time("first", source.first);
  write_time("last", source.last);
  write_list("gaps", source.gaps, [this](const Gap& gap) {
    json_.begin_object();
    write_time("first", gap.first);
    write_time("last", gap.last);
    json_.end_object();
  });
  write_word_or_null("level", source.lowest_level);
  write_text_or_null("error", source.error);
  json_.end_object();
}

void JsonReport::write_codes() {
  json_.key("codes").begin_object();
  for (const auto& [code, count] : judgement_.codes) {
    json_.key(code).begin_object().field("total", count.total()).field("noise", count.noise);
    json_.field("client", count.client).field("fault", count.fault).field("loss", count.loss);
    json_.field("undetermined", count.undetermined).field("exact", count.exact).end_object();
  }
  json_.end_object();
}

// All of them: a finding that is left out would be a wrong answer.
void JsonReport::write_findings() {
  std::vector<const Finding*> findings;
  for (const Finding& finding : judgement_.findings) findings.push_back(&finding);
  if (model_.canonical)
    std::ranges::sort(findings, {}, [](const Finding* finding) {
      return std::pair(finding->first, std::string_view(finding->id));
    });
  json_.key("findings").begin_array();
  for (const Finding* finding : findings) write_finding(*finding);
  json_.end_array();
}

void JsonReport::write_finding(const Finding& finding) {
  json_.begin_object().field("id", std::string_view(finding.id));
  write_texts("replaces", finding.replaces);
  write_word("cause", finding.cause);
  write_word("class", finding.cause_class);
  write_word("verdict", finding.verdict);
  write_word("confidence", finding.confidence);
  write_word("severity", finding.severity);
  json_.field("title", std::string_view(finding.title));
  json_.field("summary", std::string_view(finding.summary));
  write_subjects(finding);
  write_reasons(finding);
  json_.end_object();
}

void JsonReport::write_subjects(const Finding& finding) {
  write_texts("repositories", finding.repositories);
  write_texts("tags", finding.tags);
  write_texts("digests", finding.digests);
  write_texts("uploads", finding.uploads);
  write_texts("sessions", finding.sessions);
  write_texts("clients", finding.clients);
  write_texts("instances", finding.instances);
  write_time("first", finding.first);
  write_time("last", finding.last);
  json_.field("lines", finding.lines).field("requests", finding.requests);
  if (finding.unlisted != 0) json_.field("unlisted", finding.unlisted);
  write_word("state", finding.state);
}

void JsonReport::write_reasons(const Finding& finding) {
  write_list("score", finding.score, [this](const ScorePiece& piece) {
    json_.begin_object().field("piece", std::string_view(piece.piece));
    write_word("sign", piece.sign);
    json_.field("weight", piece.weight);
    write_ids("events", piece.events);
    json_.end_object();
  });
  write_list("evidence", finding.evidence,
             [this](const Evidence& evidence) { write_evidence(evidence); });
  write_texts("missing", finding.missing);
  write_texts("do", finding.remedy);
  write_texts("do_not", finding.do_not);
  write_texts("confirm", finding.confirm);
  write_list("alternatives", finding.alternatives, [this](const Alternative& other) {
    json_.begin_object();
    write_word("cause", other.cause);
    write_word("confidence", other.confidence);
    json_.field("why", std::string_view(other.why)).end_object();
  });
}

void JsonReport::write_place(const Position& at, bool with_offset) {
  if (model_.canonical) return;
  write_text_or_null("source", source_name(facts_, at.source));
  if (at.source < facts_.sources.size())
    json_.field("line", static_cast<std::uint64_t>(at.line));
  else
    json_.null_field("line");
  if (with_offset) json_.field("offset", at.offset);
}

void JsonReport::write_evidence(const Evidence& evidence) {
  json_.begin_object().field("event", hex_of(evidence.event));
  write_place(evidence.at, true);
  write_time("time", evidence.time);
  write_word("role", evidence.role);
  json_.field("why", std::string_view(evidence.why));
  json_.field("text", std::string_view(evidence.text)).end_object();
}

// Asked for by --events, so never cut, but for what was counted without being kept. The canonical
// order is (time, id): where lines of one second stood in their file is a matter of position.
void JsonReport::write_events() {
  std::vector<const Judged*> rows;
  for (const Judged& judged : judgement_.judged) rows.push_back(&judged);
  if (model_.canonical)
    std::ranges::sort(rows, {}, [this](const Judged* judged) {
      return std::pair(line_of(facts_, *judged).time, judged->event);
    });
  json_.key("events").begin_array();
  for (const Judged* judged : rows) write_event(*judged);
  json_.end_array();
  std::uint64_t unlisted = 0;
  for (const Remainder& remainder : facts_.remainders)
    if (remainder.kind.code != Code::none) unlisted += remainder.lines;
  if (unlisted != 0) json_.field("events_total", rows.size() + unlisted);
}

void JsonReport::write_event(const Judged& judged) {
  const LineView line = line_of(facts_, judged);
  json_.begin_object().field("id", hex_of(judged.event));
  write_place(line.at, false);
  write_time("time", line.time);
  write_word_or_null("level", line.level);
  write_word_or_null("code", line.code);
  json_.field("code_inferred", line.code_inferred);
  write_word("kind", line.kind);
  write_word("origin", line.origin);
  write_word_or_null("method", line.method);
  write_text_or_null("path", path_of(line));
  if (line.status >= 0)
    json_.field("status", line.status);
  else
    json_.null_field("status");
  write_text_or_null("repository", line.repository);
  write_text_or_null("digest", line.digest);
  write_text_or_null("tag", line.tag);
  write_text_or_null("upload", line.upload);
  write_text_or_null("request", line.request ? uuid_text(line.request) : std::string());
  write_word("verdict", judged.verdict);
  write_word("cause", judged.cause);
  const bool found = judged.finding >= 0;
  const auto finding = static_cast<std::size_t>(judged.finding);
  write_text_or_null("finding", found ? judgement_.findings[finding].id : std::string());
  write_text_or_null("proof", judged.proof ? hex_of(judged.proof) : std::string());
  json_.end_object();
}

// Asked for by --requests, so never cut.
void JsonReport::write_requests() {
  json_.key("requests").begin_array();
  for (const JoinedRequest& request : model_.requests->all) write_request(request);
  json_.end_array();
}

void JsonReport::write_request(const JoinedRequest& request) {
  const Facts& facts = model_.requests->facts;
  const Event& outer = facts.events[request.events.front()];
  const LineView line = line_of(facts, outer);
  json_.begin_object();
  write_text_or_null("id", outer.request ? uuid_text(outer.request) : std::string());
  write_word_or_null("method", line.method);
  write_text_or_null("path", path_of(line));
  json_.field("status", line.status);
  write_text_or_null("client", facts.text(outer.client));
  write_word("answered_by", request.answered_by);
  json_.key("lines").begin_array();
  for (const std::uint32_t index : request.events) {
    json_.begin_object();
    write_place(facts.events[index].at, false);
    json_.end_object();
  }
  json_.end_array();
  json_.end_object();
}

void JsonReport::write_sessions() {
  json_.key("sessions").begin_array();
  for (const Session& session : judgement_.sessions) write_session(session);
  json_.end_array();
}

void JsonReport::write_session(const Session& session) {
  json_.begin_object().field("id", std::string_view(session.id));
  write_text_or_null("repository", session.repository);
  write_text_or_null("client", session.client);
  write_text_or_null("agent", session.agent);
  write_text_or_null("user", session.user);
  write_text_or_null("tag", session.tag);
  write_text_or_null("manifest", session.manifest);
  write_list("layers", session.layers, [this](const Layer& layer) {
    json_.begin_object();
    write_text_or_null("digest", layer.digest);
    json_.field("status", std::string_view(layer.status));
    write_text_or_null("upload", layer.upload);
    json_.end_object();
  });
  write_texts("instances", session.instances);
  write_time("first", session.first);
  write_time("last", session.last);
  write_word("result", session.result);
  json_.end_object();
}

}  // namespace

void render_json(const ReportModel& model, std::string& out) {
  JsonReport(model, out).write();
  out += '\n';
}

}  // namespace regtriage
