use std::collections::BTreeMap;

use super::schema;
use super::source::{CLOSE, OPEN, Source};
use super::syntax::{Arg, BlockNode, Call, Expr, Node, parse};
use super::value::{Comparison, Item, Style, Unknown, Value};
use super::{Context, Narratives};
use crate::diagnostic::Problem;
use crate::model::{Period, ReportSettings};

/// Partials within partials.
const DEEPEST_PARTIAL: usize = 8;

/// What a token in the Markdown stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Printed {
    Text(String),
    Figure { text: String, indicator: String },
    Chart(String),
    Table(String),
}

/// Markdown whose data is in `tokens`: `OPEN index CLOSE`.
pub(super) struct Filled {
    pub markdown: String,
    pub tokens: Vec<Printed>,
    pub problems: Vec<Problem>,
}

/// Walks a checked tree with the figures of one report and period.
pub(super) struct Evaluator<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) context: &'a Context<'a>,
    pub(super) report: &'a ReportSettings,
    pub(super) period: &'a Period,
    narratives: &'a Narratives,
    pub(super) scopes: Vec<Scope>,
    partials: usize,
    markdown: String,
    tokens: Vec<Printed>,
    pub(super) problems: Vec<Problem>,
}

/// What a block or partial lets its content name.
#[derive(Clone)]
pub(super) struct Scope {
    pub this: Value,
    pub names: BTreeMap<String, Value>,
}

/// An expression's value; none where a problem has been told already.
pub(super) type Evaluated = Option<Value>;

pub(super) fn fill(
    narratives: &Narratives,
    source: &Source,
    nodes: &[Node],
    report: &ReportSettings,
    period: &Period,
    context: &Context,
) -> Filled {
    let mut evaluator = Evaluator {
        source,
        context,
        report,
        period,
        narratives,
        scopes: Vec::new(),
        partials: 0,
        markdown: String::new(),
        tokens: Vec::new(),
        problems: Vec::new(),
    };
    evaluator.walk(nodes);
    Filled { markdown: evaluator.markdown, tokens: evaluator.tokens, problems: evaluator.problems }
}

