//! project.toml → [`Settings`] and where each table is. Every fault is told at once, at its line and column.

mod folder;
mod keys;
pub mod periods;
mod reports;
mod tables;
mod theme;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

pub use folder::{PathFault, inside};
pub use keys::PROJECT_FILE;
use keys::{Keys, Node, Page};
pub use tables::TablePlan;
pub use theme::pictures as theme_pictures;

use super::layout::TableKind;
use crate::diagnostic::{Place, Problem, Severity};
use crate::model::{
    AgeBands, Donor, Implementer, Lang, Limits, Participants, Partner, Period, PeriodRules, Picture, Privacy,
    ProgressLimits, Settings, Signatory, Waiver,
};

/// Longest project code, in bytes: it names a folder.
const CODE_BYTES: usize = 100;

/// A project's file as far as it could be read. With `faulty` the settings hold stand-ins, good enough to go on
/// looking for problems in the tables but not to report from.
pub struct ProjectFile {
    pub settings: Settings,
    pub faulty: bool,
    pub plans: Vec<TablePlan>,
    /// Every period that a report or a target can name by its code without more words.
    pub periods: Vec<Period>,
    /// Codes of indicators that reports name, with where they do.
    pub named_indicators: Vec<(String, Place)>,
    /// Where each of the settings' waivers stands.
    pub waiver_places: Vec<Place>,
}

/// Reads `source`, the text of project.toml in `folder`. None where it isn't TOML at all.
pub fn read(source: &str, folder: &Path, problems: &mut Vec<Problem>) -> Option<ProjectFile> {
    let page = Page::new(source);
    let (document, faults) = DeTable::parse_recoverable(source);
    for fault in &faults {
        let span = fault.span().unwrap_or(0..0);
        page.problem(
            Problem::error("project-syntax").at(page.place(&span)).with("detail", first_line(fault.message())),
        );
    }
    if !faults.is_empty() {
        problems.extend(page.into_problems());
        return None;
    }
    let keys = Keys::new(String::new(), 0..0, document.get_ref());
    let mut file = project(&page, &keys, folder);
    keys.finish(&page);
    let found = page.into_problems();
    file.faulty = found.iter().any(|problem| problem.severity == Severity::Error);
    problems.extend(found);
    Some(file)
}

/// Every key that can stand in the tables of `source`, whether it does or not; for the reference.
pub fn keys_of(source: &str, folder: &Path) -> BTreeMap<String, BTreeSet<&'static str>> {
    let page = Page::new(source);
    let (document, _) = DeTable::parse_recoverable(source);
    let keys = Keys::new(String::new(), 0..0, document.get_ref());
    project(&page, &keys, folder);
    keys.finish(&page);
    page.asked()
}

fn project<'a>(page: &Page<'a>, keys: &Keys<'a>, folder: &Path) -> ProjectFile {
    let code = page.need(keys, "code").and_then(|node| project_code(page, &node)).unwrap_or_default();
    let languages = page.need(keys, "languages").map(|node| languages(page, &node)).unwrap_or_default();
    let (start, end) = days(page, keys);
    let data_until = keys.take("data_until").and_then(|node| {
        let day = page.date(&node)?;
        if day < start || day > end {
            page.problem(
                Problem::warning("date-outside-project")
                    .variant("key")
                    .at(page.place(&node.span))
                    .with("key", "data_until")
                    .with("value", day.to_string()),
            );
        }
        Some(day)
    });
    let text = |keys: &Keys<'a>, key: &'static str| {
        keys.take(key).map(|node| page.text(&node, &languages)).unwrap_or_default()
    };
    let notice = text(keys, "notice");
    let title = page.need(keys, "title").map(|node| page.text(&node, &languages)).unwrap_or_default();
    let implementer = keys.take("implementer").and_then(|node| {
        let keys = page.keys(&node)?;
        let name = page.need(&keys, "name").map(|node| page.text(&node, &languages)).unwrap_or_default();
        let logo = keys.take("logo").and_then(|node| folder::named_file(page, folder, &node));
        keys.finish(page);
        Some(Implementer { name, logo })
    });
    let donors = donors(page, keys, folder, &languages);
    let partners = page.tables(keys, "partners").into_iter().map(|keys| {
        let name = page.need(&keys, "name").map(|node| page.text(&node, &languages)).unwrap_or_default();
        let role = text(&keys, "role");
        keys.finish(page);
        Partner { name, role }
    });
    let partners = partners.collect();
    let rules = period_rules(page, keys, start, end);
    let privacy = privacy(page, keys, folder);
    let ground =
        reports::Ground { languages: &languages, rules: &rules, start, end, donors: &donors, privacy: &privacy };
    let reports = reports::read(page, keys, &ground);
    let (waivers, waiver_places) = waivers(page, keys, &languages).into_iter().unzip();
    let images = images(page, keys, folder, &languages);
    let signatures = page.tables(keys, "signatures").into_iter().map(|keys| {
        let name = page.need(&keys, "name").map(|node| page.text(&node, &languages)).unwrap_or_default();
        let role = text(&keys, "role");
        keys.finish(page);
        Signatory { name, role }
    });
    let signatures = signatures.collect();
    let settings = Settings {
        code,
        start,
        end,
        data_until,
        notice,
        title,
        implementer,
        partners,
        reports: reports.reports,
        waivers,
        progress: progress(page, keys),
        age_bands: age_bands(page, keys),
        images,
        signatures,
        theme: theme::read(page, keys, folder),
        iati: free_texts(page, keys, "iati"),
        limits: limits(page, keys),
        donors,
        privacy: privacy.clone(),
        periods: rules.clone(),
        languages: languages.clone(),
    };
    ProjectFile {
        periods: periods::all(&rules, &reports.periods, start, end),
        settings,
        faulty: false,
        plans: tables::read(page, keys, folder),
        named_indicators: reports.indicators,
        waiver_places,
    }
}

