use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{AskedFact, FormFact, Profile, ProfileOpening, ProfileSection, SectionKind, Severities};
use crate::diagnostic::kinds::{self, ProfileValue};
use crate::diagnostic::{Place, Problem, ProblemKind, Severity, nearest};
use crate::locale::NumberFormat;
use crate::model::{Lang, Text};

const KEYS: [&str; 9] =
    ["title", "source", "edition", "unconfirmed", "number_format", "opening", "form", "severity", "sections"];
const SECTION_KEYS: [&str; 13] = [
    "id",
    "kind",
    "heading",
    "asks",
    "required",
    "word_limit",
    "char_limit",
    "new_page",
    "most",
    "indicators",
    "people",
    "facts",
    "box",
];
const SEVERITY_KEYS: [&str; 5] = ["parity", "typed_figures", "variance", "missing_section", "word_limit"];
const SEVERITY_WORDS: [&str; 3] = ["error", "warning", "off"];

/// Reads a profile's text; reports every fault with its line.
pub(super) fn read_profile(name: &str, file: &str, text: &str) -> Result<Profile, Vec<Problem>> {
    let mut reader = ProfileReader { file, text, problems: Vec::new() };
    let profile = match DeTable::parse(text) {
        Ok(table) => reader.profile(name, table.get_ref()),
        Err(error) => {
            let message = error.message().to_owned();
            reader.report(&error.span().unwrap_or_default(), kinds::ProfileSyntax { message });
            None
        }
    };
    match profile {
        Some(profile) if reader.problems.is_empty() => Ok(profile),
        _ => Err(reader.problems),
    }
}

struct ProfileReader<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<Problem>,
}

type TomlValue<'a, 'i> = &'a Spanned<DeValue<'i>>;

