//! The page that answers first, made from the figures by rules that docs/reference.md states.

mod attention;
mod cards;
mod people_and_notes;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::cover::status_key_item;
use super::indicators::group_by_result;
use super::localizer::Localizer;
use crate::indicators::Status;
use crate::model::{IndicatorId, LanguageLayout, Level, Project};
use crate::report::block::{Block, Inline};
use crate::report::document::{
    FigureSource, FigureText, Fraction, Glance, KeyItem, Tally, TallyCount, TallyMark, TimeElapsed,
};
use crate::report::profile::HEADLINE;

pub(super) use people_and_notes::count_people as people_texts;

/// The section whose first lines stand on the page.
const NEXT_STEPS: &str = "next-steps";

/// The order in which statuses are listed: what needs attention first.
const LISTING_ORDER: [Option<Status>; 8] = [
    Some(Status::OffTrack),
    Some(Status::AtRisk),
    Some(Status::Undetermined),
    Some(Status::Achieved),
    Some(Status::OnTrack),
    Some(Status::NotDue),
    Some(Status::NoTarget),
    None,
];

/// `None` for a report without indicators.
pub(super) fn compose_glance(localizer: &Localizer, language: usize) -> Option<Glance> {
    let ids = localizer.input.indicators();
    if ids.is_empty() || !localizer.input.profile.opening.has_glance() {
        return None;
    }
    let label = |key: &'static str| localizer.label(key).to_owned();
    let (attention, attention_note) = attention::compose_attention(localizer, &ids);
    let due = attention::compose_due(localizer, &ids, attention.iter().map(|item| item.code.as_str()).collect());
    Some(Glance {
        heading: label("glance.heading"),
        elapsed: compose_elapsed(localizer),
        tally: compose_tally(localizer, &ids),
        headline: headline(localizer, language),
        cards: cards::compose_cards(localizer, &ids),
        people: people_and_notes::count_people(localizer, &ids),
        attention_heading: label("glance.attention"),
        attention,
        attention_note,
        next_heading: label("glance.next"),
        next_steps: first_steps(localizer, &localizer.input.prose(NEXT_STEPS, language), due.len()),
        due,
        notes: people_and_notes::compose_notes(localizer, &ids),
        key: compose_key(localizer, &ids),
    })
}

/// The last day that the report knows of.
fn known_end(localizer: &Localizer) -> Date {
    let input = localizer.input;
    input.project.settings.known_days(input.period()).end
}

/// "44 % of the project's time has passed."
fn compose_elapsed(localizer: &Localizer) -> TimeElapsed {
    let share = elapsed_share(localizer.input.project, known_end(localizer));
    let source = FigureSource { place: None, from: share, to: share };
    let percent = FigureText::figure(localizer.locale.percent(share, 0), source);
    TimeElapsed {
        text: localizer.figure_phrase("glance.elapsed", &[("percent", percent)]),
        fraction: Fraction::ratio(share, Decimal::ONE),
    }
}

fn elapsed_share(project: &Project, end: Date) -> Decimal {
    let days = |from: Date, to: Date| Decimal::from(from.until(to).map_or(0, |span| span.get_days()) + 1);
    let (start, last) = (project.settings.start, project.settings.end);
    days(start, end.clamp(start, last)).checked_div(days(start, last)).unwrap_or(Decimal::ONE)
}

fn compose_tally(localizer: &Localizer, ids: &[IndicatorId]) -> Tally {
    let status = |id: &IndicatorId| localizer.figure(*id).totals.status;
    let count_of = |wanted: Option<Status>| {
        let of_status: Vec<IndicatorId> = ids.iter().copied().filter(|id| status(id) == wanted).collect();
        if of_status.is_empty() {
            return None;
        }
        let badge = localizer.badge(wanted);
        let reached = of_status.iter().filter(|id| localizer.figure(**id).totals.due_reached == Some(true)).count();
        let count = localizer.counted(of_status.len());
        let args = [("n", count), ("status", FigureText::plain(badge.text.clone()))];
        let mut text = localizer.figure_phrase("glance.count", &args);
        if wanted == Some(Status::OnTrack) && reached > 0 {
            let reached = match reached == of_status.len() {
                true => FigureText::plain(localizer.label("glance.due-reached-all")),
                false => localizer.figure_phrase("glance.due-reached", &[("n", localizer.counted(reached))]),
            };
            text = text.joined("", reached);
        }
        Some(TallyCount { status: badge, text })
    };
    let in_order = group_by_result(localizer, ids).into_iter().flat_map(|(_, ids)| ids);
    Tally {
        total: localizer.figure_phrase("glance.indicators", &[("n", localizer.counted(ids.len()))]),
        counts: LISTING_ORDER.into_iter().filter_map(count_of).collect(),
        marks: in_order
            .map(|id| TallyMark {
                code: localizer.input.indicator(id).code.clone(),
                status: localizer.badge(status(&id)),
            })
            .collect(),
    }
}

/// The statuses that occur in the report, each with its meaning.
fn compose_key(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<KeyItem> {
    let statuses: BTreeSet<Option<Status>> = ids.iter().map(|id| localizer.figure(*id).totals.status).collect();
    LISTING_ORDER
        .into_iter()
        .filter(|status| statuses.contains(status))
        .map(|status| status_key_item(localizer, status))
        .collect()
}

/// The paragraphs of the headline, as one.
fn headline(localizer: &Localizer, language: usize) -> Vec<Inline> {
    let mut line = Vec::new();
    for block in localizer.input.prose(HEADLINE, language) {
        if let Block::Paragraph { content } | Block::Heading { content, .. } = block {
            if !line.is_empty() {
                line.push(Inline::Text { text: " ".to_owned() });
            }
            line.extend(content);
        }
    }
    line
}

/// Lines in the box of what comes next.
const NEXT_LINES: usize = 5;
/// The same beside another language.
const NEXT_LINES_BESIDE: usize = 2;

/// Whether another language is printed beside this one.
fn is_beside(localizer: &Localizer) -> bool {
    localizer.input.locales.len() > 1 && localizer.input.report.layout == LanguageLayout::Parallel
}

/// The first lines of the next steps, as many as there is room for beside what is due.
fn first_steps(localizer: &Localizer, prose: &[Block], due: usize) -> Vec<Block> {
    let room = if is_beside(localizer) { NEXT_LINES_BESIDE } else { NEXT_LINES }.saturating_sub(due);
    let first = prose.iter().find(|block| matches!(block, Block::List { .. } | Block::Paragraph { .. }));
    match first {
        _ if room == 0 => Vec::new(),
        Some(Block::List { start, items }) => {
            vec![Block::List { start: *start, items: items.iter().take(room).cloned().collect() }]
        }
        Some(paragraph) => vec![paragraph.clone()],
        None => Vec::new(),
    }
}

/// Impact and outcomes, by the level of an indicator, else of its result.
fn is_outcome(localizer: &Localizer, id: IndicatorId) -> bool {
    let indicator = localizer.input.indicator(id);
    let of_result = || indicator.result.and_then(|result| localizer.input.project.logframe.result(result).level);
    matches!(indicator.level.or_else(of_result), Some(Level::Impact | Level::Outcome))
}

/// Indicators in the order of the results chain.
fn in_chain_order(localizer: &Localizer, ids: &[IndicatorId]) -> Vec<IndicatorId> {
    group_by_result(localizer, ids).into_iter().flat_map(|(_, ids)| ids).collect()
}
