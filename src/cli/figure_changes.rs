//! Figures that changed, as `build` and `diff` print them.

use std::collections::BTreeSet;

use super::Terminal;
use crate::diagnostic::phrases;
use crate::output::FigureChange;
use crate::pipeline::{write_change, write_rows};

/// How many changed values are listed; what an officer fills in for the first time changes hundreds.
const CHANGES_SHOWN: usize = 40;

/// The changed figures, totals before parts where they are too many to be read. Values of the indicators in `fractions`
/// are fractions.
pub fn print_first_changes(changes: &[FigureChange], fractions: &BTreeSet<String>, terminal: &Terminal) {
    if changes.len() <= CHANGES_SHOWN {
        return print_changes(changes, fractions, terminal);
    }
    let totals = changes.iter().filter(|change| change.field.starts_with("actual."));
    let shown: Vec<FigureChange> = totals.take(CHANGES_SHOWN).cloned().collect();
    print_changes(&shown, fractions, terminal);
    let count = (changes.len() - shown.len()).to_string();
    terminal.print_result(&terminal.phrase(phrases::MoreChanges { count }));
}

/// Each changed figure, and once for an indicator's values in a row which rows caused it.
pub fn print_changes(changes: &[FigureChange], fractions: &BTreeSet<String>, terminal: &Terminal) {
    for (at, change) in changes.iter().enumerate() {
        terminal.print_result(&write_change(change, fractions, terminal.catalogue()));
        let goes_on = changes.get(at + 1).is_some_and(|next| {
            (&next.document, &next.indicator, &next.rows) == (&change.document, &change.indicator, &change.rows)
        });
        if !goes_on && !change.rows.is_empty() {
            terminal.print_result(
                &terminal.phrase(phrases::Because { rows: write_rows(&change.rows, terminal.catalogue()) }),
            );
        }
    }
}
