//! A second calculation of a written annex: its formulas are parsed from the file and evaluated anew, by the rules of
//! spreadsheets, knowing nothing of how they were made.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Empty,
    Number(f64),
    Text(String),
    Truth(bool),
    Fault(&'static str),
}

/// A value, or the cells of a range or of a calculation over one.
#[derive(Clone, Debug)]
enum Found {
    One(Value),
    Many(Vec<Value>),
}

type Address = (String, u32, u32);

pub struct Book {
    pub cached: BTreeMap<Address, Value>,
    pub formulas: BTreeMap<Address, String>,
}

impl Book {
    pub fn open(path: &Path) -> Book {
        let mut workbook: Xlsx<_> = open_workbook(path).expect("the annex opens");
        let (mut cached, mut formulas) = (BTreeMap::new(), BTreeMap::new());
        for sheet in workbook.sheet_names() {
            let values = workbook.worksheet_range(&sheet).expect("values");
            let (top, left) = values.start().unwrap_or_default();
            for (row, column, data) in values.used_cells() {
                let value = match data {
                    Data::Float(number) => Value::Number(*number),
                    Data::Int(number) => Value::Number(*number as f64),
                    Data::DateTime(date) => Value::Number(date.as_f64()),
                    Data::String(text) => Value::Text(text.clone()),
                    Data::Bool(truth) => Value::Truth(*truth),
                    other => panic!("{sheet} {row} {column}: {other:?}"),
                };
                cached.insert((sheet.clone(), row as u32 + top, column as u32 + left), value);
            }
            let written = workbook.worksheet_formula(&sheet).expect("formulas");
            let (top, left) = written.start().unwrap_or_default();
            for (row, column, formula) in written.used_cells().filter(|(_, _, formula)| !formula.is_empty()) {
                formulas.insert((sheet.clone(), row as u32 + top, column as u32 + left), formula.clone());
            }
        }
        Book { cached, formulas }
    }

    /// Every formula whose new value is not the cached one: where it stands, its text, both values.
    pub fn differences(&self) -> Vec<(Address, String, Value, Value)> {
        let mut known = BTreeMap::new();
        let differs = |(at, formula): (&Address, &String)| {
            let (new, cached) = (self.value(at, &mut known), self.cached.get(at).cloned().unwrap_or(Value::Empty));
            (!same(&new, &cached)).then(|| (at.clone(), formula.clone(), new, cached))
        };
        self.formulas.iter().filter_map(differs).collect()
    }

    fn value(&self, at: &Address, known: &mut BTreeMap<Address, Value>) -> Value {
        let Some(formula) = self.formulas.get(at) else { return self.cached.get(at).cloned().unwrap_or(Value::Empty) };
        if let Some(value) = known.get(at) {
            return value.clone();
        }
        let mut parser = Parser { book: self, known, home: &at.0, rest: formula };
        let value = single(parser.comparison());
        assert!(parser.rest.is_empty(), "not understood: {} in {formula}", parser.rest);
        known.insert(at.clone(), value.clone());
        value
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
        (a, b) => a == b,
    }
}

fn single(found: Found) -> Value {
    match found {
        Found::One(value) => value,
        Found::Many(_) => Value::Fault("#VALUE!"),
    }
}

fn number(value: &Value) -> Result<f64, &'static str> {
    match value {
        Value::Empty => Ok(0.0),
        Value::Number(number) => Ok(*number),
        Value::Truth(truth) => Ok(f64::from(*truth)),
        Value::Text(_) => Err("#VALUE!"),
        Value::Fault(fault) => Err(fault),
    }
}

struct Parser<'p> {
    book: &'p Book,
    known: &'p mut BTreeMap<Address, Value>,
    home: &'p str,
    rest: &'p str,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let eaten = self.rest.strip_prefix(token);
        self.rest = eaten.unwrap_or(self.rest);
        eaten.is_some()
    }

    fn comparison(&mut self) -> Found {
        let left = self.sum();
        for operator in ["<=", ">=", "<>", "=", "<", ">"] {
            if self.eat(operator) {
                let right = self.sum();
                return each(left, right, |a, b| compared(operator, a, b));
            }
        }
        left
    }

    fn sum(&mut self) -> Found {
        let mut left = self.product();
        loop {
            let operator = ["+", "-"].into_iter().find(|operator| self.eat(operator));
            let Some(operator) = operator else { return left };
            let right = self.product();
            left = each(left, right, |a, b| calculated(operator, a, b));
        }
    }

    fn product(&mut self) -> Found {
        let mut left = self.atom();
        loop {
            let operator = ["*", "/"].into_iter().find(|operator| self.eat(operator));
            let Some(operator) = operator else { return left };
            let right = self.atom();
            left = each(left, right, |a, b| calculated(operator, a, b));
        }
    }

    fn atom(&mut self) -> Found {
        if self.eat("(") {
            let inner = self.comparison();
            assert!(self.eat(")"), "no closing bracket before {}", self.rest);
            return inner;
        }
        if self.eat("\"") {
            let end = self.rest.find('"').expect("a closing quotation mark");
            let text = self.rest[..end].to_owned();
            self.rest = &self.rest[end + 1..];
            return Found::One(Value::Text(text));
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            let end =
                self.rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(self.rest.len(), |at| at + 1);
            let number = self.rest[..end].parse().expect("a number");
            self.rest = &self.rest[end..];
            return Found::One(Value::Number(number));
        }
        let sheet = if self.eat("'") {
            let end = self.rest.find("'!").expect("a sheet");
            let name = self.rest[..end].replace("''", "'");
            self.rest = &self.rest[end + 2..];
            name
        } else {
            self.home.to_owned()
        };
        if self.rest.starts_with('$') {
            return self.reference(&sheet);
        }
        let end = self.rest.find('(').expect("a function");
        let name = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let mut arguments = Vec::new();
        while !self.eat(")") {
            arguments.push(self.comparison());
            self.eat(",");
        }
        called(name, arguments)
    }

    fn reference(&mut self, sheet: &str) -> Found {
        let (row, column) = self.address();
        if !self.eat(":") {
            return Found::One(self.book.value(&(sheet.to_owned(), row, column), self.known));
        }
        let (last, _) = self.address();
        let cells = (row..=last).map(|row| self.book.value(&(sheet.to_owned(), row, column), self.known));
        Found::Many(cells.collect())
    }

    /// `$B$5` as row and column from 0.
    fn address(&mut self) -> (u32, u32) {
        assert!(self.eat("$"), "an absolute reference before {}", self.rest);
        let end = self.rest.find('$').expect("a row");
        let column = self.rest[..end].bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1) - 1;
        self.rest = &self.rest[end + 1..];
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let row: u32 = self.rest[..end].parse().expect("a row");
        self.rest = &self.rest[end..];
        (row - 1, column)
    }
}

