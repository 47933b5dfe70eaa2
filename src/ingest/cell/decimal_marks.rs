//! Which mark a column's numbers have before their decimals.

/// How a column's texts use the point and the comma: observed in a first pass over the column, used in a second. `5.125` can
/// be read in two ways, and `1.5` in the same column settles it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecimalMarks {
    point: MarkUse,
    comma: MarkUse,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct MarkUse {
    before_decimals: bool,
    between_thousands: bool,
}

/// What the column says of a number that can be read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkMeaning {
    Decimals,
    Thousands,
    /// The column uses the mark for both.
    Contradicting,
    /// The column settles nothing.
    Unsettled,
}

impl DecimalMarks {
    /// Takes a text into account. One that can be read in one way only decides the others of its column.
    pub fn observe(&mut self, text: &str) {
        let text = text.trim().trim_start_matches(['-', '+']);
        let is_number = text.starts_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || b"., '".contains(&byte));
        if !is_number {
            return;
        }
        let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
        let [.., (at, last)] = marks.as_slice() else { return };
        let same = marks.iter().filter(|(_, mark)| mark == last).count();
        let decimals = text.len() - at - 1;
        if same > 1 {
            self.mark(*last).between_thousands = true;
        } else if marks.len() > 1 || decimals != 3 || text.starts_with('0') || *at > 3 {
            self.mark(*last).before_decimals = true;
            let other = if *last == '.' { ',' } else { '.' };
            self.mark(other).between_thousands |= marks.len() > 1;
        }
    }

    fn mark(&mut self, mark: char) -> &mut MarkUse {
        if mark == '.' { &mut self.point } else { &mut self.comma }
    }

    /// What a single point or comma before three digits means.
    pub(super) fn meaning(&self, mark: char) -> MarkMeaning {
        let (own, other) = if mark == '.' { (self.point, self.comma) } else { (self.comma, self.point) };
        let is_decimal = own.before_decimals || other.between_thousands;
        let is_grouping = own.between_thousands || other.before_decimals;
        match (is_decimal, is_grouping) {
            (true, false) => MarkMeaning::Decimals,
            (false, true) => MarkMeaning::Thousands,
            (true, true) => MarkMeaning::Contradicting,
            (false, false) => MarkMeaning::Unsettled,
        }
    }
}
