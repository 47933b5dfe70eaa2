use rust_decimal::Decimal;

use super::syntax::{Arg, Call, DEEPEST, Expr};

/// A piece of what stands between braces.
#[derive(Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    Equals,
    Bar,
    Text(String),
    Word(String),
}

/// Tokens with their offsets in the source, or the offset of what can't be read.
pub(super) fn tokens_of(inner: &str, start: usize) -> Result<Vec<(Token, usize)>, usize> {
    let mut tokens = Vec::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let token = match c {
            c if c.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '=' => Token::Equals,
            '|' => Token::Bar,
            '"' | '\'' => {
                let mut text = String::new();
                loop {
                    match chars.next() {
                        None => return Err(start + at),
                        Some((_, end)) if end == c => break,
                        Some((_, '\\')) => text.extend(chars.next().map(|(_, escaped)| escaped)),
                        Some((_, other)) => text.push(other),
                    }
                }
                Token::Text(text)
            }
            c => {
                let mut word = String::from(c);
                while let Some((_, c)) = chars.next_if(|(_, c)| !c.is_whitespace() && !"()=|\"'{}".contains(*c)) {
                    word.push(c);
                }
                Token::Word(word)
            }
        };
        tokens.push((token, start + at));
    }
    Ok(tokens)
}

/// Reads the tokens of one tag.
pub(super) struct Terms<'a> {
    pub tokens: &'a [(Token, usize)],
    pub next: usize,
    pub end: usize,
}

/// Where, and which wording.
pub(super) type Fault = (usize, &'static str);

impl Terms<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    /// A name with its arguments, or one value by itself.
    pub fn head(&mut self, nested: bool, depth: usize) -> Result<Arg, Fault> {
        let at = self.at();
        if depth > DEEPEST {
            return Err((at, "deep"));
        }
        let first = self.term(depth)?;
        let mut args = Vec::new();
        let mut options = Vec::new();
        while let Some(token) = self.peek() {
            match token {
                Token::Close if nested => break,
                Token::Word(word)
                    if word == "as" && self.tokens.get(self.next + 1).is_some_and(|(next, _)| *next == Token::Bar) =>
                {
                    break;
                }
                Token::Word(name) if self.tokens.get(self.next + 1).is_some_and(|(next, _)| *next == Token::Equals) => {
                    let name = name.clone();
                    self.next += 2;
                    options.push((name, self.term(depth)?));
                }
                _ => args.push(self.term(depth)?),
            }
        }
        match first.expr {
            Expr::Path(name) if nested || !args.is_empty() || !options.is_empty() => {
                Ok(Arg { expr: Expr::Call(Call { name, at, args, options }), at })
            }
            expr if args.is_empty() && options.is_empty() => Ok(Arg { expr, at }),
            _ => Err((at, "expression")),
        }
    }

    fn term(&mut self, depth: usize) -> Result<Arg, Fault> {
        let at = self.at();
        let Some((token, _)) = self.tokens.get(self.next) else { return Err((at, "empty")) };
        self.next += 1;
        let expr = match token {
            Token::Text(text) => Expr::Text(text.clone()),
            Token::Word(word) => match word.as_str() {
                "true" => Expr::Bool(true),
                "false" => Expr::Bool(false),
                word => match word.parse::<Decimal>() {
                    Ok(number) => Expr::Number(number),
                    Err(_) => Expr::Path(word.to_owned()),
                },
            },
            Token::Open => {
                let inner = self.head(true, depth + 1)?;
                if self.peek() != Some(&Token::Close) {
                    return Err((at, "parenthesis"));
                }
                self.next += 1;
                return Ok(Arg { expr: inner.expr, at: inner.at });
            }
            Token::Close | Token::Equals | Token::Bar => return Err((at, "expression")),
        };
        Ok(Arg { expr, at })
    }

    /// `as |item index|` at the end of a block's tag.
    pub fn names(&mut self) -> Result<Vec<String>, Fault> {
        if self.peek().is_none() {
            return Ok(Vec::new());
        }
        let at = self.at();
        self.next += 2;
        let mut names = Vec::new();
        while let Some(Token::Word(name)) = self.peek() {
            names.push(name.clone());
            self.next += 1;
        }
        let closed = self.peek() == Some(&Token::Bar) && self.next + 1 == self.tokens.len();
        if closed && (1..=2).contains(&names.len()) { Ok(names) } else { Err((at, "expression")) }
    }
}
