use std::fmt::Write;

use super::terminal::wrap;
use super::{Term, Topic, TopicEntry, TopicPart};

/// How wide paragraphs are.
const WIDTH: usize = 120;

/// A topic as a chapter of docs/reference.md; nothing is left out but what only `help` shows.
pub fn write_markdown(topic: &Topic) -> String {
    let mut out = format!("\n## {}\n", topic.title);
    write_paragraphs(&mut out, &topic.opening);
    let mut parts = topic.parts.iter().peekable();
    while let Some(part) = parts.next() {
        if let Some(title) = &part.title {
            let _ = write!(out, "\n### {title}\n");
        }
        write_paragraphs(&mut out, &part.opening);
        if let Some(code) = &part.code {
            // Blocks of one file stand under one another.
            let mut text = code.clone();
            while let Some(next) = parts.next_if(|next| next.code.is_some() && next.title.is_none()) {
                let _ = write!(text, "\n\n{}", next.code.as_deref().unwrap_or_default());
            }
            let _ = write!(out, "\n```toml\n{}\n```\n", text.trim());
        }
        write_table(&mut out, part);
    }
    out
}

fn write_paragraphs(out: &mut String, text: &str) {
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let _ = write!(out, "\n{}\n", wrap(paragraph, WIDTH).join("\n"));
    }
}

fn write_table(out: &mut String, part: &TopicPart) {
    if part.entries.is_empty() {
        return;
    }
    let _ = write!(out, "\n| {} |\n|{}\n", part.columns.join(" | "), "---|".repeat(part.columns.len()));
    for entry in &part.entries {
        let cells: Vec<String> = entry.cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(out, "| {} | {} |", term(entry), cells.join(" | "));
    }
}

fn term(entry: &TopicEntry) -> String {
    match &entry.term {
        Term::Code(text) => format!("`{}`", text.replace('|', "\\|")),
        Term::Plain(text) => text.replace('|', "\\|"),
        Term::Required(text) => format!("**{text}**"),
    }
}
