//! Documents composed from the invented project: what stands in them, and that every profile lays out.

use std::collections::BTreeMap;

use donor_report::disclosure::release;
use donor_report::indicators::count;
use donor_report::locale::Locale;
use donor_report::model::{
    ActivityStatus, Amount, Axis, AxisSide, Category, ColumnId, IndicatorId, Lang, LanguageLayout, Project,
    ReportedValue, RowRef, SheetId, Text, Value, Waived,
};
use donor_report::render::pdf::{Attached, render_pdf};
use donor_report::report::block::{Block, Inline};
use donor_report::report::compose::{AnnexReference, ReportInput, RestatedFigure, compose};
use donor_report::report::document::{ActivityKind, Document, FigureSource, SectionBody};
use donor_report::report::profile::Profile;

use super::project::project;

/// A profile with kinds of sections that none of ours has.
const OWN: &str = "[[sections]]\nid = \"summary\"\n[[sections]]\nid = \"key-figures\"\nkind = \"key-figures\"\n[[sections]]\nid = \"results\"\nkind = \"results\"\n[[sections]]\nid = \"chart\"\nkind = \"indicator-chart\"\n[[sections]]\nid = \"activities\"\nkind = \"activities\"\n[[sections]]\nid = \"variance\"\nkind = \"variance\"\n[[sections]]\nid = \"method\"\nkind = \"counted\"\n";

/// A document of the first report with one profile, in the languages, for the period.
pub fn document(project: &Project, profile: &str, languages: &[&str], period: usize) -> Document {
    restating(project, profile, languages, period, &[])
}

/// The same, after figures of earlier reports have changed.
pub fn restating(
    project: &Project,
    profile: &str,
    languages: &[&str],
    period: usize,
    restated: &[RestatedFigure],
) -> Document {
    let profile = if profile == "own" {
        Profile::load("own", Some(("profiles/own.toml", OWN)))
    } else {
        Profile::load(profile, None)
    };
    let profile = profile.unwrap_or_else(|problems| panic!("{problems:#?}"));
    let figures = count(project);
    let releases = release(project, &figures);
    let report = &project.settings.reports[0];
    let locales: Vec<Locale> =
        languages.iter().map(|lang| profile.locale(&Lang::new(lang)).expect("the language is known")).collect();
    let figure = |text: &str, value: u32| Inline::Figure {
        text: text.to_owned(),
        indicator: "I1".into(),
        id: None,
        source: Some(FigureSource { place: None, from: value.into(), to: value.into() }),
    };
    let said = Block::Paragraph {
        content: vec![
            figure("40", 40),
            Inline::Text { text: " … ".into() },
            Inline::Strong { content: vec![figure("7", 7)] },
            Inline::Text { text: " …".into() },
            Inline::Footnote { content: vec![Block::Paragraph { content: vec![figure("9", 9)] }] },
        ],
    };
    let deep = Block::Heading { level: 3, content: vec![figure("12", 12), Inline::Text { text: " …".into() }] };
    let narrative = BTreeMap::from([
        ("summary".to_owned(), languages.iter().map(|_| vec![deep.clone(), said.clone()]).collect()),
        (
            "results.R1".to_owned(),
            languages.iter().map(|_| vec![said.clone(), Block::IndicatorChart { indicator: "I1".into() }]).collect(),
        ),
    ]);
    compose(&ReportInput {
        project,
        released: releases.for_report(report),
        period,
        report,
        profile: &profile,
        locales: &locales,
        waived: &[Waived { waiver: 0, count: 2 }],
        narrative: &narrative,
        annex: Some(AnnexReference { name: "progress.mk.xlsx".into(), sha256: None }),
        restated,
        revision: None,
        erratum: None,
        pictures: &BTreeMap::new(),
    })
}

fn body<'d>(document: &'d Document, section: &str) -> &'d SectionBody {
    let section = document.sections.iter().find(|found| found.id == section);
    &section.unwrap_or_else(|| panic!("there is no such section")).entries[0].body
}

