"""Rows typed into the workbook of a new project, under its headings, as an office program would save them."""

import datetime
import json
import re
import sys

from openpyxl import load_workbook


def cell(value):
    if isinstance(value, str) and value.startswith("@"):
        return datetime.date.fromisoformat(value[1:])
    return value


def names(heading):
    """`Title / Наслов (mk)` is called Title (mk) and Наслов (mk)."""
    base, language = re.fullmatch(r"(.*?)( \(\w+\))?", str(heading)).groups()
    return [name + (language or "") for name in base.split(" / ")]


path, sheets = sys.argv[1], json.loads(sys.argv[2])
book = load_workbook(path)
for name, rows in sheets.items():
    sheet = book[name]
    wanted = {heading for row in rows for heading in row}
    for line in sheet.iter_rows(max_row=10):
        headings = {known: one.column for one in line if one.value for known in names(one.value)}
        if wanted <= headings.keys():
            break
    else:
        sys.exit(f"{name} has no headings {wanted}")
    for at, row in enumerate(rows):
        for heading, value in row.items():
            sheet.cell(line[0].row + 1 + at, headings[heading]).value = cell(value)
book.save(path)
