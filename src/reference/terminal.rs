use std::fmt::Write;

use super::{Term, Topic, TopicEntry, TopicPart};

/// A topic as plain text, no line wider than `width` but those of files. Of what was asked for by name (`is_whole`),
/// everything is shown; else what each thing is called and what it is.
pub fn write_text(topic: &Topic, is_whole: bool, width: usize) -> String {
    let mut out = String::new();
    if !is_whole {
        out.push_str(&topic.title);
        out.push('\n');
    }
    write_paragraphs(&mut out, &topic.opening, width);
    for part in &topic.parts {
        if let Some(title) = &part.title {
            let _ = write!(out, "\n{}\n", wrap(title, width).join("\n"));
        }
        write_paragraphs(&mut out, &part.opening, width);
        if let Some(code) = &part.code {
            let _ = write!(out, "\n{code}\n");
        }
        if topic.is_shown_by_parts {
            continue;
        }
        if !part.entries.is_empty() {
            out.push('\n');
        }
        for entry in &part.entries {
            write_entry(&mut out, entry, part, &topic.required, is_whole, width);
        }
    }
    out.trim_start_matches('\n').to_owned()
}

fn write_paragraphs(out: &mut String, text: &str, width: usize) {
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let _ = write!(out, "\n{}\n", wrap(paragraph, width).join("\n"));
    }
}

fn write_entry(out: &mut String, entry: &TopicEntry, part: &TopicPart, required: &str, is_whole: bool, width: usize) {
    let term = match &entry.term {
        Term::Code(text) | Term::Plain(text) => text.clone(),
        Term::Required(text) => format!("{text} ({required})"),
    };
    write_indented(out, &term, 2, width);
    let mut cells = entry.cells.iter().zip(part.columns.iter().skip(1));
    if let Some((meaning, _)) = cells.next() {
        write_indented(out, meaning, 6, width);
    }
    if !is_whole {
        return;
    }
    for (cell, heading) in cells.filter(|(cell, _)| !cell.is_empty()) {
        write_indented(out, &format!("{heading}: {cell}"), 6, width);
    }
    for line in &entry.details {
        write_indented(out, line, 6, width);
    }
    if let Some(example) = &entry.example {
        let _ = write!(out, "\n{}\n", example.trim_end());
    }
}

fn write_indented(out: &mut String, text: &str, indent: usize, width: usize) {
    for line in wrap(text, width.saturating_sub(indent)) {
        let _ = writeln!(out, "{}{line}", " ".repeat(indent));
    }
}

/// A text in lines of at most `width` letters, parted at blanks, but not within backticks where those fit a line; a word
/// that is longer has a line of its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in unbroken(text, width) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
    }
    lines
}

/// The words of a text, with text between backticks as one word.
fn unbroken(text: &str, width: usize) -> Vec<&str> {
    let mut is_code = false;
    let words = text.split(|c: char| {
        is_code ^= c == '`';
        c.is_whitespace() && !is_code
    });
    let mut parts = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        if word.chars().count() > width {
            parts.extend(word.split_whitespace());
        } else {
            parts.push(word);
        }
    }
    parts
}
