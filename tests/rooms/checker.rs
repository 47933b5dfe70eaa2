//! The check of rooms and crates sees every way of writing a forbidden use, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::allow_list::{AllowList, dependencies};

const PAGE: &str = "
| room | takes → gives | may use |
|---|---|---|
| `model` | nouns | |
| `locale` | words | `model` |
| `indicators` | figures | `model` |

| crate | where | for |
|---|---|---|
| jiff | `model`, `indicators` | days |
| icu-list | `locale/lists` | lists |
| toml | `codegen` | labels |
| proptest | `tests` | properties |

| room | takes → gives | may use |
";

const MANIFEST: &str = "
[dependencies]
jiff = '1'
[target.'cfg(unix)'.dependencies]
icu-list = '2'
[build-dependencies]
toml = '1'
[dev-dependencies]
proptest = '1'
";

/// A house that is as its page says.
fn house() -> BTreeMap<String, String> {
    let files = [
        ("codegen/main.rs", "use toml::Table;"),
        ("src/lib.rs", "pub mod model; pub mod locale; pub mod indicators;"),
        ("src/model.rs", "use jiff::civil::Date;"),
        ("src/locale.rs", "mod lists; use crate::model::Lang;"),
        ("src/locale/lists.rs", "fn join() -> icu_list::ListFormatter { super::join() }"),
        ("src/indicators.rs", "use crate::model; use jiff::civil::Date; mod tally;"),
        ("src/indicators/period_counts.rs", ""),
        ("tests/indicators.rs", "use proptest::prelude::*; use icu_list::ListFormatter; use crate::helpers;"),
    ];
    files.map(|(file, text)| (file.to_owned(), text.to_owned())).into()
}

fn violations(page: &str, files: &BTreeMap<String, String>) -> Vec<String> {
    let dependencies: BTreeSet<String> = dependencies(&toml::from_str(MANIFEST).expect("a manifest"));
    AllowList::parse(page).violations(files, &dependencies)
}

/// What is found if `src/indicators/period_counts.rs` holds this.
fn found_in_tally(text: &str) -> Vec<String> {
    let mut files = house();
    files.insert("src/indicators/period_counts.rs".to_owned(), text.to_owned());
    violations(PAGE, &files)
}

#[test]
fn a_house_that_is_as_listed_has_no_violations() {
    assert_eq!(violations(PAGE, &house()), [""; 0]);
}

#[test]
fn a_forbidden_room_is_found_however_it_is_written() {
    let ways = [
        "use crate::locale;",
        "use crate::locale::Locale;",
        "pub use crate::locale as words;",
        "use crate::{locale, model::Project};",
        "use crate::{model::{self, Project}, locale::{Locale as Words}};",
        "use super::super::locale::Locale;",
        "use super::{super::locale::Locale, Figure};",
        "mod inner { use super::super::super::locale::Locale; }",
        "use self::super::super::locale::Locale;",
        "use donor_report::locale::Locale;",
        "fn print(locale: &crate::locale::Locale) {}",
        "fn print() -> String { (crate::locale::word)() }",
        "fn print() -> String { <crate::locale::Locale as Default>::default().word() }",
        "fn print() { println!(\"{}\", crate::locale::word()); }",
        "macro_rules! print { () => { $crate::locale::word() } }",
        "#[derive(crate::locale::Words)] struct Figure;",
        "const WORD: &str = super::super::locale::WORD;",
    ];
    for way in ways {
        let found = found_in_tally(way);
        assert_eq!(found, ["src/indicators/period_counts.rs:1: `indicators` may not use `locale`"], "{way}");
    }
}

#[test]
fn the_root_lets_everything_through_and_is_no_room() {
    for (way, named) in [
        ("use crate::*;", "*"),
        ("use super::super::*;", "*"),
        ("use crate as root;", "crate"),
        ("use super::super as root;", "super"),
        ("use crate::{self as root};", "self"),
    ] {
        let found = found_in_tally(way);
        assert_eq!(found, [format!("src/indicators/period_counts.rs:1: `indicators` may not use `{named}`")], "{way}");
    }
}

