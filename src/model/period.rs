use jiff::ToSpan;
use jiff::civil::Date;

use super::PeriodRules;

/// A reporting period, ends included. The project as a whole has the code `project`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// `2017-Q1`, `2017-03`, or the code of a custom period.
    pub code: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

impl Period {
    /// The code of the project as a whole.
    pub const PROJECT: &'static str = "project";

    /// The kind of a calendar period, by its code: no custom period may have the code of a calendar one.
    pub fn calendar_kind(&self) -> Option<CalendarKind> {
        let kinds = [CalendarKind::Months, CalendarKind::Quarters, CalendarKind::HalfYears, CalendarKind::Years];
        kinds.into_iter().find(|kind| kind.code(self.start.year(), kind.first_month(self.start)) == self.code)
    }

    /// The periods that a report for this one shows side by side, as indexes among `periods`: those of its own kind that
    /// have ended by its end; for a custom period and the project, those of the coarsest kind in `[periods]` of which there
    /// are four or more, else of the finest.
    pub fn side_by_side(&self, rules: &PeriodRules, periods: &[Period]) -> Vec<usize> {
        let ended = |kind: CalendarKind| -> Vec<usize> {
            let is_shown = |at: &usize| periods[*at].calendar_kind() == Some(kind) && periods[*at].end <= self.end;
            (0..periods.len()).filter(is_shown).collect()
        };
        if let Some(kind) = self.calendar_kind() {
            return ended(kind);
        }
        let coarsest_first =
            [CalendarKind::Years, CalendarKind::HalfYears, CalendarKind::Quarters, CalendarKind::Months];
        let enabled: Vec<Vec<usize>> =
            coarsest_first.into_iter().filter(|kind| rules.includes(*kind)).map(ended).collect();
        let enough = enabled.iter().find(|shown| shown.len() >= 4).or(enabled.last());
        enough.cloned().unwrap_or_default()
    }

    /// Whether a day is in it.
    pub fn contains(&self, day: Date) -> bool {
        self.start <= day && day <= self.end
    }
}

/// A kind of calendar period, as `[periods]` and reports ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarKind {
    /// Months.
    Months,
    /// Quarters of the year.
    Quarters,
    /// Halves of the year.
    HalfYears,
    /// Calendar years.
    Years,
}

impl CalendarKind {
    /// In months.
    fn months(self) -> i8 {
        match self {
            CalendarKind::Months => 1,
            CalendarKind::Quarters => 3,
            CalendarKind::HalfYears => 6,
            CalendarKind::Years => 12,
        }
    }

    fn code(self, year: i16, first_month: i8) -> String {
        match self {
            CalendarKind::Months => format!("{year:04}-{first_month:02}"),
            CalendarKind::Quarters => format!("{year:04}-Q{}", (first_month - 1) / 3 + 1),
            CalendarKind::HalfYears => format!("{year:04}-H{}", (first_month - 1) / 6 + 1),
            CalendarKind::Years => format!("{year:04}"),
        }
    }

    /// The month that the period of a day begins with.
    fn first_month(self, day: Date) -> i8 {
        (day.month() - 1) / self.months() * self.months() + 1
    }

    /// All periods of this kind that touch the project, cut to it.
    pub fn periods(self, start: Date, end: Date) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut year = start.year();
        let mut month = self.first_month(start);
        while let Some(period) = self.period(year, month, start, end) {
            periods.push(period);
            month += self.months();
            if month > 12 {
                month = 1;
                year += 1;
            }
        }
        periods
    }

    /// The period that begins with this month, cut to the project; `None` if it lies outside.
    pub fn period(self, year: i16, month: i8, start: Date, end: Date) -> Option<Period> {
        let first = Date::new(year, month, 1).ok()?;
        let last = first.checked_add(i32::from(self.months()).months()).ok()?.yesterday().ok()?;
        let period = Period { code: self.code(year, month), start: first.max(start), end: last.min(end) };
        (period.start <= period.end).then_some(period)
    }
}
