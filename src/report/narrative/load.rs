use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Narratives, Prose, SectionKey};
use crate::diagnostic::{Place, Problem, nearest};
use crate::ingest::{InputFile, content_hash};
use crate::model::{Lang, Settings};

/// Larger files are no prose.
const LARGEST: u64 = 1 << 20;
const FOLDER: &str = "narrative";
const PARTIALS: &str = "partials";

impl Narratives {
    /// Reads the prose of the project in `folder`, with the files that were read and what is wrong with them or their names.
    pub fn load(folder: &Path, settings: &Settings) -> (Narratives, Vec<InputFile>, Vec<Problem>) {
        let mut reading =
            Reading { folder, settings, narratives: Narratives::default(), inputs: Vec::new(), problems: Vec::new() };
        for (name, path) in reading.entries(FOLDER) {
            if !path.is_dir() {
                reading.misplaced(&format!("{FOLDER}/{name}"));
            } else if name == PARTIALS {
                reading.read_partials();
            } else {
                reading.read_report(&name);
            }
        }
        (reading.narratives, reading.inputs, reading.problems)
    }
}

struct Reading<'a> {
    folder: &'a Path,
    settings: &'a Settings,
    narratives: Narratives,
    inputs: Vec<InputFile>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn read_partials(&mut self) {
        let folder = format!("{FOLDER}/{PARTIALS}");
        for (name, _) in self.entries(&folder) {
            let file = format!("{folder}/{name}");
            if let Some((partial, lang)) = self.parts_of_name(&file, &name)
                && let Some(prose) = self.read(&file)
            {
                self.narratives.partials.insert((partial, lang), prose);
            }
        }
    }

    fn read_report(&mut self, report: &str) {
        let known = || self.settings.reports.iter().map(|report| report.name.as_str());
        let folder = format!("{FOLDER}/{report}");
        if !known().any(|name| name == report) {
            let problem = Problem::warning("narrative-unknown-report").at(Place::file(&folder)).with("report", report);
            self.problems.push(suggest(problem, report, known()));
            return;
        }
        let periods: Vec<String> = self
            .settings
            .reports
            .iter()
            .filter(|settings| settings.name == report)
            .flat_map(|report| report.periods.clone())
            .collect();
        for (name, path) in self.entries(&folder) {
            if !path.is_dir() {
                self.read_section(report, None, &folder, &name);
            } else if periods.contains(&name) {
                let inner = format!("{folder}/{name}");
                for (file, _) in self.entries(&inner) {
                    self.read_section(report, Some(&name), &inner, &file);
                }
            } else {
                let place = Place::file(&format!("{folder}/{name}"));
                let problem =
                    Problem::warning("narrative-unknown-period").at(place).with("period", &name).with("report", report);
                self.problems.push(suggest(problem, &name, periods.iter().map(String::as_str)));
            }
        }
    }

    fn read_section(&mut self, report: &str, period: Option<&str>, folder: &str, name: &str) {
        let file = format!("{folder}/{name}");
        if let Some((section, lang)) = self.parts_of_name(&file, name)
            && let Some(prose) = self.read(&file)
        {
            let key = SectionKey { report: report.to_owned(), period: period.map(str::to_owned), section, lang };
            self.narratives.sections.insert(key, prose);
        }
    }

    /// `<section>.<lang>.md`.
    fn parts_of_name(&mut self, file: &str, name: &str) -> Option<(String, Lang)> {
        let Some((section, tag)) = name.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')) else {
            self.misplaced(file);
            return None;
        };
        let lang = Lang::new(tag);
        if self.settings.languages.contains(&lang) {
            return Some((section.to_owned(), lang));
        }
        let known: Vec<&str> = self.settings.languages.iter().map(Lang::as_str).collect();
        self.problems.push(
            Problem::warning("narrative-unknown-language")
                .at(Place::file(file))
                .with("language", tag)
                .with("languages", known.join(", ")),
        );
        None
    }

    fn misplaced(&mut self, file: &str) {
        self.problems.push(Problem::warning("narrative-not-a-section").at(Place::file(file)));
    }

    /// What a folder holds, by name; what editors and file managers leave behind is passed over.
    fn entries(&self, folder: &str) -> Vec<(String, PathBuf)> {
        let Ok(entries) = fs::read_dir(self.folder.join(folder)) else { return Vec::new() };
        let mut found: Vec<(String, PathBuf)> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
            .filter(|(name, _)| !name.starts_with(['.', '~', '#']) && !name.ends_with('~') && name != "Thumbs.db")
            .collect();
        found.sort();
        found
    }

    fn read(&mut self, file: &str) -> Option<Prose> {
        let path = self.folder.join(file);
        let inside = path
            .canonicalize()
            .ok()
            .zip(self.folder.canonicalize().ok())
            .is_some_and(|(path, folder)| path.starts_with(folder));
        if !inside {
            self.problems.push(Problem::error("outside-folder").at(Place::file(file)));
            return None;
        }
        let mut content = Vec::new();
        let read = fs::File::open(&path).and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut content));
        if let Err(error) = read {
            self.problems
                .push(Problem::error("narrative-unreadable").at(Place::file(file)).with("reason", error.to_string()));
            return None;
        }
        if content.len() as u64 > LARGEST {
            self.problems.push(Problem::error("narrative-too-large").at(Place::file(file)));
            return None;
        }
        self.inputs.push(InputFile { path: file.to_owned(), hash: content_hash(&content) });
        match std::str::from_utf8(&content) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
                Some(Prose { file: file.to_owned(), text })
            }
            Err(error) => {
                let line = content[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
                self.problems.push(Problem::error("narrative-not-utf8").at(Place::line(file, line as u32, 1)));
                None
            }
        }
    }
}

/// Adds "did you mean" where something is near.
pub(super) fn suggest<'a>(problem: Problem, written: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
    match nearest(written, known) {
        Some(name) => problem.variant("nearest").with("nearest", name),
        None => problem,
    }
}
