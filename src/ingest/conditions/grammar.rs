//! The words of `where`, `by` and `calculation` taken apart. Names and values are looked up later, when the tables are known.

use rust_decimal::Decimal;

use crate::diagnostic::{ProblemKind, kinds, nearest};

/// One condition as written: `sex = F | X`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCondition {
    /// The column, or what else is compared.
    pub name: String,
    /// How it is compared.
    pub op: WrittenOp,
    /// With any of which it is compared.
    pub values: Vec<String>,
    /// The whole condition.
    pub text: String,
}

/// An operator as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// `people`, `sum(reached)`, `ratio(I1, I2)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenCalculation {
    Activities,
    Attendances,
    People,
    Completed(WrittenCompletion),
    Sum(String),
    Distinct(String),
    Reach(String),
    Ratio(String, String),
    Reported,
}

/// `at_least = 8`, or `at_least = "80 %", of = "course"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenCompletion {
    Attendances(u32),
    Share { share: Decimal, of: String },
}

impl WrittenCalculation {
    /// Names of calculations, for suggestions.
    pub const NAMES: [&str; 8] =
        ["activities", "attendances", "people", "sum", "distinct", "reach", "ratio", "reported"];

    /// The column that it names.
    pub fn column(&self) -> Option<&str> {
        match self {
            WrittenCalculation::Sum(column)
            | WrittenCalculation::Distinct(column)
            | WrittenCalculation::Reach(column)
            | WrittenCalculation::Completed(WrittenCompletion::Share { of: column, .. }) => Some(column),
            _ => None,
        }
    }
}

/// What can't be taken apart, with the piece that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionFault {
    /// `sex F`: no operator.
    NoOperator(String),
    /// `sex =`: nothing to compare with.
    NoValue(String),
    /// `= F`: no column.
    NoName(String),
    /// `sex = F, age < 18`: a comma between two conditions.
    CommaBetween(String),
    /// `summ(reached)`: not a calculation.
    UnknownCalculation(String),
    /// `sum`, `ratio(I1)`, `people(sex)`: wrong number of arguments.
    WrongArguments(String),
    /// `sex × age × type`: more than two crossed, or one missing.
    WrongCrossing(String),
}

/// The kind of problem of words that can't be taken apart.
impl From<ExpressionFault> for ProblemKind {
    fn from(fault: ExpressionFault) -> ProblemKind {
        match fault {
            ExpressionFault::NoOperator(text) => kinds::BadCondition::Operator { text }.into(),
            ExpressionFault::NoValue(text) => kinds::BadCondition::Value { text }.into(),
            ExpressionFault::NoName(text) => kinds::BadCondition::Name { text }.into(),
            ExpressionFault::CommaBetween(text) => {
                let right = text.replace(',', ";");
                kinds::BadCondition::Comma { text, right }.into()
            }
            ExpressionFault::WrongCrossing(text) => kinds::BadAxis::Plain { text }.into(),
            ExpressionFault::WrongArguments(text) if text.to_lowercase().starts_with("people") => {
                kinds::BadCalculation::People { text }.into()
            }
            ExpressionFault::WrongArguments(text) => kinds::BadCalculation::Arguments { text }.into(),
            ExpressionFault::UnknownCalculation(text) => {
                let name = text.split('(').next().unwrap_or_default().trim();
                let arguments = text.get(name.len()..).unwrap_or_default().trim();
                let nearest = nearest(name, WrittenCalculation::NAMES).map(|near| format!("{near}{arguments}"));
                kinds::BadCalculation::Plain { text, nearest }.into()
            }
        }
    }
}

/// Two-character signs first, so that `<=` isn't read as `<`.
const OPERATORS: [(&str, WrittenOp); 9] = [
    ("!=", WrittenOp::NotEqual),
    ("<=", WrittenOp::LessOrEqual),
    (">=", WrittenOp::GreaterOrEqual),
    ("≠", WrittenOp::NotEqual),
    ("≤", WrittenOp::LessOrEqual),
    ("≥", WrittenOp::GreaterOrEqual),
    ("=", WrittenOp::Equal),
    ("<", WrittenOp::Less),
    (">", WrittenOp::Greater),
];

/// `type = training; age < 18` taken apart, with a fault for each piece that can't be.
pub fn parse_conditions(text: &str) -> (Vec<WrittenCondition>, Vec<ExpressionFault>) {
    let (mut conditions, mut faults) = (Vec::new(), Vec::new());
    for piece in text.split([';', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        match parse_condition(piece) {
            Ok(condition) => conditions.push(condition),
            Err(fault) => faults.push(fault),
        }
    }
    (conditions, faults)
}

fn parse_condition(piece: &str) -> Result<WrittenCondition, ExpressionFault> {
    let first = OPERATORS.iter().filter_map(|(sign, op)| piece.find(sign).map(|at| (at, sign, op)));
    let Some((at, sign, op)) = first.min_by_key(|(at, sign, _)| (*at, usize::MAX - sign.len())) else {
        return Err(ExpressionFault::NoOperator(piece.to_owned()));
    };
    let name = piece[..at].trim();
    if name.is_empty() {
        return Err(ExpressionFault::NoName(piece.to_owned()));
    }
    let values: Vec<String> = piece[at + sign.len()..].split('|').map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        return Err(ExpressionFault::NoValue(piece.to_owned()));
    }
    let is_condition = |rest: &str| OPERATORS.iter().any(|(sign, _)| rest.contains(sign));
    if piece[at + sign.len()..].split_once(',').is_some_and(|(_, rest)| is_condition(rest)) {
        return Err(ExpressionFault::CommaBetween(piece.to_owned()));
    }
    Ok(WrittenCondition { name: name.to_owned(), op: *op, values, text: piece.to_owned() })
}