fn project_code<'a>(page: &Page<'a>, node: &Node<'a>) -> Option<String> {
    let code = page.string(node)?;
    if is_file_name(&code) {
        return Some(code);
    }
    page.problem(Problem::error("bad-project-code").at(page.place(&node.span)).with("value", code));
    None
}

/// Letters, digits, `-`, `_`, `.`; no leading dot, 1 to 100 bytes: safe as the name of a folder or a file.
fn is_file_name(name: &str) -> bool {
    (1..=CODE_BYTES).contains(&name.len())
        && !name.starts_with('.')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn languages<'a>(page: &Page<'a>, node: &Node<'a>) -> Vec<Lang> {
    let mut languages: Vec<Lang> = Vec::new();
    for (tag, span) in page.strings(node) {
        let lang = Lang::new(&tag);
        if !keys::is_language(&tag) {
            page.problem(Problem::error("bad-language").at(page.place(&span)).with("value", tag));
        } else if languages.contains(&lang) {
            page.problem(Problem::error("duplicate-language").at(page.place(&span)).with("value", tag));
        } else {
            languages.push(lang);
        }
    }
    if languages.is_empty() && node.value.as_array().is_some_and(|items| items.is_empty()) {
        page.problem(Problem::error("empty-value").at(page.place(&node.span)).with("key", "languages"));
    }
    languages
}

/// First and last day; where one is missing, all of time, so that nothing else is told to lie outside.
fn days<'a>(page: &Page<'a>, keys: &Keys<'a>) -> (Date, Date) {
    let start = page.need(keys, "start").and_then(|node| page.date(&node));
    let end_node = page.need(keys, "end");
    let end = end_node.as_ref().and_then(|node| page.date(node));
    if let (Some(start), Some(end), Some(node)) = (start, end, &end_node)
        && end < start
    {
        page.problem(
            Problem::error("end-before-start")
                .at(page.place(&node.span))
                .with("start", start.to_string())
                .with("end", end.to_string()),
        );
        return (end, start);
    }
    match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (Some(start), None) => (start, start.max(STAND_IN_END)),
        (None, Some(end)) => (end.min(STAND_IN_START), end),
        (None, None) => (STAND_IN_START, STAND_IN_END),
    }
}

const STAND_IN_START: Date = jiff::civil::date(1900, 1, 1);
const STAND_IN_END: Date = jiff::civil::date(2199, 12, 31);

fn donors<'a>(page: &Page<'a>, keys: &Keys<'a>, folder: &Path, languages: &[Lang]) -> Vec<Donor> {
    let mut donors: Vec<Donor> = Vec::new();
    for keys in page.tables(keys, "donors") {
        let code = page.need(&keys, "code").and_then(|node| {
            let code = page.string(&node)?;
            if donors.iter().any(|other| other.code == code) {
                page.problem(Problem::error("duplicate-donor").at(page.place(&node.span)).with("value", code));
                return None;
            }
            Some(code)
        });
        let name = page.need(&keys, "name").map(|node| page.text(&node, languages)).unwrap_or_default();
        let grant = keys.take("grant").and_then(|node| page.string(&node));
        let logo = keys.take("logo").and_then(|node| folder::named_file(page, folder, &node));
        let acknowledgement = keys.take("acknowledgement").map(|node| page.text(&node, languages)).unwrap_or_default();
        keys.finish(page);
        if let Some(code) = code {
            donors.push(Donor { code, name, grant, logo, acknowledgement });
        }
    }
    donors
}

