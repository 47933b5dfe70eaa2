use rust_decimal::Decimal;

use super::Narratives;
use super::claim_kinds::{CLAIMS, find_claim};
use super::conditions::{find_status, unknown_status};
use super::derived::addition_fault;
use super::expr::{Arg, Call, Expr, split_path};
use super::figures::{PREVIOUS, axes_match, codes_match};
use super::helpers::{HELPERS, Helper, HelperKind, Param, Yields, find_helper};
use super::item_kinds::{ItemKind, PathTarget};
use super::name_scope::{NameScope, resolve_path};
use super::paths::code_without_quotes;
use super::prose_file::ProseFile;
use super::source::ProseSource;
use super::syntax::TemplateNode;
use super::{known_axes, nearest_name};
use crate::diagnostic::{Problem, ProblemKind, first_names, kinds};
use crate::locale::Locale;
use crate::model::{Lang, Logframe};

impl Narratives {
    /// Problems of syntax and names: what must be in order before a file can be filled in. Names in conditions are
    /// checked too, whether or not they are ever reached.
    pub(super) fn check_names(
        &self,
        prose: &ProseFile,
        lang: &Lang,
        is_partial: bool,
        logframe: &Logframe,
    ) -> Vec<Problem> {
        let mut checker = NameChecker {
            source: &prose.source,
            lang,
            logframe,
            narratives: self,
            locale: Locale::new(lang),
            scopes: Vec::new(),
            problems: prose.syntax_problems.clone(),
        };
        if is_partial {
            // What surrounds a partial is known only where it is used.
            checker.scopes.push(NameScope { this: None, names: Vec::new() });
        }
        checker.check_nodes(&prose.nodes);
        checker.problems
    }

    /// The problem that a language has no partial of this name.
    pub(super) fn unknown_partial(&self, name: &str, lang: &Lang) -> kinds::UnknownPartial {
        let known = self.partials.keys().filter(|(_, own)| own == lang).map(|(name, _)| name.as_str());
        let (partial, language) = (name.to_owned(), lang.as_str().to_owned());
        kinds::UnknownPartial { partial, language, nearest: nearest_name(name, known) }
    }
}

/// Whether a path is one name, and so may be meant as a word.
fn is_bare_word(path: &str) -> bool {
    let (up, names) = split_path(path);
    up == 0 && names.len() <= 1 && path != "this" && !path.starts_with('@')
}

struct NameChecker<'a> {
    source: &'a ProseSource,
    lang: &'a Lang,
    logframe: &'a Logframe,
    narratives: &'a Narratives,
    /// How this language writes; `None` for one that the program doesn't know.
    locale: Option<Locale>,
    /// The innermost last.
    scopes: Vec<NameScope>,
    problems: Vec<Problem>,
}

