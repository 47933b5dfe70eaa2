use serde::Serialize;

use super::MessageLanguage;
use super::project_view::{LocalText, local_text};
use super::reading::CountedProject;
use crate::indicators::{find_row, trace};
use crate::model::{RowRef, RowSpot, SheetId};
use crate::pipeline::ReasonWriter;

/// In what a row counts, and why not in the others.
#[derive(Serialize)]
pub(super) struct RowUses<'a> {
    sheet: String,
    row: String,
    indicators: Vec<RowUse<'a>>,
}

#[derive(Serialize)]
struct RowUse<'a> {
    code: &'a str,
    title: LocalText<'a>,
    counts: bool,
    why: Option<String>,
}

/// What `explain --row` says of a row; `None` if there is no such sheet. Sheets are numbered as the page has them.
pub(super) fn uses_of_row<'a>(
    counted: &'a CountedProject,
    sheet: u16,
    spot: RowSpot,
    language: &MessageLanguage,
) -> Option<RowUses<'a>> {
    let project = &counted.project;
    let source = project.sources.sheets.get(usize::from(sheet))?;
    // A cell of a table whose rows are facts is its row.
    let column = spot.column.filter(|_| source.is_by_cell);
    let row = RowRef { sheet: SheetId(sheet), row: spot.row, column };
    let kind = find_row(project, row);
    let reasons = ReasonWriter { project, catalogue: &language.catalogue };
    let traces = trace(project, &counted.figures, kind);
    let uses = traces.iter().map(|trace| {
        let indicator = project.logframe.indicator(trace.indicator);
        RowUse {
            code: &indicator.code,
            title: local_text(&indicator.title, &project.settings.languages, &language.locale),
            counts: trace.counts,
            why: reasons.why(kind, trace),
        }
    });
    Some(RowUses { sheet: source.to_string(), row: row.spot().to_string(), indicators: uses.collect() })
}
