//! A zipped workbook, which may be a bomb: limits on what the directory declares and on what is really unpacked.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek, SeekFrom};

use memchr::{memchr, memmem, memrchr};
use zip::ZipArchive;

use super::shared_file::SharedFile;
use crate::diagnostic::{Problem, kinds};
use crate::model::Limits;

const MIB: u64 = 1 << 20;

/// A part may be this many times as large as its packed form once it is larger than [`RATIO_FREE`]: sheets reach 40, bombs 1000.
const MAX_RATIO: u64 = 200;
const RATIO_FREE: u64 = 32 * MIB;
/// Parts of a workbook number some dozens, or with pictures some thousands.
const MAX_PARTS: u64 = 50_000;
/// One tag or text can't be longer than this.
const MAX_TAG: usize = 8 << 20;
/// Bytes before a part's first element in which a document type definition is looked for.
const MAX_PROLOG: usize = 64 << 10;

/// Takes a piece of what was unpacked, or fails if no more is wanted.
type TakeChunk<'a> = dyn FnMut(&[u8]) -> Result<(), Box<Problem>> + 'a;

/// Takes all bytes not consumed so far, and where among them the new ones begin; returns how many it has consumed.
type Consume<'a> = dyn FnMut(&[u8], usize) -> Result<usize, Box<Problem>> + 'a;

/// Bytes that are unpacked at once.
const CHUNK: usize = 256 << 10;
/// Bytes that are read from the file at once.
const PACKED_CHUNK: usize = 64 << 10;

/// A zipped workbook whose directory was found sound; every part that is read is counted against the limit.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<SharedFile>>,
    /// [`normalize_name`] → index, as the spreadsheet library looks parts up.
    names: BTreeMap<String, usize>,
    unpacked: u64,
    limit_mib: u64,
}

impl Archive {
    /// Checks the directory before it is read into memory, and what it declares before anything is unpacked.
    pub(super) fn open(file: &SharedFile, limits: &Limits) -> Result<Archive, Box<Problem>> {
        check_directory(file)?;
        let mut zip =
            ZipArchive::new(BufReader::with_capacity(PACKED_CHUNK, file.reopen())).map_err(|_| damaged_file())?;
        let mut names = BTreeMap::new();
        let mut declared = 0u64;
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|_| damaged_file())?;
            if entry.encrypted() {
                return Err(Box::new(Problem::error(kinds::EncryptedFile)));
            }
            let (size, packed) = (entry.size(), entry.compressed_size());
            declared = declared.saturating_add(size);
            if size > RATIO_FREE && size / MAX_RATIO > packed {
                return Err(zip_bomb(size, packed));
            }
            let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_lowercase();
            names.insert(name.trim_start_matches('/').to_owned(), at);
        }
        if declared > limits.unpacked_mib.saturating_mul(MIB) {
            return Err(file_too_large(limits.unpacked_mib));
        }
        let mut archive = Archive { zip, names, unpacked: 0, limit_mib: limits.unpacked_mib };
        archive.check_prologs()?;
        Ok(archive)
    }

    /// A document type definition is an error in any part, also in those that aren't read.
    fn check_prologs(&mut self) -> Result<(), Box<Problem>> {
        let is_xml = |name: &&String| name.ends_with(".xml") || name.ends_with(".rels");
        let parts: Vec<(String, usize)> =
            self.names.iter().filter(|(name, _)| is_xml(name)).map(|(name, at)| (name.clone(), *at)).collect();
        for (name, at) in parts {
            // A part that can't be unpacked is reported where it is read.
            let Ok(part) = self.zip.by_index(at) else { continue };
            let prolog = read_prolog(part);
            let has_document_type = memmem::find(&prolog, b"<!DOCTYPE").is_some();
            if has_document_type && !is_openoffice_manifest(&name, &prolog) {
                return Err(Box::new(Problem::error(kinds::DocumentType)));
            }
        }
        Ok(())
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&normalize_name(name))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Reads a whole part. One of more than `max_bytes` is an error.
    pub(super) fn read(&mut self, name: &str, max_bytes: u64) -> Result<Vec<u8>, Box<Problem>> {
        let mut content = Vec::new();
        let mut too_long = false;
        self.for_each_chunk(name, &mut |bytes| {
            too_long |= content.len() as u64 + bytes.len() as u64 > max_bytes;
            if !too_long {
                content.extend_from_slice(bytes);
            }
            Ok(())
        })?;
        if too_long { Err(damaged_file()) } else { Ok(content) }
    }

    /// Calls `visit` with the XML of a part in pieces that end with a whole tag. A document type definition is an error.
    pub(super) fn scan_xml(&mut self, name: &str, visit: &mut dyn FnMut(&[u8])) -> Result<(), Box<Problem>> {
        let doctype = memmem::Finder::new(b"<!DOCTYPE");
        self.unpack(name, &mut |bytes, _| {
            let Some(end) = memrchr(b'>', bytes) else {
                return if bytes.len() > MAX_TAG { Err(damaged_file()) } else { Ok(0) };
            };
            let whole = &bytes[..=end];
            if doctype.find(whole).is_some() {
                return Err(Box::new(Problem::error(kinds::DocumentType)));
            }
            visit(whole);
            Ok(whole.len())
        })
    }

    /// Unpacks a part piece by piece, counted against the limit.
    pub(super) fn for_each_chunk(&mut self, name: &str, take: &mut TakeChunk) -> Result<(), Box<Problem>> {
        self.unpack(name, &mut |bytes, from| {
            take(&bytes[from..])?;
            Ok(bytes.len())
        })
    }

    /// Unpacks a part, counted against the limit.
    fn unpack(&mut self, name: &str, consume: &mut Consume) -> Result<(), Box<Problem>> {
        let at = *self.names.get(&normalize_name(name)).ok_or_else(damaged_file)?;
        let mut entry = self.zip.by_index(at).map_err(|_| damaged_file())?;
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
                Err(_) if read >= declared && declared > 0 => return Err(zip_bomb(read, packed)),
                Err(_) => return Err(damaged_file()),
            };
            read += length as u64;
            self.unpacked += length as u64;
            if read > declared || (read > RATIO_FREE && read / MAX_RATIO > packed) {
                return Err(zip_bomb(read, packed));
            }
            if self.unpacked > self.limit_mib.saturating_mul(2 * MIB) {
                return Err(file_too_large(self.limit_mib));
            }
            let bytes = &buffer[kept..kept + length];
            without_tag = if memchr(b'<', bytes).is_some() { 0 } else { without_tag + length };
            if without_tag > MAX_TAG && name.ends_with(".xml") {
                return Err(damaged_file());
            }
            let end = kept + length;
            let consumed = consume(&buffer[..end], kept)?;
            buffer.copy_within(consumed..end, 0);
            kept = end - consumed;
        }
        Ok(())
    }

    /// Unpacks a part only to verify that it is sound and within the limits.
    pub(super) fn verify(&mut self, name: &str) -> Result<(), Box<Problem>> {
        self.for_each_chunk(name, &mut |_| Ok(()))
    }

    /// Bytes of a part as the directory declares them.
    pub(super) fn declared_size(&mut self, name: &str) -> u64 {
        let at = self.names.get(&normalize_name(name)).copied();
        at.and_then(|at| self.zip.by_index_raw(at).ok()).map_or(0, |entry| entry.size())
    }

    /// A reader of a part that was verified before; it isn't counted against the limit again.
    pub(super) fn open_part(&mut self, name: &str) -> Result<impl Read + '_, Box<Problem>> {
        let at = *self.names.get(&normalize_name(name)).ok_or_else(damaged_file)?;
        self.zip.by_index(at).map_err(|_| damaged_file())
    }
}

