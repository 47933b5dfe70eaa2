use std::fmt::Write;

use jiff::civil::Date;

use super::offered_reports::{OfferedReport, period_lines, report_lines};
use crate::model::{Lang, Text};

const PROJECT: &str = include_str!("../../templates/empty/project.toml");

/// Who, when and in which languages: what a new project.toml begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Names the folder of outputs.
    pub code: String,
    /// The source language first.
    pub languages: Vec<Lang>,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// Of the project.
    pub title: Text,
    /// Its name.
    pub donor: Text,
    /// Of the organisation that reports; empty: to be written later.
    pub organisation: Text,
    /// Number of the donor's grant; empty: none, or to be written later.
    pub grant: String,
    /// In the order of project.toml.
    pub reports: Vec<&'static OfferedReport>,
}

/// Where a table is, and how its columns are headed.
pub struct TableDraft {
    /// Its name.
    pub table: String,
    /// One or several, or a pattern.
    pub files: Vec<String>,
    /// `None`: the only one, or none of a CSV file.
    pub sheet: Option<String>,
    /// Several sheets of one file, instead of `sheet`.
    pub sheets: Vec<String>,
    /// What else is said of the table.
    pub shape: Vec<ShapeLine>,
    /// In their order.
    pub columns: Vec<ColumnDraft>,
    /// A remark above the table.
    pub remark: Option<String>,
}

/// A line about a table's shape.
pub enum ShapeLine {
    /// `key = value`, with a remark beside it.
    Key {
        /// Of the table.
        key: &'static str,
        /// What it is set to.
        value: ProposedValue,
        /// For readers of the file.
        remark: Option<String>,
    },
    /// A remark on a line of its own.
    Remark(String),
    /// `[[tables.activities.counts]]`
    Counts {
        /// Heading and condition.
        parts: Vec<(String, String)>,
        /// Heading of what they add up to.
        total: Option<String>,
    },
}

