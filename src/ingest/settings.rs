//! project.toml → [`Settings`] and where each table is. Every fault is reported in one run, at its line and column.

#![warn(missing_docs)]

mod administration;
mod counts;
mod donor_forms;
mod example_line;
mod file_names;
mod form_exports;
mod images;
mod misplaced_keys;
mod missing_files;
mod named_files;
pub mod periods;
mod person_links;
mod privacy;
mod reports;
mod shapes;
mod syntax_fault;
mod table_columns;
mod tables;
mod theme;
mod toml_reader;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

pub use crate::folder::PROJECT_FILE;
pub use counts::{CountsPart, CountsPlan, SideValue, count_column};
use file_names::read_file_name;
pub use form_exports::{FormPlan, FormPreset, form_presets};
use images::read_images;
use misplaced_keys::report_misplaced;
use named_files::named_file;
pub use person_links::PersonLink;
pub use privacy::LimitedAxis;
pub use reports::NamedIndicator;
pub use shapes::{GivenValue, Mark, Marks, PeriodHeads, PeriodsPlan, WideHeads, WidePlan};
use syntax_fault::syntax_fault;
pub use tables::{ColumnOptions, SheetPlan, TableOptions, TablePlan};
pub use theme::picture_paths;
use toml_reader::{TomlKeys, TomlNode, TomlReader};

use super::layout::TableKind;
use crate::diagnostic::{Place, Problem, kinds};
use crate::model::{
    AgeBands, Donor, Implementer, Lang, Limits, Partner, Period, Plan, ProgressLimits, Settings, Signatory, Waiver,
};

/// project.toml as far as it could be read. With `faulty` the settings hold stand-ins, good enough to look for problems in
/// the tables but not to report from; so do those of a report that has errors.
pub struct ProjectFile {
    /// What the file says.
    pub settings: Settings,
    /// The file has errors that are not of single reports.
    pub faulty: bool,
    /// The tables that the file mentions.
    pub plans: Vec<TablePlan>,
    /// Every period that a report or a target can name by its code alone.
    pub periods: Vec<Period>,
    /// Codes of indicators that reports name.
    pub named_indicators: Vec<NamedIndicator>,
    /// Axes that limits name.
    pub limited_axes: Vec<LimitedAxis>,
    /// Who is who under several codes.
    pub person_links: Vec<PersonLink>,
    /// The place of each of the settings' waivers.
    pub waiver_places: Vec<Place>,
}

/// Reads `source`, the text of project.toml in `folder`. `None` if it isn't TOML at all.
pub fn read_project_file(source: &str, folder: &Path, problems: &mut Vec<Problem>) -> Option<ProjectFile> {
    let reader = TomlReader::new(source);
    let (document, faults) = DeTable::parse_recoverable(source);
    let mut lines = BTreeSet::new();
    for fault in &faults {
        let span = fault.span().unwrap_or(0..0);
        let place = reader.place(&span);
        // The parser complains several times of what one mistake breaks.
        if lines.insert(place.line_number()) {
            reader.report(Problem::error(syntax_fault(source, &span, fault.message())).at(place));
        }
    }
    if !faults.is_empty() {
        problems.extend(reader.into_problems());
        return None;
    }
    let keys = TomlKeys::new(String::new(), 0..0, document.get_ref());
    let mut file = read_project(&reader, &keys, folder);
    report_misplaced(&reader, &keys, &mut file.plans);
    keys.finish(&reader);
    let found = reader.into_problems();
    file.faulty = found.iter().any(Problem::stops_all);
    problems.extend(found);
    Some(file)
}

/// Every key that the tables of `source` may have, whether they do or not; for the reference.
pub fn known_keys(source: &str, folder: &Path) -> BTreeMap<String, BTreeSet<&'static str>> {
    let reader = TomlReader::new(source);
    let (document, _) = DeTable::parse_recoverable(source);
    let keys = TomlKeys::new(String::new(), 0..0, document.get_ref());
    read_project(&reader, &keys, folder);
    keys.finish(&reader);
    reader.known_keys()
}

