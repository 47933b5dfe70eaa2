use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::AnnexInput;
use super::plan::{Names, Plan, Subject};
use super::rules::KeyWords;
use super::view::{Annex, Cached, Cell, CellRef, FormatId, Formula, Properties, Sheet, SheetId};
use super::words::Words;
use crate::disclosure::{ReleasedEvidence, ReleasedFigure, evidence};
use crate::indicators::Status;
use crate::locale::ExcelKind;
use crate::model::{Amount, AxisSide, Calculation, Hedge, Indicator, IndicatorId, Logframe, Period, Project};

const STATUSES: [Status; 7] = [
    Status::NoTarget,
    Status::NotDue,
    Status::Achieved,
    Status::OnTrack,
    Status::AtRisk,
    Status::OffTrack,
    Status::Undetermined,
];

/// An annex while it is made: what its sheets share.
pub struct Draft<'a> {
    pub input: AnnexInput<'a>,
    pub words: Words,
    pub plan: Plan,
    pub names: Names,
    pub period: &'a Period,
    pub figures: &'a [ReleasedFigure],
    /// Of the shown indicators that are counted; a sheet takes its own.
    pub evidence: BTreeMap<IndicatorId, ReleasedEvidence<'a>>,
    formats: RefCell<Vec<String>>,
    /// Those that were asked for: many axes have the same parts.
    key_words: RefCell<Vec<(AxisSide, Arc<KeyWords>)>>,
}

impl<'a> Draft<'a> {
    pub fn new(input: AnnexInput<'a>) -> Option<Draft<'a>> {
        let released = input.released.periods.get(input.period)?;
        let logframe = &input.project.logframe;
        let words = Words::new(input.languages, &input.project.settings.languages);
        let view_of = |id: IndicatorId| {
            let view = evidence(input.project, input.figures, input.released, id, &released.period)?;
            Some((id, view))
        };
        let ids: Vec<IndicatorId> = logframe.indicator_ids().collect();
        let evidence: BTreeMap<IndicatorId, ReleasedEvidence> = ids.into_par_iter().filter_map(view_of).collect();
        let figures = &released.figures;
        let plan = Plan::new(logframe, input.report, input.released, figures, &evidence, &words);
        let period = &released.period;
        let (formats, key_words) = (RefCell::default(), RefCell::default());
        Some(Draft { input, words, plan, names: Names::default(), period, figures, evidence, formats, key_words })
    }

    pub fn project(&self) -> &'a Project {
        self.input.project
    }

