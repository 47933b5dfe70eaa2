//! Finding a table in its sheet: the header row, what its columns answer to, and the rows that are no data.

use std::collections::BTreeMap;

use donor_report::diagnostic::{Catalogue, Problem};
use donor_report::ingest::layout::{
    self, ColumnMapping, ColumnMappings, RowClass, SheetChoice, SheetHead, TableKind, TableLayout, choose_sheet,
    vocabulary,
};
use donor_report::ingest::raw_row::{Raw, RawCell, RawRow};
use donor_report::model::Lang;
use proptest::prelude::*;

use super::files::{found, rows, sound};
use super::sheets::Folder;

fn mapping(pairs: &[(&str, &str)]) -> ColumnMappings {
    let mapped = |heading: &str| {
        if heading == "false" { ColumnMapping::Skip } else { ColumnMapping::Heading(heading.to_owned()) }
    };
    pairs.iter().map(|(name, heading)| (name.to_string(), mapped(heading))).collect()
}

/// The layout in words: header row, then columns as `name@B`, with their language; attributes in quotation marks.
fn shown(layout: &TableLayout) -> String {
    let mut out = layout.header_row.to_string();
    for column in &layout.columns {
        let letter = donor_report::diagnostic::column_name(column.column);
        let lang = column.lang.as_ref().map(|lang| format!("({})", lang.as_str())).unwrap_or_default();
        let name = if column.listed { column.name.clone() } else { format!("{:?}", column.name) };
        out.push_str(&format!(" {name}{lang}@{letter}"));
    }
    out
}

fn activities(sheet: &str) -> String {
    activities_mapped(sheet, &[])
}

fn activities_mapped(sheet: &str, pairs: &[(&str, &str)]) -> String {
    outcome(found(TableKind::Activities, sheet, &mapping(pairs)))
}

fn outcome(found: Result<TableLayout, Vec<Problem>>) -> String {
    match found {
        Ok(layout) => shown(&layout),
        Err(problems) => {
            let catalogue = Catalogue::new("en");
            let said: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.code, catalogue.sentences(problem).message))
                .collect();
            said.join("\n")
        }
    }
}

#[test]
fn headings_are_known_in_both_languages_in_any_order_and_case() {
    assert_eq!(activities("id | date | type | title\n"), "1 id@A date@B type@C title@D");
    assert_eq!(activities("НАСЛОВ | вид | Датум на одржување | Шифра"), "1 title@A type@B date@C id@D");
    assert_eq!(
        activities("Шифра* | \\_Датум\\_ | Вид\\nна активност | Наслов: | Опфатени лица | Топла вода"),
        "1 id@A date@B type@C title@D reached@E \"Топла вода\"@F"
    );
    assert_eq!(activities("ID | End date | Date | Type | Title"), "1 id@A end_date@B date@C type@D title@E");
    // A Latin letter among Cyrillic ones.
    assert_eq!(activities("Шифрa | Датум | Bид | Наслов"), "1 id@A date@B type@C title@D");
}

#[test]
fn titles_above_blank_rows_and_blank_columns_are_passed_over() {
    let sheet = "Извештај за активности 2017\n\nПодготвила: канцеларија\n\n | Шифра | | Датум | Вид | Наслов\n | A-01 | | @2017-01-01 | x | y";
    assert_eq!(activities(sheet), "5 id@B date@D type@E title@F");
    let late = format!("{}id | date | type | title", "x\n".repeat(49));
    assert_eq!(activities(&late), "50 id@A date@B type@C title@D");
    let later = format!("{}id | date | type | title", "x\n".repeat(50));
    assert_eq!(activities(&later), "table-not-found: no row up to row 50 has the headings of the table activities");
}

