//! New projects.

use std::collections::{BTreeMap, BTreeSet};

use clap::Parser;
use donor_report::cli::Terminal;
use donor_report::cli::init;
use donor_report::diagnostic::{Catalogue, CellListing, Severity, print_problems};
use donor_report::ingest::layout::TableKind;
use donor_report::ingest::unconfigured_workbooks::{SheetInQuestion, SheetName, survey};
use donor_report::ingest::{self, Checked};
use donor_report::locale::Locale;
use donor_report::model::{Lang, Text};
use donor_report::new_project::{Answers, MadeProject, NewProjectError, OfferedReport};
use donor_report::report::profile::{ERRATUM, Profile};
use jiff::civil::date;
use proptest::prelude::*;

use super::typing::{Desk, Validation};
use crate::ingest::sheets::Folder;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    arguments: init::Arguments,
}

pub fn make(words: &[&str]) -> Result<MadeProject, NewProjectError> {
    let line = Line::try_parse_from(std::iter::once(&"init").chain(words)).expect("a command line");
    init::make(&line.arguments, &Terminal::new("en"))
}

fn told(checked: &Checked) -> String {
    print_problems(&checked.problems, &Catalogue::new("en"), "new", CellListing::First)
}

fn errors(checked: &Checked) -> Vec<&str> {
    let errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| problem.code).collect()
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("register.xlsx"), b"work of a year").expect("written");
    let path = folder.path().to_string_lossy().into_owned();
    assert!(matches!(make(&[&path, "--example"]), Err(NewProjectError::NotEmpty(_))));
    assert!(matches!(make(&[&path]), Err(NewProjectError::NotEmpty(_))));
    assert_eq!(folder.path().read_dir().expect("the folder").count(), 1);
}

#[test]
fn an_empty_project_is_the_same_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str| {
        let path = folder.path().join(name);
        let made = make(&[&path.to_string_lossy(), "--empty", "--code", "X-1"]).expect("a new project");
        let (keys, others): (Vec<_>, Vec<_>) =
            made.paths.into_iter().partition(|file| file.ends_with("pseudonyms.key"));
        let read = |files: Vec<std::path::PathBuf>| {
            files.into_iter().map(|file| std::fs::read(file).expect("a file")).collect::<Vec<_>>()
        };
        (read(keys), read(others))
    };
    let ((keys, files), (other_keys, other_files)) = (write("one"), write("other"));
    assert_eq!(files, other_files);
    // But for the key of pseudonyms: 32 random bytes in hexadecimal digits.
    assert_eq!((keys.len(), keys[0].len()), (1, 65));
    assert_ne!(keys, other_keys);
}

