//! The shape of a table that isn't one row for each fact: what project.toml says of it.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use super::counts::{CountsPlan, map_counts, read_counts};
use super::form_exports::{FormPlan, read_form};
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::{Place, kinds};
use crate::fold;
use crate::ingest::layout::{ColumnMapping, ColumnMappings, TableKind, vocabulary};
use crate::model::RowSpot;

/// How the rows of a table are made of its sheets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapePlan {
    /// Columns whose value is outside the table, by their names.
    pub given: BTreeMap<String, GivenValue>,
    /// `layout = "wide"`.
    pub wide: Option<WidePlan>,
    /// `layout = "periods"`.
    pub periods: Option<PeriodsPlan>,
    /// `ignore`: patterns of headings that aren't needed.
    pub ignored: Vec<String>,
    /// `[[tables.activities.counts]]`: columns that break a count down.
    pub counts: Vec<CountsPlan>,
    /// `source`, `parent` or `accept`: it comes from a form.
    pub form: Option<FormPlan>,
    /// Something of it can't be used, which was reported.
    pub is_faulty: bool,
    /// `source = "xlsform"`: its sheet is that of a form's choices.
    pub is_xlsform: bool,
}

impl ShapePlan {
    /// Whether each sheet of a table is one row, all of whose columns stand outside a table.
    pub fn is_one_row(&self, kind: TableKind, columns: &ColumnMappings) -> bool {
        let is_given = |name: &str| {
            self.given.contains_key(name) || matches!(columns.get(name), Some(ColumnMapping::Row | ColumnMapping::Skip))
        };
        let mut required = vocabulary().columns(kind).iter().filter(|column| column.required);
        !self.given.is_empty() && required.all(|column| is_given(&column.name))
    }
}

/// Where the value of a column is that is the same for a whole sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenValue {
    /// In a cell of the sheet: row from 1, column from 0; the part of its text behind the first `after`, if it has that.
    Cell { row: u32, column: u32, after: Option<String> },
    /// The sheet's name.
    Sheet,
    /// In project.toml.
    Text(String),
}

/// A column of marks for each day, activity or session.
#[derive(Clone, Debug, PartialEq)]
pub struct WidePlan {
    /// What its headings are.
    pub heads: WideHeads,
    /// Of the first heading, where headings have no year.
    pub year: Option<i16>,
    /// What its cells mean.
    pub marks: Marks,
    /// The heading of the column that adds up the marks of a row, and the place that names it.
    pub total: Option<(String, Place)>,
    /// The place of `layout`.
    pub place: Place,
}

/// A column for each period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodsPlan {
    /// The columns of the table's own values.
    pub values: PeriodHeads,
    /// Columns of shares, which are held against the values.
    pub shares: Option<SharesPlan>,
}

/// Columns that say which share of its target a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharesPlan {
    /// The columns of targets.
    pub targets: PeriodHeads,
    /// The columns of shares.
    pub shares: PeriodHeads,
}

/// Which headings are of periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodHeads {
    /// Those that are like this, where `{period}` stands for the period.
    Pattern(String),
    /// These: the period's code, the heading, and the place that names it.
    Named(Vec<(String, String, Place)>),
}

/// What the headings of the marks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WideHeads {
    /// Days.
    Date,
    /// Codes or titles of activities.
    Activity,
    /// Sessions.
    Session,
}

/// What a mark says of its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Present,
    Absent,
}

/// The marks of a table, by how they are written: trimmed, whatever their case. The empty text is a blank cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(BTreeMap<String, Mark>);

impl Marks {
    /// What a text means; `None` if project.toml doesn't say.
    pub fn find(&self, text: &str) -> Option<Mark> {
        self.0.get(&fold::code_key(text)).copied()
    }
}

