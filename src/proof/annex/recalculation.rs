//! The values of a workbook's formulas, calculated anew by the rules of spreadsheets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::formula::{FormulaTree, Operator, SheetPlace};
use super::workbook::{AnnexWorkbook, CellValue};

/// Cells that all formulas together may look at.
const MOST_STEPS: u64 = 2_000_000_000;
/// Formulas that refer to one another.
const MOST_HOPS: usize = 16;

/// A formula that can't be calculated here: it says what annexes don't, refers to itself, or is too much work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCalculated;

type Calculated<T> = Result<T, NotCalculated>;

/// Calculates formulas, each once.
pub struct Recalculation<'w> {
    workbook: &'w AnnexWorkbook,
    /// `None` while it is calculated.
    known: BTreeMap<SheetPlace, Option<Calculated<CellValue>>>,
    steps: u64,
    hops: usize,
}

/// A value, or those of a column or of a calculation over one.
enum Operand<'w> {
    One(CellValue),
    Many(Cow<'w, [CellValue]>),
}

impl Operand<'_> {
    fn values(&self) -> &[CellValue] {
        match self {
            Operand::One(value) => std::slice::from_ref(value),
            Operand::Many(values) => values,
        }
    }
}

impl<'w> Recalculation<'w> {
    pub fn new(workbook: &'w AnnexWorkbook) -> Recalculation<'w> {
        Recalculation { workbook, known: BTreeMap::new(), steps: 0, hops: 0 }
    }

    /// The value of a cell, calculated if it has a formula.
    ///
    /// # Errors
    /// See [`NotCalculated`].
    pub fn value(&mut self, at: SheetPlace) -> Calculated<CellValue> {
        let workbook = self.workbook;
        let Some(formula) = workbook.formulas.get(&at) else { return Ok(workbook.written(at)) };
        match self.known.get(&at) {
            Some(Some(known)) => return *known,
            Some(None) => return Err(NotCalculated),
            None => {}
        }
        let tree = formula.tree.as_ref().filter(|_| self.hops < MOST_HOPS).ok_or(NotCalculated)?;
        self.known.insert(at, None);
        self.hops += 1;
        let value = self.operand(tree).and_then(|operand| single(&operand));
        self.hops -= 1;
        self.known.insert(at, Some(value));
        value
    }

    fn spend(&mut self, cells: usize) -> Calculated<()> {
        self.steps += cells as u64;
        if self.steps > MOST_STEPS { Err(NotCalculated) } else { Ok(()) }
    }

    fn operand(&mut self, tree: &FormulaTree) -> Calculated<Operand<'w>> {
        self.spend(1)?;
        Ok(match tree {
            FormulaTree::Number(number) => Operand::One(CellValue::Number(*number)),
            FormulaTree::Text(text) => {
                Operand::One(CellValue::Text(self.workbook.find_text(text).ok_or(NotCalculated)?))
            }
            FormulaTree::Cell(place) => Operand::One(self.value(*place)?),
            FormulaTree::Column(first, last) => Operand::Many(self.column(*first, *last)?),
            FormulaTree::Infix(operator, sides) => {
                let [left, right] = &**sides;
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                self.infix(*operator, &left, &right)?
            }
            FormulaTree::Call(name, arguments) => self.call(name, arguments)?,
        })
    }

    fn column(&mut self, first: SheetPlace, last: u32) -> Calculated<Cow<'w, [CellValue]>> {
        let workbook = self.workbook;
        let (from, to) = (first.row as usize, last as usize + 1);
        self.spend(to - from)?;
        let written = workbook.column(first);
        let end = SheetPlace { row: last, ..first };
        let mut formulas = workbook.formulas.range(first..=end).map(|(place, _)| *place).peekable();
        if formulas.peek().is_none()
            && let Some(cells) = written.get(from..to)
        {
            return Ok(Cow::Borrowed(cells));
        }
        let mut cells: Vec<CellValue> = written.get(from..to.min(written.len())).unwrap_or_default().to_vec();
        cells.resize(to - from, CellValue::Empty);
        for place in formulas {
            cells[(place.row - first.row) as usize] = self.value(place)?;
        }
        Ok(Cow::Owned(cells))
    }

    fn infix(&mut self, operator: Operator, left: &Operand, right: &Operand) -> Calculated<Operand<'w>> {
        let workbook = self.workbook;
        let of = |a: &CellValue, b: &CellValue| match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => arithmetic(operator, *a, *b),
            _ => compare(workbook, operator, *a, *b),
        };
        self.spend(left.values().len().max(right.values().len()))?;
        Ok(match (left, right) {
            (Operand::One(a), Operand::One(b)) => Operand::One(of(a, b)),
            (Operand::Many(a), Operand::One(b)) => Operand::Many(a.iter().map(|a| of(a, b)).collect()),
            (Operand::One(a), Operand::Many(b)) => Operand::Many(b.iter().map(|b| of(a, b)).collect()),
            (Operand::Many(a), Operand::Many(b)) if a.len() == b.len() => {
                Operand::Many(a.iter().zip(b.iter()).map(|(a, b)| of(a, b)).collect())
            }
            _ => return Err(NotCalculated),
        })
    }

    fn call(&mut self, name: &str, arguments: &[FormulaTree]) -> Calculated<Operand<'w>> {
        match (name, arguments) {
            ("IF", [condition, then, otherwise]) => match single(&self.operand(condition)?)? {
                CellValue::Truth(true) => self.operand(then),
                CellValue::Truth(false) => self.operand(otherwise),
                fault @ CellValue::Fault => Ok(Operand::One(fault)),
                _ => Err(NotCalculated),
            },
            ("IFERROR", [value, otherwise]) => match single(&self.operand(value)?)? {
                CellValue::Fault => self.operand(otherwise),
                value => Ok(Operand::One(value)),
            },
            ("ISNUMBER", [value]) => {
                let is_number = |value: &CellValue| CellValue::Truth(matches!(value, CellValue::Number(_)));
                Ok(match self.operand(value)? {
                    Operand::One(value) => Operand::One(is_number(&value)),
                    Operand::Many(values) => Operand::Many(values.iter().map(is_number).collect()),
                })
            }
            _ => {
                let operands =
                    arguments.iter().map(|argument| self.operand(argument)).collect::<Calculated<Vec<_>>>()?;
                self.spend(operands.iter().map(|operand| operand.values().len()).sum())?;
                aggregate(name, &operands).map(Operand::One)
            }
        }
    }
}