#[test]
fn a_code_a_date_or_a_language_that_cannot_be_is_refused() {
    for code in ["../x", "a\"b", "", ".hidden"] {
        assert!(Line::try_parse_from(["init", "x", "--empty", "--code", code]).is_err(), "{code}");
    }
    for (flag, value) in
        [("--start", "2026-13-01"), ("--start", "03/04/2026"), ("--languages", "mk,xx"), ("--languages", "en,en")]
    {
        assert!(Line::try_parse_from(["init", "x", flag, value]).is_err(), "{flag} {value}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    let turned = make(&[&path.to_string_lossy(), "--start", "2026-05-01", "--end", "30.04.2026"]);
    assert!(matches!(turned, Err(NewProjectError::Dates(..))));
    assert!(!path.exists());
}

/// Grey examples and starting rows are no data and no faults: only what isn't there yet is told. In every language, whichever leads.
#[test]
fn an_empty_project_is_read_without_an_error_in_every_language() {
    for languages in ["mk,en", "en,mk", "en", "mk", "sq,mk", "sr-Latn,en"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new");
        make(&[&path.to_string_lossy(), "--languages", languages]).expect("a new project");
        let checked = ingest::read(&path);
        assert_eq!(errors(&checked), Vec::<&str>::new(), "{languages}: {}", told(&checked));
        let project = checked.project.expect("a project");
        assert!(project.activities.rows.is_empty() && project.persons.rows.is_empty());
        if ["mk,en", "en,mk", "en", "mk"].contains(&languages) {
            let codes: BTreeSet<&str> = checked.problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, ["empty-table", "periods-not-ended"].into(), "{languages}");
        }
        let loaded = donor_report::pipeline::check(&path);
        assert!(!loaded.has_errors(), "{languages}");
    }
}

#[test]
fn flags_stand_in_project_toml_and_headings_are_protected() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    let words = [
        "--languages",
        "en,mk",
        "--title",
        "Clean \"water\"",
        "--title",
        "mk=Чиста вода",
        "--donor",
        "en=A fund",
        "--organisation",
        "en=Help",
    ];
    let place = path.to_string_lossy().into_owned();
    let line: Vec<&str> = [place.as_str(), "--code", "W-1", "--start", "01.02.2026", "--end", "2027-06-30"]
        .into_iter()
        .chain(words)
        .collect();
    make(&line).expect("a new project");
    let settings = ingest::settings(&path).0.expect("settings");
    let title = |lang| settings.title.get(&Lang::new(lang));
    assert_eq!((title("en"), title("mk")), (Some("Clean \"water\""), Some("Чиста вода")));
    assert_eq!(settings.donors[0].name.get(&Lang::new("en")), Some("A fund"));
    assert_eq!((settings.start, settings.end, settings.code.as_str()), (date(2026, 2, 1), date(2027, 6, 30), "W-1"));
    let bytes = std::fs::read(path.join("data.xlsx")).expect("the workbook");
    let sheets = crate::ingest::sheets::parts(&bytes);
    let tables: Vec<&(String, Vec<u8>)> = sheets
        .iter()
        .filter(|(name, content)| name.starts_with("xl/worksheets/sheet") && has(content, "<dataValidation "))
        .collect();
    assert_eq!(tables.len(), 8);
    assert!(tables.iter().all(|(_, content)| has(content, "<sheetProtection ") && has(content, "<legacyDrawing ")));
}

fn has(content: &[u8], text: &str) -> bool {
    content.windows(text.len()).any(|window| window == text.as_bytes())
}

