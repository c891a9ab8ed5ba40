"""Writes a folder of lines as people have it: plain, as Harbor's rsyslog keeps it, rotated, packed."""
import gzip
import io
import json
import tarfile

from grammar import SECOND, syslog


def in_order(folder):
    """file → [(time, text, verdict, code)], as told in time."""
    return {name: [(at, text, verdict, code) for at, _, text, verdict, code in sorted(lines)] for name, lines in folder.lines.items()}


def truth_of(folder):
    """A line that is told twice within a second counts once, at its first place: nothing tells the two apart."""
    lines, told = {}, set()
    for name, rows in in_order(folder).items():
        for n, (at, text, verdict, code) in enumerate(rows, 1):
            if verdict and (name, at // SECOND, text) not in told:
                lines["%s:%d" % (name, n)] = [verdict, code]
                told.add((name, at // SECOND, text))
    return {"findings": [{"name": i.name, "causes": i.causes, "subjects": i.subjects} for i in folder.incidents], "lines": lines}


def texts_of(folder, form="plain", minutes_east=0):
    """file → bytes. The syslog form leaves job files as they are: they do not pass rsyslog."""
    texts = {}
    for name, rows in in_order(folder).items():
        wrap = form == "syslog" and not name.startswith("jobs/")
        component = name.removesuffix(".log")
        made = [syslog(at, component, text, minutes_east) if wrap else text for at, text, _, _ in rows]
        texts[name] = ("\n".join(made) + "\n").encode()
    return texts


def rotated(texts):
    """The first two thirds of each log are in NAME.2.gz and NAME.1.gz, as logrotate leaves them."""
    made = {}
    for name, text in texts.items():
        lines = text.splitlines(keepends=True)
        third = max(1, len(lines) // 3)
        if name.startswith("jobs/") or len(lines) < 6:
            made[name] = text
            continue
        made[name + ".2.gz"] = gzip.compress(b"".join(lines[:third]), 1, mtime=0)
        made[name + ".1.gz"] = gzip.compress(b"".join(lines[third:2 * third]), 1, mtime=0)
        made[name] = b"".join(lines[2 * third:])
    return made


def write_folder(texts, target, truth=None):
    for name, text in texts.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(text)
    if truth is not None:  # beside the folder, never in it: the program reads whole folders
        target.with_name(target.name + ".truth.json").write_text(json.dumps(truth, indent=1))
    return target


def write_tar(texts, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:gz", compresslevel=1) as tar:
        for name, text in sorted(texts.items()):
            member = tarfile.TarInfo("harbor-logs/" + name)
            member.size, member.mtime = len(text), 1772323200
            tar.addfile(member, io.BytesIO(text))
    return target
