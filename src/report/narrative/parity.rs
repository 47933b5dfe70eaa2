use super::outline::Outline;
use super::source::{Masked, Source};
use super::syntax::{Arg, Call, Expr, Node};
use crate::diagnostic::{Place, Problem, Severity};

/// What has to be the same in every language of a section, in the order of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// `actual I14`, with its place: figures, claims, lists that are looped over, partials, charts and tables.
    pub uses: Vec<(String, Place)>,
    pub headings: Vec<(String, Place)>,
    pub lists: Vec<(String, Place)>,
    pub tables: Vec<(String, Place)>,
    pub images: Vec<(String, Place)>,
    pub footnotes: Vec<(String, Place)>,
    pub file: String,
}

pub(super) fn shape(source: &Source, masked: &Masked, outline: &Outline, nodes: &[Node]) -> Shape {
    let mut uses = Vec::new();
    collect(nodes, &mut uses);
    let place = |at: usize| source.place(masked.origin(at));
    Shape {
        uses: uses.into_iter().map(|(text, at)| (text, source.place(at))).collect(),
        headings: outline.headings.iter().map(|(level, at)| (level.to_string(), place(*at))).collect(),
        lists: outline.lists.iter().map(|(items, at)| (items.to_string(), place(*at))).collect(),
        tables: outline
            .tables
            .iter()
            .map(|((rows, columns), at)| (format!("{rows} × {columns}"), place(*at)))
            .collect(),
        images: outline.images.iter().map(|(file, at)| (file.clone(), place(*at))).collect(),
        footnotes: outline.footnotes.iter().map(|at| ("footnote".to_owned(), place(*at))).collect(),
        file: source.file.to_owned(),
    }
}

/// Where two languages of a section part; each problem names both places.
pub(super) fn compare(first: &Shape, second: &Shape, severity: Severity) -> Vec<Problem> {
    let mut problems = Vec::new();
    unordered(&first.uses, &second.uses, "figure", (first, second), severity, &mut problems);
    unordered(&first.images, &second.images, "image", (first, second), severity, &mut problems);
    ordered(&first.headings, &second.headings, "heading", (first, second), severity, &mut problems);
    ordered(&first.lists, &second.lists, "list", (first, second), severity, &mut problems);
    ordered(&first.tables, &second.tables, "table", (first, second), severity, &mut problems);
    ordered(&first.footnotes, &second.footnotes, "footnote", (first, second), severity, &mut problems);
    problems
}

type Marks = [(String, Place)];

/// Things that a language may put in another order within the section: what one has more of is set against what the other has more of.
fn unordered(
    a: &Marks,
    b: &Marks,
    variant: &'static str,
    (first, second): (&Shape, &Shape),
    severity: Severity,
    problems: &mut Vec<Problem>,
) {
    let only_a = surplus(a, b);
    let only_b = surplus(b, a);
    for at in 0..only_a.len().max(only_b.len()) {
        let (left, right) = (only_a.get(at), only_b.get(at));
        let problem = Problem::new(severity, "parity").variant(if left.is_some() && right.is_some() {
            variant
        } else {
            single(variant)
        });
        let place = |mark: Option<&&(String, Place)>,
                     other: Option<&&(String, Place)>,
                     own: &Marks,
                     others: &Marks,
                     shape: &Shape| {
            match mark {
                Some((_, place)) => place.clone(),
                None => counterpart(other.map(|mark| &mark.1), others, own, &shape.file),
            }
        };
        let text = |mark: Option<&&(String, Place)>| mark.map_or_else(String::new, |(text, _)| text.clone());
        let there = left.or(right).map_or_else(String::new, |(text, _)| text.clone());
        let (has, lacks) = if left.is_some() { (first, second) } else { (second, first) };
        problems.push(
            problem
                .at(place(left, right, a, b, first))
                .at(place(right, left, b, a, second))
                .with("first", text(left))
                .with("second", text(right))
                .with("what", there)
                .with("file", &has.file)
                .with("other", &lacks.file),
        );
    }
}

