//! A letter about a report whose figures or sentences have changed since it was sent.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::RestatedFigure;
use super::closing::change_reason;
use super::disaggregation::{axis_name, part_name};
use super::localizer::Localizer;
use crate::indicators::{Key, PartKey, Scope};
use crate::model::{Axis, AxisSide, Category};
use crate::report::document::{ColumnRole, FigureText, SectionBody, TableColumn};
use crate::report::figures::key_code;
use crate::report::profile::{HEADLINE, Profile};

/// What a letter about a report is made of.
#[derive(Clone, Debug)]
pub struct Erratum<'a> {
    /// The version that was sent last.
    pub version: u32,
    /// The day on which it was sent.
    pub sent: Option<Date>,
    /// Whom it was sent to.
    pub to: Option<String>,
    /// The report's own profile, to whose sections the sentences belong.
    pub profile: &'a Profile,
    /// What isn't as it was sent, in the order of the logframe.
    pub figures: Vec<ErratumFigure>,
    /// In the order of sections.
    pub sentences: Vec<ChangedSentence>,
}

/// A figure that isn't as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct ErratumFigure {
    /// Its total with what changed it; of a part only the reason is given.
    pub figure: RestatedFigure,
    /// Which of its values changed alike.
    pub scopes: Vec<Scope>,
    /// What it is of the indicator.
    pub kind: ErratumKind,
}

/// What a figure of a letter is of its indicator.
#[derive(Clone, Debug, PartialEq)]
pub enum ErratumKind {
    /// A total that was counted.
    Total,
    /// A part of a disaggregation.
    Part(ErratumPart),
    /// A target, or the baseline.
    Planned(ErratumPlan),
}

impl ErratumKind {
    /// Of a part, the index of its axis among the indicator's.
    pub fn axis(&self) -> Option<usize> {
        match self {
            ErratumKind::Part(part) => Some(part.axis),
            ErratumKind::Total | ErratumKind::Planned(_) => None,
        }
    }
}

/// A target or the baseline as it was sent, and as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ErratumPlan {
    /// Its name among labels.
    label: &'static str,
    old: PrintedValue,
    new: PrintedValue,
}

impl ErratumPlan {
    /// Of a field of figures.json; `None` for any other field.
    pub fn of_field(field: &str, old: PrintedValue, new: PrintedValue) -> Option<ErratumPlan> {
        let labels = [
            ("baseline", "figure.baseline"),
            ("target.period", "figure.target-period"),
            ("target.due", "figure.target-due"),
            ("target.total", "figure.target-total"),
        ];
        let label = labels.into_iter().find(|(known, _)| *known == field)?.1;
        Some(ErratumPlan { label, old, new })
    }
}

/// A part of a disaggregation as it was shown, and as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ErratumPart {
    /// Index into the indicator's axes.
    pub axis: usize,
    /// As figures.json keys it.
    pub code: String,
    /// As it was sent.
    pub old: PrintedValue,
    /// As it is today.
    pub new: PrintedValue,
}

/// A value as figures.json shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedValue {
    /// None was shown.
    Absent,
    /// A number, or both ends of an interval.
    Number(Decimal, Decimal),
    /// Below a limit, which hides it.
    Below(u32),
    /// Hidden since it would give away another.
    Withheld,
}

impl PrintedValue {
    /// A value as a comparison of two figures.json writes it: `210`, `16–32`, `<5`, `·`.
    pub fn parse(text: Option<&str>) -> PrintedValue {
        let Some(text) = text else { return PrintedValue::Absent };
        let decimal = |text: &str| text.parse().or_else(|_| Decimal::from_scientific(text)).ok();
        if let Some(limit) = text.strip_prefix('<').and_then(|limit| limit.parse().ok()) {
            return PrintedValue::Below(limit);
        }
        let (from, to) = text.split_once('–').unwrap_or((text, text));
        match (decimal(from), decimal(to)) {
            (Some(from), Some(to)) => PrintedValue::Number(from, to),
            _ => PrintedValue::Withheld,
        }
    }
}

/// A sentence that isn't as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSentence {
    /// Name of the section.
    pub section: String,
    /// Tag of its language.
    pub lang: String,
    /// As it was sent; `None` if it is new.
    pub old: Option<String>,
    /// As it is today; `None` if it was taken out.
    pub new: Option<String>,
}

