//! A table as a sheet: in the plainest way, or with all that people put around and between its cells.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use donor_report::ingest::layout::{TableKind, vocabulary};

use super::cells::{ESCAPED, Written, faulty_cell, messy_cell, plain_cell};
use super::world::{Clean, Column, Kind, Random, Table};

/// Rows and columns count from 0.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: String,
    pub cells: BTreeMap<(u32, u32), Written>,
    /// First and last row, first and last column.
    pub merged: Vec<(u32, u32, u32, u32)>,
    pub hidden: BTreeSet<u32>,
    /// Problems that must be reported: kind, row and column.
    pub expected: Vec<(&'static str, u32, u32)>,
}

impl Sheet {
    fn new(table: &Table) -> Sheet {
        Sheet {
            name: table.kind.name().to_owned(),
            cells: BTreeMap::new(),
            merged: Vec::new(),
            hidden: BTreeSet::new(),
            expected: Vec::new(),
        }
    }

    fn put(&mut self, row: u32, column: u32, cell: Written) {
        if cell != Written::Blank {
            self.cells.insert((row, column), cell);
        }
    }

    fn text(&mut self, row: u32, column: u32, text: impl Into<String>) {
        self.put(row, column, Written::Text(text.into()));
    }

    pub fn last_row(&self) -> u32 {
        self.cells.keys().map(|(row, _)| *row).max().unwrap_or_default()
    }
}

/// A table in the plainest writing.
pub fn plain_sheet(table: &Table) -> Sheet {
    let mut sheet = Sheet::new(table);
    for (at, column) in table.columns.iter().enumerate() {
        let heading = column.lang.map_or(column.name.to_owned(), |lang| format!("{} ({lang})", column.name));
        sheet.text(0, at as u32, heading);
        for (row, cells) in table.rows.iter().enumerate() {
            sheet.put(row as u32 + 1, at as u32, plain_cell(&cells[at]));
        }
    }
    sheet
}

/// `typed`: the file knows numbers, dates, errors and merged cells, as a CSV doesn't. `faults`: the number of faulty cells.
pub fn messy_sheet(random: &mut Random, table: &Table, typed: bool, faults: usize) -> Sheet {
    let mut sheet = Sheet::new(table);
    let mess = Mess::new(random, table);
    let mut row = titles(random, &mut sheet, mess.first());
    let headings = mess.headings(random, table);
    let tags = tags(table).filter(|_| random.once_in(4));
    let nonsense = tags.as_ref().is_some_and(|tags| tags.iter().all(Option::is_some)) && random.once_in(2);
    let shown: Vec<String> =
        if nonsense { (1..=headings.len()).map(|at| format!("Колона {at}")).collect() } else { headings.clone() };
    row = mess.header(random, &mut sheet, row, &shown, typed);
    for (at, tag) in tags.iter().flatten().enumerate() {
        if let Some(tag) = tag {
            sheet.text(row, mess.columns[at], tag.clone());
        }
    }
    row += u32::from(tags.is_some());
    let rows = mess.body(random, &mut sheet, table, row, &shown);
    mess.fill(random, &mut sheet, table, &rows, typed);
    let spoilt = mess.spoil(random, &mut sheet, table, &rows, typed, faults);
    if typed {
        mess.merge(random, &mut sheet, table, &rows, &spoilt);
    }
    mess.below(random, &mut sheet, table);
    sheet
}

/// Titles and blank rows above; the header's row.
fn titles(random: &mut Random, sheet: &mut Sheet, column: u32) -> u32 {
    let lines = ["Евиденција 2017", "Подготвила: канцеларија", "", "Извештај на проектот, нацрт 3", "01.02.2017"];
    let count = random.below(5) as u32;
    for row in 0..count {
        sheet.text(row, column, random.pick(&lines));
        if sheet.cells.get(&(row, column)) == Some(&Written::Text(String::new())) {
            sheet.cells.remove(&(row, column));
        }
    }
    count
}

/// A row of HXL tags, as far as the columns have any.
fn tags(table: &Table) -> Option<Vec<Option<String>>> {
    let tag = |column: &Column| {
        let (tag, attributes) = vocabulary().column(table.kind, column.name)?.hxl.first()?;
        let lang = column.lang.map(|lang| format!("+{lang}")).unwrap_or_default();
        Some(format!("#{tag}{}{lang}", attributes.iter().map(|name| format!("+{name}")).collect::<String>()))
    };
    let tags: Vec<Option<String>> = table.columns.iter().map(tag).collect();
    (tags.iter().flatten().count() >= 2).then_some(tags)
}

/// Where a table's columns are, and which of them write dates with slashes.
struct Mess {
    columns: Vec<u32>,
    slashes: Vec<bool>,
    /// A column that no table has.
    stray: Option<u32>,
}

