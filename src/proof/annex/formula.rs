//! Formulas of a workbook as trees, parsed from their text; of the language of spreadsheets what annexes use.

/// Brackets and functions within one another.
const MOST_LEVELS: usize = 32;

/// A place of a workbook, from 0. Ordered so that a column's cells follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SheetPlace {
    /// Which sheet, in their order.
    pub sheet: usize,
    pub column: u32,
    pub row: u32,
}

/// A formula, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub enum FormulaTree {
    Number(f64),
    Text(String),
    Cell(SheetPlace),
    /// Cells of one column, from the first to a last row.
    Column(SheetPlace, u32),
    Infix(Operator, Box<[FormulaTree; 2]>),
    Call(String, Vec<FormulaTree>),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl FormulaTree {
    /// Parses a formula of a sheet; `sheets` are the names of all. `None` if it uses anything that annexes don't.
    pub fn parse(text: &str, home: usize, sheets: &[String]) -> Option<FormulaTree> {
        let mut parser = FormulaParser { rest: text, home, sheets };
        let tree = parser.comparison(MOST_LEVELS)?;
        parser.rest.is_empty().then_some(tree)
    }

    /// Calls `visit` with each cell that the formula looks at, of a column with the first.
    pub fn visit_cells(&self, visit: &mut dyn FnMut(SheetPlace)) {
        match self {
            FormulaTree::Number(_) | FormulaTree::Text(_) => {}
            FormulaTree::Cell(place) | FormulaTree::Column(place, _) => visit(*place),
            FormulaTree::Infix(_, sides) => sides.iter().for_each(|side| side.visit_cells(visit)),
            FormulaTree::Call(_, arguments) => arguments.iter().for_each(|argument| argument.visit_cells(visit)),
        }
    }

    /// Calls `visit` with each text that the formula gives or compares with.
    pub fn visit_texts(&self, visit: &mut dyn FnMut(&str)) {
        match self {
            FormulaTree::Text(text) => visit(text),
            FormulaTree::Number(_) | FormulaTree::Cell(_) | FormulaTree::Column(..) => {}
            FormulaTree::Infix(_, sides) => sides.iter().for_each(|side| side.visit_texts(visit)),
            FormulaTree::Call(_, arguments) => arguments.iter().for_each(|argument| argument.visit_texts(visit)),
        }
    }

    /// The number of decimals that the formula's result is rounded to, negative before the separator.
    pub fn rounding(&self) -> Option<i32> {
        match self {
            FormulaTree::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("ROUND", [_, FormulaTree::Number(decimals)]) => Some(*decimals as i32),
                ("IFERROR", [inner, _]) => inner.rounding(),
                _ => None,
            },
            _ => None,
        }
    }
}

struct FormulaParser<'p> {
    rest: &'p str,
    home: usize,
    sheets: &'p [String],
}

