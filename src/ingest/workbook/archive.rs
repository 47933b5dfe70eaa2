use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek, SeekFrom};

use memchr::{memchr, memmem, memrchr};
use zip::ZipArchive;

use super::handle::Handle;
use crate::diagnostic::Problem;
use crate::model::Limits;

const MIB: u64 = 1 << 20;

/// A part may be this many times as large as its packed form once it is larger than [`FREE`]: sheets reach 40, bombs 1000.
const MOST_RATIO: u64 = 200;
const FREE: u64 = 32 * MIB;
/// Parts of a workbook number some dozens, or with pictures some thousands.
const MOST_PARTS: u64 = 50_000;
/// One tag or text can't be longer than this.
const LONGEST_RUN: usize = 8 << 20;
/// Takes a piece of what was unpacked, or says why no more is wanted.
pub(super) type Take<'a> = dyn FnMut(&[u8]) -> Result<(), Box<Problem>> + 'a;

/// Is given all that isn't done with, and where of it the new bytes begin; gives back how many are done with.
type TakeOrKeep<'a> = dyn FnMut(&[u8], usize) -> Result<usize, Box<Problem>> + 'a;

const CHUNK: usize = 256 << 10;
/// What is read from the file in one go.
const PACKED: usize = 64 << 10;

/// A zipped workbook whose directory was found sound; every part that is read is counted against the limit.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<Handle>>,
    /// Name with small letters and slashes → index, as the spreadsheet library looks parts up.
    names: BTreeMap<String, usize>,
    unpacked: u64,
    limit_mib: u64,
}

impl Archive {
    pub(super) fn open(handle: &Handle, limits: &Limits) -> Result<Archive, Box<Problem>> {
        check_directory(handle)?;
        let mut zip = ZipArchive::new(BufReader::with_capacity(PACKED, handle.again())).map_err(|_| damaged())?;
        let mut names = BTreeMap::new();
        let mut declared = 0u64;
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|_| damaged())?;
            if entry.encrypted() {
                return Err(Box::new(Problem::error("encrypted-file")));
            }
            let (size, packed) = (entry.size(), entry.compressed_size());
            declared = declared.saturating_add(size);
            if size > FREE && size / MOST_RATIO > packed {
                return Err(bomb(size, packed));
            }
            let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_lowercase();
            names.insert(name.trim_start_matches('/').to_owned(), at);
        }
        if declared > limits.unpacked_mib.saturating_mul(MIB) {
            return Err(too_large(limits.unpacked_mib));
        }
        Ok(Archive { zip, names, unpacked: 0, limit_mib: limits.unpacked_mib })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&normal(name))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Reads a whole part of at most `most` bytes.
    pub(super) fn read(&mut self, name: &str, most: u64) -> Result<Vec<u8>, Box<Problem>> {
        let mut content = Vec::new();
        let mut too_long = false;
        self.chunks(name, &mut |bytes| {
            too_long |= content.len() as u64 + bytes.len() as u64 > most;
            if !too_long {
                content.extend_from_slice(bytes);
            }
            Ok(())
        })?;
        if too_long { Err(damaged()) } else { Ok(content) }
    }

    /// Passes over the XML of a part in pieces that end with a whole tag. A document type definition is an error.
    pub(super) fn scan(&mut self, name: &str, look: &mut dyn FnMut(&[u8])) -> Result<(), Box<Problem>> {
        let doctype = memmem::Finder::new(b"<!DOCTYPE");
        self.unpack(name, &mut |bytes, _| {
            let Some(end) = memrchr(b'>', bytes) else {
                return if bytes.len() > LONGEST_RUN { Err(damaged()) } else { Ok(0) };
            };
            let whole = &bytes[..=end];
            if doctype.find(whole).is_some() {
                return Err(Box::new(Problem::error("document-type")));
            }
            look(whole);
            Ok(whole.len())
        })
    }

    /// Unpacks a part piece by piece, counted against the limit.
    pub(super) fn chunks(&mut self, name: &str, take: &mut Take) -> Result<(), Box<Problem>> {
        self.unpack(name, &mut |bytes, from| {
            take(&bytes[from..])?;
            Ok(bytes.len())
        })
    }

    /// Unpacks a part, counted against the limit.
    fn unpack(&mut self, name: &str, take: &mut TakeOrKeep) -> Result<(), Box<Problem>> {
        let at = *self.names.get(&normal(name)).ok_or_else(damaged)?;
        let mut entry = self.zip.by_index(at).map_err(|_| damaged())?;
        let (declared, packed) = (entry.size(), entry.compressed_size());
        let mut buffer = vec![0; CHUNK];
        let (mut read, mut kept) = (0u64, 0);
        let mut without_tag = 0usize;
        loop {
            if buffer.len() < kept + CHUNK {
                buffer.resize(kept + CHUNK, 0);
            }
            let length = match entry.read(&mut buffer[kept..kept + CHUNK]) {
                Ok(0) => break,
                Ok(length) => length,
                // The unpacked bytes go on past the size that the directory declares.
                Err(_) if read >= declared && declared > 0 => return Err(bomb(read, packed)),
                Err(_) => return Err(damaged()),
            };
            read += length as u64;
            self.unpacked += length as u64;
            if read > declared || (read > FREE && read / MOST_RATIO > packed) {
                return Err(bomb(read, packed));
            }
            if self.unpacked > self.limit_mib.saturating_mul(2 * MIB) {
                return Err(too_large(self.limit_mib));
            }
            let bytes = &buffer[kept..kept + length];
            without_tag = if memchr(b'<', bytes).is_some() { 0 } else { without_tag + length };
            if without_tag > LONGEST_RUN && name.ends_with(".xml") {
                return Err(damaged());
            }
            let end = kept + length;
            let done = take(&buffer[..end], kept)?;
            buffer.copy_within(done..end, 0);
            kept = end - done;
        }
        Ok(())
    }

    /// Unpacks a part only to find whether it is sound and bearable.
    pub(super) fn check(&mut self, name: &str) -> Result<(), Box<Problem>> {
        self.chunks(name, &mut |_| Ok(()))
    }

    /// Bytes of a part as the directory declares them.
    pub(super) fn size(&mut self, name: &str) -> u64 {
        let at = self.names.get(&normal(name)).copied();
        at.and_then(|at| self.zip.by_index_raw(at).ok()).map_or(0, |entry| entry.size())
    }

    /// A reader of a part, for what has been checked before.
    pub(super) fn part(&mut self, name: &str) -> Result<impl Read + '_, Box<Problem>> {
        let at = *self.names.get(&normal(name)).ok_or_else(damaged)?;
        self.zip.by_index(at).map_err(|_| damaged())
    }
}

