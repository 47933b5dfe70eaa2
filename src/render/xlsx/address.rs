use std::fmt::Write;

use rust_xlsxwriter::utility::column_number_to_name;

use crate::report::annex::{Annex, AnnexSheet, AnnexSheetIndex, CellPlace, CellRef, CellSpan, Formula};

/// The last row of a worksheet, from 0.
pub const LAST_ROW: u32 = 1_048_575;

/// Addresses of cells as formulas and links write them.
pub struct Addresses {
    /// By sheet: its name between quotation marks, and the row of its headings.
    sheets: Vec<(String, u32)>,
}

impl Addresses {
    pub fn new(annex: &Annex) -> Addresses {
        Addresses {
            sheets: annex.sheets.iter().map(|sheet| (quote_sheet_name(&sheet.name), header_row(sheet))).collect(),
        }
    }

    /// Row from 0 and column of a cell.
    pub fn position(&self, cell: CellRef) -> (u32, u16) {
        let row = match cell.place {
            CellPlace::Head(line) => line,
            CellPlace::Row(row) => self.sheets[usize::from(cell.sheet.0)].1 + 1 + row,
        };
        (row, cell.column)
    }

    /// `'Evidence I14'!$B$5`.
    pub fn absolute(&self, cell: CellRef) -> String {
        let (row, column) = self.position(cell);
        format!("{}!${}${}", self.sheets[usize::from(cell.sheet.0)].0, column_number_to_name(column), row + 1)
    }

    /// `internal:'Evidence I14'!B5`.
    pub fn link(&self, cell: CellRef) -> String {
        let (row, column) = self.position(cell);
        format!("internal:{}!{}{}", self.sheets[usize::from(cell.sheet.0)].0, column_number_to_name(column), row + 1)
    }

    /// `'Evidence I14'!$B$5:$B$90`.
    pub fn span(&self, span: CellSpan) -> String {
        let (name, _) = &self.sheets[usize::from(span.sheet.0)];
        let column = column_number_to_name(span.column);
        let (first, last) = self.rows(span);
        format!("{name}!${column}${}:${column}${}", first + 1, last + 1)
    }

    /// First and last row of a span, from 0.
    pub fn rows(&self, span: CellSpan) -> (u32, u32) {
        let header = self.sheets[usize::from(span.sheet.0)].1;
        (header + 1 + span.first, header + 1 + span.last)
    }

    /// A formula as the file writes it, without its equals sign. References to `home` itself carry no sheet.
    pub fn formula(&self, formula: &Formula, home: AnnexSheetIndex) -> String {
        let mut out = String::new();
        self.write(&mut out, formula, home);
        out
    }

    fn write(&self, out: &mut String, formula: &Formula, home: AnnexSheetIndex) {
        // Writing to a String can't fail.
        let _ = match formula {
            Formula::Number(value) => write!(out, "{value}"),
            Formula::Text(text) => write!(out, "\"{}\"", text.replace('"', "\"\"")),
            Formula::Cell(cell) if cell.sheet == home => {
                let (row, column) = self.position(*cell);
                write!(out, "${}${}", column_number_to_name(column), row + 1)
            }
            Formula::Cell(cell) => write!(out, "{}", self.absolute(*cell)),
            Formula::Span(span) => write!(out, "{}", self.span(*span)),
            Formula::Call(name, arguments) => {
                out.push_str(name);
                out.push('(');
                for (at, argument) in arguments.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    self.write(out, argument, home);
                }
                write!(out, ")")
            }
            Formula::Infix(operator, left, right) => {
                self.write_operand(out, left, home);
                out.push_str(operator);
                self.write_operand(out, right, home);
                Ok(())
            }
        };
    }

    fn write_operand(&self, out: &mut String, formula: &Formula, home: AnnexSheetIndex) {
        let negative = matches!(formula, Formula::Number(value) if value.is_sign_negative());
        if negative || matches!(formula, Formula::Infix(..)) {
            out.push('(');
            self.write(out, formula, home);
            out.push(')');
        } else {
            self.write(out, formula, home);
        }
    }
}

/// The row of the headings, from 0: under the lines above the table and an empty one; of several the last, which is the
/// table's.
pub fn header_row(sheet: &AnnexSheet) -> u32 {
    first_header_row(sheet) + sheet.heading_rows() as u32 - 1
}

/// The first row of headings.
pub fn first_header_row(sheet: &AnnexSheet) -> u32 {
    match sheet.head.len() {
        0 => 0,
        lines => lines as u32 + 1,
    }
}

fn quote_sheet_name(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}