fn period_rules<'a>(page: &Page<'a>, keys: &Keys<'a>, start: Date, end: Date) -> PeriodRules {
    let mut rules = PeriodRules::default();
    let Some(keys) = keys.take("periods").and_then(|node| page.keys(&node)) else { return rules };
    let flag = |key| keys.take(key).and_then(|node| page.boolean(&node)).unwrap_or(false);
    rules.months = flag("months");
    rules.quarters = flag("quarters");
    rules.half_years = flag("half_years");
    rules.years = flag("years");
    for custom in page.tables(&keys, "custom") {
        let code = page.need(&custom, "code").and_then(|node| {
            let code = page.string(&node)?;
            if !is_file_name(&code) {
                page.problem(Problem::error("bad-name").at(page.place(&node.span)).with("value", code));
                return None;
            }
            let taken = periods::resolve(&code, &rules, start, end).is_some();
            if taken {
                page.problem(Problem::error("duplicate-period").at(page.place(&node.span)).with("value", code));
                return None;
            }
            Some(code)
        });
        let first = page.need(&custom, "start").and_then(|node| page.date(&node));
        let last = page.need(&custom, "end").and_then(|node| Some((page.date(&node)?, node)));
        custom.finish(page);
        let (Some(code), Some(first), Some((last, node))) = (code, first, last) else { continue };
        if last < first {
            page.problem(
                Problem::error("end-before-start")
                    .at(page.place(&node.span))
                    .with("start", first.to_string())
                    .with("end", last.to_string()),
            );
        } else if first < start || last > end {
            page.problem(Problem::error("period-outside-project").at(page.place(&node.span)).with("value", code));
        } else {
            rules.custom.push(Period { code, start: first, end: last });
        }
    }
    keys.finish(page);
    rules
}

fn privacy<'a>(page: &Page<'a>, keys: &Keys<'a>, folder: &Path) -> Privacy {
    let mut privacy =
        Privacy { suppress_below: 5, participants: Participants::Pseudonymised, key: None, public: Vec::new() };
    let Some(keys) = keys.take("privacy").and_then(|node| page.keys(&node)) else { return privacy };
    if let Some(below) = keys.take("suppress_below").and_then(|node| page.integer(&node, 0..=1000)) {
        privacy.suppress_below = below as u32;
    }
    if let Some(kind) = keys.take("participants").and_then(|node| page.word(&node, &reports::PARTICIPANTS)) {
        privacy.participants = kind;
    }
    if let Some(node) = keys.take("public") {
        privacy.public = page.strings(&node).into_iter().map(|(text, _)| text).collect();
    }
    privacy.key = keys.take("key_file").and_then(|node| folder::key(page, folder, &node));
    keys.finish(page);
    privacy
}

fn waivers<'a>(page: &Page<'a>, keys: &Keys<'a>, languages: &[Lang]) -> Vec<(Waiver, Place)> {
    let mut waivers: Vec<(Waiver, Place)> = Vec::new();
    for keys in page.tables(keys, "waive") {
        let place = page.place(&keys.span);
        let problem = page.need(&keys, "problem").and_then(|node| {
            let code = page.string(&node)?;
            if super::waivers::CAN_BE_WAIVED.contains(&code.as_str()) {
                return Some(code);
            }
            let known = super::waivers::CAN_BE_WAIVED.iter().copied();
            page.unknown("not-waivable", &node.span, &code, known, |problem| problem);
            None
        });
        let tables: Vec<(&str, TableKind)> = TableKind::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
        let table = page.need(&keys, "table").and_then(|node| page.word(&node, &tables));
        let at_most = page.need(&keys, "at_most").and_then(|node| page.integer(&node, 0..=u64::MAX));
        let reason = page.need(&keys, "reason").map(|node| page.text(&node, languages)).unwrap_or_default();
        keys.finish(page);
        let (Some(problem), Some(table), Some(at_most)) = (problem, table, at_most) else { continue };
        let table = table.name().to_owned();
        if waivers.iter().any(|(other, _)| other.problem == problem && other.table == table) {
            page.problem(Problem::error("duplicate-waiver").at(place).with("value", problem).with("table", table));
            continue;
        }
        waivers.push((Waiver { problem, table, at_most, reason }, place));
    }
    waivers
}

