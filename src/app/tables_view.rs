//! Where each table of a project is, what its columns mean, and the sheets themselves with their first rows.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::MessageLanguage;
use super::project_toml::read_values;
use super::projects::AppProject;
use super::reading::Reading;
use super::settings::read_source;
use super::settings_form::{ChoiceView, GroupView, table_groups};
use super::settings_options::{language_choice, name_by_code, periods};
use crate::diagnostic::column_name;
use crate::ingest::TableAccount;
use crate::ingest::layout::{PeriodSigns, Proposal, TableKind, vocabulary};
use crate::ingest::project_sheets::{ProjectSheet, read_project_sheets};
use crate::ingest::sheet_window::WindowCell;
use crate::ingest::unconfigured_workbooks::table_files;
use crate::model::Lang;
use crate::new_project::is_in_alphabet_of;

/// The tables as the page shows them.
#[derive(Serialize)]
pub(super) struct TablesView {
    /// Of project.toml.
    hash: String,
    broken: bool,
    /// In the contract's order.
    tables: Vec<TableCard>,
    sheets: Vec<SheetCard>,
    files: Vec<ChoiceView>,
    /// Those that targets and values can be for.
    periods: Vec<ChoiceView>,
    /// Lists that the values of a column can be on.
    lists: Vec<ChoiceView>,
    /// What texts are written in, with names.
    own_languages: Vec<ChoiceView>,
    /// Of the project, the source language first.
    languages: Vec<String>,
}

#[derive(Serialize)]
struct TableCard {
    name: &'static str,
    /// What is said of it in project.toml.
    group: GroupView,
    /// Headings that project.toml gives its columns; null where it gives none.
    written: Json,
    ignored: Vec<String>,
    /// Head counts, as project.toml has them.
    counts: Json,
    columns: Vec<ColumnChoice>,
    account: Option<AccountView>,
}

/// A column that a heading can be taken for.
#[derive(Serialize)]
struct ColumnChoice {
    name: String,
    text: String,
    required: bool,
    /// It may be given in several languages.
    by_language: bool,
}

#[derive(Serialize)]
struct AccountView {
    read: u64,
    used: u64,
    error: u64,
    /// What went into a shape and came out.
    shape: Option<(u64, u64)>,
}

/// Headings of head counts, each with its condition, and the heading of their total.
type ProposedHeadCounts = (Vec<(String, String)>, Option<String>);

