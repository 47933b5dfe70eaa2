//! Parts of a workbook's archive as streams of XML, within one limit for all that is read.

use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// Bytes that all parts together may have, unpacked, each as often as it is read.
const MOST_UNPACKED: u64 = 1 << 30;
/// Parts of one workbook.
const MOST_PARTS: usize = 10_000;
/// Bytes of one element's text or attributes, and of parts that only describe the workbook.
const LONGEST_PIECE: u64 = 1 << 24;

/// A workbook that can't be read: it is damaged, none at all, or larger than any annex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableWorkbook;

/// The archive that a workbook is.
pub struct WorkbookPackage<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

/// What happens in a part: an element begins, with its attributes; a text; an element ends.
pub enum PartEvent<'e> {
    Start(&'e BytesStart<'e>),
    Text(&'e str),
    End(&'e [u8]),
}

impl<'b> WorkbookPackage<'b> {
    /// # Errors
    /// It is no archive, or has too many parts.
    pub fn open(bytes: &'b [u8]) -> Result<WorkbookPackage<'b>, UnreadableWorkbook> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UnreadableWorkbook)?;
        if archive.len() > MOST_PARTS {
            return Err(UnreadableWorkbook);
        }
        Ok(WorkbookPackage { archive, left: MOST_UNPACKED })
    }

    /// Names of parts that begin with this.
    pub fn parts_in(&self, folder: &str) -> Vec<String> {
        let names = self.archive.file_names().flatten().map(|name| name.into_owned());
        names.filter(|name| name.starts_with(folder)).collect()
    }

    /// Calls `visit` with all that happens in a part; one that isn't there is empty.
    ///
    /// # Errors
    /// The part is damaged, declares a document type, or is larger than what is left of the limit.
    pub fn read(&mut self, part: &str, mut visit: impl FnMut(PartEvent) -> bool) -> Result<(), UnreadableWorkbook> {
        let Some(index) = self.archive.index_for_name(part) else { return Ok(()) };
        let entry = self.archive.by_index(index).map_err(|_| UnreadableWorkbook)?;
        let mut limited = BufReader::new(entry.take(self.left + 1));
        let read = read_events(&mut limited, &mut visit);
        self.left = limited.into_inner().limit().saturating_sub(1);
        if self.left == 0 { Err(UnreadableWorkbook) } else { read }
    }
}

/// Reads on until `visit` says that it has enough.
fn read_events(source: &mut impl BufRead, visit: &mut impl FnMut(PartEvent) -> bool) -> Result<(), UnreadableWorkbook> {
    let mut reader = Reader::from_reader(source);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| UnreadableWorkbook)?;
        if event.len() as u64 > LONGEST_PIECE {
            return Err(UnreadableWorkbook);
        }
        let goes_on = match event {
            Event::Start(element) => visit(PartEvent::Start(&element)),
            Event::Empty(element) => {
                visit(PartEvent::Start(&element)) && visit(PartEvent::End(element.local_name().as_ref()))
            }
            Event::End(element) => visit(PartEvent::End(element.local_name().as_ref())),
            Event::Text(text) => visit(PartEvent::Text(&text.decode().map_err(|_| UnreadableWorkbook)?)),
            Event::GeneralRef(reference) => {
                let raw = format!("&{};", String::from_utf8_lossy(&reference));
                visit(PartEvent::Text(&quick_xml::escape::unescape(&raw).map_err(|_| UnreadableWorkbook)?))
            }
            Event::DocType(_) => return Err(UnreadableWorkbook),
            Event::Eof => return Ok(()),
            Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// The value of an attribute by its name without a prefix.
pub fn attribute(element: &BytesStart, name: &[u8]) -> Option<String> {
    let mut attributes = element.attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let raw = String::from_utf8_lossy(&found.value).into_owned();
    quick_xml::escape::unescape(&raw).ok().map(|value| value.into_owned())
}