    pub fn logframe(&self) -> &'a Logframe {
        &self.input.project.logframe
    }

    pub fn indicator(&self, id: IndicatorId) -> &'a Indicator {
        self.logframe().indicator(id)
    }

    pub fn figure(&self, id: IndicatorId) -> &'a ReleasedFigure {
        &self.figures[usize::from(id.0)]
    }

    /// The place of a sheet; of the contents, for one that there isn't.
    pub fn sheet(&self, subject: Subject) -> SheetId {
        self.plan.sheet(subject).unwrap_or(SheetId(0))
    }

    pub fn is_percent(&self, id: IndicatorId) -> bool {
        matches!(self.indicator(id).calculation, Calculation::Ratio(..))
    }

    /// A format for numbers of these values.
    pub fn format(&self, percent: bool, values: &[Decimal], hedge: Option<Hedge>) -> FormatId {
        let kind = if percent {
            ExcelKind::Percent
        } else if values.iter().all(Decimal::is_integer) {
            ExcelKind::Integer
        } else {
            ExcelKind::Decimal
        };
        self.format_of(kind, hedge)
    }

    pub fn format_of(&self, kind: ExcelKind, hedge: Option<Hedge>) -> FormatId {
        self.format_code(self.words.format(kind, hedge))
    }

    /// 1 and 0 shown as words.
    pub fn flag_format(&self) -> FormatId {
        let yes = self.words.label("annex.yes").replace('"', "");
        let no = self.words.label("annex.no").replace('"', "");
        self.format_code(format!("\"{yes}\";\"{yes}\";\"{no}\""))
    }

    fn format_code(&self, code: String) -> FormatId {
        let mut formats = self.formats.borrow_mut();
        let at = formats.iter().position(|known| *known == code).unwrap_or_else(|| {
            formats.push(code);
            formats.len() - 1
        });
        FormatId(at as u16)
    }

    /// Labels of the values of one column, or of age.
    pub fn key_words(&self, part: AxisSide) -> Arc<KeyWords> {
        let known =
            self.key_words.borrow().iter().find(|(known, _)| *known == part).map(|(_, words)| Arc::clone(words));
        known.unwrap_or_else(|| {
            let words = Arc::new(KeyWords::new(self, part));
            self.key_words.borrow_mut().push((part, Arc::clone(&words)));
            words
        })
    }

    pub fn absent(&self) -> String {
        self.words.label("number.absent")
    }

    pub fn status(&self, status: Option<Status>) -> String {
        match status {
            Some(status) => self.words.each(|locale| locale.status(Some(status.code())).to_owned()),
            None => self.absent(),
        }
    }

    /// A constant, or the sign of what is absent.
    pub fn number(&self, value: Option<Decimal>, percent: bool) -> Cell<'static> {
        match value {
            Some(value) => Cell::Number(value, self.format(percent, &[value], None)),
            None => Cell::text(self.absent()),
        }
    }

    /// A formula with its value: absent is the sign of it.
    pub fn formula(&self, formula: Formula, value: Option<Decimal>, format: FormatId) -> Cell<'static> {
        let result = value.map_or_else(|| Cached::Text(self.absent()), Cached::Number);
        Cell::Formula { formula, result, format }
    }

    /// `IFERROR(formula, "—")`.
    pub fn or_absent(&self, formula: Formula) -> Formula {
        Formula::call("IFERROR", [formula, Formula::text(self.absent())])
    }

    pub fn link(&self, text: impl Into<String>, to: CellRef) -> Cell<'a> {
        Cell::Link { text: text.into().into(), to }
    }

    pub fn finish(self, sheets: Vec<Sheet<'a>>) -> Annex<'a> {
        let settings = &self.project().settings;
        let date_format = self.format_of(ExcelKind::Date, None);
        let title = self.words.text(&settings.title);
        let period = self.words.each(|locale| locale.period_name(self.period));
        let author = settings.implementer.as_ref().map(|implementer| self.words.text(&implementer.name));
        let author = author.unwrap_or_default();
        let annex = self.words.label("annex.one");
        let properties = Properties {
            title: format!("{annex}: {title}"),
            subject: format!("{}, {period}", settings.code),
            author: author.clone(),
            company: author,
            keywords: settings.code.clone(),
            comment: self.words.text(&settings.notice),
            date: self.input.report.dates.get(&self.period.code).copied().unwrap_or(self.period.end),
        };
        // The notice on a line of its own, beside which no page number stands.
        let foot = [format!("{} · {period}", settings.code), self.words.text(&settings.notice)];
        let foot: Vec<String> = foot.into_iter().filter(|text| !text.is_empty()).collect();
        Annex {
            properties,
            sheets,
            statuses: STATUSES.into_iter().map(|status| (status.code(), self.status(Some(status)))).collect(),
            page_number: self.words.label("page.number"),
            foot: foot.join("\n"),
            names: self.names.cells,
            formats: self.formats.into_inner(),
            date_format,
        }
    }
}

/// A quantity as two formulas; both the same where it is one number.
#[derive(Clone)]
pub struct Quantity {
    pub from: Formula,
    pub to: Formula,
}

impl Quantity {
    pub fn end(&self, end: End) -> &Formula {
        match end {
            End::Least => &self.from,
            End::Most => &self.to,
        }
    }
}

/// Which end of an interval; a plain number is its own least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Least,
    Most,
}

impl End {
    pub fn of(interval: bool) -> &'static [End] {
        if interval { &[End::Least, End::Most] } else { &[End::Least] }
    }

    pub fn amount(self, amount: &Amount) -> Decimal {
        match self {
            End::Least => amount.from,
            End::Most => amount.to,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            End::Least => "workbook.at-least",
            End::Most => "workbook.at-most",
        }
    }

    /// The end of a cell's name, where a figure is an interval.
    pub fn field(self) -> &'static str {
        match self {
            End::Least => "from",
            End::Most => "to",
        }
    }
}