impl NameChecker<'_> {
    fn check_nodes(&mut self, nodes: &[TemplateNode]) {
        for node in nodes {
            match node {
                TemplateNode::Text(_) => {}
                TemplateNode::Output(arg) => {
                    if self.check_arg(arg) == Yields::Block {
                        let helper = arg.name().unwrap_or_default().to_owned();
                        self.report(kinds::HelperNeedsBlock { helper }, arg.at);
                    }
                }
                TemplateNode::Partial { name, at, options } => self.check_partial(name, *at, options),
                TemplateNode::Block(block) => {
                    let this = self.check_block_head(&block.call);
                    let opens_scope = !matches!(
                        block.call.helper().map(|helper| helper.kind),
                        Some(HelperKind::If | HelperKind::Unless | HelperKind::Claim)
                    );
                    if opens_scope {
                        self.scopes.push(NameScope { this, names: block.names.clone() });
                    }
                    self.check_nodes(&block.body);
                    if opens_scope {
                        self.scopes.pop();
                    }
                    self.check_nodes(&block.otherwise);
                }
            }
        }
    }

    fn check_partial(&mut self, name: &str, at: usize, options: &[(String, Arg)]) {
        if !self.narratives.partials.contains_key(&(name.to_owned(), self.lang.clone())) {
            self.report(self.narratives.unknown_partial(name, self.lang), at);
        }
        for (_, arg) in options {
            self.check_arg(arg);
        }
    }

    /// Checks the tag that opens a block; what `this` is within it.
    fn check_block_head(&mut self, call: &Call) -> Option<PathTarget> {
        let Some(helper) = call.helper().filter(|helper| !self.is_field_call(helper, call)) else {
            // A list by itself is looped over as with `each`.
            return match self.check_path(&call.name, call.at) {
                Some(PathTarget::Items(kind)) => Some(PathTarget::Item(kind)),
                other => other,
            };
        };
        self.check_call(helper, call);
        match (helper.kind, helper.yields) {
            (HelperKind::Each, _) => match self.arg_target(call.args.first()?)? {
                PathTarget::Items(kind) => Some(PathTarget::Item(kind)),
                other => Some(other),
            },
            (HelperKind::With, _) => self.arg_target(call.args.first()?),
            (_, Yields::Items(kind)) => Some(PathTarget::Item(kind)),
            (_, Yields::Block) => None,
            (_, Yields::Value | Yields::Embed) => {
                self.report(kinds::HelperNotABlock { helper: call.name.clone() }, call.at);
                None
            }
        }
    }

    /// Whether a bare name that is a helper's too is meant as a field of the item looped over, which comes first.
    fn is_field(&self, helper: &Helper) -> bool {
        match resolve_path(helper.name, &self.scopes) {
            Ok(Some(_)) => true,
            // Known only once the data is there: a bare name is no helper that needs arguments if it may be a field.
            Ok(None) => helper.required > 0 && self.may_be_field(helper.name),
            Err(_) => false,
        }
    }

    fn is_field_call(&self, helper: &Helper, call: &Call) -> bool {
        call.args.is_empty() && call.options.is_empty() && self.is_field(helper)
    }

    fn may_be_field(&self, name: &str) -> bool {
        let has_attributes =
            |scope: &NameScope| matches!(scope.this, Some(PathTarget::Item(kind)) if kind.has_attributes());
        self.scopes.iter().any(has_attributes) || ItemKind::ALL.iter().any(|kind| kind.field(name).is_some())
    }

    fn arg_target(&self, arg: &Arg) -> Option<PathTarget> {
        let Some(name) = arg.name() else { return Some(PathTarget::Value) };
        let is_bare = !matches!(&arg.expr, Expr::Call(call) if !call.args.is_empty() || !call.options.is_empty());
        let helper = find_helper(name).filter(|helper| !(is_bare && self.is_field(helper)));
        match helper.map(|helper| helper.yields) {
            Some(Yields::Items(kind)) => Some(PathTarget::Items(kind)),
            Some(_) => Some(PathTarget::Value),
            None => resolve_path(name, &self.scopes).ok().flatten(),
        }
    }

    /// Checks an expression; what it yields.
    fn check_arg(&mut self, arg: &Arg) -> Yields {
        match &arg.expr {
            Expr::Path(path) => match find_helper(path) {
                Some(helper) if !self.is_field(helper) => {
                    self.check_call(helper, &Call::without_args(path, arg.at));
                    helper.yields
                }
                _ => {
                    self.check_path(path, arg.at);
                    Yields::Value
                }
            },
            Expr::Call(call) => match call.helper().filter(|helper| !self.is_field_call(helper, call)) {
                Some(helper) => {
                    self.check_call(helper, call);
                    helper.yields
                }
                None if call.args.is_empty() && call.options.is_empty() => {
                    self.check_path(&call.name, call.at);
                    Yields::Value
                }
                None => {
                    let nearest = nearest_name(&call.name, HELPERS.iter().map(|helper| helper.name));
                    let known = HELPERS.iter().map(|helper| helper.name).collect::<Vec<_>>().join(", ");
                    self.report(kinds::UnknownHelper { helper: call.name.clone(), known, nearest }, call.at);
                    Yields::Value
                }
            },
            Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) => Yields::Value,
        }
    }

    fn check_call(&mut self, helper: &'static Helper, call: &Call) {
        if call.args.len() < helper.required || (!helper.is_variadic && call.args.len() > helper.params.len()) {
            self.report_arg_count(call, helper.name, helper.required, call.args.len());
            return;
        }
        for (index, arg) in call.args.iter().enumerate() {
            let param = helper.params.get(index).or(helper.params.last()).copied().unwrap_or(Param::Any);
            if !(matches!(helper.kind, HelperKind::Compare(_)) && self.check_compared_word(call, index)) {
                self.check_param(param, "", arg, call);
            }
        }
        for (name, arg) in &call.options {
            match helper.options.iter().find(|(known, _)| known == name) {
                Some((_, param)) => self.check_param(*param, name, arg, call),
                None => {
                    let nearest = nearest_name(name, helper.options.iter().map(|(name, _)| *name));
                    let (option, helper) = (name.clone(), helper.name.to_owned());
                    self.report(kinds::UnknownOption { option, helper, nearest }, arg.at);
                }
            }
        }
        match helper.kind {
            HelperKind::Plural => self.check_plural_forms(call),
            HelperKind::Claim => self.check_claim_kind(call),
            HelperKind::Sum => self.check_sum(call),
            _ => {}
        }
    }

    fn report_arg_count(&mut self, call: &Call, name: &str, expected: usize, found: usize) {
        let (helper, expected, found) = (name.to_owned(), expected.to_string(), found.to_string());
        self.report(kinds::WrongArguments { helper, expected, found }, call.at);
    }

    /// Checks an argument, or the value of the option `option`.
    fn check_param(&mut self, param: Param, option: &str, arg: &Arg, call: &Call) {
        match (param, &arg.expr) {
            (Param::Indicator, Expr::Text(code)) => self.check_indicator(code, arg.at),
            (Param::Subject, Expr::Text(code)) if code.trim().parse::<Decimal>().is_err() => {
                self.check_indicator(code, arg.at);
            }
            (Param::Indicator, Expr::Number(_) | Expr::Bool(_)) => {
                self.report(kinds::NotAnIndicator, arg.at);
            }
            (Param::Axis, Expr::Text(axis)) => self.check_axis(axis, arg.at, call),
            (Param::Axis | Param::Literal | Param::Activity, Expr::Path(word)) if is_bare_word(word) => {}
            (Param::Word, Expr::Path(_)) => {}
            (Param::OneOf(words), _) => match arg.word() {
                Some(word) if words.contains(&word) => {}
                _ => self.report_unknown_word(arg, words),
            },
            (Param::Period, expr) if !matches!(expr, Expr::Call(_)) => self.check_period(arg),
            (Param::Flag, _) if arg.flag().is_none() => self.report_unknown_word(arg, &["true", "false"]),
            (Param::Flag, _) => {}
            (Param::Count, expr) if arg.count().is_none() && !matches!(expr, Expr::Path(_) | Expr::Call(_)) => {
                let (word, option) = (arg.source(), option.to_owned());
                self.report(kinds::CountExpected { word, option }, arg.at);
            }
            (_, Expr::Path(_) | Expr::Call(_)) => match self.check_arg(arg) {
                Yields::Embed | Yields::Block => {
                    self.report(kinds::NotAValue, arg.at);
                }
                Yields::Value | Yields::Items(_) => {}
            },
            _ => {}
        }
    }

    fn check_period(&mut self, arg: &Arg) {
        let written = match &arg.expr {
            Expr::Number(number) => number.to_string(),
            _ => arg.word().unwrap_or_default().to_owned(),
        };
        if written == PREVIOUS || self.logframe.period(&written).is_some() {
            return;
        }
        if let Expr::Path(path) = &arg.expr
            && resolve_path(path, &self.scopes).is_ok()
        {
            return;
        }
        let known = self.logframe.periods.iter().map(|period| period.code.as_str());
        let nearest = nearest_name(&written, known.clone().chain([PREVIOUS]));
        let known = first_names(known);
        self.report(kinds::UnknownReportingPeriod { period: written, known, nearest }, arg.at);
    }

    /// Checks an argument of a comparison that may be a word beside a status: whether it is dealt with.
    fn check_compared_word(&mut self, call: &Call, index: usize) -> bool {
        let (Some(arg), Some(other)) = (call.args.get(index), call.args.get(1 - index.min(1))) else { return false };
        let is_status = matches!(&other.expr, Expr::Call(call) if call.helper().is_some_and(|helper| helper.kind == HelperKind::Status));
        match &arg.expr {
            Expr::Path(word) if !is_bare_word(word) || resolve_path(word, &self.scopes).is_ok() => false,
            // A word beside a value of a list, which is known only once the data is there.
            Expr::Path(word) if find_helper(word).is_none() && !is_status => {
                matches!(&other.expr, Expr::Path(path) if !self.scopes.is_empty() && resolve_path(path, &self.scopes).is_ok())
            }
            Expr::Path(word) | Expr::Text(word) if is_status => {
                if let Some(locale) = self.locale.as_ref().filter(|locale| find_status(word, locale).is_none()) {
                    let kind = unknown_status(word, locale);
                    self.report(kind, arg.at);
                }
                true
            }
            _ => false,
        }
    }

    fn check_sum(&mut self, call: &Call) {
        for arg in &call.args {
            let Expr::Text(code) = &arg.expr else { continue };
            let indicator = self.logframe.indicators.iter().find(|indicator| codes_match(&indicator.code, code));
            if let Some(fault) = indicator.and_then(addition_fault) {
                self.report(fault, arg.at);
            }
        }
    }

    fn report_unknown_word(&mut self, arg: &Arg, known: &[&str]) {
        let word = arg.word().map_or_else(|| arg.source(), str::to_owned);
        let nearest = nearest_name(&word, known.iter().copied());
        self.report(kinds::UnknownWord { word, known: known.join(", "), nearest }, arg.at);
    }

    fn check_indicator(&mut self, code: &str, at: usize) {
        let known = || self.logframe.indicators.iter().map(|indicator| indicator.code.as_str());
        if !known().any(|known| codes_match(known, code)) {
            let nearest = nearest_name(code, known());
            let known = first_names(known());
            self.report(kinds::UnknownIndicator { indicator: code.to_owned(), known, nearest }, at);
        }
    }

    /// Checks that the indicator before the argument has this disaggregation.
    fn check_axis(&mut self, axis: &str, at: usize, call: &Call) {
        let Some(Expr::Text(code)) = call.args.first().map(|arg| &arg.expr) else { return };
        let indicators = &self.logframe.indicators;
        let Some(indicator) = indicators.iter().find(|indicator| codes_match(&indicator.code, code)) else { return };
        if !indicator.axes.iter().any(|known| axes_match(&known.text, axis)) {
            let known = indicator.axes.iter().map(|axis| axis.text.as_str());
            let nearest = nearest_name(axis, known.clone());
            let known = known_axes(known);
            self.report(kinds::UnknownAxis { axis: axis.to_owned(), indicator: code.clone(), known, nearest }, at);
        }
    }

    fn check_plural_forms(&mut self, call: &Call) {
        let categories = self.locale.as_ref().map(Locale::plural_categories).unwrap_or_default();
        let missing = call.missing_options(&categories);
        if !missing.is_empty() {
            let language = self.lang.as_str().to_owned();
            self.report(kinds::MissingPluralForm { forms: missing.join(", "), language }, call.at);
        }
    }

    fn check_claim_kind(&mut self, call: &Call) {
        let Some(arg) = call.args.first() else { return };
        let Some(name) = arg.word() else {
            self.report(kinds::UnknownClaim { claim: arg.source(), nearest: None }, arg.at);
            return;
        };
        match find_claim(name) {
            None => {
                let nearest = nearest_name(name, CLAIMS.iter().map(|claim| claim.name));
                self.report(kinds::UnknownClaim { claim: name.to_owned(), nearest }, arg.at);
            }
            Some(claim) if call.args.len() != claim.subjects() + 1 => {
                self.report_arg_count(call, name, claim.subjects(), call.args.len() - 1);
            }
            Some(_) => {}
        }
    }

    /// Reports a path that leads nowhere; else what it leads to, as far as that is known.
    fn check_path(&mut self, path: &str, at: usize) -> Option<PathTarget> {
        match resolve_path(path, &self.scopes) {
            Ok(target) => target,
            Err(known) => {
                let indicators = &self.logframe.indicators;
                if indicators.iter().any(|indicator| codes_match(&indicator.code, path)) {
                    self.report(code_without_quotes(path), at);
                    return None;
                }
                let last_segment = path.rsplit(['.', '/']).next().unwrap_or(path);
                // A code such as `I1` is near to a short name such as `if`.
                let helpers = HELPERS.iter().map(|helper| helper.name).filter(|helper| helper.len() > 3);
                let nearest = nearest_name(last_segment, known.iter().copied().chain(helpers));
                let known = known.join(", ");
                self.report(kinds::UnknownPath::Plain { path: path.to_owned(), known, nearest }, at);
                None
            }
        }
    }

    fn report(&mut self, kind: impl Into<ProblemKind>, at: usize) {
        self.problems.push(Problem::error(kind).at(self.source.place(at)));
    }
}
