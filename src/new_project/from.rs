//! `init --from`: a project.toml for workbooks that are there already, and a workbook for the tables that they lack.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::key::KEY_FILE;
use super::project_file::{ColumnDraft, TableDraft, project_file};
use super::section_files::section_files;
use super::shapes::{activities_of_sheets, shape_lines};
use super::workbook::{Style, WorkbookCell};
use super::{Answers, MadeProject, NewProjectError, blank_book, drafts, key_for, write};
use crate::diagnostic::{Catalogue, Place, Problem, Severity, kinds, nearest, phrases};
use crate::fold::{self, Script};
use crate::folder::{is_like, shown_path};
use crate::ingest::layout::{self, TableKind};
use crate::ingest::unconfigured_workbooks::{
    ProposedShape, SheetInQuestion, UnconfiguredTable, UnconfiguredWorkbooks, survey, table_files,
};
use crate::locale::Locale;
use crate::model::Lang;

/// The workbook for tables that the others lack.
pub const TO_FILL: &str = "to-fill.xlsx";

/// Tables that a report can't do without.
const NEEDED: [&str; 3] = ["activities", "indicators", "lists"];

/// Tables that belong to indicators, and are wanted where these are to be written.
const WITH_INDICATORS: [&str; 2] = ["targets", "reported"];

/// Makes a project of workbooks that are there: `choose` says which table a sheet holds, `answer` is given the first and last
/// date in them.
///
/// # Errors
/// Nothing was written, unless a disk ended in the middle of it.
pub fn make_from(
    folder: &Path,
    workbooks: &[PathBuf],
    choose: &mut dyn FnMut(&SheetInQuestion) -> io::Result<Option<TableKind>>,
    answer: impl FnOnce(Option<(Date, Date)>) -> Result<Answers, NewProjectError>,
    catalogue: &Catalogue,
) -> Result<MadeProject, NewProjectError> {
    let sources = sources(workbooks, folder)?;
    let named: Vec<(&Path, String)> =
        sources.iter().map(|source| (source.folder.as_path(), source.name.clone())).collect();
    let mut fault = None;
    let survey = survey(&named, &mut |sheet| {
        choose(sheet).unwrap_or_else(|error| {
            fault.get_or_insert(error);
            sheet.proposed
        })
    });
    if let Some(error) = fault {
        return Err(NewProjectError::of_terminal(error));
    }
    if survey.tables.is_empty() {
        let is_unreadable = survey.problems.iter().any(|problem| problem.severity == Severity::Error);
        let fault = if is_unreadable { NewProjectError::Unreadable } else { NewProjectError::NoTable };
        return Err(fault(survey.problems));
    }
    let answers = answer(survey.days)?;
    let mut beside: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    beside.push(TO_FILL.to_owned());
    let mut tables: Vec<TableDraft> =
        survey.tables.iter().map(|table| draft(table, &beside, &answers.languages, catalogue)).collect();
    let found: BTreeSet<&str> = survey.tables.iter().map(|table| table.proposal.kind.name()).collect();
    let more: &[&str] = if found.contains("indicators") { &[] } else { &WITH_INDICATORS };
    let wanted = NEEDED.iter().chain(more).copied();
    let lacking: Vec<&str> = wanted.filter(|table| !found.contains(table)).collect();

    let mut files = BTreeMap::new();
    if !lacking.is_empty() {
        let mut book = blank_book(&answers);
        book.keep(&lacking);
        if lacking.contains(&"lists") {
            book.start_with("lists", list_rows(&survey, &answers.languages));
        }
        // The first indicator can be broken down only by columns that the activities have.
        let activities = survey.tables.iter().find(|table| table.proposal.kind.name() == "activities");
        for axis in ["type", "municipality"] {
            let has = |table: &UnconfiguredTable| table.proposal.columns.iter().any(|column| column.name == axis);
            if activities.is_some_and(|table| !has(table)) {
                book.leave_out_axis(axis);
            }
        }
        if lacking.contains(&"activities") {
            let rows = activities_of_sheets(&survey);
            if !rows.is_empty() {
                book.start_with("activities", rows);
            }
        }
        tables.extend(drafts(&book, TO_FILL));
        let content = book.write(&Style::shipped()).map_err(|error| NewProjectError::Workbook(error.to_string()))?;
        files.insert(TO_FILL.to_owned(), content);
        if lacking.contains(&"indicators") {
            files.extend(section_files(&answers));
        }
    }
    files.insert("project.toml".to_owned(), project_file(&answers, &tables).into_bytes());
    for source in sources.iter().filter(|source| !source.is_there) {
        let path = source.folder.join(&source.name);
        let content = std::fs::read(&path).map_err(|error| NewProjectError::Write(path, error))?;
        files.insert(source.name.clone(), content);
    }
    // A folder that has a key goes on with it: with another, everybody would have another pseudonym.
    if !folder.join(KEY_FILE).exists() {
        files.insert(KEY_FILE.to_owned(), key_for(folder)?.into_bytes());
    }
    if let Some(taken) = files.keys().map(|name| folder.join(name)).find(|path| path.exists()) {
        return Err(NewProjectError::Exists(taken));
    }
    let filled = lacking.into_iter().map(str::to_owned).collect();
    Ok(MadeProject {
        paths: write(folder, files.iter().map(|(name, content)| (name.as_str(), content.as_slice())))?,
        survey: Some((survey, filled)),
    })
}

