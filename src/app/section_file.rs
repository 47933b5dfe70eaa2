//! A section of a report's narrative in one language, as a file: found by its names, never by a path, and written only
//! where nobody else has changed it since.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::reading::Reading;
use crate::diagnostic::{Problem, kinds};
use crate::folder::{PathFault, ReadFault, content_hash, read_bytes, resolve_file};
use crate::model::{Lang, ReportSettings, Settings};
use crate::output::{Readers, write_new, write_whole};
use crate::report::narrative::prose_limits;
use crate::report::profile::{HEADLINE, Profile, SectionKind};

/// What editors write before UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Between reading what a write is based on and writing, nobody else in the program writes.
static WRITING: Mutex<()> = Mutex::new(());

/// Which section, in which language, of which report; a period's own, or that of all its periods.
pub(super) struct SectionFile<'a> {
    pub report: &'a str,
    pub period: Option<&'a str>,
    pub section: &'a str,
    pub lang: &'a str,
}

/// A section as it is on the disk.
#[derive(Debug)]
pub(super) struct WrittenSection {
    /// With line feeds alone at the ends of its lines.
    pub text: String,
    /// Of the bytes of the file.
    pub hash: String,
    has_mark: bool,
    has_returns: bool,
}

/// Why nothing was written.
pub(super) enum NotWritten {
    /// It isn't what the write was based on; `None` if it isn't there any more.
    Changed(Option<WrittenSection>),
    /// In words.
    Failed(Box<Problem>),
}

impl<'a> SectionFile<'a> {
    /// Relative to the project's folder.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder(), self.name())
    }

    fn folder(&self) -> String {
        let period = self.period.map(|period| format!("/{period}")).unwrap_or_default();
        format!("narrative/{}{period}", self.report)
    }

    fn name(&self) -> String {
        format!("{}.{}.md", self.section, self.lang)
    }

    /// The file that a report for a period prints: the period's own, else the one of all its periods; where neither is
    /// there, the one that its problem names.
    pub fn printed(project: &Path, reading: &Reading, own: SectionFile<'a>) -> SectionFile<'a> {
        let of_all = SectionFile { period: None, ..own };
        let is_there = |file: &SectionFile| resolve_file(project, &file.path()).is_ok();
        let is_named = || {
            let prose = reading.prose.as_deref().zip(own.period);
            prose.is_some_and(|(prose, period)| {
                let SectionFile { report, section, lang, .. } = own;
                prose.narratives.file_to_write(report, period, section, &Lang::new(lang)) == of_all.path()
            })
        };
        let is_of_all = !is_there(&own) && (is_there(&of_all) || is_named());
        if is_of_all { of_all } else { own }
    }

    /// As it is on the disk; `None` if there is no such file.
    pub fn read(&self, project: &Path) -> Result<Option<WrittenSection>, Box<Problem>> {
        let path = match resolve_file(project, &self.path()) {
            Ok(path) => path,
            Err(PathFault::Missing) => return Ok(None),
            Err(PathFault::Outside) => return Err(Box::new(Problem::error(kinds::OutsideFolder))),
        };
        let bytes = read_bytes(&path, most_bytes()).map_err(|fault| Box::new(to_problem(fault)))?;
        let hash = content_hash(&bytes);
        let text = String::from_utf8(bytes).map_err(|_| Box::new(Problem::error(kinds::NarrativeNotUtf8)))?;
        let (has_mark, has_returns) = (text.starts_with(BYTE_ORDER_MARK), text.contains("\r\n"));
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text).replace("\r\n", "\n");
        Ok(Some(WrittenSection { text, hash, has_mark, has_returns }))
    }

    /// Writes the section, if it still is what the text was based on: a hash, or that there is none. Gives the hash of what
    /// it is now. The ends of its lines stay what they were.
    pub fn write(&self, project: &Path, base: Option<&str>, text: &str) -> Result<String, NotWritten> {
        let failed = |problem: Problem| NotWritten::Failed(Box::new(problem));
        if text.len() as u64 > most_bytes() {
            return Err(failed(Problem::error(kinds::NarrativeTooLarge)));
        }
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.read(project).map_err(NotWritten::Failed)?;
        if before.as_ref().map(|before| before.hash.as_str()) != base {
            return Err(NotWritten::Changed(before));
        }
        let text = before.as_ref().map_or_else(|| text.to_owned(), |before| before.in_its_form(text));
        let written = match before {
            // A link within the project stays a link.
            Some(_) => resolve_file(project, &self.path())
                .map_err(|_| io::Error::from(io::ErrorKind::NotFound))
                .and_then(|path| replace(&path, text.as_bytes())),
            None => folder_inside(project, &self.folder())
                .and_then(|folder| write_new(&folder, &self.name(), text.as_bytes(), Readers::All)),
        };
        match written {
            Ok(()) => Ok(content_hash(text.as_bytes())),
            // It came into being this very moment.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(NotWritten::Changed(self.read(project).ok().flatten()))
            }
            Err(error) => {
                Err(failed(Problem::error(kinds::CannotWrite::Plain { file: self.path(), why: error.to_string() })))
            }
        }
    }
}

