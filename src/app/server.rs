//! The address on this machine, and what is answered at each of its paths.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;

use super::MessageLanguage;
use super::access::Access;
use super::added_report::add_report;
use super::answer::{Content, MediaType, add_headers, found};
use super::begin::{begin_project, begin_view, keep_workbook};
use super::ending::{Ending, MOST_STREAMS};
use super::given_file::{GIVEN_BYTES, keep_given};
use super::page_actions;
use super::page_files::PageFiles;
use super::projects::{AppProject, Projects};
use super::routes;
use super::sent_upload::{SENT_BYTES, keep_sent_files};
use super::settings::change_settings;
use super::writing_routes::{RETURNED_BYTES, SECTION_BYTES, review_file, save_section};
use crate::guide::guide_pdf;

/// How often a silent stream of revisions says that it is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// How long the answer to the last request may take.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Bytes of a request's body.
const MOST_BYTES: usize = 64 << 10;

/// Answers that are made at once: laying out a document takes memory.
const MOST_THREADS: usize = 8;

pub(super) struct Server {
    listener: TcpListener,
    port: u16,
    access: Arc<Access>,
    /// One for each language of the page.
    states: Vec<Arc<AppState>>,
    /// The language that the page opens in.
    lang: String,
}

/// What answers in one language are made of.
pub(super) struct AppState {
    pub projects: Arc<Projects>,
    pub language: Arc<MessageLanguage>,
    pub can_open_files: bool,
    /// The folder that new projects are made in; `None` where a single project was given.
    pub home: Option<PathBuf>,
    page: PageFiles,
    /// The guide in this language, made on first request.
    guide: OnceLock<Option<Vec<u8>>>,
    /// Of all languages together.
    streams: Arc<Semaphore>,
    ending: Arc<Ending>,
}

impl Server {
    /// # Errors
    /// The system's, where the port is taken or not allowed.
    pub fn bind(port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        let access = Arc::new(Access::new(port).map_err(io::Error::other)?);
        Ok(Server { listener, port, access, states: Vec::new(), lang: String::new() })
    }

    pub fn with_projects(
        self,
        projects: Arc<Projects>,
        languages: &[Arc<MessageLanguage>],
        lang: &str,
        can_open_files: bool,
        home: Option<PathBuf>,
    ) -> Server {
        let (streams, ending) = (Arc::new(Semaphore::new(MOST_STREAMS)), Arc::new(Ending::default()));
        let state = |language: &Arc<MessageLanguage>| {
            Arc::new(AppState {
                projects: Arc::clone(&projects),
                language: Arc::clone(language),
                can_open_files,
                home: home.clone(),
                page: PageFiles::new(language, languages),
                guide: OnceLock::new(),
                streams: Arc::clone(&streams),
                ending: Arc::clone(&ending),
            })
        };
        Server { states: languages.iter().map(state).collect(), lang: lang.to_owned(), ..self }
    }

    /// Of the page in the language that it opens in.
    pub fn address(&self) -> String {
        format!("{}{}/", self.access.address(self.port), self.lang)
    }

    /// Answers until Ctrl-C or until it is to end; `ends_with_page`: also once no page is left.
    ///
    /// # Errors
    /// The system's, where nothing can be awaited.
    pub fn run(self, ends_with_page: bool) -> io::Result<()> {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().max_blocking_threads(MOST_THREADS).build()?;
        let ended = runtime.block_on(async {
            self.listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let Some(first) = self.states.first().cloned() else { return Ok(()) };
            tokio::spawn(axum::serve(listener, router(self.states, self.lang, self.access)).into_future());
            tokio::select! {
                ended = tokio::signal::ctrl_c() => ended,
                () = first.ending.wait(ends_with_page, &first.streams) => Ok(()),
            }
        });
        // A page that is still being laid out isn't waited for.
        runtime.shutdown_background();
        ended
    }
}

