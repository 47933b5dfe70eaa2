use serde::Serialize;

use super::reading::Reading;
use crate::diagnostic::{Problem, Spot, cell_name, column_name};
use crate::ingest::sheet_window::{ShownColumns, WindowCell, read_window};

/// The rows around a faulty cell as a small sheet. Of other rows it shows key columns alone, so that no name is in it.
#[derive(Serialize)]
pub(super) struct CellSurroundings {
    /// The cell that is marked.
    cell: String,
    columns: Vec<SheetColumn>,
    rows: Vec<SheetRow>,
}

#[derive(Serialize)]
struct SheetColumn {
    name: String,
    heading: String,
}

#[derive(Serialize)]
struct SheetRow {
    number: u32,
    /// `None` where there is something that isn't shown.
    cells: Vec<Option<String>>,
    /// Index of the cell that is marked.
    faulty: Option<usize>,
}

/// The rows around one of the places of one of the problems; `None` if the place is no cell, or can't be read any more.
pub(super) fn rows_around(
    problems: &[Problem],
    reading: &Reading,
    project: &std::path::Path,
    (problem, place): (usize, usize),
) -> Option<CellSurroundings> {
    let problem = problems.get(problem)?;
    let place = problem.places.get(place)?;
    let Spot::Cell { sheet, row, column } = &place.spot else { return None };
    let is_same_sheet = |other: &&Problem| {
        other.places.first().is_some_and(|first| first.file == place.file && first.sheet_name() == sheet.as_deref())
    };
    // The first problem of a column knows what may be shown of its sheet.
    let known = std::iter::once(problem).chain(problems.iter().filter(is_same_sheet));
    let shown = known.filter_map(|problem| problem.excerpt.as_ref()?.shown.clone()).next().unwrap_or_default();
    let is_faulty_cell_shown = problem.faulty_value().is_some();
    let limits = reading.settings.as_ref()?.limits;
    let columns = ShownColumns { shown: &shown, faulty: (*row, *column), shows_faulty: is_faulty_cell_shown };
    let window = read_window(project, &place.file, sheet.as_deref(), &columns, &limits)?;
    let headings = window
        .columns
        .iter()
        .map(|(column, heading)| SheetColumn { name: column_name(*column), heading: heading.clone() });
    let rows = window.rows.into_iter().map(|(number, cells)| SheetRow {
        number,
        faulty: (number == *row).then(|| window.columns.iter().position(|(at, _)| at == column)).flatten(),
        cells: cells
            .into_iter()
            .map(|cell| match cell {
                WindowCell::Blank => Some(String::new()),
                WindowCell::Shown(text) => Some(text),
                WindowCell::Hidden => None,
            })
            .collect(),
    });
    Some(CellSurroundings { cell: cell_name(*row, *column), columns: headings.collect(), rows: rows.collect() })
}
