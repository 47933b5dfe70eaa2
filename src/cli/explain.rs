//! `donor-report explain`: the rows behind a figure, and what a row counts in.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{Catalogue, Problem, kinds, nearest};
use crate::indicators::{self, Explanation, Figures, RowKind, RowTrace};
use crate::model::{IndicatorId, Period, Project, RowRef, RowSpot, SheetId, SheetSource};
use crate::pipeline::{ReasonWriter, find_indicator, row_ranges};

/// List the rows behind a figure, or tell which indicators a row counts in
///
/// Example: donor-report explain inputs/my-project I14 --period 2017-Q1
///
/// Example: donor-report explain inputs/my-project --row participants.xlsx:Attendance:45
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the project (left out: every folder of inputs/ with a project.toml), then code of the indicator; with
    /// --row it may be left out, and where it is given, only that indicator is explained
    #[arg(value_names = ["PROJECT", "INDICATOR"], num_args = 0..=2)]
    pub words: Vec<String>,
    /// Only what counts in this reporting period, such as 2017-Q1; left out: the project as a whole
    #[arg(long, value_name = "CODE", conflicts_with = "row")]
    pub period: Option<String>,
    /// A row of a table, or the cell that it was made of; of a CSV file FILE:ROW
    #[arg(long, value_name = "FILE:SHEET:ROW")]
    pub row: Option<String>,
    /// Lines to read, or JSON
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub format: ExplainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    Text,
    Json,
}

impl Arguments {
    /// The project's folder, where one is named.
    pub fn project(&self) -> Option<PathBuf> {
        self.parts().0.map(PathBuf::from)
    }

    /// What is to be explained; none where the command line names nothing, or too much.
    pub fn question(&self) -> Option<Question<'_>> {
        match (&self.row, self.parts().1) {
            (Some(row), indicator) => Some(Question::Row { row, indicator }),
            (None, Some(indicator)) => Some(Question::Indicator(indicator)),
            (None, None) => None,
        }
    }

    /// The words for the project and for the indicator. Beside a row a single word is a folder where there is one.
    fn parts(&self) -> (Option<&str>, Option<&str>) {
        match self.words.as_slice() {
            [project, indicator] => (Some(project), Some(indicator)),
            [word] if self.row.is_some() && (word.contains(['/', '\\']) || Path::new(word).is_dir()) => {
                (Some(word), None)
            }
            [indicator] => (None, Some(indicator)),
            _ => (None, None),
        }
    }
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let question = arguments.question().ok_or_else(|| CommandError::new(kinds::NothingToExplain))?;
    let folder = ProjectFolder::find_one(arguments.project().as_ref())?;
    let project = Terminal::readable(&folder)?;
    let subject = find(&project, question, arguments.period.as_deref())?;
    let figures = indicators::count(&project);
    let mut out = Vec::new();
    // Writing to memory can't fail.
    let _ = write(&project, &figures, &subject, arguments.format, terminal.catalogue(), &mut out);
    terminal.print_result(&String::from_utf8_lossy(&out));
    Ok(Exit::Done)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'a> {
    Indicator(&'a str),
    /// What a row counts in, or whether it counts in one indicator.
    Row {
        row: &'a str,
        indicator: Option<&'a str>,
    },
}

/// A question that the project can answer.
#[derive(Clone, Debug)]
pub enum ExplainTarget {
    Figure(IndicatorId, Period),
    /// A row, and the only indicator that is asked for.
    Row(RowRef, Option<IndicatorId>),
}

