//! Expressions between the braces of a tag, and their parser.

use rust_decimal::Decimal;

use super::schema::{self, Helper};
use crate::diagnostic::kinds::TemplateSyntax;

/// Deeper nesting of blocks or expressions is refused.
pub(super) const MAX_DEPTH: usize = 32;

/// An expression with its byte offset in the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arg {
    pub expr: Expr,
    pub at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Text(String),
    Number(Decimal),
    Bool(bool),
    /// `period.start`, `this`, `../title`, `@index`.
    Path(String),
    Call(Call),
}

/// A helper with its arguments: `actual "I14" in="2017-Q1"`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub name: String,
    pub at: usize,
    pub args: Vec<Arg>,
    /// In the order written.
    pub options: Vec<(String, Arg)>,
}

impl Arg {
    /// The argument as a call; a bare name is one without arguments.
    pub fn into_call(self) -> Option<Call> {
        match self.expr {
            Expr::Call(call) => Some(call),
            Expr::Path(name) => Some(Call::without_args(&name, self.at)),
            _ => None,
        }
    }

    /// The name that an expression begins with, if it begins with one.
    pub fn name(&self) -> Option<&str> {
        match &self.expr {
            Expr::Path(name) => Some(name),
            Expr::Call(call) => Some(&call.name),
            _ => None,
        }
    }
}

impl Call {
    pub fn without_args(name: &str, at: usize) -> Call {
        Call { name: name.to_owned(), at, args: Vec::new(), options: Vec::new() }
    }

    /// The helper that is called; `None` if the name is a path's, or misspelt.
    pub fn helper(&self) -> Option<&'static Helper> {
        schema::find_helper(&self.name)
    }

    pub fn option(&self, name: &str) -> Option<&Arg> {
        self.options.iter().find(|(known, _)| known == name).map(|(_, arg)| arg)
    }

    /// The value of an option that is written as a text in quotes.
    pub fn text_option(&self, name: &str) -> Option<&str> {
        match &self.option(name)?.expr {
            Expr::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Those of `names` that aren't among the options.
    pub fn missing_options<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        names.iter().copied().filter(|name| self.option(name).is_none()).collect()
    }

    /// The value of an option that is written as a number.
    pub fn number_option(&self, name: &str) -> Option<Decimal> {
        match self.option(name)?.expr {
            Expr::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether an option is written as `name=true`.
    pub fn has_flag(&self, name: &str) -> bool {
        matches!(self.option(name), Some(Arg { expr: Expr::Bool(true), .. }))
    }
}

/// A token of an expression.
#[derive(Debug, PartialEq)]
enum ExprToken {
    OpenParen,
    CloseParen,
    Equals,
    Bar,
    Text(String),
    Word(String),
}

/// Where a tag can't be read, and why.
pub(super) type ExprError = (usize, TemplateSyntax);

/// Reads the inside of a tag, which begins at `start` of the source: an expression and the names of `as |item index|`.
///
/// # Errors
/// If a quote or parenthesis isn't closed, a value is missing, or nesting is deeper than [`MAX_DEPTH`].
pub(super) fn parse_expression(inner: &str, start: usize) -> Result<(Arg, Vec<String>), ExprError> {
    let tokens = tokenize(inner, start)?;
    let mut parser = ExprParser { tokens: &tokens, next: 0, end: start + inner.len() };
    let arg = parser.parse_call(false, 0)?;
    Ok((arg, parser.parse_block_names()?))
}

/// Tokens with their offsets in the source.
fn tokenize(inner: &str, start: usize) -> Result<Vec<(ExprToken, usize)>, ExprError> {
    let mut tokens = Vec::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let token = match c {
            c if c.is_whitespace() => continue,
            '(' => ExprToken::OpenParen,
            ')' => ExprToken::CloseParen,
            '=' => ExprToken::Equals,
            '|' => ExprToken::Bar,
            '"' | '\'' => {
                let mut text = String::new();
                loop {
                    match chars.next() {
                        None => return Err((start + at, TemplateSyntax::Expression)),
                        Some((_, end)) if end == c => break,
                        Some((_, '\\')) => text.extend(chars.next().map(|(_, escaped)| escaped)),
                        Some((_, other)) => text.push(other),
                    }
                }
                ExprToken::Text(text)
            }
            c => {
                let mut word = String::from(c);
                while let Some((_, c)) = chars.next_if(|(_, c)| !c.is_whitespace() && !"()=|\"'{}".contains(*c)) {
                    word.push(c);
                }
                ExprToken::Word(word)
            }
        };
        tokens.push((token, start + at));
    }
    Ok(tokens)
}

/// Reads the tokens of one tag.
struct ExprParser<'a> {
    tokens: &'a [(ExprToken, usize)],
    next: usize,
    /// Offset behind the last token.
    end: usize,
}