/// An answer, an empty one that takes what stands in brackets, and one that can't be understood and is asked again.
#[test]
fn a_few_questions_are_asked() {
    let text = |words: &str| Text::from_iter([(Lang::new("mk"), words.to_owned())]);
    let usual = Answers {
        code: "PROJECT-01".to_owned(),
        languages: vec![Lang::new("mk"), Lang::new("en")],
        start: date(2026, 1, 1),
        end: date(2026, 12, 31),
        title: text("Наслов"),
        donor: text("Донатор"),
        organisation: Text::default(),
        grant: String::new(),
        reports: OfferedReport::usual(),
    };
    let said = "xx\nen\nClean water\nHelp\nsoon\n01.02.2026\n2026-01-31\n30.06.2028\nThe Fund\nG-7\n99\n1 4\n";
    let (mut input, mut output) = (said.as_bytes(), Vec::new());
    let answers = init::ask(usual.clone(), &mut input, &mut output, &Terminal::new("en")).expect("answers");
    assert_eq!(answers.languages, [Lang::new("en")]);
    assert_eq!((answers.start, answers.end), (date(2026, 2, 1), date(2028, 6, 30)));
    assert_eq!(answers.title.get(&Lang::new("en")), Some("Clean water"));
    assert_eq!(answers.donor.get(&Lang::new("en")), Some("The Fund"));
    assert_eq!(answers.organisation.get(&Lang::new("en")), Some("Help"));
    assert_eq!(answers.grant, "G-7");
    let profiles: Vec<&str> = answers.reports.iter().map(|report| report.profile.as_str()).collect();
    assert_eq!(profiles, ["quarterly", "eu-annex-vi-interim"]);
    // What can be written in is data.
    let known = Locale::languages().join(", ");
    let asked = [
        "A few questions; Enter takes what stands in brackets, and all of it can be changed later.\n",
        "Languages of the reports, the source language first [mk, en]: ",
        &format!("  Languages that reports can be written in: {known}; parted by commas.\n"),
        "Languages of the reports, the source language first [mk, en]: ",
        "Title of the project (English) [Title of the project]: ",
        "Name of your organisation (English): ",
        "First day of the project [2026-01-01]: ",
        "  A date such as 2026-01-31 or 31.01.2026.\n",
        "First day of the project [2026-01-01]: ",
        "Last day of the project [2026-12-31]: ",
        "  A date such as 2026-12-31 or 31.12.2026, not before the first day.\n",
        "Last day of the project [2026-12-31]: ",
        "Name of the donor (English) [Name of the donor]: ",
        "Number of the grant or contract: ",
        "Reports that the donor may ask for:\n",
        "  1  Quarterly report\n",
        "  2  Progress report, every half year\n",
        "  3  Final report\n",
        "  4  EU, interim report (Annex VI)\n",
        "  5  EU, final report (Annex VI)\n",
        "  6  Norwegian Ministry of Foreign Affairs, progress report (S61)\n",
        "  7  Norwegian Ministry of Foreign Affairs, final report (S81)\n",
        "  8  Norad, final report\n",
        "  9  Harmonised report of several donors (8+3)\n",
        "Which reports, by their numbers [1, 3]: ",
        "  Numbers of the list, parted by commas, such as 1, 4.\n",
        "Which reports, by their numbers [1, 3]: ",
    ];
    assert_eq!(String::from_utf8(output).expect("text"), asked.concat());

    let (mut input, mut output) = (said.as_bytes(), Vec::new());
    init::ask(usual.clone(), &mut input, &mut output, &Terminal::new("mk")).expect("answers");
    let asked = [
        "Неколку прашања; со Enter се прифаќа тоа што е во заградите, а сѐ може да се смени подоцна.\n",
        "Јазици на извештаите, прво изворниот [mk, en]: ",
        &format!("  Извештаите може да се пишуваат на: {known}; разделени со запирки.\n"),
        "Јазици на извештаите, прво изворниот [mk, en]: ",
        "Наслов на проектот (англиски) [Title of the project]: ",
        "Назив на вашата организација (англиски): ",
        "Прв ден на проектот [2026-01-01]: ",
        "  Датум како 2026-01-31 или 31.01.2026.\n",
        "Прв ден на проектот [2026-01-01]: ",
        "Последен ден на проектот [2026-12-31]: ",
        "  Датум како 2026-12-31 или 31.12.2026, не пред првиот ден.\n",
        "Последен ден на проектот [2026-12-31]: ",
        "Назив на донаторот (англиски) [Name of the donor]: ",
        "Број на грантот или договорот: ",
        "Извештаи што може да ги бара донаторот:\n",
        "  1  Квартален извештај\n",
        "  2  Извештај за напредокот, на половина година\n",
        "  3  Завршен извештај\n",
        "  4  ЕУ, привремен извештај (Прилог VI)\n",
        "  5  ЕУ, завршен извештај (Прилог VI)\n",
        "  6  Норвешко МНР, извештај за напредокот (S61)\n",
        "  7  Норвешко МНР, завршен извештај (S81)\n",
        "  8  Норад, завршен извештај\n",
        "  9  Хармонизиран извештај за повеќе донатори (8+3)\n",
        "Кои извештаи, по нивните броеви [1, 3]: ",
        "  Броеви од списокот, разделени со запирки, на пример 1, 4.\n",
        "Кои извештаи, по нивните броеви [1, 3]: ",
    ];
    assert_eq!(String::from_utf8(output).expect("text"), asked.concat());

    let (mut silence, mut output) = ("\n".repeat(20), Vec::new());
    let answers =
        init::ask(usual.clone(), &mut silence.as_bytes(), &mut output, &Terminal::new("mk")).expect("answers");
    assert_eq!((answers.code.as_str(), answers.end), ("PROJECT-01", date(2026, 12, 31)));
    assert_eq!(answers.reports.len(), 2);
    // Who leaves the questions (Ctrl-D) wants no project.
    silence.truncate(3);
    let left = init::ask(usual, &mut silence.as_bytes(), &mut output, &Terminal::new("mk"));
    let fault = NewProjectError::of_terminal(left.expect_err("an end"));
    assert!(matches!(fault, NewProjectError::Unanswered));
    assert_eq!(fault.into_problems()[0].code, "init-unanswered");
}

