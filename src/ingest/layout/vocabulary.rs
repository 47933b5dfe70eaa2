use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::TableKind;
use super::name_words::{NameWords, NameWordsFile};
use super::period_words::PeriodWords;
use crate::fold;
use crate::model::Lang;

static HEADINGS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/headings.toml"));

/// `templates/headings.toml`: the words that tables are read by, folded for comparison.
pub struct Vocabulary {
    languages: BTreeMap<String, Lang>,
    tables: BTreeMap<TableKind, Vec<ContractColumn>>,
    /// Folded name → index of the column, by table.
    named: BTreeMap<TableKind, HashMap<String, usize>>,
    named_in_language: BTreeMap<TableKind, HashMap<String, usize>>,
    pub(crate) name_words: NameWords,
    /// How words of headings begin that are about telephones.
    telephone_stems: Vec<String>,
    /// Headings of a column that names the paper a row was typed from.
    documents: Vec<String>,
    /// What is written for a name that isn't known.
    no_names: HashSet<String>,
    /// How a heading is read together with the one above it: texts with `{above}` and `{own}`.
    pub(super) group_forms: Vec<String>,
    pub(super) totals: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(crate) placeholders: Vec<String>,
    /// [`fold::first_letter_and_length`] of each of them.
    pub(crate) placeholder_shapes: HashSet<(char, usize)>,
    pub(crate) none_words: Vec<String>,
    /// Words that join several values in one cell.
    pub(crate) joining_words: Vec<String>,
    /// What a text file holds where a formula failed.
    pub(crate) error_words: HashSet<String>,
    pub(crate) about: Vec<String>,
    pub(crate) approximately: Vec<String>,
    pub(crate) year_marks: Vec<String>,
    /// Units that are a percentage.
    pub(crate) percent_units: Vec<String>,
    /// Words that say of a number of years: or more.
    pub(crate) over_words: Vec<String>,
    /// Month's name → its number.
    pub(crate) months: BTreeMap<String, i8>,
    /// What periods are called.
    pub(crate) periods: PeriodWords,
}

