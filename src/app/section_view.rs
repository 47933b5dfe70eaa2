//! One section in each language of its report, with what is wrong in it where it is.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::MessageLanguage;
use super::projects::AppProject;
use super::reading::Reading;
use super::section_file::{NotWritten, SectionFile, WrittenSection, find_section, languages_of};
use super::writing_view::{LanguageName, PrintedTexts, SectionRules, language_name, rules_of};
use crate::diagnostic::Problem;
use crate::model::Lang;
use crate::report::block::{Block, plain_text};
use crate::report::narrative::Mend;
use crate::report::profile::count_words;

/// How many words of a text are looked for on the pages.
const FIRST_WORDS: usize = 4;

/// A section as the page edits it.
#[derive(Serialize)]
pub(super) struct SectionView {
    rules: SectionRules,
    /// Where a text that isn't there yet may be begun: for this period, or for all periods of the report.
    may_begin: Vec<&'static str>,
    texts: Vec<TextView>,
}

#[derive(Serialize)]
struct TextView {
    language: LanguageName,
    file: String,
    of_period: bool,
    /// `None` if there is no file yet, or it can't be read.
    text: Option<String>,
    /// Of the file; what a write is based on.
    hash: Option<String>,
    /// Why it can't be read.
    unreadable: Option<String>,
    words: Option<u64>,
    /// The first words as they are printed, to find their page by.
    begins: Option<String>,
    /// The marks are of this text, not of an earlier one.
    checked: bool,
    marks: Vec<MarkView>,
    /// What is wrong with it as a whole.
    remarks: Vec<Remark>,
}

#[derive(Serialize)]
struct MarkView {
    from: usize,
    to: usize,
    #[serde(flatten)]
    remark: Remark,
    mends: Vec<MendView>,
}

#[derive(Serialize)]
struct Remark {
    level: &'static str,
    code: &'static str,
    message: String,
    help: Option<String>,
}

#[derive(Serialize)]
struct MendView {
    what: &'static str,
    /// Both or none: put in at the cursor.
    from: Option<usize>,
    to: Option<usize>,
    text: String,
}

/// `None` if the report has no such section or period.
pub(super) fn section(
    reading: &Reading,
    project: &Path,
    (report, period, section): (&str, &str, &str),
    language: &MessageLanguage,
) -> Option<SectionView> {
    let settings = reading.settings.as_deref()?;
    let known = find_section(reading, settings, (report, period, section))?;
    let printed_texts = PrintedTexts { reading, report, period, profile: known.profile };
    let writer = TextWriter { reading, project, report, period, section, language };
    let texts: Vec<TextView> =
        languages_of(settings, known.report).into_iter().map(|lang| writer.text(lang, &printed_texts)).collect();
    let has_periods = known.report.periods.len() + known.report.not_ended.len() > 1;
    // The languages of one section are kept together.
    let may_begin = match texts.iter().find(|text| text.hash.is_some()) {
        Some(there) if there.of_period => vec!["period"],
        Some(_) => vec!["report"],
        None if has_periods => vec!["period", "report"],
        None if texts.iter().any(|text| text.of_period) => vec!["period"],
        None => vec!["report"],
    };
    let rules = rules_of(reading, settings, known.profile, section, language);
    Some(SectionView { rules, may_begin, texts })
}

struct TextWriter<'a> {
    reading: &'a Reading,
    project: &'a Path,
    report: &'a str,
    period: &'a str,
    section: &'a str,
    language: &'a MessageLanguage,
}