/// Whichever reports the donor asks for, and however long the project is: nothing is wrong before anything is typed, each
/// section has its file, and a file that only says what belongs there is no text yet.
#[test]
fn a_terminal_asks_which_table_a_sheet_holds_under_its_first_rows() {
    let name = SheetName { file: "register.xlsx".to_owned(), sheet: Some("People".to_owned()) };
    let first_rows = [["Register", ""], ["Code", "Sex"], ["P1", "F"]];
    let first_rows = first_rows.iter().map(|row| row.iter().map(|text| (*text).to_owned()).collect()).collect();
    let sheet = SheetInQuestion { name: &name, first_rows, proposed: Some(TableKind::Participants) };
    let ask = |said: &str| {
        let mut output = Vec::new();
        let chosen =
            init::ask_sheet(&sheet, &mut said.as_bytes(), &mut output, &Terminal::new("en")).expect("an answer");
        (chosen, String::from_utf8(output).expect("text"))
    };
    let (chosen, asked) = ask("nine\n3\n");
    assert_eq!(chosen, Some(TableKind::Attendance));
    for line in ["register.xlsx, sheet People", "Code | Sex", "P1 | F", "3 attendance", "0 none of these [2]: "] {
        assert!(asked.contains(line), "{line}: {asked}");
    }
    assert_eq!(asked.matches("What does this sheet hold?").count(), 2, "{asked}");
    assert_eq!(ask("0\n").0, None);
    assert_eq!(ask("\n").0, Some(TableKind::Participants));
}

#[test]
fn what_somebody_says_of_a_sheet_is_what_is_proposed() {
    let folder = Folder::new();
    let people = "Code | Sex | Activity\nP1 | F | A1\nP2 | M | A1";
    folder.book("register.xlsx", &[("People", people), ("Others", "Code | Sex | Activity\nP3 | F | A1")]);
    let files = [(folder.path(), "register.xlsx".to_owned())];
    let mut asked = Vec::new();
    let found = survey(&files, &mut |sheet| {
        asked.push((sheet.name.sheet.clone(), sheet.first_rows.len(), sheet.proposed));
        Some(TableKind::Attendance)
    });
    // Sheets with the same headings are one question.
    assert_eq!(asked, [(Some("People".to_owned()), 3, Some(TableKind::Participants))]);
    assert!(found.tables.iter().all(|table| table.proposal.kind == TableKind::Attendance), "{:?}", found.rivals);
    assert!(!found.tables.is_empty());
}

