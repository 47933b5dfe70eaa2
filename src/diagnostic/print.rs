use std::fmt::{self, Write};

use super::{Catalogue, PLACES_SHOWN, Place, Problem, Spot};

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
    write!(out, "{}[{}]: {}", problem.severity.code(), problem.code, visible(&sentences.message))?;
    if problem.count > 1 {
        write!(out, " (×{})", problem.count)?;
    }
    out.push('\n');
    for place in problem.places.iter().take(PLACES_SHOWN) {
        writeln!(out, "  --> {}", visible(&place_line(place, folder)))?;
    }
    if problem.count as usize > problem.places.len() && problem.places.len() > 1 {
        writeln!(out, "  --> …")?;
    }
    if let Some(excerpt) = &problem.excerpt {
        let mut line = String::new();
        let mut mark = None;
        for (at, (column, value)) in excerpt.cells.iter().enumerate() {
            if at > 0 {
                line.push_str(" | ");
            }
            write!(line, "{} ", visible(column))?;
            let shown = visible(value);
            if excerpt.faulty == Some(at) {
                mark = Some((line.chars().count(), shown.chars().count().max(1)));
            }
            line.push_str(&shown);
        }
        writeln!(out, "   |  {line}")?;
        if let Some((start, length)) = mark {
            writeln!(out, "   |  {}{}", " ".repeat(start), "^".repeat(length))?;
        }
    }
    if let Some(help) = sentences.help {
        writeln!(out, "   = help: {}", visible(&help))?;
    }
    Ok(())
}

fn place_line(place: &Place, folder: &str) -> String {
    let file = if folder.is_empty() { place.file.clone() } else { format!("{folder}/{}", place.file) };
    match &place.spot {
        Spot::File => file,
        Spot::Line { line, column } => format!("{file}:{line}:{column}"),
        Spot::Sheet { sheet: None } => file,
        Spot::Sheet { sheet: Some(sheet) } => format!("{file}, sheet {sheet}"),
        Spot::Cell { sheet, row, column } => {
            let cell = super::cell_name(*row, *column);
            match sheet {
                Some(sheet) => format!("{file}, sheet {sheet}, cell {cell}"),
                None => format!("{file}, cell {cell}"),
            }
        }
    }
}

/// What came from a file must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}
