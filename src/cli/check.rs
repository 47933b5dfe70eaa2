//! `donor-report check`: every problem by cell, and what became of every row.

use std::fmt::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::build::BUILD;
use super::check_summary::{SummaryFormat, print_summary};
use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{Catalogue, CellListing, Phrase, Problem, Severity, phrases, print_problems};
use crate::ingest::{Checked, ShapeKind, ShapeTally, TableAccount};
use crate::pipeline::{self, Loaded};

/// Tell every problem by cell, and what became of every row; write nothing
///
/// Example: donor-report check inputs/myla-2017 --format json
///
/// Example: donor-report check --summary csv > portfolio.csv
#[derive(Debug, Args)]
pub struct Arguments {
    /// Project folders; none: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    projects: Vec<PathBuf>,
    /// List every cell of like problems, not only the first five; JSON always does
    #[arg(long)]
    all: bool,
    /// A page to read, or one JSON object per project
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
    /// Only a line for each project: how many problems, what of its reports, its indicators by status
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["all", "format"])]
    summary: Option<SummaryFormat>,
    /// Folder of outputs, in which the summary looks for what is up to date
    #[arg(long, value_name = "DIR", default_value = BUILD, requires = "summary")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folders = ProjectFolder::find(&arguments.projects)?;
    if let Some(format) = arguments.summary {
        return Ok(print_summary(&folders, &arguments.out, format, terminal));
    }
    let mut exit = Exit::Done;
    for folder in &folders {
        let Loaded { mut checked, problems, .. } = pipeline::check(&folder.path);
        checked.problems = problems;
        checked.problems.sort_by_key(|problem| problem.severity);
        match arguments.format {
            CheckFormat::Json => terminal.print_result(&json(&checked, terminal.catalogue()).to_string()),
            CheckFormat::Text => {
                let cells = if arguments.all { CellListing::All } else { CellListing::First };
                terminal.print_result(&text(&checked, terminal.catalogue(), &folder.shown, cells));
                terminal.print_result(&terminal.tally(&checked.problems));
            }
        }
        if has_errors(&checked) {
            exit = Exit::Problems;
        }
    }
    Ok(exit)
}

/// Problems and accounts as JSON (contract, section 8); each cell of a group is a problem of its own.
pub fn json(checked: &Checked, catalogue: &Catalogue) -> Value {
    let cells = checked.problems.iter().flat_map(Problem::each_cell);
    let problems: Vec<Value> = cells.map(|problem| problem_json(&problem, catalogue)).collect();
    let tables: Vec<Value> = checked
        .accounts
        .iter()
        .map(|account| {
            let mut table = json!({
                "table": account.table,
                "read": account.read,
                "used": account.used,
                "passed": account.skipped,
                "waived": account.waived,
                "error": account.error,
            });
            if let Some(ShapeTally { kind, found, made }) = account.shape {
                if kind == ShapeKind::Cells {
                    table["unit"] = json!("cells");
                }
                table["shape"] = json!({ "in": found, "out": made });
            }
            table
        })
        .collect();
    json!({ "schema": 1, "problems": problems, "tables": tables })
}

fn problem_json(problem: &Problem, catalogue: &Catalogue) -> Value {
    let sentences = catalogue.sentences(problem);
    let place = problem.places.first();
    json!({
        "code": problem.code,
        "level": problem.severity.code(),
        "file": place.map(|place| place.file.as_str()),
        "sheet": place.and_then(|place| place.sheet_name()),
        "cell": place.and_then(|place| place.spot_name()),
        "count": problem.count,
        "message": sentences.message,
        "help": sentences.help,
    })
}

/// Problems and accounts as the terminal shows them; `folder` is put before the problems' files.
pub fn text(checked: &Checked, catalogue: &Catalogue, folder: &str, cells: CellListing) -> String {
    let mut out = print_problems(&checked.problems, catalogue, folder, cells);
    if !out.is_empty() {
        out.push('\n');
    }
    // Writing to a String can't fail.
    let _ = write_accounts(&mut out, &checked.accounts, catalogue);
    out
}

/// One line per table, its columns aligned.
fn write_accounts(out: &mut String, accounts: &[TableAccount], catalogue: &Catalogue) -> fmt::Result {
    if accounts.is_empty() {
        return Ok(());
    }
    let heads = ["table", "read", "used", "passed", "waived", "error"];
    let phrase = |kind: &str, code: &str| catalogue.wording(&format!("{kind}-{code}")).unwrap_or(code).to_owned();
    let mut rows = vec![heads.map(|head| phrase("account", head)).to_vec()];
    for account in accounts {
        let reasons: Vec<String> =
            account.skipped.iter().map(|(why, rows)| format!("{}: {rows}", phrase("passed", why))).collect();
        let passed: u64 = account.skipped.values().sum();
        let passed = if reasons.is_empty() { passed.to_string() } else { format!("{passed} ({})", reasons.join(", ")) };
        rows.push(vec![
            phrase("table", &account.table),
            account.read.to_string(),
            account.used.to_string(),
            passed,
            account.waived.to_string(),
            account.error.to_string(),
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for row in &rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let gap = widths[at] - cell.chars().count();
            // Numbers stand to the right, names and reasons to the left.
            if matches!(at, 0 | 3) {
                write!(line, "{cell}{}  ", " ".repeat(gap))?;
            } else {
                write!(line, "{}{cell}  ", " ".repeat(gap))?;
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    for account in accounts {
        if let Some(ShapeTally { kind, found, made }) = account.shape {
            let (table, found, made) = (account.table.clone(), found.to_string(), made.to_string());
            let made: Phrase = match (kind, account.table.as_str()) {
                (ShapeKind::Parts, _) => phrases::ShapeMade::Parts { table, found, made }.into(),
                (ShapeKind::Repeats, _) => phrases::ShapeMade::Repeats { table, found, made }.into(),
                (ShapeKind::Cells, "attendance") => phrases::ShapeMade::Plain { table, found, made }.into(),
                (ShapeKind::Cells, _) => phrases::ShapeMade::Values { table, found, made }.into(),
            };
            writeln!(out, "{}", catalogue.phrase(made).message)?;
        }
    }
    Ok(())
}

/// Whether the data has errors, so that the command ends with 1.
pub fn has_errors(checked: &Checked) -> bool {
    checked.problems.iter().any(|problem| problem.severity == Severity::Error)
}
