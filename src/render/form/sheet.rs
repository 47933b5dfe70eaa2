//! A sheet as a form: where its cells are in its XML, and other cells in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::date;
use quick_xml::escape::partial_escape;
use rust_decimal::Decimal;

use super::workbook::{FormCellFormat, FormWorkbook, parse_cell, text_within};
use super::{FormEntry, FormFault, FormFaultKind, FormSpot, file_fault};
use crate::diagnostic::cell_name;
use crate::render::office_package::PackageFault;
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of, replace_spans, scan_xml};
use crate::report::form::{FormNumber, FormValue};

/// Row from 1 and column from 0.
pub(super) type CellPosition = (u32, u32);

pub(super) struct PlacedSheet<'t> {
    text: &'t str,
    items: Vec<XmlItem>,
    pub cells: BTreeMap<CellPosition, CellElement>,
    pub rows: BTreeMap<u32, RowElement>,
    merged: Vec<CellArea>,
    /// Areas of formulas that fill several cells.
    computed: Vec<CellArea>,
    is_protected: bool,
    columns: Vec<(Range<u32>, usize)>,
}

pub(super) struct CellElement {
    pub row: u32,
    pub column: u32,
    style: usize,
    /// What its value is, as the sheet writes it: `s` for a text by its number.
    kind: String,
    value: String,
    pub has_formula: bool,
    span: Range<usize>,
}

pub(super) struct RowElement {
    tag: Range<usize>,
    /// Where its cells end; `None` of an element without content.
    end: Option<usize>,
    /// Of cells that it doesn't have.
    style: Option<usize>,
}

#[derive(Clone, Copy)]
pub(super) struct CellArea {
    pub first: CellPosition,
    pub last: CellPosition,
}

impl CellArea {
    fn parse(text: &str) -> Option<CellArea> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        Some(CellArea { first: parse_cell(first)?, last: parse_cell(last)? })
    }

    fn contains(&self, (row, column): CellPosition) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }
}

impl<'t> PlacedSheet<'t> {
    pub(super) fn read(text: &'t str) -> Result<PlacedSheet<'t>, PackageFault> {
        let items = scan_xml(text)?;
        let mut sheet = PlacedSheet {
            text,
            items: Vec::new(),
            cells: BTreeMap::new(),
            rows: BTreeMap::new(),
            merged: Vec::new(),
            computed: Vec::new(),
            is_protected: false,
            columns: Vec::new(),
        };
        let (mut row, mut column) = (0, 0);
        for (at, item) in items.iter().enumerate() {
            if !matches!(item.kind, XmlItemKind::Start | XmlItemKind::Empty) {
                continue;
            }
            let number = |name: &str| item.attribute(name).and_then(|value| value.parse::<u32>().ok());
            match item.name.as_str() {
                "row" => {
                    row = number("r").unwrap_or(row + 1);
                    column = 0;
                    let end = (item.kind == XmlItemKind::Start).then(|| items[end_of(&items, at) - 1].span.start);
                    let is_styled = matches!(item.attribute("customFormat"), Some("1" | "true"));
                    let style = number("s").filter(|_| is_styled).map(|style| style as usize);
                    sheet.rows.insert(row, RowElement { tag: item.span.clone(), end, style });
                }
                "c" => {
                    let position = item.attribute("r").and_then(parse_cell).unwrap_or((row, column));
                    column = position.1 + 1;
                    let inner = &items[at..end_of(&items, at)];
                    sheet.add_cell(position, item, inner);
                }
                "mergeCell" => sheet.merged.extend(item.attribute("ref").and_then(CellArea::parse)),
                "sheetProtection" => {
                    sheet.is_protected = matches!(item.attribute("sheet"), Some("1" | "true"));
                }
                "col" => {
                    if let (Some(from), Some(to), Some(style)) = (number("min"), number("max"), number("style")) {
                        sheet.columns.push((from.saturating_sub(1)..to, style as usize));
                    }
                }
                _ => {}
            }
        }
        sheet.items = items;
        Ok(sheet)
    }

    fn add_cell(&mut self, (row, column): CellPosition, item: &XmlItem, inner: &[XmlItem]) {
        let formula = inner.iter().find(|inner| inner.begins("f"));
        self.computed.extend(formula.and_then(|formula| formula.attribute("ref")).and_then(CellArea::parse));
        let kind = item.attribute("t").unwrap_or_default().to_owned();
        let value = if kind == "inlineStr" {
            text_within(inner)
        } else {
            let start = inner.iter().position(|inner| inner.begins("v"));
            let texts = start.map(|start| &inner[start..end_of(inner, start)]).unwrap_or_default();
            texts.iter().map(|item| item.text.as_str()).collect()
        };
        let style = item.attribute("s").and_then(|style| style.parse().ok()).unwrap_or_default();
        let end = inner.last().map_or(item.span.end, |last| last.span.end);
        let span = item.span.start..end;
        let has_formula = formula.is_some();
        self.cells.insert((row, column), CellElement { row, column, style, kind, value, has_formula, span });
    }

    /// The text of a cell.
    pub(super) fn text_of(&self, cell: &CellElement, texts: &[String]) -> String {
        match cell.kind.as_str() {
            "s" => cell.value.parse().ok().and_then(|at: usize| texts.get(at)).cloned().unwrap_or_default(),
            _ => cell.value.clone(),
        }
    }

    /// Whether a cell holds nothing: no formula, no text but helpers.
    pub(super) fn is_blank(&self, position: CellPosition, texts: &[String]) -> bool {
        let is_computed = self.computed.iter().any(|area| area.contains(position));
        !is_computed
            && self
                .cells
                .get(&position)
                .is_none_or(|cell| !cell.has_formula && self.text_of(cell, texts).trim().is_empty())
    }

    /// The cell that holds the value where cells are merged.
    pub(super) fn holder(&self, position: CellPosition) -> CellPosition {
        self.merged.iter().find(|area| area.contains(position)).map_or(position, |area| area.first)
    }

    /// The column behind a cell, or behind those that it is merged with.
    pub(super) fn next_column(&self, position: CellPosition) -> u32 {
        self.merged.iter().find(|area| area.contains(position)).map_or(position.1, |area| area.last.1) + 1
    }

    fn style_at(&self, (row, column): CellPosition) -> usize {
        let own = self.cells.get(&(row, column)).map(|cell| cell.style);
        let of_row = || self.rows.get(&row).and_then(|row| row.style);
        let of_column = || self.columns.iter().find(|(columns, _)| columns.contains(&column)).map(|(_, style)| *style);
        own.or_else(of_row).or_else(of_column).unwrap_or_default()
    }

    /// What elements are named with before their names.
    fn prefix(&self) -> &str {
        let root = self.items.iter().find(|item| item.begins("worksheet"));
        root.and_then(|root| self.text[root.span.clone()].trim_start_matches('<').split("worksheet").next())
            .unwrap_or("")
    }
}

/// Cells of a sheet with their new content.
pub(super) struct SheetEdit<'s> {
    sheet: &'s PlacedSheet<'s>,
    cells: BTreeMap<CellPosition, String>,
}

