//! The first sheet and the last: what the workbook holds, and what to know of its figures.

use super::draft::Draft;
use super::plan::{Placed, Subject};
use super::view::{Cell, CellRef, Column, ColumnKind, Listed, Role, Sheet, SheetId, Table};
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::model::{Calculation, DistinctColumn, Participants, Text};

pub fn contents<'a>(draft: &mut Draft<'a>) -> Sheet<'a> {
    let settings = &draft.project().settings;
    let words = &draft.words;
    let period = words.each(|locale| locale.period(draft.period));
    let mut head = vec![
        vec![Cell::Heading(words.text(&settings.title).into())],
        fact(&words.label("cover.code"), settings.code.clone()),
        fact(&words.label("period.reporting"), period),
    ];
    if let Some(implementer) = &settings.implementer {
        head.push(fact(&words.label("cover.implementer"), words.text(&implementer.name)));
    }
    let report = draft.input.report;
    let donors = settings.donors.iter().filter(|donor| report.donors.contains(&donor.code));
    for donor in donors {
        head.push(fact(&words.label("cover.donor"), words.text(&donor.name)));
        if let Some(grant) = &donor.grant {
            head.push(fact(&words.label("cover.grant"), grant.clone()));
        }
    }
    if let Some(date) = report.dates.get(&draft.period.code) {
        head.push(fact(&words.label("cover.date"), words.each(|locale| locale.date(*date))));
    }
    if !settings.notice.is_empty() {
        head.push(vec![Cell::text(words.text(&settings.notice))]);
    }
    let columns = vec![
        Column { heading: words.label("annex.sheet"), kind: ColumnKind::Title },
        Column { heading: words.label("workbook.holds"), kind: ColumnKind::Prose },
    ];
    let subjects: Vec<Subject> = draft.plan.subjects().collect();
    let listed = subjects.iter().enumerate().skip(1);
    let rows: Vec<Vec<Cell>> = listed
        .map(|(at, subject)| {
            let to = CellRef::head(SheetId(at as u16), 0, 0);
            vec![draft.link(draft.plan.name(*subject), to), Cell::text(about(draft, *subject))]
        })
        .collect();
    let table = Table { name: draft.names.table("contents"), first_column: 0, last_column: 1, rows: rows.len() as u32 };
    Sheet {
        name: draft.plan.name(Subject::Contents).to_owned(),
        role: Role::Contents,
        head,
        columns,
        frozen: 0,
        rows: Box::new(Listed(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

fn fact<'a>(name: &str, value: String) -> Vec<Cell<'a>> {
    vec![Cell::text(format!("{name}: {value}"))]
}

fn about(draft: &Draft, subject: Subject) -> String {
    let words = &draft.words;
    match subject {
        Subject::Contents => words.label("annex.contents"),
        Subject::Indicators => words.label("workbook.about-indicators"),
        Subject::Disaggregation => words.label("workbook.about-disaggregation"),
        Subject::Charts => words.label("workbook.about-charts"),
        Subject::Activities => words.label("workbook.about-activities"),
        Subject::Participants => words.label("workbook.about-participants"),
        Subject::Attendance => words.label("workbook.about-attendance"),
        Subject::Evidence(id) => {
            let indicator = draft.indicator(id);
            let about = words.label_with("workbook.about-evidence", &[("code", &indicator.code)]);
            format!("{about}: {}", words.text(&indicator.title))
        }
        Subject::Notes => words.label("workbook.about-notes"),
    }
}

pub fn notes<'a>(draft: &mut Draft<'a>) -> Sheet<'a> {
    let words = &draft.words;
    let columns = vec![
        Column { heading: words.label("figure.code"), kind: ColumnKind::Code },
        Column { heading: words.label("page.note"), kind: ColumnKind::Prose },
    ];
    let mut rows: Vec<Vec<Cell>> = general(draft)
        .into_iter()
        .filter(|note| !note.is_empty())
        .map(|note| vec![Cell::Empty, Cell::text(note)])
        .collect();
    for placed in &draft.plan.indicators {
        let indicator = draft.indicator(placed.id);
        let to = CellRef::row(draft.sheet(Subject::Indicators), placed.row, 0);
        rows.push(vec![draft.link(indicator.code.as_str(), to), Cell::text(of_indicator(draft, placed))]);
    }
    let heading = words.label("annex.notes");
    let table = Table { name: draft.names.table("notes"), first_column: 0, last_column: 1, rows: rows.len() as u32 };
    Sheet {
        name: draft.plan.name(Subject::Notes).to_owned(),
        role: Role::Notes,
        head: vec![vec![Cell::Heading(heading.into())]],
        columns,
        frozen: 0,
        rows: Box::new(Listed(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

/// What holds for the whole annex.
fn general(draft: &Draft) -> Vec<String> {
    let words = &draft.words;
    let said = |key: &str| words.lines(|locale| locale.label(key).to_owned());
    let figures = || draft.plan.indicators.iter().map(|placed| &draft.figure(placed.id).totals);
    let mut notes = vec![words.prose(&draft.project().settings.notice), said("workbook.live"), said("counted.period")];
    if figures().any(|figure| figure.served.is_some()) {
        notes.push(said("counted.served"));
    }
    let amounts = || {
        let scopes = [Scope::Period, Scope::Served, Scope::Cumulative];
        figures().flat_map(move |figure| scopes.map(|scope| figure.value(scope))).flatten()
    };
    if amounts().any(|amount| amount.hedge.is_some()) {
        notes.push(said("notes.approximate"));
    }
    if amounts().any(|amount| amount.is_interval()) {
        notes.push(said("notes.interval"));
    }
    if let Some(day) = figures().find_map(|figure| figure.data_until) {
        notes.push(words.lines(|locale| locale.phrase("notes.data-until", &[("date", &locale.date_in_text(day))])));
    }
    notes.push(match draft.input.released.suppress_below {
        0 => said("notes.not-suppressed"),
        limit => words.lines(|locale| locale.phrase("notes.suppressed", &[("n", &locale.integer(u64::from(limit)))])),
    });
    match draft.input.released.participants {
        Participants::None => {}
        Participants::Pseudonymised => notes.push(said("notes.pseudonymised")),
        Participants::Detailed => notes.push(said("notes.detailed")),
    }
    let waivers = &draft.project().settings.waivers;
    for waived in draft.input.waived.iter().filter(|waived| waived.count > 0) {
        let Some(waiver) = waivers.get(waived.waiver) else { continue };
        notes.push(words.lines(|locale| {
            let (n, reason) = (locale.integer(waived.count), words.in_language(&waiver.reason, locale));
            let args = [("table", waiver.table.as_str()), ("problem", &waiver.problem), ("n", &n), ("reason", &reason)];
            locale.phrase("notes.waived", &args)
        }));
    }
    notes
}

/// How one indicator is counted, a language after the other.
fn of_indicator(draft: &Draft, placed: &Placed) -> String {
    draft.words.lines(|locale| {
        let indicator = draft.indicator(placed.id);
        let coverage = &draft.figure(placed.id).totals.coverage;
        let mut said = vec![counted(draft, placed, locale)];
        if !indicator.where_text.is_empty() {
            said.push(locale.phrase("counted.where", &[("where", &indicator.where_text)]));
        }
        if coverage.blank > 0 {
            let (blank, rows) = (locale.integer(coverage.blank), locale.integer(coverage.rows));
            said.push(locale.phrase("counted.without-count", &[("blank", &blank), ("rows", &rows)]));
        }
        let labelled = |key: &str, text: &Text| {
            let text = draft.words.in_language(text, locale);
            (!text.is_empty()).then(|| format!("{}: {text}", locale.label(key)))
        };
        said.extend(labelled("figure.definition", &indicator.definition));
        said.extend(labelled("figure.verification", &indicator.verification));
        if indicator.calculation.is_counted() && placed.evidence.is_none() {
            let command = format!("donor-report explain {} --period {}", indicator.code, draft.period.code);
            let args = [("code", indicator.code.as_str()), ("command", &locale.quote(&command))];
            said.push(locale.phrase("annex.explain", &args));
        }
        said.join(" ")
    })
}

fn counted(draft: &Draft, placed: &Placed, locale: &Locale) -> String {
    let project = draft.project();
    let activities = &project.activities.columns;
    let persons = &project.persons.columns;
    let (key, column) = match draft.indicator(placed.id).calculation {
        Calculation::Activities => ("counted.activities", ""),
        Calculation::Attendances => ("counted.attendances", ""),
        Calculation::People => ("counted.people", ""),
        Calculation::Sum(column) => ("counted.sum", activities[usize::from(column.0)].name.as_str()),
        Calculation::Reach(_) => ("counted.reach", ""),
        Calculation::Distinct(DistinctColumn::Activity(column)) => {
            ("counted.distinct", activities[usize::from(column.0)].name.as_str())
        }
        Calculation::Distinct(DistinctColumn::Person(column)) => {
            ("counted.distinct", persons[usize::from(column.0)].name.as_str())
        }
        Calculation::Distinct(DistinctColumn::PersonCode) => ("counted.distinct", "person"),
        Calculation::Distinct(DistinctColumn::Age) => ("counted.distinct", "age"),
        Calculation::Reported => ("counted.reported", ""),
        Calculation::Ratio(first, second) => {
            let (first, second) = (&draft.indicator(first).code, &draft.indicator(second).code);
            return locale.phrase("counted.ratio", &[("first", first), ("second", second)]);
        }
    };
    let column = locale.find_label(&format!("axis.{column}")).unwrap_or(column);
    locale.phrase(key, &[("column", column)])
}