/// Lays a document out without a warning.
fn lay_out(project: &Project, profile: &str, languages: &[&str]) {
    let document = document(project, profile, languages, 2);
    let laid =
        render_pdf(&document, Attached { annex: Some(b"annex".to_vec()), ..Attached::default() }, &BTreeMap::new());
    let laid = laid.unwrap_or_else(|faults| panic!("{profile} {languages:?}: {faults:#?}"));
    assert_eq!(laid.warnings, [], "{profile} {languages:?}");
    if let Ok(folder) = std::env::var("DONOR_REPORT_LOOK") {
        let name = format!("{folder}/{profile}.{}.{:?}.pdf", languages.join("-"), document.layout);
        std::fs::write(name, &laid.bytes).expect("the folder is there");
    }
}

#[test]
fn every_profile_lays_out_in_one_language_and_in_two() {
    let mut project = project();
    for profile in Profile::shipped().into_iter().chain(["own"]) {
        lay_out(&project, profile, &["mk"]);
        for layout in [LanguageLayout::Sequential, LanguageLayout::Parallel] {
            project.settings.reports[0].layout = layout;
            lay_out(&project, profile, &["mk", "en"]);
        }
    }
}

#[test]
fn every_language_lays_out() {
    let project = project();
    for lang in Locale::languages() {
        lay_out(&project, "progress", &[lang]);
    }
}

#[test]
fn figures_are_written_in_their_language_and_keep_their_hedge() {
    let project = project();
    for (lang, hedge, value, progress) in [
        ("mk", "приближно", "84.000", "приближно\u{a0}105\u{a0}%"),
        ("en", "approximately", "84,000", "approximately\u{a0}105%"),
    ] {
        let document = document(&project, "own", &[lang], 0);
        let SectionBody::KeyFigures { items } = body(&document, "key-figures") else { panic!("key figures") };
        let citizens = items.iter().find(|item| item.code == "I2").expect("I2 is a key figure");
        assert_eq!(citizens.hedge.as_deref(), Some(hedge));
        let shown = citizens.progress.as_ref().map(|shown| shown.text());
        assert_eq!((citizens.value.text().as_str(), shown.as_deref()), (value, Some(progress)));
    }
}

#[test]
fn restated_figures_say_why_in_words_without_file_and_row() {
    let project = project();
    let restated = RestatedFigure {
        indicator: IndicatorId(0),
        period: project.logframe.periods[0].code.clone(),
        old: Some(Amount::count(350)),
        new: Some(Amount::count(1362)),
        added: 1013,
        gone: 1,
        changed: 0,
        corrected: Vec::new(),
    };
    let unknown = RestatedFigure { added: 0, gone: 0, ..restated.clone() };
    let columns = [("activities", "status"), ("attendance", "activity"), ("participants", "sex")];
    let corrected = columns.map(|(table, column)| (table.to_owned(), column.to_owned())).to_vec();
    let corrected = RestatedFigure { corrected, ..unknown.clone() };
    for (lang, values, because, without_rows, cells) in [
        (
            "en",
            ["350", "1,362"],
            "attendances entered later: 1,013; attendances withdrawn: 1",
            "correction of the data",
            "data corrected: activity, sex, status",
        ),
        (
            "mk",
            ["350", "1.362"],
            "подоцна внесени присуства: 1.013; повлечени присуства: 1",
            "исправка на податоците",
            "исправени податоци: активност, пол, статус",
        ),
    ] {
        let figures = [restated.clone(), unknown.clone(), corrected.clone()];
        let document = restating(&project, "progress", &[lang], 1, &figures);
        let SectionBody::Restated { columns, rows } = body(&document, "restated") else { panic!("restated figures") };
        assert_eq!(columns.len(), 5);
        let said: Vec<String> = rows[0].iter().map(|cell| cell.text()).collect();
        assert_eq!(said[2..], [values[0], values[1], because]);
        assert_eq!(rows[1][4].text(), without_rows);
        assert_eq!(rows[2][4].text(), cells);
        let attached = Attached { annex: Some(b"annex".to_vec()), ..Attached::default() };
        render_pdf(&document, attached, &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    }
}

#[test]
fn hidden_parts_have_no_length_and_no_share() {
    for (limit, some_are_hidden) in [(5, false), (11, true)] {
        let mut project = project();
        project.settings.reports[0].suppress_below = limit;
        let document = document(&project, "progress", &["en"], 0);
        let SectionBody::Disaggregation { items, .. } = body(&document, "disaggregation") else {
            panic!("disaggregation")
        };
        // What is hidden but for one part or none is said in words, without a number.
        let in_words = items.iter().flat_map(|item| &item.axes).filter(|axis| axis.line.is_some()).count();
        let mut hidden = in_words;
        let mut check = |value: &str, nothing_shown: bool| {
            if value.starts_with('<') || value == "·" {
                hidden += 1;
                assert!(nothing_shown, "{value} can be read off a length");
            }
        };
        for axis in items.iter().flat_map(|item| &item.axes) {
            for row in &axis.rows {
                check(&row.value.text(), row.fraction.is_none() && row.beside.is_none());
            }
            for cell in axis.crossed.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells) {
                check(&cell.value.text(), cell.fraction.is_none());
            }
        }
        assert_eq!(hidden > 0, some_are_hidden, "limit {limit}");
    }
}

