/// A compound file ([MS-CFB]): a small file system in which older Office documents and encrypted ones are kept.
/// Chains of sectors that loop or lead out of the file end the reading.
pub(super) struct CompoundFile<'f> {
    bytes: &'f [u8],
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<DirectoryEntry>,
}

struct DirectoryEntry {
    name: String,
    start: u32,
    length: usize,
}

/// Sector numbers from here on mark ends and kinds.
const RESERVED: u32 = 0xffff_fffa;
const SMALL_SECTOR: usize = 64;
/// Streams shorter than this lie in small sectors.
const SMALL_STREAM: usize = 4096;

impl<'f> CompoundFile<'f> {
    pub(super) fn read(bytes: &'f [u8]) -> Option<CompoundFile<'f>> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = CompoundFile {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        for id in compound.table_sectors()? {
            let sector = compound.sector(id)?;
            compound.table.extend(sector.chunks_exact(4).filter_map(|four| u32_at(four, 0)));
        }
        let directory = compound.chain(u32_at(bytes, 48)?)?;
        for entry in directory.chunks_exact(128) {
            let length = usize::from(u16_at(entry, 64)?).saturating_sub(2).min(64);
            let units: Vec<u16> = entry[..length].chunks_exact(2).filter_map(|two| u16_at(two, 0)).collect();
            let name = String::from_utf16_lossy(&units);
            compound.entries.push(DirectoryEntry {
                name,
                start: u32_at(entry, 116)?,
                length: u32_at(entry, 120)? as usize,
            });
        }
        if u32_at(bytes, 64)? > 0 {
            let small_table = compound.chain(u32_at(bytes, 60)?)?;
            compound.small_table = small_table.chunks_exact(4).filter_map(|four| u32_at(four, 0)).collect();
            compound.small = compound.chain(compound.entries.first()?.start)?;
        }
        Some(compound)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        let mut content =
            if entry.length < SMALL_STREAM { self.small_chain(entry.start)? } else { self.chain(entry.start)? };
        content.truncate(entry.length);
        Some(content)
    }

    /// The sectors that the sector table itself lies in.
    fn table_sectors(&self) -> Option<Vec<u32>> {
        let mut ids: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + 4 * at)).collect();
        let mut next = u32_at(self.bytes, 68)?;
        let mut left = self.bytes.len() / self.sector;
        while next < RESERVED {
            left = left.checked_sub(1)?;
            let sector = self.sector(next)?;
            let (more, last) = sector.split_at(sector.len() - 4);
            ids.extend(more.chunks_exact(4).filter_map(|four| u32_at(four, 0)));
            next = u32_at(last, 0)?;
        }
        ids.retain(|id| *id < RESERVED);
        (ids.len() <= self.bytes.len() / self.sector).then_some(ids)
    }

    fn sector(&self, id: u32) -> Option<&'f [u8]> {
        let start = (id as usize + 1).checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let mut next = start;
        let mut left = self.bytes.len() / self.sector + 1;
        while next < RESERVED {
            left = left.checked_sub(1)?;
            content.extend_from_slice(self.sector(next)?);
            next = *self.table.get(next as usize)?;
        }
        Some(content)
    }

    fn small_chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let mut next = start;
        let mut left = self.small.len() / SMALL_SECTOR + 1;
        while next < RESERVED {
            left = left.checked_sub(1)?;
            let at = (next as usize).checked_mul(SMALL_SECTOR)?;
            content.extend_from_slice(self.small.get(at..at + SMALL_SECTOR)?);
            next = *self.small_table.get(next as usize)?;
        }
        Some(content)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
