#!/usr/bin/env python3
"""Runs what README.md shows: a document that no longer holds fails.

  readme_test.py             checks; the program is $REGTRIAGE or build/regtriage
  readme_test.py --update    writes the real output into README.md; look at the diff

  ```console    `$ command` lines run in order, in one empty folder beside the samples; what follows is their output, exactly.
                A line `…` stands for any lines. `./dev run` is the program on the bundled sample.
  ```sql        a query on the incident database that an earlier console block made; it must give at least one row
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("REGTRIAGE", SOURCE / "build" / "regtriage")).resolve()
README = SOURCE / "README.md"
BLOCK = re.compile(r"^```(console|sql)\n(.*?)^```$", re.M | re.S)


class Folder:
    """Where the commands of one reading of the README run."""

    def __init__(self, path):
        self.path = Path(path)
        (self.path / "samples").symlink_to(SOURCE / "samples")
        (self.path / "bin").mkdir()
        (self.path / "bin" / "regtriage").symlink_to(PROGRAM)

    def run(self, command):
        command = re.sub(r"^\./dev run$", "regtriage samples/harbor-s3-stale/registry.log", command)
        environment = {"PATH": "%s/bin:/usr/bin:/bin" % self.path, "HOME": str(self.path), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
        done = subprocess.run(["bash", "-c", command], cwd=self.path, env=environment, capture_output=True, timeout=60)
        return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")


def commands_of(block):
    """(command, shown output) in order. A command may go on over lines that end in a backslash."""
    parts = re.split(r"^\$ ", block, flags=re.M)
    for part in parts[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command += "\n" + more
        yield command, output


def agrees(shown, real):
    pattern = "".join(r"(?:.*\n)*?" if line == "…\n" else re.escape(line) for line in shown.splitlines(keepends=True))
    return re.fullmatch(pattern, real) is not None


def elided_again(shown, real):
    """The real output with the same parts left out: each shown part begins with the line that it began with and is as long."""
    lines, at, text = real.splitlines(keepends=True), 0, ""
    for part in re.split(r"^…\n", shown, flags=re.M):
        wanted = part.splitlines(keepends=True)
        if wanted and wanted[0] not in lines[at:]:
            return real
        begin = lines.index(wanted[0], at) if wanted else at
        at = begin + len(wanted)
        text += "".join(lines[begin:at]) + "…\n"
    return text[:-len("…\n")]


def with_real_output(folder, block):
    """The block again, with what its commands print now; what was left out stays out where that can be told."""
    text = ""
    for command, shown in commands_of(block):
        real = folder.run(command)
        text += "$ " + command + "\n" + (shown if agrees(shown, real) else elided_again(shown, real) if "…\n" in shown else real)
    return text


def misses_of(readme, folder):
    for kind, block in BLOCK.findall(readme):
        if kind == "sql":
            answer = subprocess.run([PROGRAM, "query", "--db", "incident.db", "--format", "json", block], cwd=folder.path, capture_output=True, text=True)
            if answer.returncode or not json.loads(answer.stdout or "[]"):
                yield "this SQL gives nothing:\n%s%s" % (block, answer.stderr)
            continue
        for command, shown in commands_of(block):
            real = folder.run(command)
            if not agrees(shown, real):
                yield "$ %s\n--- README.md shows\n%s--- it prints\n%s" % (command, shown, real)


def main():
    readme = README.read_text()
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(path)
        if "--update" in sys.argv:
            README.write_text(BLOCK.sub(lambda m: m.group(0) if m.group(1) == "sql" else "```console\n%s```" % with_real_output(folder, m.group(2)), readme))
            return 0
        misses = list(misses_of(readme, folder))
    for miss in misses:
        print(miss)
    print("%d blocks, %d misses" % (len(BLOCK.findall(readme)), len(misses)))
    return 1 if misses or not BLOCK.search(readme) else 0


if __name__ == "__main__":
    sys.exit(main())