/// A column of the contract.
#[derive(Clone, Debug)]
pub struct ContractColumn {
    /// As project.toml and messages write it.
    pub name: String,
    /// A table without it is an error.
    pub required: bool,
    /// Of the columns that share this, one is required.
    pub one_of: Option<String>,
    /// Its heading may carry a language.
    pub text: bool,
    /// Folded headings.
    pub names: Vec<String>,
    /// Some of the headings as they are written, of each alphabet.
    pub examples: Vec<String>,
    /// Headings that name several columns (`Activity` is its code or its title): they count for the first of these
    /// columns that no other heading names.
    pub weak: Vec<String>,
    /// HXL tags: the tag and its attributes.
    pub hxl: Vec<(String, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadingsFile {
    languages: BTreeMap<String, Vec<String>>,
    activities: TableColumns,
    participants: TableColumns,
    attendance: TableColumns,
    results: TableColumns,
    indicators: TableColumns,
    targets: TableColumns,
    reported: TableColumns,
    lists: TableColumns,
    names: NameWordsFile,
    telephones: TelephoneWords,
    documents: DocumentWords,
    groups: GroupForms,
    rows: RowWords,
    cells: CellWords,
    months: BTreeMap<String, Vec<String>>,
    periods: PeriodWords,
}

/// In the order of the file, which is the contract's.
type TableColumns = toml::Table;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VocabularyColumn {
    #[serde(default)]
    required: bool,
    one_of: Option<String>,
    #[serde(default)]
    text: bool,
    names: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    hxl: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TelephoneWords {
    stems: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentWords {
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupForms {
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowWords {
    totals: Vec<String>,
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CellWords {
    placeholders: Vec<String>,
    none_words: Vec<String>,
    joining_words: Vec<String>,
    error_words: HashSet<String>,
    no_names: Vec<String>,
    about: Vec<String>,
    approximately: Vec<String>,
    year_marks: Vec<String>,
    percent_units: Vec<String>,
    over_words: Vec<String>,
}

/// The shipped vocabulary. It is part of the program: a fault in it is a fault of the program, and a test reads it.
pub fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let file: HeadingsFile =
            toml::from_str(HEADINGS).unwrap_or_else(|error| panic!("templates/headings.toml: {error}"));
        Vocabulary::new(file)
    })
}

impl Vocabulary {
    fn new(file: HeadingsFile) -> Vocabulary {
        let tables = [
            (TableKind::Activities, file.activities),
            (TableKind::Participants, file.participants),
            (TableKind::Attendance, file.attendance),
            (TableKind::Results, file.results),
            (TableKind::Indicators, file.indicators),
            (TableKind::Targets, file.targets),
            (TableKind::Reported, file.reported),
            (TableKind::Lists, file.lists),
        ];
        let mut by_kind: BTreeMap<TableKind, Vec<ContractColumn>> =
            tables.into_iter().map(|(kind, table)| (kind, table.into_iter().map(contract_column).collect())).collect();
        add_participant_columns(&mut by_kind);
        let named = index_by_name(&by_kind, |column| column.names.clone());
        let in_language = |column: &ContractColumn| {
            let shared = column.weak.iter().filter(|_| column.text);
            column.names.iter().chain(shared).cloned().collect()
        };
        let named_in_language = index_by_name(&by_kind, in_language);
        let languages = file
            .languages
            .into_iter()
            .flat_map(|(tag, names)| {
                names.into_iter().map(move |name| (fold::heading_key(&name), Lang::new(&tag))).collect::<Vec<_>>()
            })
            .collect();
        let months = file
            .months
            .into_iter()
            .filter_map(|(number, names)| number.parse().ok().map(|number: i8| (number, names)))
            .flat_map(|(number, names)| {
                names.into_iter().map(move |name| (fold::code_key(&name), number)).collect::<Vec<_>>()
            })
            .collect();
        let codes = |texts: Vec<String>| texts.iter().map(|text| fold::code_key(text)).collect::<Vec<_>>();
        let headings = |texts: Vec<String>| texts.iter().map(|text| fold::heading_key(text)).collect::<Vec<_>>();
        let placeholders = codes(file.cells.placeholders);
        Vocabulary {
            languages,
            tables: by_kind,
            named,
            named_in_language,
            name_words: NameWords::new(file.names),
            telephone_stems: headings(file.telephones.stems),
            documents: headings(file.documents.names),
            no_names: headings(file.cells.no_names).into_iter().collect(),
            group_forms: file.groups.forms,
            totals: headings(file.rows.totals),
            notes: headings(file.rows.notes),
            placeholder_shapes: placeholders.iter().filter_map(|key| fold::first_letter_and_length(key)).collect(),
            placeholders,
            none_words: codes(file.cells.none_words),
            joining_words: codes(file.cells.joining_words),
            error_words: file.cells.error_words,
            about: longest_first(codes(file.cells.about)),
            approximately: longest_first(codes(file.cells.approximately)),
            year_marks: longest_first(codes(file.cells.year_marks)),
            percent_units: codes(file.cells.percent_units),
            over_words: codes(file.cells.over_words),
            months,
            periods: file.periods.folded(),
        }
    }

    /// The contract's columns of a table, in its order; for attendance those of participants follow.
    pub fn columns(&self, kind: TableKind) -> &[ContractColumn] {
        self.tables.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// The contract's column of that name.
    pub fn column(&self, kind: TableKind, name: &str) -> Option<&ContractColumn> {
        self.columns(kind).iter().find(|column| column.name == name)
    }

    /// The index of the first column of a table that a folded heading names.
    pub fn find_column(&self, kind: TableKind, key: &str) -> Option<usize> {
        let known = self.named.get(&kind)?.get(key).copied();
        known.or_else(|| self.find_name_column(kind, key))
    }

    /// The index of the column of names that a folded heading names in words put together.
    fn find_name_column(&self, kind: TableKind, key: &str) -> Option<usize> {
        if !matches!(kind, TableKind::Participants | TableKind::Attendance) {
            return None;
        }
        let name = self.name_words.find_column(key)?;
        self.columns(kind).iter().position(|column| column.name == name)
    }

    /// Whether a column of this name says which paper a row was typed from: the number of a signed list, say.
    pub(crate) fn is_of_documents(&self, name: &str) -> bool {
        self.documents.contains(&fold::heading_key(name))
    }

    /// Whether a heading is one of telephone numbers.
    pub(crate) fn is_of_telephones(&self, heading: &str) -> bool {
        let key = fold::heading_key(heading);
        key.split(' ').any(|word| self.telephone_stems.iter().any(|stem| word.starts_with(stem.as_str())))
    }

    /// Whether a text says that a name isn't known.
    pub(crate) fn is_no_name(&self, text: &str) -> bool {
        self.no_names.contains(&fold::heading_key(text))
    }

    /// [`Vocabulary::find_column`] of a heading without the language that it ended with. For a text, a shared name will do.
    pub fn find_column_in_language(&self, kind: TableKind, key: &str) -> Option<usize> {
        let known = self.named_in_language.get(&kind)?.get(key).copied();
        known.or_else(|| self.find_name_column(kind, key))
    }

    /// Whether a text is a heading of any table.
    pub(crate) fn is_heading(&self, text: &str) -> bool {
        if text.len() > 200 {
            return false;
        }
        let key = fold::heading_key(text);
        self.tables.values().flatten().any(|column| column.names.contains(&key) || column.weak.contains(&key))
    }

    /// The language that a folded word names.
    pub fn language(&self, key: &str) -> Option<&Lang> {
        self.languages.get(key)
    }
}

/// Name → index of the first column that has it, by table: every text that may be a heading is looked up in every table.
fn index_by_name(
    tables: &BTreeMap<TableKind, Vec<ContractColumn>>,
    names: impl Fn(&ContractColumn) -> Vec<String>,
) -> BTreeMap<TableKind, HashMap<String, usize>> {
    let index_table = |columns: &[ContractColumn]| {
        let mut places = HashMap::new();
        for (at, column) in columns.iter().enumerate() {
            for name in names(column) {
                places.entry(name).or_insert(at);
            }
        }
        places
    };
    tables.iter().map(|(kind, columns)| (*kind, index_table(columns))).collect()
}

/// Attendance may hold the persons' columns too: a single sheet is as good as two.
fn add_participant_columns(tables: &mut BTreeMap<TableKind, Vec<ContractColumn>>) {
    let own = tables.get(&TableKind::Attendance).cloned().unwrap_or_default();
    let taken = |name: &String| own.iter().any(|column| column.names.contains(name));
    let persons: Vec<ContractColumn> = tables
        .get(&TableKind::Participants)
        .into_iter()
        .flatten()
        .filter(|column| own.iter().all(|own| own.name != column.name))
        .cloned()
        .map(|mut column| {
            column.names.retain(|name| !taken(name));
            column
        })
        .collect();
    tables.entry(TableKind::Attendance).or_default().extend(persons);
}

fn contract_column((name, value): (String, toml::Value)) -> ContractColumn {
    let written: VocabularyColumn =
        value.try_into().unwrap_or_else(|error| panic!("templates/headings.toml, {name}: {error}"));
    let mut names: Vec<String> = written.names.iter().map(|text| fold::heading_key(text)).collect();
    let weak: Vec<String> = written.weak.iter().map(|text| fold::heading_key(text)).collect();
    let own = fold::heading_key(&name);
    if !names.contains(&own) && !weak.contains(&own) {
        names.push(own);
    }
    let hxl = written.hxl.iter().filter_map(|tag| parse_hxl_tag(tag)).collect();
    let examples = example_headings(&written.names);
    let VocabularyColumn { required, one_of, text, .. } = written;
    ContractColumn { name, required, one_of, text, names, examples, weak, hxl }
}

/// How many headings of each alphabet a message gives as examples.
const EXAMPLES: usize = 2;

/// The first headings in Latin letters, and the first in others.
fn example_headings(names: &[String]) -> Vec<String> {
    let (latin, other): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.is_ascii());
    latin.into_iter().take(EXAMPLES).chain(other.into_iter().take(EXAMPLES)).cloned().collect()
}

/// `#activity+code+en` → `activity`, its attributes in order.
pub(super) fn parse_hxl_tag(text: &str) -> Option<(String, Vec<String>)> {
    let rest = text.trim().strip_prefix('#')?;
    let mut parts = rest.split('+').map(|part| part.trim().to_lowercase());
    let tag = parts.next()?;
    let is_sound = |part: &String| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let attributes: Vec<String> = parts.collect();
    (is_sound(&tag) && attributes.iter().all(is_sound)).then_some((tag, attributes))
}

fn longest_first(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}
