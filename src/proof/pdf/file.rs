//! A PDF by its table of objects. Nothing is read before it is asked for, and no more is unpacked than reports hold.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::rc::Rc;

use flate2::read::ZlibDecoder;

use super::object::{ObjectReader, PdfDict, PdfObject};

/// Bytes that all streams together may hold, unpacked.
const MOST_UNPACKED: u64 = 1 << 28;
/// Bytes of objects that are read in all, each as often as it is asked for.
const MOST_READ: usize = 1 << 29;
/// Objects of one file.
const MOST_OBJECTS: usize = 2_000_000;
/// Tables of objects that continue one another.
const MOST_TABLES: usize = 64;
/// References from one to the next.
const MOST_HOPS: usize = 16;
/// Bytes at the end in which the place of the table is looked for.
const TAIL: usize = 2048;

/// Why a file can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PdfFault {
    /// It is something else.
    NotPdf,
    /// It is cut off, or its table of objects is wrong.
    Damaged,
    /// Only a password opens it.
    Encrypted,
    /// Unpacked it is larger than any report.
    TooLarge,
}

/// Where an object is.
#[derive(Clone, Copy, Debug)]
enum ObjectPlace {
    Free,
    Offset(usize),
    /// In a stream of objects, by its number; which of them.
    Packed(u32, usize),
}

/// Packed content with what is said of it.
#[derive(Clone, Debug)]
pub struct PdfStream {
    pub dict: PdfDict,
    start: usize,
    length: usize,
}

/// An object by its number.
#[derive(Clone, Debug)]
pub enum NumberedObject {
    Plain(PdfObject),
    Stream(PdfStream),
}

/// A stream of objects: numbers with where each begins, and the bytes.
type PackedObjects = Rc<(Vec<(u32, usize)>, Vec<u8>)>;

/// A file that was opened.
pub struct PdfFile<'b> {
    bytes: &'b [u8],
    places: BTreeMap<u32, ObjectPlace>,
    trailer: PdfDict,
    unpacked: Cell<u64>,
    read: Cell<usize>,
    packed: RefCell<BTreeMap<u32, PackedObjects>>,
}

