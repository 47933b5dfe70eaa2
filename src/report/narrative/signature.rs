//! What prose may name, written out: for the reference.

use super::schema::{CLAIMS, Gives, HELPERS, Helper, Kind, Param};

/// How a helper is called, and what it yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub name: &'static str,
    /// `{{actual INDICATOR in=PERIOD between bare}}`.
    pub call: String,
    /// `value`, `block`, `placed`, or the kind of items that it yields.
    pub gives: &'static str,
}

/// Every helper, in the schema's order.
pub fn signatures() -> Vec<Signature> {
    HELPERS
        .iter()
        .map(|helper| Signature { name: helper.name, call: call(helper), gives: gives(helper.gives) })
        .collect()
}

/// Every kind of thing that prose can loop over or name, with its fields.
pub fn fields() -> Vec<(&'static str, Vec<&'static str>)> {
    let kinds = [
        Kind::Project,
        Kind::Period,
        Kind::Report,
        Kind::Activity,
        Kind::Result,
        Kind::Indicator,
        Kind::Partner,
        Kind::Municipality,
        Kind::Donor,
    ];
    kinds.map(|kind| (kind_name(kind), kind.fields().iter().map(|(name, _)| *name).collect())).to_vec()
}

/// The kinds of claim that `claim` takes, with how many indicators each is about.
pub fn claims() -> &'static [(&'static str, usize)] {
    CLAIMS
}

fn call(helper: &Helper) -> String {
    let mut words =
        vec![if helper.gives == Gives::Block { format!("#{}", helper.name) } else { helper.name.to_owned() }];
    words.extend(helper.params.iter().map(|param| param_name(*param)));
    if helper.repeats {
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
        Param::Word => "\"TEXT\"",
        Param::OneOf(words) => return words.join("|"),
        Param::Period => "PERIOD",
        Param::Flag => "true",
    }
    .to_owned()
}

fn gives(gives: Gives) -> &'static str {
    match gives {
        Gives::Value => "value",
        Gives::Items(kind) => kind_name(kind),
        Gives::Placed => "placed",
        Gives::Block => "block",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Activity => "activity",
        Kind::Result => "result",
        Kind::Indicator => "indicator",
        Kind::Partner => "partner",
        Kind::Municipality => "municipality",
        Kind::Donor => "donor",
        Kind::Project => "project",
        Kind::Period => "period",
        Kind::Report => "report",
    }
}