/// The page in each language under its tag; without one, the way to the language that it opens in.
fn router(states: Vec<Arc<AppState>>, lang: String, access: Arc<Access>) -> Router {
    let opens = Router::new().route("/{token}/", get(move || async move { Redirect::temporary(&format!("{lang}/")) }));
    let languages = states.into_iter().map(router_in_language);
    languages.fold(opens, Router::merge).layer(from_fn_with_state(access, guard))
}

fn router_in_language(state: Arc<AppState>) -> Router {
    let lang = state.language.catalogue.lang();
    let at = |path: &str| format!("/{{token}}/{lang}/{path}");
    Router::new()
        .route(&at(""), get(page))
        .route(&at("files/{name}"), get(page_file))
        .route(&at("words.json"), get(words))
        .route(&at("languages.json"), get(languages))
        .route(&at("guide.pdf"), get(guide))
        .route(&at("events"), get(events))
        .route(&at("end"), post(end))
        .route(&at("projects.json"), get(project_list))
        .route(&at("projects/{id}/{*rest}"), get(of_project))
        .route(&at("begin.json"), get(begin_choices))
        .route(&at("begin"), post(begin))
        .route(&at("begin/{folder}/{name}"), post(give_workbook).layer(DefaultBodyLimit::max(GIVEN_BYTES)))
        .route(&at("projects/{id}/files/{folder}/{name}"), post(give_file).layer(DefaultBodyLimit::max(GIVEN_BYTES)))
        .route(&at("projects/{id}/build"), post(build))
        .route(&at("projects/{id}/submit"), post(submit))
        .route(&at("projects/{id}/sent"), post(keep_sent).layer(DefaultBodyLimit::max(SENT_BYTES)))
        .route(&at("projects/{id}/erratum"), post(correct))
        .route(&at("projects/{id}/open"), post(open_file))
        .route(&at("projects/{id}/settings"), post(set))
        .route(&at("projects/{id}/reports"), post(add))
        .route(&at("projects/{id}/section"), post(save_section).layer(DefaultBodyLimit::max(SECTION_BYTES)))
        .route(&at("projects/{id}/returned"), post(review_file).layer(DefaultBodyLimit::max(RETURNED_BYTES)))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(state)
}

/// Answers nobody but the page that the program opened.
async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    let allowed = access.check(request.method(), request.uri(), request.headers()).map(most_bytes);
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let mut response = match allowed {
        Err(status) => status.into_response(),
        Ok(most) if length.is_some_and(|length: u64| length > most as u64) => {
            StatusCode::PAYLOAD_TOO_LARGE.into_response()
        }
        Ok(_) => next.run(request).await,
    };
    add_headers(response.headers_mut());
    response
}

/// How long the body of a request to a path, which begins with a language, may be.
fn most_bytes(path: &str) -> usize {
    let path = path.split_once('/').map_or("", |(_, rest)| rest);
    let is_given = path.starts_with("begin/") || path.split('/').nth(2) == Some("files");
    match path.rsplit('/').next() {
        _ if is_given => GIVEN_BYTES,
        Some("sent") => SENT_BYTES,
        Some("section") => SECTION_BYTES,
        Some("returned") => RETURNED_BYTES,
        _ => MOST_BYTES,
    }
}

type AppData = State<Arc<AppState>>;

async fn page(State(app): AppData) -> Response {
    app.page.index().into_response()
}

async fn page_file(State(app): AppData, Path((_, name)): Path<(String, String)>) -> Response {
    found(app.page.file(&name))
}

async fn words(State(app): AppData) -> Response {
    found(app.page.words())
}

async fn languages(State(app): AppData) -> Response {
    found(app.page.languages())
}

/// The guide is made when it is first wanted.
async fn guide(State(app): AppData) -> Response {
    in_background(move || {
        let made = app.guide.get_or_init(|| guide_pdf(app.language.catalogue.lang()));
        made.clone().map(|bytes| Content::new(MediaType::Pdf, bytes))
    })
    .await
}