fn read_project<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, folder: &Path) -> ProjectFile {
    let code = reader
        .require(keys, "code")
        .and_then(|node| read_file_name(reader, &node, |value| kinds::BadProjectCode { value }))
        .unwrap_or_default();
    let languages = reader.require(keys, "languages").map(|node| read_languages(reader, &node)).unwrap_or_default();
    let (start, end) = read_days(reader, keys);
    let zone = keys.take("zone").and_then(|node| tables::read_zone(reader, &node));
    let data_until = keys.take("data_until").and_then(|node| {
        let day = reader.date(&node)?;
        if day < start || day > end {
            let kind = kinds::DateOutsideProject::Key { key: "data_until".to_owned(), value: day.to_string() };
            reader.report(Problem::warning(kind).at(reader.place(&node.span)));
        }
        Some(day)
    });
    let read_text = |keys: &TomlKeys<'a>, key: &'static str| {
        keys.take(key).map(|node| reader.text(&node, &languages)).unwrap_or_default()
    };
    let notice = read_text(keys, "notice");
    let title = reader.require(keys, "title").map(|node| reader.text(&node, &languages)).unwrap_or_default();
    let implementer = keys.take("implementer").and_then(|node| {
        let keys = reader.keys(&node)?;
        let name = reader.require(&keys, "name").map(|node| reader.text(&node, &languages)).unwrap_or_default();
        let logo = keys.take("logo").and_then(|node| named_file(reader, folder, &node));
        keys.finish(reader);
        Some(Implementer { name, logo })
    });
    let donors = read_donors(reader, keys, folder, &languages);
    let partners = reader.tables(keys, "partners").into_iter().map(|keys| {
        let name = reader.require(&keys, "name").map(|node| reader.text(&node, &languages)).unwrap_or_default();
        let role = read_text(&keys, "role");
        keys.finish(reader);
        Partner { name, role }
    });
    let partners = partners.collect();
    let rules = periods::read_period_rules(reader, keys, start, end);
    let mut limited_axes = Vec::new();
    let privacy = privacy::read_privacy(reader, keys, folder, &mut limited_axes);
    let context = reports::ReportsContext {
        folder,
        languages: &languages,
        rules: &rules,
        start,
        end,
        donors: &donors,
        privacy: &privacy,
    };
    let reports = reports::read_reports(reader, keys, &context);
    let forms = donor_forms::read_forms(reader, keys, folder, &languages, &reports.reports);
    limited_axes.extend(reports.limited_axes);
    let (waivers, waiver_places) = read_waivers(reader, keys, &languages).into_iter().unzip();
    let images = read_images(reader, keys, folder, &languages);
    let signatures = reader.tables(keys, "signatures").into_iter().map(|keys| {
        let name = reader.require(&keys, "name").map(|node| reader.text(&node, &languages)).unwrap_or_default();
        let role = read_text(&keys, "role");
        keys.finish(reader);
        Signatory { name, role }
    });
    let signatures = signatures.collect();
    let settings = Settings {
        code,
        start,
        end,
        data_until,
        draft: false,
        notice,
        title,
        implementer,
        partners,
        administration: administration::read_administration(reader, keys, &languages),
        forms,
        reports: reports.reports,
        waivers,
        progress: read_progress(reader, keys),
        age_bands: read_age_bands(reader, keys),
        images,
        signatures,
        theme: theme::read_theme(reader, keys, folder),
        iati: read_free_texts(reader, keys, "iati"),
        limits: read_limits(reader, keys),
        donors,
        privacy: privacy.clone(),
        periods: rules.clone(),
        languages: languages.clone(),
    };
    ProjectFile {
        periods: periods::all_periods(&rules, &reports.periods, start, end),
        settings,
        faulty: false,
        plans: tables::read_tables(reader, keys, folder, &languages, zone.as_ref()),
        named_indicators: reports.indicators,
        limited_axes,
        person_links: person_links::read_person_links(reader, keys),
        waiver_places,
    }
}

