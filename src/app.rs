//! `donor-report app`: what the command line does, in the browser, by the same functions.
//!
//! ```text
//! access         who may speak to the app
//! server         the loopback address, and what is answered at its paths
//! routes         … and at those of a project
//! answer         how it is sent
//! ending         what ends the app beside Ctrl-C
//! page_files     the page, its style and its modules
//! projects       the projects of a folder, each read anew at every save, and what is being made of them
//! reading        one reading of a project; what can't be read any more stays as it was last good
//! project_list   the list of projects, each with its state
//! project_view   a reading as the page gets it: problems and documents …
//! figures_view   … figures by result …
//! outputs_view   … and files that were built and sent
//! figure_rows    the rows behind one figure
//! row_uses       in what a row counts
//! sheet_rows     the rows around a faulty cell
//! sent_figures   what was sent beside today
//! writing_view   the sections of a report with their rules and words
//! section_file   a section as a file: found by names, written where nobody else did
//! section_view   a section in each language, with what is wrong where it is
//! snippet_view   what may be put into it, by what it prints
//! returned_file  a Word file that came back
//! writing_routes the paths of all these
//! page_actions   building, submitting, letters about corrections, opening a workbook
//! sent_upload    files that were really sent
//! words          the words of the page
//! settings       project.toml, changed by choosing: what may be changed …
//! settings_form  … with its words and its values …
//! settings_options … and what it is chosen from
//! project_toml   … and how it is written
//! tables_view    where each table is, and what its columns mean
//! recognised_tables what a workbook seems to hold, to be taken over
//! added_report   a report with the files for its texts
//! begin          a new project
//! decisions      what may be decided about a problem
//! form_cells     the cells of a donor's form
//! given_file     pictures and forms that it is given
//! hidden_parts   what a limit would hide
//! ```
//!
//! The page itself is in `templates/app/`: ES modules as they are, nothing to be built and nothing fetched from elsewhere.

#![warn(missing_docs)]

mod access;
mod added_report;
mod answer;
mod begin;
mod decisions;
mod ending;
mod figure_rows;
mod figures_view;
mod form_cells;
mod given_file;
mod hidden_parts;
mod outputs_view;
mod page_actions;
mod page_files;
mod project_list;
pub mod project_toml;
mod project_view;
mod projects;
mod reading;
mod recognised_tables;
mod returned_file;
mod routes;
mod row_uses;
mod section_file;
mod section_view;
mod sent_figures;
mod sent_upload;
mod server;
mod settings;
mod settings_form;
mod settings_options;
mod sheet_rows;
mod snippet_view;
mod tables_view;
mod words;
mod writing_routes;
mod writing_view;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::Catalogue;
use crate::folder::PROJECT_FILE;
use crate::locale::Locale;
use crate::model::Lang;
use crate::render::pdf::keep_layouts_cached;
use projects::Projects;
use server::Server;

/// The folder of projects beside the one that outputs go to, as on the command line.
const INPUTS: &str = "inputs";

/// Where outputs go.
const BUILD: &str = "build";

/// A language that the page is written in.
struct MessageLanguage {
    catalogue: Catalogue,
    locale: Locale,
}

impl MessageLanguage {
    /// Every one of them, so that each window may be in its own.
    ///
    /// # Errors
    /// The tag of one without phrases; a test holds that each has them.
    fn all() -> Result<Vec<Arc<MessageLanguage>>, &'static str> {
        let language = |tag: &&'static str| {
            let locale = Locale::new(&Lang::new(tag)).ok_or(*tag)?;
            Ok(Arc::new(MessageLanguage { catalogue: Catalogue::new(tag), locale }))
        };
        Catalogue::languages().iter().map(language).collect()
    }
}

/// What the app is to show, and how.
pub struct AppOptions<'a> {
    /// A project's folder, or one with projects in it.
    pub folder: &'a Path,
    /// Port of the address; 0: one that is free.
    pub port: u16,
    /// Language of messages that the page opens in; it can be changed in the page.
    pub lang: &'a str,
    /// Whether there is somebody before this machine's screen, for whom workbooks may be opened.
    pub can_open_files: bool,
    /// Whether it ends by itself some minutes after its last page was closed.
    pub ends_with_page: bool,
}

/// Why the app couldn't begin.
pub enum AppError {
    /// The folder's changes can't be followed.
    Watch(String),
    /// The address can't be served.
    Serve(io::Error),
}

/// An app that listens and waits to be run.
pub struct App {
    server: Server,
    ends_with_page: bool,
}

impl App {
    /// Finds the projects of a folder and begins to read them and to listen.
    ///
    /// # Errors
    /// See [`AppError`].
    pub fn start(options: &AppOptions) -> Result<App, AppError> {
        keep_layouts_cached();
        let languages = MessageLanguage::all().map_err(|tag| AppError::Serve(io::Error::other(tag)))?;
        let server = Server::bind(options.port).map_err(AppError::Serve)?;
        let (folders, out) = find_projects(options.folder);
        let projects = Projects::start(&folders, &out, &languages).map_err(AppError::Watch)?;
        let home = home_of(options.folder);
        let server = server.with_projects(Arc::new(projects), &languages, options.lang, options.can_open_files, home);
        Ok(App { server, ends_with_page: options.ends_with_page })
    }

    /// The address with the token: whoever has it may do what the page can do.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// Answers until Ctrl-C, until the page ends it, or until no page is left that could.
    ///
    /// # Errors
    /// The system's, where nothing can be awaited.
    pub fn run(self) -> io::Result<()> {
        self.server.run(self.ends_with_page)
    }
}

/// Where new projects are made: the folder of projects, or its `inputs/`; nowhere beside a single project.
fn home_of(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok().filter(|folder| !folder.join(PROJECT_FILE).is_file())?;
    let inputs = folder.join(INPUTS);
    Some(if inputs.is_dir() { inputs } else { folder })
}

/// The projects of a folder and the folder for their outputs: beside a project; else in the folder of projects itself.
fn find_projects(folder: &Path) -> (Vec<PathBuf>, PathBuf) {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if folder.join(PROJECT_FILE).is_file() {
        let beside = folder.parent().unwrap_or(&folder).join(BUILD);
        return (vec![folder], beside);
    }
    let mut found: Vec<PathBuf> = [folder.clone(), folder.join(INPUTS)]
        .iter()
        .filter_map(|place| std::fs::read_dir(place).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| path.join(PROJECT_FILE).is_file())
        .collect();
    found.sort();
    (found, folder.join(BUILD))
}
