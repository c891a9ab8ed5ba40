#include "classify/classifier.h"

#include <utility>

#include "base/text.h"
#include "classify/api_path.h"
#include "classify/draft_text.h"
#include "classify/request_fields.h"
#include "classify/rule_set.h"
#include "classify/webhook_event.h"

namespace regtriage {

struct Classifier::Scratch::Impl {
  DraftText text;
  RuleSet::Match match;
  WebhookReader webhook;
};
Classifier::Scratch::Scratch() : impl(std::make_unique<Impl>()) {}
Classifier::Scratch::~Scratch() = default;

namespace {

// gorilla's handler prints an absent referer as "", nginx and Apache as "-", which the parser gives
// as a view of nothing (gorilla/handlers v1.5.2 logging.go; nginx ngx_http_log_module). nginx's own
// formats go on behind the agent.
bool is_proxy_line(const Record& record, std::string_view payload) {
  if (!value_of(record, "rest").empty()) return true;
  if (record.referer.data() != nullptr) return false;
  return record.agent.data() != nullptr || payload.ends_with(" \"-\" \"-\"");
}

Origin origin_of(const Record& record, std::string_view payload) {
  switch (record.format) {
    case Format::access:
      if (!value_of(record, "pipe").empty()) return Origin::front;
      return is_proxy_line(record, payload) ? Origin::proxy : Origin::access;
    case Format::plain:
      return Origin::output;
    case Format::webhook:
      return Origin::event;
    case Format::text:
      return Origin::client;
    case Format::inventory:
    case Format::config:
      return Origin::inventory;
    default:
      // LabKit's access log, which GitLab's registry writes beside its own lines.
      return record.message == "access" && record.status >= 0 ? Origin::access : Origin::app;
  }
}

std::string_view present(std::string_view text) { return text == "-" ? std::string_view() : text; }

// OCI image-spec 1.1 and Docker's schema 2.
ManifestType manifest_type_of(const Record& record) {
  for (const std::string_view type :
       {record.content_type, value_of(record, "http.response.contenttype")}) {
    if (contains(type, "image.index.") || contains(type, "manifest.list."))
      return ManifestType::index;
    if (contains(type, "manifest.v")) return ManifestType::image;
  }
  return ManifestType::unknown;
}

EventId id_of(const Record& record, std::string_view payload, std::string_view instance) {
  // Some transports drop blanks at a line's end (2.x prints one): they are no part of the identity.
  while (!payload.empty() && (payload.back() == ' ' || payload.back() == '\r'))
    payload.remove_suffix(1);
  const EventId id = hash_of(record.time_text, payload);
  if (instance.empty() || !record.instance.empty()) return id;
  return hash_of(instance, {reinterpret_cast<const char*>(&id), sizeof id});
}

void fill_common(const Record& record, std::string_view instance, DraftText& text,
                 EventDraft& draft) {
  draft.method = method_of(present(record.method));
  draft.status = record.status < 0 || record.status > 999 ? -1 : static_cast<int>(record.status);
  draft.written = record.written;
  draft.duration_ns = record.duration_ns;
  draft.client =
      text.tidy(address_without_port(present(record.remote)), bound::kClient, TextSlot::client);
  draft.agent = text.tidy_agent(present(record.agent));
  draft.user = text.tidy(present(record.user), bound::kUser, TextSlot::user);
  draft.request = text.tidy(record.request_id, bound::kRequest, TextSlot::request);
  draft.instance = text.tidy(record.instance.empty() ? instance : record.instance, bound::kInstance,
                             TextSlot::instance);
  if (!record.uri.empty()) fill_target(record.uri, text, draft);
  if (draft.route == Route::manifest) draft.manifest_type = manifest_type_of(record);
}

// Good answers that no verdict and no cause rests on, and answers of no registry.
bool is_of_no_use(const EventDraft& draft) {
  const bool good = draft.status < 400;
  switch (draft.route) {
    case Route::tags:
    case Route::catalog:
    case Route::referrers:
      return good;
    case Route::ping:
      return good && draft.origin != Origin::app;
    case Route::other: {
      const bool reads = draft.method == Method::GET || draft.method == Method::HEAD;
      return good || draft.method == Method::OPTIONS || (reads && !contains(draft.path, "/v2/"));
    }
    case Route::none:
      return true;
    default:
      return false;
  }
}

void judge_request(EventDraft& draft, bool says_code) {
  if (!says_code && draft.status >= 400) {
    draft.code = inferred_code(draft.method, draft.route, draft.status);
    draft.code_inferred = draft.code != Code::none;
  }
  draft.kind =
      draft.code == Code::none && is_of_no_use(draft) ? EventKind::none : EventKind::request;
}

// "sha256/1a/1a2b…/data" → "sha256:1a2b…": how the storage layout writes a digest
// (distribution registry/storage/paths.go v2.8.3). Anything else as it is.
std::string_view digest_of_path(std::string_view path, std::string& room) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return path;
  std::string_view hex = path.substr(slash + 1);
  if (hex.size() > 3 && hex[2] == '/') hex.remove_prefix(3);
  hex = hex.substr(0, hex.find('/'));
  room.assign(path.substr(0, slash)).append(":").append(hex);
  return room;
}

struct TextTarget {
  std::string_view EventDraft::*field;
  std::size_t bytes;
  TextSlot slot;
};

std::optional<TextTarget> try_text_target(Target target) {
  switch (target) {
    case Target::repository:
      return TextTarget{&EventDraft::repository, bound::kRepository, TextSlot::repository};
    case Target::digest:
      return TextTarget{&EventDraft::digest, bound::kDigest, TextSlot::digest};
    case Target::tag:
      return TextTarget{&EventDraft::tag, bound::kTag, TextSlot::tag};
    case Target::upload:
      return TextTarget{&EventDraft::upload, bound::kUpload, TextSlot::upload};
    case Target::client:
      return TextTarget{&EventDraft::client, bound::kClient, TextSlot::client};
    case Target::user:
      return TextTarget{&EventDraft::user, bound::kUser, TextSlot::user};
    case Target::agent:
      return TextTarget{&EventDraft::agent, bound::kAgent, TextSlot::agent};
    case Target::instance:
      return TextTarget{&EventDraft::instance, bound::kInstance, TextSlot::instance};
    case Target::from:
      return TextTarget{&EventDraft::from, bound::kRepository, TextSlot::from};
    case Target::detail:
      return TextTarget{&EventDraft::detail, bound::kDetail, TextSlot::detail};
    default:
      return std::nullopt;
  }
}

void put(Target target, std::string_view value, DraftText& text, EventDraft& draft) {
  if (value.empty()) return;
  if (target == Target::have) {
    draft.offset = try_i64(value).value_or(-1);
  } else if (target == Target::status) {
    draft.status = static_cast<int>(std::min<std::uint64_t>(try_u64(value).value_or(0), 999));
  } else if (target == Target::method) {
    draft.method = method_of(value);
  } else if (target == Target::code) {
    // "unknown: http status code: 404, body: …": the word in front says less than the body.
    const Code code = try_code(value).value_or(Code::UNKNOWN);
    if (code != Code::UNKNOWN || draft.code == Code::none) draft.code = code;
  } else if (target == Target::reference) {
    fill_image_reference(value, text, draft);
  } else if (target == Target::path) {
    fill_target(value, text, draft);
  } else if (const auto place = try_text_target(target)) {
    if (target == Target::client) value = address_without_port(value);
    if (target == Target::digest) value = digest_of_path(value, text.slot(TextSlot::digest));
    draft.*(place->field) = text.tidy(value, place->bytes, place->slot);
  }
}

void fill_from_rule(const Rule& rule, const RuleSet::Match& match, const Record& record,
                    DraftText& text, EventDraft& draft) {
  // The target goes first, so that what the message says itself wins over what a path says.
  put(Target::path, match.caught[static_cast<std::size_t>(Target::path)], text, draft);
  for (std::size_t i = 0; i < static_cast<std::size_t>(Target::count_); ++i)
    if (static_cast<Target>(i) != Target::path)
      put(static_cast<Target>(i), match.caught[i], text, draft);
  for (const auto& [target, parts] : rule.take) {
    std::string value;
    expand(parts, record, value);
    // `value` ends with this scope: what tidy() hands back unchanged is copied into its slot.
    std::string& work = text.slot(TextSlot::query);
    const auto place = try_text_target(target);
    if (!place) {
      work = std::move(value);
      put(target, work, text, draft);
      continue;
    }
    if (value.empty()) continue;
    const std::string_view tidied = text.tidy(value, place->bytes, place->slot);
    if (tidied.data() == value.data()) text.slot(place->slot).assign(tidied);
    draft.*(place->field) = text.slot(place->slot);
  }
}

void judge_answer(const Record& record, DraftText& text, EventDraft& draft) {
  fill_error(record, text, draft);
  judge_request(draft, !record.code.empty());
}

// Somebody passes on what a registry answered.
bool tells_answer(EventKind kind) {
  switch (kind) {
    case EventKind::client_error:
    case EventKind::client_fallback:
    case EventKind::proxy_trouble:
    case EventKind::core_error:
    case EventKind::upstream_fallback:
    case EventKind::replication_error:
    case EventKind::gc_failed:
      return true;
    default:
      return false;
  }
}

// What the text says of its subject, where neither a path nor a rule did. A tag goes with its own
// repository only.
void complete_spoken(const Record& record, DraftText& text, EventDraft& draft) {
  if (!record.is_spoken) return;
  if (contains(record.message, "index-sha256:"))
    draft.manifest_type = ManifestType::index;  // containerd's name of a push
  if (draft.repository.empty())
    draft.repository = text.tidy(record.name, bound::kRepository, TextSlot::repository);
  const bool same = record.name.empty() || draft.repository == record.name;
  if (same && draft.tag.empty() && is_tag(record.reference))
    draft.tag = text.tidy(record.reference, bound::kTag, TextSlot::tag);
  if (draft.digest.empty())
    draft.digest = text.tidy(looks_like_digest(record.reference) ? record.reference : record.digest,
                             bound::kDigest, TextSlot::digest);
}

void judge_explained(const RuleSet::Match& match, const Record& record, DraftText& text,
                     EventDraft& draft) {
  const Rule& rule = *match.rule;
  if (rule.event == EventKind::request)
    judge_answer(record, text, draft);
  else
    draft.kind = rule.event;
  if (tells_answer(rule.event) && !record.code.empty()) fill_error(record, text, draft);
  if (rule.origin) draft.origin = *rule.origin;
  fill_from_rule(rule, match, record, text, draft);
  if (tells_answer(rule.event)) complete_spoken(record, text, draft);
  // A request whose status only the rule knows.
  if (rule.event == EventKind::request && record.status < 0 && draft.status >= 0)
    judge_request(draft, draft.code != Code::none);
  if (draft.origin != Origin::client || draft.code != Code::none) return;
  draft.code = inferred_code(draft.method, draft.route, draft.status);
  draft.code_inferred = draft.code != Code::none;
}

bool is_of_product(Format format) {
  return format == Format::quay || format == Format::nexus || format == Format::artifactory;
}

bool names_subject(const EventDraft& draft) {
  return !draft.repository.empty() || !draft.digest.empty() || !draft.upload.empty();
}

// No rule knows the words, but they tell of an answer. A program that works on something says so at
// any level, so only a warning or worse counts, or a text without levels.
void judge_spoken(const Record& record, DraftText& text, EventDraft& draft) {
  if (record.level != Level::none && record.level < Level::warning) return;
  const bool core = record.format == Format::harbor;
  draft.kind = core ? EventKind::core_error : EventKind::client_error;
  draft.origin = core ? Origin::app : Origin::client;
  fill_error(record, text, draft);
  complete_spoken(record, text, draft);
  if (draft.code != Code::none) return;
  draft.code = inferred_code(draft.method, draft.route, draft.status);
  draft.code_inferred = draft.code != Code::none;
}

// No rule knows the message: its fields may still tell of an answer, and an error beside a request
// belongs to that request.
void judge_unexplained(const Record& record, DraftText& text, EventDraft& draft) {
  if (record.is_spoken) return judge_spoken(record, text, draft);
  if (record.status >= 0 && !record.uri.empty()) return judge_answer(record, text, draft);
  // GitLab's error lines have the code and no status (container-registry registry/handlers/app.go
  // logError, v4.32): the code's own is what was answered.
  if (const auto code = try_code(record.code); code && !record.uri.empty() && record.status < 0) {
    draft.status = status_of(*code);
    return judge_answer(record, text, draft);
  }
  if (record.format == Format::text && !record.code.empty()) {  // the body of a refusal
    fill_error(record, text, draft);
    draft.kind = EventKind::client_error;
    return;
  }
  const bool tied = is_of_product(record.format)
                        ? record.level >= Level::warning && names_subject(draft)
                        : record.level >= Level::error && !record.request_id.empty();
  if (!tied) return;
  draft.kind = EventKind::request_detail;
  draft.detail = text.tidy(record.message, bound::kDetail, TextSlot::detail);
}

// An inventory says what is, not what happened: no rule is needed, and its time is when the object
// was last written.
void fill_listed(const Record& record, DraftText& text, EventDraft& draft) {
  draft.repository = text.tidy(record.name, bound::kRepository, TextSlot::repository);
  draft.digest = text.tidy(record.digest, bound::kDigest, TextSlot::digest);
  draft.agent = text.tidy_agent(record.agent);
  draft.written = record.written;
  if (record.message.empty()) return;
  draft.kind = EventKind::listed;
  draft.detail = text.tidy(record.message, bound::kDetail, TextSlot::detail);
  // The second digest of a row that ties two.
  if (is_digest(record.reference))
    draft.manifest = std::exchange(draft.digest, record.reference);
  else
    draft.tag = text.tidy(record.reference, bound::kTag, TextSlot::tag);
  draft.from = text.tidy(record.uuid.empty() ? record.service : record.uuid, bound::kRepository,
                         TextSlot::from);
}

void fill_configured(const Record& record, DraftText& text, EventDraft& draft) {
  if (record.message.empty()) return;
  draft.kind = EventKind::configured;
  draft.agent = text.tidy_agent(record.agent);
  draft.from = text.tidy(record.reference, bound::kRepository, TextSlot::from);
  draft.detail = text.tidy(record.message, bound::kDetail, TextSlot::detail);
}

// By what it says: the line alone does not say all of it, and the same thing listed by two tools is
// one.
EventId id_of_listed(const EventDraft& draft) {
  std::string whole(word_of(draft.kind));
  for (const std::string_view part : {draft.detail, draft.repository, draft.digest, draft.manifest,
                                      draft.tag, draft.from, draft.agent}) {
    whole += '\n';
    whole += part;
  }
  return hash_of(whole, rfc3339_of(draft.time));
}

}  // namespace

