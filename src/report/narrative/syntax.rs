use handlebars::Template;

use super::expr::{Arg, Call, Expr, MAX_DEPTH, parse_expression, to_plain_handlebars};
use super::source::{CLOSE, FILLER, OPEN, ProseSource, Tag, TagKind};
use crate::diagnostic::kinds::{self, TemplateSyntax};
use crate::diagnostic::{Place, Problem};

/// A template as a tree; every node knows its byte offset in the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TemplateNode {
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
    pub body: Vec<TemplateNode>,
    pub otherwise: Vec<TemplateNode>,
    /// Behind the closing tag.
    pub end: usize,
}

/// Reads a source as a template; with problems the tree holds what could be read.
pub(super) fn parse_template(source: &ProseSource) -> (Vec<TemplateNode>, Vec<Problem>) {
    let mut parser = TemplateParser { source, next: 0, at: 0, skip_newline: false, trim: false, problems: Vec::new() };
    for (at, c) in source.text.char_indices() {
        if [OPEN, CLOSE, FILLER].contains(&c) {
            parser.problems.push(Problem::error(kinds::ReservedCharacter).at(source.place(at)));
        }
    }
    let mut nodes = Vec::new();
    loop {
        let (mut read, stop) = parser.parse_nodes(0);
        nodes.append(&mut read);
        match stop {
            None => break,
            Some(tag) => {
                let kind = if tag.kind == TagKind::Close { TemplateSyntax::Unopened } else { TemplateSyntax::Else };
                parser.report(tag.start, kind);
            }
        }
    }
    if parser.problems.is_empty() {
        parser.problems.extend(check_with_handlebars(source));
    }
    (nodes, parser.problems)
}

/// The handlebars crate decides what is Handlebars: what our parser accepts and the crate refuses is an error, too.
/// Only a claim may open without its `#`, quotation marks may be curly, and a bare word may hold any sign, as officers write
/// them; comments say nothing to it.
fn check_with_handlebars(source: &ProseSource) -> Option<Problem> {
    let mut plain = String::with_capacity(source.text.len());
    let mut at = 0;
    for tag in &source.tags {
        let inner = &source.text[tag.inner_start..tag.inner_end];
        if tag.kind == TagKind::Comment {
            plain.push_str(&source.text[at..tag.start]);
            plain.extend(source.text[tag.start..tag.end].matches('\n'));
            at = tag.end;
        } else {
            plain.push_str(&source.text[at..tag.inner_start]);
            let lacks_sign = tag.kind == TagKind::Open && !source.text[..tag.inner_start].ends_with('#');
            plain.push_str(if lacks_sign { "#" } else { "" });
            plain.push_str(&to_plain_handlebars(inner));
            at = tag.inner_end;
        }
    }
    plain.push_str(&source.text[at..]);
    let error = Template::compile(&plain).err()?;
    let (line, column) = error.pos().unwrap_or((1, 1));
    let place = Place::line(&source.file, line.max(1) as u32, column.max(1) as u32);
    Some(Problem::error(TemplateSyntax::Plain).at(place))
}

struct TemplateParser<'a> {
    source: &'a ProseSource,
    /// Index of the next tag, and the offset that is read up to.
    next: usize,
    at: usize,
    /// The tag before was alone on its line: the rest of the line is dropped.
    skip_newline: bool,
    trim: bool,
    problems: Vec<Problem>,
}

