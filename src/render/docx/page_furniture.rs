//! What pages have at their head and foot.

use super::body_writer::DocumentWriter;
use super::runs::RunStyle;

/// The running head.
pub(super) fn head_paragraph(writer: &mut DocumentWriter) -> String {
    apart(writer, |writer| {
        let cover = &writer.part().cover;
        writer.paragraph("Header", |writer| {
            writer.run(&format!("{} · {} · {}", cover.kind, cover.period, cover.code), RunStyle::default());
        });
    })
}

/// What every page says at its foot beside its number.
pub(super) fn foot_lines(writer: &DocumentWriter) -> Vec<String> {
    let cover = &writer.part().cover;
    [cover.revision.clone(), cover.notice.clone()].into_iter().flatten().collect()
}

pub(super) fn foot_paragraphs(writer: &mut DocumentWriter, lines: Vec<String>, is_numbered: bool) -> Vec<String> {
    let mut paragraphs = Vec::new();
    if !lines.is_empty() {
        paragraphs.push(apart(writer, |writer| {
            writer.paragraph("Footer", |writer| writer.run(&lines.join(" · "), RunStyle::default()));
        }));
    }
    if is_numbered {
        paragraphs.push(apart(writer, |writer| writer.paragraph("Footer", |writer| writer.page_number())));
    }
    paragraphs
}

/// Paragraphs that don't stand in the body.
fn apart(writer: &mut DocumentWriter, content: impl FnOnce(&mut DocumentWriter)) -> String {
    let body = std::mem::take(&mut writer.xml);
    let paragraphs = writer.record.paragraphs.len();
    content(writer);
    writer.record.paragraphs.truncate(paragraphs);
    std::mem::replace(&mut writer.xml, body).finish()
}

impl DocumentWriter<'_> {
    /// "page 3 of 12" in the language's own words.
    fn page_number(&mut self) {
        let words = self.part().words.get("page-number").cloned().unwrap_or_default();
        let mut rest = words.as_str();
        while let Some(from) = rest.find('{') {
            let to = rest[from..].find('}').map_or(rest.len(), |length| from + length + 1);
            self.run(&rest[..from], RunStyle::default());
            self.field(if &rest[from..to] == "{pages}" { " NUMPAGES " } else { " PAGE " });
            rest = &rest[to..];
        }
        if !rest.is_empty() {
            self.run(rest, RunStyle::default());
        }
    }

    fn field(&mut self, instruction: &str) {
        self.xml.open("w:fldSimple", &[("w:instr", instruction)]);
        self.run("1", RunStyle::default());
        self.xml.close();
    }
}
