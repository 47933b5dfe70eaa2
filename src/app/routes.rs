//! What is behind each path of a project.

use std::fs;

use serde::Serialize;

use super::MessageLanguage;
use super::answer::{Content, MediaType};
use super::decisions::decisions_about;
use super::form_cells::form_cells;
use super::hidden_parts::hidden_parts;
use super::outputs_view::{output_path, sent_files};
use super::project_list::ProjectList;
use super::project_view::problem_groups;
use super::projects::AppProject;
use super::reading::{Drawable, Reading};
use super::recognised_tables::recognised_tables;
use super::server::AppState;
use super::settings::settings_view;
use super::sheet_rows::rows_around;
use super::tables_view::tables_view;
use super::writing_routes::of_writing;
use super::{figure_rows, row_uses, sent_figures};
use crate::diagnostic::Problem;
use crate::render::page_images::Pages;
use crate::render::pdf::{Attached, RenderFault, render_pdf};

/// The pages of a document, or why there are none.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Drawn {
    Pages(Vec<PageView>),
    /// As the page shows problems.
    Faults(serde_json::Value),
}

#[derive(Serialize)]
struct PageView {
    /// The same for pages that look the same.
    id: String,
    width: f64,
    height: f64,
}

pub(super) fn project_list(app: &AppState) -> Option<Content> {
    Content::json(&ProjectList::new(&app.projects, app.can_open_files, app.home.is_some(), &app.language))
}

/// The content at a path of a project; `None` if there is none. Of another reading than the latest the page gets nothing: a
/// newer one is on its way to it.
pub(super) fn of_project(app: &AppState, id: &str, path: &str) -> Option<Content> {
    let project = app.projects.open(id)?;
    let reading = project.latest();
    let parts: Vec<&str> = path.split('/').collect();
    let language = &app.language;
    let number = |text: &str| text.parse::<usize>().ok();
    let nothing = || Some(Content::new(MediaType::Json, "null"));
    match parts.as_slice() {
        // Before the first whole reading there is nothing to be shown.
        ["state.json"] => match reading.view(language) {
            Some(view) => Some(Content::new(MediaType::Json, view)),
            None => nothing(),
        },
        ["settings.json"] => Content::json(&settings_view(&project, language)?),
        ["decisions", revision, problem] => {
            if revision.parse() != Ok(reading.revision) {
                return nothing();
            }
            Content::json(&decisions_about(&reading, &project, number(problem)?, language)?)
        }
        ["hidden", report, limit] => {
            let counted = reading.counted.as_ref()?;
            let report = Some(*report).filter(|report| *report != "-");
            Content::json(&hidden_parts(counted, &project.path, report, limit.parse().ok()?)?)
        }
        ["form", at] => Content::json(&form_cells(&project, number(at)?)?),
        ["recognised", file] => Content::json(&recognised_tables(&project, file, language)?),
        ["tables.json"] => Content::json(&tables_view(&project, language)?),
        ["cells", "work", problem, place] => {
            let told = project.work_problems();
            Content::json(&rows_around(&told, &reading, &project.path, (number(problem)?, number(place)?)))
        }
        ["cells", revision, problem, place] => {
            if revision.parse() != Ok(reading.revision) {
                return nothing();
            }
            Content::json(&rows_around(&reading.problems, &reading, &project.path, (number(problem)?, number(place)?)))
        }
        ["figures" | "rows", revision, ..] if !is_counted_at(&reading, revision) => nothing(),
        ["figures", _, period, indicator, scope] => {
            let counted = reading.counted.as_ref()?;
            let (period, indicator) = (number(period)?, number(indicator)?);
            Content::json(&figure_rows::rows_of_figure(counted, period, indicator, scope, language)?)
        }
        ["rows", _, sheet, row] => {
            let counted = reading.counted.as_ref()?;
            Content::json(&row_uses::uses_of_row(counted, sheet.parse().ok()?, row.parse().ok()?, language)?)
        }
        ["sent", at] => {
            let counted = reading.counted.as_ref()?;
            let at = number(at)?;
            Content::json(&sent_figures::sent_beside_today(&reading, counted, &project.path, at, language)?)
        }
        ["sent", at, name] => sent_file(&reading, &project, number(at)?, name),
        ["writing", rest @ ..] => of_writing(&reading, &project, rest, language),
        ["documents", name] => document(&reading, name, language).or_else(|| name.ends_with(".json").then(nothing)?),
        ["pages", name] => page(&reading, name),
        ["outputs", ..] => {
            let asked = path.strip_prefix("outputs/")?;
            let file = output_path(reading.settings.as_deref()?, &project.out, asked)?;
            Some(Content::file(asked.rsplit('/').next()?, fs::read(file).ok()?))
        }
        _ => None,
    }
}

/// Whether the figures of a reading are those that the page knows.
fn is_counted_at(reading: &Reading, revision: &str) -> bool {
    reading.counted.as_ref().is_some_and(|counted| revision.parse() == Ok(counted.revision))
}

/// A file that was kept as sent.
fn sent_file(reading: &Reading, project: &AppProject, at: usize, name: &str) -> Option<Content> {
    let sent = reading.submissions.get(at)?;
    let names = sent_files(sent, &reading.submissions, &project.path);
    let name = names.iter().find(|known| *known == name)?;
    Some(Content::file(name, fs::read(sent.folder(&project.path).join(name)).ok()?))
}

fn document(reading: &Reading, name: &str, language: &MessageLanguage) -> Option<Content> {
    let (id, ending) = name.split_once('.')?;
    let drawable = reading.drawable(id)?;
    match ending {
        "json" => Content::json(&drawn(&drawable, language)),
        "pdf" => {
            let made = render_pdf(&drawable.document, Attached::default(), &drawable.templates).ok()?;
            Some(Content::new(MediaType::Pdf, made.bytes))
        }
        _ => None,
    }
}

fn drawn(drawable: &Drawable, language: &MessageLanguage) -> Drawn {
    match drawable.pages() {
        Ok(pages) => {
            let shapes = pages.shapes().into_iter();
            Drawn::Pages(
                shapes
                    .map(|shape| PageView { id: page_id(shape.fingerprint), width: shape.width, height: shape.height })
                    .collect(),
            )
        }
        Err(faults) => {
            let problems: Vec<Problem> = faults.iter().map(RenderFault::to_problem).collect();
            Drawn::Faults(serde_json::to_value(problem_groups(&problems, language)).unwrap_or_default())
        }
    }
}

/// Something of the page with an id, among the pages that are laid out, those of readings just before too.
fn page(reading: &Reading, name: &str) -> Option<Content> {
    let (id, ending) = name.split_once('.')?;
    let (kind, draw) = match ending {
        "svg" => (MediaType::Svg, Pages::svg as fn(&Pages, usize) -> Option<String>),
        "txt" => (MediaType::Text, Pages::text as fn(&Pages, usize) -> Option<String>),
        _ => return None,
    };
    let mut laid_out = reading.known_drawables().filter_map(|drawable| drawable.pages_if_laid_out());
    let drawn = laid_out.find_map(|pages| {
        let at = pages.shapes().iter().position(|shape| page_id(shape.fingerprint) == id)?;
        draw(pages, at)
    });
    drawn.map(|text| Content::new(kind, text))
}

fn page_id(fingerprint: u128) -> String {
    format!("{fingerprint:032x}")
}
