//! `init --from`: a project.toml for workbooks that are there already, and a workbook for the tables that they lack.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::ask::ask_sheet;
use super::key::KEY_FILE;
use super::project_file::{ColumnDraft, TableDraft, project_file};
use super::section_files::section_files;
use super::shapes::{activities_of_sheets, shape_lines, shape_sentences};
use super::{Arguments, InitError, Made, answers, blank_book, drafts, key_for, write};
use crate::cli::Terminal;
use crate::cli::workbook::{Style, WorkbookCell};
use crate::diagnostic::{Place, Problem, Severity, kinds, nearest, phrases};
use crate::fold::{self, Script};
use crate::folder::is_like;
use crate::ingest::layout;
use crate::ingest::unconfigured_workbooks::{
    ProposedShape, SheetInQuestion, SheetName, UnconfiguredTable, UnconfiguredWorkbooks, survey, table_files,
};
use crate::locale::Locale;
use crate::model::Lang;
use crate::pipeline;

/// The workbook for tables that the others lack.
const TO_FILL: &str = "to-fill.xlsx";

/// Tables that a report can't do without.
const NEEDED: [&str; 3] = ["activities", "indicators", "lists"];

/// Tables that belong to indicators, and are wanted where these are to be written.
const WITH_INDICATORS: [&str; 2] = ["targets", "reported"];

pub fn make(arguments: &Arguments, terminal: &Terminal) -> Result<Made, InitError> {
    let folder = &arguments.folder;
    let sources = sources(&arguments.what.from, folder)?;
    let named: Vec<(&Path, String)> =
        sources.iter().map(|source| (source.folder.as_path(), source.name.clone())).collect();
    let mut fault = None;
    let mut choose = |sheet: &SheetInQuestion| {
        let answered = ask_sheet(sheet, &mut io::stdin().lock(), &mut io::stderr().lock(), terminal);
        answered.unwrap_or_else(|error| {
            fault.get_or_insert(error);
            sheet.proposed
        })
    };
    let survey = match arguments.is_asking() {
        true => survey(&named, &mut choose),
        false => survey(&named, &mut |sheet| sheet.proposed),
    };
    if let Some(error) = fault {
        return Err(InitError::Write(PathBuf::from("stderr"), error));
    }
    if survey.tables.is_empty() {
        let is_unreadable = survey.problems.iter().any(|problem| problem.severity == Severity::Error);
        let fault = if is_unreadable { InitError::Unreadable } else { InitError::NoTable };
        return Err(fault(survey.problems));
    }
    let answers = answers(arguments, survey.days, terminal)?;
    let mut beside: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    beside.push(TO_FILL.to_owned());
    let mut tables: Vec<TableDraft> =
        survey.tables.iter().map(|table| draft(table, &beside, &answers.languages, terminal)).collect();
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
        let content = book.write(&Style::shipped()).map_err(|error| InitError::Workbook(error.to_string()))?;
        files.insert(TO_FILL.to_owned(), content);
        if lacking.contains(&"indicators") {
            files.extend(section_files(&answers));
        }
    }
    files.insert("project.toml".to_owned(), project_file(&answers, &tables).into_bytes());
    for source in sources.iter().filter(|source| !source.is_there) {
        let path = source.folder.join(&source.name);
        let content = std::fs::read(&path).map_err(|error| InitError::Write(path, error))?;
        files.insert(source.name.clone(), content);
    }
    // A folder that has a key goes on with it: with another, everybody would have another pseudonym.
    if !folder.join(KEY_FILE).exists() {
        files.insert(KEY_FILE.to_owned(), key_for(folder)?.into_bytes());
    }
    if let Some(taken) = files.keys().map(|name| folder.join(name)).find(|path| path.exists()) {
        return Err(InitError::Exists(taken));
    }
    let filled = lacking.into_iter().map(str::to_owned).collect();
    Ok(Made {
        paths: write(folder, files.iter().map(|(name, content)| (name.as_str(), content.as_slice())))?,
        survey: Some((survey, filled)),
    })
}

struct SourceFile {
    folder: PathBuf,
    name: String,
    /// It lies in the new project's folder already.
    is_there: bool,
}

/// Every file, or every one of a folder, by its folder and name; two of one name can't both lie in the new project's folder.
fn sources(files: &[PathBuf], target: &Path) -> Result<Vec<SourceFile>, InitError> {
    let mut sources: Vec<SourceFile> = Vec::new();
    let target = target.canonicalize().ok();
    let named = files.iter().flat_map(|file| match file.is_dir() {
        true => table_files(file).iter().map(|name| file.join(name)).collect(),
        false => vec![file.clone()],
    });
    let named: Vec<PathBuf> = named.collect();
    let missing: Vec<Problem> = named.iter().filter(|file| !file.exists()).map(|file| missing_file(file)).collect();
    if !missing.is_empty() {
        return Err(InitError::Missing(missing));
    }
    for file in &named {
        let full = file.canonicalize().map_err(|_| InitError::Missing(vec![missing_file(file)]))?;
        let (Some(folder), Some(name)) = (full.parent(), file.file_name()) else {
            return Err(InitError::Exists(file.clone()));
        };
        let name = name.to_string_lossy().into_owned();
        if sources.iter().any(|source| source.name == name) {
            return Err(InitError::Exists(file.clone()));
        }
        sources.push(SourceFile { is_there: target.as_deref() == Some(folder), folder: folder.to_owned(), name });
    }
    Ok(sources)
}

