//! What may be put into a text, by what it prints in its report, period and language.

use serde::Serialize;

use super::MessageLanguage;
use super::project_view::{LocalText, local_text};
use super::reading::{CountedProject, Reading};
use crate::model::{IndicatorId, Lang};
use crate::report::narrative::{FormContext, ProseContext, Snippet, SnippetWriter};

/// Snippets by what they are about.
#[derive(Serialize)]
pub(super) struct SnippetView<'a> {
    groups: Vec<SnippetGroup<'a>>,
}

#[derive(Serialize)]
struct SnippetGroup<'a> {
    /// `project`, `indicator`, `activities`, `activity-fields` or `indicator-fields`.
    about: &'static str,
    /// Of an indicator: its code and title, and its place.
    code: &'a str,
    title: Option<LocalText<'a>>,
    /// The title in every language, for the search, since a word of any of them may be typed.
    titles: Vec<&'a str>,
    at: usize,
    snippets: Vec<SnippetLine>,
}

#[derive(Serialize)]
struct SnippetLine {
    what: &'static str,
    which: String,
    source: String,
    printed: Option<String>,
}

/// Which text they are for.
pub(super) struct SnippetPlace<'p> {
    pub report: &'p str,
    pub period: &'p str,
    pub lang: &'p str,
    /// The place of one indicator, to see everything that can be said of it.
    pub indicator: Option<usize>,
}

/// `None` before the project could be counted, or if there is no such report, period, language or indicator.
pub(super) fn snippets<'a>(
    reading: &Reading,
    counted: &'a CountedProject,
    place: &SnippetPlace,
    language: &MessageLanguage,
) -> Option<SnippetView<'a>> {
    let CountedProject { project, releases, .. } = counted;
    let report = project.settings.reports.iter().find(|settings| settings.name == place.report)?;
    let period = project.logframe.period(place.period)?;
    let prose = reading.prose.as_deref()?;
    let locale = prose.profiles.get(&report.profile)?.locale(&Lang::new(place.lang))?;
    let context = ProseContext { project, released: releases.for_report(report), locale: &locale };
    let writer =
        SnippetWriter::new(&prose.narratives, FormContext { prose: context, report, period }, &language.locale);
    let of_indicator = |at: usize, snippets: &dyn Fn(IndicatorId) -> Vec<Snippet>| {
        let id = project.logframe.indicator_ids().nth(at)?;
        let indicator = project.logframe.indicator(id);
        let title = local_text(&indicator.title, &project.settings.languages, &language.locale);
        let (code, snippets) = (indicator.code.as_str(), lines(snippets(id)));
        let titles = indicator.title.iter().map(|(_, title)| title).collect();
        Some(SnippetGroup { about: "indicator", code, title: Some(title), titles, at, snippets })
    };
    if let Some(at) = place.indicator {
        let group = of_indicator(at, &|id| writer.more_of_indicator(id))?;
        return Some(SnippetView { groups: vec![group] });
    }
    let shown = project.logframe.indicators.iter().enumerate().filter(|(_, one)| report.shows(&one.code));
    let group = |about: &'static str, snippets: Vec<Snippet>| SnippetGroup {
        about,
        code: "",
        title: None,
        titles: Vec::new(),
        at: 0,
        snippets: lines(snippets),
    };
    let mut groups: Vec<SnippetGroup> =
        shown.filter_map(|(at, _)| of_indicator(at, &|id| writer.of_indicator(id))).collect();
    groups.push(group("project", writer.of_project()));
    groups.push(group("activities", writer.of_activities()));
    groups.push(group("activity-fields", writer.fields_of_activities()));
    groups.push(group("indicator-fields", writer.fields_of_indicators()));
    groups.retain(|group| !group.snippets.is_empty());
    Some(SnippetView { groups })
}

fn lines(snippets: Vec<Snippet>) -> Vec<SnippetLine> {
    let line = |snippet: Snippet| {
        let Snippet { what, which, source, printed } = snippet;
        SnippetLine { what, which, source, printed }
    };
    snippets.into_iter().map(line).collect()
}
