//! The first sheet and the last: what the workbook holds, and what to know of its figures.

use super::annex_builder::AnnexBuilder;
use super::sheet_plan::{PlacedIndicator, SheetSubject};
use super::workbook_model::{
    AnnexCell, AnnexColumn, AnnexColumnKind, AnnexSheet, AnnexSheetIndex, AnnexTable, CellRef, InMemoryRows, SheetRole,
};
use crate::indicators::Scope;
use crate::locale::Locale;
use crate::model::{Calculation, DistinctColumn, Participants, Text};

pub fn contents_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let settings = &draft.project().settings;
    let labels = &draft.labels;
    let period = labels.join(|locale| locale.period(&draft.project().settings.known_days(draft.period)));
    let mut head = vec![
        vec![AnnexCell::Heading(labels.text(&settings.title).into())],
        labelled_line(&labels.label("cover.code"), settings.code.clone()),
        labelled_line(&labels.label("period.reporting"), period),
    ];
    if let Some(implementer) = &settings.implementer {
        head.push(labelled_line(&labels.label("cover.implementer"), labels.text(&implementer.name)));
    }
    let report = draft.input.report;
    let donors = settings.donors.iter().filter(|donor| report.donors.contains(&donor.code));
    for donor in donors {
        head.push(labelled_line(&labels.label("cover.donor"), labels.text(&donor.name)));
        if let Some(grant) = &donor.grant {
            head.push(labelled_line(&labels.label("cover.grant"), grant.clone()));
        }
    }
    if let Some(date) = report.dates.get(&draft.period.code) {
        head.push(labelled_line(&labels.label("cover.date"), labels.join(|locale| locale.date(*date))));
    }
    if report.is_restricted() {
        head.push(vec![AnnexCell::text(labels.label("notes.restricted"))]);
    }
    if !settings.notice.is_empty() {
        head.push(vec![AnnexCell::text(labels.text(&settings.notice))]);
    }
    let columns = vec![
        AnnexColumn { heading: labels.label("annex.sheet"), kind: AnnexColumnKind::Title },
        AnnexColumn { heading: labels.label("workbook.holds"), kind: AnnexColumnKind::Prose },
    ];
    let subjects: Vec<SheetSubject> = draft.plan.subjects().collect();
    let listed = subjects.iter().enumerate().skip(1);
    let rows: Vec<Vec<AnnexCell>> = listed
        .map(|(at, subject)| {
            let to = CellRef::head(AnnexSheetIndex(at as u16), 0, 0);
            vec![draft.link(draft.plan.name(*subject), to), AnnexCell::text(describe_sheet(draft, *subject))]
        })
        .collect();
    let table = AnnexTable {
        name: draft.names.table_name("contents"),
        first_column: 0,
        last_column: 1,
        rows: rows.len() as u32,
    };
    AnnexSheet {
        name: draft.plan.name(SheetSubject::Contents).to_owned(),
        role: SheetRole::Contents,
        head,
        columns,
        frozen: 0,
        rows: Box::new(InMemoryRows(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

fn labelled_line<'a>(name: &str, value: String) -> Vec<AnnexCell<'a>> {
    vec![AnnexCell::text(format!("{name}: {value}"))]
}

fn describe_sheet(draft: &AnnexBuilder, subject: SheetSubject) -> String {
    let labels = &draft.labels;
    match subject {
        SheetSubject::Contents => labels.label("annex.contents"),
        SheetSubject::Indicators => labels.label("workbook.about-indicators"),
        SheetSubject::Disaggregation => labels.label("workbook.about-disaggregation"),
        SheetSubject::Charts => labels.label("workbook.about-charts"),
        SheetSubject::Activities => labels.label("workbook.about-activities"),
        SheetSubject::Participants => labels.label("workbook.about-participants"),
        SheetSubject::Attendance => labels.label("workbook.about-attendance"),
        SheetSubject::Evidence(id) => {
            let indicator = draft.indicator(id);
            let about = labels.label_with_args("workbook.about-evidence", &[("code", &indicator.code)]);
            format!("{about}: {}", labels.text(&indicator.title))
        }
        SheetSubject::Notes => labels.label("workbook.about-notes"),
    }
}

pub fn notes_sheet<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let labels = &draft.labels;
    let columns = vec![
        AnnexColumn { heading: labels.label("figure.code"), kind: AnnexColumnKind::Code },
        AnnexColumn { heading: labels.label("page.note"), kind: AnnexColumnKind::Prose },
    ];
    let mut rows: Vec<Vec<AnnexCell>> = general_notes(draft)
        .into_iter()
        .filter(|note| !note.is_empty())
        .map(|note| vec![AnnexCell::Empty, AnnexCell::text(note)])
        .collect();
    for placed in &draft.plan.indicators {
        let indicator = draft.indicator(placed.id);
        let to = CellRef::row(draft.sheet(SheetSubject::Indicators), placed.row, 0);
        rows.push(vec![draft.link(indicator.code.as_str(), to), AnnexCell::text(counting_note(draft, placed))]);
    }
    let heading = labels.label("annex.notes");
    let table =
        AnnexTable { name: draft.names.table_name("notes"), first_column: 0, last_column: 1, rows: rows.len() as u32 };
    AnnexSheet {
        name: draft.plan.name(SheetSubject::Notes).to_owned(),
        role: SheetRole::Notes,
        head: vec![vec![AnnexCell::Heading(heading.into())]],
        columns,
        frozen: 0,
        rows: Box::new(InMemoryRows(rows)),
        tables: vec![table],
        charts: Vec::new(),
    }
}

/// What holds for the whole annex.
fn general_notes(draft: &AnnexBuilder) -> Vec<String> {
    let labels = &draft.labels;
    let lines = |key: &str| labels.join_lines(|locale| locale.label(key).to_owned());
    let figures = || draft.plan.indicators.iter().map(|placed| &draft.figure(placed.id).totals);
    let mut notes = Vec::new();
    if draft.input.report.is_restricted() {
        notes.push(lines("notes.restricted"));
    }
    notes.extend([
        labels.text_lines(&draft.project().settings.notice),
        lines("workbook.live"),
        lines("counted.period"),
    ]);
    if figures().any(|figure| figure.served.is_some()) {
        notes.push(lines("counted.served"));
    }
    let amounts = || {
        let scopes = [Scope::Period, Scope::Served, Scope::Cumulative];
        figures().flat_map(move |figure| scopes.map(|scope| figure.value(scope))).flatten()
    };
    if amounts().any(|amount| amount.hedge.is_some()) {
        notes.push(lines("notes.approximate"));
    }
    if amounts().any(|amount| amount.is_interval()) {
        notes.push(lines("notes.interval"));
    }
    if let Some(day) = figures().find_map(|figure| figure.data_until) {
        notes.push(
            labels.join_lines(|locale| locale.phrase("notes.data-until", &[("date", &locale.date_in_text(day))])),
        );
    }
    notes.push(match draft.input.released.suppress_below {
        0 => lines("notes.not-suppressed"),
        limit => {
            labels.join_lines(|locale| locale.phrase("notes.suppressed", &[("n", &locale.integer(u64::from(limit)))]))
        }
    });
    match draft.input.released.participants {
        Participants::None => {}
        Participants::Pseudonymised => notes.push(lines("notes.pseudonymised")),
        Participants::Detailed => notes.push(lines("notes.detailed")),
    }
    let waivers = &draft.project().settings.waivers;
    for waived in draft.input.waived.iter().filter(|waived| waived.count > 0) {
        let Some(waiver) = waivers.get(waived.waiver) else { continue };
        notes.push(labels.join_lines(|locale| {
            let (n, reason) = (locale.integer(waived.count), labels.in_language(&waiver.reason, locale));
            let args = [("table", waiver.table.as_str()), ("problem", &waiver.problem), ("n", &n), ("reason", &reason)];
            locale.phrase("notes.waived", &args)
        }));
    }
    notes
}

/// How one indicator is counted, a language after the other.
fn counting_note(draft: &AnnexBuilder, placed: &PlacedIndicator) -> String {
    draft.labels.join_lines(|locale| {
        let indicator = draft.indicator(placed.id);
        let coverage = &draft.figure(placed.id).totals.coverage;
        let mut sentences = vec![calculation_text(draft, placed, locale)];
        if !indicator.where_text.is_empty() {
            sentences.push(locale.phrase("counted.where", &[("where", &indicator.where_text)]));
        }
        if coverage.blank > 0 {
            let (blank, rows) = (locale.integer(coverage.blank), locale.integer(coverage.rows));
            sentences.push(locale.phrase("counted.without-count", &[("blank", &blank), ("rows", &rows)]));
        }
        let labelled = |key: &str, text: &Text| {
            let text = draft.labels.in_language(text, locale);
            (!text.is_empty()).then(|| format!("{}: {text}", locale.label(key)))
        };
        sentences.extend(labelled("figure.definition", &indicator.definition));
        sentences.extend(labelled("figure.verification", &indicator.verification));
        if indicator.calculation.is_counted() && placed.evidence.is_none() {
            let command = format!("donor-report explain {} --period {}", indicator.code, draft.period.code);
            let args = [("code", indicator.code.as_str()), ("command", &locale.quote(&command))];
            let would_tell = draft.input.released.without_evidence.contains(&placed.id);
            let why = if would_tell { "annex.telling-rows" } else { "annex.explain" };
            sentences.push(locale.phrase(why, &args));
        }
        sentences.join(" ")
    })
}

fn calculation_text(draft: &AnnexBuilder, placed: &PlacedIndicator, locale: &Locale) -> String {
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
