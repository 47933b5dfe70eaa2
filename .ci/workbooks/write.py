"""Writes planned workbooks with openpyxl, XlsxWriter and, by way of either, LibreOffice."""

import subprocess
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

RAW, SHOWN = "false,true,false", "false,true,true"


def write(book, path):
    {"openpyxl": with_openpyxl, "xlsxwriter": with_xlsxwriter}[book.writer](book, path)


def with_openpyxl(book, path):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    workbook.iso_dates = book.iso_dates
    if book.epoch_1904:
        workbook.epoch = CALENDAR_MAC_1904
    for sheet in book.sheets:
        made = workbook.create_sheet(sheet.name)
        made.sheet_state = "hidden" if sheet.hidden else "visible"
        for (row, column), cell in sorted(sheet.cells.items()):
            target = made.cell(row, column)
            if cell.formula is not None:
                target.value = cell.formula
            elif cell.rich:
                bold = TextBlock(InlineFont(b=True), cell.value[1:])
                target.value = CellRichText(cell.value[0], bold)
            else:
                target.value = cell.value
            if cell.format:
                target.number_format = cell.format
        for row in sheet.hidden_rows:
            made.row_dimensions[row].hidden = True
        for first, first_column, last, last_column in sheet.merges:
            made.merge_cells(start_row=first, start_column=first_column, end_row=last, end_column=last_column)
    workbook.active = next(at for at, sheet in enumerate(book.sheets) if not sheet.hidden)
    workbook.save(path)


def with_xlsxwriter(book, path):
    options = {"date_1904": book.epoch_1904, "constant_memory": book.inline_strings, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        formats = {}
        bold = workbook.add_format({"bold": True})
        shown = [
            made
            for sheet in book.sheets
            for made in [xlsxwriter_sheet(book, workbook, sheet, formats, bold)]
            if not sheet.hidden
        ]
        shown[0].activate()
        shown[0].set_first_sheet()


def xlsxwriter_sheet(book, workbook, sheet, formats, bold):
    def style(code):
        if code and code not in formats:
            formats[code] = workbook.add_format({"num_format": code})
        return formats.get(code)

    made = workbook.add_worksheet(sheet.name)
    if sheet.hidden:
        made.hide()
    for first, first_column, last, last_column in sheet.merges:
        made.merge_range(first - 1, first_column - 1, last - 1, last_column - 1, "", bold)
    last_row = 0
    for (row, column), cell in sorted(sheet.cells.items()):
        if row > last_row and row in sheet.hidden_rows:
            made.set_row(row - 1, None, None, {"hidden": True})
        last_row = row
        place = row - 1, column - 1
        value, form = cell.value, style(cell.format)
        if cell.formula is not None:
            made.write_formula(*place, cell.formula, form, cached(value, book.epoch_1904))
        elif cell.rich and "_x" not in value and "\r" not in value:  # XlsxWriter escapes these twice in rich texts.
            made.write_rich_string(*place, value[:1], bold, value[1:])
        elif value is None:
            made.write_blank(*place, None, form)
        elif isinstance(value, bool):
            made.write_boolean(*place, value, form)
        elif isinstance(value, (int, float)):
            made.write_number(*place, value, form)
        elif isinstance(value, (datetime, date, time)):
            made.write_datetime(*place, value, form)
        else:
            made.write_string(*place, value, form)
    return made


def cached(value, epoch_1904):
    """A formula's value as the file holds it: days are numbers."""
    if isinstance(value, date):
        return (value - (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30))).days
    return value


def convert(paths, ending, folder, profile):
    """Has LibreOffice open files and save them in another form, all of them in one run."""
    if not paths:
        return
    arguments = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        ending,
    ]
    subprocess.run([*arguments, "--outdir", folder, *paths], check=True, capture_output=True, timeout=1200)
    missing = [path.name for path in paths if not list(Path(folder).glob(f"{path.stem}[-.]*"))]
    if missing:
        raise SystemExit(f"LibreOffice didn't convert {', '.join(missing)}")


def export(paths, content, folder, profile):
    """LibreOffice's CSV of every sheet: the values themselves, or as they are shown."""
    convert(paths, f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,{content},false,false,-1", folder, profile)
