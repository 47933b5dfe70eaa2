//! Two languages side by side, piece by piece.

use super::body_writer::DocumentWriter;
use super::section_parts::{count_parts, lines_of_part};
use super::sections::is_wide;
use super::table::{CellStyle, ColumnShape, TextSide};
use crate::report::document::SectionEntry;

/// Lines of a part that stays on one page.
const MOST_LINES_WHOLE: usize = 10;

/// Writes what a piece of the document is in the language of this index.
type WritePiece<'p> = Box<dyn Fn(&mut DocumentWriter, usize) + 'p>;

enum ParallelPiece<'p> {
    /// A row with a column for each language.
    Beside(WritePiece<'p>),
    /// The same on one page: a heading with what is under it, which nothing else keeps together within a cell.
    Whole(WritePiece<'p>),
    /// What needs the whole width is set in one language after the other.
    InTurn(WritePiece<'p>),
}

/// Writes the whole document; `gutter` is the room between two columns, in twentieths of a point.
pub(super) fn write_parallel(writer: &mut DocumentWriter, gutter: u32) {
    let pieces = pieces_of(writer);
    let mut rest = pieces.as_slice();
    while let Some(first) = rest.first() {
        let beside = rest.iter().take_while(|piece| !matches!(piece, ParallelPiece::InTurn(_))).count();
        match first {
            ParallelPiece::Beside(_) | ParallelPiece::Whole(_) => write_rows(writer, &rest[..beside], gutter),
            ParallelPiece::InTurn(write) => {
                for index in 0..writer.document.parts.len() {
                    writer.index = index;
                    write(writer, index);
                }
            }
        }
        rest = &rest[beside.max(1)..];
    }
    writer.index = 0;
}

fn pieces_of<'d>(writer: &DocumentWriter<'d>) -> Vec<ParallelPiece<'d>> {
    let document = writer.document;
    // Rows that are no higher than they must be: a program may move one that is too high to an empty page.
    let mut pieces: Vec<ParallelPiece> = vec![
        ParallelPiece::Beside(Box::new(|writer, _| writer.opening_title())),
        ParallelPiece::Beside(Box::new(|writer, _| writer.opening_facts())),
        ParallelPiece::Beside(Box::new(|writer, _| writer.opening_words())),
    ];
    if document.parts.iter().any(|part| part.glance.is_some()) {
        pieces.push(ParallelPiece::InTurn(Box::new(|writer, _| writer.opening_cards())));
        pieces.push(ParallelPiece::Beside(Box::new(|writer, _| writer.opening_people())));
        pieces.push(ParallelPiece::Whole(Box::new(|writer, _| writer.opening_attention())));
        pieces.push(ParallelPiece::Whole(Box::new(|writer, _| writer.opening_next())));
        pieces.push(ParallelPiece::Beside(Box::new(|writer, _| writer.opening_notes())));
    }
    for (number, section) in document.sections.iter().enumerate() {
        let entries = &section.entries;
        let is_in_turn = entries.iter().any(|entry| is_wide(&entry.body));
        if is_in_turn && entries.iter().all(|entry| entry.prose.is_empty()) {
            // Each language's heading is on the page of what it heads.
            pieces.push(ParallelPiece::InTurn(Box::new(move |writer, index| writer.section(number, &entries[index]))));
            continue;
        }
        pieces.push(ParallelPiece::Beside(Box::new(move |writer, index| {
            writer.section_heading(number, &entries[index])
        })));
        let count = entries.first().map_or(0, |entry| entry.prose.len());
        if entries.iter().all(|entry| entry.prose.len() == count) {
            pieces.extend((0..count).map(|at| {
                let write: WritePiece = Box::new(move |writer, index| writer.section_block(&entries[index].prose[at]));
                ParallelPiece::Beside(write)
            }));
        } else {
            pieces.push(ParallelPiece::Beside(Box::new(move |writer, index| {
                entries[index].prose.iter().for_each(|block| writer.section_block(block));
            })));
        }
        if is_in_turn {
            pieces.push(ParallelPiece::InTurn(Box::new(move |writer, index| writer.section_body(&entries[index]))));
            continue;
        }
        pieces.extend(pieces_of_body(entries));
        if entries.iter().any(|entry| !entry.notes.is_empty()) {
            let write: WritePiece = Box::new(move |writer, index| writer.small_notes(&entries[index].notes));
            pieces.push(ParallelPiece::Beside(write));
        }
    }
    pieces
}

/// What a section shows beside its prose: a row for each of its parts, where every language has as many.
fn pieces_of_body(entries: &[SectionEntry]) -> Vec<ParallelPiece<'_>> {
    let count = entries.first().map_or(0, |entry| count_parts(&entry.body));
    if entries.iter().any(|entry| count_parts(&entry.body) != count) {
        return vec![ParallelPiece::Beside(Box::new(|writer, index| writer.section_part(&entries[index], None)))];
    }
    let part = |at: usize| -> ParallelPiece {
        let write: WritePiece = Box::new(move |writer, index| writer.section_part(&entries[index], Some(at)));
        let is_low = entries.iter().all(|entry| lines_of_part(&entry.body, at) <= MOST_LINES_WHOLE);
        if is_low { ParallelPiece::Whole(write) } else { ParallelPiece::Beside(write) }
    };
    (0..count).map(part).collect()
}

fn write_rows(writer: &mut DocumentWriter, pieces: &[ParallelPiece], gutter: u32) {
    let languages = writer.document.parts.len();
    let columns = vec![ColumnShape { share: 1, side: TextSide::Start }; languages];
    writer.table("PlainColumns", &columns, |table| {
        for piece in pieces {
            let (ParallelPiece::Beside(write) | ParallelPiece::Whole(write) | ParallelPiece::InTurn(write)) = piece;
            table.row_of_columns(matches!(piece, ParallelPiece::Whole(_)), |row| {
                for index in 0..languages {
                    row.cell_of_paragraphs(CellStyle::default(), |writer| {
                        writer.index = index;
                        writer.width = writer.width.saturating_sub(gutter / 2);
                        write(writer, index);
                    });
                }
            });
        }
    });
}
