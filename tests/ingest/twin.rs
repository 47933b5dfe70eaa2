//! Twins: the figures of a messy project are those of its clean one, and what can't be read is reported at its cell.

mod cells;
mod files;
mod sheet;
mod world;

use donor_report::diagnostic::{CellListing, Place, Severity};
use donor_report::indicators;
use donor_report::ingest::{self, Checked};
use donor_report::report::figures;
use proptest::prelude::*;

use super::sheets::Folder;
use sheet::Sheet;
use world::{PROJECT, Random, Table};

/// A project's folder with its files, and the problems that they must have: code, file, sheet, row and column from 0.
struct Messy {
    folder: Folder,
    expected: Vec<(&'static str, Place)>,
}

fn clean_folder(tables: &[Table]) -> Folder {
    let folder = Folder::new();
    folder.write("project.toml", PROJECT);
    let sheets: Vec<Sheet> = tables.iter().map(sheet::plain_sheet).collect();
    folder.write("data.xlsx", files::workbook(&sheets.iter().collect::<Vec<_>>()));
    folder
}

fn messy_folder(random: &mut Random, tables: &[Table], faults: usize) -> Messy {
    let folder = Folder::new();
    let mut project = PROJECT.to_owned();
    let mut expected = Vec::new();
    let mut book: Vec<Sheet> = Vec::new();
    let faulty = random.below(tables.len());
    for (at, table) in tables.iter().enumerate() {
        let faults = if at == faulty { faults } else { 0 };
        let kind = table.kind.name();
        let mut parts = vec![table.clone()];
        // One template filled by two partners.
        if table.rows.len() > 3 && random.once_in(4) {
            let rest = parts[0].rows.split_off(table.rows.len() / 2);
            parts.push(Table { rows: rest, ..table.clone() });
        }
        let names: Vec<String> = (1..=parts.len()).map(|part| format!("{kind}-{part}.csv")).collect();
        if parts.len() > 1 || random.once_in(3) {
            for (part, name) in parts.iter().zip(&names) {
                let in_csv = random.once_in(2);
                let sheet = sheet::messy_sheet(random, part, !in_csv, faults);
                let bytes = if in_csv { files::csv(random, &sheet) } else { files::workbook(&[&sheet]) };
                folder.write(name, bytes);
                let page = (!in_csv).then_some(sheet.name.as_str());
                expected.extend(
                    sheet.expected.iter().map(|(code, row, column)| (*code, Place::cell(name, page, row + 1, *column))),
                );
            }
            let named: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
            project.push_str(&format!("[tables.{kind}]\nfiles = [{}]\n", named.join(", ")));
        } else {
            let mut sheet = sheet::messy_sheet(random, table, true, faults);
            if random.once_in(3) {
                sheet.name = format!("Лист {}", at + 1);
                project.push_str(&format!("[tables.{kind}]\nfile = \"data.xlsx\"\nsheet = {:?}\n", sheet.name));
            }
            let place = |row: u32, column| Place::cell("data.xlsx", Some(&sheet.name), row + 1, column);
            expected.extend(sheet.expected.iter().map(|(code, row, column)| (*code, place(*row, *column))));
            let at = random.below(book.len() + 1);
            book.insert(at, sheet);
        }
    }
    if !book.is_empty() {
        folder.write("data.xlsx", files::workbook(&book.iter().collect::<Vec<_>>()));
    }
    folder.write("project.toml", project);
    Messy { folder, expected }
}

fn figures(checked: &Checked) -> Option<String> {
    let project = checked.project.as_ref()?;
    let figures = indicators::count(project);
    Some(figures::json_lines(project, &figures, figures::select_periods(&figures, None)))
}

fn printed_problems(checked: &Checked) -> String {
    let catalogue = donor_report::diagnostic::Catalogue::new("en");
    donor_report::cli::check::text(checked, &catalogue, "", CellListing::First)
}

/// How to try a case again; keeps its files where that is wanted.
fn hint(folder: &Folder, seed: u64) -> String {
    let to = std::env::temp_dir().join(format!("twin-{seed}"));
    if std::env::var_os("KEEP_TWINS").is_some() {
        std::fs::create_dir_all(&to).expect("a folder");
        for entry in std::fs::read_dir(folder.path()).expect("the files") {
            let entry = entry.expect("a file");
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
    format!("seed {seed}; KEEP_TWINS=1 keeps its files in {}", to.display())
}

fn rows_add_up(checked: &Checked) -> bool {
    checked.accounts.iter().all(|account| {
        let skipped: u64 = account.skipped.values().sum();
        account.read == account.used + skipped + account.waived + account.error
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mess_changes_no_figure(seed in any::<u64>()) {
        let mut random = Random(seed);
        let tables = world::tables(&mut random);
        let clean = ingest::read(clean_folder(&tables).path());
        let clean_figures = figures(&clean);
        prop_assert!(clean_figures.is_some(), "seed {seed}: {}", printed_problems(&clean));
        let messy = messy_folder(&mut random, &tables, 0);
        let checked = ingest::read(messy.folder.path());
        prop_assert!(checked.project.is_some(), "{}\n{}", hint(&messy.folder, seed), printed_problems(&checked));
        prop_assert_eq!(figures(&checked), clean_figures, "{}\n{}", hint(&messy.folder, seed), printed_problems(&checked));
        for (code, place) in &messy.expected {
            let is_reported = checked.problems.iter().any(|problem| problem.code == *code
                && problem.places.first().is_some_and(|first| first.file == place.file && first.sheet_name() == place.sheet_name())
                && (problem.places.contains(place) || problem.count > problem.places.len() as u64));
            prop_assert!(is_reported, "{code} {place:?}: {}\n{}", hint(&messy.folder, seed), printed_problems(&checked));
        }
        prop_assert!(rows_add_up(&checked), "{:?}", checked.accounts);
    }

    #[test]
    fn what_can_not_be_read_is_reported_at_its_cell(seed in any::<u64>()) {
        let mut random = Random(seed);
        let tables = world::tables(&mut random);
        let messy = messy_folder(&mut random, &tables, 1 + seed as usize % 3);
        let checked = ingest::read(messy.folder.path());
        let faults = || messy.expected.iter().filter(|(code, _)| *code != "look-alike-letters");
        prop_assert_eq!(checked.project.is_none(), faults().next().is_some(), "{}\n{}", hint(&messy.folder, seed), printed_problems(&checked));
        for (code, place) in faults() {
            let is_reported = checked.problems.iter().any(|problem| problem.code == *code
                && problem.severity == Severity::Error && problem.places.contains(place));
            prop_assert!(is_reported, "{code} {place:?}: {}\n{}", hint(&messy.folder, seed), printed_problems(&checked));
        }
        prop_assert!(rows_add_up(&checked), "{:?}", checked.accounts);
    }
}
