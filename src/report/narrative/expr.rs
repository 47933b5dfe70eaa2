//! Expressions between the braces of a tag, and their parser.

use rust_decimal::Decimal;

use super::helpers::{self, Helper};
use super::quotation_marks::{ends_word, is_quotation_mark, read_quoted};
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

    /// The argument as a word: a text in quotation marks, or a bare word.
    pub fn word(&self) -> Option<&str> {
        match &self.expr {
            Expr::Text(word) | Expr::Path(word) => Some(word),
            _ => None,
        }
    }

    /// The argument as true or false, in quotation marks or without.
    pub fn flag(&self) -> Option<bool> {
        match &self.expr {
            Expr::Bool(flag) => Some(*flag),
            Expr::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The argument as a whole number from 0, in quotation marks or without.
    pub fn count(&self) -> Option<u32> {
        match &self.expr {
            Expr::Number(number) if number.is_integer() => u32::try_from(*number).ok(),
            Expr::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The expression as it is written in a tag.
    pub fn source(&self) -> String {
        match &self.expr {
            Expr::Text(text) => format!("\"{text}\""),
            Expr::Number(number) => number.to_string(),
            Expr::Bool(flag) => flag.to_string(),
            Expr::Path(path) => path.clone(),
            Expr::Call(call) => format!("({})", call.source()),
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
        helpers::find_helper(&self.name)
    }

    /// The call as it is written in a tag, without parentheses: `actual "I1" in="2017-Q1"`.
    pub fn source(&self) -> String {
        let args = self.args.iter().map(Arg::source);
        let options = self.options.iter().map(|(name, arg)| format!("{name}={}", arg.source()));
        std::iter::once(self.name.clone()).chain(args).chain(options).collect::<Vec<_>>().join(" ")
    }

    pub fn option(&self, name: &str) -> Option<&Arg> {
        self.options.iter().find(|(known, _)| known == name).map(|(_, arg)| arg)
    }

    /// The value of an option that is one of some words, in quotation marks or without.
    pub fn word_option(&self, name: &str) -> Option<&str> {
        self.option(name)?.word()
    }

    /// Those of `names` that aren't among the options.
    pub fn missing_options<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        names.iter().copied().filter(|name| self.option(name).is_none()).collect()
    }

    /// Whether an option is written as `name=true` or `name="true"`.
    pub fn has_flag(&self, name: &str) -> bool {
        self.option(name).and_then(Arg::flag) == Some(true)
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
    let mut at = 0;
    while let Some(c) = inner[at..].chars().next() {
        let (token, length) = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (ExprToken::OpenParen, 1),
            ')' => (ExprToken::CloseParen, 1),
            '=' => (ExprToken::Equals, 1),
            '|' => (ExprToken::Bar, 1),
            c if is_quotation_mark(c) => {
                let quoted = read_quoted(&inner[at..]).ok_or((start + at, TemplateSyntax::Quote))?;
                (ExprToken::Text(quoted.text), quoted.length)
            }
            _ => {
                let length = word_length(&inner[at..]);
                (ExprToken::Word(inner[at..at + length].to_owned()), length)
            }
        };
        tokens.push((token, start + at));
        at += length;
    }
    Ok(tokens)
}

/// Bytes of the word at the beginning of a text: up to a blank, a sign or a quotation mark, except for text in
/// brackets (`this.[Name of trainer]`).
fn word_length(rest: &str) -> usize {
    let mut in_brackets = false;
    for (at, c) in rest.char_indices() {
        match c {
            '[' => in_brackets = rest[at..].contains(']'),
            ']' => in_brackets = false,
            _ if in_brackets || at == 0 => {}
            c if c.is_whitespace() || "()=|{}".contains(c) || ends_word(c) => return at,
            _ => {}
        }
    }
    rest.len()
}

/// The inside of a tag as plain Handlebars, with as many characters: straight quotation marks, blanks, and no sign in a
/// word that Handlebars doesn't know (`60+`).
pub(super) fn to_plain_handlebars(inner: &str) -> String {
    let mut plain = String::with_capacity(inner.len());
    let mut at = 0;
    while let Some(c) = inner[at..].chars().next() {
        let quoted = if is_quotation_mark(c) { read_quoted(&inner[at..]) } else { None };
        let length = match quoted {
            Some(quoted) => {
                let piece = &inner[at..at + quoted.length];
                let last = piece.chars().count() - 1;
                plain.extend(piece.chars().enumerate().map(|(index, c)| match c {
                    _ if index == 0 || index == last => '"',
                    '"' | '\\' => '_',
                    c => c,
                }));
                quoted.length
            }
            None if c.is_whitespace() || "()=|{}".contains(c) => {
                plain.push(if c.is_whitespace() && c != '\n' { ' ' } else { c });
                c.len_utf8()
            }
            None => {
                let length = word_length(&inner[at..]);
                let is_known = |c: char| c.is_alphanumeric() || !c.is_ascii() || "-_$:./@[]~#".contains(c);
                // What begins like a number and is none (`007`, `2017-Q1`) is a name, too.
                let is_digit = |index: usize, c: char| index == 0 && (c.is_ascii_digit() || c == '-');
                plain.extend(inner[at..at + length].chars().enumerate().map(|(index, c)| {
                    let is_plain = c.is_whitespace() || is_known(c) && !is_digit(index, c);
                    if is_plain { c } else { '_' }
                }));
                length
            }
        };
        at += length;
    }
    plain
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
                // What a number wouldn't be written as (`007`) is a word.
                word => match word.parse::<Decimal>() {
                    Ok(number) if number.to_string() == word => Expr::Number(number),
                    _ => Expr::Path(word.to_owned()),
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

/// How many scopes a path leads up (`../`), and its names; one in brackets may hold any characters.
pub(super) fn split_path(path: &str) -> (usize, Vec<&str>) {
    let mut rest = path;
    let mut up = 0;
    while let Some(outer) = rest.strip_prefix("../") {
        rest = outer;
        up += 1;
    }
    let mut names = Vec::new();
    while !rest.is_empty() {
        let bracketed = rest.strip_prefix('[').and_then(|inner| inner.split_once(']'));
        let (name, behind) = match bracketed {
            Some((name, behind)) => (name, behind),
            None => rest.split_at(rest.find(['.', '/']).unwrap_or(rest.len())),
        };
        if !name.is_empty() {
            names.push(name);
        }
        rest = behind.strip_prefix(['.', '/']).unwrap_or(behind);
    }
    (up, names)
}
