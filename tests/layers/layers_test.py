#!/usr/bin/env python3
"""Holds every #include of src/ against table.txt beside this file and says in a sentence which rule is broken.

That each header compiles alone is held by the build (target headers_alone).
"""
import re
import sys
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).resolve().parent / "table.txt"
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)


class Table:
    """The rules as data. `rooms`: room -> rooms it may include; `bound`: (prefix, rooms or any, reason)."""

    def __init__(self, text):
        self.rooms, self.bound = {}, []
        for number, line in enumerate(text.splitlines(), 1):
            kind, _, rest = line.strip().partition(" ")
            if kind == "room":
                name, _, allowed = rest.partition(":")
                self.rooms[name.strip()] = set(allowed.split())
            elif kind in ("third", "system"):
                self.bound.append(self.binding(kind, rest, number))
            elif kind and not kind.startswith("#"):
                raise ValueError("table.txt:%d: '%s' is no kind of row" % (number, kind))

    @staticmethod
    def binding(kind, rest, number):
        left, *reasons = [part.strip() for part in rest.split("|")]
        prefix, arrow, rooms = left.partition("->")
        if not arrow or (kind == "third" and (len(reasons) != 2 or not all(reasons))):
            raise ValueError("table.txt:%d: a third party needs PREFIX -> rooms | package | why" % number)
        return prefix.strip(), set(rooms.split()), " ".join(reasons)

    def broken_rule(self, room, quoted, angled):
        """A sentence, or None. Exactly one of quoted and angled is given."""
        return self.broken_arrow(room, quoted) if quoted else self.broken_binding(room, angled)

    def broken_arrow(self, room, path):
        other = path.partition("/")[0]
        if "/" not in path or other not in self.rooms:
            return 'quotes are for headers of this repository, named from src/ ("room/file.h")'
        if other == room or other in self.rooms[room]:
            return None
        if room in self.rooms[other]:
            return "%s is built on %s, so %s must not know it; a noun that both need belongs in model" % (other, room, room)
        return "%s may include only %s; a noun that both rooms need belongs in model" % (
            room, ", ".join(sorted(self.rooms[room])) or "nothing")

    def broken_binding(self, room, path):
        for prefix, rooms, _ in self.bound:
            if path.startswith(prefix):
                if "any" in rooms or room in rooms:
                    return None
                return "<%s> is bound to %s and %s is another room" % (prefix, " and ".join(sorted(rooms)), room)
        if "." not in path and "/" not in path:
            return None  # C++ itself
        return "<%s> has no row in tests/layers/table.txt: a dependency is listed there with its rooms and its reason" % path


def violations(table, root):
    found = []
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".cc", ".h"):
            continue
        room = path.relative_to(root / "src").parts[0]
        text = path.read_text(errors="replace")
        for match in INCLUDE.finditer(text):
            rule = table.broken_rule(room, *match.groups()) if room in table.rooms else "%s is no room of the table" % room
            if rule:
                line = text.count("\n", 0, match.end()) + 1
                found.append("%s:%d includes %s: %s" % (path.relative_to(root), line, match.group(1) or match.group(2), rule))
    return found


class Layers(unittest.TestCase):
    table = Table(TABLE.read_text())

    def test_every_include_of_src_follows_the_table(self):
        found = violations(self.table, SOURCE)
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_every_header_of_src_is_guarded_by_pragma_once(self):
        bare = [str(p) for p in sorted((SOURCE / "src").rglob("*.h")) if "#pragma once" not in p.read_text()]
        self.assertFalse(bare)

    def test_no_two_headers_define_a_type_of_one_name(self):
        # One namespace: of two such types the linker keeps one inline destructor for both.
        places = {}
        for path in sorted((SOURCE / "src").rglob("*.h")):
            for name in re.findall(r"^(?:struct|class) ([A-Z]\w+)(?: final)? [{:]", path.read_text(), re.M):
                places.setdefault(name, []).append(str(path.relative_to(SOURCE)))
        self.assertFalse({name: where for name, where in places.items() if len(where) > 1})

    def test_a_middle_room_that_includes_another_is_named(self):
        self.assertIn("infer may include only base, model", self.table.broken_rule("infer", "store/store.h", None))

    def test_an_arrow_backwards_is_named(self):
        self.assertIn("model is built on base", self.table.broken_rule("base", "model/event.h", None))

    def test_a_third_party_in_a_foreign_room_is_named(self):
        self.assertIn("bound to store", self.table.broken_rule("report", None, "sqlite3.h"))

    def test_an_unlisted_third_party_is_named(self):
        self.assertIn("no row", self.table.broken_rule("format", None, "nlohmann/json.hpp"))

    def test_what_the_table_allows_passes(self):
        for room, quoted, angled in (("ingest", "facts/accumulator.h", None), ("app", "store/store.h", None),
                                     ("classify", None, "re2/re2.h"), ("model", None, "vector"), ("base", None, "xxhash.h")):
            self.assertIsNone(self.table.broken_rule(room, quoted, angled))


if __name__ == "__main__":
    unittest.main()
