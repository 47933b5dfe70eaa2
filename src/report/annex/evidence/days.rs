//! Evidence of an annex that lists no participants: how many were counted at each activity on each day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::annex_builder::AnnexBuilder;
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, AnnexRows, AnnexSheet, FormatId, RowIter};
use super::layout::EvidenceKind;
use super::{activity_columns, add_marks, flag_cell, marks_head, table_name};
use crate::disclosure::ReleasedDay;
use crate::model::{ActivityId, Calculation, DistinctColumn, Project};

/// Activities and days, each with how many count for every indicator.
pub fn day_evidence<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let kind = EvidenceKind::Attendances;
    let labels = &draft.labels;
    let mut columns = activity_columns(labels);
    add_marks(draft, kind, &mut columns);
    let columns = columns.finish();
    let indicators = draft.evidence.attendance_indicators().into_iter().map(|id| {
        let second = match draft.indicator(id).calculation {
            Calculation::People => Some(ReleasedScope::Served),
            Calculation::Distinct(DistinctColumn::PersonCode) => Some(ReleasedScope::InPeriod),
            _ => None,
        };
        let days = draft.views.get(&id).and_then(|view| view.days()).unwrap_or_default();
        (second, days.iter().map(|day| ((day.day, day.activity), day.clone())).collect())
    });
    let title = |activity: ActivityId| {
        let title = &draft.project().activities.get(activity).title;
        labels.each(|locale| labels.in_language(title, locale))
    };
    let rows = DayRows {
        project: draft.project(),
        titles: draft.evidence.days.iter().map(|(_, activity)| title(*activity)).collect(),
        in_period: draft.evidence.days.iter().map(|(day, _)| draft.period.contains(*day)).collect(),
        indicators: indicators.collect(),
        flag: draft.flag_format(),
        whole: draft.format(false, &[], None),
        rows: draft.evidence.days.clone(),
    };
    let head = marks_head(draft, kind, &columns);
    draft.table_sheet(SheetSubject::Evidence(kind), table_name(kind), head, columns, 1, Box::new(rows))
}

/// What the second number of an indicator is.
#[derive(Clone, Copy)]
enum ReleasedScope {
    Served,
    InPeriod,
}

/// The days of one indicator, by day and activity.
type DaysOfIndicator = BTreeMap<(Date, ActivityId), ReleasedDay>;

struct DayRows<'a> {
    project: &'a Project,
    rows: Vec<(Date, ActivityId)>,
    in_period: Vec<bool>,
    /// By row, then language.
    titles: Vec<Vec<String>>,
    indicators: Vec<(Option<ReleasedScope>, DaysOfIndicator)>,
    flag: FormatId,
    whole: FormatId,
}

impl AnnexRows for DayRows<'_> {
    fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.rows.iter().zip(&self.titles).zip(&self.in_period);
        let number = |count: u64| match count {
            0 => AnnexCell::Empty,
            count => AnnexCell::Number(Decimal::from(count), self.whole),
        };
        Box::new(move |cells| {
            let Some(((&(day, activity), titles), &in_period)) = rows.next() else { return false };
            cells.push(AnnexCell::text(self.project.activities.code_of(activity)));
            cells.extend(titles.iter().map(|title| AnnexCell::text(title.as_str())));
            cells.push(AnnexCell::Date(day));
            cells.push(flag_cell(in_period, self.flag));
            for (second, days) in &self.indicators {
                let own = days.get(&(day, activity));
                cells.push(number(own.map_or(0, |day| day.cumulative)));
                cells.extend(second.map(|second| {
                    number(own.map_or(0, |day| match second {
                        ReleasedScope::Served => day.served,
                        ReleasedScope::InPeriod => day.in_period,
                    }))
                }));
            }
            true
        })
    }
}