/// `ratio(I1, I2)` taken apart.
///
/// # Errors
/// No such calculation, or it doesn't take these arguments.
pub fn parse_calculation(text: &str) -> Result<WrittenCalculation, ExpressionFault> {
    let text = text.trim();
    let (name, arguments) = match text.strip_suffix(')').and_then(|open| open.split_once('(')) {
        Some((name, inner)) => (name.trim(), split_arguments(inner)),
        None => (text, Vec::new()),
    };
    let wrong = || ExpressionFault::WrongArguments(text.to_owned());
    if arguments.iter().any(|argument| argument.is_empty()) {
        return Err(wrong());
    }
    match (name.to_lowercase().as_str(), arguments.as_slice()) {
        ("activities", []) => Ok(WrittenCalculation::Activities),
        ("attendances", []) => Ok(WrittenCalculation::Attendances),
        ("people", []) => Ok(WrittenCalculation::People),
        ("people", options) => {
            let completion = parse_completion(options).ok_or_else(wrong)?;
            Ok(WrittenCalculation::Completed(completion))
        }
        ("reported", []) => Ok(WrittenCalculation::Reported),
        ("sum", [column]) => Ok(WrittenCalculation::Sum((*column).to_owned())),
        ("distinct", [column]) => Ok(WrittenCalculation::Distinct((*column).to_owned())),
        ("reach", [column]) => Ok(WrittenCalculation::Reach((*column).to_owned())),
        ("ratio", [over, under]) => Ok(WrittenCalculation::Ratio((*over).to_owned(), (*under).to_owned())),
        (name, _) if WrittenCalculation::NAMES.contains(&name) => Err(wrong()),
        _ => Err(ExpressionFault::UnknownCalculation(text.to_owned())),
    }
}

/// The arguments between commas, but not those in quotation marks: `at_least = "62,5 %"`.
fn split_arguments(text: &str) -> Vec<&str> {
    let mut arguments = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            letter if QUOTES.contains(&letter) => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                arguments.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(text[start..].trim());
    arguments
}

/// Quotation marks, straight, curly and low.
const QUOTES: [char; 9] = ['"', '\'', '“', '”', '„', '‘', '’', '«', '»'];

/// The options of `people`; `None` where they don't go together.
fn parse_completion(options: &[&str]) -> Option<WrittenCompletion> {
    let (mut at_least, mut of) = (None, None);
    for option in options {
        let (name, value) = option.split_once('=')?;
        let value = value.trim().trim_matches(QUOTES).trim();
        let known = match name.trim().to_lowercase().as_str() {
            "at_least" => &mut at_least,
            "of" => &mut of,
            _ => return None,
        };
        if value.is_empty() || known.replace(value).is_some() {
            return None;
        }
    }
    let at_least = at_least?;
    match (at_least.strip_suffix('%'), of) {
        (Some(percent), Some(of)) => {
            let percent: Decimal = percent.trim().replace(',', ".").parse().ok()?;
            let share = percent / Decimal::ONE_HUNDRED;
            let is_share = share > Decimal::ZERO && share <= Decimal::ONE;
            is_share.then(|| WrittenCompletion::Share { share, of: of.to_owned() })
        }
        (None, None) => at_least.parse().ok().filter(|number| *number > 0).map(WrittenCompletion::Attendances),
        _ => None,
    }
}

/// One axis as written: `sex`, or `sex × age`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAxis {
    /// The column.
    pub first: String,
    /// The column that it is crossed with.
    pub second: Option<String>,
    /// Crossings normalised to ` × `.
    pub text: String,
}

/// `sex; age; sex x type` taken apart.
pub fn parse_axes(text: &str) -> (Vec<WrittenAxis>, Vec<ExpressionFault>) {
    let (mut axes, mut faults) = (Vec::new(), Vec::new());
    for piece in text.split([';', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let parts = split_crossing(piece);
        match parts.as_slice() {
            [first] if !first.is_empty() => {
                axes.push(WrittenAxis { first: first.clone(), second: None, text: first.clone() });
            }
            [first, second] if !first.is_empty() && !second.is_empty() => axes.push(WrittenAxis {
                first: first.clone(),
                second: Some(second.clone()),
                text: format!("{first} × {second}"),
            }),
            _ => faults.push(ExpressionFault::WrongCrossing(piece.to_owned())),
        }
    }
    (axes, faults)
}

/// Split at `×`, and at an x or х that is alone between spaces.
fn split_crossing(piece: &str) -> Vec<String> {
    let mut parts = vec![Vec::new()];
    for word in piece.replace('×', " × ").split_whitespace() {
        if matches!(word, "×" | "x" | "X" | "х" | "Х") {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(word.to_owned());
        }
    }
    parts.into_iter().map(|words| words.join(" ")).collect()
}
