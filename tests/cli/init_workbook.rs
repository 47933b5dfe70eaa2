//! The workbook that `init` makes: what it explains, and columns of one's own beside its own.

use std::path::Path;

use donor_report::indicators;
use donor_report::ingest;
use donor_report::ingest::raw_row::Raw;
use donor_report::ingest::workbook::{self, Projection};
use donor_report::model::Limits;

use super::init::make;
use super::typing::Desk;

/// Every text of a sheet, row by row.
fn texts(file: &Path, sheet: &str) -> Vec<(u32, Vec<String>)> {
    let limits = Limits { unpacked_mib: 64, cells: 100_000, cell_length: 32_767, attachment_mib: 10 };
    let (folder, name) = (file.parent().expect("a folder"), file.file_name().expect("a name").to_string_lossy());
    let mut book = workbook::open(folder, &name, &limits, &mut Vec::new()).expect("the workbook");
    let at = book.sheets.iter().position(|known| known.name.as_deref() == Some(sheet)).expect("the sheet");
    let mut rows = book.rows(at, &Projection::All).expect("rows");
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().expect("a row") {
        let text = |raw: &Raw| match raw {
            Raw::Text(text) => text.to_string(),
            _ => String::new(),
        };
        all.push((row.number, row.cells.iter().map(|cell| text(&cell.raw)).collect()));
    }
    all
}

/// What the explaining sheet says of age bands and limits is what a project without a word of them has.
#[test]
fn the_explaining_sheet_names_the_bands_and_limits_that_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    make(&[&path.to_string_lossy(), "--languages", "mk,en"]).expect("a new project");
    let settings = ingest::settings(&path).0.expect("settings");
    let bands: Vec<String> =
        settings.age_bands.0.windows(2).map(|ends| format!("{}–{}", ends[0], ends[1] - 1)).collect();
    let percent = |share: rust_decimal::Decimal| (share * rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string();
    let limits = &settings.progress;
    let explained = texts(&path.join("data.xlsx"), "Упатство – Guide");
    for lang in [0, 1] {
        let said: String =
            explained.iter().filter_map(|(_, cells)| cells.get(lang)).map(|text| format!("{text}\n")).collect();
        let sign = if lang == 0 { " %" } else { "%" };
        for number in [bands.join(", "), settings.privacy.suppress_below.to_string()] {
            assert!(said.contains(&number), "{number}: {said}");
        }
        for share in [limits.on_track, limits.at_risk, limits.over] {
            assert!(said.contains(&format!("{}{sign}", percent(share))), "{share}: {said}");
        }
    }
    // What project.toml offers, its sign taken away, changes nothing.
    let file = path.join("project.toml");
    let text = std::fs::read_to_string(&file).expect("project.toml");
    let begin = text.find("# [age]").expect("the bands");
    let offered = text[begin..].split("\n\n").next().expect("a paragraph");
    let taken = offered.replace("# ", "");
    std::fs::write(&file, text.replace(offered, &taken)).expect("written");
    let same = ingest::settings(&path).0.expect("settings");
    assert_eq!((&same.age_bands, same.progress.over), (&settings.age_bands, limits.over));
}

/// Each sheet says on itself what is protected; a column of one's own needs no protection taken away, and has a short name
/// and a heading in each language.
#[test]
fn a_column_of_ones_own_has_a_short_name_in_conditions_and_breakdowns() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new");
    make(&[&path.to_string_lossy(), "--languages", "en,mk", "--start", "2026-01-01", "--end", "2026-12-31"])
        .expect("a new project");
    let data = path.join("data.xlsx");
    let mut desk = Desk::open(&data);
    let sheets = desk.sheets();
    for sheet in sheets.iter().filter(|sheet| !sheet.contains("Guide")) {
        let first = &texts(&data, sheet)[0].1[0];
        assert!(first.contains("заштитени") && first.contains("protected"), "{sheet}: {first}");
    }
    let (header, headings) = texts(&data, "Activities").pop().expect("headings");
    for (column, heading) in (0..).zip(headings.iter().map(String::as_str).chain(["Обучувач / Trainer"])) {
        desk.cell("Activities", header, column, heading);
    }
    for (code, day, trainer) in [("A-1", "46034", "Ana"), ("A-2", "46065", "Beti"), ("A-3", "46096", "Ana")] {
        let mut cells = vec![""; headings.len()];
        (cells[0], cells[1], cells[3], cells[4], cells[5], cells[6]) =
            (code, day, "Training", "One", "Eden", "completed");
        cells.push(trainer);
        desk.row("Activities", &cells);
    }
    desk.row(
        "Indicators",
        &[
            "I2",
            "By trainer",
            "По обучувач",
            "activities",
            "активности",
            "",
            "activities",
            "trainer != Beti",
            "trainer",
        ],
    );
    desk.save();
    let file = path.join("project.toml");
    let text = std::fs::read_to_string(&file).expect("project.toml");
    let example = text.lines().find_map(|line| line.strip_prefix("# trainer = ")).expect("an example");
    let example = example.replacen('…', "Trainer", 1).replacen('…', "Обучувач", 1);
    let place = "[tables.activities.columns]\n";
    assert_eq!(text.matches(place).count(), 1);
    std::fs::write(&file, text.replace(place, &format!("{place}trainer = {example}\n"))).expect("written");
    let checked = ingest::read(&path);
    let project = checked.project.unwrap_or_else(|| panic!("{:?}", checked.problems));
    let figures = indicators::count(&project);
    let whole = figures.periods.iter().find(|period| period.period.code == "project").expect("the project");
    let at = project.logframe.indicators.iter().position(|known| known.code == "I2").expect("the indicator");
    let counted = whole.figures[at].cumulative.map(|amount| amount.from.normalize().to_string());
    assert_eq!(counted.as_deref(), Some("2"));
    let built = std::process::Command::new(env!("CARGO_BIN_EXE_donor-report"))
        .args(["--messages", "en", "figures", "--format", "csv"])
        .arg(&path)
        .output()
        .expect("the program runs");
    let csv = String::from_utf8_lossy(&built.stdout).into_owned();
    assert!(csv.lines().any(|line| line.contains("I2") && line.contains("trainer") && line.contains("Ana")), "{csv}");
}
