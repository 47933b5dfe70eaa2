#!/usr/bin/env python3
"""Packs a program as people download it.

    package.py PROGRAM TARGET [--out FOLDER] [--try]

Makes FOLDER/donor-report-VERSION-TARGET.zip for Windows, .tar.gz elsewhere: one folder with the program, what to read
first, the licences, manual pages and completions of shells. The same program gives the same bytes: names are sorted, and
every time is that of the commit. With --try the archive is unpacked into an empty folder and its program run there, with
nothing of this machine's environment: it must make the reports of the example. Prints sizes and how long a start takes,
also for the summary of a workflow's run (GITHUB_STEP_SUMMARY).
"""

import argparse
import gzip
import hashlib
import io
import os
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY.md"]
SHELLS = {"bash": "donor-report.bash", "zsh": "_donor-report", "fish": "donor-report.fish", "powershell": "_donor-report.ps1"}
STARTS = 20


def output(*command, **how):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, **how).stdout


def commands(program):
    """The names of all commands, as completions for fish list them."""
    listed = output(program, "completions", "fish").decode()
    return sorted(set(re.findall(r'_needs_command" .*-a "([a-z]+)" ', listed)))


def contents(program, target):
    """What an archive holds: name, bytes and mode."""
    name = "donor-report.exe" if "windows" in target else "donor-report"
    files = [(name, program.read_bytes(), 0o755)]
    files += [(document, (ROOT / document).read_bytes(), 0o644) for document in DOCUMENTS]
    files += [(f"completions/{file}", output(program, "completions", shell), 0o644) for shell, file in SHELLS.items()]
    if "windows" not in target:
        files.append(("man/donor-report.1", output(program, "man"), 0o644))
        files += [(f"man/donor-report-{command}.1", output(program, "man", command), 0o644) for command in commands(program)]
    return sorted(files)


def write_zip(path, folder, files, when):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data, mode in files:
            entry = zipfile.ZipInfo(f"{folder}/{name}", time.gmtime(when)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, data)


def write_tar(path, folder, files, when):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data, mode in files:
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mode, entry.mtime = len(data), mode, when
            archive.addfile(entry, io.BytesIO(data))
    with open(path, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=when) as zipped:
        zipped.write(packed.getvalue())


def try_out(archive, folder):
    """Unpacks an archive and makes the example's reports with what is in it."""
    with tempfile.TemporaryDirectory() as place:
        if archive.suffix == ".zip":
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(place)
        else:
            with tarfile.open(archive) as opened:
                opened.extractall(place, filter="data")
        program = next(Path(place, folder).glob("donor-report*"))
        # Windows starts nothing without its own folder.
        bare = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
        how = {"cwd": place, "env": bare}
        output(program, "init", "inputs/example", "--example", **how)
        output(program, "build", **how)
        made = sorted(path.name for path in Path(place, "build").rglob("*.pdf"))
        if not made:
            sys.exit("the unpacked program made no report")
        starts = []
        for _ in range(STARTS):
            begun = time.perf_counter()
            output(program, "--version", **how)
            starts.append(time.perf_counter() - begun)
        return len(made), statistics.median(starts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("target")
    parser.add_argument("--out", type=Path, default=Path("archives"))
    parser.add_argument("--try", action="store_true", dest="tries")
    wanted = parser.parse_args()
    program = wanted.program.resolve()
    if "windows" in wanted.target and not program.suffix:
        program = program.with_suffix(".exe")
    version = output(program, "--version").decode().split()[1]
    when = int(output("git", "log", "-1", "--format=%ct", cwd=ROOT).decode())
    folder = f"donor-report-{version}-{wanted.target}"
    is_zip = "windows" in wanted.target
    wanted.out.mkdir(parents=True, exist_ok=True)
    archive = (wanted.out / f"{folder}{'.zip' if is_zip else '.tar.gz'}").resolve()
    files = contents(program, wanted.target)
    (write_zip if is_zip else write_tar)(archive, folder, files, when)
    lines = [
        f"### {archive.name}",
        f"- SHA-256 `{hashlib.sha256(archive.read_bytes()).hexdigest()}`",
        f"- {archive.stat().st_size / 1e6:.1f} MB packed, the program {program.stat().st_size / 1e6:.1f} MB, {len(files)} files",
    ]
    if wanted.tries:
        reports, start = try_out(archive, folder)
        lines.append(f"- unpacked into an empty folder: {reports} reports of the example made; a start takes {start * 1000:.0f} ms")
    print("\n".join(lines))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(summary, "a", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")


main()
