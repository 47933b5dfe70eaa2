//! `[privacy]`, and what reports say of the same for themselves.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::DeValue;

use super::named_files::read_key;
use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::Place;
use crate::model::{Participants, Privacy};

/// What annexes show of participants, by its names in project.toml.
pub const PARTICIPANTS: [(&str, Participants); 3] = [
    ("none", Participants::None),
    ("pseudonymised", Participants::Pseudonymised),
    ("detailed", Participants::Detailed),
];

/// The limit of a project that sets none.
const DEFAULT_LIMIT: u32 = 5;

/// Limits above this are mistakes.
const HIGHEST_LIMIT: u64 = 1000;

/// `suppress_below`: a number, or a table of a default and of limits by axis.
pub struct SuppressBelow {
    /// Below this number parts are hidden; 0: off.
    pub default: u32,
    /// Limits of single axes, as `by` writes them.
    pub by_axis: BTreeMap<String, u32>,
}

/// An axis that a limit names; which there are is known once the tables are read.
pub struct LimitedAxis {
    /// As written.
    pub name: String,
    /// Where.
    pub place: Place,
    /// Name of the report whose limit it is; of the project's, none.
    pub report: Option<String>,
}

/// Reads `[privacy]`, which may be missing, and adds the axes that it limits.
pub fn read_privacy<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    folder: &Path,
    limited_axes: &mut Vec<LimitedAxis>,
) -> Privacy {
    let mut privacy = Privacy {
        suppress_below: DEFAULT_LIMIT,
        limits_by_axis: BTreeMap::new(),
        participants: Participants::None,
        key: None,
        public: Vec::new(),
    };
    let Some(keys) = keys.take("privacy").and_then(|node| reader.keys(&node)) else { return privacy };
    if let Some(limits) = read_suppress_below(reader, &keys, DEFAULT_LIMIT, None, limited_axes) {
        (privacy.suppress_below, privacy.limits_by_axis) = (limits.default, limits.by_axis);
    }
    if let Some(kind) = keys.take("participants").and_then(|node| reader.choice(&node, &PARTICIPANTS)) {
        privacy.participants = kind;
    }
    if let Some(node) = keys.take("public") {
        privacy.public = reader.strings(&node).into_iter().map(|(text, _)| text).collect();
    }
    privacy.key = keys.take("key_file").and_then(|node| read_key(reader, folder, &node));
    keys.finish(reader);
    privacy
}

/// Reads `suppress_below` of the project or of a report, and adds the axes that it names; `default` is the limit of a table
/// that names none.
pub fn read_suppress_below<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    default: u32,
    report: Option<&str>,
    limited_axes: &mut Vec<LimitedAxis>,
) -> Option<SuppressBelow> {
    let node = keys.take("suppress_below")?;
    let DeValue::Table(_) = node.value else {
        return Some(SuppressBelow { default: read_limit(reader, &node)?, by_axis: BTreeMap::new() });
    };
    let mut limits = SuppressBelow { default, by_axis: BTreeMap::new() };
    for (name, span, node) in reader.keys(&node)?.entries() {
        let Some(limit) = read_limit(reader, &node) else { continue };
        if name == "default" {
            limits.default = limit;
        } else {
            let name = name.trim().to_owned();
            limits.by_axis.insert(name.clone(), limit);
            limited_axes.push(LimitedAxis { name, place: reader.place(&span), report: report.map(str::to_owned) });
        }
    }
    Some(limits)
}

fn read_limit<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Option<u32> {
    reader.integer(node, 0..=HIGHEST_LIMIT).map(|limit| limit as u32)
}
