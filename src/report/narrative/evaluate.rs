use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::expr::{Arg, Call, Expr};
use super::helpers::HelperKind;
use super::prose_file::ProseFile;
use super::source::ProseSource;
use super::value::{EmbedKind, ExprValue, Item};
use super::work_limit::Work;
use super::write::Insertion;
use super::{Narratives, ProseContext};
use crate::diagnostic::{Problem, ProblemKind, kinds};
use crate::model::{Period, ReportSettings};
use crate::report::figures::FigurePlaces;

/// Markdown with insertions in place of all that comes from the data: `OPEN index CLOSE`.
pub(super) struct FilledText {
    pub markdown: String,
    pub insertions: Vec<Insertion>,
    pub problems: Vec<Problem>,
}

/// Walks a checked template with the figures of one report and period.
pub(super) struct Evaluator<'a> {
    pub(super) source: &'a ProseSource,
    pub(super) context: &'a ProseContext<'a>,
    pub(super) report: &'a ReportSettings,
    pub(super) period: &'a Period,
    pub(super) narratives: &'a Narratives,
    /// The innermost last.
    pub(super) frames: Vec<Frame>,
    /// How many partials are open.
    pub(super) partial_depth: usize,
    pub(super) work: Work,
    /// Different people by activity, counted once prose names them.
    pub(super) attendees: &'a OnceCell<Vec<u32>>,
    /// Where figures.json holds the figures.
    pub(super) places: &'a FigurePlaces,
    pub(super) markdown: String,
    pub(super) insertions: Vec<Insertion>,
    pub(super) problems: Vec<Problem>,
}

/// What a block or partial lets its content name.
#[derive(Clone)]
pub(super) struct Frame {
    pub this: ExprValue,
    pub names: BTreeMap<String, ExprValue>,
}

/// Proof that a problem was reported, so that whoever receives it reports nothing more. [`Evaluator::report`] makes
/// them.
#[derive(Clone, Copy, Debug)]
pub(super) struct AlreadyReported(());

impl AlreadyReported {
    /// For a problem that stopped everything after it.
    pub(super) fn before() -> AlreadyReported {
        AlreadyReported(())
    }
}

/// The value of an expression, unless it has none because of a problem that was reported.
pub(super) type Evaluated = Result<ExprValue, AlreadyReported>;

/// Fills a file of prose in with the figures of a report and period.
pub(super) fn fill_in(
    narratives: &Narratives,
    prose: &ProseFile,
    report: &ReportSettings,
    period: &Period,
    context: &ProseContext,
) -> FilledText {
    let attendees = OnceCell::new();
    let own = context.project.logframe.period_index(&period.code).unwrap_or_default();
    let places = FigurePlaces::new(context.project, report, own);
    let mut evaluator = Evaluator::new(narratives, &prose.source, (report, period), context, (&attendees, &places));
    evaluator.write_nodes(&prose.nodes);
    FilledText { markdown: evaluator.markdown, insertions: evaluator.insertions, problems: evaluator.problems }
}

