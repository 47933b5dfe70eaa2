//! What is said of files, sheets, headings and values that aren't there, and of like problems together.

use donor_report::cli::check;
use donor_report::diagnostic::{Catalogue, CellListing, Place, Problem, kinds, nearest, renamed_to};
use donor_report::ingest;

use super::case::cases;
use super::cases::read;
use super::sheets::Folder;

/// The problems of the base project with these changes, and the page of `check`.
fn checked(changes: &str, cells: CellListing) -> (Vec<Problem>, String) {
    let case = cases(&format!("#### A project\n{changes}")).remove(0);
    let checked = read(&case).checked;
    let page = check::text(&checked, &Catalogue::new("en"), "", cells);
    (checked.problems, page)
}

fn help(problem: &Problem) -> String {
    Catalogue::new("en").sentences(problem).help.unwrap_or_default()
}

fn only<'p>(problems: &'p [Problem], code: &str) -> &'p Problem {
    let mut found = problems.iter().filter(|problem| problem.code == code);
    let one = found.next().unwrap_or_else(|| panic!("{code} in {problems:?}"));
    assert!(found.next().is_none(), "{code} twice in {problems:?}");
    one
}

#[test]
fn tables_of_one_missing_file_are_one_error_that_names_the_file_that_is_there() {
    let tables = ["activities", "participants", "attendance", "indicators"];
    let tables = tables.map(|table| format!("[tables.{table}]\nfile = \"old.xlsx\"\n"));
    let (problems, _) = checked(&format!("== + project\n{}", tables.concat()), CellListing::First);
    let problem = only(&problems, "missing-file");
    assert_eq!(problem.args["file"], "old.xlsx");
    let expected = "is it `data.xlsx` now? Rename it back, or write the new name in project.toml (line 15, 17, 19, 21); \
                    the tables in the folder are: data.xlsx";
    assert_eq!(help(problem), expected);
}

#[test]
fn a_missing_file_beside_files_that_other_tables_name_lists_them_and_guesses_nothing() {
    let changes = "== file lists.csv\nlist,code\n== + project\n[tables.lists]\nfile = \"lists.csv\"\n\
                   [tables.activities]\nfile = \"data.xlsx\"\n[tables.targets]\nfile = \"Planned values.ods\"\n";
    let (problems, _) = checked(changes, CellListing::First);
    let help = help(only(&problems, "missing-file"));
    assert!(help.starts_with("rename the file back") && help.ends_with("data.xlsx, lists.csv"), "{help}");
}

#[test]
fn a_renamed_sheet_comes_with_the_sheets_and_the_line() {
    let changes = "== + project\n[tables.activities]\nfile = \"data.xlsx\"\nsheet = \"Activites\"\n";
    let (problems, _) = checked(changes, CellListing::First);
    let expected = "is it `Activities` now? Rename it back, or change line 16 of project.toml; the sheets of the file are: \
                    Activities, Participants, Attendance, Indicators, Lists";
    assert_eq!(help(only(&problems, "unknown-sheet")), expected);
}

#[test]
fn a_renamed_heading_comes_with_the_headings_and_the_line() {
    let changes = "== Activities\nid | Ден на одржување | type | title | status | municipality | reached\n\
                   A1 | @2017-02-01 | training | First | completed | Butel | 2\n\
                   == + project\n[tables.activities]\nfile = \"data.xlsx\"\nsheet = \"Activities\"\n\
                   columns = { date = \"Датум\" }\n";
    let (problems, _) = checked(changes, CellListing::First);
    let help = help(only(&problems, "mapped-heading-missing"));
    assert!(
        help.starts_with("is it `Ден на одржување` now? Rename it back, or change line 17 of project.toml"),
        "{help}"
    );
    assert!(help.contains("id, Ден на одржување, type"), "{help}");
}

#[test]
fn a_target_without_period_and_due_date_may_have_either() {
    let changes = "== Targets\nindicator | Период | target\nI1 | | 3\n";
    let (problems, _) = checked(changes, CellListing::First);
    let expected = "write its period under `Период`, or under `рок` the day by which it is to be reached";
    assert_eq!(help(only(&problems, "missing-value")), expected);
}

#[test]
fn an_unreadable_title_is_one_error() {
    for title in ["=1/0 -> #DIV/0!", "=1/0 -> #N/A"] {
        let changes = format!("== + Activities\nA3 | @2017-03-11 | clinic | {title} | completed | Butel |\n");
        let (problems, _) = checked(&changes, CellListing::First);
        only(&problems, "error-cell");
        assert!(problems.iter().all(|problem| problem.code != "missing-value"), "{problems:?}");
    }
}

#[test]
fn a_formula_of_a_title_that_was_never_calculated_is_one_error() {
    let case = cases("#### A project\n== + Activities\nA3 | @2017-03-11 | clinic | =1+1 -> 2 | completed | Butel |\n");
    let folder = Folder::new();
    let project = case[0].project();
    project.files.iter().for_each(|(name, bytes)| drop(folder.write(name, bytes)));
    folder.patch("data.xlsx", "xl/worksheets/sheet1.xml", |xml| xml.replace("</f><v>2</v>", "</f>"));
    let problems = ingest::read(folder.path()).problems;
    only(&problems, "formula-without-value");
    assert!(problems.iter().all(|problem| problem.code != "missing-value"), "{problems:?}");
}