/// Finds what is asked for; a problem names the nearest there is.
pub fn find(project: &Project, question: Question, period: Option<&str>) -> Result<ExplainTarget, Problem> {
    match question {
        Question::Row { row, indicator } => {
            let indicator = indicator.map(|code| find_indicator(project, code)).transpose()?;
            Ok(ExplainTarget::Row(find_row(project, row)?, indicator))
        }
        Question::Indicator(code) => {
            super::figures::check_period(project, period)?;
            let indicator = find_indicator(project, code)?;
            let settings = &project.settings;
            let whole = || Period { code: Period::PROJECT.to_owned(), start: settings.start, end: settings.end };
            let period = period.and_then(|code| project.logframe.period(code)).cloned().unwrap_or_else(whole);
            Ok(ExplainTarget::Figure(indicator, period))
        }
    }
}

/// Writes the explanation.
pub fn write(
    project: &Project,
    figures: &Figures,
    subject: &ExplainTarget,
    format: ExplainFormat,
    catalogue: &Catalogue,
    out: &mut impl Write,
) -> io::Result<()> {
    let writer = ExplanationWriter { project, reasons: ReasonWriter { project, catalogue } };
    match (subject, format) {
        (ExplainTarget::Figure(id, period), format) => {
            let explanation = indicators::explain(project, figures, *id, period);
            match format {
                ExplainFormat::Json => write_json(&writer.explanation(&explanation, &period.code), out),
                ExplainFormat::Text => writer.write_explanation(&explanation, period, out),
            }
        }
        (ExplainTarget::Row(row, only), format) => {
            let kind = indicators::find_row(project, *row);
            let mut traces = indicators::trace(project, figures, kind);
            traces.retain(|trace| only.is_none_or(|only| trace.indicator == only));
            match format {
                ExplainFormat::Json => {
                    let entries: Vec<TraceJson> = traces.iter().map(|trace| writer.trace(kind, trace)).collect();
                    write_json(&entries, out)
                }
                ExplainFormat::Text => writer.write_traces(kind, &traces, out),
            }
        }
    }
}

fn write_json(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// The sheet may be left out where the file has only one that was read; the file may stand with its folder.
fn find_row(project: &Project, written: &str) -> Result<RowRef, Problem> {
    let unreadable = || Problem::error(kinds::NoSuchRow { row: written.to_owned() });
    let (place, spot) = written.rsplit_once(':').ok_or_else(unreadable)?;
    let spot: RowSpot = spot.trim().parse().map_err(|()| unreadable())?;
    let place = place.strip_suffix(':').unwrap_or(place);
    let sheets = &project.sources.sheets;
    let is = |name: &str| place == name || place.strip_suffix(name).is_some_and(|folder| folder.ends_with('/'));
    let exact = sheets.iter().position(|source| is(&source.to_string()));
    let of_file: Vec<usize> = (0..sheets.len()).filter(|&at| is(&sheets[at].file)).collect();
    match (exact, of_file.as_slice()) {
        (Some(at), _) | (None, &[at]) => {
            // A cell of a table whose rows are facts is its row.
            let column = spot.column.filter(|_| sheets[at].is_by_cell);
            Ok(RowRef { sheet: SheetId(at as u16), row: spot.row, column })
        }
        _ => {
            let names: Vec<String> = sheets.iter().map(SheetSource::to_string).collect();
            let nearest = nearest(place, names.iter().map(String::as_str)).map(str::to_owned);
            let (sheet, known) = (place.to_owned(), names.join(", "));
            Err(Problem::error(kinds::NoSuchSheet { sheet, known, nearest }))
        }
    }
}

#[derive(Serialize)]
struct ExplanationJson<'a> {
    indicator: &'a str,
    period: &'a str,
    rows: Vec<RowJson<'a>>,
    left_out: LeftOutJson,
    /// Of completion, who hasn't attended enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missed: Vec<MissedJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<ExplanationJson<'a>>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    file: &'a str,
    sheet: Option<&'a str>,
    row: u32,
    /// Of a table whose rows are made of cells.
    cell: Option<String>,
    activity: Option<&'a str>,
}

#[derive(Serialize)]
struct MissedJson<'a> {
    person: &'a str,
    attended: u64,
    needed: u64,
    /// The course, where completion is a share of courses.
    of: Option<String>,
}

