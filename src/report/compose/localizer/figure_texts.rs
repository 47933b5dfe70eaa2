//! Words of a page with its figures marked, each under the name that figures.json has for it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Localizer;
use crate::disclosure::ReleasedValue;
use crate::indicators::{Figure, PartKey, Scope};
use crate::model::{Amount, Axis, Hedge, IndicatorId};
use crate::report::document::{FigureSource, FigureText};
use crate::report::figures::PlacedValue;

/// Stands in a phrase where a figure belongs, until the phrase is filled in.
const FIGURE_MARK: char = '\u{0}';

impl Localizer<'_> {
    /// A phrase with figures in it, each marked as one.
    pub(in crate::report::compose) fn figure_phrase(&self, key: &str, args: &[(&str, FigureText)]) -> FigureText {
        let marks: Vec<String> = (0..args.len()).map(|at| format!("{FIGURE_MARK}{at}{FIGURE_MARK}")).collect();
        let marked: Vec<(&str, &str)> =
            args.iter().zip(&marks).map(|((name, _), mark)| (*name, mark.as_str())).collect();
        let mut out = FigureText::default();
        for (at, piece) in self.phrase(key, &marked).split(FIGURE_MARK).enumerate() {
            match (at % 2, piece.parse::<usize>()) {
                (1, Ok(at)) => out.pieces.extend(args[at].1.pieces.iter().cloned()),
                _ if piece.is_empty() => {}
                _ => out.pieces.extend(FigureText::plain(piece).pieces),
            }
        }
        out
    }

    /// An amount as a figure of a period, under the name that figures.json has for it.
    pub(in crate::report::compose) fn amount_figure(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        amount: Option<Amount>,
    ) -> FigureText {
        let text = self.amount(amount, self.is_ratio(id));
        self.placed(id, period, value, text, amount.map(|amount| (amount.from, amount.to)))
    }

    /// The same with a sign for its hedge, for tables; the signs are explained under them.
    pub(in crate::report::compose) fn signed_figure(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        amount: Option<Amount>,
    ) -> FigureText {
        let text = self.signed_amount(amount, self.is_ratio(id));
        self.placed(id, period, value, text, amount.map(|amount| (amount.from, amount.to)))
    }

    fn signed_amount(&self, amount: Option<Amount>, ratio: bool) -> String {
        match amount.and_then(|amount| amount.hedge) {
            None => self.amount(amount, ratio),
            Some(hedge) => self.phrase(sign_label(hedge), &[("n", &self.split_hedge(amount, ratio).1)]),
        }
    }

    /// What the signs of hedges mean that stand before some amounts; `None` where no amount has one.
    pub(in crate::report::compose) fn sign_note(&self, amounts: impl Iterator<Item = Amount>) -> Option<String> {
        let hedges: BTreeSet<Hedge> = amounts.filter_map(|amount| amount.hedge).collect();
        let signs = hedges.into_iter().map(|hedge| {
            let sign = self.phrase(sign_label(hedge), &[("n", "")]);
            let word = match hedge {
                Hedge::About => "number.about",
                Hedge::Approximately => "number.approximately",
            };
            format!("{} {}", sign.trim(), self.phrase(word, &[("n", "")]).trim())
        });
        let signs: Vec<String> = signs.collect();
        (!signs.is_empty()).then(|| signs.join(" · "))
    }

    /// A target, a baseline: a number without a hedge.
    pub(in crate::report::compose) fn number_figure(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        number: Option<Decimal>,
    ) -> FigureText {
        let text = self.decimal(number, self.is_ratio(id));
        self.placed(id, period, value, text, number.map(|number| (number, number)))
    }

    /// Words that stand for a figure; plain where it is absent.
    pub(in crate::report::compose) fn placed(
        &self,
        id: IndicatorId,
        period: usize,
        value: PlacedValue,
        text: String,
        ends: Option<(Decimal, Decimal)>,
    ) -> FigureText {
        match ends {
            None => FigureText::plain(text),
            Some((from, to)) => {
                FigureText::figure(text, FigureSource { place: self.places.find(id, period, value), from, to })
            }
        }
    }

    /// An amount that figures.json doesn't hold: of an activity, of an earlier report. Plain where it is absent.
    pub(in crate::report::compose) fn unplaced(&self, amount: Option<Amount>, ratio: bool) -> FigureText {
        let text = self.amount(amount, ratio);
        match amount {
            None => FigureText::plain(text),
            Some(Amount { from, to, .. }) => FigureText::figure(text, FigureSource { place: None, from, to }),
        }
    }

    /// How far an indicator is at the end of a period: its cumulative value, or that with what there was before.
    pub(in crate::report::compose) fn level_figure(
        &self,
        id: IndicatorId,
        period: usize,
        figure: &Figure,
    ) -> FigureText {
        self.placed_level(id, period, figure, self.amount(figure.level, self.is_ratio(id)))
    }

    /// The same with a sign for its hedge.
    pub(in crate::report::compose) fn signed_level_figure(
        &self,
        id: IndicatorId,
        period: usize,
        figure: &Figure,
    ) -> FigureText {
        self.placed_level(id, period, figure, self.signed_amount(figure.level, self.is_ratio(id)))
    }

    fn placed_level(&self, id: IndicatorId, period: usize, figure: &Figure, text: String) -> FigureText {
        let Some(Amount { from, to, .. }) = figure.level else { return FigureText::plain(text) };
        let value = PlacedValue::Actual(Scope::Cumulative);
        let place = self.places.find(id, period, value).filter(|_| figure.level == figure.cumulative);
        FigureText::figure(text, FigureSource { place, from, to })
    }

    /// The value from the project's start on.
    pub(in crate::report::compose) fn cumulative_figure(&self, id: IndicatorId) -> FigureText {
        let amount = self.figure(id).totals.cumulative;
        self.amount_figure(id, self.input.period, PlacedValue::Actual(Scope::Cumulative), amount)
    }

    /// A share as percents; of what is known roughly, roughly.
    pub(in crate::report::compose) fn share(&self, share: Decimal, is_rough: bool) -> FigureText {
        let source = FigureSource { place: None, from: share, to: share };
        FigureText::figure(self.locale.percent(share, if is_rough { 0 } else { 1 }), source)
    }

    /// A part of an axis in one scope; hidden ones are words.
    pub(in crate::report::compose) fn part_figure(
        &self,
        id: IndicatorId,
        part: (&Axis, PartKey),
        scope: Scope,
        value: ReleasedValue,
    ) -> FigureText {
        let text = self.released_value(value, self.is_ratio(id));
        match value {
            ReleasedValue::Value(Some(Amount { from, to, .. })) => {
                let place = self.places.find_part(self.input.project, id, self.input.period, part, scope);
                FigureText::figure(text, FigureSource { place, from, to })
            }
            _ => FigureText::plain(text),
        }
    }

    /// A number that figures.json doesn't hold: a tally, a change.
    pub(in crate::report::compose) fn counted(&self, number: usize) -> FigureText {
        let value = Decimal::from(number);
        let source = FigureSource { place: None, from: value, to: value };
        FigureText::figure(self.locale.integer(number as u64), source)
    }

    /// Progress towards the total, as a figure of the report's period.
    pub(in crate::report::compose) fn progress_figure(&self, id: IndicatorId) -> Option<FigureText> {
        let figure = &self.figure(id).totals;
        let ends = figure.progress.map(|progress| (progress.from, progress.to));
        let hedge = figure.level.and_then(|level| level.hedge);
        let text = figure.progress.map(|progress| self.locale.progress(progress.from, progress.to, hedge))?;
        Some(self.placed(id, self.input.period, PlacedValue::Progress, text, ends))
    }

    /// The same with a sign for its hedge, for tables.
    pub(in crate::report::compose) fn signed_progress(&self, id: IndicatorId) -> Option<FigureText> {
        let figure = &self.figure(id).totals;
        let progress = figure.progress?;
        let text = match figure.level.and_then(|level| level.hedge) {
            None => self.locale.progress(progress.from, progress.to, None),
            Some(hedge) => {
                let whole = self.locale.whole_progress(progress.from, progress.to);
                self.phrase(sign_label(hedge), &[("n", &whole)])
            }
        };
        Some(self.placed(id, self.input.period, PlacedValue::Progress, text, Some((progress.from, progress.to))))
    }

    /// Progress towards what is due, as a figure of the report's period.
    pub(in crate::report::compose) fn progress_due_figure(&self, id: IndicatorId) -> Option<FigureText> {
        let figure = &self.figure(id).totals;
        let progress = figure.progress_due?;
        let hedge = figure.level.and_then(|level| level.hedge);
        let text = self.locale.progress(progress.from, progress.to, hedge);
        Some(self.placed(id, self.input.period, PlacedValue::ProgressDue, text, Some((progress.from, progress.to))))
    }

    /// What is due as a figure of the report's period.
    pub(in crate::report::compose) fn due_figure(&self, id: IndicatorId) -> FigureText {
        let figure = &self.figure(id).totals;
        let ends = figure.target_due.map(|due| (due, due));
        self.placed(id, self.input.period, PlacedValue::TargetDue, self.due(figure, self.is_ratio(id)), ends)
    }
}

/// The label of the sign that tables use for a hedge.
fn sign_label(hedge: Hedge) -> &'static str {
    match hedge {
        Hedge::About => "number.about-sign",
        Hedge::Approximately => "number.approximately-sign",
    }
}