/// Reads what is said of a table's shape, and adds to `columns` what the sheet then needn't have a column for.
pub fn read_shape<'a>(
    reader: &TomlReader<'a>,
    kind: TableKind,
    keys: &TomlKeys<'a>,
    columns: &mut ColumnMappings,
) -> ShapePlan {
    let mut plan = ShapePlan { given: read_given(reader, kind, keys), ..ShapePlan::default() };
    plan.ignored = keys
        .take("ignore")
        .map(|node| reader.strings(&node))
        .unwrap_or_default()
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    (plan.form, plan.is_xlsform) = read_form(reader, kind, keys);
    if kind == TableKind::Activities {
        plan.counts = read_counts(reader, keys);
        map_counts(&plan.counts, columns);
    }
    if kind == TableKind::Attendance {
        plan.wide = read_wide(reader, keys);
    }
    // What is read of a period's heads, and the column that it is.
    let value = match kind {
        TableKind::Targets => Some(("target", "target")),
        TableKind::Reported => Some(("actual", "value")),
        _ => None,
    };
    if let Some((head, column)) = value {
        plan.periods = read_periods(reader, keys, head);
        if plan.periods.is_some() {
            columns.extend(["period", column].map(|name| (name.to_owned(), ColumnMapping::Given)));
        }
    }
    for name in plan.given.keys() {
        columns.insert(name.clone(), ColumnMapping::Given);
    }
    if let Some(wide) = &plan.wide {
        let own = match wide.heads {
            WideHeads::Date => "date",
            WideHeads::Activity => "activity",
            WideHeads::Session => "session",
        };
        columns.insert(own.to_owned(), ColumnMapping::Given);
        if wide.heads == WideHeads::Date && !columns.contains_key("activity") {
            columns.insert("activity".to_owned(), ColumnMapping::GivenUnlessFound);
        }
    }
    plan
}

/// `activity = { cell = "B2" }`, `activity = { sheet = true }`, `type = "training"`: under the name of any column of the table.
fn read_given<'a>(reader: &TomlReader<'a>, kind: TableKind, keys: &TomlKeys<'a>) -> BTreeMap<String, GivenValue> {
    let mut given = BTreeMap::new();
    for column in vocabulary().columns(kind) {
        let Some(node) = keys.take_own(&column.name) else { continue };
        let value = match node.value {
            DeValue::String(_) => reader.string(&node).map(GivenValue::Text),
            DeValue::Datetime(_) => reader.date(&node).map(|day| GivenValue::Text(day.to_string())),
            _ => reader.keys(&node).and_then(|keys| {
                let value = read_given_place(reader, &keys);
                keys.finish(reader);
                value
            }),
        };
        if let Some(value) = value {
            given.insert(column.name.clone(), value);
        }
    }
    given
}

fn read_given_place<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Option<GivenValue> {
    let after = keys.take_own("after").and_then(|node| reader.string(&node));
    let is_sheet = keys.take_own("sheet").and_then(|node| reader.boolean(&node)).unwrap_or_default();
    let Some(node) = keys.take_own("cell") else {
        if !is_sheet {
            reader.report_missing(&keys.span, keys, "cell");
        }
        return is_sheet.then_some(GivenValue::Sheet);
    };
    let spot = reader.string(&node)?.parse::<RowSpot>().ok();
    let Some(RowSpot { row, column: Some(column) }) = spot.filter(|spot| spot.row > 0) else {
        reader.report_wrong_type(&node, |key| kinds::WrongType::Cell { key });
        return None;
    };
    Some(GivenValue::Cell { row, column: u32::from(column.get()) - 1, after })
}

const HEADS: [(&str, WideHeads); 3] =
    [("date", WideHeads::Date), ("activity", WideHeads::Activity), ("session", WideHeads::Session)];

