//! Everything that the reports of one limit publish of persons, of all indicators together.
//!
//! A number is of an indicator, an axis (or the total), a part and a span of days. The same number shown in two periods or
//! scopes is one. What readers know besides is which rows count (evidence lists them with activity and day); they don't know
//! what they hold of a person.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::indicators::{CompletionRule, Evidence, Figures, PartKey, Scope, attendances_without};
use crate::model::{
    Axis, AxisSide, Calculation, Completion, Condition, DistinctColumn, Indicator, IndicatorId, Period, PersonId,
    Project, Subject,
};

use super::limits::SuppressionLimits;
use super::parts_in_span::SpanListing;
use super::published_spans::{LedgerSpan, published_scopes, span_of};
use super::shown_indicators::{Published, person_indicators_behind};

/// The two sides of an axis in a fixed order; the second only where it is crossed.
pub(super) type AxisSpec = (AxisSide, Option<AxisSide>);

pub(super) struct Ledger<'a> {
    pub project: &'a Project,
    /// The attributes that break persons down on some axis with a limit.
    pub attributes: Vec<AxisSide>,
    pub counts: Vec<PersonCount<'a>>,
    pub axes: Vec<LedgerAxis>,
    /// The last day of each batch of periods, in the order in which they are released.
    pub ends: Vec<Date>,
    rows: RowsByPerson,
}

/// An indicator of persons that is shown, itself or in a ratio.
pub(super) struct PersonCount<'a> {
    pub id: IndicatorId,
    pub unit: CountUnit,
    /// What of its `where` depends on attributes.
    pub conditions: Vec<&'a Condition>,
    /// Among [`Ledger::axes`].
    pub axes: Vec<usize>,
    /// When a person has attended enough, where that is asked.
    pub completion: Option<CompletionRule>,
    /// By attendance: whether it counts as far as `conditions` don't decide it.
    counted: Vec<bool>,
}

/// What an indicator of persons counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CountUnit {
    /// `people`.
    FirstContacts,
    Attendances,
    /// `people` who attended enough.
    Completed(Completion),
    /// `distinct(person)`.
    Persons,
    /// `distinct` of another column of persons.
    Values(DistinctColumn),
}

pub(super) struct LedgerAxis {
    pub count: usize,
    /// `None` for the indicator's total.
    pub spec: Option<AxisSpec>,
    /// Parts with fewer persons are hidden; 0 where everything is shown.
    pub limit: u32,
    /// In the order of batches.
    pub spans: Vec<LedgerSpan>,
    /// By span.
    pub listings: Vec<SpanListing>,
    /// The hidden attributes that its numbers depend on: by its sides, or by what its indicator counts.
    pub attributes: Vec<AxisSide>,
}

/// The attendances that may count, by person.
struct RowsByPerson {
    /// By attendance.
    days: Vec<Option<Date>>,
    /// By person, where theirs start in `order`.
    starts: Vec<u32>,
    /// Each person's in the order in which first contacts are decided.
    order: Vec<u32>,
}

