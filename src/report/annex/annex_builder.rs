use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::AnnexInput;
use super::axis_labels::{KeyLabels, SharedLabels};
use super::data::DataPlan;
use super::evidence::EvidenceLayout;
use super::indicators::IndicatorSheetColumns;
use super::labels::Labels;
use super::sheet_plan::{SheetSubject, UniqueNames, WorkbookPlan, shown_indicators};
use super::workbook_model::{
    Annex, AnnexCell, AnnexColumn, AnnexRows, AnnexSheet, AnnexSheetIndex, AnnexTable, CachedResult, CellRef, FormatId,
    Formula, Properties, SheetRole,
};
use crate::disclosure::{JointAttendances, ReleasedEvidence, ReleasedFigure, evidence, joint_attendances};
use crate::indicators::Status;
use crate::locale::{ExcelKind, Locale};
use crate::model::{
    Amount, AxisSide, Calculation, Hedge, Indicator, IndicatorId, Logframe, Participants, Period, Project,
};
use crate::report::counting_words::CountingWords;

/// An annex while it is made: what its sheets share.
pub struct AnnexBuilder<'a> {
    pub input: AnnexInput<'a>,
    pub labels: Labels,
    pub plan: WorkbookPlan,
    pub evidence: EvidenceLayout,
    pub columns: IndicatorSheetColumns,
    pub data: DataPlan,
    pub names: UniqueNames,
    pub period: &'a Period,
    pub figures: &'a [ReleasedFigure],
    /// Of the shown indicators that are counted.
    pub views: BTreeMap<IndicatorId, ReleasedEvidence<'a>>,
    /// The attendances of all that have evidence; none where the report lists no participants. A sheet takes them.
    pub attendances: Option<JointAttendances<'a>>,
    formats: RefCell<Vec<String>>,
    /// Made when first needed: many axes have the same parts.
    key_labels: RefCell<Vec<(AxisSide, SharedLabels)>>,
}