#[test]
fn every_report_that_is_offered_can_be_begun_with() {
    let offered = OfferedReport::all();
    let profiles: BTreeSet<&str> = offered.iter().map(|report| report.profile.as_str()).collect();
    // The letter about a report that has changed is no report of its own.
    let shipped: Vec<&str> = Profile::shipped().into_iter().filter(|name| *name != ERRATUM).collect();
    assert_eq!(profiles.into_iter().collect::<Vec<_>>(), shipped);
    let all: Vec<&str> = offered.iter().map(|report| report.profile.as_str()).collect();
    let ends = [("2026-04-30", vec![]), ("2026-12-31", vec!["half-1"]), ("2028-12-31", vec!["year-1", "year-2"])];
    for (end, customs) in ends {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("water");
        let place = path.to_string_lossy().into_owned();
        let made = make(&[&place, "--reports", &all.join(","), "--end", end, "--grant", "G \"7\""]).expect("a project");
        let checked = ingest::read(&path);
        assert_eq!(errors(&checked), Vec::<&str>::new(), "{}", told(&checked));
        assert!(!donor_report::pipeline::check(&path).has_errors(), "{end}");
        let settings = ingest::settings(&path).0.expect("settings");
        assert_eq!(settings.code, "water");
        assert_eq!(settings.donors[0].grant.as_deref(), Some("G \"7\""));
        let found: Vec<&str> = settings.periods.custom.iter().map(|period| period.code.as_str()).collect();
        assert_eq!(found, customs);
        assert!(made.paths.contains(&path.join("narrative/eu-interim/2-6-action-plan.en.md")));
        assert!(!made.paths.contains(&path.join("narrative/eu-interim/2-6-action-plan.mk.md")));
        // Whoever puts other indicators in place of the first one has nothing to mend in the texts.
        for text in made.paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
            let written = std::fs::read_to_string(text).expect("a text");
            assert!(!written.contains("I1"), "{}", text.display());
        }

        // Once all is over, each is made; a form whose sections nobody has written is stopped by each of them.
        let toml = path.join("project.toml");
        let text = std::fs::read_to_string(&toml).expect("project.toml");
        std::fs::write(&toml, text.replace(&format!("# data_until = {end}"), &format!("data_until = {end}")))
            .expect("project.toml");
        let checked = donor_report::pipeline::check(&path);
        let missing = |file: &str| {
            checked.problems.iter().any(|problem| {
                problem.code == "section-missing" && problem.places.iter().any(|place| place.file.contains(file))
            })
        };
        assert!(missing("narrative/eu-final/2-1-summary.en.md"), "{end}: {:?}", checked.problems);
        assert!(missing("narrative/eu-interim/2-1-summary.en.md"), "{end}");
        assert!(!missing("narrative/final/summary"), "{end}");
    }
}

/// Values that a validation lets through: its ends, what lies between them, everything that a drop-down offers. What a
/// drop-down takes from another sheet is given in `offered`.
fn allowed(validation: &Validation, offered: &BTreeMap<String, Vec<String>>, codes: &[String]) -> Vec<String> {
    let Validation { kind, first, second } = validation;
    match kind.as_str() {
        "date" => {
            let (low, high): (f64, f64) = (first.parse().expect("a day"), second.parse().expect("a day"));
            vec![
                first.clone(),
                second.clone(),
                ((low + high) / 2.0).floor().to_string(),
                format!("{}.5", low as u64 + 1),
            ]
        }
        "whole" => {
            vec![first.clone(), second.clone(), (second.parse::<u64>().expect("a number") / 2 + 1000).to_string()]
        }
        "decimal" => {
            let ends = [first.clone(), second.clone()];
            ends.into_iter().chain(["0.1", "1E-7", "33.333333333333336", "1234567.89"].map(str::to_owned)).collect()
        }
        "list" if first.starts_with('"') => first.trim_matches('"').split(',').map(str::to_owned).collect(),
        "list" => {
            let found = offered.iter().find(|(name, _)| first.contains(name.as_str()));
            found.unwrap_or_else(|| panic!("nobody knows what {first} offers")).1.clone()
        }
        _ => codes.iter().map(|code| format!("'{code}")).collect(),
    }
}