impl<'b> PdfFile<'b> {
    /// Reads the table of objects.
    ///
    /// # Errors
    /// See [`PdfFault`].
    pub fn open(bytes: &'b [u8]) -> Result<PdfFile<'b>, PdfFault> {
        if !super::is_pdf(bytes) {
            return Err(PdfFault::NotPdf);
        }
        let mut file = PdfFile {
            bytes,
            places: BTreeMap::new(),
            trailer: PdfDict::new(),
            unpacked: Cell::new(0),
            read: Cell::new(0),
            packed: RefCell::default(),
        };
        let tail = bytes.len().saturating_sub(TAIL);
        let said = memchr::memmem::rfind(&bytes[tail..], b"startxref").ok_or(PdfFault::Damaged)?;
        let start = ObjectReader::new(bytes, tail + said + b"startxref".len()).read_count();
        let (mut next, mut seen) = (start, BTreeSet::new());
        while let Some(at) = next {
            if !seen.insert(at) || seen.len() > MOST_TABLES {
                return Err(PdfFault::Damaged);
            }
            let trailer = file.read_table(at)?;
            // Older files list streams of objects beside the table.
            if let Some(beside) = trailer.get(b"XRefStm".as_slice()).and_then(PdfObject::count)
                && seen.insert(beside)
            {
                file.read_table(beside)?;
            }
            next = trailer.get(b"Prev".as_slice()).and_then(PdfObject::count);
            for (key, value) in trailer {
                file.trailer.entry(key).or_insert(value);
            }
        }
        if file.trailer.contains_key(b"Encrypt".as_slice()) {
            return Err(PdfFault::Encrypted);
        }
        if file.catalog().is_empty() {
            return Err(PdfFault::Damaged);
        }
        Ok(file)
    }

    /// The root of all objects; empty if there is none.
    pub fn catalog(&self) -> PdfDict {
        self.trailer.get(b"Root".as_slice()).map(|root| self.dict(root)).unwrap_or_default()
    }

    /// An entry of a dictionary, itself and not a reference to it.
    pub fn get(&self, dict: &PdfDict, key: &[u8]) -> PdfObject {
        dict.get(key).map_or(PdfObject::Null, |value| self.resolve(value))
    }

    /// The dictionary that an object is, or refers to, or that a stream has; else an empty one.
    pub fn dict(&self, object: &PdfObject) -> PdfDict {
        match self.follow(object) {
            Some(NumberedObject::Plain(PdfObject::Dict(dict)) | NumberedObject::Stream(PdfStream { dict, .. })) => dict,
            _ => PdfDict::new(),
        }
    }

    /// The same of a dictionary's entry.
    pub fn dict_in(&self, dict: &PdfDict, key: &[u8]) -> PdfDict {
        dict.get(key).map(|value| self.dict(value)).unwrap_or_default()
    }

    /// The items of an array; of anything else, it alone; of what is missing, none.
    pub fn list_in(&self, dict: &PdfDict, key: &[u8]) -> Vec<PdfObject> {
        match self.get(dict, key) {
            PdfObject::Array(items) => items,
            PdfObject::Null => {
                dict.get(key).filter(|value| self.stream(value).is_some()).cloned().into_iter().collect()
            }
            one => vec![one],
        }
    }

    /// The object that references lead to; null for a stream.
    pub fn resolve(&self, object: &PdfObject) -> PdfObject {
        match self.follow(object) {
            Some(NumberedObject::Plain(object)) => object,
            _ => PdfObject::Null,
        }
    }

    /// The stream that an object refers to.
    pub fn stream(&self, object: &PdfObject) -> Option<PdfStream> {
        match self.follow(object) {
            Some(NumberedObject::Stream(stream)) => Some(stream),
            _ => None,
        }
    }

    fn follow(&self, object: &PdfObject) -> Option<NumberedObject> {
        let mut current = NumberedObject::Plain(object.clone());
        for _ in 0..MOST_HOPS {
            let NumberedObject::Plain(PdfObject::Reference(number)) = current else { return Some(current) };
            current = self.read_numbered(number)?;
        }
        None
    }

    /// The content of a stream, unpacked.
    ///
    /// # Errors
    /// It is packed in a way that reports aren't, cut off, or too large together with what was unpacked before.
    pub fn unpack(&self, stream: &PdfStream) -> Result<Vec<u8>, PdfFault> {
        let raw = self.bytes.get(stream.start..stream.start + stream.length).ok_or(PdfFault::Damaged)?;
        let filters = self.list_in(&stream.dict, b"Filter");
        let left = MOST_UNPACKED.checked_sub(self.unpacked.get() + raw.len() as u64).ok_or(PdfFault::TooLarge)?;
        let mut content = Vec::new();
        let unpacked = match filters.as_slice() {
            [] => raw.take(left + 1).read_to_end(&mut content),
            [PdfObject::Name(name)] if name == b"FlateDecode" || name == b"Fl" => {
                ZlibDecoder::new(raw).take(left + 1).read_to_end(&mut content)
            }
            _ => return Err(PdfFault::Damaged),
        };
        // What fails after all was much work, too.
        self.unpacked.set(self.unpacked.get() + (raw.len() + content.len()) as u64);
        if content.len() as u64 > left {
            return Err(PdfFault::TooLarge);
        }
        unpacked.map_err(|_| PdfFault::Damaged)?;
        let parameters = match self.list_in(&stream.dict, b"DecodeParms").as_slice() {
            [PdfObject::Dict(parameters)] => parameters.clone(),
            _ => PdfDict::new(),
        };
        let number = |key: &[u8], default: usize| self.get(&parameters, key).count().unwrap_or(default);
        match number(b"Predictor", 1) {
            1 => Ok(content),
            10.. if number(b"Colors", 1) == 1 && number(b"BitsPerComponent", 8) == 8 => {
                undo_prediction(&content, number(b"Columns", 1)).ok_or(PdfFault::Damaged)
            }
            _ => Err(PdfFault::Damaged),
        }
    }

    /// Adds what a table says that no later one says, and gives the trailer that goes with it.
    fn read_table(&mut self, at: usize) -> Result<PdfDict, PdfFault> {
        let mut reader = ObjectReader::new(self.bytes, at);
        let trailer =
            if reader.take(b"xref") { self.read_plain_table(&mut reader) } else { self.read_packed_table(at)? };
        trailer.filter(|_| self.places.len() <= MOST_OBJECTS).ok_or(PdfFault::Damaged)
    }

    fn read_plain_table(&mut self, reader: &mut ObjectReader) -> Option<PdfDict> {
        while !reader.take(b"trailer") {
            let (first, count) = (reader.read_count()?, reader.read_count()?);
            for number in first..first.checked_add(count)? {
                let (offset, _) = (reader.read_count()?, reader.read_count()?);
                let place = if reader.take(b"n") { ObjectPlace::Offset(offset) } else { ObjectPlace::Free };
                if matches!(place, ObjectPlace::Free) && !reader.take(b"f") {
                    return None;
                }
                self.places.entry(u32::try_from(number).ok()?).or_insert(place);
            }
        }
        match reader.read_object()? {
            PdfObject::Dict(trailer) => Some(trailer),
            _ => None,
        }
    }

    fn read_packed_table(&mut self, at: usize) -> Result<Option<PdfDict>, PdfFault> {
        let Some((_, NumberedObject::Stream(stream))) = self.read_at(at) else { return Ok(None) };
        let content = self.unpack(&stream)?;
        Ok(self.read_packed_entries(&stream, &content).map(|()| stream.dict))
    }

    fn read_packed_entries(&mut self, stream: &PdfStream, content: &[u8]) -> Option<()> {
        let counts = |key: &[u8]| match stream.dict.get(key) {
            Some(PdfObject::Array(items)) => items.iter().map(PdfObject::count).collect::<Option<Vec<usize>>>(),
            _ => None,
        };
        let widths: [usize; 3] = counts(b"W")?.try_into().ok()?;
        if widths.iter().any(|width| *width > 8) || widths.iter().sum::<usize>() == 0 {
            return None;
        }
        let all = || Some(vec![0, stream.dict.get(b"Size".as_slice())?.count()?]);
        let sections = counts(b"Index").or_else(all)?;
        let mut entries = content.chunks_exact(widths.iter().sum());
        for section in sections.chunks_exact(2) {
            for number in section[0]..section[0].checked_add(section[1])? {
                let mut rest = entries.next()?;
                let [kind, second, third] = widths.map(|width| {
                    let (field, after) = rest.split_at(width);
                    rest = after;
                    field.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
                });
                let place = match if widths[0] == 0 { 1 } else { kind } {
                    1 => ObjectPlace::Offset(second),
                    2 => ObjectPlace::Packed(u32::try_from(second).ok()?, third),
                    _ => ObjectPlace::Free,
                };
                self.places.entry(u32::try_from(number).ok()?).or_insert(place);
            }
        }
        Some(())
    }

    fn read_numbered(&self, number: u32) -> Option<NumberedObject> {
        match *self.places.get(&number)? {
            ObjectPlace::Free => None,
            ObjectPlace::Offset(at) => self.read_at(at).filter(|(found, _)| *found == number).map(|(_, object)| object),
            ObjectPlace::Packed(stream, index) => {
                let packed = self.packed_objects(stream)?;
                let (found, at) = *packed.0.get(index)?;
                let object = self.read_object(&mut ObjectReader::new(&packed.1, at))?;
                (found == number).then_some(NumberedObject::Plain(object))
            }
        }
    }

    /// A stream of objects; one inside another doesn't count.
    fn packed_objects(&self, number: u32) -> Option<PackedObjects> {
        if let Some(known) = self.packed.borrow().get(&number) {
            return Some(Rc::clone(known));
        }
        let Some(ObjectPlace::Offset(at)) = self.places.get(&number) else { return None };
        let Some((_, NumberedObject::Stream(stream))) = self.read_at(*at) else { return None };
        let content = self.unpack(&stream).ok()?;
        let count = |key: &[u8]| stream.dict.get(key).and_then(PdfObject::count);
        let (count, first) = (count(b"N")?, count(b"First")?);
        let mut reader = ObjectReader::new(&content, 0);
        let mut index = Vec::new();
        for _ in 0..count.min(MOST_OBJECTS) {
            let number = u32::try_from(reader.read_count()?).ok()?;
            index.push((number, first.checked_add(reader.read_count()?)?));
        }
        let packed = Rc::new((index, content));
        self.packed.borrow_mut().insert(number, Rc::clone(&packed));
        Some(packed)
    }

    /// The object that begins here, with its number.
    fn read_at(&self, at: usize) -> Option<(u32, NumberedObject)> {
        let mut reader = ObjectReader::new(self.bytes, at);
        let number = u32::try_from(reader.read_count()?).ok()?;
        reader.read_count()?;
        if !reader.take(b"obj") {
            return None;
        }
        let dict = match self.read_object(&mut reader)? {
            PdfObject::Dict(dict) if reader.take(b"stream") => dict,
            plain => return Some((number, NumberedObject::Plain(plain))),
        };
        let mut start = reader.at;
        start += usize::from(self.bytes.get(start) == Some(&b'\r'));
        start += usize::from(self.bytes.get(start) == Some(&b'\n'));
        let length = match dict.get(b"Length".as_slice())? {
            PdfObject::Reference(other) => self.length_at(*other)?,
            length => length.count()?,
        };
        let is_whole = ObjectReader::new(self.bytes, start.checked_add(length)?).take(b"endstream");
        is_whole.then_some((number, NumberedObject::Stream(PdfStream { dict, start, length })))
    }

    fn read_object(&self, reader: &mut ObjectReader) -> Option<PdfObject> {
        if self.read.get() > MOST_READ {
            return None;
        }
        let start = reader.at;
        let object = reader.read_object();
        self.read.set(self.read.get() + reader.at.saturating_sub(start));
        object
    }

    /// A length that is an object of its own: a plain number, so that looking it up leads no further.
    fn length_at(&self, number: u32) -> Option<usize> {
        let ObjectPlace::Offset(at) = self.places.get(&number)? else { return None };
        let mut reader = ObjectReader::new(self.bytes, *at);
        reader.read_count()?;
        reader.read_count()?;
        reader.take(b"obj").then(|| reader.read_count())?
    }
}

/// Bytes of a row from what PNG's prediction says of them.
fn undo_prediction(content: &[u8], columns: usize) -> Option<Vec<u8>> {
    let mut above = vec![0_u8; (1..=1 << 16).contains(&columns).then_some(columns)?];
    let mut out = Vec::with_capacity(content.len());
    for row in content.chunks_exact(columns + 1) {
        let (kind, row) = row.split_first()?;
        let (mut left, mut corner) = (0_u8, 0_u8);
        for (byte, up) in row.iter().zip(&mut above) {
            let predicted = match kind {
                0 => 0,
                1 => left,
                2 => *up,
                3 => left.midpoint(*up),
                4 => nearest(left, *up, corner),
                _ => return None,
            };
            corner = *up;
            left = byte.wrapping_add(predicted);
            *up = left;
            out.push(left);
        }
    }
    Some(out)
}

/// Paeth's choice of the neighbour that is nearest to their plane.
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let plane = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |byte: u8| (plane - i16::from(byte)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}
