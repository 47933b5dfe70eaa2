use std::path::{Path, PathBuf};

use super::prose_file::ProseFile;
use super::{Narratives, SectionKey, nearest_name};
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::{self, ReadFault};
use crate::model::{Lang, Settings};

/// Files with more bytes are refused.
pub(super) const MAX_BYTES: u64 = 1 << 20;
const FOLDER: &str = "narrative";
const PARTIALS: &str = "partials";

impl Narratives {
    /// Reads the prose of the project in `folder`, with what is wrong with the files or their names.
    pub fn load(folder: &Path, settings: &Settings) -> (Narratives, Vec<Problem>) {
        let mut loader = NarrativeLoader { folder, settings, narratives: Narratives::default(), problems: Vec::new() };
        for (name, path) in loader.list_folder(FOLDER) {
            if !path.is_dir() {
                loader.report_misplaced(&format!("{FOLDER}/{name}"));
            } else if name == PARTIALS {
                loader.read_partials();
            } else {
                loader.read_report(&name);
            }
        }
        (loader.narratives, loader.problems)
    }
}

struct NarrativeLoader<'a> {
    folder: &'a Path,
    settings: &'a Settings,
    narratives: Narratives,
    problems: Vec<Problem>,
}

impl NarrativeLoader<'_> {
    fn read_partials(&mut self) {
        let folder = format!("{FOLDER}/{PARTIALS}");
        for (name, _) in self.list_folder(&folder) {
            let file = format!("{folder}/{name}");
            if let Some((partial, lang)) = self.parse_file_name(&file, &name)
                && let Some(prose) = self.read_file(&file, &lang)
            {
                self.narratives.partials.insert((partial, lang), prose);
            }
        }
    }

    fn read_report(&mut self, report: &str) {
        let known = || self.settings.reports.iter().map(|report| report.name.as_str());
        let folder = format!("{FOLDER}/{report}");
        if !known().any(|name| name == report) {
            let nearest = nearest_name(report, known());
            let kind = kinds::NarrativeUnknownReport { report: report.to_owned(), nearest };
            self.problems.push(Problem::warning(kind).at(Place::file(&folder)));
            return;
        }
        let periods: Vec<String> = self
            .settings
            .reports
            .iter()
            .filter(|settings| settings.name == report)
            .flat_map(|report| report.periods.iter().chain(&report.not_ended).cloned())
            .collect();
        for (name, path) in self.list_folder(&folder) {
            if !path.is_dir() {
                self.read_section(report, None, &folder, &name);
            } else if periods.contains(&name) {
                let inner = format!("{folder}/{name}");
                for (file, _) in self.list_folder(&inner) {
                    self.read_section(report, Some(&name), &inner, &file);
                }
            } else {
                let place = Place::file(&format!("{folder}/{name}"));
                let nearest = nearest_name(&name, periods.iter().map(String::as_str));
                let kind = kinds::NarrativeUnknownPeriod { period: name, report: report.to_owned(), nearest };
                self.problems.push(Problem::warning(kind).at(place));
            }
        }
    }

    fn read_section(&mut self, report: &str, period: Option<&str>, folder: &str, name: &str) {
        let file = format!("{folder}/{name}");
        let Some((section, lang)) = self.parse_file_name(&file, name) else { return };
        let prose = self.read_file(&file, &lang);
        let key = SectionKey { report: report.to_owned(), period: period.map(str::to_owned), section, lang };
        match prose {
            Some(prose) if prose.holds_only_comments() => {
                self.narratives.unbegun.insert(key, prose);
            }
            Some(prose) => {
                self.narratives.sections.insert(key, prose);
            }
            None => {
                self.narratives.unread.insert(key, file);
            }
        }
    }

    /// Section and language of a file called `<section>.<lang>.md`.
    fn parse_file_name(&mut self, file: &str, name: &str) -> Option<(String, Lang)> {
        let Some((section, tag)) = name.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')) else {
            self.report_misplaced(file);
            return None;
        };
        let lang = Lang::new(tag);
        if self.settings.languages.contains(&lang) {
            return Some((section.to_owned(), lang));
        }
        let known: Vec<&str> = self.settings.languages.iter().map(Lang::as_str).collect();
        let kind = kinds::NarrativeUnknownLanguage { language: tag.to_owned(), languages: known.join(", ") };
        self.problems.push(Problem::warning(kind).at(Place::file(file)));
        None
    }

    fn report_misplaced(&mut self, file: &str) {
        self.problems.push(Problem::warning(kinds::NarrativeNotASection).at(Place::file(file)));
    }

    fn list_folder(&self, folder: &str) -> Vec<(String, PathBuf)> {
        folder::entries(&self.folder.join(folder))
    }

    fn read_file(&mut self, file: &str, lang: &Lang) -> Option<ProseFile> {
        let Ok(path) = folder::resolve_path(self.folder, file) else {
            self.problems.push(Problem::error(kinds::OutsideFolder).at(Place::file(file)));
            return None;
        };
        let place = || Place::file(file);
        let problem = match folder::read_text(&path, MAX_BYTES) {
            Ok(text) => {
                // `check` warns of control characters; a space keeps the columns of what follows.
                let is_left_out = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
                let text = text.replace("\r\n", "\n").replace(is_left_out, " ");
                return Some(ProseFile::parse(file, text, lang, self.settings));
            }
            Err(ReadFault::Io(error)) => {
                Problem::error(kinds::NarrativeUnreadable { reason: error.to_string() }).at(place())
            }
            Err(ReadFault::TooLarge) => Problem::error(kinds::NarrativeTooLarge).at(place()),
            Err(ReadFault::NotUtf8(line)) => Problem::error(kinds::NarrativeNotUtf8).at(Place::line(file, line, 1)),
        };
        self.problems.push(problem);
        None
    }
}