/// The month that a period of a project of one year ends with, by its code.
fn last_month(period: &str) -> u32 {
    let part = period.split_once('-').map_or("", |(_, part)| part);
    let number = |digits: &str| digits.parse::<u32>().ok();
    match part.as_bytes().first() {
        Some(b'Q') => number(&part[1..]).map(|quarter| quarter * 3),
        Some(b'H') => number(&part[1..]).map(|half| half * 6),
        _ => number(part),
    }
    .unwrap_or(12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    /// What the validation of the made workbook lets through, ingest accepts; and the grey examples are passed over.
    #[test]
    fn what_validation_lets_through_ingest_accepts(
        mixed in proptest::collection::btree_set("[A-Za-z0-9_./-]{0,14}[0-9][A-Za-z0-9_./-]{0,14}", 24..25),
        words in proptest::sample::select(vec!["mk,en", "en,mk", "en"]),
    ) {
        // Excel's COUNTIF sets case aside.
        let mut codes: Vec<String> = Vec::new();
        for code in mixed.into_iter().chain(["Total-1", "NB/07", "n/a2", "1", "-5", "000", "note_3", "1E5"].map(str::to_owned)) {
            if codes.iter().all(|known| !known.eq_ignore_ascii_case(&code)) {
                codes.push(code);
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new");
        make(&[&path.to_string_lossy(), "--languages", words]).expect("a new project");
        let lists = ingest::read(&path).lists;
        let mut desk = Desk::open(&path.join("data.xlsx"));
        let sheets = desk.sheets();
        let [_, activities, participants, attendance, results, indicators, targets, reported, listed] =
            <[String; 9]>::try_from(sheets).expect("nine sheets");
        let languages = words.split(',').count();
        let first = Lang::new(words.split(',').next().expect("a language"));
        let mut offered: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in ["\"type\"", "\"municipality\"", "\"partner\"", "\"person.status\""] {
            let list = lists.lists.iter().find(|list| list.name == name.trim_matches('"')).expect("a list");
            let labels = list.entries.iter().filter_map(|entry| entry.label.get(&first).map(str::to_owned));
            offered.insert(name.to_owned(), labels.collect());
        }
        // Sheets whose codes others offer, with a text in every column that must have one.
        let rows = codes.len();
        let quoted: Vec<String> = codes.iter().map(|code| format!("'{code}")).collect();
        let references = [results.clone(), activities.clone(), participants.clone(), indicators.clone()];
        for (name, values) in references.iter().zip([quoted.clone(), quoted.clone(), quoted.clone(), vec!["I1".to_owned()]]) {
            offered.insert(format!("'{name}'"), values);
        }
        for sheet in [&activities, &participants, &results] {
            let validations = desk.validations(sheet);
            let columns = 16;
            for at in 0..rows {
                let mut cells = vec![String::new(); columns];
                for (column, validation) in &validations {
                    let values = allowed(validation, &offered, &codes);
                    // A parent is one of the results above.
                    let values = if sheet == &results && *column == 2 { quoted[..at].to_vec() } else { values };
                    if !values.is_empty() {
                        cells[*column as usize] = values[at % values.len()].clone();
                    }
                }
                for (column, text) in cells.iter_mut().enumerate() {
                    let first_title = if sheet == &activities { 4 } else { 3 };
                    if sheet != &participants && (first_title..first_title + languages).contains(&column) {
                        *text = "Наслов".to_owned();
                    }
                }
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                desk.row(sheet, &cells);
            }
        }
        let activity_days = desk.validations(&attendance);
        for (at, code) in quoted.iter().enumerate() {
            let days = allowed(&activity_days[&2], &offered, &codes);
            desk.row(&attendance, &[code.as_str(), quoted[(at * 7) % rows].as_str(), days[at % days.len()].as_str()]);
        }
        // A target has a period or a due date; one of each, each once, and no two periods that end on one day.
        let validations = desk.validations(&targets);
        let (periods, days) = (allowed(&validations[&1], &offered, &codes), allowed(&validations[&2], &offered, &codes));
        let (numbers, kinds) = (allowed(&validations[&3], &offered, &codes), allowed(&validations[&4], &offered, &codes));
        let mut ends = BTreeSet::new();
        for (at, period) in periods.iter().filter(|period| ends.insert(last_month(period))).enumerate() {
            desk.row(&targets, &["I1", period, "", numbers[at % numbers.len()].as_str(), kinds[at % kinds.len()].as_str()]);
        }
        let whole: BTreeSet<&str> = days.iter().map(|day| day.split('.').next().unwrap_or_default()).collect();
        for (at, day) in whole.into_iter().enumerate() {
            desk.row(&targets, &["I1", "", day, numbers[(at + 1) % numbers.len()].as_str(), ""]);
        }
        // Reported values of an indicator of its own for each period.
        let own = desk.validations(&reported);
        let (values, precise) = (allowed(&own[&2], &offered, &codes), allowed(&own[&3], &offered, &codes));
        for (at, period) in periods.iter().enumerate() {
            let code = format!("R{at}");
            let mut cells = vec![code.as_str()];
            cells.extend(std::iter::repeat_n("Наслов", languages).chain(std::iter::repeat_n("лица", languages)));
            cells.extend(["", "reported"]);
            desk.row(&indicators, &cells);
            desk.row(&reported, &[code.as_str(), period, values[at % values.len()].as_str(), precise[at % precise.len()].as_str()]);
        }
        // Every calculation that is offered, with the ends of baselines and targets.
        let own = desk.validations(&indicators);
        let at = |name: usize| (languages - 1) * name;
        let calculations = allowed(&own[&(4 + at(2) as u32)], &offered, &codes);
        let uses = allowed(&own[&(8 + at(2) as u32)], &offered, &codes);
        let numbers = allowed(&own[&(7 + at(2) as u32)], &offered, &codes);
        for (place, calculation) in calculations.iter().cycle().take(numbers.len() * calculations.len()).enumerate() {
            let code = format!("C{place}");
            let mut cells = vec![code.as_str()];
            cells.extend(std::iter::repeat_n("Наслов", languages).chain(std::iter::repeat_n("лица", languages)));
            cells.extend([quoted[place % rows].as_str(), calculation, "", "", numbers[place % numbers.len()].as_str(), uses[place % uses.len()].as_str(), numbers[(place + 1) % numbers.len()].as_str()]);
            desk.row(&indicators, &cells);
        }
        desk.row(&listed, &["type", "visit-2", "Посета", if languages > 1 { "Visit" } else { "" }]);
        desk.save();

        let checked = ingest::read(&path);
        prop_assert_eq!(errors(&checked), Vec::<&str>::new(), "{}", told(&checked));
        for account in &checked.accounts {
            // What isn't held, or is outside of the project, is let through with a warning, and counts nowhere.
            let warned = ["not-held", "outside-project"].iter().filter_map(|why| account.skipped.get(*why)).sum::<u64>();
            prop_assert_eq!(account.used + warned, account.read, "{}: {:?}", account.table, account);
        }
        let project = checked.project.expect("a project");
        prop_assert_eq!((project.activities.rows.len(), project.persons.rows.len()), (rows, rows));
        prop_assert_eq!(project.persons.attendances.len(), rows);
    }
}

/// What a made workbook lacks or has wrong is told at its cell, where its owner sees it.
#[test]
fn a_row_typed_wrong_is_told_at_its_cell() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    make(&[&path.to_string_lossy(), "--languages", "en"]).expect("a new project");
    let mut desk = Desk::open(&path.join("data.xlsx"));
    let row = desk.row("Activities", &["A-01", "no day", "", "Training", "A training", "completed"]);
    desk.save();
    let checked = ingest::read(&path);
    assert_eq!(errors(&checked), ["invalid-date"], "{}", told(&checked));
    assert!(told(&checked).contains(&format!("sheet Activities, cell B{row}")), "{}", told(&checked));
}
