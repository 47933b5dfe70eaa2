"""Donors' forms made by XlsxWriter, LibreOffice and python-docx, filled in by the program: what changed, and what formulas give."""

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import xlsxwriter

PROGRAM, WORK = sys.argv[1], Path(sys.argv[2])
OFFICE = "--without-office" not in sys.argv
FORMS = """
[[forms]]
file = "forms/{form}.xlsx"
language = "en"
reports = ["quarterly"]
cells = {{ "Report!B3" = "cumulative I14", "Report!B4" = "target I14", "Women" = "{{{{by \\"I14\\" \\"sex\\" \\"F\\" of=\\"cumulative\\"}}}}", "Report!C3" = "progress I14" }}
rows = [{{ from = "Activities!A2", each = "activities status=completed", cells = ["date", "title", "attendees"] }}]
"""
WORD = """
[[forms]]
file = "forms/annex.docx"
language = "en"
reports = ["quarterly"]
cells = { "@summary" = "{{cumulative \\"I14\\"}} people" }
rows = [{ from = "2!A2", each = "activities status=completed", cells = ["date", "title", "attendees"] }, { from = "1!A2", to = "1!A30", each = "indicators", cells = ["title", "{{cumulative code}}"] }]
"""


def picture():
    """A red square, as PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xc0\x20\x20" * 16 for _ in range(16))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*part) for part in [
            (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def make_workbook(path, image):
    """Charts, validation, conditional formats, a comment, a picture, protected cells; formulas on and behind filled cells."""
    with xlsxwriter.Workbook(path) as book:
        open_cell = book.add_format({"locked": False})
        share = book.add_format({"locked": False, "num_format": "0.0%"})
        day = book.add_format({"locked": False, "num_format": "dd.mm.yyyy"})
        report, activities, totals = (book.add_worksheet(name) for name in ("Report", "Activities", "Totals"))
        report.merge_range("A1:D1", "Report to an invented donor")
        report.write_row("A2", ["", "People", "Progress"])
        for row, label in enumerate(["Reached", "Planned", "Women"], 2):
            report.write(row, 0, label)
            report.write_blank(row, 1, None, open_cell)
        report.write_blank("C3", None, share)
        report.write_formula("B6", "=SUM(B3:B4)")
        report.write_formula("B7", '=IF(B4>0,B3/B4,"none")', share)
        report.write_formula("B8", "=Totals!A1+1")
        book.define_name("Women", "=Report!$B$5")
        report.data_validation("B3:B5", {"validate": "integer", "criteria": ">=", "value": 0})
        report.conditional_format("B3:B5", {"type": "data_bar"})
        report.conditional_format("B6", {"type": "cell", "criteria": ">", "value": 10, "format": book.add_format({"bold": True})})
        report.write_comment("B3", "Only people reached directly")
        report.insert_image("F2", image)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": "=Report!$A$3:$A$5", "values": "=Report!$B$3:$B$5"})
        report.insert_chart("F8", chart)
        report.protect("secret")
        activities.write_row("A1", ["Date", "Title", "People"])
        for row in range(1, 41):
            activities.write_blank(row, 0, None, day)
            activities.write_blank(row, 1, None, open_cell)
            activities.write_blank(row, 2, None, open_cell)
        activities.write_formula("C42", "=SUM(C2:C41)")
        activities.write_formula("B42", "=COUNTA(B2:B41)")
        totals.write_formula("A1", "=SUM(Activities!C2:C41)*2")
        totals.write_formula("A2", '=COUNTIF(Activities!A2:A41,">"&DATE(2017,3,31))')
        totals.write_formula("A3", '=SUMPRODUCT((Report!B3:B5>0)*1)')


def make_word(path, image):
    document = docx.Document()
    document.add_heading("Annex", 1)
    document.add_picture(str(image))
    paragraph = document.add_paragraph("In short: ")
    document.add_comment(paragraph.runs, "To be filled in", "Donor", "D")
    control = docx.oxml.parse_xml(
        f'<w:sdt {docx.oxml.ns.nsdecls("w")}><w:sdtPr><w:tag w:val="summary"/></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>…</w:t></w:r></w:sdtContent></w:sdt>")
    paragraph._p.append(control)
    for heads, rows in [(["Indicator", "Value"], 29), (["Date", "Title", "People"], 40)]:
        table = document.add_table(rows + 1, len(heads), "Table Grid")
        for cell, head in zip(table.rows[0].cells, heads):
            cell.text = head
        document.add_paragraph()
    document.sections[0].footer.paragraphs[0].text = "An invented donor's form"
    document.save(path)


def office(files, out, kind, mode):
    """`mode` 0: every formula is computed anew; 1: none is; None: as it is set where nobody set anything."""
    profile = WORK / f"office-{mode}"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    if mode is not None:
        (profile / "user/registrymodifications.xcu").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
            '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
            f"<value>{mode}</value></prop></item></oor:items>")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", "--convert-to", kind,
         "--outdir", out, *files], check=True, capture_output=True, timeout=300)


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells(path):
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def compare_workbook(form, filled, figures):
    before, after = parts(form), parts(filled)
    assert list(before) == list(after), "other parts, or in another order"
    changed = [name for name in before if before[name] != after[name]]
    book = openpyxl.load_workbook(form)
    number = {name: at for at, name in enumerate(book.sheetnames, 1)}
    allowed = {"xl/workbook.xml", *(f"xl/worksheets/sheet{number[name]}.xml" for name in ("Report", "Activities"))}
    assert allowed - {"xl/workbook.xml"} <= set(changed) <= allowed, changed
    old, new = cells(form), cells(filled)
    differ = {place for place in new if old.get(place) != new[place]} | (set(old) - set(new))
    rows = sum(1 for sheet, place in new if sheet == "Activities" and place[0] == "B") - 2
    declared = {("Report", place) for place in ("B3", "B4", "B5", "C3")}
    declared |= {("Activities", f"{column}{row}") for column in "ABC" for row in range(2, rows + 2)}
    assert differ <= declared and {("Report", "B3"), ("Activities", "B2")} <= differ, sorted(differ ^ declared)
    assert new["Report", "B3"] == figures["cumulative"], new["Report", "B3"]
    # The workbook's own part says only that formulas are to be computed.
    plain = after["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    assert plain == before["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"") and b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    return new, rows


def expected(new, rows):
    people = sum(new.get(("Activities", f"C{row}"), 0) for row in range(2, rows + 2))
    days = [new.get(("Activities", f"A{row}")) for row in range(2, rows + 2)]
    late = sum(1 for day in days if day is not None and (day.year, day.month) > (2017, 3))
    reached, planned = new["Report", "B3"], new["Report", "B4"]
    positive = sum(1 for row in (3, 4, 5) if isinstance(new.get(("Report", f"B{row}")), (int, float)))
    return {
        ("Report", "B6"): reached + planned, ("Report", "B7"): reached / planned, ("Report", "B8"): people * 2 + 1,
        ("Activities", "C42"): people, ("Activities", "B42"): rows, ("Totals", "A1"): people * 2, ("Totals", "A2"): late,
        ("Totals", "A3"): positive,
    }


def look_at_values(path, wanted):
    book = openpyxl.load_workbook(path, data_only=True)
    wrong = {}
    for (sheet, place), value in wanted.items():
        found = book[sheet][place].value
        if not isinstance(found, (int, float)) or abs(found - value) > 1e-9:
            wrong[sheet, place] = (found, value)
    return wrong


def main():
    forms = WORK / "project/forms"
    forms.mkdir(parents=True)
    image = WORK / "picture.png"
    image.write_bytes(picture())
    make_workbook(forms / "by-xlsxwriter.xlsx", image)
    names = ["by-xlsxwriter"]
    if OFFICE:
        saved = WORK / "saved"
        office([forms / "by-xlsxwriter.xlsx"], saved, "xlsx:Calc MS Excel 2007 XML", 0)
        (saved / "by-xlsxwriter.xlsx").rename(forms / "by-libreoffice.xlsx")
        names.append("by-libreoffice")
    make_word(forms / "annex.docx", image)
    settings = WORK / "project/project.toml"
    with settings.open("a") as text:
        text.write("".join(FORMS.format(form=name) for name in names) + WORD)
    run = subprocess.run([PROGRAM, "build", WORK / "project", "--out", WORK / "built", "--report", "quarterly", "--period", "2017-Q2"],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    print("\n".join(line for line in run.stdout.splitlines() if "filled in" in line))
    home = next((WORK / "built").glob("*/2017-Q2"))
    figures = json.loads((home / "quarterly.figures.json").read_text())
    figures = next(one for one in figures["indicators"] if one["code"] == "I14")["actual"]
    wanted = {}
    for name in names:
        new, rows = compare_workbook(forms / f"{name}.xlsx", home / f"quarterly.{name}.xlsx", figures)
        wanted[name] = expected(new, rows)
        print(f"{name}: {rows} rows, {len(wanted[name])} formulas")
    before, after = parts(forms / "annex.docx"), parts(home / "quarterly.annex.docx")
    assert [name for name in before if before[name] != after[name]] == ["word/document.xml"], "other parts of the Word form"
    document = docx.Document(home / "quarterly.annex.docx")
    listed = [row.cells[1].text for row in document.tables[1].rows[1:] if row.cells[1].text]
    values = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows[1:] if row.cells[0].text}
    assert len(document.tables[1].rows) == 41 and len(listed) == rows, listed
    assert str(figures["cumulative"]) in values.values(), values
    print(f"annex: {len(listed)} rows of activities, {len(values)} of indicators")
    if not OFFICE:
        return
    for mode in (0, None):
        out = WORK / f"opened-{mode}"
        office([home / f"quarterly.{name}.xlsx" for name in names], out, "xlsx:Calc MS Excel 2007 XML", mode)
        for name in names:
            wrong = look_at_values(out / f"quarterly.{name}.xlsx", wanted[name])
            if mode is None:
                # What the build says of LibreOffice.
                print(f"{name}, as LibreOffice is set at first: {len(wrong)} formulas show old values until Ctrl+Shift+F9")
            else:
                assert not wrong, f"{name}: formulas give something else: {wrong}"
                print(f"{name}, computed anew: {len(wanted[name])} formulas give what they should")
    office([home / "quarterly.annex.docx"], WORK / "opened-word", "pdf", 0)


main()
