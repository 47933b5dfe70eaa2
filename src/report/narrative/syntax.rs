use handlebars::Template;
use rust_decimal::Decimal;

use super::source::{CLOSE, FILLER, OPEN, Source, Tag, TagKind};
use super::terms::{Terms, tokens_of};
use crate::diagnostic::{Place, Problem};

/// Deeper nesting of blocks or expressions is refused.
pub(super) const DEEPEST: usize = 32;

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
    if reader.problems.is_empty() {
        reader.problems.extend(refused_by_handlebars(source));
    }
    (nodes, reader.problems)
}

/// The handlebars crate is the judge of what is Handlebars: what our reader lets pass and it refuses is a fault, too.
/// Only a claim may open without its `#`, as officers write it.
fn refused_by_handlebars(source: &Source) -> Option<Problem> {
    let error = Template::compile(&source.text.replace("{{claim ", "{{#claim ")).err()?;
    let (line, column) = error.pos().unwrap_or((1, 1));
    let place = Place::line(source.file, line.max(1) as u32, column.max(1) as u32);
    Some(Problem::error("template-syntax").at(place))
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
