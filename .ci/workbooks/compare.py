#!/usr/bin/env python3
"""Random workbooks, as the program reads them and as another reader does, cell by cell.

    compare.py PROGRAM FOLDER [--seed N] [--count N] [--without-office]

Makes COUNT projects in FOLDER, each around one random workbook of activities (`plan.py`): a third written by openpyxl,
a third by XlsxWriter, a third converted by LibreOffice to ods, xlsx or xls (`write.py`). Then compares what the program
understood with what openpyxl reads, or LibreOffice exports as CSV (`read.py`). How a cell comes out of the program:

- codes by `explain`, which lists the rows of an indicator with their activities;
- dates by a reporting period for each day, in which the row's part must be 1;
- texts, booleans, times, dates and numbers as texts by the axis `line × COLUMN` of `figures`, whose parts name both;
- several values in a cell as `several` on that axis, and by `distinct(words)` for each line;
- numbers by the parts of `sum(COLUMN)` by line.

Cells that are wrong on purpose must be exactly the errors that `check` lists, with the codes planned. The same seed
gives the same workbooks. Prints how many cells of which kind were compared, and each difference; exit code 1 if any
cell differs but for what KNOWN lists. Needs openpyxl and XlsxWriter, and soffice for the third third.
"""

import argparse
import collections
import json
import random
import subprocess
import sys
from pathlib import Path

import read
import write
from plan import DAYS, HEADINGS, Planner, address

AXES = ["text", "topic", "type", "title", "zeros", "flag", "day", "hour", "mixed"]
SUMS = {"reached": read.count, "number": read.number}
ENDINGS = ["ods", "xlsx", "xls"]
HEADING = {key: words[0].lower() for key, words in HEADINGS.items()} | {
    "reached": "reached",
    "type": "type",
    "title": "title",
}

# Differences that are known, by the cells that may differ so. They don't fail; one that no longer occurs does.
KNOWN = {}


def project(book, folder):
    """The project around a workbook, without the workbook."""
    folder.mkdir(parents=True)
    axes = "; ".join(f"line × {HEADING[key]}" for key in AXES)
    indicators = [f"T,cells,n,activities,line; {axes}", "D,values,n,distinct(words),line"]
    indicators += [f"{key},numbers,n,sum({HEADING[key]}),line" for key in SUMS]
    (folder / "indicators.csv").write_text("\n".join(["code,title,unit,calculation,by", *indicators]), encoding="utf-8")
    periods = "".join(f'[[periods.custom]]\ncode = "d{day}"\nstart = {day}\nend = {day}\n' for day in DAYS)
    sheet = f'sheet = "{book.table.name}"\n' if book.name_sheet else ""
    (folder / "project.toml").write_text(
        f'code = "{book.name}"\nlanguages = ["en"]\nstart = 2017-01-01\nend = 2017-12-31\n'
        f'title = {{ en = "Invented" }}\n{periods}'
        f'[[reports]]\nname = "quarterly"\nperiods = ["d{DAYS[0]}"]\ndocuments = [["en"]]\n'
        f'[tables.activities]\nfile = "{book.name}.{book.ending}"\n{sheet}'
        '[tables.indicators]\nfile = "indicators.csv"\n',
        encoding="utf-8",
    )