/// What a workbook in a project's folder seems to hold: each table with what project.toml would say of it, and its shape in
/// words.
pub fn draft_tables(
    folder: &Path,
    file: &str,
    languages: &[Lang],
    catalogue: &Catalogue,
) -> Vec<(TableDraft, Vec<String>)> {
    let survey = survey(&[(folder, file.to_owned())], &mut |sheet| sheet.proposed);
    let beside = table_files(folder);
    let drafted = |table: &UnconfiguredTable| {
        (draft(table, &beside, languages, catalogue), super::shape_sentences(table, catalogue))
    };
    survey.tables.iter().map(drafted).collect()
}

struct SourceFile {
    folder: PathBuf,
    name: String,
    /// It lies in the new project's folder already.
    is_there: bool,
}

/// Every file, or every one of a folder, by its folder and name; two of one name can't both lie in the new project's folder.
fn sources(files: &[PathBuf], target: &Path) -> Result<Vec<SourceFile>, NewProjectError> {
    let mut sources: Vec<SourceFile> = Vec::new();
    let target = target.canonicalize().ok();
    let named = files.iter().flat_map(|file| match file.is_dir() {
        true => table_files(file).iter().map(|name| file.join(name)).collect(),
        false => vec![file.clone()],
    });
    let named: Vec<PathBuf> = named.collect();
    let missing: Vec<Problem> = named.iter().filter(|file| !file.exists()).map(|file| missing_file(file)).collect();
    if !missing.is_empty() {
        return Err(NewProjectError::Missing(missing));
    }
    for file in &named {
        let full = file.canonicalize().map_err(|_| NewProjectError::Missing(vec![missing_file(file)]))?;
        let (Some(folder), Some(name)) = (full.parent(), file.file_name()) else {
            return Err(NewProjectError::Exists(file.clone()));
        };
        let name = name.to_string_lossy().into_owned();
        if sources.iter().any(|source| source.name == name) {
            return Err(NewProjectError::Exists(file.clone()));
        }
        sources.push(SourceFile { is_there: target.as_deref() == Some(folder), folder: folder.to_owned(), name });
    }
    Ok(sources)
}

fn missing_file(file: &Path) -> Problem {
    Problem::error(kinds::NoSuchFile { nearest: nearest_file(file) }).at(Place::file(&shown_path(file)))
}

/// The name nearest to that of a file that isn't there, among those beside it.
fn nearest_file(file: &Path) -> Option<String> {
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = table_files(beside);
    let name = file.file_name()?.to_string_lossy();
    nearest(&name, names.iter().map(String::as_str)).map(str::to_owned)
}

