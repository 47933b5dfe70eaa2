//! The helpers of prose in a donor's own form: the value of a place, and of the cells of rows.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::evaluate::{Evaluator, Frame};
use super::helpers::{HELPERS, Param};
use super::prose_file::ProseFile;
use super::source::{CLOSE, OPEN};
use super::syntax::{BlockNode, TemplateNode};
use super::value::{ExprValue, FigureValue, NumberStyle};
use super::write::Insertion;
use super::{Narratives, ProseContext};
use crate::diagnostic::{Place, Problem, kinds};
use crate::model::{Period, ReportSettings};
use crate::report::figures::FigurePlaces;
use crate::report::form::{FormNumber, FormValue};

/// Parts the cells of a row; no form holds it.
const CELL_END: char = '\u{1f}';

/// A report for which forms are filled in.
#[derive(Clone, Copy)]
pub struct FormContext<'a> {
    /// What values come from.
    pub prose: ProseContext<'a>,
    /// The report.
    pub report: &'a ReportSettings,
    /// Its period.
    pub period: &'a Period,
}

/// Values of a form with what its author should look at, all at one place.
pub struct FormFilled<T> {
    /// `None` with an error.
    pub value: Option<T>,
    /// What was found.
    pub problems: Vec<Problem>,
}

impl Narratives {
    /// The value of a place: `actual I1`, `{{share "I2" "sex" "F"}}`, or words with helpers among them.
    pub fn fill_form_place(&self, written: &str, place: &Place, context: &FormContext) -> FormFilled<FormValue> {
        let text = complete_helper(written);
        self.evaluate_form(&text, place, context, |evaluator, nodes| Some(evaluator.form_value(nodes)))
    }

    /// A row of values for each item of a list: `each` is the list (`activities`, `activities type="training"`), `cells` its
    /// fields, or words with helpers among them.
    pub fn fill_form_rows(
        &self,
        each: &str,
        cells: &[String],
        place: &Place,
        context: &FormContext,
    ) -> FormFilled<Vec<Vec<FormValue>>> {
        let each = each.trim();
        let name = each.split_whitespace().next().unwrap_or_default();
        let cell = |cell: &String| match cell.trim() {
            "" => String::new(),
            words if words.contains("{{") => words.to_owned(),
            field => format!("{{{{{field}}}}}"),
        };
        let body: String = cells.iter().map(|written| format!("{}{CELL_END}", cell(written))).collect();
        let text = format!("{{{{#{each}}}}}{body}{{{{/{name}}}}}");
        self.evaluate_form(&text, place, context, |evaluator, nodes| match nodes {
            [TemplateNode::Block(block)] => evaluator.form_rows(block),
            _ => {
                evaluator.report(kinds::NotAList, 0);
                None
            }
        })
    }

    fn evaluate_form<T>(
        &self,
        text: &str,
        place: &Place,
        context: &FormContext,
        evaluate: impl FnOnce(&mut Evaluator, &[TemplateNode]) -> Option<T>,
    ) -> FormFilled<T> {
        let project = context.prose.project;
        let lang = context.prose.locale.lang();
        let prose = ProseFile::parse(&place.file, text.to_owned(), lang, &project.settings);
        let mut problems = self.check_names(&prose, lang, false, &project.logframe);
        let mut value = None;
        if problems.is_empty() {
            let attendees = OnceCell::new();
            let own = project.logframe.period_index(&context.period.code).unwrap_or_default();
            let places = FigurePlaces::new(project, context.report, own);
            let of_report = (context.report, context.period);
            let mut evaluator = Evaluator::new(self, &prose.source, of_report, &context.prose, (&attendees, &places));
            value = evaluate(&mut evaluator, &prose.nodes);
            problems = evaluator.problems;
        }
        // The text is one line somewhere else.
        let here = |problem: Problem| Problem { places: vec![place.clone()], ..problem };
        let problems: Vec<Problem> = problems.into_iter().map(here).collect();
        FormFilled { value: value.filter(|_| !problems.iter().any(Problem::is_error)), problems }
    }
}

