//! The helpers that prose may call, with their arguments.

use super::item_kinds::ItemKind;
use super::value::CompareOp;
use crate::indicators::Scope;

/// What an argument has to be, as far as it can be checked before the data is there.
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
    /// A text or a number: taken literally, but for a bare word that names something here.
    Literal,
    /// A text, a number or a word: taken literally whatever it names.
    Word,
    /// Whole number from 0.
    Count,
    /// Code of an activity, or a path to one.
    Activity,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Code of a reporting period.
    Period,
    Flag,
}

/// What a helper yields, and so where it may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Yields {
    /// Something to print or to compare.
    Value,
    Items(ItemKind),
    /// A chart or table on a line of its own.
    Embed,
    /// Only a block: its content, or not.
    Block,
}

/// Which helper it is. Whoever treats helpers apart matches on this without a wildcard, so that the compiler lists the
/// places that a new one needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HelperKind {
    Figure(FigureField),
    Status,
    Part,
    Share,
    Change,
    Sum,
    Attended,
    IndicatorText(IndicatorText),
    Plural,
    Words,
    Number,
    Percent,
    Date,
    List,
    Count,
    Literal,
    Chart,
    Table,
    Activities,
    Results,
    Indicators,
    Partners,
    Donors,
    Municipalities,
    Known,
    Compare(CompareOp),
    Not,
    And,
    Or,
    If,
    Unless,
    Each,
    With,
    Claim,
}

/// A value of an indicator in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureField {
    Actual,
    Cumulative,
    Served,
    Target,
    Baseline,
    Progress,
}

/// What the logframe says of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndicatorText {
    Title,
    Unit,
    Definition,
    /// The explanation of variance of a period.
    Comment,
}

impl IndicatorText {
    /// The helper that prints it, and the field of an indicator that is looped over.
    pub fn code(self) -> &'static str {
        match self {
            IndicatorText::Title => "title",
            IndicatorText::Unit => "unit",
            IndicatorText::Definition => "definition",
            IndicatorText::Comment => "comment",
        }
    }
}

impl HelperKind {
    /// Whether the helper only writes a number in another form.
    pub fn is_formatting(self) -> bool {
        matches!(self, HelperKind::Words | HelperKind::Number | HelperKind::Percent)
    }
}

#[derive(Debug)]
pub(super) struct Helper {
    pub name: &'static str,
    pub kind: HelperKind,
    pub params: &'static [Param],
    /// How many of `params` must be there.
    pub required: usize,
    /// Whether the last of `params` may be repeated.
    pub is_variadic: bool,
    pub options: &'static [(&'static str, Param)],
    pub yields: Yields,
}

const FIGURE_FIELDS: &[&str] = &["actual", "cumulative", "served", "target", "baseline", "progress"];
const PART_SCOPES: &[&str] = &["actual", "cumulative", "served"];
const TARGET_KINDS: &[&str] = &["total", "due", "period"];
const DATE_FORMS: &[&str] = &["text", "long", "short", "month", "day"];
const ORDERS: &[&str] = &["date", "-date", "title", "type", "municipality", "reached", "-reached", "row"];
const LIST_SCOPES: &[&str] = &["period", "cumulative", "project"];
const STATUSES: &[&str] = &["planned", "ongoing", "completed", "postponed", "cancelled", "all"];
const LEVELS: &[&str] = &["impact", "outcome", "output"];
const GENDERS: &[&str] = &crate::locale::Gender::CODES;

impl FigureField {
    const ALL: [FigureField; 6] = [
        FigureField::Actual,
        FigureField::Cumulative,
        FigureField::Served,
        FigureField::Target,
        FigureField::Baseline,
        FigureField::Progress,
    ];

    /// The helper that prints it, and its name as the option `of`.
    pub fn code(self) -> &'static str {
        match self {
            FigureField::Actual => "actual",
            FigureField::Cumulative => "cumulative",
            FigureField::Served => "served",
            FigureField::Target => "target",
            FigureField::Baseline => "baseline",
            FigureField::Progress => "progress",
        }
    }

    pub fn from_code(code: &str) -> Option<FigureField> {
        FigureField::ALL.into_iter().find(|field| field.code() == code)
    }

    /// The scope that the option `of` names, of a field that is counted; the period's without it.
    pub fn scope_from_code(code: Option<&str>) -> Scope {
        match code.and_then(FigureField::from_code) {
            Some(FigureField::Cumulative) => Scope::Cumulative,
            Some(FigureField::Served) => Scope::Served,
            _ => Scope::Period,
        }
    }
}

