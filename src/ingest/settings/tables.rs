//! `[tables.X]`: where each table is and how its columns are headed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::de::DeValue;

use super::folder;
use super::keys::{Keys, Node, Page};
use crate::diagnostic::{Place, Problem, nearest};
use crate::ingest::fold;
use crate::ingest::layout::{Mapped, Mapping, TableKind, vocabulary};
use crate::model::Lang;

/// What project.toml says of one table. A table it doesn't mention is looked for in the whole folder.
#[derive(Clone, Debug)]
pub struct TablePlan {
    pub kind: TableKind,
    /// Paths relative to the project's folder, in their order; none: look everywhere.
    pub files: Vec<(String, Place)>,
    /// It names a file that can't be had, as was told; nothing else is taken in its place.
    pub lost: bool,
    pub sheet: Option<(String, Place)>,
    pub columns: Mapping,
    /// Where each of `columns` stands.
    pub column_places: BTreeMap<String, Place>,
    pub place: Place,
}

pub fn read<'a>(page: &Page<'a>, keys: &Keys<'a>, root: &Path) -> Vec<TablePlan> {
    let Some(tables) = keys.take("tables").and_then(|node| page.keys(&node)) else { return Vec::new() };
    let mut plans = Vec::new();
    for kind in TableKind::ALL {
        let Some(node) = tables.take(kind.name()) else { continue };
        let Some(keys) = page.keys(&node) else { continue };
        plans.push(plan(page, root, kind, &keys));
        keys.finish(page);
    }
    tables.finish(page);
    plans
}

fn plan<'a>(page: &Page<'a>, root: &Path, kind: TableKind, keys: &Keys<'a>) -> TablePlan {
    let mut named: Vec<Node<'a>> = keys.take("file").into_iter().collect();
    named.extend(keys.take("files").map(|node| page.array(&node)).unwrap_or_default());
    let mut files: Vec<(String, Place)> = Vec::new();
    let mut lost = false;
    for node in &named {
        let Some(file) = folder::named_file(page, root, node) else {
            lost = true;
            continue;
        };
        if files.iter().any(|(other, _)| *other == file) {
            page.problem(Problem::error("duplicate-file").at(page.place(&node.span)).with("file", file));
        } else {
            files.push((file, page.place(&node.span)));
        }
    }
    let sheet = keys.take("sheet").and_then(|node| Some((page.string(&node)?, page.place(&node.span))));
    let mut plan = TablePlan {
        kind,
        files,
        lost,
        sheet,
        columns: Mapping::new(),
        column_places: BTreeMap::new(),
        place: page.place(&keys.span),
    };
    if let Some(keys) = keys.take("columns").and_then(|node| page.keys(&node)) {
        columns(page, &mut plan, &keys);
    }
    plan
}

fn columns<'a>(page: &Page<'a>, plan: &mut TablePlan, keys: &Keys<'a>) {
    for (key, key_span, node) in keys.all() {
        match node.value {
            // title = { mk = "Наслов", en = "Title" }, or the dotted title.mk = "Наслов"
            DeValue::Table(_) => {
                let Some(by_lang) = page.keys(&node) else { continue };
                for (lang, _, heading) in by_lang.all() {
                    column(page, plan, key, Some(Lang::new(lang)), &key_span, &heading);
                }
            }
            _ => {
                let (name, lang) = split_language(key);
                column(page, plan, name, lang, &key_span, &node);
            }
        }
    }
}

fn column<'a>(
    page: &Page<'a>,
    plan: &mut TablePlan,
    name: &str,
    lang: Option<Lang>,
    key_span: &Range<usize>,
    node: &Node<'a>,
) {
    let known: Vec<&str> = vocabulary().columns(plan.kind).iter().map(|column| column.name.as_str()).collect();
    // A name of the project's own becomes an attribute; one that is nearly the contract's is a slip.
    if !known.contains(&name) && nearest(name, known.iter().copied()).is_some() {
        page.unknown("unknown-key", key_span, name, known.iter().copied(), |problem| {
            problem.with("table", format!("tables.{}.columns", plan.kind.name()))
        });
        return;
    }
    let heading = match node.value {
        DeValue::Boolean(false) => None,
        DeValue::String(_) => match page.string(node) {
            Some(heading) => Some(heading),
            None => return,
        },
        _ => {
            page.wrong_type(node, "heading");
            return;
        }
    };
    plan.column_places.entry(name.to_owned()).or_insert_with(|| page.place(&node.span));
    match (heading, lang) {
        (None, _) => {
            plan.columns.insert(name.to_owned(), Mapped::Skip);
        }
        (Some(heading), None) => {
            plan.columns.insert(name.to_owned(), Mapped::Heading(heading));
        }
        (Some(heading), Some(lang)) => {
            let mapped = plan.columns.entry(name.to_owned()).or_insert_with(|| Mapped::ByLang(BTreeMap::new()));
            if let Mapped::ByLang(by_lang) = mapped {
                by_lang.insert(lang, heading);
            }
        }
    }
}

/// `title (mk)` and `title_mk` as `title` and `mk`.
fn split_language(key: &str) -> (&str, Option<Lang>) {
    let parts = match key.strip_suffix(')') {
        Some(open) => open.rsplit_once('('),
        None => key.rsplit_once(['_', '.']),
    };
    let named = parts.and_then(|(name, lang)| Some((name.trim(), vocabulary().language(&fold::heading_key(lang))?)));
    match named {
        Some((name, lang)) if !name.is_empty() => (name, Some(lang.clone())),
        _ => (key, None),
    }
}