Classifier::Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier::~Classifier() = default;

Result<Classifier> Classifier::make(const std::vector<std::string>& user_pattern_files) {
  Result<RuleSet> rules = load_rules(user_pattern_files);
  if (!rules) return tl::unexpected(std::move(rules.error()));
  Classifier out;
  out.rules_ = std::make_unique<RuleSet>(std::move(*rules));
  return out;
}

std::string_view Classifier::ruleset_version() const { return rules_->version(); }

bool Classifier::explains(const Record& record) const {
  RuleSet::Match match;
  rules_->match(record, match);
  return match.rule != nullptr;
}

void Classifier::classify(const Record& record, std::string_view payload, std::string_view instance,
                          Scratch& scratch, EventDraft& draft) const {
  DraftText& text = scratch.impl->text;
  draft = EventDraft{};
  draft.id = id_of(record, payload, instance);
  draft.origin = origin_of(record, payload);
  draft.level = record.level;
  draft.time = record.time;
  draft.relative_s = record.relative_s;
  if (record.format == Format::access) {
    draft.whole_second = record.time == kNoTime || record.time % kSecond == 0;
    fill_common(record, instance, text, draft);
    judge_request(draft, false);
    return;
  }
  if (draft.origin == Origin::inventory) {
    record.format == Format::config ? fill_configured(record, text, draft)
                                    : fill_listed(record, text, draft);
    draft.id = id_of_listed(draft);
    return;
  }
  if (record.format == Format::webhook) {
    scratch.impl->webhook.fill(value_of(record, "events"), text, draft);
    return;
  }
  RuleSet::Match& match = scratch.impl->match;
  rules_->match(record, match);
  if (match.rule != nullptr) {
    draft.rule = match.rule->id;
    if (match.rule->event == EventKind::none) return;
  }
  fill_common(record, instance, text, draft);
  fill_vars(record, text, draft);
  if (match.rule != nullptr)
    judge_explained(match, record, text, draft);
  else
    judge_unexplained(record, text, draft);
}

}  // namespace regtriage
