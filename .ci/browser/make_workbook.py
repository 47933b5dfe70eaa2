"""A workbook of an office. Of a row, `<` is merged with the cell before it and `^` with the one above; `@2026-01-31` is a date."""

import datetime
import json
import sys

from openpyxl import Workbook


def merge(sheet, rows):
    """Merges each cell with the signs to its right and below it."""
    at = lambda row, column: rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    for top, row in enumerate(rows):
        for left, value in enumerate(row):
            if value in ("<", "^"):
                continue
            width = height = 1
            while at(top, left + width) == "<":
                width += 1
            while at(top + height, left) == "^":
                height += 1
            if width * height > 1:
                sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=top + height, end_column=left + width)


def cell(value):
    if isinstance(value, str) and value.startswith("@"):
        return datetime.date.fromisoformat(value[1:])
    return None if value in ("", "<", "^") else value


book = Workbook()
book.remove(book.active)
for name, rows in json.loads(sys.argv[2]).items():
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append([cell(value) for value in row])
    merge(sheet, rows)
book.save(sys.argv[1])
