//! What prose may name, for the reference.

use super::claim_kinds::CLAIMS;
use super::helpers::{HELPERS, Helper, Param, Yields};
use super::item_kinds::ItemKind;

/// How a helper is called, and what it yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelperSignature {
    /// As it is written in a tag.
    pub name: &'static str,
    /// Whether it has content: `{{#if …}} … {{/if}}`.
    pub is_block: bool,
    /// What is written behind the name.
    pub params: Vec<HelperArgument>,
    /// Whether the last of `params` may be repeated.
    pub is_variadic: bool,
    /// Name and value of what may follow.
    pub options: Vec<(&'static str, HelperArgument)>,
    /// `value`, `block`, `embed`, or the kind of items that it yields.
    pub yields: &'static str,
}

/// What is written in one place of a helper's call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelperArgument {
    /// Anything of a kind, by the kind's code: `indicator`, `period` …
    Kind(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// Every helper, in the schema's order.
pub fn helper_signatures() -> Vec<HelperSignature> {
    let signature = |helper: &Helper| HelperSignature {
        name: helper.name,
        is_block: helper.yields == Yields::Block,
        params: helper.params.iter().map(|param| argument(*param)).collect(),
        is_variadic: helper.is_variadic,
        options: helper.options.iter().map(|(name, param)| (*name, argument(*param))).collect(),
        yields: yields_name(helper.yields),
    };
    HELPERS.iter().map(signature).collect()
}

/// Every option of every helper: helper, option, the words that it may be (none: any value of its kind).
pub fn helper_options() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let options = |helper: &'static Helper| {
        helper.options.iter().map(|(name, param)| {
            let words = match param {
                Param::OneOf(words) => words.to_vec(),
                Param::Flag => vec!["true", "false"],
                _ => Vec::new(),
            };
            (helper.name, *name, words)
        })
    };
    HELPERS.iter().flat_map(options).collect()
}

/// Every kind of thing that prose can loop over or name, with its fields.
pub fn item_fields() -> Vec<(&'static str, Vec<&'static str>)> {
    ItemKind::ALL.map(|kind| (kind_name(kind), kind.field_names().collect())).to_vec()
}

/// The kinds of claim that `claim` takes, with how many indicators each is about.
pub fn claim_kinds() -> Vec<(&'static str, usize)> {
    CLAIMS.iter().map(|claim| (claim.name, claim.subjects())).collect()
}

fn argument(param: Param) -> HelperArgument {
    HelperArgument::Kind(match param {
        Param::Indicator => "indicator",
        Param::Axis => "axis",
        Param::Any => "any",
        Param::Subject => "subject",
        Param::Literal | Param::Word => "text",
        Param::Count => "count",
        Param::Activity => "activity",
        Param::Period => "period",
        Param::OneOf(words) => return HelperArgument::OneOf(words),
        Param::Flag => return HelperArgument::OneOf(&["true"]),
    })
}

fn yields_name(yields: Yields) -> &'static str {
    match yields {
        Yields::Value => "value",
        Yields::Items(kind) => kind_name(kind),
        Yields::Embed => "embed",
        Yields::Block => "block",
    }
}

fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Activity => "activity",
        ItemKind::Result => "result",
        ItemKind::Indicator => "indicator",
        ItemKind::Partner => "partner",
        ItemKind::Municipality => "municipality",
        ItemKind::Donor => "donor",
        ItemKind::Project => "project",
        ItemKind::Period => "period",
        ItemKind::Report => "report",
    }
}
