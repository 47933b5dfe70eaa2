//! Sections about indicators: the table of all values, breakdowns, results, explanations, how they were counted.

use super::body_writer::DocumentWriter;
use super::runs::RunStyle;
use super::table::{CellStyle, ColumnShape, Merge, TableRowWriter, TextSide};
use crate::report::document::{
    AxisView, CountedView, Disaggregation, FigureText, IndicatorRow, IndicatorTable, LabelledText, Matrix, MatrixRow,
    Measure, NumberColumn, ResultGroup, StatusBadge, VarianceView,
};

/// Shares of the width that the columns of the table take.
const TITLE_SHARE: u32 = 31;
const NUMBER_SHARE: u32 = 10;
const STATUS_SHARE: u32 = 14;

impl DocumentWriter<'_> {
    /// The table that holds every value.
    pub(super) fn indicator_table(&mut self, table: &IndicatorTable) {
        let number = ColumnShape { share: NUMBER_SHARE, side: TextSide::End };
        let mut columns = vec![ColumnShape { share: TITLE_SHARE, side: TextSide::Start }];
        columns.extend(table.columns.iter().map(|_| number));
        columns.extend([number, ColumnShape { share: STATUS_SHARE, side: TextSide::Start }]);
        let spans = spans_of(&table.columns);
        let is_deep = spans.iter().any(|span| span.0.is_some());
        let all = columns.len();
        self.table("TableGrid", &columns, |rows| {
            let tall = |style: CellStyle, merge: Merge| if is_deep { style.merged(merge) } else { style };
            let heading = CellStyle::heading();
            rows.heading_row(|row| {
                row.words(tall(heading, Merge::Begin), &table.indicator);
                let mut at = 0;
                for (over, count) in &spans {
                    match over {
                        Some(over) => row.words(heading.spanning(*count), over),
                        None => row.words(tall(heading, Merge::Begin), &table.columns[at].heading),
                    }
                    at += count;
                }
                row.words(tall(heading, Merge::Begin), &table.progress);
                row.words(tall(heading, Merge::Begin), &table.status);
            });
            if is_deep {
                rows.heading_row(|row| {
                    let under = heading.merged(Merge::Continue);
                    row.words(under, "");
                    for column in &table.columns {
                        match column.over {
                            Some(_) => row.words(heading, &column.heading),
                            None => row.words(under, ""),
                        }
                    }
                    row.words(under, "");
                    row.words(under, "");
                });
            }
            for group in &table.groups {
                if let Some(title) = &group.title {
                    rows.row(|row| row.words(CellStyle::heading().spanning(all), title));
                }
                for item in &group.rows {
                    let explained = !item.explanations.is_empty();
                    rows.row(|row| row.indicator(item, explained));
                    if explained {
                        rows.row(|row| {
                            row.words(CellStyle::default().merged(Merge::Continue), "");
                            row.cell_of_paragraphs(CellStyle::default().spanning(all - 1), |writer| {
                                for told in &item.explanations {
                                    writer.paragraph("TableText", |writer| writer.labelled(told));
                                }
                            });
                        });
                    }
                }
            }
        });
        self.small_notes(&table.notes);
    }

    /// A status in its colour, as words.
    pub(super) fn status(&mut self, status: &StatusBadge) {
        let style = match status.code.as_str() {
            "achieved" => "StatusAchieved",
            "on_track" => "StatusOnTrack",
            "at_risk" => "StatusAtRisk",
            "off_track" => "StatusOffTrack",
            _ => "Status",
        };
        self.run(&status.text, RunStyle::of(style));
    }

    /// A word and its text.
    pub(super) fn labelled(&mut self, told: &LabelledText) {
        if !told.label.is_empty() {
            self.run(&format!("{}: ", told.label), RunStyle::of("Muted"));
        }
        self.run(&told.value, RunStyle::default());
    }

    /// Notes under a table or chart.
    pub(super) fn small_notes(&mut self, notes: &[String]) {
        for note in notes {
            self.paragraph("SmallText", |writer| writer.run(note, RunStyle::default()));
        }
    }

    /// The same with figures in them.
    pub(super) fn small_figures<'t>(&mut self, notes: impl IntoIterator<Item = &'t FigureText>) {
        for note in notes {
            self.paragraph("SmallText", |writer| writer.figure_text(note, RunStyle::default()));
        }
    }

    /// Indicators with their parts, and large axes of several of them.
    pub(super) fn disaggregation(&mut self, items: &[Disaggregation], matrices: &[Matrix], level: u8) {
        for item in items {
            self.heading(level + 1, None, |writer| {
                writer.code_link(&item.code);
                writer.run(&format!(" {}", item.title), RunStyle::default());
            });
            self.kept_paragraph("SmallText", |writer| {
                writer.run(&format!("{} · {} ", item.unit, item.total_heading), RunStyle::default());
                writer.figure_text(&item.total, RunStyle { strong: true, ..RunStyle::default() });
            });
            for axis in &item.axes {
                self.axis(axis);
            }
        }
        for matrix in matrices {
            self.heading(level + 1, None, |writer| writer.run(&matrix.heading, RunStyle::default()));
            let columns: Vec<String> =
                matrix.columns.iter().map(|column| format!("{} {}", column.code, column.title)).collect();
            self.crossed(&matrix.heading, &columns, &matrix.rows);
            self.small_notes(&matrix.notes);
        }
    }

    fn axis(&mut self, axis: &AxisView) {
        if let Some(line) = &axis.line {
            self.paragraph("Normal", |writer| {
                writer.run(&format!("{}: ", axis.heading), RunStyle { strong: true, ..RunStyle::default() });
                writer.figure_text(line, RunStyle::default());
            });
        }
        if let Some(crossed) = &axis.crossed {
            self.crossed(&crossed.corner, &crossed.columns, &crossed.rows);
        }
        if let Some(pyramid) = axis.pyramid.as_ref().filter(|_| axis.crossed.is_none()) {
            let heads = [axis.heading.as_str(), &pyramid.left, &pyramid.right];
            let rows = pyramid.rows.iter().rev().map(|row| (row.label.as_str(), vec![&row.left_text, &row.right_text]));
            self.figures_table(&heads, &rows.collect::<Vec<_>>());
        }
        if !axis.rows.is_empty() {
            let heads: Vec<&str> = axis.columns.iter().map(String::as_str).collect();
            let nothing = FigureText::default();
            let rows: Vec<_> = axis.rows.iter().map(|row| parts_of(row, heads.len(), &nothing)).collect();
            self.figures_table(&heads, &rows);
        }
        if let Some(pyramid) = &axis.pyramid {
            self.chart("Normal", &pyramid.alt);
        }
        self.small_figures(axis.pyramid.iter().flat_map(|pyramid| &pyramid.note));
        self.small_notes(&axis.notes);
    }

    fn crossed(&mut self, corner: &str, columns: &[String], rows: &[MatrixRow]) {
        let heads: Vec<&str> = std::iter::once(corner).chain(columns.iter().map(String::as_str)).collect();
        let rows: Vec<(&str, Vec<&FigureText>)> =
            rows.iter().map(|row| (row.label.as_str(), row.cells.iter().map(|cell| &cell.value).collect())).collect();
        self.figures_table(&heads, &rows);
    }

    /// Labels and the figures beside them.
    fn figures_table(&mut self, heads: &[&str], rows: &[(&str, Vec<&FigureText>)]) {
        let mut columns = vec![ColumnShape { share: 3, side: TextSide::Start }];
        columns.extend(heads.iter().skip(1).map(|_| ColumnShape { share: 2, side: TextSide::End }));
        self.table("TableGrid", &columns, |table| {
            table.heading_row(|row| heads.iter().for_each(|head| row.words(CellStyle::heading(), head)));
            for (label, figures) in rows {
                table.row(|row| {
                    row.words(CellStyle::default(), label);
                    for figure in figures {
                        row.cell(CellStyle::default(), |writer| writer.figure_text(figure, RunStyle::default()));
                    }
                });
            }
        });
    }

    /// The results chain with what officers write of each result.
    pub(super) fn results(&mut self, groups: &[ResultGroup], level: u8) {
        for group in groups {
            let depth = level.saturating_add(1).saturating_add(group.depth);
            self.heading(depth, None, |writer| {
                if let Some(level) = &group.level {
                    writer.run(&format!("{level} "), RunStyle::of("Muted"));
                }
                writer.run(format!("{} {}", group.code, group.title).trim(), RunStyle::default());
            });
            if let Some(assumptions) = &group.assumptions {
                self.paragraph("SmallText", |writer| writer.labelled(assumptions));
            }
            self.blocks(&group.prose, depth);
            for item in &group.indicators {
                self.kept_paragraph("Normal", |writer| {
                    writer.code_link(&item.code);
                    writer.run(&format!(" {} · {}: ", item.title, item.unit), RunStyle::default());
                    writer.hedged(item.hedge.as_deref(), &item.value);
                });
                self.measures(&item.measures, item.status.as_ref());
                self.small_figures(&item.notes);
            }
            if !group.links.is_empty() {
                self.paragraph("SmallText", |writer| {
                    for (at, code) in group.links.iter().enumerate() {
                        if at > 0 {
                            writer.run(" · ", RunStyle::default());
                        }
                        writer.code_link(code);
                    }
                });
            }
        }
    }

    /// Words and numbers on one line, and a status behind them.
    pub(super) fn measures(&mut self, measures: &[Measure], status: Option<&StatusBadge>) {
        self.paragraph("SmallText", |writer| {
            for (at, measure) in measures.iter().enumerate() {
                if at > 0 {
                    writer.run(" · ", RunStyle::default());
                }
                writer.run(&format!("{}: ", measure.label), RunStyle::of("Muted"));
                writer.figure_text(&measure.value, RunStyle::default());
            }
            if let Some(status) = status {
                writer.run(if measures.is_empty() { "" } else { " · " }, RunStyle::default());
                writer.status(status);
            }
        });
    }

    /// Why indicators are where they are.
    pub(super) fn variances(&mut self, items: &[VarianceView], level: u8) {
        for item in items {
            self.heading(level + 1, None, |writer| {
                writer.code_link(&item.code);
                writer.run(&format!(" {}", item.title), RunStyle::default());
            });
            self.measures(&item.measures, item.status.as_ref());
            for told in &item.explanations {
                self.paragraph("Normal", |writer| writer.labelled(told));
            }
        }
    }

    /// How indicators were counted.
    pub(super) fn counted(&mut self, items: &[CountedView]) {
        for item in items {
            self.kept_paragraph("Normal", |writer| {
                writer.run(&format!("{} ", item.code), RunStyle::of("Code"));
                writer.run(&item.title, RunStyle { strong: true, ..RunStyle::default() });
            });
            let sentences = FigureText::join(item.sentences.iter().cloned(), " ");
            self.paragraph("SmallText", |writer| writer.figure_text(&sentences, RunStyle::default()));
            for fact in &item.facts {
                self.paragraph("SmallText", |writer| writer.labelled(fact));
            }
        }
    }
}

