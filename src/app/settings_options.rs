//! What the settings of a project can be chosen from, by the names that `templates/app/settings.toml` gives the choices.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::MessageLanguage;
use super::project_view::local_text;
use super::reading::Reading;
use super::settings_form::ChoiceView;
use crate::folder::{entries, list_files};
use crate::ingest::period_codes;
use crate::locale::Locale;
use crate::model::{CalendarKind, Donor, Lang, Settings, Text};
use crate::new_project::OfferedReport;
use crate::report::profile::{Profile, ProfileOpening};

/// Calendar periods, by their names in `[periods]` and in `periods` of a report; with the page's word for each.
const KINDS: [(&str, CalendarKind); 4] = [
    ("months", CalendarKind::Months),
    ("quarters", CalendarKind::Quarters),
    ("half_years", CalendarKind::HalfYears),
    ("years", CalendarKind::Years),
];

/// Endings of pictures that documents can hold.
const PICTURES: [&str; 4] = ["svg", "png", "jpg", "jpeg"];

/// Endings of forms that can be filled in.
const FORMS: [&str; 2] = ["xlsx", "docx"];

/// The choices by their names.
pub type SettingsOptions = BTreeMap<&'static str, Vec<ChoiceView>>;

/// Everything that can be chosen in a project that is in `folder`.
pub fn settings_options(folder: &Path, reading: &Reading, language: &MessageLanguage) -> SettingsOptions {
    let mut options = SettingsOptions::new();
    let same = |text: &str| ChoiceView { value: text.into(), text: text.to_owned() };
    options.insert("languages", Locale::languages().iter().map(|tag| language_choice(tag)).collect());
    options.insert("profiles", profiles(folder, language));
    options.insert("pictures", files_in(folder, "images", &PICTURES).iter().map(|file| same(file)).collect());
    options.insert("forms", files_in(folder, "forms", &FORMS).iter().map(|file| same(file)).collect());
    let Some(settings) = reading.settings.as_deref() else { return options };
    let text = |text: &Text| local_text(text, &settings.languages, &language.locale).text.to_owned();
    let donors = settings.donors.iter();
    let donor = |donor: &Donor| ChoiceView {
        value: donor.code.as_str().into(),
        text: Some(text(&donor.name)).filter(|name| !name.is_empty()).unwrap_or_else(|| donor.code.clone()),
    };
    options.insert("donors", with_codes(donors.map(donor).collect()));
    options.insert("reports", settings.reports.iter().map(|report| same(&report.name)).collect());
    options.insert("own-languages", settings.languages.iter().map(|lang| language_choice(lang.as_str())).collect());
    options.insert("documents", documents(&settings.languages));
    options.insert("periods", periods(settings));
    let counted = reading.counted.as_ref();
    let indicators = counted.map(|counted| {
        counted.project.logframe.indicators.iter().map(|indicator| ChoiceView {
            value: indicator.code.as_str().into(),
            text: format!("{} {}", indicator.code, text(&indicator.title)),
        })
    });
    options.insert("indicators", indicators.into_iter().flatten().collect());
    options
}

/// A language by its tag, with its name.
pub fn language_choice(tag: &str) -> ChoiceView {
    let name = Locale::new(&Lang::new(tag)).map(|locale| locale.label("language.name").to_owned());
    ChoiceView { value: tag.into(), text: name.unwrap_or_else(|| tag.to_owned()) }
}

/// The choices, with its code behind the name of one that another has, too.
fn with_codes(mut choices: Vec<ChoiceView>) -> Vec<ChoiceView> {
    name_by_code(&mut choices, |choice| (&mut choice.text, choice.value.as_str().unwrap_or_default().to_owned()));
    choices
}

/// The same for other choices; `parts` gives the name that is shown, and the code.
pub fn name_by_code<C>(choices: &mut [C], parts: impl Fn(&mut C) -> (&mut String, String)) {
    let mut counts = BTreeMap::new();
    for choice in choices.iter_mut() {
        *counts.entry(parts(choice).0.to_lowercase()).or_insert(0) += 1;
    }
    for choice in choices {
        let (text, code) = parts(choice);
        if counts.get(&text.to_lowercase()).is_some_and(|count| *count > 1) && *text != code {
            *text = format!("{text} ({code})");
        }
    }
}

/// The forms of reports: ours, and the project's own.
fn profiles(folder: &Path, language: &MessageLanguage) -> Vec<ChoiceView> {
    let mut names: Vec<String> = Profile::shipped().into_iter().map(str::to_owned).collect();
    let own = entries(&folder.join("profiles"));
    names.extend(own.iter().filter_map(|(name, _)| name.strip_suffix(".toml").map(str::to_owned)));
    names.sort();
    names.dedup();
    let lang = language.locale.lang();
    let choice = |name: String| {
        let profile = Profile::load(&name, None).ok();
        // A letter is written about a report, not instead of one.
        if profile.as_ref().is_some_and(|profile| profile.opening == ProfileOpening::Letter) {
            return None;
        }
        // With the donor's name, where a new project is offered it so.
        let offered = OfferedReport::all().iter().find(|offered| offered.profile == name);
        let own = profile.as_ref().and_then(|profile| profile.title.in_order(lang, &[]));
        let title = offered.map(|offered| offered.title(lang.as_str())).or(own).unwrap_or(&name).to_owned();
        Some(ChoiceView { text: title, value: name.into() })
    };
    with_codes(names.into_iter().filter_map(choice).collect())
}

fn files_in(folder: &Path, inside: &str, endings: &[&str]) -> Vec<String> {
    let is_wanted =
        |name: &str| name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending.to_lowercase().as_str()));
    let files = list_files(&folder.join(inside), None).into_iter();
    let mut names: Vec<String> =
        files.filter(|(name, _)| is_wanted(name)).map(|(name, _)| format!("{inside}/{name}")).collect();
    names.sort();
    names
}

/// A document in each language, and one in all of them.
fn documents(languages: &[Lang]) -> Vec<ChoiceView> {
    let choice = |langs: &[Lang]| {
        let tags: Vec<&str> = langs.iter().map(Lang::as_str).collect();
        let names = tags.iter().map(|tag| language_choice(tag).text);
        ChoiceView { text: names.collect::<Vec<_>>().join(" + "), value: json!(tags) }
    };
    let mut choices: Vec<ChoiceView> = languages.iter().map(|lang| choice(std::slice::from_ref(lang))).collect();
    if languages.len() > 1 {
        choices.push(choice(languages));
    }
    choices
}

/// Codes of the periods that reports can name.
pub fn periods(settings: &Settings) -> Vec<ChoiceView> {
    let kinds: Vec<&str> =
        KINDS.iter().filter(|(_, kind)| settings.periods.includes(*kind)).map(|(name, _)| *name).collect();
    let mut codes = period_codes(&kinds, settings.start, settings.end);
    codes.extend(settings.periods.custom.iter().map(|period| period.code.clone()));
    codes.into_iter().map(|code| ChoiceView { value: Json::from(code.as_str()), text: code }).collect()
}