#[test]
fn two_axes_are_crossed_in_a_table() {
    let project = project();
    let document = document(&project, "progress", &["en"], 0);
    let SectionBody::Disaggregation { items, .. } = body(&document, "disaggregation") else { panic!("disaggregation") };
    let sexes: Vec<String> = items[0].axes[0].rows.iter().map(|row| row.value.text()).collect();
    assert_eq!(sexes, ["30", "10"]);
    let crossed = items[0].axes[1].crossed.as_ref().expect("sex by age is crossed");
    assert_eq!(crossed.columns.len(), 1, "one band across: {crossed:?}");
    let down: Vec<String> = crossed.rows.iter().map(|row| row.cells[0].value.text()).collect();
    assert_eq!(down, ["30", "10"]);
}

#[test]
fn conditions_are_said_in_words() {
    let project = project();
    for (lang, sentence) in [
        ("mk", "Услов: вид активност: обука или семинар."),
        ("en", "Condition: type of activity: training or seminar."),
    ] {
        let document = document(&project, "own", &[lang], 0);
        let SectionBody::Counted { items } = body(&document, "method") else { panic!("counted") };
        assert!(items[0].sentences.iter().any(|said| said.text() == sentence), "{:?}", items[0].sentences);
    }
}

#[test]
fn values_of_columns_without_a_list_are_printed_as_they_are() {
    let mut project = project();
    for column in project.activities.columns.iter_mut().chain(&mut project.persons.columns) {
        column.entries = column.entries.iter().map(|entry| (entry.code.to_owned(), Text::default())).collect();
    }
    for lang in ["mk", "en", "sr"] {
        let document = document(&project, "own", &[lang], 2);
        let SectionBody::Activities(activities) = body(&document, "activities") else { panic!("activities") };
        let types = activities.counts[0].value.text();
        assert!(types.contains("training") && types.contains("seminar"), "{lang}: {types}");
        let row = &activities.rows[0];
        assert_eq!((row.kind.as_str(), row.place.as_str()), ("training", "KU"), "{lang}");
        let SectionBody::Counted { items } = body(&document, "method") else { panic!("counted") };
        let said: String = items[0].sentences.iter().map(|said| said.text()).collect();
        assert!(said.contains("training") && said.contains("seminar"), "{lang}: {said}");
    }
}

#[test]
fn columns_are_called_by_their_label() {
    let mut project = project();
    let label = [(Lang::new("mk"), "Измислено место".to_owned()), (Lang::new("en"), "Invented place".to_owned())];
    project.activities.columns[1].label = label.into_iter().collect();
    project.logframe.indicators[1].axes =
        vec![Axis { text: "municipality".into(), first: AxisSide::Activity(ColumnId(1)), second: None }];
    for (lang, place) in [("mk", "Измислено место"), ("en", "Invented place")] {
        let document = document(&project, "progress", &[lang], 2);
        let printed = format!("{document:?}");
        assert!(printed.contains(place), "{lang}");
    }
}

#[test]
fn waived_rows_are_told_with_their_reason() {
    let document = document(&project(), "progress", &["en"], 0);
    let SectionBody::Notes { lines } = body(&document, "notes") else { panic!("notes") };
    let lines: Vec<String> = lines.iter().map(|line| line.text()).collect();
    assert!(lines.iter().any(|line| line.contains("old lists") && line.contains('2')), "{lines:?}");
}