impl TableRowWriter<'_, '_, '_> {
    /// A cell of words.
    pub(super) fn words(&mut self, style: CellStyle, words: &str) {
        self.cell(style, |writer| {
            if !words.is_empty() {
                writer.run(words, RunStyle::default());
            }
        });
    }

    /// A cell of words with figures among them.
    pub(super) fn figures(&mut self, words: &FigureText) {
        self.cell(CellStyle::default(), |writer| writer.figure_text(words, RunStyle::default()));
    }

    fn indicator(&mut self, item: &IndicatorRow, explained: bool) {
        let title = CellStyle::default();
        self.cell(if explained { title.merged(Merge::Begin) } else { title }, |writer| {
            let words = |writer: &mut DocumentWriter| {
                writer.run(&item.code, RunStyle::of("Code"));
                let unit = if item.unit.is_empty() { String::new() } else { format!(" · {}", item.unit) };
                writer.run(&format!(" {}{unit}", item.title), RunStyle::default());
            };
            match writer.bookmark_of(&item.code) {
                Some(place) => writer.bookmarked(&place, |writer| words(writer)),
                None => words(writer),
            }
        });
        for lines in &item.numbers {
            self.cell_of_paragraphs(CellStyle::default(), |writer| {
                for (at, line) in lines.iter().enumerate() {
                    let style =
                        if at == 0 { RunStyle { strong: true, ..RunStyle::default() } } else { RunStyle::of("Muted") };
                    writer.paragraph("TableNumber", |writer| writer.figure_text(line, style));
                }
                if lines.is_empty() {
                    writer.paragraph("TableNumber", |_| {});
                }
            });
        }
        self.cell(CellStyle::default(), |writer| {
            if let Some(progress) = &item.progress {
                writer.figure_text(progress, RunStyle { strong: true, ..RunStyle::default() });
            }
        });
        self.cell_of_paragraphs(CellStyle::default(), |writer| {
            writer.paragraph("TableText", |writer| writer.status(&item.status));
            if let Some(to_date) = &item.to_date {
                writer.paragraph("TableText", |writer| writer.figure_text(to_date, RunStyle::of("Muted")));
            }
        });
    }
}

/// Neighbouring columns under one heading: which words, and how many columns.
fn spans_of(columns: &[NumberColumn]) -> Vec<(Option<&str>, usize)> {
    let mut spans: Vec<(Option<&str>, usize)> = Vec::new();
    for column in columns {
        let over = column.over.as_deref();
        match spans.last_mut() {
            Some(last) if over.is_some() && last.0 == over => last.1 += 1,
            _ => spans.push((over, 1)),
        }
    }
    spans
}

/// A part as a row of as many columns as the table has.
fn parts_of<'a>(
    row: &'a crate::report::document::PartRow,
    columns: usize,
    nothing: &'a FigureText,
) -> (&'a str, Vec<&'a FigureText>) {
    let beside = (columns > 2).then(|| row.beside.as_ref().unwrap_or(nothing));
    (&row.label, std::iter::once(&row.value).chain(beside).collect())
}