/// A value of project.toml.
pub enum ProposedValue {
    /// `"text"`
    Text(String),
    /// `true`
    Bool(bool),
    /// `["one", "another"]`
    Texts(Vec<String>),
    /// `{ key = "text" }`
    Table(Vec<(&'static str, ProposedValue)>),
}

/// A column, and how it is headed.
pub struct ColumnDraft {
    /// As project.toml calls it.
    pub name: String,
    /// Of a text.
    pub lang: Option<Lang>,
    /// As the sheet writes it.
    pub heading: String,
    /// What parts several values of a cell; empty: as usual.
    pub split: Vec<String>,
    /// A remark beside the column.
    pub remark: Option<String>,
}

/// The text of project.toml.
pub fn project_file(answers: &Answers, tables: &[TableDraft]) -> String {
    let tags: Vec<String> = answers.languages.iter().map(|lang| quoted(lang.as_str())).collect();
    let mut text = PROJECT
        .replace("{code}", &quoted(&answers.code))
        .replace("{start}", &answers.start.to_string())
        .replace("{end}", &answers.end.to_string())
        .replace("{languages}", &format!("[{}]", tags.join(", ")))
        .replace("{periods}", &period_lines(answers))
        .replace("{reports}", &report_lines(answers));
    let grant = quoted(&answers.grant);
    text = text.replace(
        "{grant}",
        &if answers.grant.is_empty() { "# grant = \"…\"".to_owned() } else { format!("grant = {grant}") },
    );
    let organisation: Vec<(&Lang, &str)> = answers.organisation.iter().collect();
    // Without a name its table is written as a comment, to be filled in.
    text = match organisation.as_slice() {
        [] => text.replace("{organisation}", "# [implementer]\n# name = {texts}"),
        names => {
            let names = by_language(names.iter().copied());
            text.replace("{organisation}", &format!("[implementer]\nname = {names}"))
        }
    };
    let unwritten = by_language(answers.languages.iter().map(|lang| (lang, "…")));
    text = text.replace("{texts}", &unwritten);
    for (place, spoken) in [("{title}", &answers.title), ("{donor}", &answers.donor)] {
        let by_lang: Vec<(&Lang, &str)> = spoken.iter().collect();
        text = text.replace(place, &by_language(by_lang.into_iter()));
    }
    for table in tables {
        // Writing to a String can't fail.
        let _ = write_table(&mut text, table);
    }
    text
}

fn write_table(text: &mut String, table: &TableDraft) -> std::fmt::Result {
    writeln!(text)?;
    for line in table.remark.iter().flat_map(|remark| remark.lines()) {
        writeln!(text, "# {line}")?;
    }
    writeln!(text, "[tables.{}]", table.table)?;
    match table.files.as_slice() {
        [] => {}
        [pattern] if pattern.contains('*') => writeln!(text, "files = {}", quoted(pattern))?,
        [one] => writeln!(text, "file = {}", quoted(one))?,
        several => {
            let names: Vec<String> = several.iter().map(|file| quoted(file)).collect();
            writeln!(text, "files = [{}]", names.join(", "))?;
        }
    }
    if !table.sheets.is_empty() {
        let names: Vec<String> = table.sheets.iter().map(|sheet| quoted(sheet)).collect();
        writeln!(text, "sheets = [{}]", names.join(", "))?;
    } else if let Some(sheet) = &table.sheet {
        writeln!(text, "sheet = {}", quoted(sheet))?;
    }
    for line in &table.shape {
        match line {
            ShapeLine::Key { key, value, remark } => {
                let remark = remark.as_ref().map(|remark| format!("  # {remark}")).unwrap_or_default();
                writeln!(text, "{key} = {}{remark}", written(value))?;
            }
            ShapeLine::Remark(remark) => writeln!(text, "# {remark}")?,
            ShapeLine::Counts { .. } => {}
        }
    }
    write_columns(text, table)?;
    for line in &table.shape {
        let ShapeLine::Counts { parts, total } = line else { continue };
        let parts: Vec<String> =
            parts.iter().map(|(heading, condition)| format!("{} = {}", quoted(heading), quoted(condition))).collect();
        writeln!(text, "\n[[tables.{}.counts]]\nparts = {{ {} }}", table.table, parts.join(", "))?;
        if let Some(total) = total {
            writeln!(text, "total = {}", quoted(total))?;
        }
    }
    Ok(())
}

fn written(value: &ProposedValue) -> String {
    match value {
        ProposedValue::Text(text) => quoted(text),
        ProposedValue::Bool(value) => value.to_string(),
        ProposedValue::Texts(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            format!("[{}]", texts.join(", "))
        }
        ProposedValue::Table(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} = {}", written(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn write_columns(text: &mut String, table: &TableDraft) -> std::fmt::Result {
    if table.columns.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n[tables.{}.columns]", table.table)?;
    let mut written: Vec<&str> = Vec::new();
    for column in &table.columns {
        if written.contains(&column.name.as_str()) {
            continue;
        }
        written.push(&column.name);
        let same: Vec<&ColumnDraft> = table.columns.iter().filter(|other| other.name == column.name).collect();
        let spoken = same.iter().filter_map(|other| Some((other.lang.as_ref()?, other.heading.as_str())));
        let value = match column.split.as_slice() {
            _ if column.lang.is_some() => by_language(spoken),
            [] => quoted(&column.heading),
            split => {
                let split: Vec<String> = split.iter().map(|sign| quoted(sign)).collect();
                format!("{{ heading = {}, split = [{}] }}", quoted(&column.heading), split.join(", "))
            }
        };
        let remark = same.iter().find_map(|other| other.remark.as_deref());
        let remark = remark.map(|remark| format!("  # {remark}")).unwrap_or_default();
        // The name of an own column is its heading.
        let is_bare = column.name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        let name = if is_bare { column.name.clone() } else { quoted(&column.name) };
        writeln!(text, "{name} = {value}{remark}")?;
    }
    Ok(())
}

fn by_language<'t>(texts: impl Iterator<Item = (&'t Lang, &'t str)>) -> String {
    let pairs: Vec<String> = texts.map(|(lang, text)| format!("{} = {}", lang.as_str(), quoted(text))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