fn read_wide<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Option<WidePlan> {
    let layout = keys.take("layout");
    let heads = keys.take("heads");
    let year = keys.take("year").and_then(|node| reader.integer(&node, 1900..=2200));
    let marks = keys.take("marks");
    let total = keys.take("total").and_then(|node| Some((reader.string(&node)?, reader.place(&node.span))));
    let layout = layout?;
    reader.choice(&layout, &[("wide", ())])?;
    let missing = |key: &str| reader.report_missing(&keys.span, keys, key);
    if heads.is_none() {
        missing("heads");
    }
    if marks.is_none() {
        missing("marks");
    }
    let heads = heads.and_then(|node| reader.choice(&node, &HEADS));
    let marks = marks.and_then(|node| read_marks(reader, &node));
    let (heads, marks) = (heads?, marks?);
    Some(WidePlan { heads, year: year.map(|year| year as i16), marks, total, place: reader.place(&layout.span) })
}

/// `heads = { target = "{period} Target" }`, or `heads = { "2026-Q1" = { target = "Q1 Target" } }`; `name` is the key that
/// the table reads. Actual values may have `target` and `share` beside them.
fn read_periods<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, name: &'static str) -> Option<PeriodsPlan> {
    let layout = keys.take("layout");
    let heads = keys.take("heads");
    reader.choice(&layout?, &[("periods", ())])?;
    let Some(heads) = heads else {
        reader.report_missing(&keys.span, keys, "heads");
        return None;
    };
    let keys = reader.keys(&heads)?;
    let find = |name: &'static str| match read_heads(reader, &keys, name)? {
        PeriodHeads::Named(named) if named.is_empty() => {
            reader.report_missing(&heads.span, &keys, name);
            None
        }
        found => Some(found),
    };
    let values = find(name)?;
    let has_shares = name == "actual"
        && read_heads(reader, &keys, "share").is_some_and(|heads| heads != PeriodHeads::Named(Vec::new()));
    let shares = has_shares.then(|| Some(SharesPlan { targets: find("target")?, shares: find("share")? }));
    Some(PeriodsPlan { values, shares: shares.flatten() })
}

/// The headings of one key; none are named if it isn't there. `None`: they are faulty, which was reported.
fn read_heads<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, name: &'static str) -> Option<PeriodHeads> {
    if let Some(node) = keys.take_own(name) {
        let pattern = reader.string(&node)?;
        if !pattern.contains("{period}") {
            reader.report_wrong_type(&node, |key| kinds::WrongType::Period { key });
            return None;
        }
        return Some(PeriodHeads::Pattern(pattern));
    }
    let mut named = Vec::new();
    for (period, _, node) in keys.entries().into_iter().filter(|(_, _, node)| node.value.is_table()) {
        let heads = reader.keys(&node)?;
        if let Some(node) = heads.take_own(name) {
            named.push((period.to_owned(), reader.string(&node)?, reader.place(&node.span)));
        }
    }
    Some(PeriodHeads::Named(named))
}

/// `{ present = ["✓", "x"], absent = ["", "-"] }`; without `absent` a blank is.
fn read_marks<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Option<Marks> {
    let keys = reader.keys(node)?;
    let present = keys.take("present");
    let absent = keys.take("absent");
    if present.is_none() {
        reader.report_missing(&node.span, &keys, "present");
    }
    let mut marks = Marks::default();
    let mut doubled = BTreeSet::new();
    let said = [(present, Mark::Present), (absent.clone(), Mark::Absent)];
    for (node, mark) in said.into_iter().filter_map(|(node, mark)| Some((node?, mark))) {
        for item in reader.array(&node) {
            let Some(text) = item.value.as_str() else {
                reader.report_wrong_type(&item, |key| kinds::WrongType::Text { key });
                continue;
            };
            let known = marks.0.insert(fold::code_key(text), mark);
            if known.is_some_and(|known| known != mark) && doubled.insert(text) {
                reader.report_at(&item.span, kinds::DoubledMark { mark: text.to_owned() });
            }
        }
    }
    if absent.is_none() {
        marks.0.entry(String::new()).or_insert(Mark::Absent);
    }
    keys.finish(reader);
    Some(marks)
}