/// The ledger of what `published` shows; `None` where nothing has to be hidden.
pub(super) fn build_ledger<'a>(
    project: &'a Project,
    figures: &Figures,
    published: &Published,
    limits: &SuppressionLimits,
) -> Option<Ledger<'a>> {
    let mut shown = ShownAxes { project, figures, limits, counts: Vec::new(), axes: Vec::new() };
    for (batch, periods) in published.batches.iter().enumerate() {
        for (&period, id) in periods.iter().flat_map(|period| published.shown_in(*period).map(move |id| (period, id))) {
            for counted in person_indicators_behind(project, id) {
                shown.add_axes(batch, period, id, counted, Axis::is_personal);
            }
        }
    }
    let mut attributes: Vec<AxisSide> = Vec::new();
    for axis in shown.axes.iter().filter(|axis| axis.limit > 0) {
        for side in axis.spec.into_iter().flat_map(|(first, second)| [Some(first), second]).flatten() {
            if side.is_personal() && !attributes.contains(&side) {
                attributes.push(side);
            }
        }
    }
    if attributes.is_empty() {
        return None;
    }
    // Totals, and parts by columns of activities, depend on attributes where a condition or what is counted does.
    for (batch, periods) in published.batches.iter().enumerate() {
        for (&period, id) in periods.iter().flat_map(|period| published.shown_in(*period).map(move |id| (period, id))) {
            shown.add_dependent_totals(batch, period, id, &attributes);
        }
    }
    let ShownAxes { mut counts, mut axes, .. } = shown;
    for (at, axis) in axes.iter_mut().enumerate() {
        counts[axis.count].axes.push(at);
        let indicator = project.logframe.indicator(counts[axis.count].id);
        let is_side = |side: AxisSide| axis.spec.is_some_and(|(first, second)| first == side || second == Some(side));
        let told = attributes.iter().copied().filter(|side| is_side(*side) || is_narrowed_by(indicator, *side));
        axis.attributes = told.collect();
    }
    let days = find_counted_rows(project, figures, &mut counts, &attributes);
    let rows = RowsByPerson::new(project, days);
    let ends = published.batches.iter().map(|batch| figures.periods[batch[0]].period.end).collect();
    Some(Ledger { project, attributes, counts, axes, ends, rows })
}

/// Whether a condition depends on one of the attributes.
pub(super) fn depends_on(condition: &Condition, attributes: &[AxisSide]) -> bool {
    match condition.subject {
        Subject::Person(column) => attributes.contains(&AxisSide::Person(column)),
        Subject::Age | Subject::BirthYear => attributes.contains(&AxisSide::Age),
        _ => false,
    }
}

/// Whether what an indicator counts depends on an attribute: by a condition, or since it counts the attribute's distinct
/// values. Its total and its parts by columns of activities then disclose something about the attribute.
pub(super) fn is_narrowed_by(indicator: &Indicator, attribute: AxisSide) -> bool {
    let counts_attribute = match unit_of(indicator.calculation) {
        Some(CountUnit::Values(DistinctColumn::Person(column))) => attribute == AxisSide::Person(column),
        Some(CountUnit::Values(DistinctColumn::Age)) => attribute == AxisSide::Age,
        _ => false,
    };
    counts_attribute || indicator.conditions.iter().any(|condition| depends_on(condition, &[attribute]))
}

struct ShownAxes<'a, 'b> {
    project: &'a Project,
    figures: &'b Figures,
    limits: &'b SuppressionLimits,
    counts: Vec<PersonCount<'a>>,
    axes: Vec<LedgerAxis>,
}

impl ShownAxes<'_, '_> {
    /// Adds the axes on which a period shows what an indicator counts, itself or in the ratio `shown`.
    fn add_axes(
        &mut self,
        batch: usize,
        period: usize,
        shown: IndicatorId,
        counted: IndicatorId,
        is_wanted: fn(&Axis) -> bool,
    ) {
        let (project, figures) = (self.project, self.figures);
        let Some(figure) = figures.periods[period].figures.get(usize::from(shown.0)) else { return };
        for (axis, parts) in project.logframe.indicator(shown).axes.iter().zip(&figure.axes) {
            if is_wanted(axis) {
                let (spec, transposed) = normalize_axis(axis);
                let keys = parts.parts.iter().map(|part| transpose(part.key, transposed)).collect();
                self.add(batch, period, counted, Some(spec), keys, counted == shown);
            }
        }
    }

    fn add_dependent_totals(&mut self, batch: usize, period: usize, shown: IndicatorId, attributes: &[AxisSide]) {
        let project = self.project;
        for counted in person_indicators_behind(project, shown) {
            if attributes.iter().any(|attribute| is_narrowed_by(project.logframe.indicator(counted), *attribute)) {
                self.add(batch, period, counted, None, BTreeSet::new(), counted == shown);
                self.add_axes(batch, period, shown, counted, |axis| !axis.is_personal());
            }
        }
    }

