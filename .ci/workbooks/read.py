"""What openpyxl, or LibreOffice's CSV, gives for the cells of a workbook, in the program's way of writing."""

import csv
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl

from plan import MONTHS

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u00ad\ufeff"))
BLANKS = {"", "-", "N/A"}
OFFICE_TIMES = {
    r"\d\d/\d\d/\d{4}": "%m/%d/%Y",
    r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d": "%m/%d/%Y %H:%M:%S",
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d": "%Y-%m-%d %H:%M:%S",
}
OFFICE_HOUR = r"\d\d:\d\d:\d\d [AP]M"
ENGLISH = "January February March April May June July August September October November December".split()


class Openpyxl:
    """A sheet as openpyxl reads it, a merged cell's value in each of its rows."""

    def __init__(self, path, book):
        self.sheet = openpyxl.load_workbook(path, data_only=True)[book.table.name]
        self.first = {
            (row, merged.min_col): (merged.min_row, merged.min_col)
            for merged in self.sheet.merged_cells.ranges
            for row in range(merged.min_row, merged.max_row + 1)
        }

    def cell(self, row, column):
        return self.sheet.cell(*self.first.get((row, column), (row, column)))

    def value(self, row, column):
        return self.cell(row, column).value

    def text(self, row, column):
        cell = self.cell(row, column)
        value = cell.value
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, (int, float)):
            digits = len(cell.number_format) if set(cell.number_format) == {"0"} else 0
            return plain(value).rjust(digits, "0")
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d}"
        if isinstance(value, date):
            return value.isoformat()
        return hour(value) if isinstance(value, time) else tidy(value)


class Csv:
    """A sheet as LibreOffice exports it; a CSV doesn't say what is merged, so that comes from the plan."""

    def __init__(self, raw, shown, book):
        name = f"{book.name}-{book.table.name}.csv"
        self.raw, self.shown = (
            list(csv.reader(open(Path(folder) / name, newline="", encoding="utf-8"))) for folder in (raw, shown)
        )
        self.flag = book.columns["flag"]
        self.first = {
            (row, column): (first, column)
            for first, column, last, _ in book.table.merges
            for row in range(first, last + 1)
        }

    def value(self, row, column):
        row, column = self.first.get((row, column), (row, column))
        value = self.raw[row - 1][column - 1]
        for pattern, form in OFFICE_TIMES.items():
            if re.fullmatch(pattern, value):
                return datetime.strptime(value, form)
        return datetime.strptime(value, "%I:%M:%S %p").time() if re.fullmatch(OFFICE_HOUR, value) else value

    def text(self, row, column):
        row, column = self.first.get((row, column), (row, column))
        value = self.value(row, column)
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d}"
        if isinstance(value, time):
            return hour(value)
        if column == self.flag and value in ("0", "1"):
            return "TRUE" if value == "1" else "FALSE"
        if re.fullmatch(r"\d+", value) and re.fullmatch(rf"0+{value}", self.shown[row - 1][column - 1]):
            return self.shown[row - 1][column - 1]
        return plain(float(value)) if re.fullmatch(r"-?[\d.]+E[-+]\d+", value) else tidy(value)


def plain(number):
    """A number with the fifteen digits that spreadsheets keep, without an exponent."""
    text = f"{Decimal(f'{number:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def hour(value):
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"


def tidy(text):
    """A text without invisible characters, runs of spaces and line breaks made one space; None if it says nothing."""
    if text is None:
        return None
    text = re.sub("_x([0-9A-F]{4})_", lambda escaped: control(escaped), text).translate(INVISIBLE)
    text = " ".join(text.split())
    return None if text in BLANKS else text


def control(escaped):
    character = chr(int(escaped[1], 16))
    return character if character < " " or character == "_" else escaped[0]


def parts(value):
    """The different values that one cell holds."""
    if not isinstance(value, str):
        return [value] if value is not None else []
    return [text for text in map(tidy, re.split(r"[;\n\r]", value)) if text is not None]


def count(value):
    """A head count: a number, or a text that is one with or without a word for about."""
    if not isinstance(value, str):
        return value
    if tidy(value) is None:
        return None
    text = re.sub(r"^(околу|about) ", "", value)
    return float(re.sub(r"[.,\u00a0](?=\d{3}\b)", "", text))


def number(value):
    if not isinstance(value, str):
        return value
    text = tidy(value)
    if text is None:
        return None
    return float(text.rstrip("% ")) / 100 if text.endswith("%") else float(text)


def day(value):
    """The day that a cell of dates means."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = value.removesuffix(" г.")
    for names in (MONTHS, ENGLISH):
        for at, name in enumerate(names):
            text = text.replace(f" {name} ", f".{at + 1}.")
    return date.fromisoformat(text) if "-" in text else datetime.strptime(text, "%d.%m.%Y").date()
