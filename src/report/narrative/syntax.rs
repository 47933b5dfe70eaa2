use rust_decimal::Decimal;

use super::source::{CLOSE, FILLER, OPEN, Source, Tag, TagKind};
use crate::diagnostic::Problem;

/// Deeper nesting of blocks or expressions is refused.
const DEEPEST: usize = 32;

/// A template as a tree; every node knows its byte offset in the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    Output(Arg),
    Block(Box<BlockNode>),
    Partial { name: String, at: usize, options: Vec<(String, Arg)> },
}

/// `{{#name …}}body{{else}}otherwise{{/name}}`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BlockNode {
    pub call: Call,
    pub at: usize,
    /// `as |item index|`.
    pub names: Vec<String>,
    pub body: Vec<Node>,
    pub otherwise: Vec<Node>,
    /// Behind the closing tag.
    pub end: usize,
}

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

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub name: String,
    pub at: usize,
    pub args: Vec<Arg>,
    /// In the order written.
    pub options: Vec<(String, Arg)>,
}

impl Call {
    pub fn option(&self, name: &str) -> Option<&Arg> {
        self.options.iter().find(|(known, _)| known == name).map(|(_, arg)| arg)
    }
}

/// Reads a source; with problems the tree holds what could be read.
pub(super) fn parse(source: &Source) -> (Vec<Node>, Vec<Problem>) {
    let mut reader = Reader { source, next: 0, at: 0, skip_newline: false, trim: false, problems: Vec::new() };
    for (at, c) in source.text.char_indices() {
        if [OPEN, CLOSE, FILLER].contains(&c) {
            reader.problems.push(Problem::error("reserved-character").at(source.place(at)));
        }
    }
    let mut nodes = Vec::new();
    loop {
        let (mut read, stop) = reader.nodes(0);
        nodes.append(&mut read);
        match stop {
            None => break,
            Some(tag) => {
                let variant = if tag.kind == TagKind::Close { "unopened" } else { "else" };
                reader.fault(tag.start, variant);
            }
        }
    }
    (nodes, reader.problems)
}

