use super::json::SCOPES;
use crate::indicators::{Figure, PeriodFigures, Status};
use crate::locale::Locale;
use crate::model::{Amount, Calculation, Indicator, Project};

/// The labels of the columns' headings. Titles come last: they may be long.
const HEADER: [&str; 10] = [
    "figure.code",
    "figure.actual-period",
    "figure.served",
    "figure.cumulative",
    "figure.target-due",
    "figure.target-total",
    "figure.progress",
    "figure.progress-due",
    "figure.status",
    "figure.indicator",
];

/// Status and title.
const WORDS_AT_END: usize = 2;

/// The figures of a period for a terminal, all words and numbers in the language, columns aligned. A title is in the
/// language where it has one, else in the project's first that it has one in.
pub fn table(project: &Project, figures: &PeriodFigures, locale: &Locale) -> String {
    let mut rows: Vec<Vec<String>> = vec![HEADER.map(|label| locale.label(label).to_owned()).to_vec()];
    for (indicator, figure) in project.logframe.indicators.iter().zip(&figures.figures) {
        let mut cells = indicator_cells(indicator, figure, locale);
        let title = indicator.title.in_order(locale.lang(), &project.settings.languages);
        cells.push(title.unwrap_or_default().to_owned());
        rows.push(cells);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEADER.len()).map(width).collect();
    let period = &figures.period;
    let days = locale.date_range_short(period.start, period.end);
    let mut text = format!("{} {} ({days})\n", project.settings.code, period.code);
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[column] - cell.chars().count());
            // Words to the left, numbers to the right.
            let padded = if column == 0 || column + WORDS_AT_END >= HEADER.len() {
                format!("{cell}{gap}")
            } else {
                format!("{gap}{cell}")
            };
            line.push_str(&padded);
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    // What is read on a terminal is searched and copied, too.
    text.replace('\u{a0}', " ")
}

fn indicator_cells(indicator: &Indicator, figure: &Figure, locale: &Locale) -> Vec<String> {
    let percent = matches!(indicator.calculation, Calculation::Ratio(..));
    let absent = || locale.absent().to_owned();
    let amount = |amount: Option<Amount>| amount.map_or_else(absent, |amount| locale.figure(&amount, percent));
    let target = |value: Option<rust_decimal::Decimal>| amount(value.map(Amount::exact));
    let hedge = figure.level.and_then(|level| level.hedge);
    let progress = |progress: Option<crate::indicators::Progress>| {
        progress.map_or_else(absent, |progress| locale.progress(progress.from, progress.to, hedge))
    };
    let mut cells = vec![indicator.code.clone()];
    cells.extend(SCOPES.map(|(_, scope)| amount(figure.value(scope))));
    cells.extend([target(figure.target_due), target(figure.target_total)]);
    cells.extend([progress(figure.progress), progress(figure.progress_due)]);
    cells.push(locale.status(figure.status.map(Status::code)).to_owned());
    cells
}