impl Mess {
    fn new(random: &mut Random, table: &Table) -> Mess {
        let count = table.columns.len();
        let mut order: Vec<usize> = (0..count).collect();
        if random.once_in(2) {
            for at in (1..count).rev() {
                order.swap(at, random.below(at + 1));
            }
        }
        let mut columns = vec![0; count];
        let mut next = random.below(3) as u32;
        for at in order {
            columns[at] = next;
            next += 1 + u32::from(random.once_in(6));
        }
        let has_stray = matches!(table.kind, TableKind::Activities | TableKind::Participants | TableKind::Attendance);
        let stray = (has_stray && random.once_in(3)).then_some(next);
        let slashes = table.columns.iter().enumerate().map(|(at, column)| {
            // One date that can be read in one way decides the others.
            let is_decided = table.rows.iter().any(|row| matches!(&row[at], Clean::Day(day) if day.day() > 12));
            column.kind == Kind::Date && is_decided && random.once_in(3)
        });
        Mess { columns, slashes: slashes.collect(), stray }
    }

    fn first(&self) -> u32 {
        self.columns.iter().copied().min().unwrap_or_default()
    }

    fn headings(&self, random: &mut Random, table: &Table) -> Vec<String> {
        table.columns.iter().map(|column| heading(random, table.kind, column)).collect()
    }

    /// The headings in one row, or in two of which the upper groups some; the row below them.
    fn header(&self, random: &mut Random, sheet: &mut Sheet, row: u32, headings: &[String], typed: bool) -> u32 {
        let pair = self.columns.iter().find(|&&column| self.columns.contains(&(column + 1))).copied();
        let Some(pair) = pair.filter(|_| random.once_in(4)) else {
            for (at, heading) in headings.iter().enumerate() {
                sheet.text(row, self.columns[at], heading.clone());
            }
            if let Some(stray) = self.stray {
                sheet.text(row, stray, "Телефон");
            }
            return row + 1;
        };
        sheet.text(row, pair, "Основни податоци");
        if typed {
            sheet.merged.push((row, row, pair, pair + 1));
        }
        let tall = typed && random.once_in(2);
        for (at, heading) in headings.iter().enumerate() {
            let column = self.columns[at];
            if tall && column != pair && column != pair + 1 {
                sheet.text(row, column, heading.clone());
                sheet.merged.push((row, row + 1, column, column));
            } else {
                sheet.text(row + 1, column, heading.clone());
            }
        }
        // In a CSV, cells beyond the headings are a fault.
        if let Some(stray) = self.stray.filter(|_| !typed) {
            sheet.text(row + 1, stray, "Телефон");
        }
        row + 2
    }

    /// Rows of data with blank rows and repeated headers between them; the row of each.
    fn body(&self, random: &mut Random, sheet: &mut Sheet, table: &Table, from: u32, headings: &[String]) -> Vec<u32> {
        let mut row = from;
        let mut rows = Vec::new();
        let repeats = random.once_in(3);
        for _ in &table.rows {
            if random.once_in(10) {
                row += 1 + random.below(2) as u32;
            }
            if repeats && !rows.is_empty() && random.once_in(8) {
                for (at, heading) in headings.iter().enumerate() {
                    sheet.text(row, self.columns[at], heading.clone());
                }
                row += 1;
            }
            if random.once_in(8) {
                sheet.hidden.insert(row);
            }
            if let Some(stray) = self.stray.filter(|_| random.once_in(2)) {
                sheet.text(row, stray, "070/123-456");
            }
            rows.push(row);
            row += 1;
        }
        rows
    }

