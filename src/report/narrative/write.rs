//! The template's text with what its helpers print.

use std::collections::BTreeMap;

use super::evaluate::{Evaluator, Frame};
use super::expr::{Arg, Expr};
use super::helpers::HelperKind;
use super::source::{CLOSE, OPEN};
use super::syntax::{BlockNode, TemplateNode};
use super::value::{EmbedKind, ExprValue, FigureValue, Item, ListedValue, NumberStyle, Unknown, UnknownReason};
use crate::diagnostic::kinds;
use crate::report::figure_source::FigureSource;

/// Partials within partials.
pub(super) const MAX_PARTIAL_DEPTH: usize = 8;

/// What is inserted into the Markdown once it is read, so that nothing out of the data is taken for Markdown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Insertion {
    Text(String),
    Figure { text: String, indicator: String, source: Option<FigureSource> },
    Chart(String),
    Table(String),
}

impl Evaluator<'_> {
    pub(super) fn write_nodes(&mut self, nodes: &[TemplateNode]) {
        for node in nodes {
            match node {
                TemplateNode::Text(text) => self.markdown.push_str(text),
                TemplateNode::Output(arg) => {
                    if let Ok(value) = self.evaluate(arg) {
                        if let Expr::Call(call) = &arg.expr {
                            self.note_first_contacts(call);
                        }
                        self.write_value(value, arg.at);
                    }
                }
                TemplateNode::Block(block) => self.write_block(block),
                TemplateNode::Partial { name, at, options } => self.write_partial(name, *at, options),
            }
        }
    }

    pub(super) fn write_value(&mut self, value: ExprValue, at: usize) {
        let insertion = match value {
            ExprValue::Embed { kind: EmbedKind::Chart, indicator } => Insertion::Chart(indicator),
            ExprValue::Embed { kind: EmbedKind::Table, indicator } => Insertion::Table(indicator),
            ExprValue::Status { status, indicator } => {
                self.link_figure(self.context.locale.status(Some(status.code())).to_owned(), indicator, None)
            }
            ExprValue::Figure(figure) => {
                let text = self.format_figure(&figure);
                let source = figure.source();
                self.link_figure(text, figure.indicator, Some(source))
            }
            ExprValue::Formatted { text, indicator, source } => self.link_figure(text, indicator, Some(source)),
            ExprValue::Unknown(Unknown { reason: UnknownReason::Suppressed { below }, what }) => {
                let locale = self.context.locale;
                let shown = below.map_or_else(|| locale.not_shown().to_owned(), |limit| locale.fewer_than(limit));
                self.warn(kinds::HiddenInProse { what, shown: shown.clone() }, at);
                Insertion::Text(shown)
            }
            ExprValue::Unknown(unknown) => {
                self.report(unknown.unguarded(&self.period.code), at);
                return;
            }
            ExprValue::Item(_) => {
                self.report(kinds::NotPrintable, at);
                return;
            }
            ExprValue::Items(items) => Insertion::Text(self.format_list(&items, None)),
            value => Insertion::Text(self.format_value(&value)),
        };
        if let Insertion::Text(text) | Insertion::Figure { text, .. } = &insertion {
            self.count_inserted(text);
        }
        self.markdown.push(OPEN);
        self.markdown.push_str(&self.insertions.len().to_string());
        self.markdown.push(CLOSE);
        self.insertions.push(insertion);
    }

    /// A figure links to its indicator's row where the report has that.
    fn link_figure(&self, text: String, indicator: String, source: Option<FigureSource>) -> Insertion {
        let is_shown = !indicator.is_empty() && self.shows_indicator(&indicator);
        match source {
            None if !is_shown => Insertion::Text(text),
            _ => Insertion::Figure { text, indicator: if is_shown { indicator } else { String::new() }, source },
        }
    }

    fn format_figure(&self, figure: &FigureValue) -> String {
        let locale = self.context.locale;
        let amount = &figure.amount;
        match figure.style {
            NumberStyle::Percent if figure.between => locale.progress_between(amount.from, amount.to, amount.hedge),
            NumberStyle::Percent => locale.figure(amount, true),
            NumberStyle::Points => locale.points(amount),
            NumberStyle::Count if figure.bare => locale.bare_figure(amount),
            NumberStyle::Count if figure.between => locale.figure_between(amount),
            NumberStyle::Count => locale.figure(amount, false),
        }
    }

    /// How a value is written in the text's language; empty for what has no text of its own.
    pub(super) fn format_value(&self, value: &ExprValue) -> String {
        let locale = self.context.locale;
        match value {
            ExprValue::Text(text) | ExprValue::Listed(ListedValue { text, .. }) | ExprValue::Formatted { text, .. } => {
                text.clone()
            }
            ExprValue::Number(number) => locale.number(*number),
            ExprValue::Date(day) => locale.date_in_text(*day),
            ExprValue::Month(day) => locale.month_in_text(day.year(), day.month()),
            ExprValue::Bool(true) => locale.label("annex.yes").to_owned(),
            ExprValue::Bool(false) => locale.label("annex.no").to_owned(),
            ExprValue::Figure(figure) => self.format_figure(figure),
            ExprValue::Status { status, .. } => locale.status(Some(status.code())).to_owned(),
            ExprValue::Items(_)
            | ExprValue::Item(_)
            | ExprValue::Embed { .. }
            | ExprValue::Attendees(_)
            | ExprValue::Unknown(_) => String::new(),
        }
    }

    /// "Куманово, Бутел и Гевгелија": one field of every item, its name or title if no field is given.
    pub(super) fn format_list(&self, items: &[Item], field: Option<&str>) -> String {
        let words: Vec<String> = items
            .iter()
            .filter_map(|item| match field {
                Some(field) => self.item_field(item, field),
                None => item.get("name").or_else(|| item.get("title")).cloned(),
            })
            .filter(|value| !matches!(value, ExprValue::Unknown(_)))
            .map(|value| self.format_value(&value))
            .collect();
        self.context.locale.list(&words)
    }

    fn write_block(&mut self, block: &BlockNode) {
        let call = &block.call;
        match call.helper().map(|helper| helper.kind) {
            Some(HelperKind::If) => self.write_branch(block, true),
            Some(HelperKind::Unless) => self.write_branch(block, false),
            Some(HelperKind::Claim) => {
                self.check_claim(block);
                self.write_nodes(&block.body);
            }
            Some(HelperKind::With) => {
                let Ok(arg) = self.first_arg(call) else { return };
                match self.evaluate(arg) {
                    Ok(ExprValue::Unknown(unknown)) => {
                        self.report(unknown.unguarded(&self.period.code), arg.at);
                    }
                    Ok(value) => self.write_body(block, value, 0, 1),
                    Err(_) => {}
                }
            }
            Some(HelperKind::Each) => {
                let Ok(arg) = self.first_arg(call) else { return };
                if let Ok(value) = self.evaluate(arg) {
                    self.write_items(block, value, arg.at);
                }
            }
            // A list by itself is looped over as with `each`.
            _ => {
                if let Ok(value) = self.evaluate_call(call) {
                    self.write_items(block, value, call.at);
                }
            }
        }
    }

    /// The body if the condition is as `expected`, else what follows `{{else}}`.
    fn write_branch(&mut self, block: &BlockNode, expected: bool) {
        let Ok(condition) = self.first_arg(&block.call) else { return };
        if let Ok(holds) = self.evaluate_condition(condition) {
            self.write_nodes(if holds == expected { &block.body } else { &block.otherwise });
        }
    }

    fn write_items(&mut self, block: &BlockNode, value: ExprValue, at: usize) {
        match value {
            ExprValue::Items(items) if items.is_empty() => self.write_nodes(&block.otherwise),
            ExprValue::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    if self.spend(block.body.len(), at).is_err() {
                        return;
                    }
                    self.write_body(block, ExprValue::Item(item.clone()), index, items.len());
                }
            }
            ExprValue::Unknown(unknown) => {
                self.report(unknown.unguarded(&self.period.code), at);
            }
            _ => {
                self.report(kinds::NotAList, at);
            }
        }
    }

    /// The block's body with `this`, the item at `index` of `length`.
    fn write_body(&mut self, block: &BlockNode, this: ExprValue, index: usize, length: usize) {
        let mut names = BTreeMap::from([
            ("@index".to_owned(), ExprValue::Number(index.into())),
            ("@first".to_owned(), ExprValue::Bool(index == 0)),
            ("@last".to_owned(), ExprValue::Bool(index + 1 == length)),
        ]);
        let named = [this.clone(), ExprValue::Number(index.into())];
        names.extend(block.names.iter().cloned().zip(named));
        self.frames.push(Frame { this, names });
        self.write_nodes(&block.body);
        self.frames.pop();
    }

    fn write_partial(&mut self, name: &str, at: usize, options: &[(String, Arg)]) {
        let lang = self.context.locale.lang();
        let narratives = self.narratives;
        let Some(prose) = narratives.partials.get(&(name.to_owned(), lang.clone())) else {
            self.report(narratives.unknown_partial(name, lang), at);
            return;
        };
        if self.partial_depth >= MAX_PARTIAL_DEPTH {
            self.report(kinds::EndlessPartial, at);
            return;
        }
        if self.spend(prose.nodes.len(), at).is_err() {
            return;
        }
        let mut names = BTreeMap::new();
        for (option, arg) in options {
            let Ok(value) = self.evaluate(arg) else { return };
            names.insert(option.clone(), value);
        }
        let this = self.frames.last().map_or(ExprValue::Bool(true), |frame| frame.this.clone());
        self.problems.extend(prose.syntax_problems.iter().cloned());
        let mut inner = Evaluator {
            source: &prose.source,
            frames: self.frames.iter().cloned().chain([Frame { this, names }]).collect(),
            partial_depth: self.partial_depth + 1,
            markdown: std::mem::take(&mut self.markdown),
            insertions: std::mem::take(&mut self.insertions),
            problems: std::mem::take(&mut self.problems),
            work: self.work,
            ..*self
        };
        inner.write_nodes(&prose.nodes);
        let Evaluator { markdown, insertions, problems, work, .. } = inner;
        (self.markdown, self.insertions, self.problems, self.work) = (markdown, insertions, problems, work);
        // A partial's file ends with a line break that belongs to the file, not to the sentence that it is used in.
        if !prose.source.text.trim_end().contains("\n\n") {
            self.markdown.truncate(self.markdown.trim_end_matches('\n').len());
        }
    }
}