fn progress<'a>(page: &Page<'a>, keys: &Keys<'a>) -> ProgressLimits {
    let mut limits = ProgressLimits { on_track: Decimal::new(9, 1), at_risk: Decimal::new(7, 1) };
    let Some(node) = keys.take("progress") else { return limits };
    let Some(keys) = page.keys(&node) else { return limits };
    let fraction = |key| keys.take(key).and_then(|node| page.decimal(&node, Decimal::ZERO..=Decimal::ONE));
    limits.on_track = fraction("on_track").unwrap_or(limits.on_track);
    limits.at_risk = fraction("at_risk").unwrap_or(limits.at_risk);
    keys.finish(page);
    if limits.at_risk > limits.on_track {
        page.problem(
            Problem::error("progress-order")
                .at(page.place(&node.span))
                .with("on_track", limits.on_track.to_string())
                .with("at_risk", limits.at_risk.to_string()),
        );
    }
    limits
}

/// UNHCR's age bands unless the project has its own.
fn age_bands<'a>(page: &Page<'a>, keys: &Keys<'a>) -> AgeBands {
    let default = AgeBands(vec![0, 5, 12, 18, 60]);
    let Some(keys) = keys.take("age").and_then(|node| page.keys(&node)) else { return default };
    let bands = keys.take("bands").and_then(|node| {
        let bands: Vec<u8> =
            page.array(&node).iter().filter_map(|item| page.integer(item, 0..=150)).map(|low| low as u8).collect();
        if bands.is_empty() || bands.windows(2).any(|pair| pair[0] >= pair[1]) {
            page.problem(Problem::error("bands-not-rising").at(page.place(&node.span)));
            return None;
        }
        Some(AgeBands(bands))
    });
    keys.finish(page);
    bands.unwrap_or(default)
}

fn images<'a>(page: &Page<'a>, keys: &Keys<'a>, folder: &Path, languages: &[Lang]) -> Vec<Picture> {
    let mut images: Vec<Picture> = Vec::new();
    for keys in page.tables(keys, "images") {
        let file = page.need(&keys, "file").and_then(|node| {
            let file = folder::named_file(page, folder, &node)?;
            if images.iter().any(|other| other.file == file) {
                page.problem(Problem::error("duplicate-file").at(page.place(&node.span)).with("file", file));
                return None;
            }
            Some(file)
        });
        let alt = page.need(&keys, "alt").map(|node| page.text(&node, languages)).unwrap_or_default();
        let caption = keys.take("caption").map(|node| page.text(&node, languages)).unwrap_or_default();
        keys.finish(page);
        if let Some(file) = file {
            images.push(Picture { file, alt, caption });
        }
    }
    images
}

/// A table of the project's own keys with plain values, each as its text.
fn free_texts<'a>(page: &Page<'a>, keys: &Keys<'a>, key: &'static str) -> BTreeMap<String, String> {
    let Some(keys) = keys.take(key).and_then(|node| page.keys(&node)) else { return BTreeMap::new() };
    let mut texts = BTreeMap::new();
    for (key, _, node) in keys.all() {
        let text = match node.value {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => {
                page.wrong_type(&node, "text");
                continue;
            }
        };
        texts.insert(key.to_owned(), text);
    }
    texts
}

/// Generous: the largest register in use is far below.
pub const DEFAULT_LIMITS: Limits =
    Limits { unpacked_mib: 4096, cells: 30_000_000, cell_length: 1_000_000, attachment_mib: 10 };

fn limits<'a>(page: &Page<'a>, keys: &Keys<'a>) -> Limits {
    let mut limits = DEFAULT_LIMITS;
    let Some(keys) = keys.take("limits").and_then(|node| page.keys(&node)) else { return limits };
    let number = |key| keys.take(key).and_then(|node| page.integer(&node, 1..=1_000_000_000_000));
    limits.unpacked_mib = number("unpacked_mib").unwrap_or(limits.unpacked_mib);
    limits.cells = number("cells").unwrap_or(limits.cells);
    limits.cell_length = number("cell_length").unwrap_or(limits.cell_length);
    let attachment = keys.take("attachment_mib").and_then(|node| page.integer(&node, 0..=1_000_000));
    limits.attachment_mib = attachment.unwrap_or(limits.attachment_mib);
    keys.finish(page);
    limits
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}
