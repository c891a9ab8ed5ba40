#include "classify/webhook_event.h"

#include <simdjson.h>

#include "base/text.h"
#include "base/time.h"
#include "classify/api_path.h"
#include "classify/request_fields.h"

namespace regtriage {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;

std::string_view text_at(simdjson::dom::element event, const char* pointer) {
  std::string_view out;
  if (event.at_pointer(pointer).get(out)) return {};
  return out;
}

EventKind kind_of_action(std::string_view action) {
  if (action == "push" || action == "mount") return EventKind::pushed;
  if (action == "pull") return EventKind::pulled;
  if (action == "delete") return EventKind::deleted;
  return EventKind::none;
}

bool is_manifest_type(std::string_view type) {
  return contains(type, "manifest") || contains(type, "image.index");
}

void fill_target_of_event(simdjson::dom::element event, DraftText& text, EventDraft& draft) {
  const std::string_view type = text_at(event, "/target/mediaType");
  const std::string_view tag = text_at(event, "/target/tag");
  draft.route = is_manifest_type(type) || !tag.empty() ? Route::manifest : Route::blob;
  draft.manifest_type = contains(type, "image.index") || contains(type, "manifest.list")
                            ? ManifestType::index
                            : ManifestType::unknown;
  draft.repository =
      text.tidy(text_at(event, "/target/repository"), bound::kRepository, TextSlot::repository);
  draft.from =
      text.tidy(text_at(event, "/target/fromRepository"), bound::kRepository, TextSlot::from);
  draft.tag = text.tidy(tag, bound::kTag, TextSlot::tag);
  const std::string_view digest = text_at(event, "/target/digest");
  if (looks_like_digest(digest)) draft.digest = digest;
}

}  // namespace

struct WebhookReader::Impl {
  simdjson::dom::parser parser{kMaxBytes};
};
WebhookReader::WebhookReader() = default;
WebhookReader::~WebhookReader() = default;

bool WebhookReader::fill(std::string_view events, DraftText& text, EventDraft& draft) {
  if (!impl_) impl_ = std::make_unique<Impl>();
  simdjson::dom::element root, event;
  if (events.size() > kMaxBytes ||
      impl_->parser.parse(events.data(), events.size(), true).get(root) ||
      root.at_pointer("/0").get(event))
    return false;
  draft.kind = kind_of_action(text_at(event, "/action"));
  if (draft.kind == EventKind::none) return false;
  fill_target_of_event(event, text, draft);
  draft.method = method_of(text_at(event, "/request/method"));
  draft.request = text.tidy(text_at(event, "/request/id"), bound::kRequest, TextSlot::request);
  draft.client = text.tidy(address_without_port(text_at(event, "/request/addr")), bound::kClient,
                           TextSlot::client);
  draft.agent = text.tidy_agent(text_at(event, "/request/useragent"));
  draft.user = text.tidy(text_at(event, "/actor/name"), bound::kUser, TextSlot::user);
  draft.instance =
      text.tidy(text_at(event, "/source/instanceID"), bound::kInstance, TextSlot::instance);
  draft.time = try_rfc3339(text_at(event, "/timestamp")).value_or(kNoTime);
  return true;
}

}  // namespace regtriage
