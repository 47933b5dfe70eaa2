//! What a document begins with: its head, the page that answers first, its contents.

use super::body_writer::DocumentWriter;
use super::runs::RunStyle;
use super::table::{CellStyle, ColumnShape, TextSide};
use super::written_paragraphs::ParagraphKind;
use crate::report::document::{AttentionItem, DocumentLayout, Fact, Glance, GlanceCard, Opening};

/// Height of a logo, in twentieths of a point.
const LOGO_HEIGHT: u32 = 700;
const LOGO_WIDTH: u32 = 2_400;

/// The place where a language begins.
fn part_place(index: usize) -> String {
    format!("part_{}", index + 1)
}

impl DocumentWriter<'_> {
    /// What the language that is written begins with.
    pub(super) fn opening(&mut self) {
        self.opening_head();
        self.opening_cards();
        self.opening_rest();
    }

    /// All that is over the cards of the page that answers first.
    fn opening_head(&mut self) {
        self.opening_title();
        self.opening_facts();
        self.opening_words();
    }

    /// Kind, title and period.
    pub(super) fn opening_title(&mut self) {
        let cover = &self.part().cover;
        self.is_boxed = false;
        self.paragraph("Subtitle", |writer| writer.run(&cover.kind, RunStyle::default()));
        let place = part_place(self.index);
        self.paragraph("Title", |writer| {
            writer.bookmarked(&place, |writer| writer.run(&cover.title, RunStyle::default()));
        });
        self.paragraph("Subtitle", |writer| {
            writer.run(&cover.period, RunStyle { strong: true, ..RunStyle::default() })
        });
        let lines = [cover.data_until.as_ref(), cover.date.as_ref(), cover.revision.as_ref(), cover.notice.as_ref()];
        for line in lines.into_iter().flatten() {
            self.paragraph("SmallText", |writer| writer.run(line, RunStyle::default()));
        }
        self.other_languages();
    }

    /// Those who made the document and paid for it.
    pub(super) fn opening_facts(&mut self) {
        let cover = &self.part().cover;
        self.fact_columns(if self.is_short() { &cover.head } else { &cover.facts });
        if !cover.logos.is_empty() {
            self.paragraph("Normal", |writer| {
                for (at, logo) in cover.logos.iter().enumerate() {
                    if at > 0 {
                        writer.run("   ", RunStyle::default());
                    }
                    writer.project_picture(&logo.file, &logo.alt, LOGO_WIDTH, LOGO_HEIGHT);
                }
            });
        }
    }

    /// Contents where the document has a cover; the first words of the page that answers first.
    pub(super) fn opening_words(&mut self) {
        if !self.is_short() {
            for line in &self.part().cover.acknowledgements {
                self.paragraph("Normal", |writer| writer.run(line, RunStyle::default()));
            }
            self.contents();
        }
        if let Some(glance) = &self.part().glance {
            self.glance_summary(glance);
        }
    }

    fn is_short(&self) -> bool {
        self.document.opening != Opening::Cover
    }

    /// Links to the other languages of a document that has one after the other, each by its own name.
    fn other_languages(&mut self) {
        if self.document.layout != DocumentLayout::Sequential {
            return;
        }
        let own = self.index;
        for other in (0..self.document.parts.len()).filter(|other| *other != own) {
            self.paragraph("SmallText", |writer| {
                writer.index = other;
                let name = writer.part().words.get("language").cloned().unwrap_or_default();
                writer.xml.open("w:hyperlink", &[("w:anchor", &part_place(other)), ("w:history", "1")]);
                writer.run(&name, RunStyle::of("Hyperlink"));
                writer.xml.close();
                writer.index = own;
            });
        }
    }

    /// The cards of the page that answers first.
    pub(super) fn opening_cards(&mut self) {
        if let Some(glance) = &self.part().glance {
            self.cards(&glance.cards);
        }
    }

    /// What that page says under its cards.
    fn opening_rest(&mut self) {
        self.opening_people();
        self.opening_attention();
        self.opening_next();
        self.opening_notes();
    }

    /// Short facts beside each other, three in a row, or two in one of two columns.
    fn fact_columns(&mut self, facts: &[Fact]) {
        let across = if self.document.layout == DocumentLayout::Parallel { 2 } else { 3 };
        let columns = vec![ColumnShape { share: 1, side: TextSide::Start }; across];
        if facts.is_empty() {
            return;
        }
        self.table("PlainColumns", &columns, |table| {
            for beside in facts.chunks(across) {
                table.row(|row| {
                    for at in 0..across {
                        let fact = beside.get(at);
                        row.cell_of_paragraphs(CellStyle::default(), |writer| {
                            writer.paragraph("TableText", |writer| {
                                writer.run(fact.map_or("", |fact| &fact.label), RunStyle::of("Muted"));
                            });
                            for line in fact.map(|fact| fact.lines.as_slice()).unwrap_or_default() {
                                writer.paragraph("TableText", |writer| writer.run(line, RunStyle::default()));
                            }
                        });
                    }
                });
            }
        });
    }

    /// Contents as a field that Word can make anew, with its present value: links without numbers of pages, which only
    /// Word's own layout knows.
    fn contents(&mut self) {
        let words = self.part().words.get("contents").cloned().unwrap_or_default();
        self.paragraph_of(ParagraphKind::Contents, "TOCHeading", |writer| writer.run(&words, RunStyle::default()));
        let entries: Vec<(String, String)> = self
            .document
            .sections
            .iter()
            .enumerate()
            .filter_map(|(at, section)| {
                Some((self.section_place(at), section.entries.get(self.index)?.heading.clone()))
            })
            .collect();
        let last = entries.len().saturating_sub(1);
        for (at, (place, heading)) in entries.iter().enumerate() {
            self.paragraph_of(ParagraphKind::Contents, "TOC1", |writer| {
                if at == 0 {
                    writer.field_character("begin");
                    writer.xml.open("w:r", &[]);
                    writer.xml.text("w:instrText", " TOC \\o \"1-1\" \\n \\h \\z \\u ");
                    writer.xml.close();
                    writer.field_character("separate");
                }
                writer.xml.open("w:hyperlink", &[("w:anchor", place), ("w:history", "1")]);
                writer.run(heading, RunStyle::default());
                writer.xml.close();
                if at == last {
                    writer.field_character("end");
                }
            });
        }
    }

    /// A mark of a field's begin, of its value, or of its end.
    pub(super) fn field_character(&mut self, kind: &str) {
        self.xml.open("w:r", &[]);
        self.xml.empty("w:fldChar", &[("w:fldCharType", kind)]);
        self.xml.close();
    }

    fn glance_summary(&mut self, glance: &Glance) {
        let plain = RunStyle::default();
        self.heading(1, None, |writer| writer.run(&glance.heading, plain));
        if !glance.headline.is_empty() {
            self.paragraph("Quote", |writer| writer.inlines(&glance.headline, plain));
        }
        self.paragraph("Normal", |writer| {
            writer.figure_text(&glance.tally.total, RunStyle { strong: true, ..plain });
            for count in &glance.tally.counts {
                writer.run(" · ", plain);
                writer.figure_text(&count.text, plain);
            }
        });
        self.paragraph("SmallText", |writer| writer.figure_text(&glance.elapsed.text, plain));
    }

    /// How many different people there are under the cards of the page that answers first.
    pub(super) fn opening_people(&mut self) {
        let Some(glance) = &self.part().glance else { return };
        for words in &glance.people {
            self.paragraph("Normal", |writer| writer.figure_text(words, RunStyle::default()));
        }
    }

    /// What needs attention, under its heading.
    pub(super) fn opening_attention(&mut self) {
        let Some(glance) = &self.part().glance else { return };
        self.heading(2, None, |writer| writer.run(&glance.attention_heading, RunStyle::default()));
        for item in &glance.attention {
            self.attention(item);
        }
        if let Some(note) = &glance.attention_note {
            self.paragraph("SmallText", |writer| writer.figure_text(note, RunStyle::default()));
        }
    }

    /// What comes next, under its heading.
    pub(super) fn opening_next(&mut self) {
        let Some(glance) = &self.part().glance else { return };
        if !glance.due.is_empty() || !glance.next_steps.is_empty() {
            self.heading(2, None, |writer| writer.run(&glance.next_heading, RunStyle::default()));
        }
        for item in &glance.due {
            self.paragraph("Normal", |writer| {
                writer.code_link(&item.code);
                writer.run(&format!(" {}: ", item.title), RunStyle::default());
                writer.figure_text(&item.text, RunStyle::default());
            });
        }
        self.blocks(&glance.next_steps, 2);
    }

    /// What is to be known of that page's figures, and what the words of its statuses mean.
    pub(super) fn opening_notes(&mut self) {
        let Some(glance) = &self.part().glance else { return };
        for note in &glance.notes {
            self.paragraph("SmallText", |writer| writer.figure_text(note, RunStyle::default()));
        }
        for item in &glance.key {
            self.paragraph("SmallText", |writer| {
                writer.status(&item.status);
                writer.run(&format!(": {}", item.text), RunStyle::default());
            });
        }
    }

    fn attention(&mut self, item: &AttentionItem) {
        self.paragraph("Normal", |writer| {
            writer.code_link(&item.code);
            writer.run(&format!(" {} · ", item.title), RunStyle::default());
            writer.status(&item.status);
            if !item.text.is_empty() {
                writer.run(" · ", RunStyle::default());
                writer.figure_text(&item.text, RunStyle::default());
            }
        });
        for told in &item.explanations {
            self.paragraph("SmallText", |writer| writer.labelled(told));
        }
    }

    fn cards(&mut self, cards: &[GlanceCard]) {
        if cards.is_empty() {
            return;
        }
        let columns: Vec<ColumnShape> = cards.iter().map(|_| ColumnShape { share: 1, side: TextSide::Start }).collect();
        self.table("Cards", &columns, |table| {
            table.row(|row| {
                for card in cards {
                    row.cell_of_paragraphs(CellStyle::default(), |writer| writer.card(card));
                }
            });
        });
    }

    fn card(&mut self, card: &GlanceCard) {
        let plain = RunStyle::default();
        self.kept_paragraph("TableText", |writer| {
            writer.code_link(&card.code);
            writer.run(&format!(" {}", card.title), plain);
        });
        self.kept_paragraph("KeyNumber", |writer| {
            if let Some(hedge) = &card.hedge {
                writer.run(&format!("{hedge}\u{a0}"), RunStyle::of("Hedge"));
            }
            writer.figure_text(&card.value, plain);
        });
        self.paragraph("TableText", |writer| writer.run(&card.unit, RunStyle::of("Muted")));
        for words in card.plan.iter().chain(&card.change) {
            self.paragraph("TableText", |writer| writer.figure_text(words, plain));
        }
        if let Some(trend) = &card.trend {
            self.chart("TableText", &trend.alt);
        }
        self.paragraph("TableText", |writer| {
            writer.status(&card.status);
            if let Some(progress) = &card.progress {
                writer.run(" ", plain);
                writer.figure_text(progress, RunStyle { strong: true, ..plain });
            }
        });
    }
}