impl WrittenSection {
    /// A text with the mark and the ends of lines that this one has.
    fn in_its_form(&self, text: &str) -> String {
        let text = if self.has_returns { text.replace('\n', "\r\n") } else { text.to_owned() };
        if self.has_mark { format!("{BYTE_ORDER_MARK}{text}") } else { text }
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    write_whole(folder, &name.to_string_lossy(), bytes, Readers::All)
}

/// A folder of the project, made where it isn't there; no link leads out of the project on the way.
fn folder_inside(project: &Path, relative: &str) -> io::Result<PathBuf> {
    let root = project.canonicalize()?;
    let mut folder = root.clone();
    for part in relative.split('/') {
        folder.push(part);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => folder = folder.canonicalize()?,
        }
        if !folder.starts_with(&root) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    Ok(folder)
}

fn most_bytes() -> u64 {
    prose_limits().into_iter().find(|(name, _)| *name == "prose-file").map_or(0, |(_, bytes)| bytes as u64)
}

fn to_problem(fault: ReadFault) -> Problem {
    match fault {
        ReadFault::TooLarge => Problem::error(kinds::NarrativeTooLarge),
        ReadFault::NotUtf8(_) => Problem::error(kinds::NarrativeNotUtf8),
        ReadFault::Io(error) => Problem::error(kinds::NarrativeUnreadable { reason: error.to_string() }),
    }
}

/// A section that a report may have: as the page names it, proved to be one.
pub(super) struct KnownSection<'a> {
    pub report: &'a ReportSettings,
    pub profile: &'a Profile,
}

/// The report with its profile, if it has a section of this name for a period: one of its profile, its headline, text about
/// a result, or what a file is named after.
pub(super) fn find_section<'a>(
    reading: &'a Reading,
    settings: &'a Settings,
    (report, period, section): (&str, &str, &str),
) -> Option<KnownSection<'a>> {
    let known = find_report(reading, settings, report, period)?;
    let of_result = section
        .split_once('.')
        .is_some_and(|(above, _)| known.profile.section(above).is_some_and(|above| above.kind == SectionKind::Results));
    let narratives = &reading.prose.as_ref()?.narratives;
    let has_file = || narratives.sections().any(|(key, _)| key.report == report && key.section == section);
    let is_section = section == HEADLINE || known.profile.section(section).is_some() || of_result || has_file();
    let is_name = |name: &str| {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
        !name.is_empty() && !name.starts_with(['.', ' ']) && name.chars().all(is_plain)
    };
    (is_section && is_name(section)).then_some(known)
}

/// A report with its profile, if it is made for a period.
pub(super) fn find_report<'a>(
    reading: &'a Reading,
    settings: &'a Settings,
    report: &str,
    period: &str,
) -> Option<KnownSection<'a>> {
    let report = settings.reports.iter().find(|settings| settings.name == report)?;
    let is_of_report = report.periods.iter().chain(&report.not_ended).any(|code| code == period);
    let profile = reading.prose.as_ref()?.profiles.get(&report.profile)?;
    is_of_report.then_some(KnownSection { report, profile })
}

/// The languages of a report's documents, in the project's order.
pub(super) fn languages_of<'a>(settings: &'a Settings, report: &ReportSettings) -> Vec<&'a Lang> {
    let is_used = |lang: &&Lang| report.documents.iter().flatten().any(|own| own == *lang);
    settings.languages.iter().filter(is_used).collect()
}
