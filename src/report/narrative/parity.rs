use std::collections::BTreeSet;

use super::prose_file::ProseFile;
use super::uses::{Use, UseCollector};
use super::{Narratives, SectionKey};
use crate::diagnostic::kinds::{self, Parity};
use crate::diagnostic::{Place, Problem, Severity};
use crate::model::{Lang, Lists, ReportSettings, Settings};

impl Narratives {
    /// Holds every language of a section or partial against the first that has it.
    pub(super) fn check_parity(&self, settings: &Settings, lists: Option<&Lists>, problems: &mut Vec<Problem>) {
        let sections: BTreeSet<(&str, Option<&str>, &str)> = self
            .sections
            .keys()
            .map(|key| (key.report.as_str(), key.period.as_deref(), key.section.as_str()))
            .collect();
        for (report, period, section) in sections {
            let key = |lang: &Lang| SectionKey {
                report: report.to_owned(),
                period: period.map(str::to_owned),
                section: section.to_owned(),
                lang: lang.clone(),
            };
            let structure_in =
                |lang: &Lang| self.sections.get(&key(lang)).map(|prose| Structure::from_prose(prose, lists));
            let severity = |first: &Lang, second: &Lang| parity_severity(settings, Some(report), first, second);
            // A file that can't be read is said at its place.
            let languages = languages_of_report(settings, report);
            let readable: Vec<Lang> =
                languages.into_iter().filter(|lang| !self.unread.contains_key(&key(lang))).collect();
            compare_languages(&readable, structure_in, severity, problems);
        }
        let partials: BTreeSet<&str> = self.partials.keys().map(|(name, _)| name.as_str()).collect();
        for name in partials {
            let structure_in = |lang: &Lang| {
                let prose = self.partials.get(&(name.to_owned(), lang.clone()));
                prose.map(|prose| Structure::from_prose(prose, lists))
            };
            let severity = |first: &Lang, second: &Lang| parity_severity(settings, None, first, second);
            compare_languages(&settings.languages, structure_in, severity, problems);
        }
    }
}

fn compare_languages(
    languages: &[Lang],
    structure_in: impl Fn(&Lang) -> Option<Structure>,
    severity: impl Fn(&Lang, &Lang) -> Severity,
    problems: &mut Vec<Problem>,
) {
    let Some((first, base)) = languages.iter().find_map(|lang| Some((lang, structure_in(lang)?))) else { return };
    for lang in languages.iter().filter(|lang| *lang != first) {
        match structure_in(lang) {
            // What can't be read is said at its place, and may be all that is different.
            Some(structure) if !base.is_whole || !structure.is_whole => {}
            Some(structure) => problems.extend(compare_structures(&base, &structure, severity(first, lang))),
            None => {
                let kind = kinds::MissingTranslation { language: lang.as_str().to_owned() };
                problems.push(Problem::new(severity(first, lang), kind).at(Place::file(&base.file)));
            }
        }
    }
}

/// The languages that a report is written in, in the project's order.
fn languages_of_report(settings: &Settings, report: &str) -> Vec<Lang> {
    let reports = || settings.reports.iter().filter(|settings| settings.name == report);
    let is_used = |lang: &&Lang| reports().any(|report| report.documents.iter().flatten().any(|own| own == *lang));
    settings.languages.iter().filter(is_used).cloned().collect()
}

/// An error where one document of the report, or of any report, holds both languages, else a warning.
fn parity_severity(settings: &Settings, report: Option<&str>, first: &Lang, second: &Lang) -> Severity {
    let holds_both = |report: &ReportSettings| {
        report.documents.iter().any(|languages| languages.contains(first) && languages.contains(second))
    };
    let mut reports = settings.reports.iter().filter(|settings| report.is_none_or(|name| settings.name == name));
    if reports.any(holds_both) { Severity::Error } else { Severity::Warning }
}

