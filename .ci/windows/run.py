#!/usr/bin/env python3
"""The program for Windows under Wine, as .ci/windows/build made it.

    run.py TOOLS [NAME…]

TOOLS holds donor-report.exe, hold.exe, explorer.exe and finalname.exe. Each check is a function below; with NAMEs only these are made.
Prints a line for each and what it saw, and ends with 1 if one failed. What Wine isn't: Explorer, a console window, an
antivirus, OneDrive; what its file system shares and locks is what Windows does.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

PATIENCE = 600
TOOLS = Path(sys.argv[1]).resolve()
PROGRAM = TOOLS / "donor-report.exe"
SCRATCH = Path(tempfile.mkdtemp(prefix="windows-"))
ENVIRONMENT = os.environ | {
    "WINEPREFIX": os.environ.get("WINEPREFIX", str(TOOLS / "prefix")),
    "WINEDEBUG": "-all",
    "LC_ALL": "C.UTF-8",
    "RUST_BACKTRACE": "0",
}


def start(*words, folder, **how):
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | how
    command = ["wine", *(str(word) for word in words)]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT | how.pop("env", {}), **how)


def run(*words, folder, expected=0, program=PROGRAM):
    """What the program wrote, both streams, with its exit code as expected."""
    begun = time.monotonic()
    process = start(program, *words, folder=folder)
    out, err = process.communicate(timeout=PATIENCE)
    text = out.decode("utf-8") + err.decode("utf-8")
    assert "panicked" not in text, text
    assert process.returncode == expected, f"exit code {process.returncode}, not {expected}\n{text}"
    return Ended(text, time.monotonic() - begun)


class Ended(str):
    def __new__(cls, text, seconds):
        ended = super().__new__(cls, text.replace("\r\n", "\n"))
        ended.seconds = seconds
        return ended


def project(name, below=SCRATCH):
    """A small project of its own in an empty folder: the folder, and the project's in it."""
    folder = below / name
    folder.mkdir(parents=True)
    small(folder / "проект")
    return folder, folder / "проект"


def small(folder):
    folder.mkdir()
    (folder / "project.toml").write_text(
        'code = "TEST-01"\nlanguages = ["mk", "en"]\nstart = 2025-01-01\nend = 2025-12-31\n'
        'title = { mk = "Измислен проект", en = "An invented project" }\n[periods]\nquarters = true\n'
        '[[reports]]\nname = "quarterly"\nperiods = ["2025-Q1"]\ndocuments = [["mk"], ["en"]]\n',
        encoding="utf-8",
    )
    (folder / "активности.csv").write_text(
        "id,date,type,title,reached\nA-1,2025-02-03,training,Прва обука,20\nA-2,2025-03-04,training,Втора обука,31\n",
        encoding="utf-8",
    )
    (folder / "indicators.csv").write_text(
        "code,title mk,title en,unit mk,unit en,calculation,target\n"
        "I1,Одржани обуки,Trainings held,обуки,trainings,activities,4\n"
        "I2,Опфатени луѓе,People reached,луѓе,people,sum(reached),90\n",
        encoding="utf-8",
    )


def add_activity(folder, line):
    """Saves as office programs do: written aside, then renamed."""
    table = folder / "активности.csv"
    aside = folder / "~WRL0001.tmp"
    aside.write_text(table.read_text(encoding="utf-8") + line, encoding="utf-8")
    os.replace(aside, table)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix != ".lock" and path.is_file()}


class Held:
    """A file that another program of Windows keeps open."""

    def __init__(self, path, shared):
        self.process = start(TOOLS / "hold.exe", windows_path(path), shared, folder=path.parent)
        assert self.process.stdout.readline().strip() == b"held", path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        # Wine's process ends a little later than what started it.
        time.sleep(2)


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