fn missing_file(file: &Path) -> Problem {
    Problem::error(kinds::NoSuchFile { nearest: nearest_file(file) }).at(Place::file(&file.to_string_lossy()))
}

/// The name nearest to that of a file that isn't there, among those beside it.
fn nearest_file(file: &Path) -> Option<String> {
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = table_files(beside);
    let name = file.file_name()?.to_string_lossy();
    nearest(&name, names.iter().map(String::as_str)).map(str::to_owned)
}

fn draft(table: &UnconfiguredTable, beside: &[String], languages: &[Lang], terminal: &Terminal) -> TableDraft {
    let guess = terminal.phrase(phrases::InitGuess);
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
            let alike = free.iter().find(|lang| script_of(lang) == fold::script(&column.heading));
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
    let missing: Vec<String> = table.proposal.missing.iter().map(|name| missing_line(kind, name, terminal)).collect();
    let is_none = table.shape == Some(ProposedShape::None);
    TableDraft {
        table: kind.name().to_owned(),
        files: if is_none { Vec::new() } else { file_names(table, beside) },
        sheet: table.sheet.clone().filter(|_| !is_none),
        sheets: if is_none { Vec::new() } else { table.sheets.clone() },
        shape: shape_lines(table, terminal),
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
fn missing_line(kind: layout::TableKind, name: &str, terminal: &Terminal) -> String {
    let names = layout::vocabulary().column(kind, name).map(|column| column.names.as_slice()).unwrap_or_default();
    let accepted: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    let (table, column, accepted) = (kind.name().to_owned(), name.to_owned(), accepted.join(", "));
    terminal.phrase(phrases::InitMissingColumn { table, column, accepted })
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

/// What every sheet is taken for, and what is missing.
pub fn print_survey(survey: &UnconfiguredWorkbooks, filled: &[String], terminal: &Terminal) {
    terminal.print_problems(&survey.problems, "");
    for table in &survey.tables {
        let places: Vec<String> =
            table.files.iter().map(|file| place(file, shown_sheet(table).as_deref(), terminal)).collect();
        let name = table.proposal.kind.name();
        if table.shape == Some(ProposedShape::None) {
            continue;
        }
        terminal
            .print_result(&terminal.phrase(phrases::InitTable { table: name.to_owned(), place: places.join("; ") }));
        shape_sentences(table, terminal).iter().for_each(|sentence| terminal.print_result(&format!("    {sentence}")));
        for column in &table.proposal.columns {
            let lang = column.lang.as_ref().map(|lang| format!(" ({})", lang.as_str())).unwrap_or_default();
            let shown = format!("{}{lang}", column.name);
            let heading = column.heading.clone();
            terminal.print_result(&if column.guessed {
                terminal.phrase(phrases::InitColumnGuessed { column: shown, heading })
            } else {
                terminal.phrase(phrases::InitColumn { column: shown, heading })
            });
        }
        if !table.proposal.attributes.is_empty() {
            let headings = table.proposal.attributes.join(", ");
            terminal.print_result(&terminal.phrase(phrases::InitLeft { headings }));
        }
        for (heading, separators) in &table.splits {
            let signs: Vec<String> = separators.iter().map(|sign| format!("“{sign}”")).collect();
            let (heading, signs) = (heading.clone(), signs.join(", "));
            terminal.print_result(&terminal.phrase(phrases::InitSplit { heading, signs }));
        }
        for heading in &table.proposal.doubled {
            terminal.print_result(&terminal.phrase(phrases::InitDoubled { heading: heading.clone() }));
        }
        for missing in &table.proposal.missing {
            let line = missing_line(table.proposal.kind, missing, terminal);
            terminal.print_result(&format!("    {line}"));
        }
    }
    let shown = |name: &SheetName| place(&name.file, name.sheet.as_deref(), terminal);
    for (name, kind) in &survey.rivals {
        let table = kind.name().to_owned();
        terminal.print_result(&terminal.phrase(phrases::InitRival { place: shown(name), table }));
    }
    if !survey.others.is_empty() {
        let places: Vec<String> = survey.others.iter().map(shown).collect();
        terminal.print_result(&terminal.phrase(phrases::InitOthers { places: places.join("; ") }));
    }
    if !filled.is_empty() {
        let (tables, file) = (filled.join(", "), TO_FILL.to_owned());
        terminal.print_result(&terminal.phrase(phrases::InitToFill { tables, file }));
    }
}

/// The sheet of a table, or several of one file.
fn shown_sheet(table: &UnconfiguredTable) -> Option<String> {
    if table.sheets.is_empty() { table.sheet.clone() } else { Some(table.sheets.join(", ")) }
}

/// What `check` would say of the new project, in one line.
pub fn print_check(folder: &Path, terminal: &Terminal) {
    let problems: Vec<Problem> = pipeline::check(folder).problems;
    terminal.print_result(&terminal.tally(&problems));
}

fn place(file: &str, sheet: Option<&str>, terminal: &Terminal) -> String {
    match sheet {
        Some(sheet) => terminal.phrase(phrases::PlaceSheet { file: file.to_owned(), sheet: sheet.to_owned() }),
        None => file.to_owned(),
    }
}
