//! Exports of forms, as `source` names them, and the sheet that a repeat of a form belongs to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::toml_reader::{TomlKeys, TomlNode, TomlReader};
use crate::diagnostic::Place;
use crate::ingest::layout::TableKind;

static PRESETS: LazyLock<BTreeMap<String, FormPreset>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../templates/forms.toml"))
        .unwrap_or_else(|error| panic!("templates/forms.toml: {error}"))
});

/// `templates/forms.toml`: what the exports of one program have in common.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormPreset {
    /// The heading of a parent's key.
    pub key: String,
    /// The heading of the parent's key in a repeat.
    pub reference: String,
    /// Other columns that name the form of a repeat: the form's heading, and the repeat's.
    #[serde(default)]
    pub links: Vec<[String; 2]>,
    /// The sheet of parents.
    pub parent_sheet: Option<String>,
    /// The heading of a column that names the sheet of parents.
    pub parent_column: Option<String>,
    /// What parts the last piece of a repeat's file name, without which it is the parent's.
    pub file_separator: Option<String>,
    /// The separator of a group and its question.
    pub groups: Vec<String>,
    /// The separator of several answers in one cell.
    pub split: Vec<String>,
    /// The headings of the validation status.
    #[serde(default)]
    pub status: Vec<String>,
    /// What a word of the status may begin with.
    #[serde(default)]
    pub status_prefix: String,
    /// Headings of columns that are no answers.
    pub about: Vec<String>,
}

/// The programs whose exports are known, by their names in project.toml.
pub fn form_presets() -> impl Iterator<Item = (&'static str, &'static FormPreset)> {
    PRESETS.iter().map(|(name, preset)| (name.as_str(), preset))
}

/// Where the rows that a repeat belongs to are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParentPlan {
    /// Relative to the project's folder; `None`: the repeat's own.
    pub file: Option<(String, Place)>,
    /// `None`: as the form's program says, or the file's only one.
    pub sheet: Option<(String, Place)>,
    /// The heading of their key; `None`: the form's program says.
    pub key: Option<String>,
    /// The heading of that key in the repeat; `None`: the form's program says.
    pub reference: Option<String>,
    /// Where the rows are that these belong to themselves; `None`: the form's program says, if anything.
    pub above: Option<Box<ParentPlan>>,
}

/// A table that comes from a form.
#[derive(Clone, Debug, PartialEq)]
pub struct FormPlan {
    /// `None` where project.toml says all by itself.
    pub preset: Option<&'static FormPreset>,
    /// `parent`, where it is said.
    pub parent: Option<ParentPlan>,
    /// `accept`: the words of the status whose rows are used, and the place that says so.
    pub accept: Option<(Vec<String>, Place)>,
    /// The place of `source` or `parent`.
    pub place: Place,
}

impl FormPlan {
    /// The heading of the parent's key in a repeat.
    pub fn reference(&self) -> Option<&str> {
        let own = self.parent.as_ref().and_then(|parent| parent.reference.as_deref());
        own.or(self.preset.map(|preset| preset.reference.as_str()))
    }

    /// The heading of a parent's key.
    pub fn key(&self) -> Option<&str> {
        let own = self.parent.as_ref().and_then(|parent| parent.key.as_deref());
        own.or(self.preset.map(|preset| preset.key.as_str()))
    }

    /// The plan of the sheet of parents, whose rows may belong to those of another one; `None`: nothing says that they do.
    pub fn of_parent(&self) -> Option<FormPlan> {
        let parent = self.parent.as_ref().and_then(|parent| parent.above.as_deref()).cloned();
        (parent.is_some() || self.preset.is_some()).then(|| FormPlan { parent, ..self.clone() })
    }
}

/// Tables that may come from a form, besides lists.
const OF_FORMS: [TableKind; 3] = [TableKind::Activities, TableKind::Participants, TableKind::Attendance];

/// Reads `source`, `parent` and `accept`. The second is whether the table is the choices of an XLSForm.
pub(super) fn read_form<'a>(reader: &TomlReader<'a>, kind: TableKind, keys: &TomlKeys<'a>) -> (Option<FormPlan>, bool) {
    if kind == TableKind::Lists {
        let source = keys.take("source").and_then(|node| reader.choice(&node, &[("xlsform", ())]));
        return (None, source.is_some());
    }
    if !OF_FORMS.contains(&kind) {
        return (None, false);
    }
    let known: Vec<(&str, &'static FormPreset)> =
        PRESETS.iter().map(|(name, preset)| (name.as_str(), preset)).collect();
    let source = keys.take("source");
    let parent = keys.take("parent");
    let accept = keys.take("accept");
    let place = source.as_ref().or(parent.as_ref()).or(accept.as_ref()).map(|node| reader.place(&node.span));
    let preset = source.and_then(|node| reader.choice(&node, &known));
    let parent = parent.and_then(|node| read_parent(reader, &node, preset.is_some()));
    let accept = accept.map(|node| {
        let words = reader.strings(&node).into_iter().map(|(text, _)| text).collect();
        (words, reader.place(&node.span))
    });
    (place.map(|place| FormPlan { preset, parent, accept, place }), false)
}

/// `{ sheet = "visits", key = "_index", reference = "_parent_index" }`, with a `parent` of its own where its rows belong to
/// others.
fn read_parent<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>, has_preset: bool) -> Option<ParentPlan> {
    let keys = reader.keys(node)?;
    let text =
        |key: &'static str| keys.take(key).and_then(|node| Some((reader.string(&node)?, reader.place(&node.span))));
    let plan = ParentPlan {
        file: text("file"),
        sheet: text("sheet"),
        key: text("key").map(|(text, _)| text),
        reference: text("reference").map(|(text, _)| text),
        above: keys.take("parent").and_then(|node| read_parent(reader, &node, has_preset)).map(Box::new),
    };
    let is_whole = has_preset || plan.key.is_some() && plan.reference.is_some();
    if !is_whole {
        let key = if plan.key.is_none() { "key" } else { "reference" };
        reader.report_missing(&keys.span, &keys, key);
    }
    keys.finish(reader);
    Some(plan)
}