/// Things whose order is the same in every language: the first difference is told.
fn ordered(
    a: &Marks,
    b: &Marks,
    variant: &'static str,
    (first, second): (&Shape, &Shape),
    severity: Severity,
    problems: &mut Vec<Problem>,
) {
    let length = a.len().max(b.len());
    let Some(at) = (0..length).find(|at| a.get(*at).map(|mark| &mark.0) != b.get(*at).map(|mark| &mark.0)) else {
        return;
    };
    let place = |marks: &Marks, shape: &Shape| match marks.get(at).or(marks.last()) {
        Some((_, place)) => place.clone(),
        None => Place::line(&shape.file, 1, 1),
    };
    let text = |marks: &Marks| marks.get(at).map_or_else(|| "—".to_owned(), |mark| mark.0.clone());
    problems.push(
        Problem::new(severity, "parity")
            .variant(variant)
            .at(place(a, first))
            .at(place(b, second))
            .with("first", text(a))
            .with("second", text(b))
            .with("file", &first.file)
            .with("other", &second.file),
    );
}

fn single(variant: &'static str) -> &'static str {
    if variant == "image" { "missing-image" } else { "missing-figure" }
}

fn surplus<'a>(a: &'a Marks, b: &Marks) -> Vec<&'a (String, Place)> {
    let mut left: Vec<&str> = b.iter().map(|(text, _)| text.as_str()).collect();
    a.iter()
        .filter(|(text, _)| match left.iter().position(|other| *other == text.as_str()) {
            Some(at) => {
                left.swap_remove(at);
                false
            }
            None => true,
        })
        .collect()
}

/// Where in the other file something would stand: at the use that corresponds to the one before it.
fn counterpart(place: Option<&Place>, others: &Marks, own: &Marks, file: &str) -> Place {
    let before = place.and_then(|place| others.iter().take_while(|(_, other)| other < place).last());
    let found = before.and_then(|(text, _)| own.iter().find(|(other, _)| other == text));
    found.map_or_else(|| Place::line(file, 1, 1), |(_, place)| place.clone())
}

fn collect(nodes: &[Node], uses: &mut Vec<(String, usize)>) {
    for node in nodes {
        match node {
            Node::Text(_) => {}
            Node::Output(arg) => collect_arg(arg, uses),
            Node::Partial { name, at, .. } => uses.push((format!("> {name}"), *at)),
            Node::Block(block) => {
                collect_call(&block.call, uses);
                collect(&block.body, uses);
                collect(&block.otherwise, uses);
            }
        }
    }
}

fn collect_arg(arg: &Arg, uses: &mut Vec<(String, usize)>) {
    match &arg.expr {
        Expr::Call(call) => collect_call(call, uses),
        Expr::Path(path)
            if path.contains("date") || ["period", "project", "report"].iter().any(|root| path.starts_with(root)) =>
        {
            uses.push((path.clone(), arg.at));
        }
        _ => {}
    }
}

/// A figure is the same figure whether it is written in digits or as a word; a plural is grammar and told by no language alone.
fn collect_call(call: &Call, uses: &mut Vec<(String, usize)>) {
    let mut options: Vec<String> = call
        .options
        .iter()
        .filter(|(name, _)| {
            let only_writing = ["gender", "between", "bare", "form", "field", "decimals"].contains(&name.as_str());
            !(only_writing || name == "of" && is_writing(call))
        })
        .map(|(name, arg)| format!("{name}={}", written(arg)))
        .collect();
    options.sort();
    let arguments: Vec<String> = call.args.iter().map(written).chain(options).collect();
    match call.name.as_str() {
        "plural" | "literal" => {}
        "words" | "number" | "percent" => match call.args.first().map(|arg| &arg.expr) {
            Some(Expr::Text(_)) => {
                let field = call.option("of").map_or_else(|| "actual".to_owned(), written);
                uses.push((format!("{field} {}", arguments.join(" ")), call.at));
            }
            _ => call.args.iter().for_each(|arg| collect_arg(arg, uses)),
        },
        "actual" | "cumulative" | "served" | "target" | "baseline" | "progress" | "status" | "by" | "chart"
        | "table" | "claim" | "activities" | "results" | "indicators" | "partners" | "donors" | "municipalities" => {
            uses.push((format!("{} {}", call.name, arguments.join(" ")).trim_end().to_owned(), call.at));
        }
        _ => {
            for arg in call.args.iter().chain(call.options.iter().map(|(_, arg)| arg)) {
                collect_arg(arg, uses);
            }
        }
    }
}

fn is_writing(call: &Call) -> bool {
    matches!(call.name.as_str(), "words" | "number" | "percent")
}

fn written(arg: &Arg) -> String {
    match &arg.expr {
        Expr::Text(text) | Expr::Path(text) => text.clone(),
        Expr::Number(number) => number.to_string(),
        Expr::Bool(flag) => flag.to_string(),
        Expr::Call(call) => {
            let args: Vec<String> = call.args.iter().map(written).collect();
            format!("({} {})", call.name, args.join(" "))
        }
    }
}
