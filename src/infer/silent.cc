// Successes that stored or sent nothing. They have no code and no level: only what comes before and
// after shows them.
#include <algorithm>
#include <set>

#include "infer/problem.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr std::size_t kMostRows = 4096;  // sightings of one digest

class Silent {
 public:
  Silent(const Context& context, BigVector<Problem>& problems)
      : c_(context), h_(context.history), out_(problems) {}

  void run() {
    stale_blobs();
    stale_manifests();
    empty_reads();
    cut_reads();
    lost_parts();
    behind_the_errors();
    after_lost_restarts();
    turned_uploads();
  }

 private:
  void add(Sight sight, Candidate candidate, std::string why) {
    if (!sight || !seen_.insert(sight.id()).second) return;
    Problem p;
    p.sight = sight;
    p.role = Role::silent;
    p.why = std::move(why);
    p.candidates.push_back(std::move(candidate));
    out_.push_back(std::move(p));
  }

  Candidate stale(NameId repository) const {
    return {CauseId::stale_descriptor_cache, GroupName(c_.stale_group(repository))};
  }

  void stale_blobs() {
    for (const StaleBlob& s : c_.stale_blobs) {
      const auto key = key_of(s.repository, s.digest);
      if (!s.redirected) elsewhere(s);
      Candidate base = s.redirected ? redirected(s) : stale(s.repository);
      if (!s.redirected)
        base.because(60,
                     "a GET was answered with 200 and nothing was sent: the descriptor is there, "
                     "the data is not",
                     {s.proof});
      for (const auto& row : h_.empty_reads.rows(key))
        if (row.order() > s.from && row.order() < s.to)
          add(row.sight(), base, "200, and nothing was sent: the blob's data is gone");
      for (const auto& row : h_.reads.rows(key)) {
        if (row.order() <= s.from || row.order() >= s.to) continue;
        const bool head = row.sight().method() == Method::HEAD && row.sight().status() == 200;
        if (head && !s.redirected) {
          Candidate c = base;
          c.because(
              30, "HEAD answered 200 for a blob whose data is gone, so the client did not send it",
              {row.sight()});
          add(row.sight(), std::move(c),
              "HEAD said that the layer is here, so the client did not send it");
          acknowledged_push(s, row.sight(), base);
        }
        if (row.sight().status() == 307)
          add(row.sight(), base, "redirected to an object that is not there");
      }
    }
  }

