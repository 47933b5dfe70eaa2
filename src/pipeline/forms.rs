//! Donors' own forms of an edition: their helpers are given their values, and the files are filled in.

use super::edition::Edition;
use super::planned_units::output_stem;
use crate::diagnostic::{Place, Problem, Spot, kinds, nearest};
use crate::model::{FormSettings, ReportSettings};
use crate::render::PackageFault;
use crate::render::form::{DonorForm, FilledForm, FormContent, FormFault, FormFaultKind, FormSource, FormSpot};
use crate::report::form::{FormRowValues, FormValue};
use crate::report::narrative::{FormContext, FormFilled, ProseContext};

/// Bytes of the largest form.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// A form that was filled in, or why it wasn't.
pub(super) struct FormOutcome {
    /// Path of the form, relative to the project's folder.
    pub file: String,
    /// Its output, relative to `build/<code>`.
    pub name: String,
    /// `None` with an error.
    pub filled: Option<FilledForm>,
    /// Every text that was filled in; words of one row are one text, too.
    pub texts: Vec<String>,
    pub problems: Vec<Problem>,
}

/// What a build did to a form.
#[derive(Clone, Debug)]
pub struct FormNote {
    /// Path of the form, relative to the project's folder.
    pub form: String,
    /// The output, relative to `<out>/<code>`.
    pub output: String,
    /// How many places were filled in.
    pub places: usize,
    /// Parts of the file that changed.
    pub changed: Vec<String>,
    /// How many parts are the form's, byte for byte.
    pub kept: usize,
    /// Its formulas are computed anew when it is opened.
    pub recalculates: bool,
}

/// The forms of a report.
pub(super) fn forms_of<'s>(
    forms: &'s [FormSettings],
    report: &ReportSettings,
) -> impl Iterator<Item = &'s FormSettings> {
    let name = report.name.clone();
    forms.iter().filter(move |form| form.reports.contains(&name))
}

/// `2017-Q1/quarterly.face.xlsx`
pub(super) fn form_output(form: &FormSettings, report: &ReportSettings, period: &str) -> String {
    format!("{}.{}", output_stem(report, period), form.file_name())
}

/// Fills in every form of an edition. Its problems are about no report: they stop the form alone.
pub(super) fn fill_forms(edition: &Edition) -> Vec<FormOutcome> {
    let forms = forms_of(&edition.project.settings.forms, edition.report);
    forms.map(|form| FormFiller { edition, form, texts: Vec::new(), problems: Vec::new() }.fill()).collect()
}

struct FormFiller<'e> {
    edition: &'e Edition<'e>,
    form: &'e FormSettings,
    texts: Vec<String>,
    problems: Vec<Problem>,
}