impl TemplateParser<'_> {
    fn report(&mut self, at: usize, kind: TemplateSyntax) {
        self.problems.push(Problem::error(kind).at(self.source.place(at)));
    }

    /// Nodes up to the end, or to a closing or else tag, which is consumed.
    fn parse_nodes(&mut self, depth: usize) -> (Vec<TemplateNode>, Option<Tag>) {
        let mut nodes = Vec::new();
        loop {
            let tag = self.source.tags.get(self.next).cloned();
            let text = self.take_text_before(tag.as_ref());
            if !text.is_empty() {
                nodes.push(TemplateNode::Text(text));
            }
            let Some(tag) = tag else { return (nodes, None) };
            self.next += 1;
            self.at = tag.end;
            self.skip_newline = tag.standalone;
            self.trim = tag.trim_after;
            match tag.kind {
                TagKind::Close | TagKind::Else => return (nodes, Some(tag)),
                TagKind::Comment => {}
                TagKind::Raw => self.report(tag.start, TemplateSyntax::Raw),
                TagKind::Decorator => self.report(tag.start, TemplateSyntax::Decorator),
                TagKind::Unclosed => self.report(tag.start, TemplateSyntax::UnclosedTag),
                TagKind::Output => {
                    if let Some((arg, _)) = self.parse_tag(&tag) {
                        nodes.push(TemplateNode::Output(arg));
                    }
                }
                TagKind::Partial => nodes.extend(self.parse_partial(&tag)),
                TagKind::Open => nodes.extend(self.parse_block(&tag, depth)),
            }
        }
    }

    fn take_text_before(&mut self, tag: Option<&Tag>) -> String {
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

    fn parse_partial(&mut self, tag: &Tag) -> Option<TemplateNode> {
        let (arg, _) = self.parse_tag(tag)?;
        match arg.expr {
            Expr::Path(name) => Some(TemplateNode::Partial { name, at: arg.at, options: Vec::new() }),
            Expr::Call(call) if call.args.is_empty() => {
                Some(TemplateNode::Partial { name: call.name, at: arg.at, options: call.options })
            }
            _ => {
                self.report(tag.start, TemplateSyntax::Partial);
                None
            }
        }
    }

    fn parse_block(&mut self, tag: &Tag, depth: usize) -> Option<TemplateNode> {
        let head = self.parse_tag(tag);
        if depth > MAX_DEPTH {
            self.report(tag.start, TemplateSyntax::Deep);
            self.next = self.source.tags.len();
            return None;
        }
        let (body, stop) = self.parse_nodes(depth + 1);
        let (otherwise, end) = self.parse_block_end(tag, &head, stop, depth);
        let (arg, names) = head?;
        let call = arg.into_call()?;
        Some(TemplateNode::Block(Box::new(BlockNode { call, at: tag.start, names, body, otherwise, end })))
    }

    /// What follows a block's body: an else part, another condition (`else if`), the closing tag.
    fn parse_block_end(
        &mut self,
        open: &Tag,
        head: &Option<(Arg, Vec<String>)>,
        stop: Option<Tag>,
        depth: usize,
    ) -> (Vec<TemplateNode>, usize) {
        let Some(stop) = stop else {
            self.report(open.start, TemplateSyntax::UnclosedBlock);
            return (Vec::new(), self.source.text.len());
        };
        if stop.kind == TagKind::Close {
            self.check_closing_tag(&stop, head);
            return (Vec::new(), stop.end);
        }
        if depth > MAX_DEPTH {
            self.report(stop.start, TemplateSyntax::Deep);
            return (Vec::new(), stop.end);
        }
        let chained = !self.source.text[stop.inner_start..stop.inner_end].trim().is_empty();
        let inner_head = if chained { self.parse_tag(&stop) } else { None };
        let (body, next) = self.parse_nodes(depth + 1);
        if !chained {
            let end = match next {
                Some(tag) if tag.kind == TagKind::Close => {
                    self.check_closing_tag(&tag, head);
                    tag.end
                }
                Some(tag) => {
                    self.report(tag.start, TemplateSyntax::Else);
                    tag.end
                }
                None => {
                    self.report(open.start, TemplateSyntax::UnclosedBlock);
                    self.source.text.len()
                }
            };
            return (body, end);
        }
        let (otherwise, end) = self.parse_block_end(open, head, next, depth + 1);
        let inner = inner_head.and_then(|(arg, names)| Some((arg.into_call()?, names)));
        let nodes = match inner {
            Some((call, names)) => {
                vec![TemplateNode::Block(Box::new(BlockNode { call, at: stop.start, names, body, otherwise, end }))]
            }
            None => Vec::new(),
        };
        (nodes, end)
    }

    fn check_closing_tag(&mut self, close: &Tag, head: &Option<(Arg, Vec<String>)>) {
        let written = self.source.text[close.inner_start..close.inner_end].trim();
        let Some(opened) = head.as_ref().and_then(|(arg, _)| arg.name()) else { return };
        if written != opened {
            let kind = TemplateSyntax::Mismatched { opened: opened.to_owned(), closed: written.to_owned() };
            self.report(close.start, kind);
        }
    }

    /// The expression of a tag, with the names of `as |…|`.
    fn parse_tag(&mut self, tag: &Tag) -> Option<(Arg, Vec<String>)> {
        let inner = &self.source.text[tag.inner_start..tag.inner_end];
        match parse_expression(inner, tag.inner_start) {
            Ok(parsed) => Some(parsed),
            Err((at, kind)) => {
                self.report(at, kind);
                None
            }
        }
    }
}
