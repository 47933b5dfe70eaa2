use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::AnnexInput;
use super::axis_labels::KeyLabels;
use super::labels::Labels;
use super::sheet_plan::{SheetSubject, UniqueNames, WorkbookPlan};
use super::workbook_model::{
    Annex, AnnexCell, AnnexSheet, AnnexSheetIndex, CachedResult, CellRef, FormatId, Formula, Properties,
};
use crate::disclosure::{ReleasedEvidence, ReleasedFigure, evidence};
use crate::indicators::Status;
use crate::locale::ExcelKind;
use crate::model::{Amount, AxisSide, Calculation, Hedge, Indicator, IndicatorId, Logframe, Period, Project};

/// An annex while it is made: what its sheets share.
pub struct AnnexBuilder<'a> {
    pub input: AnnexInput<'a>,
    pub labels: Labels,
    pub plan: WorkbookPlan,
    pub names: UniqueNames,
    pub period: &'a Period,
    pub figures: &'a [ReleasedFigure],
    /// Of the shown indicators that are counted; a sheet takes its own.
    pub evidence: BTreeMap<IndicatorId, ReleasedEvidence<'a>>,
    formats: RefCell<Vec<String>>,
    /// Made when first needed: many axes have the same parts.
    key_labels: RefCell<Vec<(AxisSide, Arc<KeyLabels>)>>,
}

impl<'a> AnnexBuilder<'a> {
    pub fn new(input: AnnexInput<'a>) -> Option<AnnexBuilder<'a>> {
        let released = input.released.periods.get(input.period)?;
        let logframe = &input.project.logframe;
        let labels = Labels::new(input.languages, &input.project.settings.languages);
        let view_of = |id: IndicatorId| {
            let view = evidence(input.project, input.figures, input.released, id, &released.period)?;
            Some((id, view))
        };
        let ids: Vec<IndicatorId> = logframe.indicator_ids().collect();
        let evidence: BTreeMap<IndicatorId, ReleasedEvidence> = ids.into_par_iter().filter_map(view_of).collect();
        let figures = &released.figures;
        let plan = WorkbookPlan::new(logframe, input.report, input.released, figures, &evidence, &labels);
        let period = &released.period;
        let (formats, key_labels) = (RefCell::default(), RefCell::default());
        Some(AnnexBuilder {
            input,
            labels,
            plan,
            names: UniqueNames::default(),
            period,
            figures,
            evidence,
            formats,
            key_labels,
        })
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
    pub fn sheet(&self, subject: SheetSubject) -> AnnexSheetIndex {
        self.plan.sheet(subject).unwrap_or(AnnexSheetIndex(0))
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
        self.format_code(self.labels.format(kind, hedge))
    }

    /// 1 and 0 shown as words.
    pub fn flag_format(&self) -> FormatId {
        let yes = self.labels.label("annex.yes").replace('"', "");
        let no = self.labels.label("annex.no").replace('"', "");
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
    pub fn key_labels(&self, part: AxisSide) -> Arc<KeyLabels> {
        let known =
            self.key_labels.borrow().iter().find(|(known, _)| *known == part).map(|(_, labels)| Arc::clone(labels));
        known.unwrap_or_else(|| {
            let labels = Arc::new(KeyLabels::new(self, part));
            self.key_labels.borrow_mut().push((part, Arc::clone(&labels)));
            labels
        })
    }

    pub fn absent(&self) -> String {
        self.labels.label("number.absent")
    }

    pub fn status(&self, status: Option<Status>) -> String {
        match status {
            Some(status) => self.labels.join(|locale| locale.status(Some(status.code())).to_owned()),
            None => self.absent(),
        }
    }

    /// A constant, or the sign of what is absent.
    pub fn number(&self, value: Option<Decimal>, percent: bool) -> AnnexCell<'static> {
        match value {
            Some(value) => AnnexCell::Number(value, self.format(percent, &[value], None)),
            None => AnnexCell::text(self.absent()),
        }
    }

    /// A formula with its value: absent is the sign of it.
    pub fn formula(&self, formula: Formula, value: Option<Decimal>, format: FormatId) -> AnnexCell<'static> {
        let result = value.map_or_else(|| CachedResult::Text(self.absent()), CachedResult::Number);
        AnnexCell::Formula { formula, result, format }
    }

    /// `IFERROR(formula, "—")`.
    pub fn or_absent(&self, formula: Formula) -> Formula {
        Formula::call("IFERROR", [formula, Formula::text(self.absent())])
    }

    pub fn link(&self, text: impl Into<String>, to: CellRef) -> AnnexCell<'a> {
        AnnexCell::Link { text: text.into().into(), to }
    }

    pub fn finish(self, sheets: Vec<AnnexSheet<'a>>) -> Annex<'a> {
        let settings = &self.project().settings;
        let date_format = self.format_of(ExcelKind::Date, None);
        let title = self.labels.text(&settings.title);
        let period = self.labels.join(|locale| locale.period_name(self.period));
        let author = settings.implementer.as_ref().map(|implementer| self.labels.text(&implementer.name));
        let author = author.unwrap_or_default();
        let annex = self.labels.label("annex.one");
        let restricted = self.input.report.is_restricted().then(|| self.labels.label("notes.restricted-mark"));
        let properties = Properties {
            title: format!("{annex}: {title}"),
            subject: format!("{}, {period}", settings.code),
            author: author.clone(),
            company: author,
            keywords: [Some(settings.code.clone()), restricted.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
            comment: self.labels.text(&settings.notice),
            date: self.input.report.dates.get(&self.period.code).copied().unwrap_or(self.period.end),
        };
        // The notice on a line of its own, without the page number.
        let head: Vec<&str> = [settings.code.as_str(), &period].into_iter().chain(restricted.as_deref()).collect();
        let foot = [head.join(" · "), self.labels.text(&settings.notice)];
        let foot: Vec<String> = foot.into_iter().filter(|text| !text.is_empty()).collect();
        Annex {
            properties,
            sheets,
            statuses: Status::ALL.into_iter().map(|status| (status.code(), self.status(Some(status)))).collect(),
            page_number: self.labels.label("page.number"),
            foot: foot.join("\n"),
            names: self.names.cells,
            formats: self.formats.into_inner(),
            date_format,
        }
    }
}

/// A quantity as two formulas; both the same where it is one number.
#[derive(Clone)]
pub struct QuantityFormulas {
    pub from: Formula,
    pub to: Formula,
}

impl QuantityFormulas {
    pub fn end(&self, end: IntervalEnd) -> &Formula {
        match end {
            IntervalEnd::Least => &self.from,
            IntervalEnd::Most => &self.to,
        }
    }
}

/// Which end of an interval; a plain number is its own least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalEnd {
    Least,
    Most,
}

impl IntervalEnd {
    pub fn needed(interval: bool) -> &'static [IntervalEnd] {
        if interval { &[IntervalEnd::Least, IntervalEnd::Most] } else { &[IntervalEnd::Least] }
    }

    pub fn amount(self, amount: &Amount) -> Decimal {
        match self {
            IntervalEnd::Least => amount.from,
            IntervalEnd::Most => amount.to,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            IntervalEnd::Least => "workbook.at-least",
            IntervalEnd::Most => "workbook.at-most",
        }
    }

    /// The end of a cell's name, where a figure is an interval.
    pub fn field(self) -> &'static str {
        match self {
            IntervalEnd::Least => "from",
            IntervalEnd::Most => "to",
        }
    }
}