impl TextWriter<'_> {
    fn text(&self, lang: &Lang, printed_texts: &PrintedTexts) -> TextView {
        let (report, section) = (self.report, self.section);
        let own = SectionFile { report, period: Some(self.period), section, lang: lang.as_str() };
        let file = SectionFile::printed(self.project, self.reading, own);
        let (path, found) = (file.path(), file.read(self.project));
        let unreadable = found.as_ref().err().map(|problem| self.language.catalogue.sentences(problem).message);
        let (text, hash) = found.ok().flatten().map(|WrittenSection { text, hash, .. }| (text, hash)).unzip();
        let (marks, remarks) = self.problems(&path);
        let printed = printed_texts.printed(section, lang);
        TextView {
            language: language_name(lang),
            of_period: file.period.is_some(),
            words: printed.as_deref().map(count_words),
            begins: printed.as_deref().and_then(first_words),
            checked: self.is_checked(&path, text.as_deref()),
            file: path,
            text,
            hash,
            unreadable,
            marks,
            remarks,
        }
    }

    /// Whether the reading is of this text: control characters are read as blanks.
    fn is_checked(&self, path: &str, text: Option<&str>) -> bool {
        let read = self.reading.prose.as_ref().and_then(|prose| prose.narratives.text_of(path));
        let is_same = |read: &str, text: &str| {
            let is_like = |(a, b): (char, char)| a == b || (a == ' ' && b.is_ascii_control());
            read.len() == text.len() && read.chars().zip(text.chars()).all(is_like)
        };
        match (read, text) {
            (Some(read), Some(text)) => is_same(read, text),
            (None, None) => true,
            _ => false,
        }
    }

    /// What is wrong at places of the file, and with the file as a whole.
    fn problems(&self, path: &str) -> (Vec<MarkView>, Vec<Remark>) {
        let (mut marks, mut remarks) = (Vec::new(), Vec::new());
        let about = self.reading.problems.iter().filter(|problem| problem.is_about(self.report, self.period));
        for problem in about {
            for place in problem.places.iter().filter(|place| place.file == path) {
                let remark = self.remark(problem);
                let mark = self.reading.prose.as_ref().and_then(|prose| prose.narratives.mark(problem, place));
                match mark {
                    Some(mark) => marks.push(MarkView {
                        from: mark.span.start,
                        to: mark.span.end,
                        remark,
                        mends: mark.mends.into_iter().map(mend_view).collect(),
                    }),
                    None => remarks.push(remark),
                }
            }
        }
        marks.sort_by_key(|mark| (mark.from, mark.to));
        (marks, remarks)
    }

    fn remark(&self, problem: &Problem) -> Remark {
        let sentences = self.language.catalogue.sentences(problem);
        let (level, code) = (problem.severity.code(), problem.code);
        Remark { level, code, message: sentences.message, help: sentences.help }
    }
}

/// As many words as are needed to distinguish one page from another.
fn first_words(blocks: &[Block]) -> Option<String> {
    let text = blocks.iter().find_map(|block| match block {
        Block::Heading { content, .. } | Block::Paragraph { content } => Some(plain_text(content)),
        Block::List { items, .. } => items.iter().find_map(|item| first_words(item)),
        Block::Quote { content, .. } => first_words(content),
        _ => None,
    })?;
    Some(text.split_whitespace().take(FIRST_WORDS).collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty())
}

fn mend_view(mend: Mend) -> MendView {
    let (from, to) = mend.span.map(|span| (span.start, span.end)).unzip();
    MendView { what: mend.what, from, to, text: mend.text }
}

/// A text to be written, and what it was based on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SaveRequest {
    report: String,
    period: String,
    section: String,
    language: String,
    of_period: bool,
    /// The hash of the file that was edited; `None` where there was none.
    base: Option<String>,
    text: String,
}

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SaveOutcome {
    Saved {
        hash: String,
    },
    /// The file was changed by somebody else since it was read: nothing was written.
    Changed {
        hash: Option<String>,
        text: Option<String>,
    },
    Failed {
        message: String,
        help: Option<String>,
    },
}

/// Writes a section; `None` if the report has no such section, period or language.
pub(super) fn save(project: &AppProject, request: &SaveRequest, language: &MessageLanguage) -> Option<SaveOutcome> {
    let reading = project.latest();
    let settings = reading.settings.as_deref()?;
    let SaveRequest { report, period, section, .. } = request;
    let known = find_section(&reading, settings, (report, period, section))?;
    languages_of(settings, known.report).into_iter().find(|lang| lang.as_str() == request.language)?;
    let file =
        SectionFile { report, period: request.of_period.then_some(period.as_str()), section, lang: &request.language };
    Some(match file.write(&project.path, request.base.as_deref(), &request.text) {
        Ok(hash) => SaveOutcome::Saved { hash },
        Err(NotWritten::Changed(there)) => {
            let (hash, text) = there.map(|there| (there.hash, there.text)).unzip();
            SaveOutcome::Changed { hash, text }
        }
        Err(NotWritten::Failed(problem)) => {
            let sentences = language.catalogue.sentences(&problem);
            SaveOutcome::Failed { message: sentences.message, help: sentences.help }
        }
    })
}