fn each(left: Found, right: Found, of: impl Fn(&Value, &Value) -> Value) -> Found {
    match (left, right) {
        (Found::One(a), Found::One(b)) => Found::One(of(&a, &b)),
        (Found::Many(a), Found::One(b)) => Found::Many(a.iter().map(|a| of(a, &b)).collect()),
        (Found::One(a), Found::Many(b)) => Found::Many(b.iter().map(|b| of(&a, b)).collect()),
        (Found::Many(a), Found::Many(b)) => {
            assert_eq!(a.len(), b.len(), "ranges of one length");
            Found::Many(a.iter().zip(&b).map(|(a, b)| of(a, b)).collect())
        }
    }
}

fn calculated(operator: &str, a: &Value, b: &Value) -> Value {
    let (a, b) = match (number(a), number(b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(fault), _) | (_, Err(fault)) => return Value::Fault(fault),
    };
    match operator {
        "+" => Value::Number(a + b),
        "-" => Value::Number(a - b),
        "*" => Value::Number(a * b),
        _ if b == 0.0 => Value::Fault("#DIV/0!"),
        _ => Value::Number(a / b),
    }
}

fn compared(operator: &str, a: &Value, b: &Value) -> Value {
    // Numbers stand before texts; texts compare whatever their case.
    let order = match (a, b) {
        (Value::Fault(fault), _) | (_, Value::Fault(fault)) => return Value::Fault(fault),
        (Value::Text(a), Value::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        (Value::Text(_), _) => std::cmp::Ordering::Greater,
        (_, Value::Text(_)) => std::cmp::Ordering::Less,
        (a, b) => number(a).unwrap().total_cmp(&number(b).unwrap()),
    };
    Value::Truth(match operator {
        "=" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn called(name: &str, arguments: Vec<Found>) -> Found {
    let listed = |found: &Found| match found {
        Found::One(value) => vec![value.clone()],
        Found::Many(values) => values.clone(),
    };
    let one = |at: usize| single(arguments[at].clone());
    let numbers: Vec<f64> = arguments
        .iter()
        .flat_map(listed)
        .filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None })
        .collect();
    let fault = arguments.iter().flat_map(listed).find(|value| matches!(value, Value::Fault(_)));
    if let (Found::Many(values), "ISNUMBER") = (&arguments[0], name) {
        return Found::Many(values.iter().map(|value| Value::Truth(matches!(value, Value::Number(_)))).collect());
    }
    Found::One(match (name, fault) {
        ("IFERROR", _) => match one(0) {
            Value::Fault(_) => one(1),
            value => value,
        },
        ("IF", _) => match one(0) {
            Value::Truth(true) => one(1),
            Value::Truth(false) => one(2),
            Value::Fault(fault) => Value::Fault(fault),
            other => panic!("a condition: {other:?}"),
        },
        ("ISNUMBER", _) => Value::Truth(matches!(one(0), Value::Number(_))),
        ("COUNT", _) => Value::Number(numbers.len() as f64),
        ("COUNTA", _) => {
            Value::Number(arguments.iter().flat_map(listed).filter(|value| *value != Value::Empty).count() as f64)
        }
        (_, Some(fault)) => fault,
        ("SUM", None) => Value::Number(numbers.iter().sum()),
        ("MIN", None) => Value::Number(numbers.iter().copied().fold(f64::INFINITY, f64::min)),
        ("MAX", None) => Value::Number(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max).max(0.0)),
        ("AVERAGE", None) => Value::Number(numbers.iter().sum::<f64>() / numbers.len() as f64),
        ("SUMPRODUCT", None) => {
            let columns: Vec<Vec<Value>> = arguments.iter().map(listed).collect();
            // What is not a number counts as nothing.
            let plain = |value: &Value| if let Value::Number(number) = value { *number } else { 0.0 };
            let rows = 0..columns[0].len();
            Value::Number(rows.map(|row| columns.iter().map(|column| plain(&column[row])).product::<f64>()).sum())
        }
        ("ROUND", None) => match (number(&one(0)), number(&one(1))) {
            (Ok(value), Ok(digits)) => {
                let step = 10_f64.powf(digits);
                Value::Number((value * step).round() / step)
            }
            (Err(fault), _) | (_, Err(fault)) => Value::Fault(fault),
        },
        (other, None) => panic!("an unknown function: {other}"),
    })
}
