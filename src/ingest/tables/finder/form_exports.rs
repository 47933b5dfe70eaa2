//! The sheets of a form's export: the headings of each with those of the parent that its rows belong to.

use super::{FoundSheet, SheetIndex, TableFinder};
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::resolve_file;
use crate::ingest::layout::{ColumnMapping, SheetHead, TableKind, TableLayout};
use crate::ingest::raw_row::{MAX_PARENTS, Raw};
use crate::ingest::settings::{FormPlan, GivenValue, SheetPlan, TablePlan};
use crate::ingest::shapes::{
    AcceptedRows, FormHead, ParentJoin, SheetShape, choices_head, find_heading, form_head, join_heads,
};

/// A sheet of a form's export, as one table sees it.
pub(in crate::ingest::tables) struct FormSheet {
    pub(super) head: FormHead,
    pub(super) join: Option<ParentJoin>,
    /// It is a repeat, and its parent isn't to be found.
    pub(super) missing_parent: Option<Problem>,
}

impl<'f> TableFinder<'f> {
    /// The head of a sheet as a table sees it.
    pub(super) fn head_of(&self, kind: TableKind, at: SheetIndex) -> &SheetHead<'static> {
        let own = self.forms.get(&(kind, at)).map(|form| &form.head.head);
        own.or_else(|| self.headed.get(&(kind, at))).unwrap_or_else(|| self.head(at))
    }

    /// Reads the sheets of a file as those of a form, or with the headings in a row, if the plan says so.
    pub(super) fn prepare_forms(&mut self, plan: &TablePlan, book: usize) {
        for sheet in 0..self.workbooks[book].heads.len() {
            let at = (book, sheet);
            if self.forms.contains_key(&(plan.kind, at)) {
                continue;
            }
            if let Some(row) = plan.header_row
                && !self.headed.contains_key(&(plan.kind, at))
            {
                let head = self.head(at).with_header(row);
                self.headed.insert((plan.kind, at), head);
            }
            if plan.shape.is_xlsform
                && let Some(head) = choices_head(self.head(at))
            {
                let head = FormHead { head, status: None, parent_columns: Vec::new(), splits: Vec::new() };
                self.forms.insert((plan.kind, at), FormSheet { head, join: None, missing_parent: None });
            }
            if let Some(form) = &plan.shape.form
                && let Some(read) = self.read_form(plan, form, at)
            {
                self.forms.insert((plan.kind, at), read);
            }
        }
    }

    /// Claims the sheets that are one row each: all that are named, all whose cells are filled, or the first of those.
    pub(super) fn claim_one_row_sheets(&mut self, plan: &TablePlan, book: usize) {
        if let SheetPlan::One(..) | SheetPlan::Named(_) = plan.sheets {
            let file = self.workbooks[book].workbook.input.path.clone();
            for (name, place) in plan.sheets.named() {
                match self.workbooks[book].workbook.sheet_by_name(name) {
                    Some(sheet) => self.add_one_row_sheet(plan, (book, sheet)),
                    None => self.claim_named_sheet(plan, (book, &file), name, place),
                }
            }
            return;
        }
        let is_filled = |sheet: &usize| {
            let cells = plan.shape.given.values().filter_map(|given| match given {
                GivenValue::Cell { row, column, .. } => Some((*row, *column)),
                _ => None,
            });
            let head = &self.workbooks[book].heads[*sheet];
            let mut cells = cells.peekable();
            cells.peek().is_none()
                || cells.any(|(row, column)| {
                    head.rows().iter().any(|known| known.number == row && known.cell(column).is_some())
                })
        };
        let filled: Vec<usize> = (0..self.workbooks[book].heads.len()).filter(is_filled).collect();
        let most = if matches!(plan.sheets, SheetPlan::All(_)) { filled.len() } else { 1 };
        if filled.is_empty() {
            let file = self.workbooks[book].workbook.input.path.clone();
            self.report_missing(plan.kind, &file);
        }
        filled.into_iter().take(most).for_each(|sheet| self.add_one_row_sheet(plan, (book, sheet)));
    }

    fn add_one_row_sheet(&mut self, plan: &TablePlan, at: SheetIndex) {
        let rows_are_codes = plan.columns.values().any(|mapping| *mapping == ColumnMapping::Row);
        let mut layout = TableLayout::empty(plan.kind, rows_are_codes);
        let place = self.workbooks[at.0].workbook.place(at.1);
        let shape = SheetShape::new(plan, &mut layout, self.head(at), place.sheet_name(), None);
        self.found.entry(plan.kind).or_default().push(FoundSheet { at, layout, shape });
    }

    /// Says of each sheet of a form which of its rows are used. Repeats follow the table that their parent's sheet is read as.
    pub(super) fn accept_rows(&mut self) {
        let accepting: Vec<(TableKind, &FormPlan)> = self
            .plans
            .iter()
            .filter_map(|plan| Some((plan.kind, plan.shape.form.as_ref().filter(|form| form.accept.is_some())?)))
            .collect();
        let mut found: Vec<(TableKind, usize, AcceptedRows)> = Vec::new();
        for (kind, sheets) in &self.found {
            for (index, sheet) in sheets.iter().enumerate() {
                let parent = sheet.shape.as_ref().and_then(|shape| shape.join.as_ref());
                let is_parent =
                    |at: SheetIndex| parent.is_some_and(|join| join.chain().any(|join| (join.book, join.sheet) == at));
                let follows = |other: &TableKind| {
                    self.found.get(other).is_some_and(|found| found.iter().any(|found| is_parent(found.at)))
                };
                let form = accepting
                    .iter()
                    .find(|(own, _)| own == kind)
                    .or_else(|| accepting.iter().find(|(own, _)| follows(own)));
                let Some((_, form)) = form else { continue };
                let Some((words, place)) = &form.accept else { continue };
                let own = self.forms.get(&(*kind, sheet.at)).and_then(|form| form.head.status);
                if own.is_none() && parent.is_none_or(|join| join.chain().all(|join| join.status.is_none())) {
                    let missing = Problem::error(kinds::NoStatusColumn).at(place.clone());
                    if !self.problems.contains(&missing) {
                        self.problems.push(missing);
                    }
                    continue;
                }
                let prefix = form.preset.map(|preset| preset.status_prefix.as_str()).unwrap_or_default();
                found.push((*kind, index, AcceptedRows::new(words, prefix, own)));
            }
        }
        for (kind, index, accepted) in found {
            if let Some(sheet) = self.found.get_mut(&kind).and_then(|sheets| sheets.get_mut(index)) {
                sheet.shape.get_or_insert_default().accepted = Some(accepted);
            }
        }
    }

    fn read_form(&mut self, plan: &TablePlan, form: &FormPlan, at: SheetIndex) -> Option<FormSheet> {
        let reference = form.reference().and_then(|reference| find_heading(self.head(at), reference));
        let Some((row, reference)) = reference else {
            let key = form.key().and_then(|key| find_heading(self.head(at), key)).map(|(row, _)| row);
            let row = key.or_else(|| (!self.head(at).rows().is_empty()).then_some(0))?;
            let head = form_head(self.head(at), row, None, form, &plan.columns);
            let written = form.parent.as_ref().and_then(|parent| parent.reference.clone());
            let missing_parent = written
                .map(|reference| Problem::error(kinds::MissingParent::Reference { reference }).at(self.place_of(at)));
            return Some(FormSheet { head, join: None, missing_parent });
        };
        match self.join_parent(plan, form, at, (row, reference), &[at]) {
            Ok((join, parent, parent_row)) => {
                let parent = Some((&parent, parent_row));
                let mut head = form_head(self.head(at), row, parent, form, &plan.columns);
                let join = ParentJoin { columns: std::mem::take(&mut head.parent_columns), ..join };
                head.parent_columns.clone_from(&join.columns);
                Some(FormSheet { head, join: Some(join), missing_parent: None })
            }
            Err(missing) => {
                let head = form_head(self.head(at), row, None, form, &plan.columns);
                Some(FormSheet { head, join: None, missing_parent: Some(missing) })
            }
        }
    }

    fn place_of(&self, at: SheetIndex) -> Place {
        self.workbooks[at.0].workbook.place(at.1)
    }

    /// How the rows of a repeat, with the column that names their parents, find them; and the parents' head with the
    /// headings of those that they belong to themselves, and its row of headings. `below` are the sheets that lead here.
    fn join_parent(
        &mut self,
        plan: &TablePlan,
        form: &FormPlan,
        at: SheetIndex,
        (row, reference): (usize, u32),
        below: &[SheetIndex],
    ) -> Result<(ParentJoin, SheetHead<'static>, usize), Problem> {
        let key = form.key().unwrap_or_default();
        let parent =
            self.find_parent(form, at, row).filter(|parent| !below.contains(parent) && below.len() <= MAX_PARENTS);
        let found = parent.and_then(|parent| Some((parent, find_heading(self.head(parent), key)?)));
        let Some((parent, (parent_row, key_column))) = found else {
            return Err(Problem::error(kinds::MissingParent::Plain { key: key.to_owned() }).at(self.place_of(at)));
        };
        let above = form.of_parent();
        let named = above.as_ref().and_then(FormPlan::reference);
        let found =
            named.and_then(|named| find_heading(self.head(parent), named)).filter(|(row, _)| *row == parent_row);
        let written = above.as_ref().and_then(|above| above.parent.as_ref()?.reference.clone());
        if let Some(reference) = written.filter(|_| found.is_none()) {
            return Err(Problem::error(kinds::MissingParent::Reference { reference }).at(self.place_of(parent)));
        }
        let (mut head, mut joined) = (SheetHead::new(self.head(parent).rows().to_vec()), None);
        if let (Some(above), Some(found)) = (above, found) {
            let (join, above_head, above_row) =
                self.join_parent(plan, &above, parent, found, &[below, &[parent]].concat())?;
            let (with_above, columns) =
                join_heads(self.head(parent), parent_row, (&above_head, above_row), &above, &plan.columns);
            head = with_above;
            joined = Some(Box::new(ParentJoin { columns, ..join }));
        }
        let place = self.place_of(parent);
        let statuses = form.preset.iter().flat_map(|preset| &preset.status);
        let status = statuses.into_iter().find_map(|status| find_heading(self.head(parent), status));
        let join = ParentJoin {
            book: parent.0,
            sheet: parent.1,
            sheet_name: place.sheet_name().map(str::to_owned),
            file: place.file,
            header_row: self.head(parent).rows()[parent_row].number,
            key: key_column,
            reference,
            status: status.map(|(_, column)| column),
            columns: Vec::new(),
            above: joined,
        };
        Ok((join, head, parent_row))
    }

    /// The sheet that the rows of a repeat belong to.
    fn find_parent(&mut self, form: &FormPlan, at: SheetIndex, header: usize) -> Option<SheetIndex> {
        let plan = form.parent.clone().unwrap_or_default();
        let own = self.workbooks[at.0].workbook.input.path.clone();
        let file = plan.file.map(|(file, _)| file).or_else(|| self.parent_file(form, &own));
        let book = match file {
            Some(file) => self.open_workbook(&file)?,
            None => at.0,
        };
        let named = plan.sheet.map(|(sheet, _)| sheet).or_else(|| self.parent_sheet(form, at, header));
        let workbook = &self.workbooks[book].workbook;
        if let Some(name) = named {
            return workbook.sheet_by_name(&name).map(|sheet| (book, sheet));
        }
        let key = form.key()?;
        let others = (0..workbook.sheets.len()).map(|sheet| (book, sheet)).filter(|other| *other != at);
        others.into_iter().find(|other| find_heading(self.head(*other), key).is_some())
    }

    /// The file that a repeat's is named after: `form.csv` of `form-visits.csv`.
    fn parent_file(&self, form: &FormPlan, own: &str) -> Option<String> {
        let separator = form.preset?.file_separator.as_ref()?;
        let (stem, ending) = own.rsplit_once('.')?;
        let mut stem = stem;
        while let Some((shorter, _)) = stem.rsplit_once(separator.as_str()) {
            let file = format!("{shorter}.{ending}");
            if resolve_file(self.folder, &file).is_ok() {
                return Some(file);
            }
            stem = shorter;
        }
        None
    }

    /// The name of the parent's sheet, as the form's program says it.
    fn parent_sheet(&self, form: &FormPlan, at: SheetIndex, header: usize) -> Option<String> {
        let preset = form.preset?;
        if preset.parent_sheet.is_some() {
            return preset.parent_sheet.clone();
        }
        let head = self.head(at);
        let (_, column) = find_heading(head, preset.parent_column.as_ref()?)?;
        head.rows().iter().skip(header + 1).find_map(|row| match &row.cell(column)?.raw {
            Raw::Text(name) => Some(name.to_string()),
            _ => None,
        })
    }
}