impl<'s> SheetEdit<'s> {
    pub(super) fn new(
        sheet: &'s PlacedSheet<'s>,
        workbook: &FormWorkbook,
        values: &[&FormEntry],
    ) -> Result<SheetEdit<'s>, Vec<FormFault>> {
        let mut faults = Vec::new();
        let mut cells = BTreeMap::new();
        for placed in values {
            let FormSpot::Cell { row, column, .. } = placed.spot else { continue };
            let position = sheet.holder((row, column));
            let style = sheet.style_at(position);
            let is_computed = sheet.computed.iter().any(|area| area.contains(position));
            let fault = if is_computed || sheet.cells.get(&position).is_some_and(|cell| cell.has_formula) {
                Some(FormFaultKind::Formula)
            } else if sheet.is_protected && !workbook.styles.get(style).is_unlocked {
                Some(FormFaultKind::Locked)
            } else if cells.contains_key(&position) {
                Some(FormFaultKind::Twice)
            } else {
                None
            };
            match fault {
                Some(kind) => {
                    faults.push(FormFault { kind, source: placed.source, spot: Some(placed.spot.clone()) });
                }
                None => {
                    let format = workbook.styles.get(style);
                    let cell = write_cell(sheet.prefix(), position, style, format, workbook.from_1904, placed.value);
                    cells.insert(position, cell);
                }
            }
        }
        if faults.is_empty() { Ok(SheetEdit { sheet, cells }) } else { Err(faults) }
    }

    /// The sheet with the new cells, once it is proved that nothing else changed.
    pub(super) fn finish(self) -> Result<String, Vec<FormFault>> {
        let not_proved = || vec![file_fault(FormFaultKind::NotProved)];
        let text = self.write().ok_or_else(not_proved)?;
        let rows: BTreeSet<u32> = self.sheet.rows.keys().copied().collect();
        let before = self.rest_of(self.sheet.text, &rows).ok_or_else(not_proved)?;
        let after = self.rest_of(&text, &rows).ok_or_else(not_proved)?;
        if before == after { Ok(text) } else { Err(not_proved()) }
    }

    fn write(&self) -> Option<String> {
        let sheet = self.sheet;
        let prefix = sheet.prefix();
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        let mut by_row: BTreeMap<u32, Vec<(CellPosition, &String)>> = BTreeMap::new();
        for (position, cell) in &self.cells {
            by_row.entry(position.0).or_default().push((*position, cell));
        }
        let mut new_rows = String::new();
        let mut new_rows_at = None;
        for (number, cells) in by_row {
            let Some(row) = sheet.rows.get(&number) else {
                let at = self.place_of_row(number)?;
                if new_rows_at != Some(at) {
                    changes.extend(new_rows_at.map(|at| (at..at, std::mem::take(&mut new_rows))));
                    new_rows_at = Some(at);
                }
                let cells: String = cells.into_iter().map(|(_, cell)| cell.as_str()).collect();
                new_rows.push_str(&format!("<{prefix}row r=\"{number}\">{cells}</{prefix}row>"));
                continue;
            };
            let Some(end) = row.end else {
                let tag = &sheet.text[row.tag.clone()];
                let open = tag.strip_suffix("/>")?.trim_end();
                let cells: String = cells.into_iter().map(|(_, cell)| cell.as_str()).collect();
                changes.push((row.tag.clone(), format!("{open}>{cells}</{prefix}row>")));
                continue;
            };
            for (position, new) in cells {
                match sheet.cells.get(&position) {
                    Some(cell) => changes.push((cell.span.clone(), new.clone())),
                    None => {
                        let next = sheet.cells.range(position..(number + 1, 0)).next();
                        let at = next.map_or(end, |(_, cell)| cell.span.start);
                        match changes.last_mut() {
                            Some((span, text)) if *span == (at..at) => text.push_str(new),
                            _ => changes.push((at..at, new.clone())),
                        }
                    }
                }
            }
        }
        changes.extend(new_rows_at.map(|at| (at..at, new_rows)));
        if let Some(data) = sheet.items.iter().find(|item| item.kind == XmlItemKind::Empty && item.name == "sheetData")
        {
            let rows: String = changes.into_iter().map(|(_, text)| text).collect();
            let open = sheet.text[data.span.clone()].strip_suffix("/>")?.trim_end();
            changes = vec![(data.span.clone(), format!("{open}>{rows}</{prefix}sheetData>"))];
        }
        Some(replace_spans(sheet.text, changes))
    }

    /// Where a row that the sheet lacks belongs.
    fn place_of_row(&self, number: u32) -> Option<usize> {
        if let Some((_, next)) = self.sheet.rows.range(number..).next() {
            return Some(next.tag.start);
        }
        let data = self.sheet.items.iter().rfind(|item| item.name == "sheetData")?;
        Some(data.span.start)
    }

    /// All of a sheet but the cells that are filled in, and the rows that were made for them.
    fn rest_of(&self, text: &str, rows: &BTreeSet<u32>) -> Option<String> {
        let items = scan_xml(text).ok()?;
        let mut rest = String::new();
        let (mut at, mut row, mut column) = (0, 0, 0);
        while let Some(item) = items.get(at) {
            if item.begins("row") {
                row = item.attribute("r").and_then(|number| number.parse().ok()).unwrap_or(row + 1);
                column = 0;
                if rows.contains(&row) {
                    rest.push_str(text[item.span.clone()].trim_end_matches('>').trim_end_matches('/').trim_end());
                }
                at += 1;
            } else if item.begins("c") {
                let end = end_of(&items, at);
                let position = item.attribute("r").and_then(parse_cell).unwrap_or((row, column));
                column = position.1 + 1;
                if !self.cells.contains_key(&position) {
                    rest.push_str(&text[item.span.start..items[end - 1].span.end]);
                }
                at = end;
            } else {
                if item.begins("sheetData") {
                    rest.push_str(text[item.span.clone()].trim_end_matches('>').trim_end_matches('/').trim_end());
                } else if !item.ends("row") && !item.ends("sheetData") {
                    rest.push_str(&text[item.span.clone()]);
                }
                at += 1;
            }
        }
        Some(rest)
    }
}

