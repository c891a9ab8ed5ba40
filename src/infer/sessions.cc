#include "infer/sessions.h"

#include <algorithm>
#include <map>
#include <set>

namespace regtriage {
namespace {

class Builder {
 public:
  Builder(const History& h, TimeNs gap, std::vector<Session>& out) : h_(h), gap_(gap), out_(out) {}

  void add(const Event& e) {
    if (open_ && e.order() - last_ > gap_) close(false);
    const bool manifest = e.route == Route::manifest && e.method == Method::PUT;
    const bool step =
        e.method == Method::POST || e.method == Method::PATCH || e.method == Method::PUT;
    const bool question = e.route == Route::blob && e.method == Method::HEAD;
    if (!step && !question) return;
    if (!open_) begin(e);
    last_ = e.order();
    s_.last = std::max(s_.last, e.time);
    if (e.user != NameId::none) s_.user = h_.text(e.user);
    if (e.instance != NameId::none) instances_.insert(std::string(h_.text(e.instance)));
    pushed_ |= step;
    if (question) note(e.digest, e.status < 400 ? "skipped" : "open", NameId::none);
    if (e.route == Route::uploads && e.digest != NameId::none && e.status == 201)
      note(e.digest, "mounted", NameId::none);
    if (e.route == Route::upload && e.method == Method::PUT)
      note(e.digest, e.status == 201 ? "uploaded" : "failed", e.upload);
    if (e.status >= 400 && step) failed_ = true;
    if (!manifest) return;
    if (e.tag != NameId::none)
      s_.tag = h_.text(e.tag);
    else if (e.digest != NameId::none && e.status == 201)
      s_.manifest = h_.text(e.digest);
    acknowledged_ |= e.status == 201;
    if (e.tag != NameId::none) close(true);
  }

  void finish() {
    if (open_) close(false);
  }

 private:
  void begin(const Event& e) {
    open_ = true;
    s_ = Session{};
    layers_.clear();
    instances_.clear();
    pushed_ = failed_ = acknowledged_ = false;
    s_.repository = h_.text(e.repository);
    s_.client = h_.text(e.client);
    s_.agent = h_.text(e.agent);
    s_.first = s_.last = e.time;
    first_id_ = e.id;
  }

  void note(NameId digest, std::string_view status, NameId upload) {
    if (digest == NameId::none || layers_.size() >= 1024) return;
    Layer& layer = layers_[std::string(h_.text(digest))];
    layer.digest = h_.text(digest);
    layer.status = status;
    if (upload != NameId::none) layer.upload = h_.text(upload);
  }

  void close(bool by_tag) {
    open_ = false;
    if (!pushed_) return;  // questions alone are no push
    for (auto& [digest, layer] : layers_) s_.layers.push_back(layer);
    s_.instances.assign(instances_.begin(), instances_.end());
    // When it ended, a push without a time does not say.
    const bool at_end = h_.end != kNoTime && (s_.last == kNoTime || h_.end - s_.last < gap_);
    s_.result = acknowledged_ ? SessionResult::complete
                : failed_     ? SessionResult::failed
                : by_tag      ? SessionResult::failed
                : at_end      ? SessionResult::open
                              : SessionResult::abandoned;
    s_.id = hex_of(hash_of(s_.repository + '\n' + s_.client, hex_of(first_id_))).substr(0, 12);
    out_.push_back(std::move(s_));
  }

  const History& h_;
  TimeNs gap_;
  std::vector<Session>& out_;
  Session s_;
  std::map<std::string, Layer> layers_;
  std::set<std::string> instances_;
  EventId first_id_;
  TimeNs last_ = 0;
  bool open_ = false, pushed_ = false, failed_ = false, acknowledged_ = false;
};

}  // namespace

std::vector<Session> find_sessions(const History& h, TimeNs gap) {
  std::vector<Session> sessions;
  for (std::size_t i = 0; i < h.client_requests.groups(); ++i) {
    Builder builder(h, gap, sessions);
    for (const std::uint32_t place : h.client_requests.group(i)) builder.add(h.facts.events[place]);
    builder.finish();
  }
  std::sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) {
    return a.first != b.first ? a.first < b.first : a.id < b.id;
  });
  return sessions;
}

}  // namespace regtriage