impl FormFiller<'_> {
    fn fill(mut self) -> FormOutcome {
        let filled = self.try_fill();
        let problems = self.problems.into_iter().map(|problem| problem.about([]));
        FormOutcome {
            file: self.form.file.clone(),
            name: form_output(self.form, self.edition.report, self.edition.period_code()),
            filled,
            texts: self.texts,
            problems: problems.collect(),
        }
    }

    fn try_fill(&mut self) -> Option<FilledForm> {
        let edition = self.edition;
        let bytes = edition.prose.forms.get(&self.form.file)?;
        let form = match DonorForm::read(bytes) {
            Ok(form) => form,
            Err(fault) => {
                self.problems.push(Problem::error(unreadable(fault)).at(Place::file(&self.form.file)));
                return None;
            }
        };
        let locale = edition.profile.locale(&self.form.language)?;
        let prose = ProseContext { project: edition.project, released: edition.released, locale: &locale };
        let period = &edition.project.logframe.periods[edition.period];
        let context = FormContext { prose, report: edition.report, period };
        let narratives = &edition.prose.narratives;

        let mut content = FormContent { places: Vec::new(), rows: Vec::new(), placeholders: Vec::new() };
        for cell in &self.form.cells {
            let filled = narratives.fill_form_place(&cell.text, &Place::line("project.toml", cell.line, 1), &context);
            // Without a value the place is looked for nevertheless.
            let value = self.take(filled).map(|value| self.keep(value));
            content.places.push((cell.place.clone(), value.unwrap_or_else(|| FormValue::words(""))));
        }
        for placeholder in form.placeholders() {
            let filled = narratives.fill_form_place(&placeholder.text, &self.place_of(&placeholder.spot), &context);
            let value = self.take(filled).map(|value| self.keep(value));
            content.placeholders.push(value);
        }
        for rows in &self.form.rows {
            let place = Place::line("project.toml", rows.line, 1);
            let filled = narratives.fill_form_rows(&rows.each, &rows.cells, &place, &context);
            let values = self.take(filled).unwrap_or_default();
            let line = |row: &Vec<FormValue>| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ");
            self.texts.extend(values.iter().map(line).chain(rows.rest.clone()));
            let limit = rows.limit.and_then(|limit| usize::try_from(limit).ok());
            let values = FormRowValues { rows: values, limit, rest: rows.rest.clone() };
            content.rows.push((rows.from.clone(), rows.to.clone(), values));
        }
        let has_values = !self.problems.iter().any(Problem::is_error);
        match form.fill(&content) {
            Ok(filled) => has_values.then_some(filled),
            Err(faults) => {
                for fault in faults {
                    let problem = self.problem_of(&fault, &form);
                    self.problems.push(problem);
                }
                None
            }
        }
    }

    fn take<T>(&mut self, filled: FormFilled<T>) -> Option<T> {
        self.problems.extend(filled.problems);
        filled.value
    }

    fn keep(&mut self, value: FormValue) -> FormValue {
        self.texts.push(value.text.clone());
        value
    }

    /// A place of the form for a problem.
    fn place_of(&self, spot: &FormSpot) -> Place {
        match spot {
            FormSpot::Cell { sheet, row, column } => Place::cell(&self.form.file, Some(sheet), *row, *column),
            FormSpot::TableCell { table, row, column } => {
                let (table, row, column) = (*table, *row, *column);
                Place { file: self.form.file.clone(), spot: Spot::TableCell { table, row, column } }
            }
            FormSpot::Text { .. } => Place::file(&self.form.file),
        }
    }

    fn problem_of(&self, fault: &FormFault, form: &DonorForm) -> Problem {
        let line = match fault.source {
            FormSource::Place(at) => self.form.cells.get(at).map(|cell| cell.line),
            FormSource::Rows(at) => self.form.rows.get(at).map(|rows| rows.line),
            FormSource::Placeholder(_) | FormSource::File => None,
        };
        let spot = fault.spot.as_ref().or_else(|| match fault.source {
            FormSource::Placeholder(at) => form.placeholders().get(at).map(|placeholder| &placeholder.spot),
            _ => None,
        });
        let kind = match &fault.kind {
            FormFaultKind::NoPlace { place, known } => {
                let nearest = nearest(place, known.iter().map(String::as_str)).map(str::to_owned);
                let (place, known) = (place.clone(), known.join(", "));
                Problem::error(kinds::FormLacksPlace { place, known, nearest })
            }
            FormFaultKind::Formula => Problem::error(kinds::FormCellComputed),
            FormFaultKind::Locked => Problem::error(kinds::FormPlaceLocked),
            FormFaultKind::Bound => Problem::error(kinds::FormPlaceBound),
            FormFaultKind::TooManyRows { rows, room } => {
                Problem::error(kinds::FormRowsTooMany { rows: rows.to_string(), room: room.to_string() })
            }
            FormFaultKind::Twice => Problem::error(kinds::FormPlaceTwice),
            FormFaultKind::Unreadable(fault) => Problem::error(unreadable(*fault)),
            FormFaultKind::NotProved => Problem::error(kinds::FormNotProved),
        };
        let places = line.map(|line| Place::line("project.toml", line, 1)).into_iter();
        let places: Vec<Place> = places.chain(spot.map(|spot| self.place_of(spot))).collect();
        if places.is_empty() {
            return kind.at(Place::file(&self.form.file));
        }
        places.into_iter().fold(kind, Problem::at)
    }
}

fn unreadable(fault: PackageFault) -> kinds::FormUnreadable {
    match fault {
        PackageFault::Compound => kinds::FormUnreadable::Compound,
        PackageFault::TooLarge => kinds::FormUnreadable::TooLarge,
        PackageFault::NotAnArchive | PackageFault::BadXml | PackageFault::NotSuchAFile => kinds::FormUnreadable::Plain,
    }
}