/// The levels of headings as a document sets them, for the levels that were written.
fn levels_of(written: &[u8]) -> Vec<u8> {
    let project = project();
    let profile = Profile::load("progress", None).expect("it is shipped");
    let figures = count(&project);
    let releases = release(&project, &figures);
    let report = &project.settings.reports[0];
    let heading = |level: &u8| Block::Heading { level: *level, content: vec![Inline::Text { text: "…".into() }] };
    let narrative = BTreeMap::from([("summary".to_owned(), vec![written.iter().map(heading).collect()])]);
    let document = compose(&ReportInput {
        project: &project,
        released: releases.for_report(report),
        period: 0,
        report,
        profile: &profile,
        locales: &[profile.locale(&Lang::new("en")).expect("the language is known")],
        waived: &[],
        narrative: &narrative,
        annex: None,
        restated: &[],
        revision: None,
        erratum: None,
        pictures: &BTreeMap::new(),
    });
    let level = |block: &Block| match block {
        Block::Heading { level, .. } => *level,
        other => panic!("{other:?}"),
    };
    document.sections[0].entries[0].prose.iter().map(level).collect()
}

#[test]
fn headings_of_one_level_are_set_alike() {
    let table: [(&[u8], &[u8]); 7] = [
        (&[2, 2, 2], &[1, 1, 1]),
        (&[1, 1], &[1, 1]),
        (&[2, 3, 3, 2, 3], &[1, 2, 2, 1, 2]),
        (&[1, 3, 3, 1], &[1, 2, 2, 1]),
        (&[1, 2, 4, 6, 2], &[1, 2, 3, 3, 2]),
        (&[3, 2, 1], &[1, 1, 1]),
        (&[4, 5, 4], &[1, 2, 1]),
    ];
    for (written, set) in table {
        assert_eq!(levels_of(written), set, "{written:?}");
    }
}

#[test]
fn headings_of_prose_skip_no_level() {
    let document = document(&project(), "progress", &["en"], 0);
    let summary = &document.sections[0].entries[0].prose;
    assert!(matches!(summary[0], Block::Heading { level: 1, .. }), "{summary:?}");
}

#[test]
fn a_large_project_is_cut_to_the_profile_and_lays_out() {
    let mut project = project();
    let long = "Показател со многу долг наслов кој се повторува ".repeat(6);
    let first = project.logframe.indicators[1].clone();
    for at in 5..305 {
        let mut indicator = first.clone();
        indicator.code = format!("I{at}");
        indicator.title = [(Lang::new("mk"), long.clone()), (Lang::new("en"), long.clone())].into_iter().collect();
        project.logframe.indicators.push(indicator);
    }
    let activity = project.activities.rows[0].clone();
    for at in 4..2004 {
        let mut more = activity.clone();
        more.code = project.activities.codes.len() as u32;
        project.activities.codes.push(&format!("A{at}"));
        more.row.row = at;
        project.activities.rows.push(more);
    }
    let document = document(&project, "final", &["mk"], 2);
    let SectionBody::Activities(activities) = body(&document, "activities") else { panic!("activities") };
    assert_eq!(activities.rows.len(), 10);
    let more = activities.more.as_ref().map(|more| more.text()).unwrap_or_default();
    assert!(more.contains("10") && more.contains("2.004"), "{more}");
    lay_out(&project, "final", &["mk"]);
}

#[test]
fn activities_over_time_are_told_by_quarter_where_months_would_be_too_many() {
    for (years, columns, first) in [(1, 12, "Jan"), (3, 12, "I"), (9, 9, "2030")] {
        let mut project = project();
        project.settings.start = jiff::civil::date(2030, 1, 1);
        project.settings.end = jiff::civil::date(2029 + years, 12, 31);
        let document = document(&project, "progress", &["en"], 0);
        let SectionBody::Activities(activities) = body(&document, "activities") else { panic!("activities") };
        let chart = activities.over_time.as_ref().expect("there is a chart");
        assert_eq!((chart.months.len(), chart.months[0].label.as_str()), (columns, first), "{years} years");
    }
}

#[test]
fn what_is_under_way_is_no_plan_and_what_has_no_place_is_said() {
    let mut project = project();
    project.activities.rows[3].status = ActivityStatus::Ongoing;
    project.activities.rows[0].values[1] = Value::Blank;
    let document = document(&project, "progress", &["en"], 2);
    let SectionBody::Activities(activities) = body(&document, "activities") else { panic!("activities") };
    let chart = activities.over_time.as_ref().expect("there is a chart");
    let words: Vec<&str> = chart.key.iter().map(|key| key.word.as_str()).collect();
    assert_eq!(words, ["Completed", "Ongoing"]);
    let june: Vec<ActivityKind> = chart.months[5].columns.iter().map(|column| column.kind).collect();
    assert_eq!(june, [ActivityKind::Ongoing]);
    assert!(chart.alt.contains("June 2030: 1 ongoing"), "{}", chart.alt);
    let places = activities.counts[1].value.text();
    assert!(places.ends_with("; without one: 1"), "{places}");
    assert_eq!(activities.rows[3].date, "from\u{a0}1\u{a0}Jun\u{a0}2030");
}