impl FormulaParser<'_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        operators.iter().find(|(text, _)| self.take(text)).map(|(_, operator)| *operator)
    }

    fn comparison(&mut self, levels: usize) -> Option<FormulaTree> {
        const OPERATORS: &[(&str, Operator)] = &[
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<>", Operator::Unequal),
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        let left = self.sum(levels.checked_sub(1)?)?;
        match self.operator(OPERATORS) {
            Some(operator) => Some(FormulaTree::Infix(operator, Box::new([left, self.sum(levels - 1)?]))),
            None => Some(left),
        }
    }

    fn sum(&mut self, levels: usize) -> Option<FormulaTree> {
        const OPERATORS: &[(&str, Operator)] = &[("+", Operator::Add), ("-", Operator::Subtract)];
        self.chain(OPERATORS, levels, FormulaParser::product)
    }

    fn product(&mut self, levels: usize) -> Option<FormulaTree> {
        const OPERATORS: &[(&str, Operator)] = &[("*", Operator::Multiply), ("/", Operator::Divide)];
        self.chain(OPERATORS, levels, FormulaParser::atom)
    }

    /// Parts with operators of one rank between them; as deep as it is long.
    fn chain(
        &mut self,
        operators: &[(&str, Operator)],
        mut levels: usize,
        part: fn(&mut Self, usize) -> Option<FormulaTree>,
    ) -> Option<FormulaTree> {
        let mut left = part(self, levels)?;
        while let Some(operator) = self.operator(operators) {
            levels = levels.checked_sub(1)?;
            left = FormulaTree::Infix(operator, Box::new([left, part(self, levels)?]));
        }
        Some(left)
    }

    fn atom(&mut self, levels: usize) -> Option<FormulaTree> {
        if self.take("(") {
            let inner = self.comparison(levels)?;
            return self.take(")").then_some(inner);
        }
        if self.take("\"") {
            return self.text();
        }
        if self.rest.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-') {
            let is_more = |letter: char| letter.is_ascii_digit() || letter == '.';
            let end = self.rest.char_indices().skip(1).find(|(_, letter)| !is_more(*letter));
            let number = self.split(end.map_or(self.rest.len(), |(at, _)| at)).parse().ok()?;
            return Some(FormulaTree::Number(number));
        }
        let sheet = if self.take("'") { self.sheet()? } else { self.home };
        if self.rest.starts_with('$') {
            return self.cells(sheet);
        }
        let name = self.split(self.rest.find('(')?).to_owned();
        self.take("(");
        let mut arguments = Vec::new();
        while !self.take(")") {
            arguments.push(self.comparison(levels)?);
            if !self.take(",") && !self.rest.starts_with(')') {
                return None;
            }
        }
        Some(FormulaTree::Call(name, arguments))
    }

    fn split(&mut self, at: usize) -> &str {
        let (before, rest) = self.rest.split_at(at);
        self.rest = rest;
        before
    }

    fn text(&mut self) -> Option<FormulaTree> {
        let mut text = String::new();
        loop {
            let end = self.rest.find('"')?;
            text.push_str(self.split(end));
            self.take("\"");
            // A doubled quotation mark is one within the text.
            if !self.take("\"") {
                return Some(FormulaTree::Text(text));
            }
            text.push('"');
        }
    }

    fn sheet(&mut self) -> Option<usize> {
        let end = self.rest.find("'!")?;
        let name = self.split(end).replace("''", "'");
        self.take("'!");
        self.sheets.iter().position(|sheet| *sheet == name)
    }

    fn cells(&mut self, sheet: usize) -> Option<FormulaTree> {
        let (column, row) = self.address()?;
        let first = SheetPlace { sheet, column, row };
        if !self.take(":") {
            return Some(FormulaTree::Cell(first));
        }
        let (last_column, last) = self.address()?;
        (last_column == column && last >= row).then_some(FormulaTree::Column(first, last))
    }

    /// `$B$5` as column and row from 0.
    fn address(&mut self) -> Option<(u32, u32)> {
        if !self.take("$") {
            return None;
        }
        let end = self.rest.find('$')?;
        let column = column_of(self.split(end))?;
        self.take("$");
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.rest.len());
        let row: u32 = self.split(end).parse().ok()?;
        Some((column, row.checked_sub(1)?))
    }
}

/// `AB` as the place of a column, from 0.
pub fn column_of(letters: &str) -> Option<u32> {
    let is_column = (1..=3).contains(&letters.len()) && letters.bytes().all(|letter| letter.is_ascii_uppercase());
    let number = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter.saturating_sub(b'A')) + 1);
    is_column.then(|| number - 1)
}

/// The letters of a column, from 0: `AB`.
pub fn column_name(column: u32) -> String {
    let letter = |number: u32| char::from(b'A' + (number % 26) as u8).to_string();
    if column < 26 { letter(column) } else { column_name(column / 26 - 1) + &letter(column) }
}