/// A whole column is no value.
fn single(operand: &Operand) -> Calculated<CellValue> {
    match operand {
        Operand::One(value) => Ok(*value),
        Operand::Many(_) => Err(NotCalculated),
    }
}

fn aggregate(name: &str, operands: &[Operand]) -> Calculated<CellValue> {
    let all = || operands.iter().flat_map(Operand::values);
    let numbers = || all().filter_map(|value| if let CellValue::Number(number) = value { Some(*number) } else { None });
    let count = |count: usize| Ok(CellValue::Number(count as f64));
    match name {
        "COUNT" => return count(numbers().count()),
        "COUNTA" => return count(all().filter(|value| **value != CellValue::Empty).count()),
        _ => {}
    }
    if all().any(|value| *value == CellValue::Fault) {
        return Ok(CellValue::Fault);
    }
    Ok(CellValue::Number(match (name, operands) {
        ("SUM", _) => numbers().sum(),
        // Of no numbers both are zero.
        ("MIN", _) => numbers().reduce(f64::min).unwrap_or_default(),
        ("MAX", _) => numbers().reduce(f64::max).unwrap_or_default(),
        ("SUMPRODUCT", [first, others @ ..]) => {
            let rows = first.values().len();
            if others.iter().any(|other| other.values().len() != rows) {
                return Err(NotCalculated);
            }
            // What is no number counts as nothing.
            let plain = |value: CellValue| if let CellValue::Number(number) = value { number } else { 0.0 };
            (0..rows).map(|row| operands.iter().map(|column| plain(column.values()[row])).product::<f64>()).sum()
        }
        ("ROUND", [Operand::One(value), Operand::One(decimals)]) => match (number(*value), number(*decimals)) {
            (Some(value), Some(decimals)) => {
                let step = 10_f64.powf(decimals.trunc());
                (value * step).round() / step
            }
            _ => return Ok(CellValue::Fault),
        },
        _ => return Err(NotCalculated),
    }))
}

/// `None` for a text, and for what failed.
fn number(value: CellValue) -> Option<f64> {
    match value {
        CellValue::Empty => Some(0.0),
        CellValue::Number(number) => Some(number),
        CellValue::Truth(truth) => Some(f64::from(truth)),
        CellValue::Text(_) | CellValue::Fault => None,
    }
}

fn arithmetic(operator: Operator, a: CellValue, b: CellValue) -> CellValue {
    let (Some(a), Some(b)) = (number(a), number(b)) else { return CellValue::Fault };
    CellValue::Number(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        _ if b == 0.0 => return CellValue::Fault,
        _ => a / b,
    })
}

/// Numbers sort before texts; texts are equal whatever their case.
fn compare(workbook: &AnnexWorkbook, operator: Operator, a: CellValue, b: CellValue) -> CellValue {
    let order = match (a, b) {
        (CellValue::Fault, _) | (_, CellValue::Fault) => return CellValue::Fault,
        (CellValue::Text(a), CellValue::Text(b)) => workbook.compare_texts(a, b),
        (CellValue::Text(_), _) => std::cmp::Ordering::Greater,
        (_, CellValue::Text(_)) => std::cmp::Ordering::Less,
        (a, b) => number(a).unwrap_or_default().total_cmp(&number(b).unwrap_or_default()),
    };
    CellValue::Truth(match operator {
        Operator::Equal => order.is_eq(),
        Operator::Unequal => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}