    fn fill(&self, random: &mut Random, sheet: &mut Sheet, table: &Table, rows: &[u32], typed: bool) {
        for (cells, &row) in table.rows.iter().zip(rows) {
            for (at, clean) in cells.iter().enumerate() {
                let (mut cell, warning) = messy_cell(random, table.columns[at].kind, clean, self.slashes[at]);
                if !typed && let (Written::Dated(_), Clean::Day(day)) = (&cell, clean) {
                    cell = Written::Text(format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()));
                }
                sheet.put(row, self.columns[at], cell);
                sheet.expected.extend(warning.map(|code| (code, row, self.columns[at])));
            }
        }
    }

    /// Makes cells faulty. Returns their rows and columns in the table.
    fn spoil(
        &self,
        random: &mut Random,
        sheet: &mut Sheet,
        table: &Table,
        rows: &[u32],
        typed: bool,
        faults: usize,
    ) -> BTreeSet<(usize, usize)> {
        let mut spoilt = BTreeSet::new();
        for _ in 0..40 * faults {
            if spoilt.len() == faults || rows.is_empty() {
                break;
            }
            let (at, of) = (random.below(table.columns.len()), random.below(rows.len()));
            let column = &table.columns[at];
            let Some((cell, code)) = faulty_cell(random, table.kind, column.name, column.kind) else { continue };
            let possible = typed || matches!(cell, Written::Text(_) | Written::Number(_) | Written::Blank);
            // A row must be left that is one of the table's, and a date that decides the others.
            let alone = table.rows[of].iter().flatten_text().count() < 3;
            let decides = column.kind == Kind::Date && self.slashes[at];
            if !possible || alone || decides || spoilt.iter().any(|(row, _)| *row == of) {
                continue;
            }
            let place = (rows[of], self.columns[at]);
            sheet.cells.remove(&place);
            sheet.put(place.0, place.1, cell);
            sheet.expected.retain(|(_, row, column)| (*row, *column) != place);
            sheet.expected.push((code, place.0, place.1));
            spoilt.insert((of, at));
        }
        spoilt
    }

    /// Cells with one value in rows one below the other, as one merged cell.
    fn merge(
        &self,
        random: &mut Random,
        sheet: &mut Sheet,
        table: &Table,
        rows: &[u32],
        spoilt: &BTreeSet<(usize, usize)>,
    ) {
        if rows.len() < 2 || !random.once_in(2) {
            return;
        }
        let at = random.below(table.columns.len());
        // A merged number that is added up is an error of its own.
        if matches!(table.columns[at].kind, Kind::Count | Kind::Number) {
            return;
        }
        let column = self.columns[at];
        let same = |of: usize| {
            let blank =
                |row: &Vec<Clean>| row.iter().enumerate().all(|(other, cell)| other == at || *cell == Clean::Blank);
            table.rows[of][at] != Clean::Blank
                && table.rows[of][at] == table.rows[of - 1][at]
                && rows[of] == rows[of - 1] + 1
                && !blank(&table.rows[of])
                && !spoilt.iter().any(|(row, _)| *row == of || *row == of - 1)
        };
        let mut of = 1;
        while of < rows.len() {
            let first = of - 1;
            while of < rows.len() && same(of) {
                sheet.cells.remove(&(rows[of], column));
                sheet.expected.retain(|(_, row, other)| (*row, *other) != (rows[of], column));
                of += 1;
            }
            if of - 1 > first {
                sheet.merged.push((rows[first], rows[of - 1], column, column));
            }
            of += 1;
        }
    }

    /// A row of totals and remarks.
    fn below(&self, random: &mut Random, sheet: &mut Sheet, table: &Table) {
        let mut row = sheet.last_row() + 1;
        let totals = !matches!(table.kind, TableKind::Lists | TableKind::Results | TableKind::Indicators);
        if totals && random.once_in(3) {
            sheet.text(row, self.first(), random.pick(&["Вкупно", "TOTAL", "Вкупно:", "Се вкупно 2017", "Меѓузбир"]));
            let counts = table.columns.iter().zip(&self.columns).filter(|(column, _)| column.kind == Kind::Count);
            for (_, &column) in counts.filter(|(_, column)| **column != self.first()) {
                sheet.put(row, column, Written::Number(16.0));
            }
            row += 1;
        }
        let remarks = [
            "Забелешка: податоците се измислени.",
            "* проценка на организаторот",
            "Извор: листи на присутни",
            "Note: all of this is invented",
            "(без последната недела)",
        ];
        for _ in 0..random.below(3) {
            row += random.below(2) as u32;
            sheet.text(row, self.first(), random.pick(&remarks));
            row += 1;
        }
    }
}

/// Cells that hold something.
trait Filled<'a> {
    fn flatten_text(self) -> impl Iterator<Item = &'a Clean>;
}

impl<'a, T: Iterator<Item = &'a Clean>> Filled<'a> for T {
    fn flatten_text(self) -> impl Iterator<Item = &'a Clean> {
        self.filter(|cell| **cell != Clean::Blank)
    }
}

/// The headings of a column, as they are written.
fn names(kind: TableKind, column: &str) -> Vec<String> {
    static HEADINGS: LazyLock<toml::Table> = LazyLock::new(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/headings.toml");
        toml::from_str(&std::fs::read_to_string(path).expect("the headings")).expect("toml")
    });
    let names = HEADINGS[kind.name()][column]["names"].as_array().expect("names");
    names.iter().filter_map(|name| name.as_str()).map(str::to_owned).collect()
}

/// A heading that is known for the column, in either language, as people write it.
fn heading(random: &mut Random, kind: TableKind, column: &Column) -> String {
    let name = random.pick(&names(kind, column.name));
    let named = match column.lang {
        None => name,
        Some(lang) => {
            let (short, long) = if lang == "mk" { ("мк", "на македонски") } else { ("EN", "english") };
            match random.below(6) {
                0 => format!("{name} ({lang})"),
                1 => format!("{name}_{lang}"),
                2 => format!("{name}.{lang}"),
                3 => format!("{name} ({short})"),
                4 => format!("{name} {long}"),
                _ => format!("{name} [{lang}]"),
            }
        }
    };
    match random.below(9) {
        0 => format!(" {named} *"),
        1 => named.to_uppercase(),
        2 => named.replace(' ', "\u{a0}"),
        3 => named.replace(' ', "\n"),
        4 => format!("{named}{ESCAPED}\n"),
        5 => format!("\u{200b}{named}:"),
        6 => named.replace(' ', "  "),
        7 => format!("{named}**"),
        _ => named,
    }
}