#[test]
fn a_crate_outside_its_rooms_is_found_however_it_is_written() {
    let ways = [
        "use icu_list::ListFormatter;",
        "use ::icu_list::ListFormatter;",
        "use icu_list;",
        "use icu_list as lists;",
        "pub use icu_list::*;",
        "use {icu_list::ListFormatter, jiff::civil::Date};",
        "extern crate icu_list;",
        "fn join(lists: &icu_list::ListFormatter) {}",
        "fn join() -> ::icu_list::ListFormatter { join() }",
        "fn join() { (icu_list::join)(vec![]) }",
        "fn join() -> Vec<u8> { vec![icu_list::join()] }",
        "fn join() { icu_list!(and) }",
        "#[derive(icu_list::Join)] struct Figure;",
        "#[derive(Join)] #[icu_list(and)] struct Figure;",
        "#[icu_list::join] fn join() {}",
        "#![icu_list::join]",
        "mod icu_list; fn join() { ::icu_list::join() }",
    ];
    for way in ways {
        let found = found_in_tally(way);
        assert_eq!(found, ["src/indicators/period_counts.rs:1: icu_list may not appear here"], "{way}");
    }
    assert_eq!(
        found_in_tally("\nuse proptest::prelude::*;"),
        ["src/indicators/period_counts.rs:2: proptest may not appear here"]
    );
}

#[test]
fn what_only_looks_like_a_use_is_none() {
    let texts = [
        "// use crate::locale; icu_list::join()",
        "/// [`crate::locale::Locale`], by `icu_list::join`\nstruct Figure;",
        "/* use crate::locale; /* icu_list::join() */ */",
        "const TEXT: &str = \"crate::locale::word() // icu_list::join()\";",
        "const TEXT: &str = r#\"use crate::locale; \" icu_list::join()\"#;",
        "const QUOTE: char = '\"'; const TEXT: &str = \"crate::locale\";",
        "fn join<'icu_list>(icu_list: &'icu_list str) -> bool { icu_list != \"\" }",
        "fn join(lists: Lists) { lists.icu_list::<u8>().locale() }",
        "mod icu_list; fn join() { icu_list::join() }",
        "use super::locale; use super::icu_list;",
        "use crate::indicators::{locale, icu_list};",
        "pub(crate) mod inner { pub(in crate::indicators) fn join() {} }",
        "fn places(&self) -> impl Iterator<Item = u8> + use<'_> {}",
    ];
    for text in texts {
        assert_eq!(found_in_tally(text), [""; 0], "{text}");
    }
}

#[test]
fn an_unlisted_room_and_what_it_uses_are_found() {
    let mut files = house();
    files.insert("src/helpers/text.rs".to_owned(), "use crate::model::Lang; use jiff::civil::Date;".to_owned());
    files.insert("src/lib.rs".to_owned(), "pub use crate::model::Lang;".to_owned());
    assert_eq!(
        violations(PAGE, &files),
        [
            "src/helpers/text.rs: no room `helpers` is listed",
            "src/helpers/text.rs:1: `helpers` may not use `model`",
            "src/helpers/text.rs:1: jiff may not appear here",
            "src/lib.rs:1: `lib` may not use `model`",
        ]
    );
}

#[test]
fn entries_that_are_no_longer_so_are_found() {
    let mut files = house();
    files.insert("src/locale/lists.rs".to_owned(), String::new());
    files.insert("src/locale.rs".to_owned(), "fn join() -> icu_list::ListFormatter {}".to_owned());
    files.insert("tests/indicators.rs".to_owned(), String::new());
    files.insert("codegen/main.rs".to_owned(), String::new());
    assert_eq!(
        violations(PAGE, &files),
        [
            "src/locale.rs:1: icu_list may not appear here",
            "`locale` is listed to use `model` and doesn't",
            "icu_list is listed for `locale/lists` and doesn't appear there",
            "proptest is listed for `tests` and doesn't appear there",
            "toml is listed for `codegen` and doesn't appear there",
        ]
    );
    files = house();
    files.retain(|file, _| !file.starts_with("src/locale"));
    assert!(violations(PAGE, &files).contains(&"room `locale` is listed and isn't there".to_owned()));
}

#[test]
fn dependencies_and_the_table_of_crates_are_the_same() {
    let page = PAGE.replace("| jiff |", "| chrono |");
    let found = violations(&page, &house());
    assert!(found.contains(&"jiff is a dependency and isn't listed".to_owned()), "{found:?}");
    assert!(found.contains(&"chrono is listed and isn't a dependency".to_owned()), "{found:?}");
    assert!(found.contains(&"src/model.rs:1: jiff may not appear here".to_owned()), "{found:?}");
}

#[test]
fn a_circle_of_rooms_is_found() {
    assert_eq!(AllowList::parse(PAGE).circle(), None);
    let page = PAGE.replace("| nouns | |", "| nouns | `indicators` |");
    assert_eq!(AllowList::parse(&page).circle(), Some(vec!["indicators", "model", "indicators"]));
}
