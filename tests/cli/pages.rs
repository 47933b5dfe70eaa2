//! The pages of the example's reports: how many, how full, their tables whole, their letters legible.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;

use super::build::{build, example, files, stderr};
use crate::ingest::sheets::Folder;
use crate::render::page_checks::{cells_without_headers, page_fills, pale_letters, small_letters, thin_table_parts};
use crate::render::page_content::{PageContent, read_pages};
use crate::render::reader::File;
use crate::render::structure_tree::{MarkedText, structure_tree};

/// Room for head and foot, in points: of a page in one language, and of one in two columns.
const UPRIGHT: (f64, f64) = (73.7, 68.0);
const FLAT: (f64, f64) = (68.0, 62.3);
/// How much of a page is filled that isn't the last of its chapter.
const FULL: f64 = 0.7;

/// Pages that are less full since what comes next can't break (the first rows of a table with its headings, a chart):
/// whether two languages stand side by side, the document, the page.
const BEFORE_A_WHOLE_BLOCK: [(bool, &str, usize); 4] = [
    (false, "final.mk-en.pdf", 3),
    (false, "final.mk-en.pdf", 11),
    (true, "final.mk-en.pdf", 6),
    (true, "final.mk-en.pdf", 9),
];

/// PDFs of the example by their name, after a change to project.toml.
fn documents(change: impl Fn(&str) -> String) -> Vec<(String, File)> {
    let (project, out) = (example(), Folder::new());
    let settings = fs::read_to_string(project.path().join("project.toml")).expect("project.toml");
    project.write("project.toml", change(&settings).as_bytes());
    let built = build(project.path(), out.path(), &[]);
    assert!(built.status.success(), "{}", stderr(&built));
    let found = files(out.path()).into_iter().filter(|(name, _)| name.ends_with(".pdf"));
    found.map(|(name, bytes)| (name, File::read(&bytes))).collect()
}

/// Indexes of the pages that end a chapter: the last, and those before a cover, which has neither head nor foot.
fn chapter_ends(pages: &[PageContent]) -> BTreeSet<usize> {
    let is_cover = |page: &PageContent| page.letters.iter().all(|letter| letter.marked.is_some());
    (0..pages.len()).filter(|at| pages.get(at + 1).is_none_or(is_cover)).collect()
}

fn check_pages(name: &str, file: &File, count: RangeInclusive<usize>) {
    let pages = read_pages(file);
    assert!(count.contains(&pages.len()), "{name} has {} pages", pages.len());
    let (tree, texts) = (structure_tree(file), MarkedText::new(&pages));
    let is_flat = pages[0].width > pages[0].height;
    let (top, bottom) = if is_flat { FLAT } else { UPRIGHT };
    let (fills, ends) = (page_fills(&pages, top, bottom), chapter_ends(&pages));
    let is_excused = |page: usize| {
        ends.contains(&page)
            || BEFORE_A_WHOLE_BLOCK
                .iter()
                .any(|(flat, of, number)| *flat == is_flat && name.ends_with(of) && *number == page + 1)
    };
    let bare: Vec<String> = fills
        .iter()
        .enumerate()
        .filter(|(page, fill)| **fill < FULL && !is_excused(*page))
        .map(|(page, fill)| format!("page {}: {:.0} %", page + 1, fill * 100.0))
        .collect();
    assert_eq!(bare, Vec::<String>::new(), "{name}");
    assert_eq!(thin_table_parts(&tree, file, &texts), Vec::<String>::new(), "{name}");
    assert_eq!(small_letters(&pages), BTreeSet::new(), "{name}");
    assert_eq!(pale_letters(&pages), BTreeSet::new(), "{name}");
    assert_eq!(cells_without_headers(file, &tree, &texts), BTreeSet::new(), "{name}");
}

/// How many pages the reports of the contract's guide have.
fn page_count(name: &str) -> RangeInclusive<usize> {
    match name.rsplit('/').next() {
        Some(name) if name.starts_with("quarterly") => 4..=5,
        Some(name) if name.starts_with("progress") => 5..=7,
        _ => 14..=20,
    }
}

#[test]
fn the_example_has_as_many_pages_as_its_guide_and_all_are_full() {
    let documents = documents(str::to_owned);
    assert_eq!(documents.len(), 7);
    for (name, file) in &documents {
        check_pages(name, file, page_count(name));
    }
}

#[test]
fn side_by_side_pages_are_full_too() {
    for (name, file) in &documents(|settings| settings.replace("layout = \"sequential\"", "layout = \"parallel\"")) {
        if name.contains("final") {
            check_pages(name, file, 8..=14);
        }
    }
}

/// Reports in two languages whose first page is the one that answers: all of it is on that page, in colours that can
/// be read, and it says where the other language begins.
#[test]
fn the_first_page_of_a_short_report_in_two_languages_holds_all_its_answers() {
    for layout in ["sequential", "parallel"] {
        let both = format!("documents = [[\"mk\", \"en\"]]\nlayout = \"{layout}\"");
        let documents = documents(|settings| {
            let (before, own) = settings.split_once("name = \"quarterly\"").expect("the report");
            format!("{before}name = \"quarterly\"{}", own.replacen("documents = [[\"mk\"], [\"en\"]]", &both, 1))
        });
        let short: Vec<_> = documents.iter().filter(|(name, _)| name.contains("quarterly")).collect();
        assert_eq!(short.len(), 2);
        for (name, file) in short {
            let pages = read_pages(file);
            assert_eq!(pale_letters(&pages), BTreeSet::new(), "{layout}, {name}");
            let first: String = pages[0].letters.iter().map(|letter| letter.text.trim()).collect();
            // The last words of the page explain its shapes.
            let said: &[&str] = match layout {
                "sequential" => &["Зајакнувањеналокалнитеактери", "оствареноевкупнопланираното", "English:page"],
                _ => &["Зајакнувањеналокалнитеактери", "thetotaltargethasbeenreached"],
            };
            for words in said {
                assert!(first.contains(words), "{layout}, {name}: {words}");
            }
        }
    }
}
