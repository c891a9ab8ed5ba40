#!/usr/bin/env python3
"""Measures the program beside its peers and holds the figures against the targets.

  ./dev bench [--bytes 1G] [--runs 7] [--only NAME]... [--large] [--quick] [--json FILE]

Ours and theirs run in turns, each as a whole process, out of the page cache, with two threads unless said. A figure is the
median of the runs; a ratio is that of two medians. Corpora are kept below the build folder. A measurement, never a test:
a missed target is no failure, the exit status is 1 only if something did not run.
"""
import argparse
import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from contests import CONTESTS, Bench
from corpora import CATALOGUE, Corpora, NoRoom
from make_replay import size_of
from measuring import Failed, Meter, alternate
from peers import Peers
from targets import AT_AIM, GIB, MIB, MISSED, NOT_RUN, OK, TARGETS

ALL_OPTIONAL = {"large"}  # contests that only an option asks for


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def parse_call():
    p = argparse.ArgumentParser(prog="./dev bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("build", help=argparse.SUPPRESS)
    p.add_argument("--bytes", type=size_of, default=None, help="size of the corpora: 1G, the default, or 256M for a quick look")
    p.add_argument("--runs", type=int, default=None, help="counted rounds of each contest; 7 unless said")
    p.add_argument("--only", action="append", metavar="NAME", help="only this target or contest; may be repeated")
    p.add_argument("--large", action="store_true", help="peak memory at ten times the size, too")
    p.add_argument("--quick", action="store_true", help="the same as --bytes 128M --runs 3: two minutes for all of it, once it is built")
    p.add_argument("--json", metavar="FILE", help="write all figures there")
    p.add_argument("--list", action="store_true", help="list the targets and their contests")
    options = p.parse_args()
    quick = options.quick
    options.bytes = options.bytes or (size_of("128M") if quick else GIB)
    options.runs = options.runs or (3 if quick else 7)
    options.only = options.only or []
    if options.bytes < MIB or options.runs < 1:
        p.error("--bytes is at least 1M, --runs at least 1")
    names = {target.name for target in TARGETS} | {contest.name for contest in CONTESTS}
    for name in options.only:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            p.error("--only: no target or contest is called '%s'%s" % (name, "; did you mean '%s'?" % near[0] if near else "; --list shows them"))
    return options


def chosen_targets(options):
    def is_chosen(target):
        if options.only:
            return target.name in options.only or target.contest in options.only
        return target.contest not in ALL_OPTIONAL
    return [t for t in TARGETS if is_chosen(t) or options.large and t.contest == "large"]


def run_contests(bench, contests, rounds, meter):
    """{contest: {name: Cost}}; what is missing or fails is said and left out. The second result is how many contests failed."""
    results, failures = {}, 0
    for contest in contests:
        try:
            commands = present_of(bench, contest)
            say("contest %s: %s" % (contest.name, " · ".join(commands)))
            results[contest.name] = alternate(commands, rounds * contest.repeat, meter)
        except (Failed, OSError, subprocess.SubprocessError) as trouble:
            failures += 1
            say("contest %s: %s" % (contest.name, trouble))
    return results, failures


def present_of(bench, contest):
    """The commands of a contest whose programs are here."""
    commands = contest.commands(bench)
    if any(command.peer == "duckdb" for command in commands.values()):
        bench.peers.install_duckdb()
    for name, command in commands.items():
        if command.peer in bench.peers.missing:
            say("%s: left out, %s is not installed" % (name, command.peer))
    return {name: command for name, command in commands.items() if command.peer not in bench.peers.missing}


def judged(targets, results):
    """(target, figure, the same by CPU seconds, verdict) of each target; None where something is missing or says nothing."""
    rows = []
    for target in targets:
        costs = results.get(target.contest, {})
        if all(name in costs for name in target.uses):
            figure = target.measure(costs)
            rows.append((target, figure, target.measure(costs, "cpu") if target.compares else None, target.verdict(figure)))
        else:
            rows.append((target, None, None, NOT_RUN))
    return rows


def print_costs(contests, results):
    print("%-12s %-22s %9s %9s %8s %10s" % ("contest", "", "seconds", "CPU s", "GB/s", "peak MiB"))
    for contest in contests:
        for name, cost in results.get(contest.name, {}).items():
            speed = "%8.3f" % (cost.speed / 1e9) if cost.size else "%8s" % ""
            print("%-12s %-22s %9.4f %9.4f %s %10.1f" % (contest.name, name, cost.seconds, cost.cpu, speed, cost.peak / MIB))


def print_targets(rows):
    """The verdict is that of the seconds; on a busy machine the CPU seconds beside it say more."""
    print("%-13s %-36s %10s %10s %8s %8s  %s" % ("target", "", "measured", "by CPU", "must", "aim", ""))
    for target, figure, by_cpu, verdict in rows:
        bounds = ["%s %g" % ("≥" if target.faster else "≤", bound) for bound in (target.must, target.aim)]
        print("%-13s %-36s %10s %10s %8s %8s  %s" % (
            target.name, target.title, shown(figure, target.unit), shown(by_cpu, target.unit), *bounds, verdict))
    counts = [sum(row[-1] == word for row in rows) for word in (AT_AIM, OK, MISSED, NOT_RUN)]
    print("%d targets: %d at the aim, %d within the bound, %d missed, %d not run" % (len(rows), *counts))


def shown(figure, unit):
    if figure is None:
        return ""
    return (("%.3g %s" if figure < 100 else "%.0f %s") % (figure, unit)).strip()


def as_json(options, machine, rows, results):
    return {"bytes": options.bytes, "runs": options.runs, "machine": machine,
            "targets": [{"name": t.name, "title": t.title, "measured": figure, "by_cpu": by_cpu, "must": t.must, "aim": t.aim,
                         "unit": t.unit, "better": "more" if t.faster else "less", "verdict": verdict}
                        for t, figure, by_cpu, verdict in rows],
            "costs": {contest: {name: asdict(cost) for name, cost in costs.items()} for contest, costs in results.items()}}


def machine_now(peers, program):
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {"cpus": len(os.sched_getaffinity(0)), "load": os.getloadavg()[0], "regtriage": version, **peers.versions()}


def main():
    options = parse_call()
    targets = chosen_targets(options)
    if options.list:
        for target in targets:
            print("%-13s %-11s %s" % (target.name, target.contest, target.title))
        return 0
    build = Path(options.build).resolve()
    program, tools, peers = build / "regtriage", build / "tests" / "bench", Peers(build, say)
    contests = [c for c in CONTESTS if any(t.contest == c.name for t in targets)
                and not any(CATALOGUE[name].tool in peers.missing for name in c.corpora)]
    corpora = Corpora(build, tools, options.bytes, say)
    try:
        corpora.prepare(sorted({name for contest in contests for name in contest.corpora}))
    except (NoRoom, OSError, subprocess.SubprocessError) as trouble:
        say("no corpora: %s" % trouble)
        return 1
    machine = machine_now(peers, program)
    say("load %.2f on %d processors%s" % (machine["load"], machine["cpus"],
                                         "; others are at work here, so take no figure for final" if machine["load"] > 0.5 else ""))
    work = tempfile.mkdtemp(prefix="work-", dir=build)
    try:
        bench, meter = Bench(program, corpora, peers, work), Meter(tools / "run_once", work)
        results, failures = run_contests(bench, contests, options.runs, meter)
    finally:
        shutil.rmtree(work)
    print("%s; medians of %d alternating runs, corpora of %.0f MB" % (machine["regtriage"], options.runs, options.bytes / 1e6))
    print_costs(contests, results)
    print()
    rows = judged(targets, results)
    print_targets(rows)
    if options.json:
        Path(options.json).write_text(json.dumps(as_json(options, machine, rows, results), indent=1) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
