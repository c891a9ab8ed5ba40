#!/usr/bin/env python3
"""Every JSON report of the captures keeps to schemas/report-1.schema.json, and holds no word that is not in it.

  schema_test.py [PART OF A NAME...]      the program is $REGTRIAGE or build/regtriage
"""
import json
import os
import subprocess
import sys
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REGTRIAGE", str(SOURCE / "build" / "regtriage"))
SCHEMA = json.loads((SOURCE / "schemas" / "report-1.schema.json").read_text())
CALLS = (["--events", "--sessions"], ["--full", "--events", "--requests"], ["--canonical", "--events"], ["--redact", "all"])


def resolved(schema):
    while "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def unknown_words(value, schema, at=""):
    """Words of the report that the schema does not document."""
    schema = resolved(schema)
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, item in value.items():
            inner = known.get(key, others)
            if inner is None and not key.endswith("_hex"):
                yield "%s/%s" % (at, key)
            elif isinstance(inner, dict):
                yield from unknown_words(item, inner, "%s/%s" % (at, key))
    elif isinstance(value, list):
        for item in value:
            yield from unknown_words(item, schema.get("items", {}), at + "[]")


def faults(report, validator):
    for fault in validator.iter_errors(report):
        yield "/%s: %s" % ("/".join(map(str, fault.absolute_path)), fault.message[:200])
    for word in sorted(set(unknown_words(report, SCHEMA))):
        yield "%s is not documented" % word
    for source in report.get("input", {}).get("sources", []):
        if source["bytes"] != sum(source[part] for part in ("accepted", "ignored", "rejected", "pending")):
            yield "%s: its bytes do not add up" % source["name"]


def main():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft7Validator(SCHEMA)
    logs = sorted((SOURCE / "tests/data/captures").glob("*/*/*.log")) + [SOURCE / "samples/harbor-s3-stale/registry.log"]
    logs = [log for log in logs if not log.name.startswith("client") and all(w in str(log) for w in sys.argv[1:])]
    wrong = 0
    for number, log in enumerate(logs):
        call = [PROGRAM, "triage", "--format", "json", *CALLS[number % len(CALLS)], str(log)]
        done = subprocess.run(call, capture_output=True, timeout=60)
        found = list(faults(json.loads(done.stdout), validator))
        for fault in found[:5]:
            print("%s: %s" % (log.relative_to(SOURCE), fault))
        wrong += bool(found)
    print("%d reports, %d wrong" % (len(logs), wrong))
    return 1 if wrong or not logs else 0


if __name__ == "__main__":
    sys.exit(main())
