use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Profile, ProfileSection, SectionKind, Severities};
use crate::diagnostic::{Place, Problem, Severity, nearest};
use crate::locale::NumberFormat;
use crate::model::{Lang, Text};

const KEYS: [&str; 7] = ["title", "source", "edition", "unconfirmed", "number_format", "severity", "sections"];
const SECTION_KEYS: [&str; 10] =
    ["id", "kind", "heading", "asks", "required", "word_limit", "new_page", "most", "indicators", "people"];
const SEVERITY_KEYS: [&str; 5] = ["parity", "typed_figures", "variance", "missing_section", "word_limit"];
const SEVERITY_WORDS: [&str; 3] = ["error", "warning", "off"];

/// Reads a profile's text; every fault is told, with its line.
pub(super) fn profile(name: &str, file: &str, text: &str) -> Result<Profile, Vec<Problem>> {
    let mut reader = Reader { file, text, problems: Vec::new() };
    let profile = match DeTable::parse(text) {
        Ok(table) => reader.profile(name, table.get_ref()),
        Err(error) => {
            let place = reader.place(&error.span().unwrap_or_default());
            reader.problems.push(Problem::error("profile-syntax").at(place).with("message", error.message()));
            None
        }
    };
    match profile {
        Some(profile) if reader.problems.is_empty() => Ok(profile),
        _ => Err(reader.problems),
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<Problem>,
}

type Value<'a, 'i> = &'a Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn profile(&mut self, name: &str, table: &DeTable) -> Option<Profile> {
        self.known(table, &KEYS);
        let severities = self.severities(table);
        let sections: Vec<ProfileSection> = match table.get("sections").map(|value| (value, value.get_ref())) {
            Some((_, DeValue::Array(array))) => array.iter().filter_map(|value| self.section(value)).collect(),
            Some((value, _)) => {
                self.wrong(value, "table");
                Vec::new()
            }
            None => {
                self.problems.push(
                    Problem::error("profile-missing-key").at(Place::line(self.file, 1, 1)).with("key", "sections"),
                );
                Vec::new()
            }
        };
        self.doubled(&sections);
        Some(Profile {
            name: name.to_owned(),
            file: self.file.to_owned(),
            title: self.texts(table, "title"),
            source: self.string(table, "source"),
            edition: self.string(table, "edition"),
            unconfirmed: self.strings(table, "unconfirmed").unwrap_or_default(),
            number_format: self.number_format(table),
            severities,
            sections,
        })
    }

    fn section(&mut self, value: Value) -> Option<ProfileSection> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(value, "table");
            return None;
        };
        self.known(table, &SECTION_KEYS);
        let kind = self.kind(table);
        let place = self.place(&value.span());
        let Some(id) = self.string(table, "id") else {
            self.problems.push(Problem::error("profile-missing-key").at(place).with("key", "id"));
            return None;
        };
        Some(ProfileSection {
            id,
            kind,
            heading: self.texts(table, "heading"),
            asks: self.texts(table, "asks"),
            required: self.flag(table, "required"),
            word_limit: self.number(table, "word_limit"),
            new_page: self.flag(table, "new_page"),
            most: self.number(table, "most").and_then(|most| usize::try_from(most).ok()),
            indicators: self.strings(table, "indicators"),
            people: self.flag(table, "people"),
            line: self.text.get(..value.span().start).unwrap_or_default().matches('\n').count() as u32 + 1,
        })
    }

    fn kind(&mut self, table: &DeTable) -> SectionKind {
        let Some(value) = table.get("kind") else { return SectionKind::Prose };
        let written = value.get_ref().as_str().unwrap_or_default();
        if let Some(kind) = SectionKind::ALL.into_iter().find(|kind| kind.code() == written) {
            return kind;
        }
        let codes = SectionKind::ALL.map(SectionKind::code);
        self.not_among(value, written, &codes);
        SectionKind::Prose
    }

    fn severities(&mut self, table: &DeTable) -> Severities {
        let mut found = BTreeMap::new();
        if let Some(value) = table.get("severity") {
            match value.get_ref() {
                DeValue::Table(rules) => {
                    self.known(rules, &SEVERITY_KEYS);
                    for key in SEVERITY_KEYS {
                        let Some(value) = rules.get(key) else { continue };
                        let written = value.get_ref().as_str().unwrap_or_default();
                        match written {
                            "error" => found.insert(key, Some(Severity::Error)),
                            "warning" => found.insert(key, Some(Severity::Warning)),
                            "off" => found.insert(key, None),
                            _ => {
                                self.not_among(value, written, &SEVERITY_WORDS);
                                None
                            }
                        };
                    }
                }
                _ => self.wrong(value, "table"),
            }
        }
        let of = |key: &str| found.get(key).copied().unwrap_or(Some(Severity::Warning));
        Severities {
            parity: of("parity"),
            typed_figures: of("typed_figures"),
            variance: of("variance"),
            missing_section: of("missing_section"),
            word_limit: of("word_limit"),
        }
    }

    fn number_format(&mut self, table: &DeTable) -> Option<NumberFormat> {
        let value = table.get("number_format")?;
        let DeValue::Table(format) = value.get_ref() else {
            self.wrong(value, "table");
            return None;
        };
        self.known(format, &["grouping", "decimal"]);
        Some(NumberFormat {
            grouping: self.string(format, "grouping").unwrap_or_default(),
            decimal: self.string(format, "decimal").unwrap_or_else(|| ".".to_owned()),
        })
    }

    fn doubled(&mut self, sections: &[ProfileSection]) {
        for (at, section) in sections.iter().enumerate() {
            if sections[..at].iter().any(|earlier| earlier.id == section.id) {
                let place = Place::line(self.file, section.line, 1);
                self.problems.push(Problem::error("profile-doubled-section").at(place).with("id", &section.id));
            }
        }
    }

    fn known(&mut self, table: &DeTable, keys: &[&'static str]) {
        for key in table.keys() {
            let written: &str = key.get_ref();
            if keys.contains(&written) {
                continue;
            }
            let mut problem = Problem::error("profile-unknown-key")
                .at(self.place(&key.span()))
                .with("key", written)
                .with("known", keys.join(", "));
            if let Some(near) = nearest(written, keys.iter().copied()) {
                problem = problem.variant("nearest").with("nearest", near);
            }
            self.problems.push(problem);
        }
    }

    fn string(&mut self, table: &DeTable, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(value, "text");
        }
        text
    }

    fn strings(&mut self, table: &DeTable, key: &str) -> Option<Vec<String>> {
        let value = table.get(key)?;
        let texts = value.get_ref().as_array().and_then(|array| {
            array.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.wrong(value, "list");
        }
        texts
    }

    fn texts(&mut self, table: &DeTable, key: &str) -> Text {
        let Some(value) = table.get(key) else { return Text::default() };
        let DeValue::Table(by_lang) = value.get_ref() else {
            self.wrong(value, "texts");
            return Text::default();
        };
        by_lang
            .iter()
            .filter_map(|(lang, text)| match text.get_ref().as_str() {
                Some(written) => Some((Lang::new(lang.get_ref()), written.to_owned())),
                None => {
                    self.wrong(text, "text");
                    None
                }
            })
            .collect()
    }

    fn flag(&mut self, table: &DeTable, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(value, "flag");
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
            self.wrong(value, "number");
        }
        number
    }

    /// `expected` names the wording of what should have stood there.
    fn wrong(&mut self, value: Value, expected: &'static str) {
        let place = self.place(&value.span());
        self.problems.push(Problem::error("profile-value").variant(expected).at(place));
    }

    fn not_among(&mut self, value: Value, written: &str, known: &[&'static str]) {
        let mut problem = Problem::error("profile-unknown-word")
            .at(self.place(&value.span()))
            .with("word", written)
            .with("known", known.join(", "));
        if let Some(near) = nearest(written, known.iter().copied()) {
            problem = problem.variant("nearest").with("nearest", near);
        }
        self.problems.push(problem);
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place::in_text(self.file, self.text, span.start)
    }
}