/// Something in a text that its translations have too.
#[derive(Clone, Debug)]
struct Feature {
    /// As it is written.
    text: String,
    /// The same in every language: of a value that is on a list, its code.
    key: String,
    place: Place,
}

impl Feature {
    fn new(text: String, place: Place) -> Feature {
        Feature { key: text.clone(), text, place }
    }
}

/// What has to be the same in every language of a section, in the order of the text.
#[derive(Clone, Debug, Default)]
struct Structure {
    /// `actual I14`: figures, claims, lists that are looped over, partials, charts and tables.
    uses: Vec<Feature>,
    headings: Vec<Feature>,
    lists: Vec<Feature>,
    tables: Vec<Feature>,
    images: Vec<Feature>,
    footnotes: Vec<Feature>,
    file: String,
    /// Nothing of it is missing because it can't be read.
    is_whole: bool,
}

impl Structure {
    fn from_prose(prose: &ProseFile, lists: Option<&Lists>) -> Structure {
        let ProseFile { source, nodes, masked, outline, .. } = prose;
        let mut uses = UseCollector { lists, uses: Vec::new() };
        uses.collect_nodes(nodes);
        let feature = |text: String, at: usize| Feature::new(text, source.place(masked.origin(at)));
        let feature_of_use = |Use { text, key, at }: Use| Feature { text, key, place: source.place(at) };
        Structure {
            uses: uses.uses.into_iter().map(feature_of_use).collect(),
            headings: outline.headings.iter().map(|(level, at)| feature(level.to_string(), *at)).collect(),
            lists: outline.lists.iter().map(|(items, at)| feature(items.to_string(), *at)).collect(),
            tables: outline
                .tables
                .iter()
                .map(|((rows, columns), at)| feature(format!("{rows} × {columns}"), *at))
                .collect(),
            images: outline.images.iter().map(|(image, at)| feature(shared_name(image, &source.file), *at)).collect(),
            footnotes: outline.footnotes.iter().map(|at| feature("footnote".to_owned(), *at)).collect(),
            is_whole: prose.syntax_problems.is_empty(),
            file: source.file.clone(),
        }
    }
}

/// The name of a picture without the language of the prose that shows it: `page.en.svg` of one language is `page.mk.svg`
/// of the other.
fn shared_name(image: &str, prose_file: &str) -> String {
    let tag = prose_file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')).map(|(_, tag)| format!(".{tag}."));
    match tag.and_then(|tag| image.rsplit_once(&tag)) {
        Some((stem, ending)) if !ending.contains(['.', '/']) => format!("{stem}.{ending}"),
        _ => image.to_owned(),
    }
}

/// Where two languages of a section differ; each problem names both places.
fn compare_structures(first: &Structure, second: &Structure, severity: Severity) -> Vec<Problem> {
    let mut comparison = StructureComparison { first, second, severity, problems: Vec::new() };
    comparison.compare_unordered(&first.uses, &second.uses, FeatureKind::Figure);
    comparison.compare_unordered(&first.images, &second.images, FeatureKind::Image);
    comparison.compare_ordered(&first.headings, &second.headings, FeatureKind::Heading);
    comparison.compare_ordered(&first.lists, &second.lists, FeatureKind::List);
    comparison.compare_ordered(&first.tables, &second.tables, FeatureKind::Table);
    comparison.compare_ordered(&first.footnotes, &second.footnotes, FeatureKind::Footnote);
    comparison.problems
}

#[derive(Clone, Copy)]
enum FeatureKind {
    Figure,
    Image,
    Heading,
    List,
    Table,
    Footnote,
}

impl FeatureKind {
    /// Both languages have it, but not the same.
    fn differing(self, first: String, second: String, file: String, other: String) -> Parity {
        match self {
            FeatureKind::Figure => Parity::Figure { first, second, file, other },
            FeatureKind::Image => Parity::Image { first, second, file, other },
            FeatureKind::Heading => Parity::Heading { first, second, file, other },
            FeatureKind::List => Parity::List { first, second, file, other },
            FeatureKind::Table => Parity::Table { first, second, file, other },
            FeatureKind::Footnote => Parity::Footnote { file, other },
        }
    }

