// Traefik 2 and 3 (pkg/middlewares/accesslog/logdata.go): RequestMethod, RequestPath,
// DownstreamStatus …, StartUTC. Caddy 2 (modules/caddyhttp/logging.go, marshalers.go): an object
// "request", status, size, duration and ts in seconds. nginx: the names of its variables
// (ngx_http_log_module, ngx_http_core_module), as everybody's log_format has them: "request", or
// "request_method" and "request_uri".
#include "format/formats/json_front.h"

#include "base/text.h"
#include "base/time.h"
#include "format/formats/access_parts.h"

namespace regtriage {
namespace {

class Fields {
 public:
  explicit Fields(const std::vector<Field>& fields) : fields_(fields) {}
  std::string_view operator[](std::string_view key) const {
    for (const Field& field : fields_)
      if (field.key == key) return field.value;
    return {};
  }
  std::string_view first_of(std::initializer_list<std::string_view> keys) const {
    for (const std::string_view key : keys)
      if (const std::string_view value = (*this)[key]; !value.empty()) return value;
    return {};
  }

 private:
  const std::vector<Field>& fields_;
};

void put_if_absent(std::string_view& slot, std::string_view value) {
  if (slot.empty()) slot = value;
}

void put_if_absent(std::int64_t& slot, std::string_view number) {
  if (slot < 0) slot = std::max<std::int64_t>(try_i64(number).value_or(-1), -1);
}

// "0.0031" or "1795826656.1234": seconds as nanoseconds; -1 for anything else.
std::int64_t nanos_of(std::string_view seconds) {
  constexpr std::int64_t kMostSeconds = 9'000'000'000;  // what 64 bits of nanoseconds hold
  const std::size_t dot = seconds.find('.');
  const auto whole = try_i64(seconds.substr(0, dot));
  if (!whole || *whole < 0 || *whole > kMostSeconds) return -1;
  std::int64_t nanos = 0, unit = 100'000'000;
  for (std::size_t i = dot; i != std::string_view::npos && ++i < seconds.size(); unit /= 10) {
    if (seconds[i] < '0' || seconds[i] > '9') return -1;
    nanos += (seconds[i] - '0') * unit;
  }
  return *whole * kSecond + nanos;
}

void put_time(std::string_view text, Record& out) {
  if (text.empty()) return;
  auto time = try_rfc3339(text);
  if (!time) time = try_access_time(text);
  if (!time) return;
  out.time_text = text;
  out.time = *time;
}

bool take_traefik(const Fields& fields, Record& out) {
  if (fields["RequestPath"].empty() || fields["DownstreamStatus"].empty()) return false;
  out.method = fields["RequestMethod"];
  out.uri = fields["RequestPath"];
  put_if_absent(out.status, fields["DownstreamStatus"]);
  put_if_absent(out.written, fields["DownstreamContentSize"]);
  put_if_absent(out.duration_ns, fields["Duration"]);
  put_if_absent(out.remote, fields.first_of({"ClientHost", "ClientAddr"}));
  put_if_absent(out.agent, fields["request_User-Agent"]);
  put_time(fields["StartUTC"], out);
  return true;
}

// {"User-Agent":["docker/24.0.7"]}: the first value, which has no escapes in any but hostile lines.
std::string_view agent_in(std::string_view headers) {
  constexpr std::string_view kAgent = "\"User-Agent\":[\"";
  const std::size_t at = headers.find(kAgent);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = headers.substr(at + kAgent.size());
  const std::string_view value = rest.substr(0, rest.find('"'));
  return value.find('\\') == std::string_view::npos ? value : std::string_view();
}

bool take_caddy(const Fields& fields, Scratch& scratch, Record& out) {
  const std::string_view request = fields["request"];
  if (!request.starts_with('{') || out.status < 0 || !scratch.detail.read(request)) return false;
  const auto value = [&](std::string_view key) {
    const JsonField* const field = scratch.detail.find(key);
    return field == nullptr ? std::string_view() : field->value;
  };
  if (value("method").empty() || value("uri").empty()) return false;
  out.method = value("method");
  out.uri = value("uri");
  put_if_absent(out.remote, value("remote_ip").empty() ? value("remote_addr") : value("remote_ip"));
  put_if_absent(out.agent, agent_in(value("headers")));
  put_if_absent(out.written, fields["size"]);
  if (out.duration_ns < 0) out.duration_ns = nanos_of(fields["duration"]);
  if (out.time == kNoTime) {
    const std::int64_t since = nanos_of(fields["ts"]);
    if (since > 0) {
      out.time_text = fields["ts"];
      out.time = since;
    }
  }
  return true;
}

bool take_nginx(const Fields& fields, Scratch& scratch, Record& out) {
  const std::string_view request = fields["request"];
  const std::string_view target = fields.first_of({"request_uri", "path"});
  const bool apart = !fields["request_method"].empty() && (!target.empty() || !out.uri.empty());
  if (out.status < 0 || (request.find(" HTTP/") == std::string_view::npos && !apart)) return false;
  if (apart) {
    out.method = fields["request_method"];
    if (!target.empty()) out.uri = target;
  } else {
    split_request(request, scratch, out);
  }
  put_if_absent(out.written, fields.first_of({"body_bytes_sent", "bytes_sent"}));
  put_if_absent(out.agent, fields["http_user_agent"]);
  put_if_absent(out.referer, fields["http_referer"]);
  if (out.duration_ns < 0) out.duration_ns = nanos_of(fields["request_time"]);
  if (out.time == kNoTime) put_time(fields.first_of({"time_iso8601", "time_local"}), out);
  return true;
}

}  // namespace

void take_front_fields(Scratch& scratch, Record& out) {
  if (!out.request_id.empty() || !out.code.empty()) return;  // a registry's own
  const Fields fields(scratch.fields);
  if (!take_traefik(fields, out) && !take_caddy(fields, scratch, out) &&
      !take_nginx(fields, scratch, out))
    return;
  out.uri = path_of_url(out.uri);
  out.agent = unless_dash(out.agent);
  out.referer = unless_dash(out.referer);
  finish_access("json", scratch, out);
}

}  // namespace regtriage