impl ProfileReader<'_> {
    fn profile(&mut self, name: &str, table: &DeTable) -> Option<Profile> {
        self.check_keys(table, &KEYS);
        let severities = self.severities(table);
        let sections: Vec<ProfileSection> = match table.get("sections").map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Array(array))) => array.iter().filter_map(|value| self.section(value)).collect(),
            Some((value, _)) => {
                self.report(&value.span(), ProfileValue::Table);
                Vec::new()
            }
            None => {
                self.report(&(0..0), kinds::ProfileMissingKey { key: "sections".to_owned() });
                Vec::new()
            }
        };
        self.check_doubled_sections(&sections);
        Some(Profile {
            name: name.to_owned(),
            file: self.file.to_owned(),
            title: self.texts(table, "title"),
            source: self.string(table, "source"),
            edition: self.string(table, "edition"),
            unconfirmed: self.strings(table, "unconfirmed").unwrap_or_default(),
            number_format: self.number_format(table),
            opening: self.opening(table),
            is_form: self.flag(table, "form"),
            severities,
            sections,
        })
    }

    fn section(&mut self, value: TomlValue) -> Option<ProfileSection> {
        let DeValue::Table(table) = value.get_ref() else {
            self.report(&value.span(), ProfileValue::Table);
            return None;
        };
        self.check_keys(table, &SECTION_KEYS);
        let kind = self.kind(table);
        let Some(id) = self.string(table, "id") else {
            self.report(&value.span(), kinds::ProfileMissingKey { key: "id".to_owned() });
            return None;
        };
        Some(ProfileSection {
            id,
            kind,
            heading: self.texts(table, "heading"),
            asks: self.texts(table, "asks"),
            required: self.flag(table, "required"),
            word_limit: self.number(table, "word_limit"),
            char_limit: self.number(table, "char_limit"),
            new_page: self.flag(table, "new_page"),
            most: self.number(table, "most").and_then(|most| usize::try_from(most).ok()),
            indicators: self.strings(table, "indicators"),
            people: self.flag(table, "people"),
            facts: self.facts(table),
            boxed: self.flag(table, "box"),
            line: self.text.get(..value.span().start).unwrap_or_default().matches('\n').count() as u32 + 1,
        })
    }

    fn facts(&mut self, table: &DeTable) -> Vec<AskedFact> {
        let Some(value) = table.get("facts") else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.report(&value.span(), ProfileValue::List);
            return Vec::new();
        };
        array.iter().filter_map(|value| self.fact(value)).collect()
    }

    fn fact(&mut self, value: TomlValue) -> Option<AskedFact> {
        let DeValue::Table(table) = value.get_ref() else {
            self.report(&value.span(), ProfileValue::Table);
            return None;
        };
        self.check_keys(table, &["fact", "number", "label"]);
        let Some(named) = table.get("fact") else {
            self.report(&value.span(), kinds::ProfileMissingKey { key: "fact".to_owned() });
            return None;
        };
        let written = named.get_ref().as_str().unwrap_or_default();
        let Some((_, fact)) = FormFact::ALL.into_iter().find(|(known, _)| *known == written) else {
            self.report_unknown_word(named, written, &FormFact::ALL.map(|(known, _)| known));
            return None;
        };
        Some(AskedFact { fact, number: self.string(table, "number"), label: self.texts(table, "label") })
    }

    fn kind(&mut self, table: &DeTable) -> SectionKind {
        let Some(value) = table.get("kind") else { return SectionKind::Prose };
        let written = value.get_ref().as_str().unwrap_or_default();
        if let Some(kind) = SectionKind::ALL.into_iter().find(|kind| kind.code() == written) {
            return kind;
        }
        let codes = SectionKind::ALL.map(SectionKind::code);
        self.report_unknown_word(value, written, &codes);
        SectionKind::Prose
    }

    fn opening(&mut self, table: &DeTable) -> ProfileOpening {
        let Some(value) = table.get("opening") else { return ProfileOpening::default() };
        let written = value.get_ref().as_str().unwrap_or_default();
        if let Some((_, opening)) = ProfileOpening::ALL.into_iter().find(|(known, _)| *known == written) {
            return opening;
        }
        self.report_unknown_word(value, written, &ProfileOpening::ALL.map(|(known, _)| known));
        ProfileOpening::default()
    }

    fn severities(&mut self, table: &DeTable) -> Severities {
        let mut found = BTreeMap::new();
        if let Some(value) = table.get("severity") {
            match value.get_ref() {
                DeValue::Table(rules) => {
                    self.check_keys(rules, &SEVERITY_KEYS);
                    for key in SEVERITY_KEYS {
                        let Some(value) = rules.get(key) else { continue };
                        let written = value.get_ref().as_str().unwrap_or_default();
                        match written {
                            "error" => found.insert(key, Some(Severity::Error)),
                            "warning" => found.insert(key, Some(Severity::Warning)),
                            "off" => found.insert(key, None),
                            _ => {
                                self.report_unknown_word(value, written, &SEVERITY_WORDS);
                                None
                            }
                        };
                    }
                }
                _ => self.report(&value.span(), ProfileValue::Table),
            }
        }
        let severity_of = |key: &str| found.get(key).copied().unwrap_or(Some(Severity::Warning));
        Severities {
            parity: severity_of("parity"),
            typed_figures: severity_of("typed_figures"),
            variance: severity_of("variance"),
            missing_section: severity_of("missing_section"),
            word_limit: severity_of("word_limit"),
        }
    }

    fn number_format(&mut self, table: &DeTable) -> Option<NumberFormat> {
        let value = table.get("number_format")?;
        let DeValue::Table(format) = value.get_ref() else {
            self.report(&value.span(), ProfileValue::Table);
            return None;
        };
        self.check_keys(format, &["grouping", "decimal"]);
        Some(NumberFormat {
            grouping: self.string(format, "grouping").unwrap_or_default(),
            decimal: self.string(format, "decimal").unwrap_or_else(|| ".".to_owned()),
        })
    }

    fn check_doubled_sections(&mut self, sections: &[ProfileSection]) {
        for (at, section) in sections.iter().enumerate() {
            if sections[..at].iter().any(|earlier| earlier.id == section.id) {
                let place = Place::line(self.file, section.line, 1);
                let kind = kinds::ProfileDoubledSection { id: section.id.clone() };
                self.problems.push(Problem::error(kind).at(place));
            }
        }
    }

    fn check_keys(&mut self, table: &DeTable, keys: &[&'static str]) {
        for key in table.keys() {
            let written: &str = key.get_ref();
            if keys.contains(&written) {
                continue;
            }
            let kind = kinds::ProfileUnknownKey {
                key: written.to_owned(),
                known: keys.join(", "),
                nearest: nearest(written, keys.iter().copied()).map(str::to_owned),
            };
            self.report(&key.span(), kind);
        }
    }

    fn string(&mut self, table: &DeTable, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.report(&value.span(), ProfileValue::Text);
        }
        text
    }

    fn strings(&mut self, table: &DeTable, key: &str) -> Option<Vec<String>> {
        let value = table.get(key)?;
        let texts = value.get_ref().as_array().and_then(|array| {
            array.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.report(&value.span(), ProfileValue::List);
        }
        texts
    }

    fn texts(&mut self, table: &DeTable, key: &str) -> Text {
        let Some(value) = table.get(key) else { return Text::default() };
        let DeValue::Table(by_lang) = value.get_ref() else {
            self.report(&value.span(), ProfileValue::Texts);
            return Text::default();
        };
        by_lang
            .iter()
            .filter_map(|(lang, text)| match text.get_ref().as_str() {
                Some(written) => Some((Lang::new(lang.get_ref()), written.to_owned())),
                None => {
                    self.report(&text.span(), ProfileValue::Text);
                    None
                }
            })
            .collect()
    }

    fn flag(&mut self, table: &DeTable, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.report(&value.span(), ProfileValue::Flag);
            false
        })
    }

    fn number(&mut self, table: &DeTable, key: &str) -> Option<u64> {
        let value = table.get(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|integer| u64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok());
        if number.is_none() {
            self.report(&value.span(), ProfileValue::Number);
        }
        number
    }

    fn report_unknown_word(&mut self, value: TomlValue, written: &str, known: &[&'static str]) {
        let kind = kinds::ProfileUnknownWord {
            known: known.join(", "),
            word: written.to_owned(),
            nearest: nearest(written, known.iter().copied()).map(str::to_owned),
        };
        self.report(&value.span(), kind);
    }

    /// Reports an error where `span` begins.
    fn report(&mut self, span: &Range<usize>, kind: impl Into<ProblemKind>) {
        self.problems.push(Problem::error(kind).at(Place::in_text(self.file, self.text, span.start)));
    }
}
