//! Groups of like problems: the first cell is the problem's own, of the others it keeps what is different.

use super::{Excerpt, PLACES_SHOWN, Place, Problem, Spot};

/// What an excerpt shows in place of a name.
const HIDDEN: &str = "…";

/// A further cell of a group. It is in the same column of the same sheet as the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    row: u32,
    variant: Option<&'static str>,
    /// Arguments that aren't the first cell's.
    args: Box<[(&'static str, Box<str>)]>,
    /// What the cell holds, if it may be shown.
    value: Box<str>,
}

impl Problem {
    /// Counts a like problem in the same column with this one.
    pub fn add_repeat(&mut self, other: Problem) {
        self.count += other.count;
        let value = other.faulty_value().unwrap_or_default().into();
        if let Some(Spot::Cell { row, .. }) = other.places.first().map(|place| &place.spot) {
            let is_own = |(name, value): &(&'static str, String)| self.args.get(name) != Some(value);
            let args = other.args.into_iter().filter(is_own).map(|(name, value)| (name, value.into())).collect();
            self.repeats.push(Repeat { row: *row, variant: other.variant, args, value });
        }
        let room = PLACES_SHOWN.saturating_sub(self.places.len());
        self.places.extend(other.places.into_iter().take(room));
    }

    /// What the faulty cell holds, if it may be shown.
    pub fn faulty_value(&self) -> Option<&str> {
        let value = match &self.excerpt {
            Some(Excerpt { cells, faulty, .. }) => faulty.and_then(|at| cells.get(at)).map(|(_, value)| value.as_str()),
            None => self.args.get("value").map(String::as_str),
        };
        value.filter(|value| !value.is_empty() && *value != HIDDEN)
    }

    /// Each cell of a group as a problem of its own; the problem itself, if it is no group.
    pub fn each_cell(&self) -> impl Iterator<Item = Problem> + '_ {
        let is_group = !self.repeats.is_empty();
        let first = Problem {
            places: self.places.iter().take(if is_group { 1 } else { usize::MAX }).cloned().collect(),
            count: if is_group { 1 } else { self.count },
            repeats: Vec::new(),
            args: self.args.clone(),
            excerpt: self.excerpt.clone(),
            reports: self.reports.clone(),
            ..*self
        };
        std::iter::once(first).chain(self.repeats.iter().map(|repeat| self.cell_of(repeat)))
    }

    fn cell_of(&self, repeat: &Repeat) -> Problem {
        let column = |(file, sheet, column): (&str, Option<&str>, u32)| Place::cell(file, sheet, repeat.row, column);
        let mut args = self.args.clone();
        args.extend(repeat.args.iter().map(|(name, value)| (*name, value.to_string())));
        Problem {
            variant: repeat.variant,
            places: self.group_column().map(column).into_iter().collect(),
            count: 1,
            repeats: Vec::new(),
            args,
            excerpt: Some(Excerpt {
                cells: vec![(String::new(), repeat.value.to_string())],
                faulty: Some(0),
                shown: None,
            }),
            reports: self.reports.clone(),
            ..*self
        }
    }

    /// The file, sheet and column of a group.
    fn group_column(&self) -> Option<(&str, Option<&str>, u32)> {
        let place = self.places.first()?;
        match &place.spot {
            Spot::Cell { sheet, column, .. } => Some((&place.file, sheet.as_deref(), *column)),
            Spot::File | Spot::Sheet { .. } | Spot::TableCell { .. } | Spot::Line { .. } => None,
        }
    }
}