/// The bytes before a part's first element, in an encoding of one byte or two.
fn read_prolog(mut part: impl Read) -> Vec<u8> {
    let mut prolog = Vec::new();
    let mut chunk = [0; 1024];
    while prolog.len() < MAX_PROLOG {
        let Ok(length @ 1..) = part.read(&mut chunk) else { break };
        prolog.extend(chunk[..length].iter().filter(|byte| **byte != 0));
        let begins_element = |pair: &[u8]| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || pair[1] == b'_');
        if prolog.windows(2).any(begins_element) {
            break;
        }
    }
    prolog
}

/// OpenOffice.org 2 wrote a reference to its own definition of the list of parts, without anything defined in it.
fn is_openoffice_manifest(name: &str, prolog: &[u8]) -> bool {
    name == "meta-inf/manifest.xml"
        && memmem::find(prolog, b"-//OpenOffice.org//DTD Manifest 1.0//EN").is_some()
        && memchr(b'[', prolog).is_none()
}

fn normalize_name(name: &str) -> String {
    name.replace('\\', "/").to_lowercase().trim_start_matches('/').to_owned()
}

/// The zip directory is read whole into memory, so its size is checked before, at every place that may be taken for the end
/// of the directory.
fn check_directory(file: &SharedFile) -> Result<(), Box<Problem>> {
    let tail = file.length.min(66_000);
    let mut reader = file.reopen();
    let mut bytes = Vec::new();
    reader
        .seek(SeekFrom::Start(file.length - tail))
        .and_then(|_| reader.take(tail).read_to_end(&mut bytes))
        .map_err(|error| Box::new(Problem::error(kinds::UnreadableFile { error: error.to_string() })))?;
    let number_at = |at: usize, length: usize| {
        bytes
            .get(at..at + length)
            .map_or(0, |bytes| bytes.iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte)))
    };
    let mut has_end = false;
    for at in memmem::find_iter(&bytes, b"PK\x05\x06") {
        has_end = true;
        if number_at(at + 10, 2) > MAX_PARTS && number_at(at + 10, 2) != 0xffff {
            return Err(damaged_file());
        }
    }
    for at in memmem::find_iter(&bytes, b"PK\x06\x06") {
        if number_at(at + 32, 8) > MAX_PARTS {
            return Err(damaged_file());
        }
    }
    if has_end { Ok(()) } else { Err(damaged_file()) }
}

pub(super) fn damaged_file() -> Box<Problem> {
    Box::new(Problem::error(kinds::DamagedFile::Plain))
}

/// A workbook that is damaged, or that spreadsheet programs read and the library doesn't.
pub(super) fn unread_form() -> Box<Problem> {
    Box::new(Problem::error(kinds::DamagedFile::Form))
}

fn zip_bomb(size: u64, packed: u64) -> Box<Problem> {
    Box::new(Problem::error(kinds::ZipBomb { unpacked: readable_size(size), packed: readable_size(packed) }))
}

/// Bytes in the largest unit of which there is at least one: `3 MiB`, `700 B`.
fn readable_size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..MIB => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / MIB),
    }
}

pub(super) fn file_too_large(limit_mib: u64) -> Box<Problem> {
    Box::new(Problem::error(kinds::FileTooLarge::Plain { limit: limit_mib.to_string() }))
}
