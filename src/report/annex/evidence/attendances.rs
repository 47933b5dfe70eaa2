use super::super::annex_builder::AnnexBuilder;
use super::super::labels::ColumnList;
use super::super::sheet_plan::SheetSubject;
use super::super::workbook_model::{AnnexCell, AnnexColumnKind, AnnexRows, AnnexSheet, FormatId, RowIter};
use super::layout::EvidenceKind;
use super::{add_marks, flag_cell, mark_cell, marks_head, source_text, table_name};
use crate::disclosure::JointAttendances;
use crate::model::{Calculation, DistinctColumn, Project};

/// The attendances that any indicator counts, each once, by pseudonym.
pub fn attendance_evidence<'a>(draft: &mut AnnexBuilder<'a>) -> AnnexSheet<'a> {
    let kind = EvidenceKind::Attendances;
    let mut columns = ColumnList::new(&draft.labels);
    columns.add("annex.person", AnnexColumnKind::Key);
    columns.add("activity.one", AnnexColumnKind::Code);
    columns.add("annex.day", AnnexColumnKind::Date);
    columns.add("workbook.in-period", AnnexColumnKind::Flag);
    columns.add("annex.source-row", AnnexColumnKind::Source);
    add_marks(draft, kind, &mut columns);
    let columns = columns.finish();
    let head = marks_head(draft, kind, &columns);
    let second = |id| match draft.indicator(id).calculation {
        Calculation::People => SecondMark::Served,
        Calculation::Distinct(DistinctColumn::PersonCode) => SecondMark::FirstInPeriod,
        Calculation::Completed(_) => SecondMark::Needed,
        _ => SecondMark::None,
    };
    let rows = JointRows {
        project: draft.project(),
        seconds: draft.evidence.attendance_indicators().into_iter().map(second).collect(),
        view: draft.attendances.take(),
        flag: draft.flag_format(),
        whole: draft.format(false, &[], None),
    };
    draft.table_sheet(SheetSubject::Evidence(kind), table_name(kind), head, columns, 2, Box::new(rows))
}

/// The mark beside that of what counts.
#[derive(Clone, Copy)]
enum SecondMark {
    None,
    Served,
    FirstInPeriod,
    Needed,
}

struct JointRows<'a> {
    project: &'a Project,
    view: Option<JointAttendances<'a>>,
    /// By indicator.
    seconds: Vec<SecondMark>,
    flag: FormatId,
    whole: FormatId,
}

impl AnnexRows for JointRows<'_> {
    fn count(&self) -> u64 {
        self.view.as_ref().map_or(0, JointAttendances::count)
    }

    fn iter(&self) -> RowIter<'_> {
        let mut rows = self.view.iter().flat_map(JointAttendances::rows);
        Box::new(move |cells| {
            let Some(row) = rows.next() else { return false };
            cells.push(AnnexCell::text(row.pseudonym));
            cells.push(AnnexCell::text(self.project.activities.code_of(row.activity)));
            cells.push(AnnexCell::Date(row.day));
            cells.push(flag_cell(row.in_period, self.flag));
            cells.push(AnnexCell::text(source_text(self.project, row.row)));
            for (marks, second) in row.marks.iter().zip(&self.seconds) {
                cells.push(mark_cell(marks.counted, self.whole));
                match second {
                    SecondMark::None => {}
                    SecondMark::Served => cells.push(mark_cell(marks.served, self.whole)),
                    SecondMark::Needed => cells.push(mark_cell(marks.needed, self.whole)),
                    SecondMark::FirstInPeriod => cells.push(mark_cell(marks.first_in_period, self.whole)),
                }
            }
            true
        })
    }
}
