// A report made by hand: one source, three judged lines, two findings. `hostile` puts a text of the
// caller's into every place that a log line can reach.
#pragma once

#include <string>

#include "report/report.h"

namespace regtriage {

struct SampleReport {
  Facts facts;
  Judgement judgement;

  ReportModel model() const {
    ReportModel made{.facts = facts,
                     .judgement = judgement,
                     .tool_version = "1.2.3",
                     .ruleset = "0123456789ab",
                     .only = {}};
    return made;
  }
};

inline constexpr TimeNs kNoon = 1'764'072'000LL * kSecond;  // 2025-11-25T12:00:00Z

inline Event sample_event(Facts& facts, std::uint64_t id, TimeNs time, std::string_view repository,
                          std::string_view digest) {
  Event event;
  event.id = {0, id};
  event.time = time;
  event.at = {id * 100, static_cast<std::uint32_t>(id), 0};
  event.kind = EventKind::request;
  event.level = Level::error;
  event.method = Method::HEAD;
  event.route = Route::blob;
  event.code = Code::BLOB_UNKNOWN;
  event.status = 404;
  event.repository = facts.names.intern(repository);
  event.digest = facts.names.intern(digest);
  event.client = facts.names.intern("10.0.0.7");
  event.request = uuid_bits("00000000-0000-4000-8000-000000000001");
  return event;
}

inline Evidence sample_evidence(const Event& event, Role role, std::string why, std::string text) {
  return {event.id, role, std::move(why), event.at, event.time, std::move(text)};
}

inline SourceReport sample_source(const std::string& name) {
  SourceReport source;
  source.name = name;
  source.lines = 1200;
  source.bytes = 345678;
  source.accepted = 345000;
  source.ignored = 600;
  source.rejected = 78;
  source.lines_by_format[static_cast<std::size_t>(Format::logfmt)] = 1198;
  source.rejects[static_cast<std::size_t>(Reject::not_understood)] = 2;
  source.reject_samples.push_back({Reject::not_understood, {80'000, 812, 0}, "what"});
  source.instances = {"registry-0"};
  source.first = kNoon;
  source.last = kNoon + kHour;
  source.gaps = {{kNoon + 10 * kMinute, kNoon + 40 * kMinute}};
  source.clock_offset_ms = 8 * 3'600'000;
  source.lowest_level = Level::info;
  return source;
}

inline Finding sample_finding(const Event& error, const std::string& repository,
                              const std::string& digest) {
  Finding finding;
  finding.id = "a1b2c3d4e5f6";
  finding.cause = CauseId::stale_descriptor_cache;
  finding.cause_class = CauseClass::storage;
  finding.verdict = Verdict::loss;
  finding.confidence = Confidence::probable;
  finding.severity = Severity::critical;
  finding.state = State::ongoing;
  finding.title = repository + ": the descriptor cache outlives the data";
  finding.summary =
      "The data of " + digest + " is gone, but a note in the cache says that it is there.";
  finding.repositories = {repository};
  finding.tags = {"v1"};
  finding.digests = {digest};
  finding.clients = {"10.0.0.7"};
  finding.first = kNoon;
  finding.last = kNoon + 90 * kSecond;
  finding.lines = 2;
  finding.requests = 2;
  finding.score = {{"HEAD answered 200 for data that is gone", Sign::evidence_for, 60, {error.id}},
                   {"the same client got it a minute before", Sign::against, 5, {}},
                   {"a start line that says which cache is used", Sign::missing, 0, {}}};
  finding.evidence = {sample_evidence(error, Role::silent, "nothing was sent",
                                      "GET " + repository + " blob " + digest + ": 200, 0 bytes")};
  finding.remedy = {"Delete the keys of the cache (see `redis.db` in config.yml):",
                    "redis-cli -n 1 DEL blobs::KEY", "Push the images again."};
  finding.do_not = {"Do not run FLUSHALL: it drops job queues, too."};
  finding.confirm = {"redis-cli -n 1 HGETALL blobs::" + digest + "   # fields: the cache is stale"};
  finding.alternatives = {{CauseId::blob_data_missing, Confidence::possible, "the disk lost it"}};
  return finding;
}

// `text` stands for whatever a hostile client may bring into names, digests and sources.
inline SampleReport sample_report(const std::string& repository, const std::string& digest,
                                  const std::string& source) {
  SampleReport made;
  made.facts.sources.push_back(sample_source(source));
  made.facts.events.push_back(sample_event(made.facts, 7, kNoon, repository, digest));
  made.facts.events.push_back(
      sample_event(made.facts, 9, kNoon + 90 * kSecond, repository, digest));
  Event& silent = made.facts.events.back();
  silent.code = Code::none;
  silent.status = 200;
  silent.level = Level::info;
  made.judgement.findings.push_back(sample_finding(silent, repository, digest));
  made.judgement.findings.push_back(made.judgement.findings[0]);
  Finding& second = made.judgement.findings[1];
  second.id = "0000000000ff";
  second.cause = CauseId::undetermined;
  second.cause_class = CauseClass::undetermined;
  second.verdict = Verdict::undetermined;
  second.confidence = Confidence::possible;
  second.severity = Severity::low;
  second.state = State::unknown;
  second.evidence.clear();
  second.missing = {"the log of the storage"};
  Judged noise;
  noise.event = {0, 7};
  noise.verdict = Verdict::noise;
  noise.cause = CauseId::existence_probe;
  noise.proof = {0, 9};
  Judged loss;
  loss.event = {0, 9};
  loss.index = 1;
  loss.verdict = Verdict::loss;
  loss.cause = CauseId::stale_descriptor_cache;
  loss.finding = 0;
  made.judgement.judged = {noise, loss};
  made.judgement.codes["BLOB_UNKNOWN"].noise = 1;
  made.judgement.kinds_of_noise[CauseId::existence_probe] = 1;
  Session session;
  session.id = "5e5510000000";
  session.repository = repository;
  session.client = "10.0.0.7";
  session.agent = "skopeo/1.9.3";
  session.tag = "v1";
  session.first = kNoon;
  session.last = kNoon + kSecond;
  session.layers = {{digest, "uploaded", ""}};
  session.result = SessionResult::complete;
  made.judgement.sessions.push_back(session);
  return made;
}

inline SampleReport sample_report() {
  return sample_report("team/app", "sha256:" + std::string(64, '1'), "logs/registry.log");
}

inline std::string rendered(std::string_view renderer, const ReportModel& model) {
  std::string out;
  render(*renderer_named(renderer), model, out);
  return out;
}

}  // namespace regtriage