struct Reader<'a> {
    source: &'a Source<'a>,
    /// Index of the next tag, and the offset that is read up to.
    next: usize,
    at: usize,
    /// The tag before stood alone on its line: the rest of the line goes.
    skip_newline: bool,
    trim: bool,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn fault(&mut self, at: usize, variant: &'static str) {
        self.problems.push(Problem::error("template-syntax").variant(variant).at(self.source.place(at)));
    }

    /// Nodes up to the end, or to a closing or else tag, which is taken.
    fn nodes(&mut self, depth: usize) -> (Vec<Node>, Option<Tag>) {
        let mut nodes = Vec::new();
        loop {
            let tag = self.source.tags.get(self.next).cloned();
            let text = self.text_before(tag.as_ref());
            if !text.is_empty() {
                nodes.push(Node::Text(text));
            }
            let Some(tag) = tag else { return (nodes, None) };
            self.next += 1;
            self.at = tag.end;
            self.skip_newline = tag.standalone;
            self.trim = tag.trim_after;
            match tag.kind {
                TagKind::Close | TagKind::Else => return (nodes, Some(tag)),
                TagKind::Comment => {}
                TagKind::Raw => self.fault(tag.start, "raw"),
                TagKind::Decorator => self.fault(tag.start, "decorator"),
                TagKind::Unclosed => self.fault(tag.start, "unclosed-tag"),
                TagKind::Output => {
                    if let Some((arg, _)) = self.expression(&tag) {
                        nodes.push(Node::Output(arg));
                    }
                }
                TagKind::Partial => nodes.extend(self.partial(&tag)),
                TagKind::Open => nodes.extend(self.block(&tag, depth)),
            }
        }
    }

    fn text_before(&mut self, tag: Option<&Tag>) -> String {
        let end = tag.map_or(self.source.text.len(), |tag| tag.start);
        let mut text = &self.source.text[self.at.min(end)..end];
        if self.skip_newline {
            text = text.split_once('\n').map_or("", |(_, rest)| rest);
        }
        if self.trim {
            text = text.trim_start();
        }
        if let Some(tag) = tag {
            if tag.standalone {
                text = text.trim_end_matches([' ', '\t']);
            }
            if tag.trim_before {
                text = text.trim_end();
            }
        }
        self.at = end;
        text.replace("\\{{", "{{")
    }

    fn partial(&mut self, tag: &Tag) -> Option<Node> {
        let (arg, _) = self.expression(tag)?;
        match arg.expr {
            Expr::Path(name) => Some(Node::Partial { name, at: arg.at, options: Vec::new() }),
            Expr::Call(call) if call.args.is_empty() => {
                Some(Node::Partial { name: call.name, at: arg.at, options: call.options })
            }
            _ => {
                self.fault(tag.start, "partial");
                None
            }
        }
    }

    fn block(&mut self, tag: &Tag, depth: usize) -> Option<Node> {
        let head = self.expression(tag);
        if depth > DEEPEST {
            self.fault(tag.start, "deep");
            self.next = self.source.tags.len();
            return None;
        }
        let (body, stop) = self.nodes(depth + 1);
        let (otherwise, end) = self.rest_of_block(tag, &head, stop, depth);
        let (arg, names) = head?;
        let call = as_call(arg)?;
        Some(Node::Block(Box::new(BlockNode { call, at: tag.start, names, body, otherwise, end })))
    }

    /// What follows a block's body: an else part, another condition (`else if`), the closing tag.
    fn rest_of_block(
        &mut self,
        open: &Tag,
        head: &Option<(Arg, Vec<String>)>,
        stop: Option<Tag>,
        depth: usize,
    ) -> (Vec<Node>, usize) {
        let Some(stop) = stop else {
            self.fault(open.start, "unclosed-block");
            return (Vec::new(), self.source.text.len());
        };
        if stop.kind == TagKind::Close {
            self.check_close(&stop, head);
            return (Vec::new(), stop.end);
        }
        if depth > DEEPEST {
            self.fault(stop.start, "deep");
            return (Vec::new(), stop.end);
        }
        let chained = !self.source.text[stop.inner_start..stop.inner_end].trim().is_empty();
        let inner_head = if chained { self.expression(&stop) } else { None };
        let (body, next) = self.nodes(depth + 1);
        if !chained {
            let end = match next {
                Some(tag) if tag.kind == TagKind::Close => {
                    self.check_close(&tag, head);
                    tag.end
                }
                Some(tag) => {
                    self.fault(tag.start, "else");
                    tag.end
                }
                None => {
                    self.fault(open.start, "unclosed-block");
                    self.source.text.len()
                }
            };
            return (body, end);
        }
        let (otherwise, end) = self.rest_of_block(open, head, next, depth + 1);
        let inner = inner_head.and_then(|(arg, names)| Some((as_call(arg)?, names)));
        let nodes = match inner {
            Some((call, names)) => {
                vec![Node::Block(Box::new(BlockNode { call, at: stop.start, names, body, otherwise, end }))]
            }
            None => Vec::new(),
        };
        (nodes, end)
    }

    fn check_close(&mut self, close: &Tag, head: &Option<(Arg, Vec<String>)>) {
        let written = self.source.text[close.inner_start..close.inner_end].trim();
        let opened = match head {
            Some((Arg { expr: Expr::Path(name), .. }, _)) => name.as_str(),
            Some((Arg { expr: Expr::Call(call), .. }, _)) => call.name.as_str(),
            _ => return,
        };
        if written != opened {
            let problem = Problem::error("template-syntax").variant("mismatched").at(self.source.place(close.start));
            self.problems.push(problem.with("opened", opened).with("closed", written));
        }
    }

    /// What stands in a tag, with the names of `as |…|`.
    fn expression(&mut self, tag: &Tag) -> Option<(Arg, Vec<String>)> {
        let inner = &self.source.text[tag.inner_start..tag.inner_end];
        let tokens = match tokens_of(inner, tag.inner_start) {
            Ok(tokens) => tokens,
            Err(at) => {
                self.fault(at, "expression");
                return None;
            }
        };
        let mut terms = Terms { tokens: &tokens, next: 0, end: tag.inner_end };
        match terms.head(false, 0).and_then(|arg| Ok((arg, terms.names()?))) {
            Ok(read) => Some(read),
            Err((at, variant)) => {
                self.fault(at, variant);
                None
            }
        }
    }
}

fn as_call(arg: Arg) -> Option<Call> {
    match arg.expr {
        Expr::Call(call) => Some(call),
        Expr::Path(name) => Some(Call { name, at: arg.at, args: Vec::new(), options: Vec::new() }),
        _ => None,
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Equals,
    Bar,
    Text(String),
    Word(String),
}

/// Tokens with their offsets in the source, or the offset of what can't be read.
fn tokens_of(inner: &str, start: usize) -> Result<Vec<(Token, usize)>, usize> {
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

struct Terms<'a> {
    tokens: &'a [(Token, usize)],
    next: usize,
    end: usize,
}

type Fault = (usize, &'static str);

impl Terms<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    /// A name with its arguments, or one value by itself.
    fn head(&mut self, nested: bool, depth: usize) -> Result<Arg, Fault> {
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
    fn names(&mut self) -> Result<Vec<String>, Fault> {
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
