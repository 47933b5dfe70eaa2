//! A pack as sheets: plain cells with headings in the languages of the report, and which of them are to be filled in.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::pack::{ListSubject, RecountList, RecountPack, RecountRow, RecountSource};
use crate::locale::{ExcelKind, Locale};
use crate::model::Lang;

/// Between the languages of a sheet's name and of a message at a cell, which stand in one place.
const BETWEEN: &str = " · ";

/// Letters that a sheet's name may have.
const LONGEST_NAME: usize = 31;

/// The workbook of a pack.
pub struct RecountWorkbook {
    /// For its properties.
    pub title: String,
    /// That it isn't for everybody.
    pub comment: String,
    /// The day that its properties say it was made: the period's last.
    pub date: Date,
    /// How its cells write days.
    pub date_format: String,
    /// What it is and how it is filled in.
    pub guide: RecountGuide,
    /// Rows to look up, then lists to count.
    pub sheets: [RecountSheet; 2],
}

/// The first sheet.
pub struct RecountGuide {
    /// Its name.
    pub name: String,
    /// From the top.
    pub lines: Vec<RecountGuideLine>,
    /// The indicators that were recounted.
    pub table: RecountSheet,
}

/// A line of the first sheet.
pub enum RecountGuideLine {
    /// The title in one language.
    Title(String),
    /// A sentence.
    Text(String),
}

/// A table of a pack.
pub struct RecountSheet {
    /// Its name.
    pub name: String,
    /// From left to right.
    pub columns: Vec<RecountColumn>,
    /// Below the headings.
    pub rows: Vec<Vec<RecountCell>>,
}

/// A column of a pack.
pub struct RecountColumn {
    /// A line for each language.
    pub headings: Vec<String>,
    /// How wide it is.
    pub kind: RecountColumnKind,
    /// What may be filled in; `None` for what the data says.
    pub answer: Option<AnswerRule>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecountColumnKind {
    /// A line's own number, by which it is found again.
    Number,
    /// A code, a sheet's row.
    Code,
    /// A day.
    Day,
    /// The name of a file or a sheet.
    Source,
    /// A title.
    Text,
    /// What is counted, in words.
    Subject,
    /// What is filled in.
    Answer,
    /// A remark of whoever fills it in.
    Remark,
}

impl RecountColumnKind {
    /// As `templates/recount.toml` calls it.
    pub fn code(self) -> &'static str {
        match self {
            RecountColumnKind::Number => "number",
            RecountColumnKind::Code => "code",
            RecountColumnKind::Day => "day",
            RecountColumnKind::Source => "source",
            RecountColumnKind::Text => "text",
            RecountColumnKind::Subject => "subject",
            RecountColumnKind::Answer => "answer",
            RecountColumnKind::Remark => "remark",
        }
    }
}

/// What may be filled in.
pub enum AnswerRule {
    /// One of these words.
    Choice {
        /// Yes and no in each of the languages.
        words: Vec<String>,
        /// Shown at the cell.
        message: String,
    },
    /// A number from 0.
    Count {
        /// Shown at the cell.
        message: String,
    },
    /// Anything.
    Text,
}

/// A cell of what the data says.
#[derive(Clone, Debug, PartialEq)]
pub enum RecountCell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day.
    Day(Date),
}

impl RecountWorkbook {
    /// The sheets of a pack; `None` for a language without phrases.
    pub fn new(pack: &RecountPack) -> Option<RecountWorkbook> {
        let locales: Option<Vec<Locale>> = pack.languages.iter().map(|tag| Locale::new(&Lang::new(tag))).collect();
        let words = Words { pack, locales: locales.filter(|locales| !locales.is_empty())? };
        Some(RecountWorkbook {
            title: words.join(|locale| words.phrase(locale, "recount.heading")),
            comment: words.join(|locale| locale.label("recount.private").to_owned()),
            date: pack.days.1.0,
            date_format: words.locales[0].excel_format(ExcelKind::Date, None),
            guide: words.guide(),
            sheets: [words.rows(), words.lists()],
        })
    }
}

/// The words of a pack.
struct Words<'p> {
    pack: &'p RecountPack,
    locales: Vec<Locale>,
}

