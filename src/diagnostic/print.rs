use std::fmt::{self, Write};

use super::{Catalogue, Excerpt, PLACES_SHOWN, Phrase, Place, Problem, Severity, Spot, phrases};

/// Problems as the terminal shows them, a blank line between two; control characters of data are shown escaped.
pub fn print_problems(problems: &[Problem], catalogue: &Catalogue, folder: &str) -> String {
    let printed: Vec<String> = problems.iter().map(|problem| print_problem(problem, catalogue, folder)).collect();
    printed.join("\n")
}

/// One problem with its place, excerpt and remedy; `folder` is put before its files.
pub fn print_problem(problem: &Problem, catalogue: &Catalogue, folder: &str) -> String {
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = write_problem(&mut out, problem, catalogue, folder);
    out
}

fn write_problem(out: &mut String, problem: &Problem, catalogue: &Catalogue, folder: &str) -> fmt::Result {
    let sentences = catalogue.sentences(problem);
    let word = match problem.severity {
        Severity::Error => catalogue.phrase(phrases::WordError),
        Severity::Warning => catalogue.phrase(phrases::WordWarning),
        Severity::Note => catalogue.phrase(phrases::WordNote),
    };
    let word = word.message;
    write!(out, "{word}[{}]: {}", problem.code, visible(&sentences.message))?;
    if problem.count > 1 {
        write!(out, " (×{})", problem.count)?;
    }
    out.push('\n');
    for place in problem.places.iter().take(PLACES_SHOWN) {
        writeln!(out, "  --> {}", visible(&place_line(place, catalogue, folder)))?;
    }
    if problem.count as usize > problem.places.len() && problem.places.len() > 1 {
        writeln!(out, "  --> …")?;
    }
    if let Some(excerpt) = &problem.excerpt {
        write_excerpt(out, excerpt)?;
    }
    if let Some(help) = sentences.help {
        let word = catalogue.phrase(phrases::WordHelp).message;
        writeln!(out, "   = {word}: {}", visible(&help))?;
    }
    Ok(())
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
    };
    catalogue.phrase(phrase).message
}

/// What came from a file must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}