fn read_languages<'a>(reader: &TomlReader<'a>, node: &TomlNode<'a>) -> Vec<Lang> {
    let mut languages: Vec<Lang> = Vec::new();
    for (tag, span) in reader.strings(node) {
        let lang = Lang::new(&tag);
        if !Lang::is_tag(&tag) {
            reader.report_at(&span, kinds::BadLanguage { value: tag });
        } else if languages.contains(&lang) {
            reader.report_at(&span, kinds::DuplicateLanguage { value: tag });
        } else {
            languages.push(lang);
        }
    }
    if languages.is_empty() && node.value.as_array().is_some_and(|items| items.is_empty()) {
        reader.report_at(&node.span, kinds::EmptyValue { key: "languages".to_owned() });
    }
    languages
}

/// First and last day of the project; if one is missing, all of time, so that nothing else is reported to lie outside.
fn read_days<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> (Date, Date) {
    let start = reader.require(keys, "start").and_then(|node| reader.date(&node));
    let end_node = reader.require(keys, "end");
    let end = end_node.as_ref().and_then(|node| reader.date(node));
    if let (Some(start), Some(end), Some(node)) = (start, end, &end_node)
        && end < start
    {
        let (first, last) = (start.to_string(), end.to_string());
        reader.report_at(&node.span, kinds::EndBeforeStart { start: first, end: last });
        return (end, start);
    }
    match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (Some(start), None) => (start, start.max(STAND_IN_END)),
        (None, Some(end)) => (end.min(STAND_IN_START), end),
        (None, None) => (STAND_IN_START, STAND_IN_END),
    }
}

/// Stand-ins for the days of a project that names none.
const STAND_IN_START: Date = jiff::civil::date(1900, 1, 1);
const STAND_IN_END: Date = jiff::civil::date(2199, 12, 31);

fn read_donors<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, folder: &Path, languages: &[Lang]) -> Vec<Donor> {
    let mut donors: Vec<Donor> = Vec::new();
    for keys in reader.tables(keys, "donors") {
        let code = reader.require(&keys, "code").and_then(|node| {
            let code = reader.string(&node)?;
            if donors.iter().any(|other| other.code == code) {
                reader.report_at(&node.span, kinds::DuplicateDonor { value: code });
                return None;
            }
            Some(code)
        });
        let name = reader.require(&keys, "name").map(|node| reader.text(&node, languages)).unwrap_or_default();
        let grant = keys.take("grant").and_then(|node| reader.string(&node));
        let amount = administration::read_amount(reader, &keys);
        let logo = keys.take("logo").and_then(|node| named_file(reader, folder, &node));
        let acknowledgement =
            keys.take("acknowledgement").map(|node| reader.text(&node, languages)).unwrap_or_default();
        keys.finish(reader);
        if let Some(code) = code {
            donors.push(Donor { code, name, grant, amount, logo, acknowledgement });
        }
    }
    donors
}

fn read_waivers<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, languages: &[Lang]) -> Vec<(Waiver, Place)> {
    let mut waivers: Vec<(Waiver, Place)> = Vec::new();
    for keys in reader.tables(keys, "waive") {
        let place = reader.place(&keys.span);
        let problem = reader.require(&keys, "problem").and_then(|node| {
            let code = reader.string(&node)?;
            if super::waivers::CAN_BE_WAIVED.contains(&code.as_str()) {
                return Some(code);
            }
            let known = super::waivers::CAN_BE_WAIVED.iter().copied();
            reader.report_unknown(&node.span, &code, known, |value, nearest| kinds::NotWaivable { value, nearest });
            None
        });
        let tables: Vec<(&str, TableKind)> = TableKind::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
        let table = reader.require(&keys, "table").and_then(|node| reader.choice(&node, &tables));
        let at_most = reader.require(&keys, "at_most").and_then(|node| reader.integer(&node, 0..=u64::MAX));
        let reason = reader.require(&keys, "reason").map(|node| reader.text(&node, languages)).unwrap_or_default();
        keys.finish(reader);
        let (Some(problem), Some(table), Some(at_most)) = (problem, table, at_most) else { continue };
        let table = table.name().to_owned();
        if waivers.iter().any(|(other, _)| other.problem == problem && other.table == table) {
            reader.report(Problem::error(kinds::DuplicateWaiver { value: problem, table }).at(place));
            continue;
        }
        waivers.push((Waiver { problem, table, at_most, reason }, place));
    }
    waivers
}

