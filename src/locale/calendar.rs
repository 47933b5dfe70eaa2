use jiff::civil::Date;

use super::Locale;
use crate::model::{CalendarKind, Period};

impl Locale {
    /// `30 април 2017 г.`, for covers and headings.
    pub fn date(&self, day: Date) -> String {
        self.format_date("date.long", day)
    }

    /// `30 април 2017`, within a sentence.
    pub fn date_in_text(&self, day: Date) -> String {
        self.format_date("date.text", day)
    }

    /// `30 април`, where the year is plain.
    pub fn day_and_month(&self, day: Date) -> String {
        self.format_date("date.day", day)
    }

    /// `30.04.2017`, for tables.
    pub fn date_short(&self, day: Date) -> String {
        self.format_date("date.short", day)
    }

    /// `април 2017 г.`; months count from 1.
    pub fn month(&self, year: i16, month: i8) -> String {
        self.format_month("date.month", year, month)
    }

    /// `април 2017`, within a sentence.
    pub fn month_in_text(&self, year: i16, month: i8) -> String {
        self.format_month("date.month-text", year, month)
    }

    /// `1 јануари – 30 април 2017 г.`: what both ends share is said once.
    pub fn date_range(&self, from: Date, to: Date) -> String {
        if from == to {
            return self.date(from);
        }
        self.format_range(["date.within-month", "date.within-year", "date.across-years"], from, to)
    }

    /// `06.02–17.03.2017`, for tables.
    pub fn date_range_short(&self, from: Date, to: Date) -> String {
        if from == to {
            return self.date_short(from);
        }
        self.format_range(["date.short-within-month", "date.short-within-year", "date.short-across-years"], from, to)
    }

    /// By the pattern of two days in one month, in one year, or in different years.
    fn format_range(
        &self,
        [within_month, within_year, across_years]: [&'static str; 3],
        from: Date,
        to: Date,
    ) -> String {
        let pattern = match (from.year() == to.year(), from.month() == to.month()) {
            (true, true) => within_month,
            (true, false) => within_year,
            (false, _) => across_years,
        };
        let short = |day: Date| self.find_label(&format!("month-short.{}", day.month())).unwrap_or_default();
        self.phrase(
            pattern,
            &[
                ("day", &from.day().to_string()),
                ("dd", &format!("{:02}", from.day())),
                ("mm", &format!("{:02}", from.month())),
                ("mon", short(from)),
                ("month", self.month_of_day(from.month())),
                ("year", &from.year().to_string()),
                ("day2", &to.day().to_string()),
                ("dd2", &format!("{:02}", to.day())),
                ("mm2", &format!("{:02}", to.month())),
                ("mon2", short(to)),
                ("month2", self.month_of_day(to.month())),
                ("year2", &to.year().to_string()),
            ],
        )
    }

    /// First and last day of a period.
    pub fn period(&self, period: &Period) -> String {
        self.date_range(period.start, period.end)
    }

    /// `април 2017 г.`, `втор квартал од 2017 г.`, `2017 г.` where a period is exactly that, else its days.
    pub fn period_name(&self, period: &Period) -> String {
        let (start, end) = (period.start, period.end);
        let year = start.year().to_string();
        let first_month = start.month();
        let whole = start.day() == 1 && start.year() == end.year() && end == end.last_of_month();
        let months = end.month() - first_month + 1;
        let named = |key: &str| self.phrase(key, &[("year", &year)]);
        match (whole, months) {
            (true, 1) => self.month(start.year(), first_month),
            (true, 3) if first_month % 3 == 1 => named(&format!("span.quarter-{}", (first_month + 2) / 3)),
            (true, 6) if first_month % 6 == 1 => named(&format!("span.half-{}", (first_month + 5) / 6)),
            (true, 12) => named("span.year"),
            _ => self.period(period),
        }
    }

    /// `1 кв. 2017`, `апр. 2017`: a period as the head of a narrow column; a period of one's own by its days.
    pub fn period_short(&self, period: &Period) -> String {
        let year = period.start.year().to_string();
        let month = period.start.month();
        let part = |length: i8| ((month - 1) / length + 1).to_string();
        let numbered = |key: &str, n: &str| self.phrase(key, &[("n", n), ("year", &year)]);
        match period.calendar_kind() {
            Some(CalendarKind::Months) => numbered("span-short.month", self.month_short(month)),
            Some(CalendarKind::Quarters) => numbered("span-short.quarter", &part(3)),
            Some(CalendarKind::HalfYears) => numbered("span-short.half", &part(6)),
            Some(CalendarKind::Years) => year,
            None => self.date_range_short(period.start, period.end),
        }
    }

    fn month_short(&self, month: i8) -> &'static str {
        self.find_label(&format!("month-short.{month}")).unwrap_or_default()
    }

    /// The month by itself; months count from 1.
    pub fn month_name(&self, month: i8) -> &'static str {
        self.find_label(&format!("month.{month}")).unwrap_or_default()
    }

    /// The month after a day: `30. априла`.
    fn month_of_day(&self, month: i8) -> &'static str {
        self.find_label(&format!("month-of-day.{month}")).unwrap_or_default()
    }

    fn format_month(&self, pattern: &str, year: i16, month: i8) -> String {
        self.phrase(pattern, &[("month", self.month_name(month)), ("year", &year.to_string())])
    }

    fn format_date(&self, pattern: &str, day: Date) -> String {
        let short = self.find_label(&format!("month-short.{}", day.month())).unwrap_or_default();
        self.phrase(
            pattern,
            &[
                ("day", &day.day().to_string()),
                ("dd", &format!("{:02}", day.day())),
                ("mm", &format!("{:02}", day.month())),
                ("mon", short),
                ("month", self.month_of_day(day.month())),
                ("year", &day.year().to_string()),
            ],
        )
    }
}
