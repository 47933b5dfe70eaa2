//! What prose may name, written out for docs/reference.md.

use super::claim_kinds::CLAIMS;
use super::item_kinds::ItemKind;
use super::schema::{HELPERS, Helper, Param, Yields};

/// How a helper is called, and what it yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelperSignature {
    /// As it is written in a tag.
    pub name: &'static str,
    /// `{{actual INDICATOR in=PERIOD between bare}}`.
    pub call: String,
    /// `value`, `block`, `embed`, or the kind of items that it yields.
    pub yields: &'static str,
}

/// Every helper, in the schema's order.
pub fn helper_signatures() -> Vec<HelperSignature> {
    HELPERS
        .iter()
        .map(|helper| HelperSignature {
            name: helper.name,
            call: format_call(helper),
            yields: yields_name(helper.yields),
        })
        .collect()
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

fn format_call(helper: &Helper) -> String {
    let mut words =
        vec![if helper.yields == Yields::Block { format!("#{}", helper.name) } else { helper.name.to_owned() }];
    words.extend(helper.params.iter().map(|param| param_name(*param)));
    if helper.is_variadic {
        words.push("…".to_owned());
    }
    words.extend(helper.options.iter().map(|(name, param)| match param {
        Param::Flag => format!("[{name}=true]"),
        param => format!("[{name}={}]", param_name(*param)),
    }));
    format!("{{{{{}}}}}", words.join(" "))
}

fn param_name(param: Param) -> String {
    match param {
        Param::Indicator => "INDICATOR",
        Param::Axis => "AXIS",
        Param::Any => "VALUE",
        Param::Subject => "INDICATOR or VALUE",
        Param::Literal | Param::Word => "\"TEXT\"",
        Param::Count => "NUMBER",
        Param::Activity => "ACTIVITY",
        Param::OneOf(words) => return words.join("|"),
        Param::Period => "PERIOD",
        Param::Flag => "true",
    }
    .to_owned()
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
