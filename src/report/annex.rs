//! The annex of a report: every figure as a live formula over the rows that it is counted from.
//!
//! Evidence sheets hold the rows and, above them, their totals; the sheet of indicators refers to these, that of data to both,
//! and summary, logframe and charts to these two. What disclosure hides comes here hidden already, and is in no formula.

mod activities_and_attendance;
mod annex_builder;
mod axis_labels;
mod charts;
mod data;
mod evidence;
mod indicators;
mod labels;
mod logframe;
mod notes;
mod reference;
mod row_notes;
mod sheet_plan;
mod summary;
mod workbook_model;

pub use evidence::EVIDENCE_ROWS;
pub use workbook_model::{
    Annex, AnnexCell, AnnexChart, AnnexColumn, AnnexColumnKind, AnnexRows, AnnexSheet, AnnexSheetIndex, AnnexTable,
    BarDirection, CachedResult, CellName, CellPlace, CellRef, CellSpan, ChartSeries, FormatId, Formula, InMemoryRows,
    Properties, RowIter, SheetRole,
};

use crate::disclosure::{Released, attendances};
use crate::indicators::Figures;
use crate::model::{Lang, Project, ReportSettings, Waived};
use annex_builder::AnnexBuilder;
use sheet_plan::SheetSubject;

/// What an annex is made of.
#[derive(Clone, Copy)]
pub struct AnnexInput<'a> {
    /// The project.
    pub project: &'a Project,
    /// Only for [`crate::disclosure`] to stream evidence from.
    pub figures: &'a Figures,
    /// What `report` may show.
    pub released: &'a Released,
    /// Place of the period in [`crate::model::Logframe::periods`].
    pub period: usize,
    /// The report that the annex belongs to.
    pub report: &'a ReportSettings,
    /// Of the annex, in their order.
    pub languages: &'a [Lang],
    /// Problems that the project accepts, with their rows.
    pub waived: &'a [Waived],
}

/// The annex of a report in one period. None where the project has no such period.
pub fn compose_annex<'a>(input: &AnnexInput<'a>) -> Option<Annex<'a>> {
    let mut draft = AnnexBuilder::new(*input)?;
    let subjects: Vec<SheetSubject> = draft.plan.subjects().collect();
    let AnnexInput { project, figures, released, report, .. } = *input;
    let sheet_of = |subject: SheetSubject| match subject {
        SheetSubject::Summary => summary::summary_sheet(&mut draft),
        SheetSubject::Indicators => indicators::indicators_sheet(&mut draft),
        SheetSubject::Logframe => logframe::logframe_sheet(&mut draft),
        SheetSubject::Reference => reference::reference_sheet(&mut draft),
        SheetSubject::Data => data::data_sheet(&mut draft),
        SheetSubject::Activities => activities_and_attendance::activities_sheet(&mut draft),
        SheetSubject::Attendance => {
            let counted = attendances(project, figures, released, report, draft.period);
            activities_and_attendance::attendance_sheet(&mut draft, counted)
        }
        SheetSubject::Evidence(kind) => evidence::evidence_sheet(&mut draft, kind),
        SheetSubject::AxisValues => evidence::values_sheet(&mut draft),
        SheetSubject::Charts => charts::charts_sheet(&mut draft),
        SheetSubject::Notes => notes::notes_sheet(&mut draft),
    };
    let sheets = subjects.into_iter().map(sheet_of).collect();
    Some(draft.finish(sheets))
}
