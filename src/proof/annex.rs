//! An annex against the figures that it should give: its formulas are calculated anew, by the rules of spreadsheets and
//! from the file alone. Nothing here is shared with what writes annexes.

mod formula;
mod package;
mod recalculation;
mod workbook;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde_json::Value;

use super::number_on_page::NumberSpan;
use crate::locale::Locale;
use crate::model::Lang;
use formula::{FormulaTree, SheetPlace};
use recalculation::Recalculation;
use workbook::{AnnexWorkbook, CellValue, DataTable};

pub use package::UnreadableWorkbook;

/// Numbers that differ by less, of their size, are one; a double holds some fifteen digits.
const PRECISION: f64 = 1e-9;
/// Zeros that a rounded number may end with.
const MOST_ZEROS: i32 = 9;
/// Formulas that refer to one another and nothing else.
const MOST_HOPS: usize = 8;

/// What became of an annex's figures.
#[derive(Debug, Default)]
pub struct AnnexCheck {
    /// Figures that both the annex and figures.json have.
    pub figures: usize,
    /// Those given by formulas that were recalculated; the others are plain values.
    pub recalculated: usize,
    /// Figures whose formulas can't be calculated here.
    pub uncalculated: usize,
    /// Figures that aren't what figures.json says.
    pub different: Vec<DifferentTotal>,
    /// Cells anywhere in the annex that show another value than their formula gives.
    pub stale: Vec<String>,
    /// What the annex shows of each figure, by its place in figures.json.
    pub shown: BTreeMap<String, NumberSpan>,
}

/// A figure of the annex that isn't what figures.json says.
#[derive(Debug, PartialEq)]
pub struct DifferentTotal {
    /// JSON pointer into figures.json.
    pub place: String,
    /// `None` if the annex gives no number.
    pub annex: Option<NumberSpan>,
    /// `None` if figures.json has no such number, or hides it.
    pub figures: Option<NumberSpan>,
}

/// Holds an annex against the figures of its report.
///
/// # Errors
/// It is no workbook of ours, or can't be read.
pub fn check_annex(workbook: &[u8], figures: &Value) -> Result<AnnexCheck, UnreadableWorkbook> {
    let workbook = AnnexWorkbook::read(workbook)?;
    let lines = DataLines::find(&workbook, figures).ok_or(UnreadableWorkbook)?;
    let mut recalculation = Recalculation::new(&workbook);
    let mut check = AnnexCheck::default();
    for row in lines.table.rows.clone() {
        let Some(place) = lines.place_in_figures(row) else { continue };
        check.figures += 1;
        let (cells, is_interval) = lines.number_cells(row);
        let is_formula = cells.iter().any(|cell| workbook.formulas.contains_key(cell));
        let values: Result<Vec<CellValue>, _> = cells.iter().map(|cell| recalculation.value(*cell)).collect();
        let Ok(values) = values else {
            check.uncalculated += 1;
            continue;
        };
        check.recalculated += usize::from(is_formula);
        let annex = span_of(&values, is_interval);
        if let Some(shown) = annex {
            check.shown.insert(place.clone(), shown);
        }
        let said = figures.pointer(&place).and_then(NumberSpan::from_json);
        let rounding = match is_formula {
            true => Rounding::To(cells.first().and_then(|cell| rounding_of(&workbook, *cell))),
            false => Rounding::Any,
        };
        let is_same = match (annex, said) {
            (None, None) => true,
            (Some(annex), Some(said)) => rounding.is_same(annex.from, said.from) && rounding.is_same(annex.to, said.to),
            _ => false,
        };
        if !is_same {
            check.different.push(DifferentTotal { place, annex, figures: said });
        }
    }
    if check.figures == 0 && !list(figures, "indicators").is_empty() {
        return Err(UnreadableWorkbook);
    }
    for (place, formula) in &workbook.formulas {
        if let Ok(value) = recalculation.value(*place)
            && !is_same_value(value, formula.written)
        {
            check.stale.push(workbook.cell_name(*place));
        }
    }
    Ok(check)
}

/// A number that isn't a multiple of 1 by this was divided, not typed: an average is printed to fewer decimals.
const AVERAGE_STEP: f64 = 1e6;
/// The most decimals of a printed average.
const MOST_PLACES: i32 = 6;

/// How a number of the annex may differ from that of figures.json.
enum Rounding {
    /// By its formula's rounding to so many decimals, negative before the separator.
    To(Option<i32>),
    /// It is a plain value, which may be rounded.
    Any,
}

impl Rounding {
    fn is_same(&self, annex: Decimal, said: Decimal) -> bool {
        let (Some(annex), Some(said)) = (annex.to_f64(), said.to_f64()) else { return false };
        let rounded = |decimals: i32| {
            let step = 10_f64.powi(decimals);
            is_near(annex, (said * step).round() / step)
        };
        match self {
            Rounding::To(None) => is_near(annex, said),
            Rounding::To(Some(decimals)) => rounded(*decimals),
            Rounding::Any => {
                let is_average = !is_near(said, (said * AVERAGE_STEP).round() / AVERAGE_STEP);
                let most_places = if is_average { MOST_PLACES } else { 0 };
                is_near(annex, said) || (-MOST_ZEROS..=most_places).any(rounded)
            }
        }
    }
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= PRECISION * other.abs().max(1.0)
}

fn is_same_value(one: CellValue, other: CellValue) -> bool {
    match (one, other) {
        (CellValue::Number(one), CellValue::Number(other)) => is_near(one, other),
        (one, other) => one == other,
    }
}

