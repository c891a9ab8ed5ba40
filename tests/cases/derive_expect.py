#!/usr/bin/env python3
"""Copies captures into tests/data/captures and writes what the program must say about each.

  derive_expect.py CORPUS CAPTURE...      CAPTURE is <scenario>/<variant> with registry*.log and truth.json
  derive_expect.py --sample CAPTURE       the expectation of the bundled sample, from the folder that it was taken from

expect.json in our own words, one entry a line:
  lines     "file:line": "verdict CODE" for each error line (noise, or real: client, fault or loss), "silent" for a success that
            belongs to an incident, "silent client" where the client itself gave up
  codes     per code how many error lines are noise and how many are real
  findings  one entry per incident: the causes that answer it and the subjects of which a finding must name one;
            nothing else may be found
The accepted causes of an incident are one right answer each, unless the lines cannot decide.
"""
import json
import shutil
import sys
from pathlib import Path

CAPTURES = Path(__file__).resolve().parents[1] / "data" / "captures"
CAUSES = {  # what a capture's truth calls it -> the program's words, where they differ
    "user_error_tag_not_found": ["reference_never_existed"],
    "user_error_repo_not_found": ["reference_never_existed"],
    "user_error_digest_not_found": ["reference_never_existed"],
    "user_error_not_found": ["reference_never_existed"],
    "manifest_blob_missing_on_push": ["manifest_before_blobs"],
    "manifest_revision_missing": ["manifest_data_missing", "manifest_revision_missing"],  # alike at level info
    "manifest_data_missing": ["manifest_data_missing", "manifest_revision_missing"],
    "gc_during_push": ["garbage_collection_during_push"],
    "gc_race": ["garbage_collection_during_push"],
    "secret_mismatch": ["replicas_different_secret"],
    "http_secret_mismatch": ["replicas_different_secret"],
    "read_after_write_lag": ["storage_not_yet_consistent"],
    "storage_lag": ["storage_not_yet_consistent"],
    "storage_write_refused": ["storage_errors", "storage_full"],
    "undetermined": ["registry_unreachable", "undetermined"],
    "auth_denied": ["auth_failed", "auth_insufficient_scope"],
}
# Where the lines alone prove less than whoever made the capture knew: (scenario, err.detail) -> what is right to say, and why.
UNPROVED = {  # a HEAD that no upload follows: nothing proves that it was a push's probe
    ("24-odd-lines", "sha512:" + "ab" * 64): "undetermined",
}
NO_FINDING = {"none", "existence_probe", "mount_fallback"}
OF_THE_CLIENT = {"client_abort", "upload_cancelled"}


def subjects(entry, *keys):
    found = set()
    for key in keys:
        value = entry.get(key) or []
        found.update([value] if isinstance(value, str) else value)
    return {s for s in found if s}


def causes_of(incident, capture):
    causes = set(CAUSES.get(incident["cause"], [incident["cause"]])) | set(incident.get("accept", []))
    if "redirect" in capture and incident["cause"] == "stale_descriptor_cache":
        causes.add("redirect_to_storage_fails")  # the bucket's 404 is not in the registry's log
    return sorted(causes)


def finding_of(incident, truth, capture):
    mine = subjects(incident, "repo", "tag", "digest", "uploads")
    own = [e for e in truth["events"] if e.get("incident") == incident["id"]]
    if own and not any(mine & subjects(e, "repo", "tag", "digest", "upload") for e in own):
        mine = set()  # its lines name no subject: a cache or a database that is down
    return {"causes": causes_of(incident, capture), "subjects": sorted(mine)}


def unproved(event, scenario):
    return event["verdict"] == "noise" and UNPROVED.get((scenario, event.get("detail")))


def lines_of(truth, files, scenario):
    cause = {i["id"]: i["cause"] for i in truth["incidents"]}
    lines = {}
    for event in truth["events"]:
        at = "%s:%d" % (event["file"], event["line"])
        if event["file"] not in files:
            continue
        if event["verdict"] == "silent":
            lines[at] = "silent client" if cause[event["incident"]] in OF_THE_CLIENT else "silent"
        elif event["code"]:
            verdict = unproved(event, scenario) or ("noise" if event["verdict"] == "noise" else "real")
            lines[at] = "%s %s" % (verdict, event["code"])
    return lines


def expect_of(truth, files, capture):
    scenario = capture.split("/")[0]
    findings = [finding_of(i, truth, capture) for i in truth["incidents"] if i["cause"] not in NO_FINDING]
    # Of a Harbor each component is counted for itself, and one request is told by several: there the lines say it all.
    counts = {} if "proxy" in truth["counts"] else truth["counts"]
    codes = {code: {"noise": n["noise"], "real": n["real"], "undetermined": 0}
             for code, n in sorted(counts.items()) if code.isupper()}
    for event in truth["events"]:
        if unproved(event, scenario):
            findings.append({"causes": [unproved(event, scenario)], "subjects": [event["detail"]]})
            codes[event["code"]]["noise"] -= 1
            codes[event["code"]]["undetermined"] += 1
    return {"findings": findings, "codes": codes, "lines": lines_of(truth, files, scenario)}


def text_of(expect):
    """JSON with one entry a line, so that a change shows as a line."""
    rows = ",\n".join("  " + json.dumps(f) for f in expect["findings"])
    pairs = {k: ",\n".join("  %s: %s" % (json.dumps(a), json.dumps(b)) for a, b in expect[k].items()) for k in ("codes", "lines")}
    return '{\n "findings": [\n%s\n ],\n "codes": {\n%s\n },\n "lines": {\n%s\n }\n}\n' % (rows, pairs["codes"], pairs["lines"])


def write_sample(source):
    """What the registry's log alone says of a Harbor."""
    truth = json.loads((source / "truth.json").read_text())
    truth["counts"] = truth["counts"]["registry"]
    target = Path(__file__).parent / "sample_expect.json"
    target.write_text(text_of(expect_of(truth, {"registry.log"}, source.parent.name)))


def main():
    if sys.argv[1] == "--sample":
        write_sample(Path(sys.argv[2]))
        return
    corpus = Path(sys.argv[1])
    for capture in sys.argv[2:]:
        source, target = corpus / capture, CAPTURES / capture
        truth = json.loads((source / "truth.json").read_text())
        target.mkdir(parents=True, exist_ok=True)
        files = {log.name for log in source.glob("*.log") if not log.name.startswith("client")}
        for name in sorted(files):
            shutil.copyfile(source / name, target / name)
        (target / "expect.json").write_text(text_of(expect_of(truth, files, capture)))


if __name__ == "__main__":
    main()
