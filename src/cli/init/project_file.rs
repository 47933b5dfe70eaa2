use std::fmt::Write;

use jiff::civil::Date;

use crate::model::{Lang, Text};

const PROJECT: &str = include_str!("../../../templates/empty/project.toml");

/// Who, when and in which languages: what a new project.toml begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub code: String,
    /// The source language first.
    pub languages: Vec<Lang>,
    pub start: Date,
    pub end: Date,
    pub title: Text,
    pub donor: Text,
}

/// Where a table is, and how its columns are headed.
pub struct TableDraft {
    pub table: String,
    pub files: Vec<String>,
    pub sheet: Option<String>,
    pub columns: Vec<ColumnDraft>,
    /// A remark above the table.
    pub remark: Option<String>,
}

pub struct ColumnDraft {
    pub name: String,
    pub lang: Option<Lang>,
    pub heading: String,
    /// A remark beside the column.
    pub remark: Option<String>,
}

/// The text of project.toml.
pub fn project_file(answers: &Answers, tables: &[TableDraft]) -> String {
    let tags: Vec<String> = answers.languages.iter().map(|lang| quoted(lang.as_str())).collect();
    let each: Vec<String> = tags.iter().map(|tag| format!("[{tag}]")).collect();
    let mut text = PROJECT
        .replace("{code}", &quoted(&answers.code))
        .replace("{start}", &answers.start.to_string())
        .replace("{end}", &answers.end.to_string())
        .replace("{languages}", &format!("[{}]", tags.join(", ")))
        .replace("{each}", &format!("[{}]", each.join(", ")))
        .replace("{together}", &format!("[[{}]]", tags.join(", ")));
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
        [one] => writeln!(text, "file = {}", quoted(one))?,
        several => {
            let names: Vec<String> = several.iter().map(|file| quoted(file)).collect();
            writeln!(text, "files = [{}]", names.join(", "))?;
        }
    }
    if let Some(sheet) = &table.sheet {
        writeln!(text, "sheet = {}", quoted(sheet))?;
    }
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
        let value = if column.lang.is_some() { by_language(spoken) } else { quoted(&column.heading) };
        let remark = same.iter().find_map(|other| other.remark.as_deref());
        let remark = remark.map(|remark| format!("  # {remark}")).unwrap_or_default();
        writeln!(text, "{} = {value}{remark}", column.name)?;
    }
    Ok(())
}

fn by_language<'t>(texts: impl Iterator<Item = (&'t Lang, &'t str)>) -> String {
    let pairs: Vec<String> = texts.map(|(lang, text)| format!("{} = {}", lang.as_str(), quoted(text))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