#[test]
fn two_merged_rows_of_headings_are_one_header() {
    let sheet = "
        Шифра | Кога | Вид | Наслов | <
        ^ | Датум | ^ | мк | en
        A-01 | @2017-01-01 | x | а | a";
    assert_eq!(activities(sheet), "2 id@A date@B type@C title(mk)@D title(en)@E");
    let groups = "
        Активност | < | Учесник | <
        Шифра | Датум | Шифра | Пол
        A-01 | @2017-01-01 | U-1 | ж";
    assert_eq!(
        outcome(found(TableKind::Attendance, groups, &ColumnMappings::new())),
        "2 activity@A date@B person@C sex@D"
    );
    // A group says what its columns are of, in either language.
    for (group, own) in [("Учесници", "Број"), ("Participants", "Number"), ("Age", "Group")] {
        let kind = if group == "Age" { TableKind::Participants } else { TableKind::Activities };
        let columns = if group == "Age" { "Code | Sex" } else { "Code | Date | Type | Title" };
        let above = columns.split('|').map(|_| " ").collect::<Vec<_>>().join("|");
        let sheet = format!("{above}| {group} | <\n{columns} | {own} | Invented\n A | @2017-01-01 | x | y | 3 | z");
        let found = outcome(found(kind, &sheet, &ColumnMappings::new()));
        let expected = if group == "Age" { "age_band" } else { "reached" };
        assert!(found.contains(expected), "{found}");
    }
    // The upper row alone would do, and would lose the second language.
    let second = "
        Шифра | Датум | Вид | Наслов (мк) | Превод
        ^ | ^ | ^ | ^ | Title (en)
        A-01 | @2017-01-01 | x | а | a";
    assert_eq!(activities(second), "2 id@A date@B type@C title(mk)@D title(en)@E");
}

#[test]
fn bilingual_columns_carry_their_language() {
    for (mk, en) in [
        ("title (mk)", "title (en)"),
        ("title_mk", "title_en"),
        ("title.mk", "title.en"),
        ("Наслов (мк)", "Наслов (англ)"),
        ("Наслов на македонски", "Наслов на англиски"),
        ("MK title", "EN title"),
        ("Наслов - мк", "Title / en"),
    ] {
        let sheet = format!("id | date | type | {mk} | {en}");
        assert_eq!(activities(&sheet), "1 id@A date@B type@C title(mk)@D title(en)@E", "{mk} {en}");
    }
    assert_eq!(activities("id | date | type | title (sr-Latn)"), "1 id@A date@B type@C title(sr-Latn)@D");
    // What only looks like a language is part of the heading.
    assert_eq!(
        activities("id | date | type | title | Трошок (ден)"),
        "1 id@A date@B type@C title@D \"Трошок (ден)\"@E"
    );
}

#[test]
fn a_heading_of_several_meanings_means_what_is_still_missing() {
    assert_eq!(activities("Шифра | Активност | Датум | Вид"), "1 id@A title@B date@C type@D");
    assert_eq!(activities("Активност | Датум | Вид | Наслов"), "1 id@A date@B type@C title@D");
}

#[test]
fn two_columns_that_answer_to_one_name_are_an_error_naming_both() {
    let sheet = "id | date | Датум | type | title";
    assert_eq!(activities(sheet), "doubled-column: more than one column answers to `date`: `date` (B1), `Датум` (C1)");
    assert_eq!(
        activities_mapped(sheet, &[("date", "Датум")]),
        "1 id@A date@C type@D title@E",
        "project.toml names one exactly"
    );
    assert_eq!(
        activities("id | date | type | title (mk) | наслов мк"),
        "doubled-column: more than one column answers to `title`: `title (mk)` (D1), `наслов мк` (E1)"
    );
}

#[test]
fn a_missing_column_comes_with_the_nearest_heading() {
    let problems =
        found(TableKind::Activities, "id | Датмм | type | title", &ColumnMappings::new()).expect_err("a problem");
    assert_eq!(problems.len(), 1);
    let said = Catalogue::new("en").sentences(&problems[0]);
    assert_eq!(said.message, "the table activities has no column `date` (headings in row 1)");
    assert!(said.help.expect("help").starts_with("is it `Датмм` in cell B1?"));
    let both = outcome(found(TableKind::Activities, "id | date | note", &ColumnMappings::new()));
    assert_eq!(
        both,
        "missing-column: the table activities has no column `type` (headings in row 1)\n\
         missing-column: the table activities has no column `title` (headings in row 1)"
    );
}