impl Words<'_> {
    fn label(&self, key: &str) -> Vec<String> {
        self.locales.iter().map(|locale| locale.label(key).to_owned()).collect()
    }

    /// In each language in one place, once where languages agree.
    fn join(&self, write: impl Fn(&Locale) -> String) -> String {
        let mut texts: Vec<String> = Vec::new();
        for text in self.locales.iter().map(write) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(BETWEEN)
    }

    fn join_label(&self, key: &str) -> String {
        self.join(|locale| locale.label(key).to_owned())
    }

    /// In each language where that fits, else in the first.
    fn sheet_name(&self, key: &str) -> String {
        let all = self.join_label(key);
        if all.chars().count() <= LONGEST_NAME { all } else { self.locales[0].label(key).to_owned() }
    }

    /// A phrase of the pack as a whole.
    fn phrase(&self, locale: &Locale, key: &str) -> String {
        let RecountPack { project, report, period, days, seed, sample, .. } = self.pack;
        let days = locale.date_range(days.0.0, days.1.0);
        let at = self.locales.iter().position(|other| other.lang() == locale.lang()).unwrap_or_default();
        let title = self.pack.title.get(at).map(String::as_str).unwrap_or_default();
        let (seed, sample) = (seed.to_string(), locale.integer(u64::from(*sample)));
        let arguments = [
            ("project", project.as_str()),
            ("title", title),
            ("report", report),
            ("period", period),
            ("days", &days),
            ("seed", &seed),
            ("n", &sample),
        ];
        locale.phrase(key, &arguments)
    }

    fn column(&self, key: &str, kind: RecountColumnKind) -> RecountColumn {
        RecountColumn { headings: self.label(key), kind, answer: None }
    }

    fn answer(&self, key: &str, answer: AnswerRule) -> RecountColumn {
        RecountColumn { headings: self.label(key), kind: RecountColumnKind::Answer, answer: Some(answer) }
    }

    fn remark(&self) -> RecountColumn {
        let (headings, kind) = (self.label("recount.remark"), RecountColumnKind::Remark);
        RecountColumn { headings, kind, answer: Some(AnswerRule::Text) }
    }

    /// A column for each language.
    fn columns_of_texts(&self, key: &str, kind: RecountColumnKind) -> Vec<RecountColumn> {
        let language = |locale: &Locale| match self.locales.len() {
            1 => String::new(),
            _ => format!(" ({})", locale.lang().as_str()),
        };
        let column = |locale: &Locale| RecountColumn {
            headings: vec![format!("{}{}", locale.label(key), language(locale))],
            kind,
            answer: None,
        };
        self.locales.iter().map(column).collect()
    }

    fn guide(&self) -> RecountGuide {
        let mut lines = Vec::new();
        for locale in &self.locales {
            lines.push(RecountGuideLine::Title(self.phrase(locale, "recount.heading")));
            let keys = ["about", "private", "draw", "fill-rows", "fill-lists", "leave", "read"];
            let texts = keys.map(|key| self.phrase(locale, &format!("recount.{key}")));
            lines.extend(texts.into_iter().map(RecountGuideLine::Text));
        }
        let mut columns = vec![self.column("figure.indicator", RecountColumnKind::Code)];
        columns.extend(self.columns_of_texts("activity.title", RecountColumnKind::Text));
        columns.extend(self.columns_of_texts("recount.reported", RecountColumnKind::Code));
        columns.push(self.column("recount.all-rows", RecountColumnKind::Code));
        columns.push(self.column("recount.drawn-rows", RecountColumnKind::Code));
        columns.push(self.column("recount.drawn-lists", RecountColumnKind::Code));
        let rows = self.pack.indicators.iter().map(|indicator| {
            let drawn = self.pack.rows.iter().filter(|row| row.indicator == indicator.code).count();
            let lists = self.pack.lists.iter().filter(|list| list.indicators.contains(&indicator.code)).count();
            let mut cells = vec![text(&indicator.code)];
            cells.extend(indicator.title.iter().chain(&indicator.reported).map(|title| text(title)));
            cells.extend([indicator.rows, drawn as u64, lists as u64].map(|count| RecountCell::Number(count.into())));
            cells
        });
        let rows = rows.collect();
        let name = self.sheet_name("recount.sheet-guide");
        RecountGuide { name: name.clone(), lines, table: RecountSheet { name, columns, rows } }
    }

    fn has_documents(&self) -> bool {
        let rows = self.pack.rows.iter().map(|row| &row.source);
        rows.chain(self.pack.lists.iter().map(|list| &list.source)).any(|source| source.document.is_some())
    }

    fn source_columns(&self) -> Vec<RecountColumn> {
        let document = self.has_documents().then(|| self.column("recount.document", RecountColumnKind::Code));
        let source = [
            self.column("recount.file", RecountColumnKind::Source),
            self.column("annex.sheet", RecountColumnKind::Source),
            self.column("recount.row", RecountColumnKind::Number),
        ];
        document.into_iter().chain(source).collect()
    }

    fn source_cells(&self, source: &RecountSource) -> Vec<RecountCell> {
        let RecountSource { file, sheet, row, document } = source;
        let document = self.has_documents().then(|| optional(document.as_deref()));
        let number = row.parse().ok().map(|row: u32| RecountCell::Number(row.into()));
        let cells = [text(file), optional(sheet.as_deref()), number.unwrap_or_else(|| text(row))];
        document.into_iter().chain(cells).collect()
    }

    fn rows(&self) -> RecountSheet {
        let mut columns = vec![
            self.column("recount.number", RecountColumnKind::Number),
            self.column("figure.indicator", RecountColumnKind::Code),
            self.column("activity.one", RecountColumnKind::Code),
            self.column("annex.day", RecountColumnKind::Day),
            self.column("recount.person", RecountColumnKind::Code),
        ];
        columns.extend(self.source_columns());
        let words = |key: &'static str| self.locales.iter().map(move |locale| locale.label(key).to_owned());
        let mut choices: Vec<String> = words("annex.yes").chain(words("annex.no")).collect();
        choices.dedup();
        let message = self.join_label("recount.message-found");
        columns.push(self.answer("recount.found", AnswerRule::Choice { words: choices, message }));
        columns.push(self.remark());
        let row = |(row, number): (&RecountRow, u64)| {
            let RecountRow { indicator, activity, day, person, source } = row;
            let mut cells = vec![
                RecountCell::Number(number.into()),
                text(indicator),
                optional(activity.as_deref()),
                RecountCell::Day(day.0),
                optional(person.as_deref()),
            ];
            cells.extend(self.source_cells(source));
            cells
        };
        let rows = self.pack.rows.iter().zip(1..).map(row).collect();
        RecountSheet { name: self.sheet_name("recount.sheet-rows"), columns, rows }
    }

    fn lists(&self) -> RecountSheet {
        let mut columns = vec![
            self.column("recount.number", RecountColumnKind::Number),
            self.column("activity.one", RecountColumnKind::Code),
        ];
        columns.extend(self.columns_of_texts("activity.title", RecountColumnKind::Text));
        columns.push(self.column("activity.date", RecountColumnKind::Day));
        columns.extend(self.source_columns());
        columns.extend(self.columns_of_texts("recount.subject", RecountColumnKind::Subject));
        let message = self.join_label("recount.message-count");
        columns.push(self.answer("recount.counted", AnswerRule::Count { message }));
        columns.push(self.remark());
        let row = |(list, number): (&RecountList, u64)| {
            let mut cells = vec![RecountCell::Number(number.into()), text(&list.activity)];
            cells.extend(list.title.iter().map(|title| text(title)));
            cells.push(list.day.map_or(RecountCell::Empty, |day| RecountCell::Day(day.0)));
            cells.extend(self.source_cells(&list.source));
            match &list.subject {
                ListSubject::Attendances => {
                    cells.extend(self.label("recount.signatures").iter().map(|name| text(name)));
                }
                ListSubject::Column(names) => cells.extend(names.iter().map(|name| text(name))),
            }
            cells
        };
        let rows = self.pack.lists.iter().zip(1..).map(row).collect();
        RecountSheet { name: self.sheet_name("recount.sheet-lists"), columns, rows }
    }
}

fn text(text: &str) -> RecountCell {
    if text.is_empty() { RecountCell::Empty } else { RecountCell::Text(text.to_owned()) }
}

fn optional(words: Option<&str>) -> RecountCell {
    words.map_or(RecountCell::Empty, text)
}
