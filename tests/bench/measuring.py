"""Runs commands in turns and keeps what each run cost: seconds, CPU seconds, peak memory.

Commands of one contest run one after the other in each round, so that a machine that slows down slows all of them.
"""
import os
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


class Failed(Exception):
    """A command that did not do what it was run for; its figures would mean nothing."""


@dataclass(frozen=True)
class Command:
    """One contestant. `argv` is run without a shell, its standard output goes to a file (GNU grep stops at the first match
    when it is /dev/null); `size` is the bytes of log it reads, 0 where that says nothing; `before` runs untimed before
    each run; `result` is a file whose size after the last run counts."""
    argv: list
    size: int = 0
    before: object = None
    result: object = None
    statuses: tuple = (0,)
    silent: bool = False  # prints nothing when all is well
    peer: str = ""  # whose program it is; empty: ours


@dataclass
class Cost:
    """Medians over the rounds; `peak` is the largest process of the largest run, in bytes."""
    seconds: float
    cpu: float
    peak: int
    size: int
    result_size: int = 0
    runs: list = field(default_factory=list)

    def per_byte(self, kind):
        """`kind`: "seconds" or "cpu"."""
        return getattr(self, kind) / self.size

    @property
    def speed(self):
        """Bytes a second."""
        return self.size / self.seconds


class Meter:
    """Runs commands by way of `run_once` (run_once.cc). What they write lands in `folder`."""

    def __init__(self, run_once, folder):
        self.run_once, self.folder = Path(run_once), Path(folder)

    def run(self, name, command):
        """(seconds, CPU seconds, peak bytes). CPU and peak are of all processes that it waited for."""
        if command.before:
            command.before()
        out, err, figures = (self.folder / file for file in ("stdout", "stderr", "figures"))
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        with open(out, "wb") as stdout, open(err, "wb") as stderr:
            subprocess.run([str(self.run_once), str(figures), *map(str, command.argv)], check=True, stdin=subprocess.DEVNULL,
                           stdout=stdout, stderr=stderr, env=environment, cwd=self.folder)
        seconds, cpu, peak, status = figures.read_text().split()
        printed = out.stat().st_size
        if int(status) not in command.statuses or (printed == 0 and not command.silent):
            said = err.read_text(errors="replace").strip()[-400:] or "no message"
            raise Failed("%s: status %s, %d bytes of output: %s" % (name, status, printed, said))
        return float(seconds), float(cpu), int(peak) * 1024


def alternate(commands, rounds, meter):
    """{name: Cost}. One more round, which is not counted, warms the page cache."""
    runs = {name: [] for name in commands}
    for counted in range(rounds + 1):
        for name, command in commands.items():
            run = meter.run(name, command)
            if counted > 0:
                runs[name].append(run)
    return {name: cost_of(commands[name], rows) for name, rows in runs.items()}


def cost_of(command, rows):
    seconds, cpu, peaks = zip(*rows)
    result = Path(command.result).stat().st_size if command.result else 0
    return Cost(statistics.median(seconds), statistics.median(cpu), max(peaks), command.size, result, list(seconds))
