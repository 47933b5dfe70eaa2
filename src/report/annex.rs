//! The annex of a report: every figure as a live formula over the rows that it is counted from.
//!
//! Evidence sheets hold the rows and, above them, their totals; the sheets of indicators and disaggregations refer to these.
//! What disclosure hides comes here as `<5` or `·` already, and stands in no formula.

mod charts;
mod disaggregation;
mod draft;
mod evidence;
mod indicators;
mod lists;
mod notes;
mod plan;
mod rules;
mod view;
mod words;

pub use plan::EVIDENCE_ROWS;
pub use view::{
    Annex, Bars, Cached, Cell, CellPlace, CellRef, Chart, Column, ColumnKind, FormatId, Formula, Listed, Name,
    Properties, Role, Rows, Series, Sheet, SheetId, Span, Table, Walk,
};

use crate::disclosure::{Released, attendances, participants};
use crate::indicators::Figures;
use crate::model::{Lang, Project, ReportSettings, Waived};
use draft::Draft;
use plan::Subject;

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
pub fn annex<'a>(input: &AnnexInput<'a>) -> Option<Annex<'a>> {
    let mut draft = Draft::new(*input)?;
    let subjects: Vec<Subject> = draft.plan.subjects().collect();
    let parts = disaggregation::place(&draft);
    let AnnexInput { project, figures, report, .. } = *input;
    let period = draft.period;
    let lists_persons = subjects.contains(&Subject::Attendance);
    let counted = lists_persons.then(|| attendances(project, figures, report, period));
    let mut sheet_of = |subject: &Subject| {
        Some(match subject {
            Subject::Contents => notes::contents(&mut draft),
            Subject::Indicators => indicators::sheet(&mut draft),
            Subject::Disaggregation => disaggregation::sheet(&mut draft, &parts),
            Subject::Charts => charts::sheet(&mut draft, &parts),
            Subject::Activities => lists::activities(&mut draft),
            Subject::Participants => return None,
            Subject::Attendance => lists::attendance(&mut draft, counted.as_ref()?),
            Subject::Evidence(id) => evidence::sheet(&mut draft, *id),
            Subject::Notes => notes::notes(&mut draft),
        })
    };
    // Persons are listed beside all else: there may be very many.
    let persons = || counted.as_ref().map(|counted| participants(project, input.released, counted));
    let (mut persons, sheets) = rayon::join(persons, || subjects.iter().map(&mut sheet_of).collect::<Vec<_>>());
    let listed =
        sheets.into_iter().filter_map(|sheet| sheet.or_else(|| Some(lists::participants(&mut draft, persons.take()?))));
    let sheets = listed.collect();
    Some(draft.finish(sheets))
}
