//! A Word file that was sent, held against the figures of the build that it was made in.

use std::collections::BTreeMap;

use serde_json::Value;

use super::review::sent_figures::{SentWord, SentWordFigure};
use crate::locale::Locale;
use crate::model::Lang;
use crate::proof::{OvertypedNumber, is_said_at};

/// The text of figures.json with what the Word file says in place of what it says otherwise; what isn't a number there
/// stays as it was built. `None` if all is as it was built.
pub(super) fn figures_as_sent(built: &[u8], word: &SentWord) -> Option<Vec<u8>> {
    let mut figures: Value = serde_json::from_slice(built).ok()?;
    let mut locales: BTreeMap<&str, Option<Locale>> = BTreeMap::new();
    let mut is_changed = false;
    for (place, figure) in said_figures(word) {
        let locale = locales.entry(&figure.language).or_insert_with(|| Locale::new(&Lang::new(&figure.language)));
        let (Some(locale), Some(place)) = (locale.as_ref(), place_in(&figures, word, place)) else { continue };
        if figures.pointer(&place).is_none() || is_said_at(&figures, &place, &figure.text, locale) {
            continue;
        }
        if let Some(typed) = OvertypedNumber::read(&figure.text, locale) {
            is_changed |= put(&mut figures, &place, typed).is_some();
        }
    }
    if !is_changed {
        return None;
    }
    let mut text = serde_json::to_vec(&figures).ok()?;
    text.push(b'\n');
    Some(text)
}

/// What the file says of each place. Where it says two things, what was typed over what was made.
fn said_figures(word: &SentWord) -> BTreeMap<&str, &SentWordFigure> {
    let mut said: BTreeMap<&str, &SentWordFigure> = BTreeMap::new();
    for figure in &word.figures {
        let known = said.entry(&figure.place).or_insert(figure);
        if figure.is_changed && !known.is_changed {
            *known = figure;
        }
    }
    said
}

/// A place of the figures.json that the file was made with, in another one: the indicator of the same code.
fn place_in(figures: &Value, word: &SentWord, place: &str) -> Option<String> {
    let (index, rest) = place.strip_prefix("/indicators/")?.split_once('/')?;
    if word.indicators.is_empty() {
        return Some(place.to_owned());
    }
    let code = word.indicators.get(index.parse::<usize>().ok()?)?;
    let indicators = figures.get("indicators")?.as_array()?;
    let index = indicators.iter().position(|indicator| indicator["code"] == **code)?;
    Some(format!("/indicators/{index}/{rest}"))
}

/// Puts a number in a place, and its hedge beside it.
fn put(figures: &mut Value, place: &str, typed: OvertypedNumber) -> Option<()> {
    *figures.pointer_mut(place)? = typed.value.to_json()?;
    let (parent, scope) = place.rsplit_once('/')?;
    let hedges = match parent.strip_suffix("/actual") {
        Some(indicator) => format!("{indicator}/approximate"),
        None => format!("{parent}/approximate"),
    };
    if let Some(known) = figures.pointer_mut(&hedges).and_then(|hedges| hedges.get_mut(scope)) {
        *known = typed.hedge.map_or(Value::Null, Value::from);
    }
    Some(())
}