class Comparison:
    def __init__(self, program):
        self.program = program
        self.compared = collections.Counter()
        self.differences = []
        self.known = collections.Counter()

    def run(self, *arguments):
        done = subprocess.run(
            [self.program, *arguments, "--format", "json"], capture_output=True, text=True, timeout=300
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def same(self, book, kind, place, got, expected):
        self.compared[kind] += 1
        known = next((sentence for sentence, allows in KNOWN.items() if allows(book, kind)), None)
        if known:
            self.known[known] += got != expected
        elif got != expected:
            self.differences.append(
                f"{book.name}.{book.ending} {book.table.name}!{place} {kind}: {got!r}, another reader: {expected!r}"
            )

    def errors(self, book, checked):
        """The errors of a workbook are those planned; groups of like ones may list their first cell only."""
        errors = [problem for problem in checked["problems"] if problem["level"] == "error"]
        counts = collections.Counter()
        for problem in errors:
            counts[problem["code"]] += problem["count"]
            planned = book.faults.get(problem["cell"]) if problem["sheet"] == book.table.name else None
            self.same(book, "errors", problem["cell"], problem["code"], planned)
        self.same(book, "errors", "", dict(counts), dict(collections.Counter(book.faults.values())))
        rows = next(table for table in checked["tables"] if table["table"] == "activities")
        self.same(book, "rows", "", rows["read"], len(book.rows))

    def cells(self, book, folder, reader):
        explained = self.run("explain", folder, "T")[0]["rows"]
        places = {row["row"]: row for row in explained}
        figures = {
            one["period"]["code"]: {i["code"]: i for i in one["indicators"]} for one in self.run("figures", folder)
        }
        whole = figures["project"]
        crossed = {}
        for key in AXES:
            for part in whole["T"]["by"][f"line × {HEADING[key]}"]:
                line, value = part.split(" × ", 1)
                crossed.setdefault((line, key), []).append(" ".join(value.split()))
        for row in book.rows:
            self.row(book, reader, row, places.get(row), figures, crossed)

    def row(self, book, reader, row, place, figures, crossed):
        line = f"r{row}"
        at = {key: (row, column) for key, column in book.columns.items()}

        def same(kind, got, expected):
            self.same(book, kind, address(*at.get(kind, (row, 1))), got, expected)

        same("sheet", place and place["sheet"], book.table.name)
        same("id", place and place["activity"], reader.text(*at["id"]))
        days = [
            code
            for code, indicators in figures.items()
            if code[0] == "d" and indicators["T"]["by"]["line"].get(line, {}).get("period")
        ]
        same("date", days, [f"d{read.day(reader.value(*at['date']))}"])
        for key in AXES:
            text, values = reader.text(*at[key]), read.parts(reader.value(*at[key]))
            several = key != "title" and len(values) > 1
            same(key, crossed.get((line, key)), ["several" if several else "unknown" if text is None else text])
        parts = {code: figures["project"][code]["by"]["line"][line]["cumulative"] for code in ("D", *SUMS)}
        same("several", parts["D"], len(read.parts(reader.value(*at["text"]))))
        for key, understand in SUMS.items():
            same(key, digits(parts[key]), digits(understand(reader.value(*at[key]))))


def digits(number):
    return None if number is None else f"{float(number):.12g}"


def plan(arguments):
    books = []
    for at in range(arguments.count):
        library = ["openpyxl", "xlsxwriter", "libreoffice"][at % 3]
        if library == "libreoffice" and arguments.without_office:
            continue
        ending = ENDINGS[at // 3 % 3] if library == "libreoffice" else "xlsx"
        seeded = random.Random(f"{arguments.seed}/{at}")
        books.append(Planner(seeded, f"{library[:6]}-{at:03}", library, ending).book())
    return books


def make(books, folder):
    """Writes every workbook into its project, and has LibreOffice convert and export its own."""
    projects = {book.name: folder / "inputs" / book.name for book in books}
    converted = collections.defaultdict(list)
    for book in books:
        project(book, projects[book.name])
        if book.library == "libreoffice":
            path = folder / "base" / f"{book.name}.xlsx"
            path.parent.mkdir(exist_ok=True)
            converted[book.ending].append(path)
        else:
            path = projects[book.name] / f"{book.name}.xlsx"
        write.write(book, path)
    for ending, paths in converted.items():
        write.convert(paths, ending, folder / "office", folder / "profile")
    office = sorted((folder / "office").glob("*"))
    write.export(office, write.RAW, folder / "raw", folder / "profile")
    write.export(office, write.SHOWN, folder / "shown", folder / "profile")
    for path in office:
        path.rename(projects[path.stem] / path.name)
    return projects


def reader_of(book, path, folder):
    if book.library == "libreoffice":
        return read.Csv(folder / "raw", folder / "shown", book)
    return read.Openpyxl(path, book)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=250)
    parser.add_argument("--without-office", action="store_true")
    arguments = parser.parse_args()
    books = plan(arguments)
    projects = make(books, arguments.folder)
    comparison = Comparison(arguments.program.resolve())
    checked = comparison.run("check", *(projects[book.name] for book in books))
    clean = 0
    for book, problems in zip(books, checked, strict=True):
        comparison.errors(book, problems)
        if any(problem["level"] == "error" for problem in problems["problems"]):
            continue
        clean += 1
        path = projects[book.name] / f"{book.name}.{book.ending}"
        comparison.cells(book, projects[book.name], reader_of(book, path, arguments.folder))
    written = collections.Counter(f"{book.library}'s {book.ending}" for book in books)
    print(f"{len(books)} workbooks: " + ", ".join(f"{count} {kind}" for kind, count in written.items()))
    print(
        f"{clean} without errors; compared: "
        + ", ".join(f"{count} {kind}" for kind, count in comparison.compared.items())
    )
    for known, cells in comparison.known.items():
        print(f"known: {known}: {cells} cells")
        if not cells:
            comparison.differences.append(f"no longer so, which takes it from the list of what is known: {known}")
    for difference in comparison.differences:
        print(difference)
    print(f"{len(comparison.differences)} differences")
    sys.exit(1 if comparison.differences or not clean else 0)


if __name__ == "__main__":
    main()
