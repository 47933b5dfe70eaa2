"""Random workbooks as plain data: sheets of cells, before any library writes them. All content is invented."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

DAYS = [date(2017, month, 1 + month * 2 % 28) for month in range(1, 13)]
DATE_FORMATS = ["dd.mm.yyyy", "yyyy-mm-dd", "d/m/yy", "mmm d, yyyy", "dddd"]
MONTHS = "јануари февруари март април мај јуни јули август септември октомври ноември декември".split()
PIECES = [
    "Обука",
    "Ѓорче & Ќиро",
    "naïve",
    "«цитат»",
    "„наводници“",
    "a<b>c",
    "O'Neill",
    'said "yes"',
    "Ærø–ß",
    "日本語",
    "عربي",
    "🙂",
    "e\u0301tude",
    "no\u00a0break",
    "zero\u200bwidth",
    "soft\u00adhyphen",
    "100 %",
    "a  b",
    "&amp;",
]
TOPICS = ["Право на азил", "Legal aid", "Здравје", "Housing & rent", "Şükran", "Образование"]
HEADINGS = {
    "id": ["id", "Code", "Шифра", "Activity  ID"],
    "date": ["Date", "Датум", "DATE HELD"],
    "type": ["Type", "Вид", "Тип на активност"],
    "title": ["Title", "Наслов"],
    "reached": ["Reached", "Опфатени", "Head count"],
    "line": ["Line"],
    "text": ["Words"],
    "topic": ["Topic"],
    "number": ["Quantity"],
    "zeros": ["Padded"],
    "flag": ["Flag"],
    "day": ["Other day"],
    "hour": ["Hour"],
    "mixed": ["Anything"],
}


@dataclass
class Cell:
    value: object
    format: str | None = None
    formula: str | None = None
    rich: bool = False


@dataclass
class Sheet:
    name: str
    cells: dict = field(default_factory=dict)
    hidden_rows: set = field(default_factory=set)
    merges: list = field(default_factory=list)
    hidden: bool = False


@dataclass
class Book:
    """A workbook with a table of activities; `faults` are the cells that are wrong on purpose, with their errors."""

    name: str
    library: str
    ending: str
    sheets: list
    table: Sheet
    columns: dict
    rows: list
    faults: dict
    epoch_1904: bool
    inline_strings: bool
    iso_dates: bool
    name_sheet: bool
    writer: str


def address(row, column):
    return f"{chr(ord('A') + column - 1)}{row}"


class Planner:
    def __init__(self, random, name, library, ending):
        self.random = random
        self.library = library
        self.ending = ending
        self.writer = library if library != "libreoffice" else random.choice(["openpyxl", "xlsxwriter"])
        # openpyxl writes no values beside formulas. LibreOffice computes them, but writes 0 for texts to xls.
        self.formulas = library != "openpyxl"
        self.text_formulas = self.formulas and ending != "xls"
        self.epoch_1904 = random.random() < 0.3
        self.name = name

    def chance(self, share):
        return self.random.random() < share

    def book(self):
        random = self.random
        inline = self.writer == "xlsxwriter" and self.chance(0.3)
        table = Sheet(random.choice(["Activities", "Активности", "Лист 1", "2017 & after"]))
        columns, rows = self.fill(table, merging=not inline)
        faults = self.spoil(table, columns, rows) if self.chance(0.3) else {}
        sheets = [table] + [self.decoy(number) for number in range(random.randrange(3))]
        random.shuffle(sheets)
        table.hidden = (
            len(sheets) > 1 and not all(other.hidden for other in sheets if other is not table) and self.chance(0.1)
        )
        return Book(
            self.name,
            self.library,
            self.ending,
            sheets,
            table,
            columns,
            rows,
            faults,
            self.epoch_1904,
            inline,
            iso_dates=self.library == "openpyxl" and self.chance(0.2),
            name_sheet=self.chance(0.5),
            writer=self.writer,
        )

    def decoy(self, number):
        sheet = Sheet(f"Notes {number}", hidden=self.chance(0.4))
        for row in range(1, self.random.randrange(2, 6)):
            sheet.cells[row, 1] = Cell(f"remark {row}")
            sheet.cells[row, 2] = Cell(self.random.randrange(100))
        return sheet

    def fill(self, sheet, merging):
        random = self.random
        keys = list(HEADINGS)
        random.shuffle(keys)
        places = sorted(random.sample(range(1, len(keys) + 5), len(keys)))
        columns = dict(zip(keys, places, strict=True))
        row = 1
        if self.chance(0.4):
            sheet.cells[1, columns[keys[0]]] = Cell("List of what was done, 2017")
            row += random.randrange(1, 3)
        for key, column in columns.items():
            sheet.cells[row, column] = Cell(random.choice(HEADINGS[key]))
        rows = []
        for _ in range(random.randrange(5, 25)):
            row += 2 if self.chance(0.05) else 1
            rows.append(row)
            for key, column in columns.items():
                cell = getattr(self, f"a_{key}")(row)
                if cell is not None:
                    sheet.cells[row, column] = cell
            if self.chance(0.12):
                sheet.hidden_rows.add(row)
        if merging:
            self.merge(sheet, columns, rows)
        return columns, rows

    def merge(self, sheet, columns, rows):
        for key in ["type", "topic", "title", "date", "day"]:
            if not self.chance(0.3):
                continue
            first = self.random.randrange(len(rows) - 2)
            last = min(first + self.random.randrange(1, 4), len(rows) - 1)
            column = columns[key]
            if (rows[first], column) not in sheet.cells:
                continue
            for row in range(rows[first] + 1, rows[last] + 1):
                sheet.cells.pop((row, column), None)
            sheet.merges.append((rows[first], column, rows[last], column))

    # One cell of each column; `None` is no cell at all, `Cell(None, format)` a blank one with a format.

    def blank(self):
        return self.random.choice([None, Cell(None, "0.00"), Cell("-"), Cell("  "), Cell("N/A")])

    def words(self, row):
        # openpyxl neither writes nor reads the escape of a literal _x0041_; LibreOffice loses tabs of ods.
        odd = ["_x0041_"] * (self.writer != "openpyxl") + ["tab\there"] * (self.ending != "ods")
        pieces = self.random.sample(PIECES + odd, self.random.randrange(1, 4))
        return f"{' '.join(pieces)} ({row})"

    def a_id(self, row):
        kinds = [
            Cell(f"A-{row}"),
            Cell(f"Б-{row}/1"),
            Cell(f" K {row} "),
            Cell(f"00{row}"),
            Cell(row + 1000),
            Cell(float(row + 2000)),
            Cell(f"{row}.1.2"),
            Cell(f"3E{row + 1000}"),
        ]
        if self.ending != "xls":  # The library that reads these knows no number formats.
            kinds.append(Cell(row, "000000"))
        if self.formulas:
            kinds.append(Cell(row + 3000, formula=f"={row}+3000"))
        if self.text_formulas:
            kinds.append(Cell(f"F-{row}", formula=f'="F-"&"{row}"'))
        return self.random.choice(kinds)

    def a_line(self, row):
        return Cell(f"r{row}")

    def a_date(self, row):
        day = self.random.choice(DAYS)
        real = Cell(day, self.random.choice(DATE_FORMATS))
        kinds = [
            real,
            real,
            Cell(datetime.combine(day, time(14, 5)), "dd.mm.yyyy hh:mm"),
            Cell(day.isoformat()),
            Cell(f"{day:%d.%m.%Y}"),
            Cell(f"{day.day} {MONTHS[day.month - 1]} {day.year}"),
            Cell(f"{day.day} {day:%B} {day.year}"),
            Cell(f"{day:%d.%m.%Y} г."),
        ]
        if self.formulas:
            kinds.append(Cell(day, "yyyy-mm-dd", formula=f"=DATE({day.year},{day.month},{day.day})"))
        return self.random.choice(kinds)

    def a_type(self, row):
        return Cell(self.random.choice(["training", "clinic", "обука за право"]))

    def a_topic(self, row):
        return self.blank() if self.chance(0.1) else Cell(self.random.choice(TOPICS), rich=self.chance(0.1))

    def a_title(self, row):
        text = self.words(row)
        if self.chance(0.2):
            text = text.replace(" ", self.random.choice(["\n", "; ", "\r\n"]), 1)
        return Cell(text, rich=self.chance(0.1))

    def a_text(self, row):
        if self.chance(0.15):
            return self.blank()
        if self.text_formulas and self.chance(0.1):
            return Cell(f"Формула ({row})", formula=f'="Формула "&"({row})"')
        if self.chance(0.2):
            return Cell(
                self.random.choice(["; ", "\n", ";"]).join(
                    f"v{part} ({row})" for part in range(self.random.randrange(2, 5))
                )
            )
        return Cell(self.words(row), rich=self.chance(0.1))

    def a_reached(self, row):
        number = self.random.randrange(100000)
        kinds = [
            Cell(number),
            Cell(float(number)),
            Cell(0),
            Cell(number, "#,##0"),
            Cell(number, '0 "лица"'),
            Cell(str(number)),
            Cell(f"{number + 1000:,}"),
            Cell(f"{number + 1000:,}".replace(",", ".")),
            Cell(f"{number + 1000:,}".replace(",", "\u00a0")),
            Cell(f"околу {number}"),
            Cell(f"about {number}"),
            self.blank(),
        ]
        if self.formulas:
            kinds.append(Cell(number + 7, formula=f"={number}+7"))
        return self.random.choice(kinds)

    def a_number(self, row):
        random = self.random
        number = random.choice(
            [random.randrange(-999, 999), round(random.uniform(-1e6, 1e6), 3), random.uniform(0, 1), 1e-7, 0.1 + 0.2]
        )
        kinds = [
            Cell(number),
            Cell(number, "#,##0.0"),
            Cell(number, "0%"),
            Cell(number, "0.00E+00"),
            Cell(number, '#,##0.00 "ден."'),
            Cell(number, "[Red]0.0;(0.0)"),
            Cell(random.randrange(10**12, 10**14)),
            Cell("12.5"),
            Cell("12 %"),
            self.blank(),
        ]
        if self.formulas:
            kinds.append(Cell(number * 2, formula=f"={number!r}*2"))
        return random.choice(kinds)

    def a_zeros(self, row):
        number = self.random.randrange(5000)
        padded = Cell(number) if self.ending == "xls" else Cell(number, self.random.choice(["000", "00000", "0"]))
        return self.random.choice([padded, padded, Cell(f"{number:05}"), None])

    def a_flag(self, row):
        kinds = [Cell(True), Cell(False), None]
        return self.random.choice(kinds + [Cell(True, formula="=1=1")] if self.formulas else kinds)

    def a_day(self, row):
        day = date(2017, 1, 1) + timedelta(days=self.random.randrange(365))
        when = datetime.combine(day, time(23, 59, 30))
        return self.random.choice(
            [Cell(day, self.random.choice(DATE_FORMATS)), Cell(when, "yyyy-mm-dd hh:mm:ss"), None]
        )

    def a_hour(self, row):
        hour = time(self.random.randrange(24), self.random.randrange(60), self.random.choice([0, 0, 30]))
        return self.random.choice([Cell(hour, "hh:mm"), Cell(hour, "h:mm:ss AM/PM"), None])

    def a_mixed(self, row):
        makers = [self.a_text, self.a_day, self.a_hour, self.a_id]
        if self.ending != "xls":  # LibreOffice reads booleans of these as numbers.
            makers.append(self.a_flag)
        maker = self.random.choice(makers)
        return self.random.choice(
            [maker(row), Cell(self.random.choice([row / 8, 0.1 + 0.2, 1 / 3, -row, 10**12 + row, 1e-5]))]
        )

    def spoil(self, sheet, columns, rows):
        """Puts errors into some cells outside of merged ranges, one for each row at most."""
        merged = {
            (row, first_column) for first, first_column, last, _ in sheet.merges for row in range(first, last + 1)
        }
        kinds = [
            ("reached", Cell("многу"), "not-a-count"),
            ("reached", Cell(12.7), "not-a-count"),
            ("reached", Cell(-4), "not-a-count"),
            ("number", Cell("многу"), "not-a-number"),
            ("date", Cell(42000), "number-not-date"),
            ("date", Cell("32.01.2017"), "invalid-date"),
            ("date", Cell("03.02.17"), "two-digit-year"),
            ("date", None, "missing-date"),
            ("type", None, "missing-value"),
            ("id", None, "missing-activity"),
            ("id", Cell(DAYS[0], "dd.mm.yyyy"), "date-in-code"),
            ("id", Cell(1.25e17), "rounded-code"),
            ("id", Cell("1.01198E+12"), "rounded-code"),
        ]
        if self.library != "libreoffice":  # It makes formulas of booleans, whose values are numbers.
            kinds += [("reached", Cell(True), "not-a-count"), ("number", Cell(True), "not-a-number")]
        for key in ["id", "date", "type", "title", "reached", "text", "number", "day", "mixed"]:
            kinds.append((key, Cell("#DIV/0!", formula="=1/0" if self.formulas else None), "error-cell"))
            if self.library == "openpyxl":
                kinds.append((key, Cell(None, formula="=1+1"), "formula-without-value"))
        faults = {}
        for row in self.random.sample(rows, self.random.randrange(1, 4)):
            key, cell, code = self.random.choice(kinds)
            place = row, columns[key]
            if place in merged:
                continue
            sheet.cells.pop(place, None)
            if cell is not None:
                sheet.cells[place] = cell
            faults[address(*place)] = code
        return faults