    /// Only `file` has it.
    fn missing(self, what: String, file: String, other: String) -> Parity {
        match self {
            FeatureKind::Image => Parity::MissingImage { what, file, other },
            _ => Parity::MissingFigure { what, file, other },
        }
    }
}

struct StructureComparison<'a> {
    first: &'a Structure,
    second: &'a Structure,
    severity: Severity,
    problems: Vec<Problem>,
}

impl StructureComparison<'_> {
    /// Features that a language may put in another order within the section: what one has more of is paired with what the
    /// other has more of.
    fn compare_unordered(&mut self, a: &[Feature], b: &[Feature], feature: FeatureKind) {
        let (only_a, only_b) = (surplus(a, b), surplus(b, a));
        let (first, second) = (&self.first.file, &self.second.file);
        for at in 0..only_a.len().max(only_b.len()) {
            let (kind, places) = match (only_a.get(at), only_b.get(at)) {
                (Some(left), Some(right)) => (
                    feature.differing(left.text.clone(), right.text.clone(), first.clone(), second.clone()),
                    [left.place.clone(), right.place.clone()],
                ),
                (Some(only), None) => (
                    feature.missing(only.text.clone(), first.clone(), second.clone()),
                    [only.place.clone(), place_of_missing(&only.place, a, b, second)],
                ),
                (None, Some(only)) => (
                    feature.missing(only.text.clone(), second.clone(), first.clone()),
                    [place_of_missing(&only.place, b, a, first), only.place.clone()],
                ),
                (None, None) => continue,
            };
            let [place_in_first, place_in_second] = places;
            self.problems.push(Problem::new(self.severity, kind).at(place_in_first).at(place_in_second));
        }
    }

    /// Features whose order is the same in every language: reports the first difference.
    fn compare_ordered(&mut self, a: &[Feature], b: &[Feature], feature: FeatureKind) {
        let length = a.len().max(b.len());
        let key_at = |features: &[Feature], at: usize| features.get(at).map(|feature| feature.key.clone());
        let Some(at) = (0..length).find(|at| key_at(a, *at) != key_at(b, *at)) else { return };
        let place = |features: &[Feature], structure: &Structure| match features.get(at).or(features.last()) {
            Some(feature) => feature.place.clone(),
            None => Place::line(&structure.file, 1, 1),
        };
        let text =
            |features: &[Feature]| features.get(at).map_or_else(|| "—".to_owned(), |feature| feature.text.clone());
        let kind = feature.differing(text(a), text(b), self.first.file.clone(), self.second.file.clone());
        let problem = Problem::new(self.severity, kind);
        self.problems.push(problem.at(place(a, self.first)).at(place(b, self.second)));
    }
}

/// What `a` has more of than `b`.
fn surplus<'a>(a: &'a [Feature], b: &[Feature]) -> Vec<&'a Feature> {
    let mut unmatched: Vec<&str> = b.iter().map(|feature| feature.key.as_str()).collect();
    a.iter()
        .filter(|feature| match unmatched.iter().position(|other| *other == feature.key) {
            Some(at) => {
                unmatched.swap_remove(at);
                false
            }
            None => true,
        })
        .collect()
}

/// Where a feature at a place of the other language belongs in this one: at what corresponds to the feature before it there.
fn place_of_missing(place: &Place, others: &[Feature], own: &[Feature], file: &str) -> Place {
    let before = others.iter().take_while(|other| other.place < *place).last();
    let found = before.and_then(|before| own.iter().find(|other| other.key == before.key));
    found.map_or_else(|| Place::line(file, 1, 1), |found| found.place.clone())
}