#[test]
fn project_toml_maps_what_is_not_recognised() {
    let sheet = "Што | Кога | Каков | Како се вика | Тема | Партнер";
    let pairs = [
        ("id", "Што"),
        ("date", "Кога"),
        ("type", "каков"),
        ("title", "Како  се вика"),
        ("topic", "Тема"),
        ("partner", "false"),
    ];
    assert_eq!(activities_mapped(sheet, &pairs), "1 id@A date@B type@C title@D \"topic\"@E");
    assert_eq!(
        activities_mapped("id | date | type | title", &[("reached", "Опфатенн")]),
        "mapped-heading-missing: project.toml says that `reached` is headed `Опфатенн`, but there is no such heading"
    );
    let by_lang = BTreeMap::from([(Lang::new("mk"), "Име".to_owned()), (Lang::new("en"), "Called".to_owned())]);
    let mapping = ColumnMappings::from([("title".to_owned(), ColumnMapping::ByLang(by_lang))]);
    assert_eq!(
        outcome(found(TableKind::Activities, "id | date | type | Called | Име", &mapping)),
        "1 id@A date@B type@C title(en)@D title(mk)@E"
    );
    assert_eq!(
        activities_mapped("id | date | type | A | B", &[("title (mk)", "A"), ("title_en", "B")]),
        "1 id@A date@B type@C title(mk)@D title(en)@E"
    );
}

#[test]
fn a_row_of_hxl_tags_is_a_mapping() {
    let sheet = "
        Бр. | Кога се одржа | Вид | Име | Каде
        #activity+code | #date+start | #activity+type | #activity+name+mk | #adm2+name
        A-01 | @2017-01-01 | x | y | Бутел";
    assert_eq!(activities(sheet), "2 id@A date@B type@C title(mk)@D municipality@E");
    let bare = "#activity+code | #date | #activity+type | #activity+name\nA-01 | @2017-01-01 | x | y";
    assert_eq!(activities(bare), "1 id@A date@B type@C title@D");
    let beside = "id | date | type | title\n#activity+code | #date | #activity+type | #activity+name\nA-01 | | | ";
    assert_eq!(activities(beside), "2 id@A date@B type@C title@D");
}

#[test]
fn a_target_needs_a_period_or_a_due_date() {
    let targets = |sheet: &str| outcome(found(TableKind::Targets, sheet, &ColumnMappings::new()));
    assert_eq!(targets("indicator | period | target"), "1 indicator@A period@B target@C");
    assert_eq!(targets("Индикатор | Рок | Цел | вид"), "1 indicator@A due@B target@C kind@D");
    assert_eq!(
        targets("indicator | target"),
        "missing-column: the table targets has no column `period` (headings in row 1)"
    );
}

#[test]
fn attendance_may_hold_the_columns_of_its_persons() {
    let sheet = "Шифра на активност | Шифра на учесник | Пол | Година на раѓање | Статус | Име и презиме | Телефон";
    assert_eq!(
        outcome(found(TableKind::Attendance, sheet, &ColumnMappings::new())),
        "1 activity@A person@B sex@C birth_year@D status@E name@F \"Телефон\"@G"
    );
}

#[test]
fn the_sheet_of_a_table_is_chosen_by_its_headings() {
    let folder = Folder::new();
    folder.book(
        "t.xlsx",
        &[
            ("Прочитај ме", "Упатство"),
            ("Присуство", "activity | person | date\nA-1 | U-1 |"),
            ("Лица", "person | sex | birth_year\nU-1 | ж | 1990"),
            ("Индикатори", "code | title | unit | calculation\nI1 | x | y | people"),
            ("Резултати", "code | title | level\nR1 | x | output"),
            ("Цели", "indicator | period | target\nI1 | 2017-Q1 | 5"),
            ("Пријавено", "indicator | period | value\nI2 | 2017-Q1 | 5"),
        ],
    );
    let mut book = sound(&folder, "t.xlsx");
    let heads: Vec<_> = (0..book.sheets.len()).map(|sheet| book.head(sheet).expect("a head")).collect();
    let heads: Vec<&SheetHead> = heads.iter().collect();
    let chosen = |kind| choose_sheet(&heads, kind, &ColumnMappings::new());
    assert_eq!(chosen(TableKind::Attendance), SheetChoice::One(1));
    assert_eq!(chosen(TableKind::Participants), SheetChoice::One(2));
    assert_eq!(chosen(TableKind::Indicators), SheetChoice::One(3));
    assert_eq!(chosen(TableKind::Results), SheetChoice::One(4));
    assert_eq!(chosen(TableKind::Targets), SheetChoice::One(5));
    assert_eq!(chosen(TableKind::Reported), SheetChoice::One(6));
    assert_eq!(chosen(TableKind::Lists), SheetChoice::None);
    let doubled = [heads[2], heads[2]];
    assert_eq!(
        choose_sheet(&doubled, TableKind::Participants, &ColumnMappings::new()),
        SheetChoice::Several(vec![0, 1])
    );
}