/// Which report, when and to whom, and how much has changed.
pub(super) fn compose_about(localizer: &Localizer) -> SectionBody {
    let Some(erratum) = localizer.input.erratum else { return SectionBody::Notes { lines: Vec::new() } };
    let mut lines = Vec::new();
    if let Some(whom) = &erratum.to {
        lines.push(localizer.phrase("erratum.to", &[("whom", whom)]));
    }
    let kind = localizer.find_text(&erratum.profile.title);
    let kind = kind.unwrap_or_else(|| localizer.label("cover.report").to_owned());
    let period = localizer.period_name(localizer.input.period());
    lines.push(match erratum.sent {
        Some(day) => {
            let date = localizer.locale.date_in_text(day);
            localizer.phrase("erratum.sent-on", &[("date", &date), ("kind", &kind), ("period", &period)])
        }
        None => localizer.phrase("erratum.sent", &[("kind", &kind), ("period", &period)]),
    });
    if erratum.version > 1 {
        let version = localizer.locale.integer(u64::from(erratum.version));
        lines.push(localizer.phrase("erratum.version", &[("n", &version)]));
    }
    let values: usize = erratum.figures.iter().map(|figure| figure.scopes.len().max(1)).sum();
    let lang = localizer.locale.lang().as_str();
    let sentences = erratum.sentences.iter().filter(|sentence| sentence.lang == lang).count();
    let counts = [("figures", localizer.counted(values)), ("sentences", localizer.counted(sentences))];
    let lines = lines.into_iter().map(FigureText::plain);
    SectionBody::Notes { lines: lines.chain([localizer.figure_phrase("erratum.many", &counts)]).collect() }
}

/// Each value as it was sent and as it is, with the reason in words.
pub(super) fn compose_figures(localizer: &Localizer) -> SectionBody {
    let figures = localizer.input.erratum.map(|erratum| erratum.figures.as_slice()).unwrap_or_default();
    let column = |role: ColumnRole, heading: String| TableColumn { role, heading };
    let columns = vec![
        column(ColumnRole::Text, localizer.label("figure.indicator").to_owned()),
        column(ColumnRole::Text, localizer.label("erratum.value").to_owned()),
        column(ColumnRole::Number, then_heading(localizer)),
        column(ColumnRole::Number, localizer.label("report.now").to_owned()),
        column(ColumnRole::Text, localizer.label("report.because").to_owned()),
    ];
    let rows = figures.iter().map(|changed| {
        let ErratumFigure { figure, scopes, kind: what } = changed;
        let indicator = localizer.input.indicator(figure.indicator);
        let is_ratio = localizer.is_ratio(figure.indicator);
        let kind = (is_ratio, indicator.calculation.is_counted());
        let scopes: Vec<&str> = scopes.iter().map(|scope| localizer.label(scope_label(*scope))).collect();
        let scopes = scopes.join(", ");
        let title = || format!("{} {}", indicator.code, localizer.text(&indicator.title));
        // A target that isn't shown is none, of what is counted too.
        let planned = |value| FigureText::plain(write_value(localizer, value, (is_ratio, false)));
        let (name, value, old, new) = match what {
            ErratumKind::Total => {
                (title(), scopes, localizer.unplaced(figure.old, is_ratio), localizer.unplaced(figure.new, is_ratio))
            }
            ErratumKind::Planned(ErratumPlan { label, old, new }) => {
                (title(), localizer.label(label).to_owned(), planned(*old), planned(*new))
            }
            ErratumKind::Part(part) => {
                let axis = indicator.axes.get(part.axis);
                let names = axis.map(|axis| (axis_name(localizer, axis), name_of_part(localizer, axis, part)));
                let (axis, name) = names.unwrap_or_default();
                let arguments = [("axis", axis.as_str()), ("part", &name), ("scope", &scopes)];
                (
                    indicator.code.clone(),
                    localizer.phrase("erratum.of-part", &arguments),
                    FigureText::plain(write_value(localizer, part.old, kind)),
                    FigureText::plain(write_value(localizer, part.new, kind)),
                )
            }
        };
        let reason = match what {
            ErratumKind::Planned(_) => FigureText::plain(localizer.label("restated.planned")),
            ErratumKind::Total | ErratumKind::Part(_) => change_reason(localizer, figure),
        };
        vec![FigureText::plain(name), FigureText::plain(value), old, new, reason]
    });
    let rows = rows.collect();
    SectionBody::Restated { columns, rows }
}

