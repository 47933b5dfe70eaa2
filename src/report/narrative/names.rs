use super::load::suggest;
use super::schema::{self, CLAIMS, Gives, HELPERS, Helper, Kind, Param, ROOTS, Reached};
use super::source::Source;
use super::syntax::{Arg, Call, Expr, Node};
use super::{Lang, Logframe, Narratives};
use crate::diagnostic::Problem;
use crate::locale::Locale;

use super::lookup::{same_axis, same_code};

/// Holds every name of a template against the schema and the logframe, in conditions too, whether or not they are ever reached.
pub(super) struct Names<'a> {
    pub source: &'a Source<'a>,
    pub lang: &'a Lang,
    pub logframe: &'a Logframe,
    pub narratives: &'a Narratives,
    /// Plural categories that this language tells apart.
    plurals: Vec<&'static str>,
    scopes: Vec<Scope>,
    pub problems: Vec<Problem>,
}

#[derive(Clone)]
struct Scope {
    /// None: not known, as in a partial or under an attribute.
    this: Option<Reached>,
    names: Vec<String>,
    is_loop: bool,
}

impl<'a> Names<'a> {
    pub fn new(
        source: &'a Source<'a>,
        lang: &'a Lang,
        logframe: &'a Logframe,
        narratives: &'a Narratives,
    ) -> Names<'a> {
        let plurals = Locale::new(lang).map(|locale| locale.plural_categories()).unwrap_or_default();
        Names { source, lang, logframe, narratives, plurals, scopes: Vec::new(), problems: Vec::new() }
    }

    /// A partial stands in places that it doesn't know.
    pub fn of_partial(mut self) -> Names<'a> {
        self.scopes.push(Scope { this: None, names: Vec::new(), is_loop: true });
        self
    }

    pub fn walk(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(_) => {}
                Node::Output(arg) => {
                    if self.arg(arg) == Gives::Block {
                        let name = called(arg).map_or("", |(name, _)| name);
                        self.error("helper-needs-block", arg.at).with_last("helper", name);
                    }
                }
                Node::Partial { name, at, options } => {
                    let known: Vec<&str> = self
                        .narratives
                        .partials
                        .keys()
                        .filter(|(_, lang)| lang == self.lang)
                        .map(|(name, _)| name.as_str())
                        .collect();
                    if !known.contains(&name.as_str()) {
                        let problem =
                            Problem::error("unknown-partial").at(self.source.place(*at)).with("partial", name);
                        self.problems.push(suggest(problem.with("language", self.lang.as_str()), name, known));
                    }
                    for (_, arg) in options {
                        self.arg(arg);
                    }
                }
                Node::Block(block) => {
                    let reached = self.block_head(&block.call);
                    let is_loop = !matches!(block.call.name.as_str(), "if" | "unless" | "claim");
                    if is_loop {
                        self.scopes.push(Scope { this: reached, names: block.names.clone(), is_loop: true });
                    }
                    self.walk(&block.body);
                    if is_loop {
                        self.scopes.pop();
                    }
                    self.walk(&block.otherwise);
                }
            }
        }
    }

    /// What `this` is within a block.
    fn block_head(&mut self, call: &Call) -> Option<Reached> {
        let Some(helper) = schema::find(&call.name) else {
            // `{{#results}}` over a path: the same as each.
            return match self.path(&call.name, call.at) {
                Some(Reached::Items(kind)) => Some(Reached::Item(kind)),
                other => other,
            };
        };
        self.call(helper, call);
        match (helper.name, helper.gives) {
            ("each" | "with", _) => match self.reached(call.args.first()?)? {
                Reached::Items(kind) if helper.name == "each" => Some(Reached::Item(kind)),
                other => Some(other),
            },
            (_, Gives::Items(kind)) => Some(Reached::Item(kind)),
            (_, Gives::Block) => None,
            _ => {
                self.error("helper-not-a-block", call.at).with_last("helper", &call.name);
                None
            }
        }
    }

    /// Whether a bare name that is a helper's too is meant as a field of what is looped over.
    fn is_field(&self, helper: &Helper) -> bool {
        let known = match self.resolve(helper.name) {
            Ok(Some(_)) => true,
            Ok(None) => Kind::Activity.fields().iter().any(|(field, _)| *field == helper.name),
            Err(_) => false,
        };
        helper.least > 0 && known
    }

    fn reached(&self, arg: &Arg) -> Option<Reached> {
        match called(arg) {
            Some((name, _)) => match schema::find(name).map(|helper| helper.gives) {
                Some(Gives::Items(kind)) => Some(Reached::Items(kind)),
                Some(_) => Some(Reached::Value),
                None => self.resolve(name).ok().flatten(),
            },
            None => Some(Reached::Value),
        }
    }

    fn arg(&mut self, arg: &Arg) -> Gives {
        match &arg.expr {
            Expr::Path(path) => match schema::find(path) {
                Some(helper) if !self.is_field(helper) => {
                    let call = Call { name: path.clone(), at: arg.at, args: Vec::new(), options: Vec::new() };
                    self.call(helper, &call);
                    helper.gives
                }
                _ => {
                    self.path(path, arg.at);
                    Gives::Value
                }
            },
            Expr::Call(call) => match schema::find(&call.name) {
                Some(helper) => {
                    self.call(helper, call);
                    helper.gives
                }
                None if call.args.is_empty() && call.options.is_empty() => {
                    self.path(&call.name, call.at);
                    Gives::Value
                }
                None => {
                    let known = HELPERS.iter().map(|helper| helper.name);
                    let problem =
                        Problem::error("unknown-helper").at(self.source.place(call.at)).with("helper", &call.name);
                    self.problems.push(suggest(problem, &call.name, known));
                    Gives::Value
                }
            },
            _ => Gives::Value,
        }
    }

    fn call(&mut self, helper: &'static Helper, call: &Call) {
        if call.args.len() < helper.least || (!helper.repeats && call.args.len() > helper.params.len()) {
            let problem = Problem::error("wrong-arguments").at(self.source.place(call.at)).with("helper", helper.name);
            self.problems
                .push(problem.with("expected", helper.least.to_string()).with("found", call.args.len().to_string()));
            return;
        }
        for (at, arg) in call.args.iter().enumerate() {
            let param = helper.params.get(at).or(helper.params.last()).copied().unwrap_or(Param::Any);
            self.param(param, arg, call);
        }
        for (name, arg) in &call.options {
            match helper.options.iter().find(|(known, _)| known == name) {
                Some((_, param)) => self.param(*param, arg, call),
                None => {
                    let known = helper.options.iter().map(|(name, _)| *name);
                    let problem = Problem::error("unknown-option").at(self.source.place(arg.at)).with("option", name);
                    self.problems.push(suggest(problem.with("helper", helper.name), name, known));
                }
            }
        }
        match helper.name {
            "plural" => self.plural_forms(call),
            "claim" => self.claim_kind(call),
            _ => {}
        }
    }

    fn param(&mut self, param: Param, arg: &Arg, call: &Call) {
        match (param, &arg.expr) {
            (Param::Indicator, Expr::Text(code)) => self.indicator(code, arg.at),
            (Param::Subject, Expr::Text(code)) => self.indicator(code, arg.at),
            (Param::Indicator, Expr::Number(_) | Expr::Bool(_)) => {
                self.error("not-an-indicator", arg.at);
            }
            (Param::Axis, Expr::Text(axis)) => self.axis(axis, arg.at, call),
            (Param::OneOf(words), Expr::Text(word)) if !words.contains(&word.as_str()) => {
                let problem = Problem::error("unknown-word").at(self.source.place(arg.at)).with("word", word);
                self.problems.push(suggest(problem.with("known", words.join(", ")), word, words.iter().copied()));
            }
            (Param::OneOf(words), expr) if !matches!(expr, Expr::Text(_)) => {
                let problem =
                    Problem::error("unknown-word").at(self.source.place(arg.at)).with("word", self.written(arg));
                self.problems.push(problem.with("known", words.join(", ")));
            }
            (Param::Period, Expr::Text(code)) if self.logframe.period(code).is_none() => {
                let known = self.logframe.periods.iter().map(|period| period.code.as_str());
                let problem =
                    Problem::error("unknown-reporting-period").at(self.source.place(arg.at)).with("period", code);
                self.problems.push(suggest(problem, code, known));
            }
            (Param::Flag, expr) if !matches!(expr, Expr::Bool(_)) => {
                let problem =
                    Problem::error("unknown-word").at(self.source.place(arg.at)).with("word", self.written(arg));
                self.problems.push(problem.with("known", "true, false"));
            }
            (_, Expr::Path(_) | Expr::Call(_)) => match self.arg(arg) {
                Gives::Placed | Gives::Block => {
                    self.error("not-a-value", arg.at);
                }
                Gives::Value | Gives::Items(_) => {}
            },
            _ => {}
        }
    }

    fn indicator(&mut self, code: &str, at: usize) {
        let known = || self.logframe.indicators.iter().map(|indicator| indicator.code.as_str());
        if !known().any(|known| same_code(known, code)) {
            let problem = Problem::error("unknown-indicator").at(self.source.place(at)).with("indicator", code);
            let problem = suggest(problem, code, known());
            self.problems.push(problem);
        }
    }

    fn axis(&mut self, axis: &str, at: usize, call: &Call) {
        let Some(Expr::Text(code)) = call.args.first().map(|arg| &arg.expr) else { return };
        let Some(indicator) = self.logframe.indicators.iter().find(|indicator| same_code(&indicator.code, code)) else {
            return;
        };
        if !indicator.axes.iter().any(|known| same_axis(&known.text, axis)) {
            let known = indicator.axes.iter().map(|axis| axis.text.as_str());
            let problem =
                Problem::error("unknown-axis").at(self.source.place(at)).with("axis", axis).with("indicator", code);
            let problem = suggest(problem, axis, known);
            self.problems.push(problem);
        }
    }

    fn plural_forms(&mut self, call: &Call) {
        let missing: Vec<&str> =
            self.plurals.iter().copied().filter(|category| call.option(category).is_none()).collect();
        if !missing.is_empty() {
            let problem = Problem::error("missing-plural-form").at(self.source.place(call.at));
            self.problems.push(problem.with("forms", missing.join(", ")).with("language", self.lang.as_str()));
        }
    }

    fn claim_kind(&mut self, call: &Call) {
        let Some(arg) = call.args.first() else { return };
        let Expr::Text(kind) = &arg.expr else {
            self.error("unknown-claim", arg.at).with_last("claim", "");
            return;
        };
        match CLAIMS.iter().find(|(name, _)| name == kind) {
            None => {
                let known = CLAIMS.iter().map(|(name, _)| *name);
                let problem = Problem::error("unknown-claim").at(self.source.place(arg.at)).with("claim", kind);
                self.problems.push(suggest(problem, kind, known));
            }
            Some((_, subjects)) if call.args.len() != subjects + 1 => {
                let problem = Problem::error("wrong-arguments").at(self.source.place(call.at)).with("helper", kind);
                self.problems.push(
                    problem.with("expected", subjects.to_string()).with("found", (call.args.len() - 1).to_string()),
                );
            }
            Some(_) => {}
        }
    }

    fn path(&mut self, path: &str, at: usize) -> Option<Reached> {
        match self.resolve(path) {
            Ok(reached) => reached,
            Err(known) => {
                let written = path.rsplit(['.', '/']).next().unwrap_or(path);
                let problem = Problem::error("unknown-path").at(self.source.place(at)).with("path", path);
                self.problems.push(suggest(problem, written, known));
                None
            }
        }
    }

    /// What a path leads to (none: not known before the data is there), or the names that would have been known.
    fn resolve(&self, path: &str) -> Result<Option<Reached>, Vec<&'static str>> {
        let mut rest = path;
        let mut up = 0;
        while let Some(outer) = rest.strip_prefix("../") {
            rest = outer;
            up += 1;
        }
        let scopes = &self.scopes[..self.scopes.len().saturating_sub(up)];
        let mut segments = rest.split(['.', '/']).filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or("this");
        let mut reached = self.first(first, scopes)?;
        for segment in segments {
            reached = match reached {
                None => None,
                Some(Reached::Item(kind)) => field(kind, segment)?,
                Some(_) => return Err(Vec::new()),
            };
        }
        Ok(reached)
    }

    fn first(&self, name: &str, scopes: &[Scope]) -> Result<Option<Reached>, Vec<&'static str>> {
        if name == "this" {
            return scopes.last().map(|scope| scope.this).ok_or_else(Vec::new);
        }
        if name.starts_with('@') {
            let known = ["@index", "@first", "@last"];
            let in_loop = scopes.iter().any(|scope| scope.is_loop);
            return if in_loop && known.contains(&name) { Ok(Some(Reached::Value)) } else { Err(known.to_vec()) };
        }
        if let Some(scope) = scopes.iter().rev().find(|scope| scope.names.iter().any(|known| known == name)) {
            let is_item = scope.names.first().is_some_and(|first| first == name);
            return Ok(if is_item { scope.this } else { Some(Reached::Value) });
        }
        let mut known: Vec<&'static str> = Vec::new();
        let mut open = false;
        for scope in scopes.iter().rev() {
            match scope.this {
                Some(Reached::Item(kind)) => match kind.fields().iter().find(|(field, _)| *field == name) {
                    Some((_, reached)) => return Ok(Some(*reached)),
                    None => {
                        open |= kind.has_attributes();
                        known.extend(kind.fields().iter().map(|(field, _)| *field));
                    }
                },
                None => open = true,
                Some(_) => {}
            }
        }
        if let Some((_, kind)) = ROOTS.iter().find(|(root, _)| *root == name) {
            return Ok(Some(Reached::Item(*kind)));
        }
        if open {
            return Ok(None);
        }
        known.extend(ROOTS.iter().map(|(root, _)| *root));
        known.extend(HELPERS.iter().map(|helper| helper.name));
        Err(known)
    }

    fn written(&self, arg: &Arg) -> String {
        match &arg.expr {
            Expr::Text(text) | Expr::Path(text) => text.clone(),
            Expr::Number(number) => number.to_string(),
            Expr::Bool(flag) => flag.to_string(),
            Expr::Call(call) => call.name.clone(),
        }
    }

    fn error(&mut self, code: &'static str, at: usize) -> &mut Self {
        self.problems.push(Problem::error(code).at(self.source.place(at)));
        self
    }

    fn with_last(&mut self, name: &'static str, value: &str) {
        if let Some(problem) = self.problems.last_mut() {
            problem.args.insert(name, value.to_owned());
        }
    }
}

fn field(kind: Kind, name: &str) -> Result<Option<Reached>, Vec<&'static str>> {
    match kind.fields().iter().find(|(field, _)| *field == name) {
        Some((_, reached)) => Ok(Some(*reached)),
        None if kind.has_attributes() => Ok(None),
        None => Err(kind.fields().iter().map(|(field, _)| *field).collect()),
    }
}

fn called(arg: &Arg) -> Option<(&str, usize)> {
    match &arg.expr {
        Expr::Path(name) => Some((name, arg.at)),
        Expr::Call(call) => Some((&call.name, call.at)),
        _ => None,
    }
}
