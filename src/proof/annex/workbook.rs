//! A workbook's formulas with their cached values, and the cells that they refer to.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::formula::{FormulaTree, SheetPlace, column_name, column_of};
use super::package::{PartEvent, UnreadableWorkbook, WorkbookPackage, attribute};

/// Rows of a sheet.
const MOST_ROWS: u32 = 1 << 20;
/// Cells that are kept, formulas, and different texts.
const MOST_CELLS: usize = 20_000_000;
const MOST_FORMULAS: usize = 2_000_000;
const MOST_TEXTS: usize = 4_000_000;
/// The name of the table that has a line for each figure.
const DATA_TABLE: &str = "data";

/// A text of the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextId(u32);

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellValue {
    Empty,
    Number(f64),
    Text(TextId),
    Truth(bool),
    /// `#DIV/0!` and the like.
    Fault,
}

/// A formula with the value that was written beside it.
pub struct AnnexFormula {
    /// `None` if it says what annexes don't.
    pub tree: Option<FormulaTree>,
    pub written: CellValue,
}

/// Where the table of figures is.
pub struct DataTable {
    pub sheet: usize,
    /// The first row under the headings, and the last.
    pub rows: std::ops::RangeInclusive<u32>,
    /// Headings by column.
    pub columns: Vec<(u32, String)>,
}

/// A workbook as far as its formulas need it.
#[derive(Default)]
pub struct AnnexWorkbook {
    pub formulas: BTreeMap<SheetPlace, AnnexFormula>,
    pub data: Option<DataTable>,
    sheets: Vec<String>,
    /// Cells without a formula by sheet and column, from the first row on.
    columns: BTreeMap<(usize, u32), Vec<CellValue>>,
    texts: TextTable,
}

/// Different texts, and what is one without regard to case, as formulas compare them.
#[derive(Default)]
struct TextTable {
    ids: BTreeMap<String, TextId>,
    written: Vec<String>,
    folded: Vec<u32>,
    folded_ids: BTreeMap<String, u32>,
}

impl TextTable {
    fn id(&mut self, text: &str) -> Result<TextId, UnreadableWorkbook> {
        if let Some(id) = self.ids.get(text) {
            return Ok(*id);
        }
        if self.written.len() >= MOST_TEXTS {
            return Err(UnreadableWorkbook);
        }
        let (id, next) = (TextId(self.written.len() as u32), self.folded_ids.len() as u32);
        self.folded.push(*self.folded_ids.entry(text.to_lowercase()).or_insert(next));
        self.written.push(text.to_owned());
        self.ids.insert(text.to_owned(), id);
        Ok(id)
    }
}

impl AnnexWorkbook {
    /// Reads the formulas of all sheets, then the cells that they look at.
    ///
    /// # Errors
    /// See [`UnreadableWorkbook`].
    pub fn read(bytes: &[u8]) -> Result<AnnexWorkbook, UnreadableWorkbook> {
        let mut package = WorkbookPackage::open(bytes)?;
        let (names, parts) = read_sheets(&mut package)?;
        let mut workbook = AnnexWorkbook::default();
        let shared = read_shared_texts(&mut package, &mut workbook.texts)?;
        for (sheet, part) in parts.iter().enumerate() {
            let formulas = &mut workbook.formulas;
            let texts = &mut workbook.texts;
            read_cells(&mut package, part, |column, row, cell| {
                let Some(formula) = &cell.formula else { return Ok(()) };
                if formulas.len() >= MOST_FORMULAS {
                    return Err(UnreadableWorkbook);
                }
                let (tree, written) = (FormulaTree::parse(formula, sheet, &names), cell.value(texts, &shared)?);
                formulas.insert(SheetPlace { sheet, column, row }, AnnexFormula { tree, written });
                Ok(())
            })?;
        }
        workbook.sheets = names;
        workbook.data = read_data_table(&mut package, &parts)?;
        workbook.read_columns(&mut package, &parts, &shared)?;
        Ok(workbook)
    }

    /// A cell as spreadsheet programs call it: `Data!P5`.
    pub fn cell_name(&self, at: SheetPlace) -> String {
        let sheet = self.sheets.get(at.sheet).map(String::as_str).unwrap_or_default();
        format!("{sheet}!{}{}", column_name(at.column), at.row + 1)
    }

    /// What a cell without a formula holds.
    pub fn written(&self, at: SheetPlace) -> CellValue {
        self.column(at).get(at.row as usize).copied().unwrap_or(CellValue::Empty)
    }

