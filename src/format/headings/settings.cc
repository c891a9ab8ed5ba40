#include "format/headings/settings.h"

#include <array>

#include "base/hash.h"
#include "base/text.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestValue = 256;

// distribution docs/configuration.md v2.8.3; goharbor/harbor make/harbor.yml.tmpl v2.7.4; nginx
// ngx_http_core_module, ngx_http_proxy_module.
constexpr std::array<std::string_view, 26> kKept = {"storage.redirect.disable",
                                                    "storage.cache.blobdescriptor",
                                                    "storage.cache.layerinfo",
                                                    "storage.delete.enabled",
                                                    "storage.maintenance.readonly.enabled",
                                                    "storage.maintenance.uploadpurging.enabled",
                                                    "storage.maintenance.uploadpurging.age",
                                                    "storage.maintenance.uploadpurging.interval",
                                                    "storage.maintenance.uploadpurging.dryrun",
                                                    "http.relativeurls",
                                                    "http.host",
                                                    "http.addr",
                                                    "proxy.remoteurl",
                                                    "notifications.endpoints.url",
                                                    "hostname",
                                                    "external_url",
                                                    "data_volume",
                                                    "storage_service.redirect.disable",
                                                    "storage_service.redirect.disabled",
                                                    "client_max_body_size",
                                                    "proxy_request_buffering",
                                                    "proxy_buffering",
                                                    "proxy_set_header.X-Forwarded-Proto",
                                                    "proxy_set_header.Host",
                                                    "redis.addr",
                                                    "return"};
// Of a storage driver: storage.DRIVER.KEY, storage_service.DRIVER.KEY.
constexpr std::array<std::string_view, 5> kOfDriver = {"rootdirectory", "bucket", "container",
                                                       "region", "regionendpoint"};

bool is_of_driver(std::string_view path) {
  const bool storage = path.starts_with("storage.") || path.starts_with("storage_service.");
  const std::size_t last = path.rfind('.');
  if (!storage || path.find('.') == last) return false;
  for (const std::string_view key : kOfDriver)
    if (path.substr(last + 1) == key) return true;
  return false;
}

bool is_secret(std::string_view path) { return path == "http.secret"; }

bool is_kept(std::string_view path) {
  for (const std::string_view key : kKept)
    if (path == key) return true;
  return is_of_driver(path);
}

// Three hex digits of a hash that is made for this alone.
std::string_view mark_of(std::string_view secret, Scratch& scratch) {
  constexpr std::string_view kKey = "regtriage: which of two secrets is it";
  constexpr std::string_view kHead = "mark ";
  constexpr std::size_t kDigits = 3;
  const std::string hex = hex_of(hash_of(kKey, secret)).substr(0, kDigits);
  char* const begin = scratch.room.end();
  std::copy(hex.begin(), hex.end(), std::copy(kHead.begin(), kHead.end(), begin));
  return scratch.room.keep(kHead.size() + kDigits);
}

std::string_view kept(std::string_view text, Scratch& scratch) {
  char* const begin = scratch.room.end();
  std::copy(text.begin(), text.end(), begin);
  return scratch.room.keep(text.size());
}

}  // namespace

void put_setting(std::string_view path, std::string_view value, Scratch& scratch, Record& out) {
  if (value.empty()) return;
  if (is_secret(path)) {
    out.reference = kept(path, scratch);
    out.message = mark_of(value, scratch);
  } else if (is_kept(path)) {
    out.reference = kept(path, scratch);
    out.message = value.substr(0, kLongestValue);
  }
}

}  // namespace regtriage
