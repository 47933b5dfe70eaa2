#!/usr/bin/env python3
"""Many projects by Snakemake, as docs/portfolio.smk has it, and by one `build`: the same bytes.

    portfolio.py PROGRAM SNAKEMAKE FOLDER [--projects N]

Makes N small projects in FOLDER/inputs and asks that

- Snakemake's local executor makes the files that `build` makes, byte for byte, and then has nothing to do;
- a table that was saved makes it ask for that project's units and no others;
- a project with a fault ends with an exit code, but stops no other project, and its last good reports stay;
- an executor that starts Snakemake anew for each job, as those of clusters do, makes the same bytes too, both in a
  folder that all share and with files that come and go through a storage.

Needs XlsxWriter, snakemake-executor-plugin-cluster-generic and snakemake-storage-plugin-fs, and rsync for the last.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import xlsxwriter

WORKFLOW = Path(__file__).resolve().parent.parent / "docs" / "portfolio.smk"
# What folders may be called: spaces, other letters, and what Snakemake takes for wildcards.
NAMES = ["проект {0}", "p {0} {{x}}", "p{0}'s", "p{0}"]
# The dearer executors get these alone; a storage can't have braces in names.
FEW = [0, 2]

PROJECT = """code = "TEST-{number:03}"
languages = ["en"]
start = 2025-01-01
end = 2025-12-31
title = {{ en = "Invented project {number}" }}
[periods]
quarters = true
[[reports]]
name = "quarterly"
periods = ["2025-Q1", "2025-Q2"]
documents = [["en"]]
"""

INDICATORS = [
    ["code", "title", "unit", "calculation", "by", "target"],
    ["T1", "Trainings held", "trainings", "activities", "municipality", 4],
    ["T2", "People reached", "people", "sum(reached)", "municipality", 90],
]


def make_project(folder, number):
    folder.mkdir(parents=True)
    (folder / "project.toml").write_text(PROJECT.format(number=number), encoding="utf-8")
    write_table(folder, number, [20 + number % 7, 31, 18 + number % 5])


def write_table(folder, number, reached):
    book = xlsxwriter.Workbook(folder / "data.xlsx")
    activities = [["id", "date", "type", "title", "municipality", "reached"]]
    for at, people in enumerate(reached, start=1):
        place = ["Butel", "Kumanovo"][(number + at) % 2]
        activities.append([f"A-{at:02}", f"2025-{at * 2:02}-03", "training", f"Training {at}", place, people])
    for name, rows in [("Activities", activities), ("Indicators", INDICATORS)]:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()


def run(command, folder):
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
    )


def expect(holds, what, ended):
    if not holds:
        print(ended.stdout[-8000:])
        sys.exit(f"{what} (exit code {ended.returncode})")


def digests(folder):
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if not name.endswith(".lock"):
                found[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def expect_same(one, other):
    differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    if differing or not one:
        sys.exit(f"{len(differing)} of {len(one)} files differ: {', '.join(differing[:5])}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("snakemake", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--projects", type=int, default=100)
    wanted = parser.parse_args()
    program, folder = wanted.program.resolve(), wanted.folder.resolve()
    snakemake = wanted.snakemake.absolute()
    projects = [folder / "inputs" / NAMES[at % len(NAMES)].format(f"{at:03}") for at in range(wanted.projects)]
    for at, project in enumerate(projects):
        make_project(project, at)

    def spread(*more, where=folder):
        command = [snakemake, "--snakefile", WORKFLOW, "--keep-going", "--config", f"program={program}", *more]
        return run(command, where)

    def asked():
        """The rules of the units that Snakemake would ask for."""
        dry = spread("--cores", "2", "--dry-run")
        expect(dry.returncode == 0, "Snakemake can't say what it would do", dry)
        return set(re.findall(r"^unit_\d+", dry.stdout, re.MULTILINE)), dry

    started = time.monotonic()
    plain = run([program, "build", "--out", "plain"], folder)
    expect(plain.returncode == 0, "build failed", plain)
    built = time.monotonic()
    spread_out = spread("--cores", "2")
    expect(spread_out.returncode == 0, "Snakemake failed", spread_out)
    ended = time.monotonic()
    expected = digests(folder / "plain")
    expect_same(expected, digests(folder / "build"))
    print(
        f"{wanted.projects} projects, {len(expected)} files: the same bytes by build ({built - started:.1f} s) "
        f"and by Snakemake ({ended - built:.1f} s)"
    )

    units, dry = asked()
    expect(not units, "Snakemake asks for what is up to date", dry)

    # A table that was saved with the same rows changes no report; with others it does.
    write_table(projects[0], 0, [20, 31, 18])
    write_table(projects[1], 1, [5, 6, 7])
    units, dry = asked()
    expect(len(units) == 4, "Snakemake doesn't ask for just the units of two saved tables", dry)
    saved = spread("--cores", "2")
    expect(saved.returncode == 0, "Snakemake failed after a table was saved", saved)
    changed = digests(folder / "build")
    differing = {name.split("/")[0] for name in expected if changed.get(name) != expected[name]}
    if differing != {"TEST-001"}:
        sys.exit(f"other projects than the one that was changed differ: {differing}")
    units, dry = asked()
    expect(not units, "Snakemake asks again for a unit that needed no change", dry)

    # A damaged table, a project.toml that can't be read, and a project that can be built.
    (projects[0] / "data.xlsx").write_bytes(b"PK")
    (projects[1] / "project.toml").write_text("code = ", encoding="utf-8")
    write_table(projects[2], 2, [9, 9, 9])
    faulty = spread("--cores", "2")
    expect(faulty.returncode == 1, "Snakemake didn't end with 1 though two projects have faults", faulty)
    kept = digests(folder / "build")
    differing = {name.split("/")[0] for name in changed if kept.get(name) != changed[name]}
    if differing != {"TEST-002"}:
        sys.exit(f"not just the project that could be built has other reports: {differing}")
    print("a fault stops no other project, and its last good reports stay")

    few, work = folder / "few", folder / "work"
    work.mkdir()
    for at in FEW:
        make_project(few / "inputs" / NAMES[at % len(NAMES)].format(f"{at:03}"), at)
    codes = tuple(f"TEST-{at:03}/" for at in FEW)
    expected = {name: digest for name, digest in expected.items() if name.startswith(codes)}
    command = ["--executor", "cluster-generic", "--cluster-generic-submit-cmd", "sh", "--jobs", "4"]
    command += ["--seconds-between-status-checks", "1"]
    remote = spread(*command, where=few)
    expect(remote.returncode == 0, "Snakemake failed with a process for each job", remote)
    expect_same(expected, digests(few / "build"))
    print(f"{len(FEW)} projects by an executor that starts a process for each job: the same bytes")

    if not shutil.which("rsync"):
        print("no storage was tried: rsync isn't installed")
        return
    shutil.rmtree(few / "build")
    units = [json.loads(line) for line in run([program, "plan"], few).stdout.splitlines()]
    (work / "plan.json").write_text(json.dumps({"units": units}), encoding="utf-8")
    command += ["--configfile", "plan.json", "--default-storage-provider", "fs", "--default-storage-prefix", few]
    command += ["--shared-fs-usage", "persistence", "software-deployment", "sources", "source-cache"]
    stored = spread(*command, where=work)
    expect(stored.returncode == 0, "Snakemake failed with a storage", stored)
    expect_same(expected, digests(few / "build"))
    print(f"{len(FEW)} projects through a storage: the same bytes")


main()
