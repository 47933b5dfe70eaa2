use super::super::localizer::Localizer;
use super::axis_names::{key_name, part_name, person_column};
use super::{crossed_keys, is_known, visible_number};
use crate::disclosure::{ReleasedAxis, ReleasedPart};
use crate::indicators::{Key, PartKey, Scope};
use crate::model::{Axis, AxisSide, IndicatorId};
use crate::report::document::{FigureText, Fraction, Pyramid, PyramidRow};

/// Sex by age with exactly two known sexes: bands up the middle, oldest at the top.
pub(super) fn compose_pyramid(
    localizer: &Localizer,
    id: IndicatorId,
    axis: &Axis,
    released: &ReleasedAxis,
    heading: &str,
) -> Option<Pyramid> {
    let (sex, flipped) = match (axis.first, axis.second) {
        (sex @ AxisSide::Person(_), Some(AxisSide::Age)) => (sex, false),
        (AxisSide::Age, Some(sex @ AxisSide::Person(_))) => (sex, true),
        _ => return None,
    };
    let AxisSide::Person(column) = sex else { return None };
    if person_column(localizer, column).name != "sex" {
        return None;
    }
    let mut cells: Vec<(Key, u8, &ReleasedPart)> = Vec::new();
    for part in &released.parts {
        let PartKey::Crossed(first, second) = part.key else { continue };
        let (sex, age) = if flipped { (second, first) } else { (first, second) };
        if let (Key::Category(_), Key::Band(band)) = (sex, age) {
            cells.push((sex, band, part));
        }
    }
    let mut sexes: Vec<Key> = cells.iter().map(|(sex, _, _)| *sex).collect();
    sexes.sort_unstable();
    sexes.dedup();
    let [left, right] = sexes.as_slice() else { return None };
    let mut bands: Vec<u8> = cells.iter().map(|(_, band, _)| *band).collect();
    bands.sort_unstable();
    bands.dedup();
    if bands.len() < 2 {
        return None;
    }
    let highest = cells.iter().filter_map(|(_, _, part)| visible_number(part.cumulative)).max()?;
    let cell =
        |sex: Key, band: u8| cells.iter().find(|(at, row, _)| *at == sex && *row == band).map(|(_, _, part)| part);
    let length = |sex: Key, band: u8| {
        cell(sex, band).and_then(|part| visible_number(part.cumulative)).map(|value| Fraction::ratio(value, highest))
    };
    let texts = |sex: Key, band: u8| match cell(sex, band) {
        None => FigureText::plain(localizer.locale.integer(0)),
        Some(part) => localizer.part_figure(id, (axis, part.key), Scope::Cumulative, part.cumulative),
    };
    let rows: Vec<PyramidRow> = bands
        .iter()
        .rev()
        .map(|band| PyramidRow {
            label: localizer.input.project.settings.age_bands.code(*band).replace('-', "–"),
            left: length(*left, *band),
            right: length(*right, *band),
            left_text: texts(*left, *band),
            right_text: texts(*right, *band),
        })
        .collect();
    let (left, right) = (key_name(localizer, sex, *left), key_name(localizer, sex, *right));
    let bars = rows.iter().rev();
    // A dot says nothing to who doesn't see it.
    let in_words = |text: &FigureText| {
        let text = text.text();
        if text == localizer.locale.withheld() { localizer.label("annex.withheld").to_owned() } else { text }
    };
    let parts: Vec<String> = bars
        .map(|row| format!("{}: {left} {}, {right} {}", row.label, in_words(&row.left_text), in_words(&row.right_text)))
        .collect();
    let title = format!("{} ({heading})", localizer.text(&localizer.input.indicator(id).title));
    let alt = localizer.phrase("report.alt-parts", &[("title", &title), ("parts", &parts.join("; "))]);
    let undrawn: Vec<FigureText> = released
        .parts
        .iter()
        .filter(|part| crossed_keys(part.key).is_some_and(|(first, second)| !is_known(first) || !is_known(second)))
        .map(|part| {
            let name = FigureText::plain(format!("{}:\u{a0}", part_name(localizer, axis, part.key)));
            name.joined("", localizer.part_figure(id, (axis, part.key), Scope::Cumulative, part.cumulative))
        })
        .collect();
    let note = (!undrawn.is_empty())
        .then(|| localizer.figure_phrase("report.not-drawn", &[("parts", FigureText::join(undrawn, "; "))]));
    Some(Pyramid { left, right, rows, note, alt })
}
