//! `[persons]`: who is one person under several codes, and who isn't.

use super::toml_reader::{TomlKeys, TomlReader};
use crate::diagnostic::{Place, kinds};

/// Codes of persons who are one, or are different, whatever they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonLink {
    /// Two or more, as written.
    pub codes: Vec<String>,
    /// They are one person.
    pub is_same: bool,
    /// Where project.toml says it.
    pub place: Place,
}

/// `same = [["U-12", "U-40"]]`
pub(super) fn read_person_links<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Vec<PersonLink> {
    let mut links = Vec::new();
    let Some(keys) = keys.take("persons").and_then(|node| reader.keys(&node)) else { return links };
    for (key, is_same) in [("same", true), ("different", false)] {
        let Some(node) = keys.take(key) else { continue };
        for group in reader.array(&node) {
            let codes: Vec<String> = reader.strings(&group).into_iter().map(|(code, _)| code).collect();
            if codes.len() < 2 && group.value.is_array() {
                reader.report_at(&group.span, kinds::LoneLink { key: key.to_owned() });
                continue;
            }
            links.push(PersonLink { codes, is_same, place: reader.place(&group.span) });
        }
    }
    keys.finish(reader);
    links
}