    fn add(
        &mut self,
        batch: usize,
        period: usize,
        id: IndicatorId,
        spec: Option<AxisSpec>,
        listed: BTreeSet<PartKey>,
        is_shown_itself: bool,
    ) {
        let calculation = self.project.logframe.indicator(id).calculation;
        let Some(unit) = unit_of(calculation) else { return };
        let known = self.counts.iter().position(|count| count.id == id);
        let count = known.unwrap_or_else(|| {
            let completion = CompletionRule::new(self.project, self.project.logframe.indicator(id));
            let (conditions, axes, counted) = (Vec::new(), Vec::new(), Vec::new());
            self.counts.push(PersonCount { id, unit, conditions, axes, completion, counted });
            self.counts.len() - 1
        });
        let known = self.axes.iter().position(|axis| (axis.count, axis.spec) == (count, spec));
        let at = known.unwrap_or_else(|| {
            let limit = spec.map_or(0, |spec| self.limits.of_axis(self.project, spec));
            self.axes.push(LedgerAxis {
                count,
                spec,
                limit,
                spans: Vec::new(),
                listings: Vec::new(),
                attributes: Vec::new(),
            });
            self.axes.len() - 1
        });
        let axis = &mut self.axes[at];
        let period = &self.figures.periods[period].period;
        for &scope in published_scopes(unit, is_shown_itself) {
            let span = span_of(self.project.settings.start, period, scope, unit == CountUnit::FirstContacts, batch);
            let at = axis.spans.iter().position(|other| *other == span).unwrap_or_else(|| {
                axis.spans.push(span);
                axis.listings.push(SpanListing::default());
                axis.spans.len() - 1
            });
            axis.listings[at].add(&listed, is_shown_itself);
        }
    }
}

impl LedgerAxis {
    /// Whether a batch shows the axis.
    pub fn is_published(&self, batch: usize) -> bool {
        self.spans.iter().any(|span| span.batch == batch)
    }
}

impl Ledger<'_> {
    /// The place of an indicator's axis, with whether its crossing is the other way round there.
    pub fn find_axis(&self, id: IndicatorId, axis: &Axis) -> Option<(usize, bool)> {
        let (spec, transposed) = normalize_axis(axis);
        let is_wanted = |other: &LedgerAxis| (self.counts[other.count].id, other.spec) == (id, Some(spec));
        self.axes.iter().position(is_wanted).map(|at| (at, transposed))
    }

    /// Whether two axes depend on the same attribute of persons.
    pub fn share_attribute(&self, axis: usize, other: usize) -> bool {
        self.axes[axis].attributes.iter().any(|attribute| self.axes[other].attributes.contains(attribute))
    }

    /// The place of a scope's span among those of an axis.
    pub fn find_span(&self, axis: usize, period: &Period, scope: Scope) -> Option<usize> {
        let axis = &self.axes[axis];
        let people = self.counts[axis.count].unit == CountUnit::FirstContacts;
        let wanted = span_of(self.project.settings.start, period, scope, people, 0);
        axis.spans.iter().position(|span| LedgerSpan { batch: 0, ..*span } == wanted)
    }

    /// The persons who attended anything that may count, up to a day, with how many attendances. By code: the order of a
    /// register's rows decides nothing.
    pub fn persons_up_to(&self, end: Date) -> Vec<(PersonId, usize)> {
        let persons = (0..self.project.persons.rows.len() as u32).map(PersonId);
        let counted = persons.map(|person| {
            let rows = self.rows.of(person).iter();
            (person, rows.filter(|row| self.rows.days[**row as usize].is_some_and(|day| day <= end)).count())
        });
        let mut counted: Vec<(PersonId, usize)> = counted.filter(|(_, rows)| *rows > 0).collect();
        counted.sort_by_key(|(person, _)| self.project.persons.rows[person.0 as usize].code.as_str());
        counted
    }

    /// A person's attendances up to a day, in the order in which first contacts are decided.
    pub fn rows_up_to(&self, person: PersonId, end: Date) -> Vec<(Date, u32)> {
        let dated = self.rows.of(person).iter().filter_map(|&row| Some((self.rows.days[row as usize]?, row)));
        dated.filter(|(day, _)| *day <= end).collect()
    }
}