def example():
    """init, check and build of the example; the same bytes as on the system that runs this, if its program is given."""
    folder = SCRATCH / "Пример проект"
    folder.mkdir()
    run("init", "влез/пример", "--example", folder=folder)
    checked = run("check", "влез/пример", folder=folder)
    assert "errors: 0" in checked, checked
    built = run("build", "влез/пример", "--out", "излез", folder=folder)
    again = run("build", "влез/пример", "--out", "излез", folder=folder)
    assert re.search(r"MYLA-2017-01: 0 written", again), again
    made = files(folder / "излез")
    assert sum(name.endswith(".pdf") for name in made) == 7, sorted(made)
    seen = f"{len(made)} files in {built.seconds:.0f} s"
    if native := os.environ.get("NATIVE_PROGRAM"):
        subprocess.run([native, "build", "влез/пример", "--out", "тука"], cwd=folder, check=True, capture_output=True)
        here = files(folder / "тука")
        differing = [name for name in made if here.get(name) != made[name]]
        assert not differing and here.keys() == made.keys(), differing
        seen += ", each the same bytes as here"
    return seen


def workbook_held_open():
    """A table that Excel keeps open is read; one that denies reading is told, and nothing is built from the rest."""
    folder, inputs = project("held-workbook")
    table = inputs / "активности.csv"
    with Held(table, "read"):
        checked = run("check", "проект", folder=folder)
        assert "errors: 0" in checked, checked
    with Held(table, "none"):
        denied = run("check", "проект", folder=folder, expected=1)
        assert "активности.csv" in denied, denied
        run("build", "проект", folder=folder, expected=1)
    run("build", "проект", folder=folder)
    return next(line for line in denied.splitlines() if line.startswith("error"))


def report_held_open():
    """A report that a reader keeps open stays; what can't be replaced is named, and the next build does it."""
    folder, inputs = project("held-report")
    run("build", "проект", folder=folder)
    report = folder / "build/TEST-01/2025-Q1/quarterly.mk.pdf"
    before = report.read_bytes()
    add_activity(inputs, "A-3,2025-03-20,training,Трета обука,9\n")
    with Held(report, "read"):
        held = run("build", "проект", folder=folder, expected=2)
        assert "quarterly.mk.pdf" in held and "cannot-write" in held, held
        assert report.read_bytes() == before
    built = run("build", "проект", folder=folder)
    assert report.read_bytes() != before, built
    strays = [path for path in (folder / "build").rglob("*") if "stage" in path.name or path.name.endswith(".tmp")]
    assert not strays, strays
    return next(line for line in held.splitlines() if "cannot-write" in line)


def two_builds_at_once():
    """They take turns, and the reports are those of one build."""
    folder, _ = project("two-builds")
    both = [start(PROGRAM, "build", "проект", folder=folder) for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    run("build", "проект", "--out", "alone", folder=folder)
    assert files(folder / "build") == files(folder / "alone")
    written = sorted(re.search(rb"TEST-01: (\d+) ", out + err).group(1).decode() for out, err in told)
    return f"files written: {' and '.join(written)}"


def watch_after_a_save():
    """A save is seen, and what it changes is built."""
    folder, inputs = project("watch")
    process = start(PROGRAM, "watch", "проект", folder=folder, stderr=subprocess.STDOUT)
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, b"")), daemon=True)
    reader.start()
    report = folder / "build/TEST-01/2025-Q1/quarterly.en.pdf"
    wait_for(report.exists, lines)
    time.sleep(5)
    before = report.read_bytes()
    saved = time.monotonic()
    add_activity(inputs, "A-3,2025-03-20,training,Трета обука,9\n")
    wait_for(lambda: report.exists() and report.read_bytes() != before, lines)
    seconds = time.monotonic() - saved
    process.send_signal(signal.SIGTERM)
    process.wait()
    end_programs()
    return f"built {seconds:.0f} s after the save"


def wait_for(holds, lines):
    for _ in range(PATIENCE):
        if holds():
            return
        time.sleep(1)
    raise AssertionError(b"".join(lines).decode("utf-8"))


def path_beyond_260_letters():
    below = SCRATCH
    for _ in range(6):
        below = below / ("долго име на папка " + "а" * 40)
    folder, inputs = project("long", below)
    length = len(str(inputs))
    if run_tool("finalname.exe", "\\\\?\\" + windows_path(inputs)) == 1:
        told = run("check", windows_path(inputs), folder=SCRATCH, expected=1)
        assert "missing-project-file" in told, told
        return "NOT TO BE SEEN: this Wine can't tell the real name of such a path, which Windows can"
    run("check", windows_path(inputs), folder=SCRATCH)
    run("build", windows_path(inputs), "--out", windows_path(folder / "build"), folder=SCRATCH)
    made = files(folder / "build")
    assert len(made) >= 5, sorted(made)
    return f"a project's folder of {length} letters"