impl Evaluator<'_> {
    /// A number where all there is is one exact one, else the text.
    pub(super) fn form_value(&mut self, nodes: &[TemplateNode]) -> FormValue {
        let is_blank = |node: &&TemplateNode| matches!(node, TemplateNode::Text(text) if text.trim().is_empty());
        let significant: Vec<&TemplateNode> = nodes.iter().filter(|node| !is_blank(node)).collect();
        let (markdown, insertions) = (std::mem::take(&mut self.markdown), std::mem::take(&mut self.insertions));
        let mut number = None;
        match significant.as_slice() {
            [TemplateNode::Output(arg)] => {
                if let Ok(value) = self.evaluate(arg) {
                    number = number_of(&value);
                    self.write_value(value, arg.at);
                }
            }
            _ => self.write_nodes(nodes),
        }
        let text = insert_texts(&self.markdown, &self.insertions);
        (self.markdown, self.insertions) = (markdown, insertions);
        FormValue { text: text.trim().to_owned(), number }
    }

    fn form_rows(&mut self, block: &BlockNode) -> Option<Vec<Vec<FormValue>>> {
        let value = self.evaluate_call(&block.call).ok()?;
        let ExprValue::Items(items) = value else {
            self.report(kinds::NotAList, block.at);
            return None;
        };
        let cells = cells_of(&block.body);
        let mut rows = Vec::new();
        for item in items.iter() {
            self.spend(block.body.len(), block.at).ok()?;
            self.frames.push(Frame { this: ExprValue::Item(item.clone()), names: BTreeMap::new() });
            rows.push(cells.iter().map(|nodes| self.form_cell(nodes)).collect());
            self.frames.pop();
        }
        Some(rows)
    }

    /// A cell of a row; what an item doesn't have is left empty.
    fn form_cell(&mut self, nodes: &[TemplateNode]) -> FormValue {
        if let [TemplateNode::Output(arg)] = nodes
            && let Ok(ExprValue::Unknown(_)) = self.evaluate(arg)
        {
            return FormValue::words("");
        }
        self.form_value(nodes)
    }
}

/// The nodes of each cell of a row.
fn cells_of(body: &[TemplateNode]) -> Vec<Vec<TemplateNode>> {
    let mut cells = vec![Vec::new()];
    for node in body {
        let TemplateNode::Text(text) = node else {
            cells.last_mut().into_iter().for_each(|cell: &mut Vec<TemplateNode>| cell.push(node.clone()));
            continue;
        };
        for (at, piece) in text.split(CELL_END).enumerate() {
            if at > 0 {
                cells.push(Vec::new());
            }
            if !piece.is_empty() {
                let piece = TemplateNode::Text(piece.to_owned());
                cells.last_mut().into_iter().for_each(|cell| cell.push(piece.clone()));
            }
        }
    }
    // Each cell ends with a mark.
    cells.pop();
    cells
}

fn number_of(value: &ExprValue) -> Option<FormNumber> {
    match value {
        ExprValue::Number(number) => Some(FormNumber::Plain(*number)),
        ExprValue::Date(day) => Some(FormNumber::Day(*day)),
        ExprValue::Figure(FigureValue { amount, style, .. }) if amount.hedge.is_none() && amount.from == amount.to => {
            match style {
                NumberStyle::Count => Some(FormNumber::Plain(amount.from)),
                NumberStyle::Percent => Some(FormNumber::Fraction(amount.from)),
                NumberStyle::Points => None,
            }
        }
        _ => None,
    }
}

/// The text with what the data gave in its places.
fn insert_texts(markdown: &str, insertions: &[Insertion]) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find(OPEN) {
        text.push_str(&rest[..at]);
        let inner = &rest[at + OPEN.len_utf8()..];
        let end = inner.find(CLOSE).unwrap_or(inner.len());
        match inner[..end].parse().ok().and_then(|index: usize| insertions.get(index)) {
            Some(Insertion::Text(words) | Insertion::Figure { text: words, .. }) => text.push_str(words),
            Some(Insertion::Chart(_) | Insertion::Table(_)) | None => {}
        }
        rest = inner.get(end + CLOSE.len_utf8()..).unwrap_or_default();
    }
    text + rest
}

/// `actual I1` as a tag: words behind the name of a helper of an indicator, in quotation marks where they have none.
fn complete_helper(written: &str) -> String {
    let written = written.trim();
    let Some((name, rest)) = written.split_once(char::is_whitespace) else { return written.to_owned() };
    let takes_indicator =
        HELPERS.iter().any(|helper| helper.name == name && helper.params.first() == Some(&Param::Indicator));
    if written.contains("{{") || !takes_indicator {
        return written.to_owned();
    }
    let quoted =
        |word: &str| if word.starts_with(['"', '\'', '“', '„']) { word.to_owned() } else { format!("\"{word}\"") };
    let words: Vec<String> = split_words(rest)
        .into_iter()
        .map(|word| match word.split_once('=') {
            Some((key, value)) => format!("{key}={}", if value == "true" { value.to_owned() } else { quoted(value) }),
            None => quoted(word),
        })
        .collect();
    format!("{{{{{name} {}}}}}", words.join(" "))
}

/// Words parted by blanks, but for those within quotation marks.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (None, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if c.is_whitespace() => words.extend(start.take().map(|start| &text[start..at])),
            None => {
                if c == '"' || c == '\'' {
                    quote = Some(c);
                }
                start = start.or(Some(at));
            }
        }
    }
    words.extend(start.map(|start| &text[start..]));
    words
}