/// The stream of revisions: the current one, then every change.
async fn events(State(app): AppData) -> Response {
    let Ok(permit) = Arc::clone(&app.streams).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let stream = WatchStream::new(app.projects.revisions()).map(move |revision| {
        // Held as long as the page listens.
        let _ = &permit;
        Ok::<Event, Infallible>(Event::default().data(revision.to_string()))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response()
}

/// Ends the program; what it answers is still sent.
async fn end(State(app): AppData) -> StatusCode {
    tokio::spawn(async move {
        tokio::time::sleep(LAST_WORDS).await;
        app.ending.request();
    });
    StatusCode::NO_CONTENT
}

async fn project_list(State(app): AppData) -> Response {
    in_background(move || routes::project_list(&app)).await
}

async fn of_project(State(app): AppData, Path((_, id, rest)): Path<(String, String, String)>) -> Response {
    in_background(move || routes::of_project(&app, &id, &rest)).await
}

async fn build(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    do_work(app, id, &body, |app, project, request| page_actions::build(&app.projects, project, request, &app.language))
        .await
}

async fn submit(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    do_work(app, id, &body, |app, project, request| {
        page_actions::submit(&app.projects, project, request, &app.language)
    })
    .await
}

async fn correct(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    do_work(app, id, &body, |app, project, request| {
        page_actions::correct(&app.projects, project, request, &app.language)
    })
    .await
}

async fn keep_sent(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    let Some(project) = app.projects.open(&id) else { return StatusCode::NOT_FOUND.into_response() };
    let kept = move || keep_sent_files(&app.projects, &project, &body, &app.language);
    match tokio::task::spawn_blocking(kept).await {
        Ok(Some(outcome)) => found(Content::json(&outcome)),
        Ok(None) => StatusCode::CONFLICT.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn open_file(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    if !app.can_open_files {
        return StatusCode::FORBIDDEN.into_response();
    }
    do_work(app, id, &body, |_, project, request| Some(page_actions::open_file(project, request))).await
}

async fn begin_choices(State(app): AppData) -> Response {
    in_background(move || begin_view(app.home.as_deref(), &app.language)).await
}

async fn begin(State(app): AppData, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    in_background(move || {
        let home = app.home.as_deref()?;
        Content::json(&begin_project(home, &app.projects, &request, &app.language))
    })
    .await
}

async fn give_workbook(
    State(app): AppData,
    Path((_, folder, name)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    in_background(move || Content::json(&keep_workbook(app.home.as_deref()?, &folder, &name, &body, &app.language)))
        .await
}

async fn give_file(
    State(app): AppData,
    Path((_, id, folder, name)): Path<(String, String, String, String)>,
    body: Bytes,
) -> Response {
    in_background(move || {
        let project = app.projects.open(&id)?;
        Content::json(&keep_given(&project.path, &folder, &name, &body, &app.language))
    })
    .await
}

async fn set(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    do_work(app, id, &body, |app, project, request| change_settings(project, request, &app.language)).await
}

async fn add(State(app): AppData, Path((_, id)): Path<(String, String)>, body: Bytes) -> Response {
    do_work(app, id, &body, |app, project, request| add_report(project, request, &app.language)).await
}

/// Does what a page requests; closing the page doesn't stop it.
async fn do_work<R: DeserializeOwned + Send + 'static, O: Serialize + Send + 'static>(
    app: Arc<AppState>,
    id: String,
    body: &[u8],
    work: impl FnOnce(&AppState, &AppProject, &R) -> Option<O> + Send + 'static,
) -> Response {
    let Ok(request) = serde_json::from_slice::<R>(body) else { return StatusCode::BAD_REQUEST.into_response() };
    let Some(project) = app.projects.open(&id) else { return StatusCode::NOT_FOUND.into_response() };
    let done = tokio::task::spawn_blocking(move || work(&app, &project, &request)).await;
    match done {
        Ok(Some(outcome)) => found(Content::json(&outcome)),
        Ok(None) => StatusCode::CONFLICT.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Makes an answer while the stream of revisions goes on.
async fn in_background(make: impl FnOnce() -> Option<Content> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(make).await {
        Ok(content) => found(content),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