#[test]
fn a_sheet_that_can_not_be_read_is_not_searched_for_its_table() {
    let folder = Folder::new();
    let sheet = "[tables.activities]\nfile = \"data.xlsx\"\n";
    let case = cases(&format!("#### A project\n== + project\n{sheet}sheet = \"Activities\"\n"));
    let project = case[0].project();
    project.files.iter().for_each(|(name, bytes)| drop(folder.write(name, bytes)));
    folder.patch("data.xlsx", "xl/worksheets/sheet1.xml", |xml| xml[..xml.len() / 2].to_owned());
    let problems = ingest::read(folder.path()).problems;
    let codes: Vec<&str> = problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.code).collect();
    assert_eq!(codes, ["damaged-file"]);
}

const FLOOD: &str = "== Attendance\nactivity | person | date\nA1 | Q1 | @2017-02-01\nA1 | Q2 | @2017-02-01\n\
                     A1 | Q3 | @2017-02-01\nA1 | Q4 | @2017-02-01\nA1 | Q5 | @2017-02-01\nA1 | Q6 | @2017-02-01\n\
                     A1 | Q7 | @2017-02-01\n";

#[test]
fn a_group_lists_its_first_cells_with_their_values_and_all_of_them_on_request() {
    let (_, page) = checked(FLOOD, CellListing::First);
    let line = |row: u32, code: &str| format!("  --> data.xlsx, sheet Attendance, cell B{row}: {code}\n");
    assert!(page.contains(&line(2, "Q1")) && page.contains(&line(6, "Q5")), "{page}");
    assert!(!page.contains("cell B7") && page.contains("  --> … and 2 more; `check --all` lists them\n"), "{page}");
    let (_, page) = checked(FLOOD, CellListing::All);
    assert!(page.contains(&line(7, "Q6")) && page.contains(&line(8, "Q7")) && !page.contains("more;"), "{page}");
}

#[test]
fn a_cell_that_an_excerpt_hides_is_not_shown_in_a_group_either() {
    let hidden = |row: u32| {
        let problem = Problem::error(kinds::MissingPerson).at(Place::cell("data.xlsx", None, row, 1));
        problem.excerpt(vec![("name".to_owned(), "…".to_owned())], Some(0))
    };
    let mut group = hidden(2);
    group.add_repeat(hidden(3));
    let values: Vec<Option<String>> = group.each_cell().map(|cell| cell.faulty_value().map(str::to_owned)).collect();
    assert_eq!(values, [None, None]);
}

#[test]
fn each_pair_of_persons_who_seem_to_be_one_is_named() {
    let changes = "== Participants\nperson | name | sex | birth_year\nP1 | Ана Измислена | F | 1990\n\
                   P2 | Борис Измислен | M | 2005\nP3 | Весна Измислена | F | 1985\nQ1 | Мира Измислена | F | 1990\nQ2 | Мира Измислена | F | 1990\n\
                   R1 | Раде Непостоечки | M | 1971\nR2 | Раде Непостоечки | M | 1971\n";
    let (problems, page) = checked(changes, CellListing::First);
    let group = only(&problems, "probable-duplicate");
    let pairs: Vec<(String, String)> =
        group.each_cell().map(|cell| (cell.args["value"].clone(), cell.args["known"].clone())).collect();
    assert_eq!(pairs, [("Q2", "Q1"), ("R2", "R1")].map(|(value, known)| (value.to_owned(), known.to_owned())));
    assert!(page.contains(": R2 and R1 ("), "{page}");
}

#[test]
fn cells_of_a_group_with_remedies_of_their_own_show_these() {
    let changes = "== + Activities\nA3 | @2017-03-11 | trainning | Third | completed | Butel |\n\
                   A4 | @2017-03-11 | clinnic | Fourth | completed | Butel |\n";
    let (problems, page) = checked(changes, CellListing::First);
    assert_eq!(only(&problems, "unlisted-value").count, 2);
    let expected =
        "cell C4: trainning\n   = help: did you mean `training`? Else add it to the list as a code or an alias\n";
    assert!(page.contains(expected), "{page}");
    assert!(page.contains("cell C5: clinnic\n   = help: did you mean `clinic`?"), "{page}");
}

#[test]
fn a_suggestion_is_no_other_number() {
    for (written, known) in [("A-03", "A-02"), ("A-021", "A-02"), ("I12", "I21"), ("2017-Q5", "2017-Q1"), ("2", "F")] {
        assert_eq!(nearest(written, [known]), None, "{written}");
    }
    for (written, known) in [("U-0412", "U-0142"), ("A-1", "A-01"), ("B-02", "A-02"), ("trainning", "training")] {
        assert_eq!(nearest(written, [known]), Some(known), "{written}");
    }
}

#[test]
fn what_was_renamed_is_the_nearest_free_name_or_the_only_free_one() {
    assert_eq!(renamed_to("data.xlsx", &["Data 2025.xlsx"], |_| true), Some("Data 2025.xlsx"));
    assert_eq!(renamed_to("Persons", &["Person", "Parsons"], |name| name != "Person"), Some("Parsons"));
    assert_eq!(renamed_to("plan.ods", &["people.csv", "old.xls"], |_| true), None);
}