    /// The cells of a column without formulas, down to the last that isn't blank.
    pub fn column(&self, at: SheetPlace) -> &[CellValue] {
        self.columns.get(&(at.sheet, at.column)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The id of a text that the workbook or one of its formulas holds.
    pub fn find_text(&self, text: &str) -> Option<TextId> {
        self.texts.ids.get(text).copied()
    }

    /// A text as it is written.
    pub fn text(&self, id: TextId) -> &str {
        self.texts.written.get(id.0 as usize).map(String::as_str).unwrap_or_default()
    }

    /// The order of two texts, whatever their case.
    pub fn compare_texts(&self, one: TextId, other: TextId) -> Ordering {
        let folded = |id: TextId| self.texts.folded.get(id.0 as usize);
        if folded(one) == folded(other) {
            return Ordering::Equal;
        }
        self.text(one).to_lowercase().cmp(&self.text(other).to_lowercase())
    }

    /// The columns that formulas look at, and those of the table of figures.
    fn read_columns(
        &mut self,
        package: &mut WorkbookPackage,
        parts: &[String],
        shared: &[TextId],
    ) -> Result<(), UnreadableWorkbook> {
        let mut wanted: BTreeSet<(usize, u32)> = BTreeSet::new();
        let mut literals = Vec::new();
        for tree in self.formulas.values().filter_map(|formula| formula.tree.as_ref()) {
            tree.visit_cells(&mut |place| {
                wanted.insert((place.sheet, place.column));
            });
            tree.visit_texts(&mut |text| literals.push(text.to_owned()));
        }
        for text in literals {
            self.texts.id(&text)?;
        }
        let data = self.data.iter().flat_map(|data| data.columns.iter().map(|(column, _)| (data.sheet, *column)));
        wanted.extend(data);
        let mut kept = 0;
        for (sheet, part) in parts.iter().enumerate() {
            if wanted.range((sheet, 0)..(sheet + 1, 0)).next().is_none() {
                continue;
            }
            let (columns, texts) = (&mut self.columns, &mut self.texts);
            read_cells(package, part, |column, row, cell| {
                if cell.formula.is_some() || !wanted.contains(&(sheet, column)) {
                    return Ok(());
                }
                let cells = columns.entry((sheet, column)).or_default();
                let missing = (row as usize + 1).saturating_sub(cells.len());
                kept += missing;
                if kept > MOST_CELLS {
                    return Err(UnreadableWorkbook);
                }
                cells.resize(cells.len() + missing, CellValue::Empty);
                cells[row as usize] = cell.value(texts, shared)?;
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Names of the sheets, and the parts that hold them.
fn read_sheets(package: &mut WorkbookPackage) -> Result<(Vec<String>, Vec<String>), UnreadableWorkbook> {
    let targets = read_relations(package, "xl/_rels/workbook.xml.rels")?;
    let (mut names, mut parts) = (Vec::new(), Vec::new());
    package.read("xl/workbook.xml", |event| {
        if let PartEvent::Start(element) = event
            && element.local_name().as_ref() == b"sheet"
        {
            let target = attribute(element, b"id").and_then(|id| targets.get(&id));
            names.push(attribute(element, b"name").unwrap_or_default());
            parts.push(target.cloned().unwrap_or_default());
        }
        true
    })?;
    if parts.is_empty() { Err(UnreadableWorkbook) } else { Ok((names, parts)) }
}

/// Parts that a part in `xl/` or in a folder of it relates to, by id.
fn read_relations(package: &mut WorkbookPackage, part: &str) -> Result<BTreeMap<String, String>, UnreadableWorkbook> {
    let mut targets = BTreeMap::new();
    package.read(part, |event| {
        if let PartEvent::Start(element) = event
            && let Some((id, target)) = attribute(element, b"Id").zip(attribute(element, b"Target"))
        {
            let target = target.trim_start_matches("/xl/").trim_start_matches("../");
            targets.insert(id, format!("xl/{target}"));
        }
        true
    })?;
    Ok(targets)
}

fn read_shared_texts(package: &mut WorkbookPackage, texts: &mut TextTable) -> Result<Vec<TextId>, UnreadableWorkbook> {
    let (mut shared, mut text, mut is_text, mut failed) = (Vec::new(), String::new(), false, false);
    package.read("xl/sharedStrings.xml", |event| {
        match event {
            PartEvent::Start(element) => match element.local_name().as_ref() {
                b"si" => text.clear(),
                b"t" => is_text = true,
                _ => {}
            },
            PartEvent::Text(piece) if is_text => text.push_str(piece),
            PartEvent::Text(_) => {}
            PartEvent::End(b"t") => is_text = false,
            PartEvent::End(b"si") => match texts.id(&text) {
                Ok(id) if shared.len() < MOST_TEXTS => shared.push(id),
                _ => failed = true,
            },
            PartEvent::End(_) => {}
        }
        !failed
    })?;
    if failed { Err(UnreadableWorkbook) } else { Ok(shared) }
}

/// A cell as its sheet writes it.
#[derive(Default)]
struct StoredCell {
    kind: String,
    content: String,
    formula: Option<String>,
}

impl StoredCell {
    fn value(&self, texts: &mut TextTable, shared: &[TextId]) -> Result<CellValue, UnreadableWorkbook> {
        Ok(match self.kind.as_str() {
            "s" => {
                let id = self.content.parse().ok().and_then(|at: usize| shared.get(at));
                CellValue::Text(*id.ok_or(UnreadableWorkbook)?)
            }
            "str" | "inlineStr" => CellValue::Text(texts.id(&self.content)?),
            "b" => CellValue::Truth(self.content == "1"),
            "e" => CellValue::Fault,
            _ if self.content.is_empty() => CellValue::Empty,
            _ => CellValue::Number(self.content.parse().map_err(|_| UnreadableWorkbook)?),
        })
    }
}

/// Calls `visit` with the column and row of each cell.
fn read_cells(
    package: &mut WorkbookPackage,
    part: &str,
    mut visit: impl FnMut(u32, u32, &StoredCell) -> Result<(), UnreadableWorkbook>,
) -> Result<(), UnreadableWorkbook> {
    let (mut cell, mut at, mut into) = (StoredCell::default(), None, CellPart::None);
    let mut result = Ok(());
    package.read(part, |event| {
        match event {
            PartEvent::Start(element) => match element.local_name().as_ref() {
                b"c" => {
                    at = attribute(element, b"r").and_then(|name| cell_at(&name));
                    let kind = attribute(element, b"t").unwrap_or_default();
                    cell = StoredCell { kind, ..StoredCell::default() };
                }
                b"v" | b"t" => into = CellPart::Content,
                b"f" => {
                    into = CellPart::Formula;
                    cell.formula = Some(String::new());
                }
                _ => {}
            },
            PartEvent::Text(text) => match (&into, &mut cell.formula) {
                (CellPart::Content, _) => cell.content.push_str(text),
                (CellPart::Formula, Some(formula)) => formula.push_str(text),
                _ => {}
            },
            PartEvent::End(b"v" | b"t" | b"f") => into = CellPart::None,
            PartEvent::End(b"c") => {
                result = match at {
                    Some((column, row)) => visit(column, row, &cell),
                    None => Err(UnreadableWorkbook),
                };
            }
            PartEvent::End(b"sheetData") => return false,
            PartEvent::End(_) => {}
        }
        result.is_ok()
    })?;
    result
}

/// What of a cell is being read.
enum CellPart {
    None,
    Content,
    Formula,
}

/// `B5` as column and row from 0.
fn cell_at(name: &str) -> Option<(u32, u32)> {
    let (letters, digits) = name.split_at(name.find(|letter: char| letter.is_ascii_digit())?);
    let row: u32 = digits.parse().ok().filter(|row| (1..=MOST_ROWS).contains(row))?;
    Some((column_of(letters)?, row - 1))
}

/// The table of figures by its name.
fn read_data_table(package: &mut WorkbookPackage, parts: &[String]) -> Result<Option<DataTable>, UnreadableWorkbook> {
    for table in package.parts_in("xl/tables/") {
        let (mut area, mut headings) = (None, Vec::new());
        package.read(&table, |event| {
            if let PartEvent::Start(element) = event {
                match element.local_name().as_ref() {
                    // Extensions have elements of this name, too.
                    b"table" if headings.is_empty() => {
                        area = attribute(element, b"name")
                            .filter(|name| name == DATA_TABLE)
                            .and(attribute(element, b"ref"));
                        return area.is_some();
                    }
                    b"tableColumn" => headings.push(attribute(element, b"name").unwrap_or_default()),
                    _ => {}
                }
            }
            true
        })?;
        let area = area.as_deref().and_then(|area| area.split_once(':'));
        let Some(((left, top), (_, bottom))) = area.and_then(|(from, to)| cell_at(from).zip(cell_at(to))) else {
            continue;
        };
        for (sheet, part) in parts.iter().enumerate() {
            let file = part.rsplit('/').next().unwrap_or_default();
            let relations = read_relations(package, &format!("xl/worksheets/_rels/{file}.rels"))?;
            if relations.values().any(|target| *target == table) {
                return Ok(Some(DataTable {
                    sheet,
                    rows: top + 1..=bottom,
                    columns: (left..).zip(headings).collect(),
                }));
            }
        }
    }
    Ok(None)
}