/// Each sentence as it was sent and as it is.
pub(super) fn compose_sentences(localizer: &Localizer) -> SectionBody {
    let column = |heading: String| TableColumn { role: ColumnRole::Text, heading };
    let columns = vec![
        column(localizer.label("erratum.where").to_owned()),
        column(then_heading(localizer)),
        column(localizer.label("report.now").to_owned()),
    ];
    let lang = localizer.locale.lang().as_str();
    let sentences = localizer.input.erratum.map(|erratum| erratum.sentences.as_slice()).unwrap_or_default();
    let rows = sentences.iter().filter(|sentence| sentence.lang == lang).map(|sentence| {
        let side = |text: &Option<String>| {
            FigureText::plain(text.clone().unwrap_or_else(|| localizer.locale.absent().to_owned()))
        };
        vec![FigureText::plain(section_heading(localizer, &sentence.section)), side(&sentence.old), side(&sentence.new)]
    });
    let rows = rows.collect();
    SectionBody::Restated { columns, rows }
}

fn then_heading(localizer: &Localizer) -> String {
    match localizer.input.erratum.and_then(|erratum| erratum.sent) {
        Some(day) => localizer.phrase("erratum.then-on", &[("date", &localizer.locale.date_short(day))]),
        None => localizer.label("erratum.then").to_owned(),
    }
}

fn scope_label(scope: Scope) -> &'static str {
    match scope {
        Scope::Period => "erratum.scope-period",
        Scope::Served => "erratum.scope-served",
        Scope::Cumulative => "erratum.scope-cumulative",
    }
}

/// What a part is called, whether today's figures have it or not; what no list knows any more keeps its code.
fn name_of_part(localizer: &Localizer, axis: &Axis, part: &ErratumPart) -> String {
    let (first, second) = match axis.second {
        None => (part.code.as_str(), None),
        Some(side) => match part.code.split_once(" × ") {
            Some((first, second)) => (first, key_of_code(localizer, side, second)),
            None => return part.code.clone(),
        },
    };
    let key = match (key_of_code(localizer, axis.first, first), axis.second, second) {
        (Some(first), None, _) => PartKey::One(first),
        (Some(first), Some(_), Some(second)) => PartKey::Crossed(first, second),
        _ => return part.code.clone(),
    };
    part_name(localizer, axis, key)
}

/// What a code of figures.json means on one side of an axis.
fn key_of_code(localizer: &Localizer, side: AxisSide, code: &str) -> Option<Key> {
    let project = localizer.input.project;
    let bands = &project.settings.age_bands;
    let entries = project.side_column(side).map(|column| column.entries.len()).unwrap_or_default();
    let categories = (0..entries as u32).map(|at| Key::Category(Category(at)));
    let ages = (0..bands.0.len() as u8).filter(|_| side == AxisSide::Age).map(Key::Band);
    let mut keys = categories.chain(ages).chain([Key::Several, Key::Unknown]);
    keys.find(|key| key_code(project, side, *key) == code)
}

/// A part of something counted that isn't shown doesn't occur.
fn write_value(localizer: &Localizer, value: PrintedValue, (is_ratio, is_counted): (bool, bool)) -> String {
    let number = |number: Decimal| localizer.decimal(Some(number), is_ratio);
    match value {
        PrintedValue::Absent if is_counted => localizer.locale.integer(0),
        PrintedValue::Absent => localizer.locale.absent().to_owned(),
        PrintedValue::Number(from, to) if from == to => number(from),
        PrintedValue::Number(from, to) => format!("{}–{}", number(from), number(to)),
        PrintedValue::Below(limit) => localizer.locale.below(limit),
        PrintedValue::Withheld => localizer.locale.withheld().to_owned(),
    }
}

/// The heading that a section of the report has; prose about a result belongs under that of the results.
fn section_heading(localizer: &Localizer, name: &str) -> String {
    if name == HEADLINE {
        return localizer.label("glance.heading").to_owned();
    }
    let profile = localizer.input.erratum.map(|erratum| erratum.profile);
    let find = |name: &str| profile.and_then(|profile| profile.section(name)).map(|section| localizer.heading(section));
    find(name)
        .or_else(|| name.split_once('.').and_then(|(above, result)| Some(format!("{} ({result})", find(above)?))))
        .unwrap_or_else(|| name.to_owned())
}