fn normal(name: &str) -> String {
    name.replace('\\', "/").to_lowercase().trim_start_matches('/').to_owned()
}

/// The zip directory is read whole into memory, so its size is checked before. Wherever the end of a directory may be
/// said to be, what it says must be bearable.
fn check_directory(handle: &Handle) -> Result<(), Box<Problem>> {
    let tail = handle.length.min(66_000);
    let mut reader = handle.again();
    let mut bytes = Vec::new();
    reader
        .seek(SeekFrom::Start(handle.length - tail))
        .and_then(|_| reader.take(tail).read_to_end(&mut bytes))
        .map_err(|error| Box::new(Problem::error("unreadable-file").with("error", error.to_string())))?;
    let number = |at: usize, length: usize| {
        bytes
            .get(at..at + length)
            .map_or(0, |bytes| bytes.iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let mut any = false;
    for at in memmem::find_iter(&bytes, b"PK\x05\x06") {
        any = true;
        if number(at + 10, 2) > MOST_PARTS && number(at + 10, 2) != 0xffff {
            return Err(damaged());
        }
    }
    for at in memmem::find_iter(&bytes, b"PK\x06\x06") {
        if number(at + 32, 8) > MOST_PARTS {
            return Err(damaged());
        }
    }
    if any { Ok(()) } else { Err(damaged()) }
}

pub(super) fn damaged() -> Box<Problem> {
    Box::new(Problem::error("damaged-file"))
}

fn bomb(size: u64, packed: u64) -> Box<Problem> {
    let problem = Problem::error("zip-bomb");
    Box::new(problem.with("unpacked", (size / MIB).to_string()).with("packed", packed.div_ceil(1024).to_string()))
}

pub(super) fn too_large(limit_mib: u64) -> Box<Problem> {
    Box::new(Problem::error("file-too-large").with("limit", limit_mib.to_string()))
}
