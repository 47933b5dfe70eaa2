use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::TableKind;
use crate::ingest::fold;
use crate::model::Lang;

static HEADINGS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/headings.toml"));

/// `templates/headings.toml`: the words that tables are read by, folded for comparison.
pub struct Vocabulary {
    languages: BTreeMap<String, Lang>,
    tables: BTreeMap<TableKind, Vec<Column>>,
    named: BTreeMap<TableKind, HashMap<String, usize>>,
    named_in_language: BTreeMap<TableKind, HashMap<String, usize>>,
    pub(super) totals: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(crate) placeholders: Vec<String>,
    /// [`fold::first_letter_and_length`] of each of them.
    pub(crate) placeholder_shapes: HashSet<(char, usize)>,
    pub(crate) about: Vec<String>,
    pub(crate) approximately: Vec<String>,
    pub(crate) year_marks: Vec<String>,
    /// Month's name → its number.
    pub(crate) months: BTreeMap<String, i8>,
}

/// A column of the contract.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub required: bool,
    /// Of the columns that share this, one is required.
    pub one_of: Option<String>,
    /// Its heading may carry a language.
    pub text: bool,
    /// Folded headings.
    pub names: Vec<String>,
    /// Headings that name several columns (`Activity` is its code or its title): they count for the first of these
    /// columns that no other heading names.
    pub weak: Vec<String>,
    /// HXL tags: the tag and its attributes.
    pub hxl: Vec<(String, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    languages: BTreeMap<String, Vec<String>>,
    activities: Written,
    participants: Written,
    attendance: Written,
    results: Written,
    indicators: Written,
    targets: Written,
    reported: Written,
    lists: Written,
    rows: Rows,
    cells: Cells,
    months: BTreeMap<String, Vec<String>>,
}

/// In the order of the file, which is the contract's.
type Written = toml::Table;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumn {
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
struct Rows {
    totals: Vec<String>,
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cells {
    placeholders: Vec<String>,
    about: Vec<String>,
    approximately: Vec<String>,
    year_marks: Vec<String>,
}

/// The shipped vocabulary. It is part of the program, so that a fault in it is a fault of the program; a test reads it.
pub fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let file: File = toml::from_str(HEADINGS).unwrap_or_else(|error| panic!("templates/headings.toml: {error}"));
        Vocabulary::new(file)
    })
}

impl Vocabulary {
    fn new(file: File) -> Vocabulary {
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
        let mut by_kind: BTreeMap<TableKind, Vec<Column>> =
            tables.into_iter().map(|(kind, table)| (kind, table.into_iter().map(column).collect())).collect();
        join_participants(&mut by_kind);
        let named = by_names(&by_kind, |column| column.names.clone());
        let in_language = |column: &Column| {
            let shared = column.weak.iter().filter(|_| column.text);
            column.names.iter().chain(shared).cloned().collect()
        };
        let named_in_language = by_names(&by_kind, in_language);
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
            totals: headings(file.rows.totals),
            notes: headings(file.rows.notes),
            placeholder_shapes: placeholders.iter().filter_map(|key| fold::first_letter_and_length(key)).collect(),
            placeholders,
            about: longest_first(codes(file.cells.about)),
            approximately: longest_first(codes(file.cells.approximately)),
            year_marks: longest_first(codes(file.cells.year_marks)),
            months,
        }
    }

    /// The contract's columns of a table, in its order; for attendance those of participants follow.
    pub fn columns(&self, kind: TableKind) -> &[Column] {
        self.tables.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn column(&self, kind: TableKind, name: &str) -> Option<&Column> {
        self.columns(kind).iter().find(|column| column.name == name)
    }

    /// The place of the first column of a table that a folded heading names.
    pub fn named(&self, kind: TableKind, key: &str) -> Option<usize> {
        self.named.get(&kind)?.get(key).copied()
    }

    /// The same of a heading without the language that it ends with: of a text, a shared name will do.
    pub fn named_in_language(&self, kind: TableKind, key: &str) -> Option<usize> {
        self.named_in_language.get(&kind)?.get(key).copied()
    }

    /// Whether a text is a heading of any table, to tell headings from other lines.
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

/// By table and name the place of the first column that has it: every text that may be a heading is asked for in every table.
fn by_names(
    tables: &BTreeMap<TableKind, Vec<Column>>,
    names: impl Fn(&Column) -> Vec<String>,
) -> BTreeMap<TableKind, HashMap<String, usize>> {
    let of_table = |columns: &[Column]| {
        let mut places = HashMap::new();
        for (at, column) in columns.iter().enumerate() {
            for name in names(column) {
                places.entry(name).or_insert(at);
            }
        }
        places
    };
    tables.iter().map(|(kind, columns)| (*kind, of_table(columns))).collect()
}

/// A single sheet of attendance with the persons' columns in it is as good as two.
fn join_participants(tables: &mut BTreeMap<TableKind, Vec<Column>>) {
    let own = tables.get(&TableKind::Attendance).cloned().unwrap_or_default();
    let taken = |name: &String| own.iter().any(|column| column.names.contains(name));
    let persons: Vec<Column> = tables
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

fn column((name, value): (String, toml::Value)) -> Column {
    let written: WrittenColumn =
        value.try_into().unwrap_or_else(|error| panic!("templates/headings.toml, {name}: {error}"));
    let mut names: Vec<String> = written.names.iter().map(|text| fold::heading_key(text)).collect();
    let weak: Vec<String> = written.weak.iter().map(|text| fold::heading_key(text)).collect();
    let own = fold::heading_key(&name);
    if !names.contains(&own) && !weak.contains(&own) {
        names.push(own);
    }
    let hxl = written.hxl.iter().filter_map(|tag| hxl_tag(tag)).collect();
    Column { name, required: written.required, one_of: written.one_of, text: written.text, names, weak, hxl }
}

/// `#activity+code+en` → `activity`, its attributes in order.
pub(super) fn hxl_tag(text: &str) -> Option<(String, Vec<String>)> {
    let rest = text.trim().strip_prefix('#')?;
    let mut parts = rest.split('+').map(|part| part.trim().to_lowercase());
    let tag = parts.next()?;
    let sound = |part: &String| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let attributes: Vec<String> = parts.collect();
    (sound(&tag) && attributes.iter().all(sound)).then_some((tag, attributes))
}

fn longest_first(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}