def names_that_windows_lacks():
    """Codes that are devices of Windows are refused wherever the project is made."""
    folder, inputs = project("names")
    settings = inputs / "project.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("TEST-01", "CON"), encoding="utf-8")
    refused = run("check", "проект", folder=folder, expected=1)
    return next(line for line in refused.splitlines() if line.startswith("error"))


def letters():
    """Redirected output is UTF-8; in a console the letters are right whatever its code page is."""
    folder, _ = project("letters")
    told = run("--messages", "mk", "check", "проект", folder=folder)
    assert "предупредувања" in told, told
    if not shutil.which("script"):
        return "redirected only: no `script` here for a console"
    command = f"wine '{PROGRAM}' --messages mk check проект"
    shown = subprocess.run(["script", "-qec", command, "/dev/null"], cwd=folder, env=ENVIRONMENT | {"TERM": "xterm"}, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert "предупредувања" in shown.stdout.decode("utf-8", "replace"), shown.stdout
    return "redirected and in a console"


def app():
    """The page is answered on the loopback address, and ends the program."""
    folder, _ = project("app")
    process = start(PROGRAM, "app", ".", "--no-open", folder=folder)
    end_page(process.stdout.readline())
    process.wait(timeout=60)
    assert process.returncode == 0, process.returncode
    return "served, and ended from the page"


def double_click():
    """Without arguments, started by a program called explorer.exe: the folder that the program is in, even an empty one."""
    folder = SCRATCH / "двоен клик"
    folder.mkdir()
    own = folder / "donor-report.exe"
    shutil.copy(PROGRAM, own)
    for library in TOOLS.glob("*.dll"):
        shutil.copy(library, folder)
    process = start(TOOLS / "explorer.exe", windows_path(own), folder=SCRATCH)
    line = process.stdout.readline()
    assert "двоен клик" in line.decode("utf-8"), line
    end_page(line)
    process.wait(timeout=60)
    assert process.returncode == 0, process.returncode
    return "opens its own folder"


def end_page(line):
    """Asks for the page at the address that the program told, and ends the program as the page does."""
    address = re.search(rb"http://127\.0\.0\.1:\d+/[0-9a-f]+/[A-Za-z-]+/", line).group().decode()
    with urllib.request.urlopen(address + "projects.json", timeout=60) as answer:
        assert answer.status == 200
    origin = address.split("/", 3)[:3]
    request = urllib.request.Request(address + "end", data=b"", headers={"Origin": "/".join(origin)})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 204


def run_tool(name, *words):
    return start(TOOLS / name, *words, folder=SCRATCH).wait(timeout=PATIENCE)


def end_programs():
    """Ends what still runs in this prefix of Wine, and nothing else."""
    subprocess.run(["wine", "wineboot", "-k"], env=ENVIRONMENT, check=False, capture_output=True)


CHECKS = [
    example,
    workbook_held_open,
    report_held_open,
    two_builds_at_once,
    watch_after_a_save,
    path_beyond_260_letters,
    names_that_windows_lacks,
    letters,
    app,
    double_click,
]


def main():
    subprocess.run(["wine", "wineboot", "-i"], env=ENVIRONMENT, check=False, capture_output=True)
    wanted = [check for check in CHECKS if not sys.argv[2:] or check.__name__ in sys.argv[2:]]
    failed = 0
    for check in wanted:
        begun = time.monotonic()
        try:
            seen, word = check(), "ok"
        except Exception as error:  # The others are to be seen too.
            seen, word = repr(error) if not str(error) else str(error), "FAILED"
            failed += 1
        print(f"{word:6} {check.__name__.replace('_', ' ')} ({time.monotonic() - begun:.0f} s): {seen}", flush=True)
    end_programs()
    shutil.rmtree(SCRATCH, ignore_errors=True)
    print(f"\n{len(wanted) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
