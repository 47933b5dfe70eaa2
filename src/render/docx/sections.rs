//! The sections of a document, each with its heading, prose, body and notes.

use super::body_writer::DocumentWriter;
use super::runs::RunStyle;
use super::table::{CellStyle, ColumnShape, TextSide};
use crate::report::block::Block;
use crate::report::document::{
    Activities, AnnexItem, Bar, ColumnRole, FigureText, FormAnswer, KeyFigure, SectionBody, SectionEntry,
    SignatureLine, TableColumn, Trend,
};

/// The level of a section's heading.
pub(super) const SECTION: u8 = 1;

impl DocumentWriter<'_> {
    /// All of a section in the language that is written.
    pub(super) fn section(&mut self, number: usize, entry: &SectionEntry) {
        self.section_heading(number, entry);
        self.blocks(&entry.prose, SECTION);
        self.section_body(entry);
    }

    /// Its heading, with what is said under it.
    pub(super) fn section_heading(&mut self, number: usize, entry: &SectionEntry) {
        self.record.section = Some(number);
        self.is_boxed = self.document.sections[number].boxed;
        let place = self.section_place(number);
        self.heading(SECTION, Some(&place), |writer| writer.run(&entry.heading, RunStyle::default()));
        if let Some(lead) = &entry.lead {
            self.kept_paragraph("SmallText", |writer| writer.run(lead, RunStyle::default()));
        }
    }

    /// A piece of its prose.
    pub(super) fn section_block(&mut self, block: &Block) {
        self.block(block, SECTION);
    }

    /// What it shows beside its prose, and its notes.
    pub(super) fn section_body(&mut self, entry: &SectionEntry) {
        self.body(&entry.body, SECTION);
        self.small_notes(&entry.notes);
    }

    /// What a section shows beside its prose.
    pub(super) fn body(&mut self, body: &SectionBody, level: u8) {
        match body {
            SectionBody::Prose => {}
            SectionBody::Facts { items } => self.form_answers(items),
            SectionBody::KeyFigures { items } => self.key_figures(items),
            SectionBody::IndicatorTable(table) => self.indicator_table(table),
            SectionBody::IndicatorChart { bars, trends, .. } => self.indicator_bars(bars, trends),
            SectionBody::Disaggregation { items, matrices } => self.disaggregation(items, matrices, level),
            SectionBody::Results { groups } => self.results(groups, level),
            SectionBody::Activities(activities) => self.activities(activities, level),
            SectionBody::Variance { items } => self.variances(items, level),
            SectionBody::Counted { items } => self.counted(items),
            SectionBody::Restated { columns, rows } => self.restated(columns, rows),
            SectionBody::AnnexList { items } => self.annexes(items),
            SectionBody::Photographs { items } => {
                for item in items {
                    self.photograph(&item.file, &item.alt, |writer| {
                        let words = [item.caption.as_deref(), item.credit.as_deref()];
                        let words: Vec<&str> = words.into_iter().flatten().collect();
                        writer.run(&words.join(" "), RunStyle::default());
                    });
                }
            }
            SectionBody::Signatures { items } => self.signatures(items),
            SectionBody::Notes { lines } => {
                for line in lines {
                    self.paragraph("Normal", |writer| writer.figure_text(line, RunStyle::default()));
                }
            }
        }
    }

    /// A number behind the word that hedges it.
    pub(super) fn hedged(&mut self, hedge: Option<&str>, value: &FigureText) {
        let strong = RunStyle { strong: true, ..RunStyle::default() };
        if let Some(hedge) = hedge {
            self.run(&format!("{hedge} "), strong);
        }
        self.figure_text(value, strong);
    }

    fn key_figures(&mut self, items: &[KeyFigure]) {
        let nothing = FigureText::default();
        let columns =
            [(5, TextSide::Start), (2, TextSide::End), (3, TextSide::Start), (2, TextSide::End), (3, TextSide::Start)];
        let columns = columns.map(|(share, side)| ColumnShape { share, side });
        self.table("PlainColumns", &columns, |table| {
            for item in items {
                table.row(|row| {
                    row.cell(CellStyle::default(), |writer| {
                        writer.code_link(&item.code);
                        writer.run(&format!(" {}", item.title), RunStyle::default());
                    });
                    row.cell(CellStyle::default(), |writer| writer.hedged(item.hedge.as_deref(), &item.value));
                    let meaning = FigureText::join(item.meaning.iter().cloned(), " · ");
                    row.figures(&if meaning.is_empty() { FigureText::plain(&item.unit) } else { meaning });
                    row.figures(item.progress.as_ref().unwrap_or(&nothing));
                    row.cell(CellStyle::default(), |writer| {
                        if let Some(status) = &item.status {
                            writer.status(status);
                        }
                    });
                });
            }
        });
    }

    fn indicator_bars(&mut self, bars: &[Bar], trends: &[Trend]) {
        let columns = [(6, TextSide::Start), (3, TextSide::End), (2, TextSide::End), (3, TextSide::Start)];
        let columns = columns.map(|(share, side)| ColumnShape { share, side });
        let nothing = FigureText::default();
        if !bars.is_empty() {
            self.table("PlainColumns", &columns, |table| {
                for bar in bars {
                    table.row(|row| {
                        row.cell(CellStyle::default(), |writer| {
                            writer.code_link(&bar.code);
                            writer.run(&format!(" {}", bar.label), RunStyle::default());
                        });
                        row.figures(&bar.text);
                        row.figures(bar.progress.as_ref().unwrap_or(&nothing));
                        row.cell(CellStyle::default(), |writer| {
                            if let Some(status) = &bar.status {
                                writer.status(status);
                            }
                        });
                    });
                }
            });
        }
        for trend in trends {
            self.paragraph("SmallText", |writer| {
                writer.code_link(&trend.code);
                writer.run(&format!(" {}", trend.title), RunStyle::default());
                for column in &trend.columns {
                    writer.run(&format!(" · {}: ", column.label), RunStyle::default());
                    writer.figure_text(&column.text, RunStyle::default());
                }
            });
        }
    }

    fn activities(&mut self, activities: &Activities, level: u8) {
        if let Some(chart) = &activities.over_time {
            self.heading(level + 1, None, |writer| writer.run(&chart.heading, RunStyle::default()));
            self.chart("Normal", &chart.alt);
            self.small_notes(std::slice::from_ref(&chart.note));
        }
        for count in &activities.counts {
            self.paragraph("Normal", |writer| {
                writer.run(&format!("{}: ", count.label), RunStyle { strong: true, ..RunStyle::default() });
                writer.figure_text(&count.value, RunStyle::default());
            });
        }
        if activities.rows.is_empty() {
            return;
        }
        self.heading(level + 1, None, |writer| writer.run(&activities.table_heading, RunStyle::default()));
        let shares = [22, 34, 17, 14, 10, 13];
        let columns: Vec<ColumnShape> = activities
            .columns
            .iter()
            .zip(shares)
            .map(|(column, share)| ColumnShape { share, side: side_of(column) })
            .collect();
        let nothing = FigureText::default();
        self.table("TableGrid", &columns, |table| {
            table.heading_row(|row| {
                activities.columns.iter().for_each(|column| row.words(CellStyle::heading(), &column.heading));
            });
            for item in &activities.rows {
                table.row(|row| {
                    for text in [&item.date, &item.title, &item.kind, &item.place] {
                        row.words(CellStyle::default(), text);
                    }
                    row.figures(item.people.as_ref().unwrap_or(&nothing));
                    row.words(CellStyle::default(), &item.status);
                });
            }
        });
        self.small_figures(&activities.more);
    }

    fn restated(&mut self, columns: &[TableColumn], rows: &[Vec<FigureText>]) {
        let shape: Vec<ColumnShape> =
            columns.iter().map(|column| ColumnShape { share: 1, side: side_of(column) }).collect();
        self.table("TableGrid", &shape, |table| {
            table.heading_row(|row| {
                columns.iter().for_each(|column| row.words(CellStyle::heading(), &column.heading));
            });
            for cells in rows {
                table.row(|row| cells.iter().for_each(|cell| row.figures(cell)));
            }
        });
    }

    /// Questions of a form, each with its answer beside it.
    fn form_answers(&mut self, items: &[FormAnswer]) {
        let columns =
            [ColumnShape { share: 2, side: TextSide::Start }, ColumnShape { share: 3, side: TextSide::Start }];
        self.table("PlainColumns", &columns, |table| {
            for item in items {
                table.row(|row| {
                    let label: Vec<&str> =
                        item.number.iter().map(String::as_str).chain([item.label.as_str()]).collect();
                    row.words(CellStyle::default(), &label.join(" "));
                    row.cell_of_paragraphs(CellStyle::default(), |writer| {
                        for line in &item.lines {
                            writer.paragraph("TableText", |writer| writer.figure_text(line, RunStyle::default()));
                        }
                        if item.lines.is_empty() {
                            writer.paragraph("TableText", |_| {});
                        }
                    });
                });
            }
        });
    }

    fn annexes(&mut self, items: &[AnnexItem]) {
        for item in items {
            self.kept_paragraph("Normal", |writer| {
                writer.run(&item.name, RunStyle { strong: true, ..RunStyle::default() });
            });
            self.paragraph("SmallText", |writer| writer.run(&item.description, RunStyle::default()));
            if let Some(sha256) = &item.sha256 {
                self.paragraph("SmallText", |writer| writer.run(&format!("SHA-256 {sha256}"), RunStyle::default()));
            }
        }
    }

    fn signatures(&mut self, items: &[SignatureLine]) {
        let columns =
            [ColumnShape { share: 3, side: TextSide::Start }, ColumnShape { share: 1, side: TextSide::Start }];
        for item in items {
            self.kept_paragraph("Normal", |writer| {
                writer.run(&item.name, RunStyle { strong: true, ..RunStyle::default() });
                writer.run(&format!("\n{}\n\n", item.role), RunStyle::of("Muted"));
            });
            self.table("SignatureLines", &columns, |table| {
                table.row(|row| {
                    row.words(CellStyle::default(), &item.signature);
                    row.words(CellStyle::default(), &item.date);
                });
            });
        }
    }
}

/// Whether a body needs the whole width of the page, so that it doesn't fit beside another language.
pub(super) fn is_wide(body: &SectionBody) -> bool {
    match body {
        SectionBody::KeyFigures { .. }
        | SectionBody::IndicatorTable(_)
        | SectionBody::IndicatorChart { .. }
        | SectionBody::Activities(_)
        | SectionBody::Restated { .. } => true,
        SectionBody::Prose
        | SectionBody::Facts { .. }
        | SectionBody::Disaggregation { .. }
        | SectionBody::Results { .. }
        | SectionBody::Variance { .. }
        | SectionBody::Counted { .. }
        | SectionBody::AnnexList { .. }
        | SectionBody::Photographs { .. }
        | SectionBody::Signatures { .. }
        | SectionBody::Notes { .. } => false,
    }
}

fn side_of(column: &TableColumn) -> TextSide {
    if column.role == ColumnRole::Number { TextSide::End } else { TextSide::Start }
}
