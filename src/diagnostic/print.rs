use std::fmt::{self, Write};

use super::{Catalogue, Excerpt, PLACES_SHOWN, Phrase, Place, Problem, Severity, Spot, phrases};

/// Which cells of a group of like problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellListing {
    /// Up to [`PLACES_SHOWN`] of them.
    First,
    /// Every one.
    All,
}

/// Problems as the terminal shows them, a blank line between two; control characters of data are shown escaped.
pub fn print_problems(problems: &[Problem], catalogue: &Catalogue, folder: &str, cells: CellListing) -> String {
    let printed: Vec<String> =
        problems.iter().map(|problem| print_problem(problem, catalogue, folder, cells)).collect();
    printed.join("\n")
}

/// One problem with its place, excerpt and remedy; `folder` is put before its files.
pub fn print_problem(problem: &Problem, catalogue: &Catalogue, folder: &str, cells: CellListing) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = write_problem(&mut out, problem, catalogue, folder, cells);
    out
}

fn write_problem(
    out: &mut String,
    problem: &Problem,
    catalogue: &Catalogue,
    folder: &str,
    cells: CellListing,
) -> fmt::Result {
    let sentences = catalogue.sentences(problem);
    let word = match problem.severity {
        Severity::Error => catalogue.phrase(phrases::WordError),
        Severity::Warning => catalogue.phrase(phrases::WordWarning),
        Severity::Note => catalogue.phrase(phrases::WordNote),
    };
    let word = word.message;
    let group = if problem.repeats.is_empty() { None } else { catalogue.group_sentence(problem) };
    let message = group.unwrap_or(sentences.message);
    write!(out, "{word}[{}]: {}", problem.code, visible(&message))?;
    if problem.count > 1 {
        write!(out, " (×{})", problem.count)?;
    }
    out.push('\n');
    let has_one_help = if problem.repeats.is_empty() {
        for place in problem.places.iter().take(PLACES_SHOWN) {
            writeln!(out, "  --> {}", visible(&place_line(place, catalogue, folder)))?;
        }
        true
    } else {
        write_cells(out, problem, catalogue, folder, cells)?
    };
    if let Some(excerpt) = &problem.excerpt {
        write_excerpt(out, excerpt)?;
    }
    match sentences.help {
        Some(help) if has_one_help => write_help(out, &help, catalogue),
        _ => Ok(()),
    }
}

fn write_help(out: &mut String, help: &str, catalogue: &Catalogue) -> fmt::Result {
    let word = catalogue.phrase(phrases::WordHelp).message;
    writeln!(out, "   = {word}: {}", visible(help))
}

/// The cells of a group, each with what it holds, or with its own sentence where more is different; and its own remedy
/// where that is. Whether all have the same remedy, which is then still to be written.
fn write_cells(
    out: &mut String,
    problem: &Problem,
    catalogue: &Catalogue,
    folder: &str,
    cells: CellListing,
) -> Result<bool, fmt::Error> {
    let shown = match cells {
        CellListing::First => PLACES_SHOWN,
        CellListing::All => usize::MAX,
    };
    let first = catalogue.sentences(problem);
    let has_group_sentence = catalogue.group_sentence(problem).is_some();
    let first_value = problem.faulty_value().unwrap_or_default();
    let has_one_help = problem.each_cell().take(shown).all(|cell| catalogue.sentences(&cell).help == first.help);
    for cell in problem.each_cell().take(shown) {
        let own = catalogue.sentences(&cell);
        let value = cell.faulty_value().unwrap_or_default();
        // A sentence may write the value otherwise than the cell does, as it does a date.
        let is_first_or_value =
            |(name, arg): (&&'static str, &String)| problem.args.get(name) == Some(arg) || arg == value;
        let is_same_but_value = !has_group_sentence
            && (own.message == first.message
                || !value.is_empty()
                    && (own.message.replace(value, first_value) == first.message
                        || cell.variant == problem.variant && cell.args.iter().all(is_first_or_value)));
        let detail = if is_same_but_value { value } else { &own.message };
        let place = cell.places.first().map(|place| place_line(place, catalogue, folder)).unwrap_or_default();
        let parts: Vec<&str> = [place.as_str(), detail].into_iter().filter(|part| !part.is_empty()).collect();
        writeln!(out, "  --> {}", visible(&parts.join(": ")))?;
        if let Some(help) = own.help.filter(|_| !has_one_help) {
            write_help(out, &help, catalogue)?;
        }
    }
    let more = problem.count.saturating_sub(shown as u64);
    if more > 0 {
        let more = phrases::MoreCells { cells: more.to_string() };
        writeln!(out, "  --> {}", catalogue.phrase(more).message)?;
    }
    Ok(has_one_help)
}

/// The cells of a row in one line, the faulty one underlined.
fn write_excerpt(out: &mut String, excerpt: &Excerpt) -> fmt::Result {
    let mut line = String::new();
    let mut marker = None;
    for (index, (column, value)) in excerpt.cells.iter().enumerate() {
        if index > 0 {
            line.push_str(" | ");
        }
        write!(line, "{} ", visible(column))?;
        let shown = visible(value);
        if excerpt.faulty == Some(index) {
            marker = Some((line.chars().count(), shown.chars().count().max(1)));
        }
        line.push_str(&shown);
    }
    writeln!(out, "   |  {line}")?;
    if let Some((start, length)) = marker {
        writeln!(out, "   |  {}{}", " ".repeat(start), "^".repeat(length))?;
    }
    Ok(())
}

fn place_line(place: &Place, catalogue: &Catalogue, folder: &str) -> String {
    let file = if folder.is_empty() { place.file.clone() } else { format!("{folder}/{}", place.file) };
    let phrase: Phrase = match &place.spot {
        Spot::File | Spot::Sheet { sheet: None } => return file,
        Spot::Line { line, column } => return format!("{file}:{line}:{column}"),
        Spot::Sheet { sheet: Some(sheet) } => phrases::PlaceSheet { file, sheet: sheet.clone() }.into(),
        Spot::Cell { sheet: None, row, column } => {
            phrases::PlaceCell { file, cell: super::cell_name(*row, *column) }.into()
        }
        Spot::Cell { sheet: Some(sheet), row, column } => {
            phrases::PlaceSheetCell { file, sheet: sheet.clone(), cell: super::cell_name(*row, *column) }.into()
        }
        Spot::TableCell { table, row, column } => {
            phrases::PlaceTableCell { file, table: table.to_string(), cell: super::cell_name(*row, *column) }.into()
        }
    };
    catalogue.phrase(phrase).message
}

/// What came from a file must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}
