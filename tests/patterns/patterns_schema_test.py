"""Every pattern file is valid by its schema, and the schema refuses what the loader refuses."""

import copy
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: the package python3-jsonschema is not installed")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "schemas/patterns-1.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

GOOD = {"version": 1, "product": "x", "rules": [
    {"id": "x.y", "event": "start", "message": "m", "source": "a page"}]}


def names_its_source(source):
    """A file of a product at a version, or a public line."""
    return isinstance(source, dict) or source.startswith("https://")


def is_valid(change):
    """Is GOOD still valid after `change` was made to its rule?"""
    document = copy.deepcopy(GOOD)
    change(document["rules"][0])
    return VALIDATOR.is_valid(document)


def main():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    faults = []
    files = sorted((ROOT / "patterns").glob("*.json"))
    assert files, "no pattern files"
    for file in files:
        for error in VALIDATOR.iter_errors(json.loads(file.read_text())):
            faults.append(f"{file.name}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
        faults += [f"{file.name}: the source of {rule['id']} is neither a file nor a public line"
                   for rule in json.loads(file.read_text())["rules"] if not names_its_source(rule["source"])]
    refused = {
        "an unknown event": lambda rule: rule.update(event="starts"),
        "an unknown key": lambda rule: rule.update(literals="n"),
        "two kinds of text": lambda rule: rule.update(prefix="n"),
        "no text": lambda rule: rule.pop("message"),
        "no source": lambda rule: rule.pop("source"),
        "a field that cannot be taken": lambda rule: rule.update(take={"size": "{x}"}),
        "a rule that is not unproved": lambda rule: rule.update(unproved=False),
        "an id without product": lambda rule: rule.update(id="y"),
    }
    assert is_valid(lambda rule: None)
    faults += [f"the schema takes {what}" for what, change in refused.items() if is_valid(change)]
    print("\n".join(faults) or f"{len(files)} pattern files are valid")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