fn write_cell(
    prefix: &str,
    (row, column): CellPosition,
    style: usize,
    format: FormCellFormat,
    from_1904: bool,
    value: &FormValue,
) -> String {
    let style = if style == 0 { String::new() } else { format!(" s=\"{style}\"") };
    let begin = format!("<{prefix}c r=\"{}\"{style}", cell_name(row, column));
    let number = match value.number {
        Some(FormNumber::Plain(number)) => Some(write_number(number)),
        // Elsewhere a fraction would be read as so many hundredths.
        Some(FormNumber::Fraction(number)) if format.is_percent => Some(write_number(number)),
        Some(FormNumber::Day(day)) if format.is_date => {
            let first = if from_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
            Some((day - first).get_days().to_string())
        }
        Some(FormNumber::Fraction(_) | FormNumber::Day(_)) | None => None,
    };
    if let Some(number) = number {
        return format!("{begin}><{prefix}v>{number}</{prefix}v></{prefix}c>");
    }
    if value.text.is_empty() {
        return format!("{begin}/>");
    }
    let text = partial_escape(allowed_text(&value.text)).into_owned();
    format!(
        "{begin} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is></{prefix}c>"
    )
}

/// As many digits as a spreadsheet program keeps.
fn write_number(number: Decimal) -> String {
    number.round_sf(15).unwrap_or(number).normalize().to_string()
}

/// A text without what XML 1.0 can't hold.
pub(super) fn allowed_text(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect()
}
