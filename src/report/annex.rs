//! The annex of a report: every figure as a live formula over the rows that it is counted from.
//!
//! Evidence sheets hold the rows and, above them, their totals; the sheets of indicators and disaggregations refer to these.
//! What disclosure hides comes here as `<5` or `·` already, and is in no formula.

mod annex_builder;
mod axis_labels;
mod charts;
mod disaggregation;
mod evidence;
mod indicators;
mod labels;
mod lists;
mod notes;
mod sheet_plan;
mod workbook_model;

pub use sheet_plan::EVIDENCE_ROWS;
pub use workbook_model::{
    Annex, AnnexCell, AnnexChart, AnnexColumn, AnnexColumnKind, AnnexRows, AnnexSheet, AnnexSheetIndex, AnnexTable,
    BarDirection, CachedResult, CellName, CellPlace, CellRef, CellSpan, ChartSeries, FormatId, Formula, InMemoryRows,
    Properties, RowIter, SheetRole,
};

use crate::disclosure::{Released, attendances, participants};
use crate::indicators::Figures;
use crate::model::{Lang, Project, ReportSettings, Waived};
use annex_builder::AnnexBuilder;
use sheet_plan::SheetSubject;

/// What an annex is made of.
#[derive(Clone, Copy)]
pub struct AnnexInput<'a> {
    pub project: &'a Project,
    /// Only for [`crate::disclosure`] to stream evidence from.
    pub figures: &'a Figures,
    /// What `report` may show.
    pub released: &'a Released,
    /// Place of the period in [`crate::model::Logframe::periods`].
    pub period: usize,
    pub report: &'a ReportSettings,
    /// Of the annex, in their order.
    pub languages: &'a [Lang],
    pub waived: &'a [Waived],
}

/// The annex of a report in one period. None where the project has no such period.
pub fn compose_annex<'a>(input: &AnnexInput<'a>) -> Option<Annex<'a>> {
    let mut draft = AnnexBuilder::new(*input)?;
    let subjects: Vec<SheetSubject> = draft.plan.subjects().collect();
    let parts = disaggregation::place_parts(&draft);
    let AnnexInput { project, figures, report, .. } = *input;
    let period = draft.period;
    let lists_persons = subjects.contains(&SheetSubject::Attendance);
    let counted = lists_persons.then(|| attendances(project, figures, input.released, report, period));
    let mut sheet_of = |subject: &SheetSubject| {
        Some(match subject {
            SheetSubject::Contents => notes::contents_sheet(&mut draft),
            SheetSubject::Indicators => indicators::indicators_sheet(&mut draft),
            SheetSubject::Disaggregation => disaggregation::disaggregation_sheet(&mut draft, &parts),
            SheetSubject::Charts => charts::charts_sheet(&mut draft, &parts),
            SheetSubject::Activities => lists::activities_sheet(&mut draft),
            SheetSubject::Participants => return None,
            SheetSubject::Attendance => lists::attendance_sheet(&mut draft, counted.as_ref()?),
            SheetSubject::Evidence(id) => evidence::evidence_sheet(&mut draft, *id),
            SheetSubject::Notes => notes::notes_sheet(&mut draft),
        })
    };
    // Persons are listed beside all else: there may be very many.
    let persons = || counted.as_ref().map(|counted| participants(project, input.released, counted));
    let (mut persons, sheets) = rayon::join(persons, || subjects.iter().map(&mut sheet_of).collect::<Vec<_>>());
    let listed = sheets
        .into_iter()
        .filter_map(|sheet| sheet.or_else(|| Some(lists::participants_sheet(&mut draft, persons.take()?))));
    let sheets = listed.collect();
    Some(draft.finish(sheets))
}
