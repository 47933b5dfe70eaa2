//! A workbook as a form: its sheets, names, styles and texts, and where values go.

use std::collections::BTreeMap;

use super::sheet::{PlacedSheet, SheetEdit};
use super::sheet_rows::rows_of;
use super::{
    FormChanges, FormContent, FormEntry, FormFault, FormFaultKind, FormSource, FormSpot, Placeholder, file_fault,
};
use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::{XmlItem, XmlItemKind, end_of, replace_spans, scan_xml};

/// What follows `calcPr` in a workbook's part (ECMA-376 part 1, 18.2.27).
const BEHIND_CALCULATION: [&str; 9] = [
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
];

pub(super) struct FormWorkbook<'p> {
    package: &'p OfficePackage,
    main: String,
    /// Names and parts of the sheets, in their order.
    sheets: Vec<(String, String)>,
    /// Defined names and what they refer to.
    names: Vec<(String, String)>,
    pub styles: CellStyles,
    texts: Vec<String>,
    /// Days are counted from 1904.
    pub from_1904: bool,
}

/// What cells of each style allow and show.
#[derive(Default)]
pub(super) struct CellStyles {
    styles: Vec<FormCellFormat>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FormCellFormat {
    pub is_unlocked: bool,
    pub is_percent: bool,
    pub is_date: bool,
}

impl CellStyles {
    pub(super) fn get(&self, index: usize) -> FormCellFormat {
        self.styles.get(index).copied().unwrap_or_default()
    }
}

impl<'p> FormWorkbook<'p> {
    pub(super) fn read(package: &'p OfficePackage, main: &str) -> Result<FormWorkbook<'p>, PackageFault> {
        let relations = package.relations(main)?;
        let items = scan_xml(package.xml(main)?)?;
        let mut workbook = FormWorkbook {
            package,
            main: main.to_owned(),
            sheets: Vec::new(),
            names: Vec::new(),
            styles: CellStyles::default(),
            texts: Vec::new(),
            from_1904: false,
        };
        for (at, item) in items.iter().enumerate() {
            if item.begins("sheet") {
                let id = item.attribute("id").unwrap_or_default();
                let part = relations.iter().find(|relation| relation.id == id && relation.kind == "worksheet");
                let name = item.attribute("name").unwrap_or_default().to_owned();
                workbook.sheets.extend(part.map(|part| (name, part.target.clone())));
            } else if item.begins("definedName") {
                let refers: String = items[at..end_of(&items, at)].iter().map(|inner| inner.text.as_str()).collect();
                workbook.names.push((item.attribute("name").unwrap_or_default().to_owned(), refers));
            } else if item.begins("workbookPr") {
                workbook.from_1904 = matches!(item.attribute("date1904"), Some("1" | "true"));
            }
        }
        let part =
            |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|part| part.target.as_str());
        if let Some(part) = part("styles") {
            workbook.styles = read_styles(&scan_xml(package.xml(part)?)?);
        }
        if let Some(part) = part("sharedStrings") {
            workbook.texts = read_texts(&scan_xml(package.xml(part)?)?);
        }
        Ok(workbook)
    }

    fn sheet(&self, name: &str) -> Result<PlacedSheet<'p>, PackageFault> {
        let part = self.sheets.iter().find(|(known, _)| known == name).ok_or(PackageFault::NotSuchAFile)?;
        PlacedSheet::read(self.package.xml(&part.1)?)
    }

    /// Cells whose text holds helpers.
    pub(super) fn find_placeholders(&self) -> Result<Vec<Placeholder>, PackageFault> {
        let mut found = Vec::new();
        for (name, _) in &self.sheets {
            let sheet = self.sheet(name)?;
            for cell in sheet.cells.values().filter(|cell| !cell.has_formula) {
                let text = sheet.text_of(cell, &self.texts);
                if text.contains("{{") {
                    let spot = FormSpot::Cell { sheet: name.clone(), row: cell.row, column: cell.column };
                    found.push(Placeholder { text, spot });
                }
            }
        }
        Ok(found)
    }

