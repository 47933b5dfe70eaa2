//! What a text uses of the data: figures, claims, lists that are looped over, partials, charts and tables.

use super::expr::{Arg, Call, Expr};
use super::figures::codes_match;
use super::helpers::HelperKind;
use super::syntax::TemplateNode;
use crate::model::{ListEntry, Lists};

/// One use, such as `by I2 sex F`.
pub(super) struct Use {
    /// As it is written.
    pub text: String,
    /// The same for every spelling of a value that is on a list.
    pub key: String,
    /// Where in the text.
    pub at: usize,
}

/// Collects what a text uses, in its order.
pub(super) struct UseCollector<'a> {
    /// The project's lists and the built-in ones; without them every spelling is another value.
    pub lists: Option<&'a Lists>,
    /// What was found so far.
    pub uses: Vec<Use>,
}

impl UseCollector<'_> {
    /// Adds what some nodes of a template use.
    pub fn collect_nodes(&mut self, nodes: &[TemplateNode]) {
        for node in nodes {
            match node {
                TemplateNode::Text(_) => {}
                TemplateNode::Output(arg) => self.collect_arg(arg),
                TemplateNode::Partial { name, at, .. } => self.add(format!("> {name}"), *at),
                TemplateNode::Block(block) => {
                    self.collect_call(&block.call);
                    self.collect_nodes(&block.body);
                    self.collect_nodes(&block.otherwise);
                }
            }
        }
    }

    fn add(&mut self, text: String, at: usize) {
        self.uses.push(Use { key: text.clone(), text, at });
    }

    fn add_call(&mut self, name: &str, call: &Call) {
        let written = |value: &str| value.to_owned();
        let [text, key] = [comparable_args(call, &written), comparable_args(call, &|value| self.value_key(value))]
            .map(|args| format!("{name} {args}").trim_end().to_owned());
        self.uses.push(Use { text, key, at: call.at });
    }

    /// What a written value is, whichever spelling of it: parts of crossed disaggregations and alternatives each.
    fn value_key(&self, written: &str) -> String {
        let Some(lists) = self.lists else { return written.to_owned() };
        let is_spelling = |entry: &&ListEntry, value: &str| {
            let mut labels = entry.label.iter().map(|(_, label)| label);
            let mut aliases = entry.aliases.iter();
            codes_match(&entry.code, value)
                || labels.any(|label| codes_match(label, value))
                || aliases.any(|alias| codes_match(alias, value))
        };
        let code_of = |value: &str| {
            let entries = lists.lists.iter().flat_map(|list| &list.entries);
            let codes = entries.filter(|entry| is_spelling(entry, value)).map(|entry| entry.code.to_lowercase());
            codes.min().unwrap_or_else(|| value.trim().to_lowercase())
        };
        written.replace(" x ", "×").split(['×', '|']).map(code_of).collect::<Vec<_>>().join("×")
    }

    fn collect_arg(&mut self, arg: &Arg) {
        match &arg.expr {
            Expr::Call(call) => self.collect_call(call),
            Expr::Path(path)
                if path.contains("date")
                    || ["period", "project", "report"].iter().any(|root| path.starts_with(root)) =>
            {
                self.add(path.clone(), arg.at);
            }
            _ => {}
        }
    }

    /// A figure is the same whether it is written in digits or as a word; a plural is grammar, and no other language needs it.
    fn collect_call(&mut self, call: &Call) {
        let args = call.args.iter().chain(call.options.iter().map(|(_, arg)| arg));
        let Some(helper) = call.helper() else {
            args.for_each(|arg| self.collect_arg(arg));
            return;
        };
        match helper.kind {
            HelperKind::Plural | HelperKind::Literal => {}
            HelperKind::Words | HelperKind::Number | HelperKind::Percent => {
                match call.args.first().map(|arg| &arg.expr) {
                    Some(Expr::Text(_)) => {
                        let field = call.word_option("of").unwrap_or("actual").to_owned();
                        self.add_call(&field, call);
                    }
                    _ => call.args.iter().for_each(|arg| self.collect_arg(arg)),
                }
            }
            HelperKind::Figure(_)
            | HelperKind::Status
            | HelperKind::Part
            | HelperKind::Share
            | HelperKind::Change
            | HelperKind::Sum
            | HelperKind::Attended
            | HelperKind::IndicatorText(_)
            | HelperKind::Chart
            | HelperKind::Table
            | HelperKind::Claim
            | HelperKind::Activities
            | HelperKind::Results
            | HelperKind::Indicators
            | HelperKind::Partners
            | HelperKind::Donors
            | HelperKind::Municipalities => {
                self.add_call(&call.name, call);
            }
            HelperKind::Date
            | HelperKind::List
            | HelperKind::Count
            | HelperKind::Known
            | HelperKind::Compare(_)
            | HelperKind::Not
            | HelperKind::And
            | HelperKind::Or
            | HelperKind::If
            | HelperKind::Unless
            | HelperKind::Each
            | HelperKind::With => args.for_each(|arg| self.collect_arg(arg)),
        }
    }
}

/// Arguments and options as text, without the options that only say how a language writes the value.
fn comparable_args(call: &Call, value: &dyn Fn(&str) -> String) -> String {
    let is_formatting = call.helper().is_some_and(|helper| helper.kind.is_formatting());
    let is_compared = |name: &str| {
        let only_form = ["gender", "between", "bare", "form", "field", "decimals"].contains(&name);
        !(only_form || name == "of" && is_formatting)
    };
    let compared = call.options.iter().filter(|(name, _)| is_compared(name));
    let mut options: Vec<String> = compared.map(|(name, arg)| format!("{name}={}", format_arg(arg, value))).collect();
    options.sort();
    call.args.iter().map(|arg| format_arg(arg, value)).chain(options).collect::<Vec<_>>().join(" ")
}

fn format_arg(arg: &Arg, value: &dyn Fn(&str) -> String) -> String {
    match &arg.expr {
        Expr::Text(text) | Expr::Path(text) => value(text),
        Expr::Number(number) => number.to_string(),
        Expr::Bool(flag) => flag.to_string(),
        Expr::Call(call) => {
            let args: Vec<String> = call.args.iter().map(|arg| format_arg(arg, value)).collect();
            format!("({} {})", call.name, args.join(" "))
        }
    }
}
