//! What is behind the paths by which a report is written.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::answer::{Content, found};
use super::projects::AppProject;
use super::reading::Reading;
use super::returned_file::review_returned;
use super::section_view::{SaveRequest, save};
use super::server::AppState;
use super::snippet_view::{SnippetPlace, snippets};
use super::{MessageLanguage, section_view, writing_view};

/// Bytes of a request with a section's text: of a mebibyte of prose, with what JSON adds.
pub(super) const SECTION_BYTES: usize = 3 << 20;

/// Bytes of a Word file that came back, pictures in it.
pub(super) const RETURNED_BYTES: usize = 32 << 20;

/// Reports, sections, texts, and what may be put into them.
pub(super) fn of_writing(
    reading: &Reading,
    project: &AppProject,
    path: &[&str],
    language: &MessageLanguage,
) -> Option<Content> {
    match path {
        [] => Content::json(&writing_view::choices(reading, language)?),
        [report, period] => Content::json(&writing_view::sections(reading, &project.path, (report, period), language)?),
        [report, period, "sections", section] => {
            let names = (*report, *period, *section);
            Content::json(&section_view::section(reading, &project.path, names, language)?)
        }
        [report, period, "snippets", lang, rest @ ..] => {
            let indicator = match rest {
                [] => None,
                [at] => Some(at.parse().ok()?),
                _ => return None,
            };
            let place = SnippetPlace { report, period, lang, indicator };
            Content::json(&snippets(reading, reading.counted.as_deref()?, &place, language)?)
        }
        _ => None,
    }
}

/// Writes a section of the narrative.
pub(super) async fn save_section(
    State(app): State<Arc<AppState>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let Ok(request) = serde_json::from_slice::<SaveRequest>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    answer(app, id, move |app, project| Content::json(&save(project, &request, &app.language)?)).await
}

/// Says what came back in a Word file, which is the body.
pub(super) async fn review_file(
    State(app): State<Arc<AppState>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    answer(app, id, move |app, project| Content::json(&review_returned(project, &body, &app.language))).await
}

async fn answer(
    app: Arc<AppState>,
    id: String,
    make: impl FnOnce(&AppState, &AppProject) -> Option<Content> + Send + 'static,
) -> Response {
    let made = tokio::task::spawn_blocking(move || make(&app, &*app.projects.open(&id)?)).await;
    made.map_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response(), found)
}