impl PersonCount<'_> {
    /// Whether an attendance counts as far as attributes don't decide it.
    pub fn may_count(&self, attendance: u32) -> bool {
        self.counted[attendance as usize]
    }
}

impl RowsByPerson {
    fn new(project: &Project, days: Vec<Option<Date>>) -> RowsByPerson {
        let attendances = &project.persons.attendances;
        let mut starts = vec![0; project.persons.rows.len() + 1];
        attendances.iter().for_each(|attendance| starts[attendance.person.0 as usize + 1] += 1);
        for person in 1..starts.len() {
            starts[person] += starts[person - 1];
        }
        let (mut next, mut order) = (starts.clone(), vec![0; attendances.len()]);
        for (row, attendance) in (0..).zip(attendances) {
            let place = &mut next[attendance.person.0 as usize];
            order[*place as usize] = row;
            *place += 1;
        }
        for person in starts.windows(2) {
            order[person[0] as usize..person[1] as usize].sort_by_key(|&row| {
                let attendance = &attendances[row as usize];
                let session = project.persons.sessions[attendance.session as usize].as_str();
                (days[row as usize], project.activities.code_of(attendance.activity), session, attendance.row)
            });
        }
        RowsByPerson { days, starts, order }
    }

    fn of(&self, person: PersonId) -> &[u32] {
        let at = person.0 as usize;
        &self.order[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Fills in which attendances may count, and returns the day of each that may in any indicator.
fn find_counted_rows<'a>(
    project: &'a Project,
    figures: &Figures,
    counts: &mut [PersonCount<'a>],
    attributes: &[AxisSide],
) -> Vec<Option<Date>> {
    let mut days = vec![None; project.persons.attendances.len()];
    for count in counts {
        let indicator = project.logframe.indicator(count.id);
        let is_dependent = |condition: &Condition| depends_on(condition, attributes);
        count.conditions = indicator.conditions.iter().filter(|condition| is_dependent(condition)).collect();
        count.counted = vec![false; days.len()];
        let loose;
        // Of completion only what was needed is kept as evidence.
        let rows = if count.conditions.is_empty() && count.completion.is_none() {
            let Some(Evidence::Attendances { rows }) = figures.evidence.get(usize::from(count.id.0)) else { continue };
            rows
        } else {
            loose = attendances_without(project, indicator, is_dependent);
            &loose
        };
        for row in rows.iter() {
            count.counted[row.index as usize] = true;
            days[row.index as usize] = Some(row.day);
        }
    }
    days
}

pub(super) fn unit_of(calculation: Calculation) -> Option<CountUnit> {
    match calculation {
        Calculation::People => Some(CountUnit::FirstContacts),
        Calculation::Attendances => Some(CountUnit::Attendances),
        Calculation::Completed(completion) => Some(CountUnit::Completed(completion)),
        Calculation::Distinct(DistinctColumn::PersonCode) => Some(CountUnit::Persons),
        Calculation::Distinct(column @ (DistinctColumn::Person(_) | DistinctColumn::Age)) => {
            Some(CountUnit::Values(column))
        }
        _ => None,
    }
}

/// The sides of an axis in a fixed order, so that a crossing equals the same one written the other way round; and whether
/// they were swapped.
pub(super) fn normalize_axis(axis: &Axis) -> (AxisSpec, bool) {
    match axis.second {
        Some(second) if side_order(second) < side_order(axis.first) => ((second, Some(axis.first)), true),
        second => ((axis.first, second), false),
    }
}

fn side_order(side: AxisSide) -> (u8, u16) {
    match side {
        AxisSide::Activity(column) => (0, column.0),
        AxisSide::Person(column) => (1, column.0),
        AxisSide::Age => (2, 0),
        AxisSide::Counted(side) => (3, side.0),
    }
}

pub(super) fn transpose(key: PartKey, transposed: bool) -> PartKey {
    match key {
        PartKey::Crossed(first, second) if transposed => PartKey::Crossed(second, first),
        key => key,
    }
}