impl<'a> AnnexBuilder<'a> {
    pub fn new(input: AnnexInput<'a>) -> Option<AnnexBuilder<'a>> {
        let released = input.released.periods.get(input.period)?;
        let logframe = &input.project.logframe;
        let labels = Labels::new(input.languages, &input.project.settings.languages);
        let shown = shown_indicators(logframe, input.report);
        let view_of = |id: IndicatorId| {
            let view = evidence(input.project, input.figures, input.released, id, &released.period)?;
            Some((id, view))
        };
        let ids: Vec<IndicatorId> = shown.iter().map(|shown| shown.id).collect();
        let views: BTreeMap<IndicatorId, ReleasedEvidence> = ids.into_par_iter().filter_map(view_of).collect();
        let figures = &released.figures;
        let (period, evidence_of) = (&released.period, &views);
        let ids: Vec<IndicatorId> = shown.iter().map(|shown| shown.id).collect();
        let mut evidence = EvidenceLayout::new(&input, &ids, evidence_of, figures, labels.count());
        let lists_persons = input.released.participants != Participants::None;
        let attendances = lists_persons
            .then(|| joint_attendances(input.project, input.figures, &evidence.attendance_indicators(), period));
        if let Some(attendances) = &attendances {
            evidence.attendance_rows = attendances.count() as u32;
        }
        let plan = WorkbookPlan::new(&shown, input.released, figures, &evidence, &labels);
        let columns = IndicatorSheetColumns::new(&input, &shown, figures, labels.count());
        let data = DataPlan::new(&input, &shown);
        let (formats, key_labels) = (RefCell::default(), RefCell::default());
        Some(AnnexBuilder {
            input,
            labels,
            plan,
            evidence,
            columns,
            data,
            names: UniqueNames::default(),
            period,
            figures,
            views,
            attendances,
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

    /// 1 and 0 shown as words; as signs, where there are two languages.
    pub fn flag_format(&self) -> FormatId {
        let word = |key: &str| match self.labels.locales() {
            [locale] => locale.label(key).replace('"', ""),
            _ => String::new(),
        };
        let (yes, no) = match self.labels.count() {
            1 => (word("annex.yes"), word("annex.no")),
            _ => ("\u{2713}".to_owned(), "\u{2013}".to_owned()),
        };
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
    pub fn key_labels(&self, side: AxisSide) -> SharedLabels {
        let known =
            self.key_labels.borrow().iter().find(|(known, _)| *known == side).map(|(_, labels)| Arc::clone(labels));
        known.unwrap_or_else(|| {
            let labels = Arc::new(KeyLabels::new(self, side));
            self.key_labels.borrow_mut().push((side, Arc::clone(&labels)));
            labels
        })
    }

    /// The words for what is counted, in one language.
    pub fn counting_words<'w>(&'w self, locale: &'w Locale) -> CountingWords<'w> {
        let project = self.project();
        CountingWords { project, locale, order: &project.settings.languages }
    }

    pub fn absent(&self) -> String {
        self.labels.locales().first().map(|locale| locale.absent().to_owned()).unwrap_or_default()
    }

    pub fn status(&self, status: Option<Status>, locale: &Locale) -> String {
        match status {
            Some(status) => locale.status(Some(status.code())).to_owned(),
            None => locale.absent().to_owned(),
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

    /// A sheet that is one table of all its columns, called by the role or a name of its own.
    pub fn table_sheet(
        &mut self,
        subject: SheetSubject,
        (role, table): (SheetRole, &str),
        head: Vec<Vec<AnnexCell<'a>>>,
        columns: Vec<AnnexColumn>,
        frozen: u16,
        rows: Box<dyn AnnexRows + 'a>,
    ) -> AnnexSheet<'a> {
        let table = AnnexTable {
            name: self.names.table_name(table),
            first_column: 0,
            last_column: (columns.len() as u16).max(1) - 1,
            rows: u32::try_from(rows.count()).unwrap_or(u32::MAX),
        };
        AnnexSheet {
            name: self.plan.name(subject).to_owned(),
            role,
            head,
            columns,
            frozen,
            rows,
            tables: vec![table],
            charts: Vec::new(),
        }
    }

    pub fn finish(self, sheets: Vec<AnnexSheet<'a>>) -> Annex<'a> {
        let settings = &self.project().settings;
        let date_format = self.format_of(ExcelKind::Date, None);
        let known = settings.known_days(self.period);
        let title = self.labels.join(|locale| {
            format!("{}: {}", locale.label("annex.one"), self.labels.in_language(&settings.title, locale))
        });
        let period = self.labels.join(|locale| locale.period_name(&known));
        let implementer = settings.implementer.as_ref();
        let author = implementer.map(|own| self.labels.join(|locale| self.labels.in_language(&own.name, locale)));
        let author = author.unwrap_or_default();
        let restricted = self.input.report.is_restricted();
        let restricted =
            restricted.then(|| self.labels.join(|locale| locale.label("notes.restricted-mark").to_owned()));
        let properties = Properties {
            title,
            subject: format!("{}, {period}", settings.code),
            author: author.clone(),
            company: author,
            keywords: [Some(settings.code.clone()), restricted.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
            comment: self.labels.join(|locale| self.labels.in_language(&settings.notice, locale)),
            date: self.input.report.dates.get(&self.period.code).copied().unwrap_or(self.period.end),
            languages: self.input.languages.iter().map(|lang| lang.as_str().to_owned()).collect(),
        };
        let own_period = self.labels.locales().first().map(|locale| locale.period_name(&known)).unwrap_or_default();
        let foot: Vec<&str> = [settings.code.as_str(), &own_period].into_iter().chain(restricted.as_deref()).collect();
        let statuses = Status::ALL
            .into_iter()
            .map(|status| (status.code(), self.labels.each(|locale| self.status(Some(status), locale))));
        Annex {
            properties,
            sheets,
            statuses: statuses.collect(),
            theme: settings.theme.values.clone(),
            page_number: match self.labels.locales() {
                [locale] => locale.label("page.number").to_owned(),
                _ => "{page} / {pages}".to_owned(),
            },
            foot: foot.join(" \u{b7} "),
            notices: self
                .labels
                .text_lines(|locale| self.labels.in_language(&settings.notice, locale))
                .into_iter()
                .flatten()
                .filter_map(|cell| if let AnnexCell::Text(text) = cell { Some(text.into_owned()) } else { None })
                .collect(),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