const IN: (&str, Param) = ("in", Param::Period);
const OF: (&str, Param) = ("of", Param::OneOf(FIGURE_FIELDS));
const DUE: (&str, Param) = ("due", Param::Flag);
const BETWEEN: (&str, Param) = ("between", Param::Flag);
const BARE: (&str, Param) = ("bare", Param::Flag);

const fn helper(
    name: &'static str,
    kind: HelperKind,
    params: &'static [Param],
    options: &'static [(&'static str, Param)],
    yields: Yields,
) -> Helper {
    Helper { name, kind, params, required: params.len(), is_variadic: false, options, yields }
}

pub(super) const HELPERS: &[Helper] = &[
    helper("actual", HelperKind::Figure(FigureField::Actual), &[Param::Indicator], &[IN, BETWEEN, BARE], Yields::Value),
    helper(
        "cumulative",
        HelperKind::Figure(FigureField::Cumulative),
        &[Param::Indicator],
        &[IN, BETWEEN, BARE],
        Yields::Value,
    ),
    helper("served", HelperKind::Figure(FigureField::Served), &[Param::Indicator], &[IN, BETWEEN, BARE], Yields::Value),
    helper("baseline", HelperKind::Figure(FigureField::Baseline), &[Param::Indicator], &[], Yields::Value),
    helper(
        "target",
        HelperKind::Figure(FigureField::Target),
        &[Param::Indicator],
        &[IN, DUE, ("kind", Param::OneOf(TARGET_KINDS))],
        Yields::Value,
    ),
    helper(
        "progress",
        HelperKind::Figure(FigureField::Progress),
        &[Param::Indicator],
        &[IN, DUE, BETWEEN],
        Yields::Value,
    ),
    helper("status", HelperKind::Status, &[Param::Indicator], &[IN], Yields::Value),
    helper(
        "by",
        HelperKind::Part,
        &[Param::Indicator, Param::Axis, Param::Literal],
        &[IN, ("of", Param::OneOf(PART_SCOPES))],
        Yields::Value,
    ),
    helper(
        "share",
        HelperKind::Share,
        &[Param::Indicator, Param::Axis, Param::Literal],
        &[IN, ("of", Param::OneOf(PART_SCOPES))],
        Yields::Value,
    ),
    helper("change", HelperKind::Change, &[Param::Indicator], &[IN, ("of", Param::OneOf(PART_SCOPES))], Yields::Value),
    Helper {
        name: "sum",
        kind: HelperKind::Sum,
        params: &[Param::Indicator],
        required: 2,
        is_variadic: true,
        options: &[IN, ("of", Param::OneOf(PART_SCOPES))],
        yields: Yields::Value,
    },
    helper("attended", HelperKind::Attended, &[Param::Activity], &[], Yields::Value),
    helper("title", HelperKind::IndicatorText(IndicatorText::Title), &[Param::Indicator], &[], Yields::Value),
    helper("unit", HelperKind::IndicatorText(IndicatorText::Unit), &[Param::Indicator], &[], Yields::Value),
    helper("definition", HelperKind::IndicatorText(IndicatorText::Definition), &[Param::Indicator], &[], Yields::Value),
    helper("comment", HelperKind::IndicatorText(IndicatorText::Comment), &[Param::Indicator], &[IN], Yields::Value),
    helper(
        "plural",
        HelperKind::Plural,
        &[Param::Subject],
        &[
            OF,
            IN,
            DUE,
            ("zero", Param::Literal),
            ("one", Param::Literal),
            ("two", Param::Literal),
            ("few", Param::Literal),
            ("many", Param::Literal),
            ("other", Param::Literal),
        ],
        Yields::Value,
    ),
    helper(
        "words",
        HelperKind::Words,
        &[Param::Subject],
        &[OF, IN, DUE, ("gender", Param::OneOf(GENDERS))],
        Yields::Value,
    ),
    helper("number", HelperKind::Number, &[Param::Subject], &[OF, IN, DUE, ("decimals", Param::Count)], Yields::Value),
    helper(
        "percent",
        HelperKind::Percent,
        &[Param::Subject],
        &[OF, IN, DUE, ("decimals", Param::Count)],
        Yields::Value,
    ),
    helper("date", HelperKind::Date, &[Param::Any], &[("form", Param::OneOf(DATE_FORMS))], Yields::Value),
    helper("list", HelperKind::List, &[Param::Any], &[("field", Param::Word)], Yields::Value),
    helper("count", HelperKind::Count, &[Param::Any], &[], Yields::Value),
    helper("literal", HelperKind::Literal, &[Param::Literal], &[], Yields::Value),
    helper("chart", HelperKind::Chart, &[Param::Indicator], &[], Yields::Embed),
    helper("table", HelperKind::Table, &[Param::Indicator], &[], Yields::Embed),
    helper(
        "activities",
        HelperKind::Activities,
        &[],
        &[
            ("type", Param::Literal),
            ("status", Param::OneOf(STATUSES)),
            ("municipality", Param::Literal),
            ("partner", Param::Literal),
            ("result", Param::Literal),
            ("scope", Param::OneOf(LIST_SCOPES)),
            ("order", Param::OneOf(ORDERS)),
            ("limit", Param::Count),
        ],
        Yields::Items(ItemKind::Activity),
    ),
    helper(
        "results",
        HelperKind::Results,
        &[],
        &[("level", Param::OneOf(LEVELS)), ("parent", Param::Literal)],
        Yields::Items(ItemKind::Result),
    ),
    helper(
        "indicators",
        HelperKind::Indicators,
        &[],
        &[("level", Param::OneOf(LEVELS)), ("result", Param::Literal)],
        Yields::Items(ItemKind::Indicator),
    ),
    helper("partners", HelperKind::Partners, &[], &[], Yields::Items(ItemKind::Partner)),
    helper("donors", HelperKind::Donors, &[], &[], Yields::Items(ItemKind::Donor)),
    helper(
        "municipalities",
        HelperKind::Municipalities,
        &[],
        &[("scope", Param::OneOf(LIST_SCOPES))],
        Yields::Items(ItemKind::Municipality),
    ),
    helper("known", HelperKind::Known, &[Param::Subject], &[], Yields::Value),
    helper("gt", HelperKind::Compare(CompareOp::Greater), &[Param::Any, Param::Any], &[], Yields::Value),
    helper("gte", HelperKind::Compare(CompareOp::GreaterOrEqual), &[Param::Any, Param::Any], &[], Yields::Value),
    helper("lt", HelperKind::Compare(CompareOp::Less), &[Param::Any, Param::Any], &[], Yields::Value),
    helper("lte", HelperKind::Compare(CompareOp::LessOrEqual), &[Param::Any, Param::Any], &[], Yields::Value),
    helper("eq", HelperKind::Compare(CompareOp::Equal), &[Param::Any, Param::Any], &[], Yields::Value),
    helper("ne", HelperKind::Compare(CompareOp::NotEqual), &[Param::Any, Param::Any], &[], Yields::Value),
    helper("not", HelperKind::Not, &[Param::Any], &[], Yields::Value),
    Helper {
        name: "and",
        kind: HelperKind::And,
        params: &[Param::Any],
        required: 1,
        is_variadic: true,
        options: &[],
        yields: Yields::Value,
    },
    Helper {
        name: "or",
        kind: HelperKind::Or,
        params: &[Param::Any],
        required: 1,
        is_variadic: true,
        options: &[],
        yields: Yields::Value,
    },
    helper("if", HelperKind::If, &[Param::Any], &[], Yields::Block),
    helper("unless", HelperKind::Unless, &[Param::Any], &[], Yields::Block),
    helper("each", HelperKind::Each, &[Param::Any], &[], Yields::Block),
    helper("with", HelperKind::With, &[Param::Any], &[], Yields::Block),
    Helper {
        name: "claim",
        kind: HelperKind::Claim,
        params: &[Param::Word, Param::Subject],
        required: 2,
        is_variadic: true,
        options: &[("of", Param::OneOf(PART_SCOPES)), IN, DUE, ("since", Param::OneOf(&["baseline", "previous"]))],
        yields: Yields::Block,
    },
];

pub(super) fn find_helper(name: &str) -> Option<&'static Helper> {
    HELPERS.iter().find(|helper| helper.name == name)
}