    /// Every changed part.
    pub(super) fn fill(&self, content: &FormContent, found: &[Placeholder]) -> Result<FormChanges, Vec<FormFault>> {
        let mut faults = Vec::new();
        let mut placed: Vec<FormEntry> = Vec::new();
        for (at, (place, value)) in content.places.iter().enumerate() {
            let source = FormSource::Place(at);
            match self.find_cell(place) {
                Some(spot) => placed.push(FormEntry { source, spot, value }),
                None => faults.push(self.no_place(place, source)),
            }
        }
        for (at, value) in content.placeholders.iter().enumerate() {
            if let (Some(value), Some(placeholder)) = (value, found.get(at)) {
                let source = FormSource::Placeholder(at);
                placed.push(FormEntry { source, spot: placeholder.spot.clone(), value });
            }
        }
        let texts: Vec<_> = content.rows.iter().map(|(_, _, rows)| rows.with_rest()).collect();
        for (at, ((from, to, rows), values)) in content.rows.iter().zip(&texts).enumerate() {
            let source = FormSource::Rows(at);
            let cells = (self.find_cell(from), to.as_ref().map(|to| self.find_cell(to)));
            let (first, last) = match cells {
                (None, _) => {
                    faults.push(self.no_place(from, source));
                    continue;
                }
                (_, Some(None)) => {
                    faults.push(self.no_place(to.as_deref().unwrap_or_default(), source));
                    continue;
                }
                (Some(first), to) => (first, to.flatten()),
            };
            let FormSpot::Cell { sheet: name, .. } = &first else { continue };
            let sheet = self.sheet(name).map_err(|fault| vec![file_fault(FormFaultKind::Unreadable(fault))])?;
            match rows_of(&sheet, &self.texts, &first, last.as_ref(), rows, values) {
                Ok(cells) => {
                    placed.extend(cells.into_iter().map(|(spot, value)| FormEntry { source, spot, value }));
                }
                Err(kind) => faults.push(FormFault { kind, source, spot: Some(first.clone()) }),
            }
        }
        let mut changes = FormChanges { places: placed.len(), ..FormChanges::default() };
        for (name, part) in &self.sheets {
            let of_sheet = |value: &&FormEntry| matches!(&value.spot, FormSpot::Cell { sheet, .. } if sheet == name);
            let values: Vec<&FormEntry> = placed.iter().filter(of_sheet).collect();
            if values.is_empty() {
                continue;
            }
            let sheet = self.sheet(name).map_err(|fault| vec![file_fault(FormFaultKind::Unreadable(fault))])?;
            match SheetEdit::new(&sheet, self, &values).and_then(SheetEdit::finish) {
                Ok(text) => {
                    changes.parts.insert(part.clone(), text);
                }
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        if !changes.parts.is_empty() && self.has_formulas() {
            let text = self.package.xml(&self.main).ok().and_then(compute_on_load);
            changes.parts.insert(self.main.clone(), text.ok_or_else(|| vec![file_fault(FormFaultKind::NotProved)])?);
            changes.recalculates = true;
        }
        Ok(changes)
    }

    fn has_formulas(&self) -> bool {
        let texts = self.sheets.iter().filter_map(|(_, part)| self.package.xml(part).ok());
        texts.into_iter().any(|text| scan_xml(text).is_ok_and(|items| items.iter().any(|item| item.begins("f"))))
    }

    fn no_place(&self, place: &str, source: FormSource) -> FormFault {
        let sheets = self.sheets.iter().map(|(name, _)| name.clone());
        let visible = self.names.iter().map(|(name, _)| name.clone()).filter(|name| !name.starts_with('_'));
        let kind = FormFaultKind::NoPlace { place: place.to_owned(), known: sheets.chain(visible).collect() };
        FormFault { kind, source, spot: None }
    }

    /// `Report!D12`, `'My sheet'!$D$12`, or a name of a cell.
    fn find_cell(&self, place: &str) -> Option<FormSpot> {
        let place = place.trim();
        if !place.contains('!') {
            let (_, refers) = self.names.iter().find(|(name, _)| name.eq_ignore_ascii_case(place))?;
            return if refers.contains('!') { self.find_cell(refers) } else { None };
        }
        let (sheet, cell) = place.rsplit_once('!')?;
        let sheet = sheet
            .strip_prefix('\'')
            .and_then(|name| name.strip_suffix('\''))
            .map_or_else(|| sheet.to_owned(), |name| name.replace("''", "'"));
        // A name may stand for merged cells: the first holds the value.
        let (row, column) = parse_cell(cell.split(':').next().unwrap_or_default())?;
        let (name, _) = self.sheets.iter().find(|(known, _)| known.to_lowercase() == sheet.to_lowercase())?;
        Some(FormSpot::Cell { sheet: name.clone(), row, column })
    }
}

/// `$D$12` as row from 1 and column from 0.
pub(super) fn parse_cell(text: &str) -> Option<(u32, u32)> {
    let text = text.replace('$', "");
    let letters = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(letters);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    let row: u32 = digits.parse().ok()?;
    ((1..=1_048_576).contains(&row) && (1..=16_384).contains(&column)).then_some((row, column - 1))
}

fn read_styles(items: &[XmlItem]) -> CellStyles {
    let mut formats: BTreeMap<String, String> = BTreeMap::new();
    for item in items.iter().filter(|item| item.begins("numFmt")) {
        let code = item.attribute("formatCode").unwrap_or_default().to_owned();
        formats.insert(item.attribute("numFmtId").unwrap_or_default().to_owned(), code);
    }
    let Some(start) = items.iter().position(|item| item.begins("cellXfs")) else { return CellStyles::default() };
    let inner = &items[start..end_of(items, start)];
    let mut styles = Vec::new();
    for (at, item) in inner.iter().enumerate().filter(|(_, item)| item.begins("xf")) {
        let protection = inner[at..end_of(inner, at)].iter().find(|item| item.begins("protection"));
        let id = item.attribute("numFmtId").unwrap_or_default();
        let code = formats.get(id).map(String::as_str).unwrap_or_default();
        let built_in: u32 = id.parse().unwrap_or_default();
        let has_date_letters = || {
            let plain: String = strip_literals(code).to_lowercase();
            plain.contains(['y', 'd']) && !plain.contains(['#', '0'])
        };
        styles.push(FormCellFormat {
            is_unlocked: protection.is_some_and(|item| matches!(item.attribute("locked"), Some("0" | "false"))),
            is_percent: matches!(built_in, 9 | 10) || strip_literals(code).contains('%'),
            is_date: matches!(built_in, 14..=17 | 22) || has_date_letters(),
        });
    }
    CellStyles { styles }
}

/// A number format without texts in quotation marks, colours and languages.
fn strip_literals(code: &str) -> String {
    let mut plain = String::new();
    let mut end = None;
    for c in code.chars() {
        match end {
            Some(mark) if c == mark => end = None,
            Some(_) => {}
            None if c == '"' => end = Some('"'),
            None if c == '[' => end = Some(']'),
            None => plain.push(c),
        }
    }
    plain
}

/// The texts that cells refer to by number, without the readings of Japanese ones.
fn read_texts(items: &[XmlItem]) -> Vec<String> {
    let mut texts = Vec::new();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.begins("si")) {
        let inner = if item.kind == XmlItemKind::Start { &items[at..end_of(items, at)] } else { &[] };
        texts.push(text_within(inner));
    }
    texts
}

/// The text of the `t` elements among items.
pub(super) fn text_within(items: &[XmlItem]) -> String {
    let mut text = String::new();
    let (mut in_text, mut in_reading) = (false, false);
    for item in items {
        match (item.kind, item.name.as_str()) {
            (XmlItemKind::Start, "t") => in_text = true,
            (XmlItemKind::End, "t") => in_text = false,
            (XmlItemKind::Start, "rPh") => in_reading = true,
            (XmlItemKind::End, "rPh") => in_reading = false,
            (XmlItemKind::Text, _) if in_text && !in_reading => text.push_str(&item.text),
            _ => {}
        }
    }
    text
}

/// A workbook's part that has its formulas computed anew when it is opened.
fn compute_on_load(text: &str) -> Option<String> {
    let items = scan_xml(text).ok()?;
    if let Some(item) = items.iter().find(|item| item.begins("calcPr")) {
        let tag = &text[item.span.clone()];
        let tag = match tag.find(" fullCalcOnLoad=\"") {
            Some(at) => {
                let value = at + " fullCalcOnLoad=\"".len();
                let end = value + tag[value..].find('"')?;
                format!("{}1{}", &tag[..value], &tag[end..])
            }
            None => {
                let name = tag.find(|c: char| c.is_whitespace() || c == '/' || c == '>')?;
                format!("{} fullCalcOnLoad=\"1\"{}", &tag[..name], &tag[name..])
            }
        };
        return Some(replace_spans(text, vec![(item.span.clone(), tag)]));
    }
    let mut depth = 0_usize;
    let before = items.iter().find(|item| {
        let is_behind = depth == 1 && BEHIND_CALCULATION.iter().any(|name| item.begins(name));
        match item.kind {
            XmlItemKind::Start => depth += 1,
            XmlItemKind::End => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_behind
    });
    let before = before.or_else(|| items.iter().rfind(|item| item.ends("workbook")))?;
    let root = items.iter().find(|item| item.begins("workbook"))?;
    let prefix = text[root.span.clone()].trim_start_matches('<').split("workbook").next().unwrap_or_default();
    let element = format!("<{prefix}calcPr fullCalcOnLoad=\"1\"/>");
    Some(replace_spans(text, vec![(before.span.start..before.span.start, element)]))
}