#[test]
fn rows_that_are_no_data_are_told() {
    let folder = Folder::new();
    folder.book(
        "t.xlsx",
        &[(
            "S",
            "
            Шифра | Датум | Вид | Наслов | Опфатени
            A-01 | @2017-01-01 | обука | Вкупно знаење | 16
            A-02 | | | |
            | | | | 5
            Вкупно | | | | 16
            Шифра | Датум | Вид | Наслов | Опфатени
            - | | / | |
            TOTAL 2017 | | | | 16
            * проценка на организаторот | | | |
            Извор: листи на присутни | < | < | < | <
            Меѓузбир: | | | | 3",
        )],
    );
    let mut book = sound(&folder, "t.xlsx");
    let head = book.head(0).expect("a head");
    let layout = layout::find_layout(&head, TableKind::Activities, &ColumnMappings::new(), ("t.xlsx", Some("S")))
        .expect("a layout");
    let classes: Vec<RowClass> = rows(&mut book, 0).iter().skip(1).map(|row| layout.classify(row)).collect();
    assert_eq!(
        classes,
        [
            RowClass::Data,
            RowClass::Data,
            RowClass::Data,
            RowClass::Total,
            RowClass::RepeatedHeader,
            RowClass::Blank,
            RowClass::Total,
            RowClass::Note,
            RowClass::Note,
            RowClass::Total,
        ]
    );
}

#[test]
fn every_heading_of_the_vocabulary_leads_to_its_column() {
    for kind in TableKind::ALL {
        let columns = vocabulary().columns(kind);
        assert!(columns.iter().any(|column| column.required), "{}", kind.name());
        for column in columns {
            for name in &column.names {
                let others: Vec<&str> = columns
                    .iter()
                    .filter(|other| other.name != column.name && other.names.contains(name))
                    .map(|other| other.name.as_str())
                    .collect();
                assert!(others.is_empty(), "{} {}: `{name}` also names {others:?}", kind.name(), column.name);
            }
        }
    }
}

proptest! {
    /// Stray case, spaces, line breaks, asterisks and look-alike letters never change what a heading answers to.
    #[test]
    fn mess_in_a_heading_changes_nothing(seed in any::<u64>()) {
        let mut state = seed;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let headings = ["Шифра", "Датум на одржување", "Вид на активност", "Наслов (мк)", "title_en", "Опфатени лица"];
        let mut messy = headings.map(|heading| {
            let mut out = String::new();
            for c in heading.chars() {
                match (random(6), c) {
                    (0, ' ') => out.push_str(["  ", "\u{a0}", "\n", "_"][random(4) as usize]),
                    (1, c) => out.extend(c.to_uppercase()),
                    (2, 'а') => out.push('a'),
                    (3, 'о') => out.push('o'),
                    (4, c) => { out.push(c); out.push('\u{200b}'); }
                    (_, c) => out.push(c),
                }
            }
            match random(4) {
                0 => format!(" {out}\u{a0}"),
                1 => format!("{out}*"),
                2 => format!("\n{out} "),
                _ => out,
            }
        });
        let shift = random(6) as usize;
        messy.rotate_left(shift);
        let cells = messy.iter().enumerate().map(|(column, text)| RawCell::new(column as u32 + 1, Raw::Text(text.as_str().into())));
        let row = RawRow { number: 7, cells: cells.collect(), ..RawRow::default() };
        let layout = layout::find_layout(&SheetHead::new(vec![row]), TableKind::Activities, &ColumnMappings::new(), ("t", None)).map_err(|problems| TestCaseError::fail(format!("{messy:?} {problems:?}")))?;
        let mut names = ["id", "date", "type", "title", "title", "reached"];
        names.rotate_left(shift);
        let found: Vec<&str> = layout.columns.iter().map(|column| column.name.as_str()).collect();
        prop_assert_eq!(found, names);
    }
}
