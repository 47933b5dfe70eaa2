use std::fmt::{self, Write};

use super::{Catalogue, PLACES_SHOWN, Place, Problem, Severity, Spot};

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
        Severity::Error => "word-error",
        Severity::Warning => "word-warning",
        Severity::Note => "word-note",
    };
    let word = catalogue.wording(word).unwrap_or(problem.severity.code());
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
    }
    if let Some(help) = sentences.help {
        let word = catalogue.wording("word-help").unwrap_or("help");
        writeln!(out, "   = {word}: {}", visible(&help))?;
    }
    Ok(())
}

fn place_line(place: &Place, catalogue: &Catalogue, folder: &str) -> String {
    let file = if folder.is_empty() { place.file.clone() } else { format!("{folder}/{}", place.file) };
    let (code, sheet, cell) = match &place.spot {
        Spot::File | Spot::Sheet { sheet: None } => return file,
        Spot::Line { line, column } => return format!("{file}:{line}:{column}"),
        Spot::Sheet { sheet: Some(sheet) } => ("place-sheet", sheet.as_str(), String::new()),
        Spot::Cell { sheet: None, row, column } => ("place-cell", "", super::cell_name(*row, *column)),
        Spot::Cell { sheet: Some(sheet), row, column } => {
            ("place-sheet-cell", sheet.as_str(), super::cell_name(*row, *column))
        }
    };
    catalogue.sentences(&Problem::note(code).with("file", file).with("sheet", sheet).with("cell", cell)).message
}

/// What came from a file must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}
