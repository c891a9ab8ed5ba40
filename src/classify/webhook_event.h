// Notification envelopes: what a registry tells others about a push, a pull or a deletion.
// Source: distribution v2.8.3 notifications/event.go
// (application/vnd.docker.distribution.events.v1+json).
#pragma once

#include <memory>
#include <string_view>

#include "classify/draft_text.h"
#include "model/event.h"

namespace regtriage {

// Reads the array "events" of an envelope. One thread per reader; what it puts into a draft is
// valid until its next call. O(bytes).
class WebhookReader {
 public:
  WebhookReader();
  ~WebhookReader();
  // Fills the draft from the *first* event: distribution posts one event an envelope (2.7 to 3.0).
  // False: the array is broken, empty, or its action is none that we know; kind stays none.
  bool fill(std::string_view events, DraftText& text, EventDraft& draft);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace regtriage