  // The blob's data is gone for every repository: a HEAD that says "here" in another one comes out
  // of the same cache.
  void elsewhere(const StaleBlob& s) {
    const auto rows = h_.anywhere.rows(key_of(s.digest));
    for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), kMostRows))) {
      const Sight head = row.sight();
      if (row.order() <= s.from || row.order() >= s.to || head.repository() == s.repository ||
          head.method() != Method::HEAD || head.status() != 200 || head.route() != Route::blob ||
          c_.stale_blob(head.repository(), s.digest, row.order()) != nullptr)
        continue;
      Candidate c = stale(s.repository);
      c.because(60,
                "a GET of the same blob was answered with 200 in another repository, and nothing "
                "was sent: its data is gone for all of them",
                {s.proof});
      StaleBlob here = s;
      here.repository = head.repository();
      acknowledged_push(here, head, c);
      add(head, std::move(c), "HEAD said that the layer is here, so the client did not send it");
    }
  }

  // The manifest that a push put after such a HEAD names a layer without data.
  void acknowledged_push(const StaleBlob& s, const Sight& head, const Candidate& base) {
    const auto key = key_of(s.repository, head.client(), head.agent());
    Sight next = h_.client_requests.first_after(key, head.order());
    for (int looked = 0; next && looked < 128 && next.order() - head.order() < 15 * kMinute;
         ++looked) {
      const Event& e = *next.event;
      if (e.route == Route::upload && e.digest == s.digest && e.status == 201) return;
      if (e.route == Route::manifest && e.method == Method::PUT && e.status == 201) {
        Candidate c = base;
        if (e.tag != NameId::none) c.tags.push_back(e.tag);
        return add(next, std::move(c),
                   "the manifest was accepted although a layer that it names has no data");
      }
      next = h_.client_requests.first_after(key, next.order());
    }
  }

  Candidate redirected(const StaleBlob& s) const {
    const bool cached = h_.redis_cache || h_.memory_cache ||
                        !c_.settings.of("storage.cache.blobdescriptor").empty();
    Candidate c(cached ? CauseId::stale_descriptor_cache : CauseId::redirect_to_storage_fails,
                GroupName(s.repository));
    c.because(65,
              "the client was redirected to the store for this blob and then sent it again: the "
              "redirect led nowhere",
              {s.proof});
    if (cached)
      c.because(15, "the registry keeps descriptors in a cache, so it redirects without looking");
    for (const char* const key : {"storage.redirect.disable", "storage_service.redirect.disable",
                                  "storage_service.redirect.disabled"})
      if (c_.settings.value(key) == "true")
        c.despite(30, "the registry is configured not to redirect", {c_.settings.of(key)[0]});
    c.lacks("the store's own answer to the redirected request: it is in no log of the registry");
    return c;
  }

  // A redirect (http to https, or to another host) turns PATCH and PUT into GET: the upload is
  // asked for its state, answered with 204, and nothing is ever sent (RFC 9110 §15.4.2, 301 and
  // 302).
  void turned_uploads() {
    for (const Event& e : h_.facts.events) {
      if (e.kind != EventKind::request || e.route != Route::upload || e.method != Method::GET ||
          e.status != 204 || e.upload == NameId::none)
        continue;
      bool sends = false;
      const auto rows = h_.uploads.rows(key_of(e.upload));
      for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 64)))
        sends |= row.event().method == Method::PATCH || row.event().method == Method::PUT;
      if (sends) continue;
      Candidate c(CauseId::proxy_breaks_upload_location, GroupName(e.repository));
      c.because(e.digest != NameId::none ? 75 : 45,
                "the client comes back to its upload with GET, where a push sends PATCH and PUT: a "
                "redirect on the way turned them");
      weigh_location(c_.settings, c);
      Sight s;
      s.event = &e;
      add(s, std::move(c), "204: only the upload's state was asked for, nothing was stored");
    }
  }

  void stale_manifests() {
    if (no_cache(c_)) return;
    for (const StaleManifest& s : c_.stale_manifests) {
      Candidate c = stale(s.repository);
      c.because(45, "the manifest was acknowledged with 201 and is unknown right after it",
                {s.put});
      c.digests.push_back(s.digest);
      add(s.put, c, "acknowledged with 201, and nothing was stored");
      if (!s.skipped_uploads) continue;
      const auto key = who_of(*s.put.event);
      std::size_t looked = 0;
      for (Sight before = h_.client_requests.last_before(key, s.put.order());
           before && ++looked <= 256 && s.put.order() - before.order() < 15 * kMinute;
           before = h_.client_requests.last_before(key, before.order())) {
        const Event& e = *before.event;
        if (e.route == Route::manifest && e.method == Method::PUT) break;
        if (e.route != Route::blob || e.method != Method::HEAD || e.status != 200) continue;
        if (!known_lost(e) || still_readable(e)) continue;
        add(before, c, "HEAD said that the layer is here, so the client did not send it");
      }
    }
  }

  // A lost manifest does not say which of its layers are lost, too: a collection that names the
  // layer does, or a later miss.
  bool known_lost(const Event& head) const {
    if (h_.collected.any(key_of(head.digest))) return true;
    const auto key = key_of(head.repository, head.digest);
    const Sight miss = h_.misses.first_after(key, head.order());
    const Sight stored = h_.stores.first_after(key, head.order());
    return miss && (!stored || miss.order() < stored.order()) && miss.method() == Method::GET;
  }

  // Content was sent after that HEAD and before anybody stored it again.
  bool still_readable(const Event& head) const {
    const auto key = key_of(head.repository, head.digest);
    const Sight stored = h_.stores.first_after(key, head.order());
    for (Sight s = h_.reads.first_after(key, head.order()); s;
         s = h_.reads.first_after(key, s.order())) {
      if (stored && stored.order() < s.order()) return false;
      if (s.method() == Method::GET && s.written() > 0) return true;
    }
    return false;
  }

  // What sent nothing and is no stale descriptor: the storage refused the read, or the client was
  // gone.
  void empty_reads() {
    for (const auto& row : h_.empty_reads.all()) {
      if (seen_.count(row.sight().id()) != 0) continue;
      const Sight before = h_.storage_failures.last_before(0, row.order());
      const Sight after = h_.storage_failures.first_from(0, row.order());
      const Sight near = before && row.order() - before.order() < 5 * kMinute ? before
                         : after && after.order() - row.order() < 5 * kMinute ? after
                                                                              : Sight{};
      if (near) {
        const bool denied =
            trouble_of(h_.text(near.event->detail), h_.is_proxy) == Trouble::access_denied;
        Candidate c(denied ? CauseId::storage_access_denied : CauseId::storage_errors, "storage");
        c.because(50,
                  "a GET was answered with 200 and nothing was sent, while the storage refused "
                  "other requests",
                  {near});
        add(row.sight(), std::move(c),
            "200, and nothing was sent: the storage refused the read, which is not logged");
        continue;
      }
      Candidate c = cut_read(row.sight().repository());
      c.because(40, "a GET ended before anything was sent, and other reads of the blob are whole");
      add(row.sight(), std::move(c), "200, and nothing was sent");
    }
  }

  // One finding for a repository: who gives up reading gives up on many layers.
  Candidate cut_read(NameId repository) const {
    return {CauseId::client_abort, GroupName(repository, "cut reads")};
  }

  // Reads of one blob that sent different numbers of bytes: the smaller ones were cut. (Facts keep
  // touches sorted by repository and digest.)
  void cut_reads() {
    const auto& touches = h_.facts.touches;
    const auto same = [](const Touch& a, const Touch& b) {
      return a.repository == b.repository && a.digest == b.digest;
    };
    for (std::size_t i = 0; i < touches.size();) {
      std::size_t end = i + 1;
      while (end < touches.size() && same(touches[i], touches[end])) ++end;
      if (touches[i].route == Route::blob) cut_reads_of(std::span(touches).subspan(i, end - i));
      i = end;
    }
  }

  void cut_reads_of(std::span<const Touch> reads) {
    std::int64_t whole = 0;
    bool differ = false;
    const auto counts = [](const Touch& t) {
      return t.origin != Origin::front && t.route == Route::blob && t.method == Method::GET &&
             t.status == 200 && t.written > 0;
    };
    for (const Touch& t : reads) {
      if (!counts(t)) continue;
      differ |= whole != 0 && whole != t.written;
      whole = std::max(whole, t.written);
    }
    if (!differ) return;
    std::size_t of_that_size = 0;
    for (const Touch& t : reads)
      if (counts(t) && t.written == whole) of_that_size += t.seen_once() ? 1 : 2;
    for (const Touch& t : reads) {
      // If no two reads agree, none is known to be whole.
      if (!counts(t) || (t.written == whole && of_that_size > 1)) continue;
      Candidate c = cut_read(t.repository);
      c.because(60,
                "reads of the same blob ended after different numbers of bytes: the client hung "
                "up, or something between cut it off");
      if (of_that_size < 2) c.lacks("the blob's size: no two reads of it agree");
      for (const bool last : {false, true}) {
        if (last && t.seen_once()) continue;
        Sight s;
        s.touch = &t;
        s.last = last;
        add(s, c, "200, and fewer bytes were sent than the blob has");
      }
    }
  }

  // Successes that the errors' own evidence names.
  void behind_the_errors() {
    for (std::size_t i = 0, size = out_.size(); i < size; ++i) {
      if (out_[i].candidates.empty() || out_[i].proof) continue;
      const Candidate best = *std::max_element(
          out_[i].candidates.begin(), out_[i].candidates.end(),
          [](const Candidate& a, const Candidate& b) { return a.score() < b.score(); });
      const Sight error = out_[i].sight;  // add() moves what is in `out_`
      if (best.cause == CauseId::harbor_gc_window) collected_in_the_window(error, best);
      if (best.cause == CauseId::harbor_blob_marked_deleting) served_though_gone(error, best);
      for (const Piece& piece : best.pieces)
        for (const Sight& s : piece.sights)
          if (const std::string_view why = silent_part(best.cause, s); !why.empty())
            add(s, best, std::string(why));
    }
  }

  static std::string_view silent_part(CauseId cause, const Sight& s) {
    if (s.event == nullptr) return {};
    if (cause == CauseId::harbor_row_missing && s.origin() == Origin::app &&
        s.method() == Method::PUT && s.status() == 201)
      return "the registry stored it, and Harbor has no row of it";
    if (cause == CauseId::harbor_manifest_cache && s.origin() == Origin::front)
      return "core answered from its cache, without the registry";
    return {};
  }

  // The collection's own requests that took the layers of a push away.
  void collected_in_the_window(const Sight& refused, const Candidate& best) {
    const auto rows = h_.collected.rows(key_of(refused.digest()));
    for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 64)))
      if (row.order() < refused.order() && row.sight().method() == Method::DELETE)
        add(row.sight(), best, "a collection deletes a layer of a push that goes on");
  }

  // Core says "not here", and the registry sends it to who asks for it by GET.
  void served_though_gone(const Sight& miss, const Candidate& best) {
    if (miss.event == nullptr || miss.event->route != Route::blob) return;
    const auto key = key_of(miss.repository(), miss.digest());
    const Sight stored = h_.stores.first_after(key, miss.order());
    Sight read = h_.reads.first_after(key, miss.order());
    for (int looked = 0; read && looked < 64; ++looked) {
      if (stored && stored.order() < read.order()) return;
      if (read.method() == Method::GET && read.status() == 200)
        add(read, best, "the registry still sends the layer that Harbor calls not found");
      read = h_.reads.first_after(key, read.order());
    }
  }

  // After a start that lost everything, Redis still answers for what was there before.
  void after_lost_restarts() {
    if (!h_.redis_cache || c_.lost_restarts.empty()) return;
    for (const Event& e : h_.facts.events) {
      if (e.kind != EventKind::request || e.method != Method::HEAD || e.route != Route::blob ||
          e.status != 200 || e.origin == Origin::front)
        continue;
      const auto key = key_of(e.repository, e.digest);
      const Sight stored = h_.stores.last_before(key, e.order());
      const LostRestart* const restart =
          stored ? c_.lost_restart_of(stored.order(), e.order()) : nullptr;
      if (restart == nullptr || !restart->start) continue;
      Sight head;
      head.event = &e;
      Candidate c(CauseId::storage_root_changed, GroupName::borrowed(restart->group));
      c.because(60,
                "HEAD answered 200 for a layer from before the start, out of Redis: nothing else "
                "from before it is found",
                {head, restart->start});
      const StaleBlob here{e.repository, e.digest, restart->at, restart->until, head, false};
      acknowledged_push(here, head, c);
      add(head, std::move(c), "HEAD said that the layer is here, so the client did not send it");
    }
  }

  // A part that was taken with 202 and is not there at the next step.
  void lost_parts() {
    for (const Event& e : h_.facts.events) {
      if (e.kind != EventKind::upload_offset_mismatch || e.offset != 0 || e.upload == NameId::none)
        continue;
      Sight patch;
      const auto rows = h_.uploads.rows(key_of(e.upload));
      for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 512)))
        if (row.order() < e.order() && row.event().method == Method::PATCH &&
            row.event().status == 202)
          patch = row.sight();
      if (!patch) continue;
      const Sight near = h_.storage_failures.last_before(0, e.order() + 10 * kMinute);
      const bool full = near && std::abs(near.order() - e.order()) < 10 * kMinute &&
                        trouble_of(h_.text(near.event->detail), h_.is_proxy) == Trouble::full;
      Candidate c(full ? CauseId::storage_full : CauseId::storage_errors, "storage");
      c.because(
          50,
          "the registry took the data with 202 and then had none of it: the store did not keep it",
          {patch});
      add(patch, std::move(c), "taken with 202, and the store kept nothing of it");
    }
  }

  const Context& c_;
  const History& h_;
  BigVector<Problem>& out_;
  std::set<EventId> seen_;
};

}  // namespace

void find_silent(const Context& context, BigVector<Problem>& problems) {
  Silent(context, problems).run();
}

}  // namespace regtriage