fn draft(table: &UnconfiguredTable, beside: &[String], languages: &[Lang], catalogue: &Catalogue) -> TableDraft {
    let guess = catalogue.phrase(phrases::InitGuess).message;
    let kind = table.proposal.kind;
    let mut columns: Vec<ColumnDraft> = Vec::new();
    for column in &table.proposal.columns {
        let same: Vec<_> = table.proposal.columns.iter().filter(|other| other.name == column.name).collect();
        let is_text = layout::vocabulary().column(kind, &column.name).is_some_and(|known| known.text);
        let mut lang = column.lang.clone().filter(|_| is_text);
        if is_text && same.len() > 1 && lang.is_none() {
            // Headings without a language beside others: by their alphabet, else the next language that is free.
            let taken: Vec<&Lang> = same
                .iter()
                .filter_map(|other| other.lang.as_ref())
                .chain(columns.iter().filter(|draft| draft.name == column.name).filter_map(|draft| draft.lang.as_ref()))
                .collect();
            let free: Vec<&Lang> = languages.iter().filter(|lang| !taken.contains(lang)).collect();
            let alike = free.iter().find(|lang| is_in_alphabet_of(lang, &column.heading));
            lang = alike.or(free.first()).map(|lang| (*lang).clone());
            if lang.is_none() {
                continue;
            }
        } else if !is_text && columns.iter().any(|draft| draft.name == column.name) {
            continue;
        }
        let remark = column.guessed.then(|| guess.clone());
        let (name, heading) = (column.name.clone(), column.heading.clone());
        columns.push(ColumnDraft { name, lang, heading, split: Vec::new(), remark });
    }
    columns.extend(table.splits.iter().map(|(heading, separators)| ColumnDraft {
        name: heading.clone(),
        lang: None,
        heading: heading.clone(),
        split: separators.iter().map(|sign| (*sign).to_owned()).collect(),
        remark: Some(guess.clone()),
    }));
    let missing: Vec<String> = table.proposal.missing.iter().map(|name| missing_line(kind, name, catalogue)).collect();
    let is_none = table.shape == Some(ProposedShape::None);
    TableDraft {
        table: kind.name().to_owned(),
        files: if is_none { Vec::new() } else { file_names(table, beside) },
        sheet: table.sheet.clone().filter(|_| !is_none),
        sheets: if is_none { Vec::new() } else { table.sheets.clone() },
        shape: shape_lines(table, catalogue),
        columns,
        remark: (!missing.is_empty()).then(|| missing.join("\n")),
    }
}

/// The files of a table. Those that are an event each are named by what their names have in common, so that the next one is
/// read without a word, unless another file is named so too.
fn file_names(table: &UnconfiguredTable, beside: &[String]) -> Vec<String> {
    let files = &table.files;
    let is_by_event =
        matches!(table.shape, Some(ProposedShape::EventActivities(_) | ProposedShape::EventAttendance(_)));
    let [first, _, ..] = files.as_slice() else { return files.clone() };
    let common = |letters: &dyn Fn(&str) -> Vec<char>| {
        let of_first = letters(first);
        let shared = |file: &String| letters(file).iter().zip(&of_first).take_while(|(a, b)| a == b).count();
        let length = files.iter().map(shared).min().unwrap_or_default();
        of_first[..length].to_vec()
    };
    let start: String = common(&|file| file.chars().collect()).into_iter().collect();
    let mut end = common(&|file| file.chars().rev().collect());
    end.reverse();
    let pattern = format!("{start}*{}", end.into_iter().collect::<String>());
    let is_of_table = |file: &&String| is_like(&pattern, file);
    let is_sharp =
        beside.iter().filter(is_of_table).count() == files.len() && files.iter().all(|file| is_of_table(&file));
    if is_by_event && is_sharp { vec![pattern] } else { files.clone() }
}

/// Which column a table lacks, and a few headings that would be taken for it.
pub fn missing_line(kind: layout::TableKind, name: &str, catalogue: &Catalogue) -> String {
    let names = layout::vocabulary().column(kind, name).map(|column| column.names.as_slice()).unwrap_or_default();
    let accepted: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    let (table, column, accepted) = (kind.name().to_owned(), name.to_owned(), accepted.join(", "));
    catalogue.phrase(phrases::InitMissingColumn { table, column, accepted }).message
}

/// Whether a text is in the alphabet of a language alone.
pub fn is_in_alphabet_of(lang: &Lang, text: &str) -> bool {
    fold::script(text) == script_of(lang)
}

/// The alphabet of a language, by what the program itself writes in it.
fn script_of(lang: &Lang) -> Script {
    Locale::new(lang).map_or(Script::Neutral, |locale| fold::script(locale.label("section.results")))
}

/// Values that were found, as a start of the lists; each is its own code, and its label in the languages of its alphabet.
fn list_rows(survey: &UnconfiguredWorkbooks, languages: &[Lang]) -> Vec<Vec<WorkbookCell>> {
    let mut lists: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    let mut known: BTreeSet<(&str, String)> = BTreeSet::new();
    for (list, values) in survey.tables.iter().flat_map(|table| &table.values) {
        for value in values {
            if known.insert((list, fold::code_key(value))) {
                lists.entry(list).or_default().push(value);
            }
        }
    }
    let mut rows = Vec::new();
    for (list, values) in lists {
        for value in values {
            let mut row = vec![WorkbookCell::Text(list.to_owned()), WorkbookCell::Text(value.clone())];
            row.extend(languages.iter().map(|lang| match fold::script(value) {
                script if script == script_of(lang) || script == Script::Neutral => WorkbookCell::Text(value.clone()),
                _ => WorkbookCell::Blank,
            }));
            rows.push(row);
        }
    }
    rows
}