impl ExprParser<'_> {
    fn peek(&self) -> Option<&ExprToken> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn peek_second(&self) -> Option<&ExprToken> {
        self.tokens.get(self.next + 1).map(|(token, _)| token)
    }

    fn offset(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    /// A name with its arguments, or one value by itself; `nested` within parentheses.
    fn parse_call(&mut self, nested: bool, depth: usize) -> Result<Arg, ExprError> {
        let at = self.offset();
        if depth > MAX_DEPTH {
            return Err((at, TemplateSyntax::Deep));
        }
        let first = self.parse_value(depth)?;
        let mut args = Vec::new();
        let mut options = Vec::new();
        while let Some(token) = self.peek() {
            match token {
                ExprToken::CloseParen if nested => break,
                ExprToken::Word(word) if word == "as" && self.peek_second() == Some(&ExprToken::Bar) => break,
                ExprToken::Word(name) if self.peek_second() == Some(&ExprToken::Equals) => {
                    let name = name.clone();
                    self.next += 2;
                    options.push((name, self.parse_value(depth)?));
                }
                _ => args.push(self.parse_value(depth)?),
            }
        }
        match first.expr {
            Expr::Path(name) if nested || !args.is_empty() || !options.is_empty() => {
                Ok(Arg { expr: Expr::Call(Call { name, at, args, options }), at })
            }
            expr if args.is_empty() && options.is_empty() => Ok(Arg { expr, at }),
            _ => Err((at, TemplateSyntax::Expression)),
        }
    }

    fn parse_value(&mut self, depth: usize) -> Result<Arg, ExprError> {
        let at = self.offset();
        let Some((token, _)) = self.tokens.get(self.next) else { return Err((at, TemplateSyntax::Empty)) };
        self.next += 1;
        let expr = match token {
            ExprToken::Text(text) => Expr::Text(text.clone()),
            ExprToken::Word(word) => match word.as_str() {
                "true" => Expr::Bool(true),
                "false" => Expr::Bool(false),
                word => match word.parse::<Decimal>() {
                    Ok(number) => Expr::Number(number),
                    Err(_) => Expr::Path(word.to_owned()),
                },
            },
            ExprToken::OpenParen => {
                let inner = self.parse_call(true, depth + 1)?;
                if self.peek() != Some(&ExprToken::CloseParen) {
                    return Err((at, TemplateSyntax::Parenthesis));
                }
                self.next += 1;
                return Ok(inner);
            }
            ExprToken::CloseParen | ExprToken::Equals | ExprToken::Bar => return Err((at, TemplateSyntax::Expression)),
        };
        Ok(Arg { expr, at })
    }

    /// `as |item index|` at the end of a block's tag; no names if the tag ends here.
    fn parse_block_names(&mut self) -> Result<Vec<String>, ExprError> {
        if self.peek().is_none() {
            return Ok(Vec::new());
        }
        let at = self.offset();
        self.next += 2;
        let mut names = Vec::new();
        while let Some(ExprToken::Word(name)) = self.peek() {
            names.push(name.clone());
            self.next += 1;
        }
        let closed = self.peek() == Some(&ExprToken::Bar) && self.next + 1 == self.tokens.len();
        if closed && (1..=2).contains(&names.len()) { Ok(names) } else { Err((at, TemplateSyntax::Expression)) }
    }
}