impl<'a> Evaluator<'a> {
    /// Before anything is written: what is counted and looked up once lies with the caller.
    pub(super) fn new(
        narratives: &'a Narratives,
        source: &'a ProseSource,
        (report, period): (&'a ReportSettings, &'a Period),
        context: &'a ProseContext<'a>,
        (attendees, places): (&'a OnceCell<Vec<u32>>, &'a FigurePlaces),
    ) -> Evaluator<'a> {
        Evaluator {
            source,
            context,
            report,
            period,
            narratives,
            frames: Vec::new(),
            partial_depth: 0,
            work: Work::default(),
            attendees,
            places,
            markdown: String::new(),
            insertions: Vec::new(),
            problems: Vec::new(),
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn evaluate(&mut self, arg: &Arg) -> Evaluated {
        match &arg.expr {
            Expr::Text(text) => Ok(ExprValue::Text(text.clone())),
            Expr::Number(number) => Ok(ExprValue::Number(*number)),
            Expr::Bool(flag) => Ok(ExprValue::Bool(*flag)),
            Expr::Path(path) if self.is_helper(path) => self.evaluate_call(&Call::without_args(path, arg.at)),
            Expr::Path(path) => self.evaluate_path(path, arg.at),
            Expr::Call(call) => self.evaluate_call(call),
        }
    }

    /// The value that a helper yields; the name of a call that is no helper's is a path in parentheses.
    pub(super) fn evaluate_call(&mut self, call: &Call) -> Evaluated {
        self.spend(1, call.at)?;
        let is_bare = call.args.is_empty() && call.options.is_empty();
        let Some(helper) = call.helper().filter(|_| !is_bare || self.is_helper(&call.name)) else {
            return self.evaluate_path(&call.name, call.at);
        };
        match helper.kind {
            HelperKind::Figure(field) => self.evaluate_figure(call, field),
            HelperKind::Status => self.evaluate_status(call),
            HelperKind::Part => self.evaluate_part(call),
            HelperKind::Share => self.evaluate_share(call),
            HelperKind::Change => self.evaluate_change(call),
            HelperKind::Sum => self.evaluate_sum(call),
            HelperKind::Attended => self.evaluate_attended(call),
            HelperKind::IndicatorText(text) => self.evaluate_indicator_text(call, text),
            HelperKind::Plural => self.evaluate_plural(call),
            HelperKind::Words => self.evaluate_words(call),
            HelperKind::Number => self.evaluate_number(call),
            HelperKind::Percent => self.evaluate_percent(call),
            HelperKind::Date => self.evaluate_date(call),
            HelperKind::List => self.evaluate_list(call),
            HelperKind::Count => self.evaluate_count(call),
            HelperKind::Literal => {
                let arg = self.first_arg(call)?;
                self.evaluate_word(arg)
            }
            HelperKind::Chart => self.evaluate_embed(call, EmbedKind::Chart),
            HelperKind::Table => self.evaluate_embed(call, EmbedKind::Table),
            HelperKind::Activities => {
                let items = self.activity_items(call)?;
                self.listed(items, call)
            }
            HelperKind::Municipalities => self.listed(self.municipality_items(call), call),
            HelperKind::Results => {
                let items = self.result_items(call)?;
                self.listed(items, call)
            }
            HelperKind::Indicators => {
                let items = self.indicator_items(call)?;
                self.listed(items, call)
            }
            HelperKind::Partners => Ok(ExprValue::from_items(self.partner_items())),
            HelperKind::Donors => Ok(ExprValue::from_items(self.donor_items())),
            HelperKind::Known => {
                let value = self.evaluate_subject(call)?;
                Ok(ExprValue::Bool(!matches!(value, ExprValue::Unknown(_))))
            }
            HelperKind::Compare(comparison) => self.evaluate_comparison(comparison, call),
            HelperKind::Not => self.evaluate_not(call),
            HelperKind::And => self.evaluate_connective(call, false),
            HelperKind::Or => self.evaluate_connective(call, true),
            HelperKind::If | HelperKind::Unless | HelperKind::Each | HelperKind::With | HelperKind::Claim => {
                Err(self.report(kinds::HelperNeedsBlock { helper: call.name.clone() }, call.at))
            }
        }
    }

    /// A list that a helper made, paid for.
    fn listed(&mut self, items: Vec<Item>, call: &Call) -> Evaluated {
        self.spend_on_list(items.len(), self.context.project.activities.rows.len(), call.at)?;
        Ok(ExprValue::from_items(items))
    }

    fn evaluate_embed(&mut self, call: &Call, kind: EmbedKind) -> Evaluated {
        let arg = self.first_arg(call)?;
        let (_, indicator) = self.find_indicator(arg)?;
        Ok(ExprValue::Embed { kind, indicator })
    }

    pub(super) fn first_arg<'c>(&mut self, call: &'c Call) -> Result<&'c Arg, AlreadyReported> {
        match call.args.first() {
            Some(arg) => Ok(arg),
            None => Err(self.report_missing_args(call)),
        }
    }

    /// Reports that a helper has fewer arguments than it needs.
    pub(super) fn report_missing_args(&mut self, call: &Call) -> AlreadyReported {
        let required = call.helper().map_or(1, |helper| helper.required);
        let kind = kinds::WrongArguments {
            helper: call.name.clone(),
            expected: required.to_string(),
            found: call.args.len().to_string(),
        };
        self.report(kind, call.at)
    }

    /// Reports what stops nothing.
    pub(super) fn warn(&mut self, kind: impl Into<ProblemKind>, at: usize) {
        self.problems.push(Problem::warning(kind).at(self.source.place(at)));
    }

    pub(super) fn note(&mut self, kind: impl Into<ProblemKind>, at: usize) {
        self.problems.push(Problem::note(kind).at(self.source.place(at)));
    }

    pub(super) fn report(&mut self, kind: impl Into<ProblemKind>, at: usize) -> AlreadyReported {
        self.problems.push(Problem::error(kind).at(self.source.place(at)));
        AlreadyReported(())
    }
}
