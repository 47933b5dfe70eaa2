//! Evidence sheets, one for each kind of row: the rows, each once, with a column of marks for every indicator that counts
//! them, and above each column its totals. What is known of persons only in numbers is on a sheet of its own.

mod activities;
mod attendances;
mod days;
mod layout;
mod reported;
mod totals;
mod values;

use super::annex_builder::{AnnexBuilder, IntervalEnd};
use super::labels::{ColumnList, Labels};
use super::sheet_plan::SheetSubject;
use super::workbook_model::{AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, FormatId, SheetRole};
use crate::indicators::Scope;
use crate::model::{Calculation, DistinctColumn, IndicatorId, Project, RowRef};

pub use layout::{EVIDENCE_ROWS, EvidenceKind, EvidenceLayout};
pub use totals::{evidence_total_cell, has_served, part_formula, scope_in_ratio, scope_label, total_formulas};
pub use values::values_sheet;

use totals::{TotalLine, total_line_cells};

/// The evidence sheet of one kind of row.
pub fn evidence_sheet<'a>(draft: &mut AnnexBuilder<'a>, kind: EvidenceKind) -> AnnexSheet<'a> {
    match kind {
        EvidenceKind::Activities => activities::activity_evidence(draft),
        EvidenceKind::Attendances if draft.attendances.is_some() => attendances::attendance_evidence(draft),
        EvidenceKind::Attendances => days::day_evidence(draft),
        EvidenceKind::Reported => reported::reported_evidence(draft),
    }
}

/// Title, what the rows are, and that only what is above them goes on paper.
fn evidence_head<'a>(draft: &AnnexBuilder<'a>, subject: SheetSubject) -> Vec<Vec<AnnexCell<'a>>> {
    let labels = &draft.labels;
    let mut head = labels.title_lines(|locale| locale.label(subject.label()).to_owned());
    head.extend(labels.text_lines(|locale| {
        let about = locale.label(subject.description());
        format!("{} {}", sentence(about), locale.label("workbook.not-printed"))
    }));
    head
}

/// A description as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The columns that say of what activity and day a row is.
fn activity_columns(labels: &Labels) -> ColumnList<'_> {
    let mut columns = ColumnList::new(labels);
    columns.add("activity.one", AnnexColumnKind::Code);
    columns.add_texts("activity.title", AnnexColumnKind::Title);
    columns.add("annex.day", AnnexColumnKind::Date);
    columns.add("workbook.in-period", AnnexColumnKind::Flag);
    columns
}

/// The lines of totals under the head, and the columns of marks with the headings that say what each is.
fn add_marks(draft: &AnnexBuilder, kind: EvidenceKind, columns: &mut ColumnList) {
    for (id, _) in draft.evidence.of_kind(kind) {
        let indicator = draft.indicator(id);
        let headed = |key: &str| draft.labels.each(|locale| format!("{}: {}", indicator.code, locale.label(key)));
        let (counted, second) = match indicator.calculation {
            Calculation::People => ("workbook.first-contact", Some("annex.served")),
            Calculation::Distinct(DistinctColumn::PersonCode | DistinctColumn::Activity(_)) => {
                ("workbook.first-seen", Some("workbook.first-seen-in-period"))
            }
            Calculation::Completed(_) => {
                ("workbook.last-needed", draft.attendances.as_ref().map(|_| "workbook.needed"))
            }
            _ => ("workbook.counts", None),
        };
        columns.add_headed(headed(counted), AnnexColumnKind::Mark);
        if let Some(second) = second {
            columns.add_headed(headed(second), AnnexColumnKind::Mark);
        }
    }
}

/// Head and totals of a sheet of marks; the cells of totals get their names.
fn marks_head<'a>(
    draft: &mut AnnexBuilder<'a>,
    kind: EvidenceKind,
    columns: &[AnnexColumn],
) -> Vec<Vec<AnnexCell<'a>>> {
    let mut head = evidence_head(draft, SheetSubject::Evidence(kind));
    for line in TotalLine::all(draft, kind) {
        head.push(total_line_cells(draft, kind, line, columns.len()));
    }
    totals::name_totals(draft, kind);
    head
}

/// Role and name of the table of a kind.
fn table_name(kind: EvidenceKind) -> (SheetRole, &'static str) {
    let name = match kind {
        EvidenceKind::Activities => "evidence_activities",
        EvidenceKind::Attendances => "evidence_attendance",
        EvidenceKind::Reported => "evidence_reported",
    };
    (SheetRole::Evidence, name)
}

pub fn flag_cell(holds: bool, format: FormatId) -> AnnexCell<'static> {
    AnnexCell::Number(u8::from(holds).into(), format)
}

/// 1, or nothing.
fn mark_cell(holds: bool, format: FormatId) -> AnnexCell<'static> {
    if holds { AnnexCell::Number(1.into(), format) } else { AnnexCell::Empty }
}

/// `participants.xlsx, Attendance, 45`.
pub fn source_text(project: &Project, row: RowRef) -> String {
    let sheet = project.sources.get(row.sheet);
    match &sheet.sheet {
        Some(name) => format!("{}, {name}, {}", sheet.file, row.spot()),
        None => format!("{}, {}", sheet.file, row.spot()),
    }
}

/// Whether a total of an indicator is over a column of its own, beside that of what counts.
fn is_second(calculation: Calculation, scope: Scope) -> bool {
    match calculation {
        Calculation::People => scope == Scope::Served,
        Calculation::Distinct(DistinctColumn::PersonCode | DistinctColumn::Activity(_)) => scope == Scope::Period,
        _ => false,
    }
}

/// Whether an indicator of evidence is shown as two ends.
fn is_interval(draft: &AnnexBuilder, id: IndicatorId) -> bool {
    draft.plan.placed(id).is_some_and(|placed| placed.interval)
}

/// The ends that a kind of evidence has lines for.
fn ends(draft: &AnnexBuilder, kind: EvidenceKind) -> &'static [IntervalEnd] {
    IntervalEnd::needed(draft.evidence.of_kind(kind).any(|(id, _)| is_interval(draft, id)))
}