impl<'a> Evaluator<'a> {
    fn walk(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.markdown.push_str(text),
                Node::Output(arg) => {
                    if let Some(value) = self.value(arg) {
                        self.print(value, arg.at);
                    }
                }
                Node::Block(block) => self.block(block),
                Node::Partial { name, at, options } => self.partial(name, *at, options),
            }
        }
    }

    fn print(&mut self, value: Value, at: usize) {
        let printed = match value {
            Value::Placed { chart: true, indicator } => Printed::Chart(indicator),
            Value::Placed { chart: false, indicator } => Printed::Table(indicator),
            Value::Status { code, indicator } => {
                self.linked(self.context.locale.status(Some(code)).to_owned(), indicator)
            }
            Value::Figure(figure) => {
                let text = self.figure_text(&figure);
                self.linked(text, figure.indicator)
            }
            Value::Written { text, indicator } => self.linked(text, indicator),
            Value::Unknown(unknown) => return self.unguarded("unguarded", &unknown, at),
            Value::Item(_) => return self.told("not-printable", at),
            Value::Items(items) => Printed::Text(self.list_of(&items, None)),
            value => Printed::Text(self.text_of(&value)),
        };
        self.push_token(printed);
    }

    fn push_token(&mut self, printed: Printed) {
        self.markdown.push(OPEN);
        self.markdown.push_str(&self.tokens.len().to_string());
        self.markdown.push(CLOSE);
        self.tokens.push(printed);
    }

    /// A figure links to its indicator's table where the report has that.
    fn linked(&self, text: String, indicator: String) -> Printed {
        let in_report = self.report.indicators.as_ref().is_none_or(|codes| codes.contains(&indicator));
        if indicator.is_empty() || !in_report { Printed::Text(text) } else { Printed::Figure { text, indicator } }
    }

    fn figure_text(&self, figure: &super::value::FigureValue) -> String {
        let locale = self.context.locale;
        let amount = &figure.amount;
        match figure.style {
            Style::Percent if figure.between => locale.progress_between(amount.from, amount.to, amount.hedge),
            Style::Percent => locale.figure(amount, true),
            Style::Count if figure.bare => locale.bare_figure(amount),
            Style::Count if figure.between => locale.figure_between(amount),
            Style::Count => locale.figure(amount, false),
        }
    }

    /// How a value that isn't an indicator's is written.
    pub(super) fn text_of(&self, value: &Value) -> String {
        let locale = self.context.locale;
        match value {
            Value::Text(text) | Value::Written { text, .. } => text.clone(),
            Value::Number(number) => locale.number(*number),
            Value::Date(day) => locale.date_in_text(*day),
            Value::Month(day) => locale.month_in_text(day.year(), day.month()),
            Value::Bool(true) => locale.label("annex.yes").to_owned(),
            Value::Bool(false) => locale.label("annex.no").to_owned(),
            Value::Figure(figure) => self.figure_text(figure),
            Value::Status { code, .. } => locale.status(Some(code)).to_owned(),
            Value::Items(_) | Value::Item(_) | Value::Placed { .. } | Value::Unknown(_) => String::new(),
        }
    }

    /// "Куманово, Бутел и Гевгелија": one field of every item, the title or name where none is asked for.
    pub(super) fn list_of(&self, items: &[Item], field: Option<&str>) -> String {
        let words: Vec<String> = items
            .iter()
            .filter_map(|item| match field {
                Some(field) => item.get(field),
                None => item.get("name").or_else(|| item.get("title")),
            })
            .filter(|value| !matches!(value, Value::Unknown(_)))
            .map(|value| self.text_of(value))
            .collect();
        self.context.locale.list(&words)
    }

    fn block(&mut self, block: &BlockNode) {
        let call = &block.call;
        match call.name.as_str() {
            "if" | "unless" => {
                let Some(condition) = call.args.first() else { return };
                if let Some(holds) = self.condition(condition) {
                    self.walk(if holds == (call.name == "if") { &block.body } else { &block.otherwise });
                }
            }
            "claim" => {
                self.claim(block);
                self.walk(&block.body);
            }
            "with" => {
                if let Some(value) = call.args.first().and_then(|arg| self.value(arg).map(|value| (arg, value))) {
                    match value {
                        (arg, Value::Unknown(unknown)) => self.unguarded("unguarded", &unknown, arg.at),
                        (_, value) => self.scoped(block, value, 0, 1),
                    }
                }
            }
            "each" => {
                let Some(arg) = call.args.first() else { return };
                if let Some(value) = self.value(arg) {
                    self.each(block, value, arg.at);
                }
            }
            _ => {
                if let Some(value) = self.call(call) {
                    self.each(block, value, call.at);
                }
            }
        }
    }

    fn each(&mut self, block: &BlockNode, value: Value, at: usize) {
        match value {
            Value::Items(items) if items.is_empty() => self.walk(&block.otherwise),
            Value::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.scoped(block, Value::Item(item.clone()), index, items.len());
                }
            }
            Value::Unknown(unknown) => self.unguarded("unguarded", &unknown, at),
            _ => self.told("not-a-list", at),
        }
    }

    fn scoped(&mut self, block: &BlockNode, this: Value, index: usize, length: usize) {
        let mut names = BTreeMap::from([
            ("@index".to_owned(), Value::Number(index.into())),
            ("@first".to_owned(), Value::Bool(index == 0)),
            ("@last".to_owned(), Value::Bool(index + 1 == length)),
        ]);
        let given = [this.clone(), Value::Number(index.into())];
        names.extend(block.names.iter().cloned().zip(given));
        self.scopes.push(Scope { this, names });
        self.walk(&block.body);
        self.scopes.pop();
    }

    fn partial(&mut self, name: &str, at: usize, options: &[(String, Arg)]) {
        let lang = self.context.locale.lang().clone();
        let narratives = self.narratives;
        let Some(prose) = narratives.partials.get(&(name.to_owned(), lang)) else {
            return self.told("unknown-partial", at);
        };
        if self.partials >= DEEPEST_PARTIAL {
            return self.told("endless-partial", at);
        }
        let mut names = BTreeMap::new();
        for (option, arg) in options {
            let Some(value) = self.value(arg) else { return };
            names.insert(option.clone(), value);
        }
        let this = self.scopes.last().map_or(Value::Bool(true), |scope| scope.this.clone());
        let source = Source::new(&prose.file, &prose.text);
        let (nodes, problems) = parse(&source);
        self.problems.extend(problems);
        let mut inner = Evaluator {
            source: &source,
            context: self.context,
            report: self.report,
            period: self.period,
            narratives,
            scopes: self.scopes.iter().cloned().chain([Scope { this, names }]).collect(),
            partials: self.partials + 1,
            markdown: std::mem::take(&mut self.markdown),
            tokens: std::mem::take(&mut self.tokens),
            problems: std::mem::take(&mut self.problems),
        };
        inner.walk(&nodes);
        let Evaluator { markdown, tokens, problems, .. } = inner;
        (self.markdown, self.tokens, self.problems) = (markdown, tokens, problems);
        // A partial's file ends with a line break that belongs to the file, not to the sentence it stands in.
        if !prose.text.trim_end().contains("\n\n") {
            self.markdown.truncate(self.markdown.trim_end_matches('\n').len());
        }
    }

    pub(super) fn value(&mut self, arg: &Arg) -> Evaluated {
        match &arg.expr {
            Expr::Text(text) => Some(Value::Text(text.clone())),
            Expr::Number(number) => Some(Value::Number(*number)),
            Expr::Bool(flag) => Some(Value::Bool(*flag)),
            Expr::Path(path) if self.is_helper(path) => {
                self.call(&Call { name: path.clone(), at: arg.at, args: Vec::new(), options: Vec::new() })
            }
            Expr::Path(path) => self.path(path, arg.at),
            Expr::Call(call) if schema::find(&call.name).is_none() => self.path(&call.name, call.at),
            Expr::Call(call) => self.call(call),
        }
    }

    fn call(&mut self, call: &Call) -> Evaluated {
        match call.name.as_str() {
            "actual" | "cumulative" | "served" | "baseline" | "target" | "progress" => self.figure(call, &call.name),
            "status" => self.status(call),
            "by" => self.part(call),
            "plural" => self.plural(call),
            "words" => self.words(call),
            "number" => self.number(call),
            "percent" => self.percent(call),
            "date" => self.date(call),
            "list" => self.list(call),
            "count" => self.count(call),
            "literal" => call.args.first().and_then(|arg| self.value(arg)),
            "chart" | "table" => {
                let (id, _) = self.indicator(call.args.first()?)?;
                let indicator = self.context.project.logframe.indicator(id).code.clone();
                Some(Value::Placed { chart: call.name == "chart", indicator })
            }
            "known" => {
                let value = self.subject(call)?;
                Some(Value::Bool(!matches!(value, Value::Unknown(_))))
            }
            "and" | "or" => self.connective(call),
            "not" => {
                let value = self.value(call.args.first()?)?;
                Some(match value {
                    Value::Unknown(unknown) => Value::Unknown(unknown),
                    value => Value::Bool(!value.holds()?),
                })
            }
            name => match Comparison::from_name(name) {
                Some(comparison) => self.compare(comparison, call),
                None => self.items(call),
            },
        }
    }

    pub(super) fn told(&mut self, code: &'static str, at: usize) {
        self.problems.push(Problem::error(code).at(self.source.place(at)));
    }

    pub(super) fn unguarded(&mut self, code: &'static str, unknown: &Unknown, at: usize) {
        let problem = Problem::error(code).variant(unknown.why.code()).at(self.source.place(at));
        self.problems.push(problem.with("what", unknown.what.clone()));
    }
}
