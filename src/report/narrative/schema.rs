//! What prose may name: helpers with their arguments, and the fields of what is looped over.

/// What an argument has to be, as far as it can be said before the data is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Param {
    /// Code of an indicator, or a path to one.
    Indicator,
    /// A disaggregation of the indicator before it.
    Axis,
    /// Anything with a value.
    Any,
    /// Code of an indicator, or a value.
    Subject,
    /// A text or a number as it stands.
    Word,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Code of a reporting period.
    Period,
    Flag,
}

/// What a helper yields, and where it may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    /// Something to print or to compare.
    Value,
    Items(Kind),
    /// A chart or table on a line of its own.
    Placed,
    /// Only a block: its content, or not.
    Block,
}

/// Something with fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Activity,
    Result,
    Indicator,
    Partner,
    Municipality,
    Donor,
    Project,
    Period,
    Report,
}

#[derive(Debug)]
pub(super) struct Helper {
    pub name: &'static str,
    pub params: &'static [Param],
    /// How many of `params` must be there; the last may be repeated where `repeats`.
    pub least: usize,
    pub repeats: bool,
    pub options: &'static [(&'static str, Param)],
    pub gives: Gives,
}

pub(super) const FIELDS_OF_FIGURE: &[&str] = &["actual", "cumulative", "served", "target", "baseline", "progress"];
const SCOPES_OF_PART: &[&str] = &["actual", "cumulative", "served"];
const TARGETS: &[&str] = &["total", "due", "period"];
pub(super) const DATE_FORMS: &[&str] = &["text", "long", "short", "month", "day"];
pub(super) const ORDERS: &[&str] = &["date", "-date", "title", "type", "municipality", "reached", "-reached", "row"];
const LIST_SCOPES: &[&str] = &["period", "cumulative", "project"];
const STATUSES: &[&str] = &["planned", "ongoing", "completed", "postponed", "cancelled", "all"];
const LEVELS: &[&str] = &["impact", "outcome", "output"];
const GENDERS: &[&str] = &crate::locale::Gender::CODES;

/// Kinds of claim, with how many indicators each takes.
pub(super) const CLAIMS: &[(&str, usize)] = &[
    ("achieved", 1),
    ("not_achieved", 1),
    ("exceeded", 1),
    ("not_exceeded", 1),
    ("on_track", 1),
    ("at_risk", 1),
    ("off_track", 1),
    ("increased", 1),
    ("decreased", 1),
    ("unchanged", 1),
    ("some", 1),
    ("none", 1),
    ("all", 2),
    ("not_all", 2),
    ("most", 2),
    ("half", 2),
    ("minority", 2),
    ("more", 2),
    ("fewer", 2),
    ("equal", 2),
];

const IN: (&str, Param) = ("in", Param::Period);
const OF: (&str, Param) = ("of", Param::OneOf(FIELDS_OF_FIGURE));
const DUE: (&str, Param) = ("due", Param::Flag);
const BETWEEN: (&str, Param) = ("between", Param::Flag);
const BARE: (&str, Param) = ("bare", Param::Flag);

const fn helper(
    name: &'static str,
    params: &'static [Param],
    options: &'static [(&'static str, Param)],
    gives: Gives,
) -> Helper {
    Helper { name, params, least: params.len(), repeats: false, options, gives }
}

