"""How each program prints one line. Grammars only; what is said stands in harbor.py and products.py.

Times are integers: nanoseconds since 1970, UTC. The sources of each form are named where it stands.
"""
import base64
import json
import re
from datetime import datetime, timedelta, timezone

MS, SECOND, MINUTE, HOUR = 10**6, 10**9, 60 * 10**9, 3600 * 10**9
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Bare(str):
    """A value that 2.x prints without quotes whatever it holds: no Go string or error, but a digest, a number, a list."""


def instant(text):
    return int((datetime.fromisoformat(text + "+00:00") - EPOCH).total_seconds()) * SECOND


def shown(ns, form, minutes_east=0):
    return (EPOCH + timedelta(seconds=ns // SECOND, minutes=minutes_east)).strftime(form)


def rfc3339(ns, digits=0):
    fraction = "" if not digits else ("." + ("%09d" % (ns % SECOND))[:digits]).rstrip("0").rstrip(".")
    return shown(ns, "%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def go_duration(ns):
    for unit, size in (("s", SECOND), ("ms", MS), ("µs", 1000)):
        if ns >= size:
            return ("%.6f" % (ns / size)).rstrip("0").rstrip(".") + unit
    return "%dns" % ns


# distribution 2.7/2.8: text_formatter.go of logrus at 3d4380f. Nothing is escaped.
def plain_value(value):
    if isinstance(value, Bare) or re.fullmatch(r"[A-Za-z0-9.\-]*", value):
        return value
    return '"%s"' % value


# distribution 3.x, OpenShift: logrus 1.9. Go's quoting.
def go_value(value):
    if re.fullmatch(r"[A-Za-z0-9\-._/@^+]+", value):
        return value
    return json.dumps(value, ensure_ascii=False)


def logrus2(ns, level, message, fields, digits=9):
    pairs = ["time=" + plain_value(rfc3339(ns, digits)), "level=" + level, "msg=" + plain_value(message)]
    return "".join(p + " " for p in pairs + ["%s=%s" % (k, plain_value(fields[k])) for k in sorted(fields)])


def logrus3(ns, level, message, fields):
    pairs = ["time=" + go_value(rfc3339(ns, 9)), "level=" + level, "msg=" + go_value(message)]
    return " ".join(pairs + ["%s=%s" % (k, go_value(fields[k])) for k in sorted(fields)])


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


# gorilla/handlers: combined, an empty referer is "".
def access(ns, host, method, uri, status, size, agent):
    return '%s - - [%s] "%s %s HTTP/1.1" %d %d "" "%s"' % (host, shown(ns, "%d/%b/%Y:%H:%M:%S +0000"), method, uri, status, size,
                                                           agent.replace("\\", "\\\\").replace('"', '\\"'))


def common(ns, host, method, uri, status, size):
    return '%s - - [%s] "%s %s HTTP/1.1" %d %d' % (host, shown(ns, "%d/%b/%Y:%H:%M:%S +0000"), method, uri, status, size)


# goharbor/harbor make/photon/prepare/templates/nginx/nginx.http.conf.jinja, the same from v1.10.0 to v2.15.0; helm: with the time.
def nginx(ns, client, method, uri, status, size, agent, took, upstream="", helm=False):
    agent = agent.replace("\\", "\\x5C").replace('"', "\\x22")
    seconds = "%.3f" % (took / SECOND)
    head = "[%s]:" % shown(ns, "%d/%b/%Y:%H:%M:%S +0000") if helm else ""
    return '%s%s - "%s %s HTTP/1.1" %d %d "-" "%s" %s %s .' % (head, client, method, uri, status, size, agent, seconds, upstream or seconds)


def nginx_error(ns, level, message, client, request, upstream):
    return '%s [%s] 7#7: *%d %s, client: %s, server: , request: "%s", upstream: "%s", host: "harbor.example.com"' % (
        shown(ns, "%Y/%m/%d %H:%M:%S"), level, ns // SECOND % 9000 + 1, message, client, request, upstream)


# goharbor/harbor src/lib/log/{logger,textformatter}.go v2.7.4, src/common/utils/log v1.10.0.
def harbor(ns, level, place, message, fields=None):
    told = "[%s]" % " ".join('%s="%s"' % (k, fields[k]) for k in sorted(fields)) if fields else ""
    return "%s [%s] [/%s]%s: %s" % (rfc3339(ns), level, place, told, message)


# beego server/web, logs/log.go: coloured.
def beego(ns, letter, place, message):
    colour = {"C": "1;35", "E": "1;31", "I": "1;34", "D": "1;44"}[letter]
    return "%s.%03d \x1b[%sm[%s]\x1b[0m [%s]  %s" % (shown(ns, "%Y/%m/%d %H:%M:%S"), ns // MS % 1000, colour, letter, place, message)


# beego router.go v1.12 with runmode dev, which Harbor has up to v2.1.0 (make/photon/prepare/templates/core/app.conf.jinja).
def beego_access(ns, client, status, took, method, path, pattern):
    text = "|%15s|\x1b[97;42m %3d \x1b[0m|%13s|%8s|\x1b[97;44m %-7s \x1b[0m %s   r:%s" % (
        client, status, go_duration(took), "match", method, path, pattern)
    return beego(ns, "D", "server.go:2774", text)


def postgresql(ns, level, message):
    return "%s.%03d UTC [57] %s:  %s" % (shown(ns, "%Y-%m-%d %H:%M:%S"), ns // MS % 1000, level, message)


def redis(ns, role, message):
    return "1:%s %s.%03d * %s" % (role, shown(ns, "%d %b %Y %H:%M:%S"), ns // MS % 1000, message)


# rsyslog's traditional file form (formats.md 2.2): no year, local time of the host, control bytes in octal.
def syslog(ns, name, line, minutes_east=0):
    when = EPOCH + timedelta(seconds=ns // SECOND, minutes=minutes_east)
    body = re.sub(r"[\x00-\x1f\x7f]", lambda m: "#%03o" % ord(m[0]), line)
    return "%s %2d %s 172.18.0.1 %s[2813]: %s" % (when.strftime("%b"), when.day, when.strftime("%H:%M:%S"), name, body)


# registry/handlers/hmac.go: 32 bytes of HMAC, then JSON, URL-safe base64.
def upload_state(rng, repository, upload, offset, started):
    told = '{"Name":"%s","UUID":"%s","Offset":%d,"StartedAt":"%s"}' % (repository, upload, offset, rfc3339(started, 9))
    mac = rng.getrandbits(256).to_bytes(32, "big")
    return base64.urlsafe_b64encode(mac + told.encode()).decode().replace("=", "%3D")
