//! Evidence of an annex that lists no participants: how many were counted at each activity on each day.

use rust_decimal::Decimal;

use super::super::annex_builder::AnnexBuilder;
use super::super::workbook_model::{AnnexCell, AnnexRows, FormatId, RowIter};
use super::EvidenceLayout;
use super::rows::SeparateColumns;
use crate::disclosure::{ReleasedDay, ReleasedEvidence};
use crate::model::{IndicatorId, Project};

/// Columns by place, behind the activity and its day.
pub const CUMULATIVE: u16 = 2;
pub const IN_PERIOD: u16 = 3;
pub const SERVED: u16 = 4;

/// Activities and days, and beside them the values of each axis in an order of their own.
pub struct DayRows<'a> {
    project: &'a Project,
    view: ReleasedEvidence<'a>,
    layout: EvidenceLayout,
    whole: FormatId,
    separate: SeparateColumns,
}

impl<'a> DayRows<'a> {
    pub fn new(
        draft: &AnnexBuilder<'a>,
        id: IndicatorId,
        layout: EvidenceLayout,
        view: ReleasedEvidence<'a>,
    ) -> DayRows<'a> {
        let separate = SeparateColumns::new(draft, id, &layout, &view);
        DayRows { project: draft.project(), whole: draft.format(false, &[], None), separate, layout, view }
    }

    fn days(&self) -> &[ReleasedDay] {
        self.view.days().unwrap_or_default()
    }
}

impl AnnexRows for DayRows<'_> {
    fn count(&self) -> u64 {
        (self.days().len() as u64).max(self.separate.rows)
    }

    fn iter(&self) -> RowIter<'_> {
        let mut days = self.days().iter();
        let mut positions = self.separate.start_positions();
        let mut written = 0;
        Box::new(move |cells| {
            written += 1;
            let Some(day) = days.next() else {
                cells.extend((0..=self.layout.source).map(|_| AnnexCell::Empty));
                self.separate.push_cells(cells, &mut positions);
                return written <= self.separate.rows;
            };
            cells.push(AnnexCell::text(self.project.activities.code_of(day.activity)));
            cells.push(AnnexCell::Date(day.day));
            let served = self.layout.served.map(|_| day.served);
            let counts = [Some(day.cumulative), Some(day.in_period), served].into_iter().flatten();
            cells.extend(counts.map(|count| AnnexCell::Number(Decimal::from(count), self.whole)));
            self.separate.push_cells(cells, &mut positions);
            true
        })
    }

    fn repeated_texts(&self) -> Vec<&str> {
        self.separate.labels().collect()
    }
}
