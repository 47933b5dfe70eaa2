use super::candidate::best;
use super::head::Head;
use super::vocabulary::{Column, vocabulary};
use super::{Layout, Mapped, Mapping, TableKind};
use crate::diagnostic::{Place, Problem, cell_name, nearest};
use crate::ingest::fold;

/// The header row must be among the first rows up to this one.
pub const HEADER_WITHIN: u32 = 50;

/// The sheet that a table stands in, when project.toml doesn't say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetChoice {
    One(usize),
    /// No sheet has the table's required columns.
    None,
    /// Several do; they must be named in an error.
    Several(Vec<usize>),
}

/// Finds the table of `kind` among the first rows of a sheet. Every fault of the header is told.
pub fn find(
    head: &Head,
    kind: TableKind,
    mapping: &Mapping,
    place: (&str, Option<&str>),
) -> Result<Layout, Vec<Problem>> {
    let best = best(head, kind, mapping);
    let (file, sheet) = place;
    let Some(best) = best else {
        return Err(vec![not_found(kind, mapping, place)]);
    };
    let mut problems = Vec::new();
    for (name, heading) in &best.mapped_missing {
        let mut problem = Problem::error("mapped-heading-missing")
            .at(Place::cell(file, sheet, best.row, 0))
            .with("column", name.as_str())
            .with("heading", heading.as_str());
        if let Some(near) = nearest(heading, best.headings.iter().map(|heading| heading.text.as_str())) {
            problem = problem.variant("nearest").with("nearest", near);
        }
        problems.push(problem);
    }
    for (name, at) in &best.doubled {
        let mut problem = Problem::error("doubled-column").with("column", name.as_str()).with("table", kind.name());
        let names: Vec<String> = at
            .iter()
            .map(|&index| {
                let heading = &best.headings[index];
                format!("`{}` ({})", heading.text, cell_name(heading.row, heading.column))
            })
            .collect();
        for &index in at {
            let heading = &best.headings[index];
            problem = problem.at(Place::cell(file, sheet, heading.row, heading.column));
        }
        problems.push(problem.with("headings", names.join(", ")));
    }
    for column in best.missing(kind) {
        let mut problem = Problem::error("missing-column")
            .at(Place::sheet(file, sheet))
            .with("column", column.name.as_str())
            .with("table", kind.name())
            .with("row", best.row.to_string())
            .with("accepted", accepted(column));
        let free = best.headings.iter().enumerate().filter(|(index, _)| !best.assigned.contains_key(index));
        let near = free
            .filter_map(|(_, heading)| {
                let key = fold::heading_key(&heading.text);
                nearest(&key, column.names.iter().map(String::as_str))
                    .map(|near| (strsim::damerau_levenshtein(&key, near), heading))
            })
            .min_by_key(|(distance, _)| *distance);
        if let Some((_, heading)) = near {
            problem = problem
                .variant("nearest")
                .with("nearest", heading.text.as_str())
                .with("cell", cell_name(heading.row, heading.column));
        }
        problems.push(problem);
    }
    if problems.is_empty() { Ok(best.into_layout(kind)) } else { Err(problems) }
}

/// How many of the contract's columns the sheet has, where it has all that the table requires.
pub fn fits(head: &Head, kind: TableKind, mapping: &Mapping) -> Option<usize> {
    let best = best(head, kind, mapping)?;
    best.missing(kind).is_empty().then(|| best.found())
}

/// Which of a workbook's sheets holds the table of `kind`. A sheet that is a better example of another table
/// (one of attendance also has the persons' codes) is taken only if no other fits.
pub fn choose_sheet(heads: &[&Head], kind: TableKind, mapping: &Mapping) -> SheetChoice {
    let fitting: Vec<usize> = (0..heads.len()).filter(|&at| fits(heads[at], kind, mapping).is_some()).collect();
    let own: Vec<usize> = fitting.iter().copied().filter(|&at| is_best_kind(heads[at], kind, mapping)).collect();
    let chosen = if own.is_empty() { fitting } else { own };
    match chosen.as_slice() {
        [] => SheetChoice::None,
        [one] => SheetChoice::One(*one),
        _ => SheetChoice::Several(chosen),
    }
}

fn is_best_kind(head: &Head, kind: TableKind, mapping: &Mapping) -> bool {
    let rank = |kind: TableKind, mapping: &Mapping| {
        let required =
            vocabulary().columns(kind).iter().filter(|column| column.required || column.one_of.is_some()).count();
        fits(head, kind, mapping).map(|found| (required, found))
    };
    let own = rank(kind, mapping);
    let none = Mapping::new();
    TableKind::ALL.iter().filter(|&&other| other != kind).all(|&other| rank(other, &none) <= own)
}

fn not_found(kind: TableKind, mapping: &Mapping, (file, sheet): (&str, Option<&str>)) -> Problem {
    let needed: Vec<String> = vocabulary()
        .columns(kind)
        .iter()
        .filter(|column| column.required)
        .map(|column| match mapping.get(&column.name) {
            Some(Mapped::Heading(heading)) => heading.clone(),
            _ => column.name.clone(),
        })
        .collect();
    Problem::error("table-not-found")
        .at(Place::sheet(file, sheet))
        .with("table", kind.name())
        .with("rows", HEADER_WITHIN.to_string())
        .with("needed", needed.join(", "))
}

/// The headings that would have been recognised, the first few.
fn accepted(column: &Column) -> String {
    column.names.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