#[test]
fn a_section_about_people_leaves_out_what_counts_other_things() {
    let mut project = project();
    let places = Axis { text: "type".into(), first: AxisSide::Activity(ColumnId(0)), second: None };
    project.logframe.indicators[1].axes = vec![places.clone()];
    // Three activities: too few to be broken down.
    project.logframe.indicators[2].axes = vec![places];
    let shown = |profile: &str, section: &str| {
        let document = document(&project, profile, &["en"], 2);
        let SectionBody::Disaggregation { items, .. } = body(&document, section) else { panic!("disaggregation") };
        items.iter().map(|item| item.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shown("progress", "disaggregation"), ["I1", "I2"]);
    assert_eq!(shown("8+3", "2-4-affected-persons"), ["I1"]);
}

#[test]
fn explanations_stand_in_the_order_of_their_periods_and_once() {
    let mut project = project();
    let said = |period: usize, comment: &str| ReportedValue {
        indicator: IndicatorId(1),
        period: project.logframe.periods[period].clone(),
        value: None,
        comment: [(Lang::new("en"), comment.to_owned())].into_iter().collect(),
        action: Default::default(),
        source: Default::default(),
        row: RowRef::whole(SheetId(0), 2),
    };
    project.logframe.reported = vec![said(2, "In spring."), said(1, "In spring."), said(0, "In winter.")];
    let document = document(&project, "own", &["en"], 2);
    let SectionBody::Variance { items } = body(&document, "variance") else { panic!("variance") };
    let item = items.iter().find(|item| item.code == "I2").expect("it is explained");
    let told: Vec<(&str, &str)> =
        item.explanations.iter().map(|told| (told.label.as_str(), told.value.as_str())).collect();
    assert_eq!(told, [("First quarter of 2030", "In winter."), ("Second quarter of 2030", "In spring.")]);
}

#[test]
fn marks_of_bars_are_explained_where_they_occur() {
    let key_lines = |target: u32| {
        let mut project = project();
        project.logframe.indicators[0].target = Some(target.into());
        project.logframe.indicators[1].target = None;
        document(&project, "progress", &["en"], 2).parts[0].key_lines.join(" ")
    };
    assert!(!key_lines(50).contains("arrow"), "40 of 50");
    assert!(key_lines(20).contains("An arrow at the end means more than 125% of the target."), "40 of 20");
    assert!(!key_lines(20).contains("range"), "no figure is one");
}

#[test]
fn of_too_many_parts_the_largest_are_shown() {
    let mut project = project();
    let places = &mut project.activities.columns[1].entries;
    let known: Vec<(String, Text)> = places.iter().map(|entry| (entry.code.to_owned(), entry.label.clone())).collect();
    let more = (2..50).map(|at| (format!("P{at}"), known[0].1.clone()));
    *places = known.iter().cloned().chain(more).collect();
    let held = project.activities.rows[0].clone();
    for at in (0..50).chain([49, 49]) {
        let mut more = held.clone();
        more.code = project.activities.codes.len() as u32;
        project.activities.codes.push(&format!("B{}", project.activities.rows.len()));
        more.row.row = 100 + project.activities.rows.len() as u32;
        more.values[1] = Value::One(Category(at));
        project.activities.rows.push(more);
    }
    project.logframe.indicators[2].axes =
        vec![Axis { text: "municipality".into(), first: AxisSide::Activity(ColumnId(1)), second: None }];
    let document = document(&project, "progress", &["en"], 2);
    let SectionBody::Disaggregation { items, .. } = body(&document, "disaggregation") else { panic!("disaggregation") };
    let axis = &items.iter().find(|item| item.code == "I3").expect("it is broken down").axes[0];
    assert_eq!(axis.rows.len(), 40);
    assert_eq!(axis.rows.last().map(|row| row.value.text()).as_deref(), Some("3"));
    assert!(axis.notes.iter().any(|note| note == "The remaining categories are in the annex."), "{:?}", axis.notes);
}
