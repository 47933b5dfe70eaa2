use super::json::SCOPES;
use crate::indicators::{Figure, PeriodFigures};
use crate::locale::Locale;
use crate::model::{Amount, Calculation, Indicator, Project};

/// The columns' names, as figures.json has them.
const HEADER: [&str; 9] =
    ["code", "period", "served", "cumulative", "target.due", "target.total", "progress", "progress_due", "status"];

/// The figures of a period for a terminal, numbers as the language writes them, columns aligned.
pub fn table(project: &Project, figures: &PeriodFigures, locale: &Locale) -> String {
    let mut rows: Vec<Vec<String>> = vec![HEADER.map(str::to_owned).to_vec()];
    for (indicator, figure) in project.logframe.indicators.iter().zip(&figures.figures) {
        rows.push(indicator_cells(indicator, figure, locale));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEADER.len()).map(width).collect();
    let period = &figures.period;
    let mut text = format!("{} {} {} {}\n", project.settings.code, period.code, period.start, period.end);
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[column] - cell.chars().count());
            // Words to the left, numbers to the right.
            let padded =
                if column == 0 || column + 1 == HEADER.len() { format!("{cell}{gap}") } else { format!("{gap}{cell}") };
            line.push_str(&padded);
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
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
    cells.push(figure.status.map_or_else(absent, |status| status.code().to_owned()));
    cells
}