pub(super) const HELPERS: &[Helper] = &[
    helper("actual", &[Param::Indicator], &[IN, BETWEEN, BARE], Gives::Value),
    helper("cumulative", &[Param::Indicator], &[IN, BETWEEN, BARE], Gives::Value),
    helper("served", &[Param::Indicator], &[IN, BETWEEN, BARE], Gives::Value),
    helper("baseline", &[Param::Indicator], &[], Gives::Value),
    helper("target", &[Param::Indicator], &[IN, DUE, ("kind", Param::OneOf(TARGETS))], Gives::Value),
    helper("progress", &[Param::Indicator], &[IN, DUE, BETWEEN], Gives::Value),
    helper("status", &[Param::Indicator], &[IN], Gives::Value),
    helper(
        "by",
        &[Param::Indicator, Param::Axis, Param::Word],
        &[IN, ("of", Param::OneOf(SCOPES_OF_PART))],
        Gives::Value,
    ),
    helper(
        "plural",
        &[Param::Subject],
        &[
            OF,
            IN,
            DUE,
            ("zero", Param::Word),
            ("one", Param::Word),
            ("two", Param::Word),
            ("few", Param::Word),
            ("many", Param::Word),
            ("other", Param::Word),
        ],
        Gives::Value,
    ),
    helper("words", &[Param::Subject], &[OF, IN, DUE, ("gender", Param::OneOf(GENDERS))], Gives::Value),
    helper("number", &[Param::Subject], &[OF, IN, DUE, ("decimals", Param::Word)], Gives::Value),
    helper("percent", &[Param::Subject], &[OF, IN, DUE, ("decimals", Param::Word)], Gives::Value),
    helper("date", &[Param::Any], &[("form", Param::OneOf(DATE_FORMS))], Gives::Value),
    helper("list", &[Param::Any], &[("field", Param::Word)], Gives::Value),
    helper("count", &[Param::Any], &[], Gives::Value),
    helper("literal", &[Param::Word], &[], Gives::Value),
    helper("chart", &[Param::Indicator], &[], Gives::Placed),
    helper("table", &[Param::Indicator], &[], Gives::Placed),
    helper(
        "activities",
        &[],
        &[
            ("type", Param::Word),
            ("status", Param::OneOf(STATUSES)),
            ("municipality", Param::Word),
            ("partner", Param::Word),
            ("result", Param::Word),
            ("scope", Param::OneOf(LIST_SCOPES)),
            ("order", Param::OneOf(ORDERS)),
            ("limit", Param::Word),
        ],
        Gives::Items(Kind::Activity),
    ),
    helper("results", &[], &[("level", Param::OneOf(LEVELS)), ("parent", Param::Word)], Gives::Items(Kind::Result)),
    helper(
        "indicators",
        &[],
        &[("level", Param::OneOf(LEVELS)), ("result", Param::Word)],
        Gives::Items(Kind::Indicator),
    ),
    helper("partners", &[], &[], Gives::Items(Kind::Partner)),
    helper("donors", &[], &[], Gives::Items(Kind::Donor)),
    helper("municipalities", &[], &[("scope", Param::OneOf(LIST_SCOPES))], Gives::Items(Kind::Municipality)),
    helper("known", &[Param::Any], &[], Gives::Value),
    helper("gt", &[Param::Any, Param::Any], &[], Gives::Value),
    helper("gte", &[Param::Any, Param::Any], &[], Gives::Value),
    helper("lt", &[Param::Any, Param::Any], &[], Gives::Value),
    helper("lte", &[Param::Any, Param::Any], &[], Gives::Value),
    helper("eq", &[Param::Any, Param::Any], &[], Gives::Value),
    helper("ne", &[Param::Any, Param::Any], &[], Gives::Value),
    helper("not", &[Param::Any], &[], Gives::Value),
    Helper { name: "and", params: &[Param::Any], least: 1, repeats: true, options: &[], gives: Gives::Value },
    Helper { name: "or", params: &[Param::Any], least: 1, repeats: true, options: &[], gives: Gives::Value },
    helper("if", &[Param::Any], &[], Gives::Block),
    helper("unless", &[Param::Any], &[], Gives::Block),
    helper("each", &[Param::Any], &[], Gives::Block),
    helper("with", &[Param::Any], &[], Gives::Block),
    Helper {
        name: "claim",
        params: &[Param::Word, Param::Subject],
        least: 2,
        repeats: true,
        options: &[("of", Param::OneOf(SCOPES_OF_PART)), IN, DUE, ("since", Param::OneOf(&["baseline", "previous"]))],
        gives: Gives::Block,
    },
];

pub(super) fn find(name: &str) -> Option<&'static Helper> {
    HELPERS.iter().find(|helper| helper.name == name)
}

/// What stands in every context.
pub(super) const ROOTS: &[(&str, Kind)] =
    &[("project", Kind::Project), ("period", Kind::Period), ("report", Kind::Report)];

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    Value,
    Items(Kind),
    Item(Kind),
}

impl Kind {
    /// Names of fields with what they hold.
    pub fn fields(self) -> &'static [(&'static str, Reached)] {
        use Reached::{Items, Value};
        match self {
            Kind::Activity => &[
                ("id", Value),
                ("title", Value),
                ("type", Value),
                ("date", Value),
                ("end_date", Value),
                ("municipality", Value),
                ("partner", Value),
                ("status", Value),
                ("result", Value),
                ("reached", Value),
            ],
            Kind::Result => &[
                ("code", Value),
                ("title", Value),
                ("level", Value),
                ("assumptions", Value),
                ("indicators", Items(Kind::Indicator)),
            ],
            Kind::Indicator => {
                &[("code", Value), ("title", Value), ("unit", Value), ("definition", Value), ("verification", Value)]
            }
            Kind::Partner => &[("name", Value), ("role", Value)],
            Kind::Municipality => &[("name", Value), ("code", Value)],
            Kind::Donor => &[("name", Value), ("code", Value), ("grant", Value), ("acknowledgement", Value)],
            Kind::Project => &[
                ("title", Value),
                ("code", Value),
                ("start", Value),
                ("end", Value),
                ("data_until", Value),
                ("notice", Value),
                ("implementer", Value),
            ],
            Kind::Period => &[("start", Value), ("end", Value), ("code", Value), ("name", Value), ("range", Value)],
            Kind::Report => &[("name", Value), ("date", Value)],
        }
    }

    /// Whether the data may give it further fields (columns kept as attributes).
    pub fn has_attributes(self) -> bool {
        self == Kind::Activity
    }
}
