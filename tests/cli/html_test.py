#!/usr/bin/env python3
"""The HTML report runs nothing and loads nothing: its policy allows its own style only, by its hash."""
import base64
import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REGTRIAGE", str(SOURCE / "build" / "regtriage"))
TAGS = set("html head meta title style body h1 h2 h3 p section dl dt dd code pre div ol ul li table tr th td strong".split())
ATTRIBUTES = set("lang charset http-equiv content name class scope".split())


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attributes):
        self.faults += [tag] if tag not in TAGS else []
        self.faults += ["%s %s" % (tag, name) for name, _ in attributes if name not in ATTRIBUTES]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append("</%s> closes nothing" % tag)


def main():
    log = SOURCE / "samples" / "harbor-s3-stale" / "registry.log"
    page = subprocess.run([PROGRAM, "report", "--format", "html", str(log)], capture_output=True, text=True, check=True).stdout
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    digest = "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    parser = Page()
    parser.feed(page)
    faults = parser.faults + ["<%s> is left open" % tag for tag in parser.open]
    if "default-src 'none'; style-src '%s'" % digest not in page:
        faults.append("the policy must hold '%s'" % digest)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
