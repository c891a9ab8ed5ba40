// What configurations say of a line that the other rules have judged.
#include "base/text.h"
#include "infer/rules/scales.h"

namespace regtriage {
namespace {

class ConfigWeigher : Scales {
 public:
  using Scales::Scales;

  void run() {
    const Settings& settings = s_.context.settings;
    if (settings.empty()) return;
    weigh_secret(settings);
    const std::vector<Sight> roots = settings.roots();
    if (roots.size() > 1) {
      if (Candidate* const c = try_find(CauseId::storage_root_changed))
        c->because(30, "two configurations name different places", {roots[0], roots[1]});
      if (Candidate* const c = try_find(CauseId::replicas_unshared_storage))
        c->because(30, "two configurations name different places", {roots[0], roots[1]});
    }
    weigh_cache(settings);
    weigh_refusal(settings);
    if (Candidate* const c = try_find(CauseId::proxy_breaks_upload_location))
      weigh_location(settings, *c);
  }

 private:
  // No cache is configured: none can be stale.
  void weigh_cache(const Settings& settings) {
    Candidate* const c = try_find(CauseId::stale_descriptor_cache);
    if (!c || !settings.has_storage()) return;
    if (const Sight config = no_cache(s_.context)) {
      c->despite(50, "the registry's configuration has no descriptor cache", {config});
      if (s_.e.code == Code::MANIFEST_UNKNOWN && s_.e.digest != NameId::none)
        loss({CauseId::harbor_content_missing, CauseId::manifest_revision_missing},
             group_of(s_, s_.e.repository, s_.e.digest))
            .because(5, "without a cache only the storage can have lost it", {config});
      return;
    }
    for (const char* const key : {"storage.cache.blobdescriptor", "storage.cache.layerinfo"})
      if (const std::vector<Sight> set = settings.of(key); !set.empty() && !s_.h.redis_cache)
        c->because(10, "the registry is configured to keep descriptors in a cache", {set[0]});
  }

  void weigh_refusal(const Settings& settings) {
    Candidate* const c = try_find(CauseId::client_defect);
    if (!c || s_.e.code != Code::UNSUPPORTED) return;
    const auto is = [&](std::string_view key, std::string_view value) {
      return settings.value(key) == value ? settings.of(key)[0] : Sight{};
    };
    if (const Sight read_only = is("storage.maintenance.readonly.enabled", "true")) {
      c->because(30, "the registry is configured read-only", {read_only});
    } else if (s_.e.method == Method::DELETE) {
      if (const Sight off = is("storage.delete.enabled", "false"))
        c->because(30, "the registry is configured to take no deletions", {off});
      if (const Sight on = is("storage.delete.enabled", "true"))
        c->despite(30, "the registry is configured to take deletions", {on});
    } else if (const Sight writes = is("storage.maintenance.readonly.enabled", "false")) {
      c->despite(30, "the registry is not configured read-only", {writes});
    }
  }

  // A secret that is told is the same after a restart.
  void weigh_secret(const Settings& settings) {
    Candidate* const c = try_find(CauseId::replicas_different_secret);
    const std::vector<Sight> secrets = settings.of("http.secret");
    if (!c || secrets.empty()) return;
    if (secrets.size() > 1) {
      c->because(35, "two configurations have different secrets", {secrets[0], secrets[1]});
      settle(*c, "the registry's configuration");
      return;
    }
    const bool restarted = std::any_of(c->pieces.begin(), c->pieces.end(), [](const Piece& piece) {
      return contains(piece.text.view(), "was started again");
    });
    if (restarted)
      c->despite(40, "the registry is told its secret: a restart does not change it", {secrets[0]});
    c->needs("the configuration of every replica, as it was before the error: http.secret");
  }
};

}  // namespace

Sight no_cache(const Context& context) {
  const Settings& settings = context.settings;
  const bool cache = context.history.redis_cache || context.history.memory_cache ||
                     !settings.of("storage.cache.blobdescriptor").empty() ||
                     !settings.of("storage.cache.layerinfo").empty();
  return cache || !settings.has_storage() ? Sight{} : settings.roots()[0];
}

// Behind a proxy that ends TLS the registry's Location says http:// unless it is told better, and
// what redirects http to https turns the next PATCH into a GET.
void weigh_location(const Settings& settings, Candidate& c) {
  const std::vector<Sight> relative = settings.of("http.relativeurls");
  if (settings.value("http.relativeurls") == "true") {
    c.despite(40, "the registry answers with relative locations", {relative[0]});
    return;
  }
  for (const char* const key : {"http.host", "external_url"})
    if (settings.value(key).starts_with("http://")) {
      c.because(15, "the registry is told to name itself by http://", {settings.of(key)[0]});
      return;
    }
  const std::vector<Sight> scheme = settings.of("proxy_set_header.X-Forwarded-Proto");
  const std::vector<Sight> redirect = settings.of("return");
  if (!scheme.empty())
    c.despite(30, "the proxy passes the scheme on", {scheme[0]});
  else if (!redirect.empty())
    c.because(15, "the proxy redirects, and does not pass the scheme on", {redirect[0]});
}

void examine_settings(const Situation& s, Candidates& out) { ConfigWeigher(s, out).run(); }

}  // namespace regtriage