/// What is due without targets of periods, by its names in project.toml.
pub const PLANS: [(&str, Plan); 1] = [("linear", Plan::Linear)];

fn read_progress<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> ProgressLimits {
    let mut limits = ProgressLimits {
        on_track: Decimal::new(9, 1),
        at_risk: Decimal::new(7, 1),
        over: Decimal::new(12, 1),
        plan: None,
    };
    let Some(node) = keys.take("progress") else { return limits };
    let Some(keys) = reader.keys(&node) else { return limits };
    let read_fraction = |key| keys.take(key).and_then(|node| reader.decimal(&node, Decimal::ZERO..=Decimal::ONE));
    limits.on_track = read_fraction("on_track").unwrap_or(limits.on_track);
    limits.at_risk = read_fraction("at_risk").unwrap_or(limits.at_risk);
    let over = keys.take("over").and_then(|node| reader.decimal(&node, Decimal::ONE..=Decimal::from(1000)));
    limits.over = over.unwrap_or(limits.over);
    limits.plan = keys.take("plan").and_then(|node| reader.choice(&node, &PLANS));
    keys.finish(reader);
    if limits.at_risk > limits.on_track {
        let (on_track, at_risk) = (limits.on_track.to_string(), limits.at_risk.to_string());
        reader.report_at(&node.span, kinds::ProgressOrder { on_track, at_risk });
    }
    limits
}

/// UNHCR's age bands unless the project has its own.
fn read_age_bands<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> AgeBands {
    let default = AgeBands(vec![0, 5, 12, 18, 60]);
    let Some(keys) = keys.take("age").and_then(|node| reader.keys(&node)) else { return default };
    let bands = keys.take("bands").and_then(|node| {
        let bands: Vec<u8> =
            reader.array(&node).iter().filter_map(|item| reader.integer(item, 0..=150)).map(|low| low as u8).collect();
        if bands.is_empty() || bands.windows(2).any(|pair| pair[0] >= pair[1]) {
            reader.report_at(&node.span, kinds::BandsNotRising);
            return None;
        }
        Some(AgeBands(bands))
    });
    keys.finish(reader);
    bands.unwrap_or(default)
}

/// A table of keys that the project chooses, with plain values, each as its text.
fn read_free_texts<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>, key: &'static str) -> BTreeMap<String, String> {
    let Some(keys) = keys.take(key).and_then(|node| reader.keys(&node)) else { return BTreeMap::new() };
    let mut texts = BTreeMap::new();
    for (key, _, node) in keys.entries() {
        let text = match node.value {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => {
                reader.report_wrong_type(&node, |key| kinds::WrongType::Text { key });
                continue;
            }
        };
        texts.insert(key.to_owned(), text);
    }
    texts
}

/// Limits of a project that sets none; the largest register in use is far below.
pub const DEFAULT_LIMITS: Limits =
    Limits { unpacked_mib: 4096, cells: 30_000_000, cell_length: 1_000_000, attachment_mib: 10 };

fn read_limits<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Limits {
    let mut limits = DEFAULT_LIMITS;
    let Some(keys) = keys.take("limits").and_then(|node| reader.keys(&node)) else { return limits };
    let read_limit = |key| keys.take(key).and_then(|node| reader.integer(&node, 1..=1_000_000_000_000));
    limits.unpacked_mib = read_limit("unpacked_mib").unwrap_or(limits.unpacked_mib);
    limits.cells = read_limit("cells").unwrap_or(limits.cells);
    limits.cell_length = read_limit("cell_length").unwrap_or(limits.cell_length);
    let attachment = keys.take("attachment_mib").and_then(|node| reader.integer(&node, 0..=1_000_000));
    limits.attachment_mib = attachment.unwrap_or(limits.attachment_mib);
    keys.finish(reader);
    limits
}