#[derive(Serialize)]
struct SheetCard {
    file: String,
    sheet: Option<String>,
    header_row: Option<u32>,
    columns: Vec<HeadingView>,
    rows: Vec<PreviewRow>,
    tables: Vec<&'static str>,
    marks: Vec<(String, Option<bool>)>,
    looks_like: Option<&'static str>,
    /// What the headings of its marks are, as `heads` writes it, and the heading of their total.
    mark_heads: Option<(&'static str, Option<String>)>,
    /// Headings of its columns of periods, as `heads` writes them.
    periods: BTreeMap<&'static str, String>,
    counts: Option<ProposedHeadCounts>,
    proposals: Vec<ProposalView>,
}

#[derive(Serialize)]
struct HeadingView {
    letter: String,
    heading: String,
    /// Without the one above it, as ignored columns and columns of one's own are named.
    own_heading: String,
    meanings: Vec<MeaningView>,
}

/// What a heading is taken for.
#[derive(Serialize)]
struct MeaningView {
    table: &'static str,
    name: String,
    lang: Option<String>,
}

#[derive(Serialize)]
struct PreviewRow {
    number: u32,
    /// `None` where there is something that isn't shown.
    cells: Vec<Option<String>>,
}

/// What a sheet could be read as.
#[derive(Serialize)]
struct ProposalView {
    table: &'static str,
    header_row: u32,
    columns: Vec<ProposedHeading>,
    missing: Vec<String>,
}

#[derive(Serialize)]
struct ProposedHeading {
    name: String,
    lang: Option<String>,
    heading: String,
    guessed: bool,
}

/// The tables of a project; `None` if its project.toml can't be read.
pub(super) fn tables_view(project: &AppProject, language: &MessageLanguage) -> Option<TablesView> {
    let (source, hash) = read_source(&project.path)?;
    let values = read_values(&source);
    let empty = Json::Null;
    let known = values.as_ref().unwrap_or(&empty);
    let reading = project.latest();
    let accounts: BTreeMap<&str, &TableAccount> =
        reading.accounts.iter().map(|account| (account.table.as_str(), account)).collect();
    let groups = table_groups(known, &TableKind::ALL.map(TableKind::name), language);
    let card = |(kind, group): (TableKind, GroupView)| {
        let own = known.pointer(&format!("/tables/{}", kind.name())).unwrap_or(&empty);
        TableCard {
            name: kind.name(),
            group,
            written: own.get("columns").cloned().unwrap_or(Json::Null),
            ignored: texts_of(own.get("ignore")),
            counts: own.get("counts").cloned().unwrap_or_else(|| Json::Array(Vec::new())),
            columns: columns(kind, language.catalogue.lang()),
            account: accounts.get(kind.name()).map(|account| AccountView {
                read: account.read,
                used: account.used,
                error: account.error,
                shape: account.shape.map(|shape| (shape.found, shape.made)),
            }),
        }
    };
    let sheets = read_project_sheets(&project.path);
    let choice = |file: &String| ChoiceView { value: file.as_str().into(), text: file.clone() };
    let mut files = table_files(&project.path);
    for sheet in &sheets {
        if !files.contains(&sheet.file) {
            files.push(sheet.file.clone());
        }
    }
    Some(TablesView {
        hash,
        broken: values.is_err(),
        tables: TableKind::ALL.into_iter().zip(groups).map(card).collect(),
        files: files.iter().map(choice).collect(),
        periods: reading.settings.as_deref().map(periods).unwrap_or_default(),
        lists: list_names(&reading).into_iter().map(|name| choice(&name)).collect(),
        own_languages: texts_of(known.get("languages")).iter().map(|tag| language_choice(tag)).collect(),
        languages: texts_of(known.get("languages")),
        sheets: sheets.iter().map(sheet_card).collect(),
    })
}

/// Names of the project's lists.
fn list_names(reading: &Reading) -> Vec<String> {
    let lists = reading.counted.as_ref().map(|counted| counted.project.lists.lists.iter());
    let mut names: Vec<String> = lists.into_iter().flatten().map(|list| list.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// The texts of a list.
fn texts_of(list: Option<&Json>) -> Vec<String> {
    let items = list.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// The columns of a table, each under a heading of the page's language that would be taken for it.
fn columns(kind: TableKind, lang: &str) -> Vec<ColumnChoice> {
    let lang = Lang::new(lang);
    let columns = vocabulary().columns(kind).iter().map(|column| {
        let example = column.examples.iter().find(|text| is_in_alphabet_of(&lang, text));
        ColumnChoice {
            name: column.name.clone(),
            text: example.or(column.examples.first()).unwrap_or(&column.name).clone(),
            required: column.required,
            by_language: column.text,
        }
    });
    let mut columns: Vec<ColumnChoice> = columns.collect();
    name_by_code(&mut columns, |column| (&mut column.text, column.name.clone()));
    columns
}

fn sheet_card(sheet: &ProjectSheet) -> SheetCard {
    let columns = sheet.columns.iter().map(|column| HeadingView {
        letter: column_name(column.column),
        heading: column.heading.clone(),
        own_heading: column.own_heading.clone(),
        meanings: column
            .meanings
            .iter()
            .map(|(table, name, lang)| MeaningView {
                table: table.name(),
                name: name.clone(),
                lang: lang.as_ref().map(|lang| lang.as_str().to_owned()),
            })
            .collect(),
    });
    let cell = |cell: &WindowCell| match cell {
        WindowCell::Blank => Some(String::new()),
        WindowCell::Shown(text) => Some(text.clone()),
        WindowCell::Hidden => None,
    };
    let rows = sheet
        .rows
        .iter()
        .map(|(number, cells)| PreviewRow { number: *number, cells: cells.iter().map(cell).collect() });
    SheetCard {
        file: sheet.file.clone(),
        sheet: sheet.sheet.clone(),
        header_row: sheet.header_row,
        columns: columns.collect(),
        rows: rows.collect(),
        tables: sheet.tables.iter().map(|kind| kind.name()).collect(),
        marks: sheet.marks.iter().map(|(text, present)| (text.clone(), *present)).collect(),
        looks_like: sheet.looks_like,
        mark_heads: sheet.mark_heads.as_ref().map(|heads| (heads.heads, heads.total.clone())),
        periods: sheet.periods.as_ref().map(period_heads).unwrap_or_default(),
        counts: sheet.counts.as_ref().map(|counts| (counts.parts.clone(), counts.total.clone())),
        proposals: sheet.proposals.iter().map(proposal_view).collect(),
    }
}

fn period_heads(signs: &PeriodSigns) -> BTreeMap<&'static str, String> {
    let share = signs.shares.first().filter(|_| signs.target.is_some() && signs.actual.is_some());
    let heads = [("target", signs.target.as_ref()), ("actual", signs.actual.as_ref()), ("share", share)];
    heads.into_iter().filter_map(|(key, pattern)| Some((key, pattern?.clone()))).collect()
}

fn proposal_view(proposal: &Proposal) -> ProposalView {
    let columns = proposal.columns.iter().map(|column| ProposedHeading {
        name: column.name.clone(),
        lang: column.lang.as_ref().map(|lang| lang.as_str().to_owned()),
        heading: column.heading.clone(),
        guessed: column.guessed,
    });
    ProposalView {
        table: proposal.kind.name(),
        header_row: proposal.header_row,
        columns: columns.collect(),
        missing: proposal.missing.clone(),
    }
}
