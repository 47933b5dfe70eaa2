//! One type per code of messages, whose fields are the placeholders of its sentences.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::messages::{Messages, Wording, Wordings};

/// The variant that only adds a suggestion: an optional field of the base rather than a case of its own.
const NEAREST: &str = "nearest";

/// One case of a code: a struct, or a variant of an enum.
struct Case<'a> {
    /// The variant in the messages; `None` for the base.
    variant: Option<&'a str>,
    wording: &'a Wording,
    fields: BTreeSet<String>,
    /// Whether it has a field `nearest: Option<String>`, and is worded as variant `nearest` where that is `Some`.
    may_suggest: bool,
}

/// The types of all codes, each convertible into `target` (`ProblemKind`, `Phrase`). Placeholders named in `without`
/// are no fields.
pub fn generate(messages: &Messages, target: &str, without: &[&str], faults: &mut Vec<String>) -> String {
    let mut out = format!("use super::{target};\n");
    for (code, wordings) in messages {
        let cases = cases_of(wordings, without);
        for field in cases.iter().flat_map(|case| &case.fields) {
            if syntax_keyword(field) {
                faults.push(format!("`{code}`: `{{{field}}}` can't name a field"));
            }
        }
        // Writing to a String can't fail.
        let _ = write_type(&mut out, code, &cases, target);
    }
    out
}

fn cases_of<'a>(wordings: &'a Wordings, without: &[&str]) -> Vec<Case<'a>> {
    let base = wordings.base.fields(without);
    let nearest = wordings.variants.get(NEAREST).map(|wording| wording.fields(without));
    let may_suggest = nearest.is_some_and(|fields| fields.iter().all(|field| field == NEAREST || base.contains(field)));
    let mut cases = vec![Case { variant: None, wording: &wordings.base, fields: base, may_suggest }];
    for (variant, wording) in &wordings.variants {
        if !(may_suggest && variant == NEAREST) {
            let fields = wording.fields(without);
            cases.push(Case { variant: Some(variant), wording, fields, may_suggest: false });
        }
    }
    cases
}

fn write_type(out: &mut String, code: &str, cases: &[Case], target: &str) -> std::fmt::Result {
    let name = pascal_case(code);
    let is_enum = cases.len() > 1;
    writeln!(out, "\n{}\n#[derive(Clone, Debug)]", documentation(&format!("`{code}`: "), cases[0].wording))?;
    if is_enum {
        writeln!(out, "pub enum {name} {{")?;
        for case in cases {
            let fields = field_list(case, "");
            writeln!(out, "    {}\n    {}{fields},", documentation("", case.wording), case_name(case))?;
        }
        writeln!(out, "}}")?;
    } else {
        let fields = field_list(&cases[0], "pub ");
        writeln!(out, "pub struct {name}{fields}{}", if fields.is_empty() { ";" } else { "" })?;
    }
    writeln!(out, "\nimpl {name} {{\n    /// The stable code.\n    pub const CODE: &'static str = {code:?};\n}}")?;
    let body = if is_enum {
        let arms = cases.iter().map(|case| {
            let path = format!("{name}::{}", case_name(case));
            format!("            {path}{} => {},\n", pattern(case), conversion(case, target, &name))
        });
        format!("match kind {{\n{}        }}", arms.collect::<String>())
    } else {
        let case = &cases[0];
        format!("let {name}{} = kind;\n        {}", pattern(case), conversion(case, target, &name))
    };
    writeln!(
        out,
        "\nimpl From<{name}> for {target} {{\n    fn from(kind: {name}) -> {target} {{\n        {body}\n    }}\n}}"
    )
}

fn case_name(case: &Case) -> String {
    pascal_case(case.variant.unwrap_or("plain"))
}

fn field_list(case: &Case, visibility: &str) -> String {
    let mut fields: Vec<String> =
        case.fields.iter().map(|field| format!("/// Fills `{{{field}}}`.\n    {visibility}{field}: String")).collect();
    if case.may_suggest {
        fields
            .push(format!("/// What may be meant; fills `{{{NEAREST}}}`.\n    {visibility}{NEAREST}: Option<String>"));
    }
    if fields.is_empty() { String::new() } else { format!(" {{\n    {}\n}}", fields.join(",\n    ")) }
}

fn pattern(case: &Case) -> String {
    let fields: Vec<&str> = case.fields.iter().map(String::as_str).chain(case.may_suggest.then_some(NEAREST)).collect();
    if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) }
}

fn conversion(case: &Case, target: &str, name: &str) -> String {
    let mut args: Vec<String> = case.fields.iter().map(|field| format!("({field:?}, {field})")).collect();
    let variant = case.variant.map_or("None".to_owned(), |variant| format!("Some({variant:?})"));
    if !case.may_suggest {
        return format!("{target}::new({name}::CODE, {variant}, [{}])", args.join(", "));
    }
    args.push(format!("({NEAREST:?}, {NEAREST})"));
    let without = format!("{target}::new({name}::CODE, None, [{}])", args[..args.len() - 1].join(", "));
    let with = format!("{target}::new({name}::CODE, Some({NEAREST:?}), [{}])", args.join(", "));
    format!("match {NEAREST} {{ Some({NEAREST}) => {with}, None => {without} }}")
}

/// A doc comment of a wording in English, with what rustdoc would read as links or HTML escaped.
fn documentation(prefix: &str, wording: &Wording) -> String {
    let english = |texts: &std::collections::BTreeMap<String, String>| {
        let text = texts.get("en").map(String::as_str).unwrap_or_default();
        text.replace('\n', " ").replace('[', "\\[").replace('<', "\\<").replace('*', "\\*").replace("://", "\\://")
    };
    let help = if wording.help.is_empty() { String::new() } else { format!("\n\nHelp: {}", english(&wording.help)) };
    format!("#[doc = {:?}]", format!("{prefix}{}{help}", english(&wording.message)))
}

fn pascal_case(code: &str) -> String {
    let words = code.split(['-', '_']).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn syntax_keyword(name: &str) -> bool {
    const KEYWORDS: &str = "as async await break const continue crate dyn else enum extern false fn for if impl in let \
        loop match mod move mut pub ref return self static struct super trait true type unsafe use where while";
    KEYWORDS.split_whitespace().any(|keyword| keyword == name)
}