/// In the order of reasons.
struct LeftOutJson(Vec<(String, u64)>);

impl Serialize for LeftOutJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (why, count) in &self.0 {
            map.serialize_entry(why, count)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct TraceJson<'a> {
    indicator: &'a str,
    counts: bool,
    why: Option<String>,
}

/// Puts explanations into words.
struct ExplanationWriter<'a> {
    project: &'a Project,
    reasons: ReasonWriter<'a>,
}

impl<'a> ExplanationWriter<'a> {
    fn code(&self, id: IndicatorId) -> &'a str {
        &self.project.logframe.indicator(id).code
    }

    fn explanation<'b>(&'b self, explanation: &'b Explanation, period: &'b str) -> ExplanationJson<'b> {
        let row = |explained: &indicators::ExplainedRow| {
            let source = self.project.sources.get(explained.row.sheet);
            RowJson {
                file: &source.file,
                sheet: source.sheet.as_deref(),
                row: explained.row.row,
                cell: explained.row.column.map(|_| explained.row.spot().to_string()),
                activity: explained.activity.map(|id| self.project.activities.code_of(id)),
            }
        };
        ExplanationJson {
            indicator: self.code(explanation.indicator),
            period,
            rows: explanation.rows.iter().map(row).collect(),
            left_out: LeftOutJson(self.reasons.left_out(explanation)),
            missed: explanation
                .missed
                .iter()
                .map(|missed| MissedJson {
                    person: &self.project.persons.rows[missed.person.0 as usize].code,
                    attended: missed.attended,
                    needed: missed.needed,
                    of: self.reasons.course(explanation.indicator, missed),
                })
                .collect(),
            parts: explanation.parts.iter().map(|part| self.explanation(part, period)).collect(),
        }
    }

    fn write_explanation(&self, explanation: &Explanation, period: &Period, out: &mut impl Write) -> io::Result<()> {
        let summary = kinds::ExplainSummary {
            indicator: self.code(explanation.indicator).to_owned(),
            period: period.code.clone(),
            start: period.start.to_string(),
            end: period.end.to_string(),
            rows: explanation.rows.len().to_string(),
        };
        writeln!(out, "{}", self.reasons.sentence(summary))?;
        if explanation.parts.is_empty() {
            for rows in explanation.rows.chunk_by(|a, b| a.activity == b.activity && a.row.sheet == b.row.sheet) {
                let activity = rows[0].activity.map_or("", |id| self.project.activities.code_of(id));
                let sheet = self.project.sources.get(rows[0].row.sheet).to_string();
                writeln!(out, "  {activity}  {}  {sheet}:{}", rows[0].day, row_ranges(rows))?;
            }
            for (why, count) in self.reasons.left_out(explanation) {
                writeln!(out, "  - {count}: {why}")?;
            }
            for missed in &explanation.missed {
                writeln!(out, "  · {}", self.reasons.missed(explanation.indicator, missed))?;
            }
        }
        for part in &explanation.parts {
            writeln!(out)?;
            self.write_explanation(part, period, out)?;
        }
        Ok(())
    }

    fn trace(&self, kind: RowKind, trace: &RowTrace) -> TraceJson<'a> {
        TraceJson { indicator: self.code(trace.indicator), counts: trace.counts, why: self.reasons.why(kind, trace) }
    }

    fn write_traces(&self, kind: RowKind, traces: &[RowTrace], out: &mut impl Write) -> io::Result<()> {
        let wide = traces.iter().map(|trace| self.code(trace.indicator).chars().count()).max().unwrap_or_default();
        for trace in traces {
            let entry = self.trace(kind, trace);
            let mark = if entry.counts { '+' } else { '-' };
            let gap = " ".repeat(wide - entry.indicator.chars().count());
            let line = format!("{mark} {}{gap}  {}", entry.indicator, entry.why.unwrap_or_default());
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