/// One number, or the least and the most; `None` if there is none.
fn span_of(values: &[CellValue], is_interval: bool) -> Option<NumberSpan> {
    let number =
        |value: &CellValue| if let CellValue::Number(number) = value { Decimal::from_f64(*number) } else { None };
    let from = number(values.first()?)?;
    Some(NumberSpan { from, to: if is_interval { number(values.get(1)?)? } else { from } })
}

/// What the formula of a cell, or of the cell that it repeats, rounds to.
fn rounding_of(workbook: &AnnexWorkbook, cell: SheetPlace) -> Option<i32> {
    let mut cell = cell;
    for _ in 0..MOST_HOPS {
        match workbook.formulas.get(&cell)?.tree.as_ref()? {
            FormulaTree::Cell(other) => cell = *other,
            tree => return tree.rounding(),
        }
    }
    None
}

/// The table that has a line for each figure.
struct DataLines<'w> {
    workbook: &'w AnnexWorkbook,
    table: &'w DataTable,
    code: u32,
    axis: u32,
    part: u32,
    period: u32,
    scope: u32,
    number: u32,
    least: u32,
    most: u32,
    /// What a scope is called → where figures.json has it.
    scopes: BTreeMap<String, &'static str>,
    /// Code of an indicator and of a period → where figures.json has them.
    places: BTreeMap<(&'w str, &'w str), String>,
}

/// Labels of scopes with the places of their values.
const SCOPES: [(&str, &str); 9] = [
    ("figure.actual-period", "actual/period"),
    ("figure.served", "actual/served"),
    ("figure.cumulative", "actual/cumulative"),
    ("figure.baseline", "baseline"),
    ("figure.target-period", "target/period"),
    ("figure.target-due", "target/due"),
    ("figure.target-total", "target/total"),
    ("figure.progress", "progress"),
    ("figure.progress-due", "progress_due"),
];

impl<'w> DataLines<'w> {
    /// Finds the columns by their headings in any language.
    fn find(workbook: &'w AnnexWorkbook, figures: &'w Value) -> Option<DataLines<'w>> {
        let table = workbook.data.as_ref()?;
        let locales: Vec<Locale> =
            Locale::languages().iter().filter_map(|language| Locale::new(&Lang::new(language))).collect();
        let column = |key: &str| {
            let is_it = |heading: &str| {
                locales.iter().any(|locale| [heading, without_language(heading)].contains(&locale.label(key)))
            };
            table.columns.iter().find(|(_, heading)| is_it(heading)).map(|(column, _)| *column)
        };
        let scopes =
            locales.iter().flat_map(|locale| SCOPES.iter().map(|(key, place)| (locale.label(key).to_owned(), *place)));
        Some(DataLines {
            workbook,
            table,
            code: column("figure.code")?,
            axis: column("workbook.axis-code")?,
            part: column("workbook.part-code")?,
            period: column("period.one")?,
            scope: column("workbook.scope")?,
            number: column("workbook.number")?,
            least: column("workbook.at-least")?,
            most: column("workbook.at-most")?,
            scopes: scopes.collect(),
            places: places_of_periods(figures),
        })
    }

    fn place(&self, column: u32, row: u32) -> SheetPlace {
        SheetPlace { sheet: self.table.sheet, column, row }
    }

    fn text(&self, column: u32, row: u32) -> &'w str {
        match self.workbook.written(self.place(column, row)) {
            CellValue::Text(id) => self.workbook.text(id),
            _ => "",
        }
    }

    /// The cells of a line's number, or of its ends.
    fn number_cells(&self, row: u32) -> (Vec<SheetPlace>, bool) {
        let is_filled = |column: u32| {
            let place = self.place(column, row);
            self.workbook.formulas.contains_key(&place) || self.workbook.written(place) != CellValue::Empty
        };
        if is_filled(self.least) || is_filled(self.most) {
            return (vec![self.place(self.least, row), self.place(self.most, row)], true);
        }
        (vec![self.place(self.number, row)], false)
    }

    /// Where figures.json has the figure of a line. `None` for what it doesn't have: what a ratio is made of, an axis that
    /// is withheld whole.
    fn place_in_figures(&self, row: u32) -> Option<String> {
        let place = self.places.get(&(self.text(self.code, row), self.text(self.period, row)))?;
        let scope = *self.scopes.get(self.text(self.scope, row))?;
        let (axis, part) = (self.text(self.axis, row), self.text(self.part, row));
        if axis.is_empty() {
            return Some(format!("{place}/{scope}"));
        }
        Some(format!("{place}/by/{}/{}/{}", escape(axis), escape(part), scope.strip_prefix("actual/")?))
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Where figures.json has each period of each indicator.
fn places_of_periods(figures: &Value) -> BTreeMap<(&str, &str), String> {
    let mut places = BTreeMap::new();
    for (index, indicator) in list(figures, "indicators").iter().enumerate() {
        let Some(code) = indicator["code"].as_str() else { continue };
        for (beside, period) in list(indicator, "periods").iter().enumerate() {
            if let Some(period) = period["code"].as_str() {
                places.insert((code, period), format!("/indicators/{index}/periods/{beside}"));
            }
        }
        // The report's own period is among those beside it, too; here it has more.
        if let Some(own) = figures["period"]["code"].as_str() {
            places.insert((code, own), format!("/indicators/{index}"));
        }
    }
    places
}

/// A key as JSON pointers write it.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// `Scope (mk)` without the language.
fn without_language(heading: &str) -> &str {
    heading.rsplit_once(" (").filter(|(_, rest)| rest.ends_with(')')).map_or(heading, |(name, _)| name)
}
