//! Codes of activities, persons, indicators and results: found in any spelling, kept as first written.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::OnceLock;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::raw_row::RawCell;
use crate::diagnostic::nearest;
use crate::fold::{self, Script};
use crate::model::PackedTexts;

/// The number of a code, in the order in which codes first appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub u32);

impl CodeId {
    /// The number as an index into whatever is kept for each code.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A code that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeMatch {
    pub id: CodeId,
    /// The text is the code only because look-alike letters were folded.
    pub is_look_alike: bool,
}

/// Codes with an index over their folded keys. Every text is stored once: there may be as many codes as persons.
#[derive(Default)]
pub struct CodeIndex {
    /// The codes as first written.
    texts: PackedTexts,
    scripts: Vec<Script>,
    /// For each code the number that it was given by [`CodeIndex::renumber`].
    renumbered: Option<Vec<u32>>,
    hasher: DefaultHashBuilder,
    slots: HashTable<Slot>,
    /// Some number in a code begins with a zero.
    has_zeros: bool,
    /// Bytes of the shortest and of the longest code.
    lengths: Option<(usize, usize)>,
    /// Codes that some cell holds as a number shown with zeros.
    padded: BTreeSet<CodeId>,
    /// The first code of each number, whatever zeros it begins with; made on first use.
    by_number: OnceLock<HashMap<String, CodeId>>,
}

/// A code with a part of its key's hash, so that neither growing nor a failing search has to read the texts, which lie
/// scattered in memory.
#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    id: CodeId,
}

impl CodeIndex {
    /// Finds a code in any spelling.
    pub fn find(&self, text: &str) -> Option<CodeMatch> {
        let found = self.find_original(text, self.hash(text))?;
        Some(CodeMatch { id: self.current_id(found.id), ..found })
    }

    /// Finds a code that was first written exactly so.
    pub fn find_exact(&self, text: &str) -> Option<CodeId> {
        let id = self.find_slot(self.hash(text), |id| self.text(id) == text)?;
        Some(self.current_id(id))
    }

    /// Finds a code in any spelling, or adds it.
    pub fn find_or_add(&mut self, text: &str) -> CodeMatch {
        let hash = self.hash(text);
        match self.find_original(text, hash) {
            Some(found) => CodeMatch { id: self.current_id(found.id), ..found },
            None => CodeMatch { id: self.add(text, hash), is_look_alike: false },
        }
    }

    /// Remembers that a cell holds the code as a number shown with zeros.
    pub fn mark_padded(&mut self, id: CodeId) {
        self.padded.insert(id);
    }

    /// Finds a code that differs in leading zeros only, if one of the two is a number shown with zeros; `is_padded` says
    /// whether what is written is one.
    pub fn find_padded(&self, text: &str, is_padded: bool) -> Option<CodeMatch> {
        if !is_padded && self.padded.is_empty() {
            return None;
        }
        let id = *self.by_number().get(number_key(text)?)?;
        let is_same = is_padded || self.padded.contains(&id);
        is_same.then(|| CodeMatch { id: self.current_id(id), is_look_alike: false })
    }

    /// Codes that differ from an earlier one in leading zeros only, each with that one, and whether the two are one code:
    /// where one of them is a number shown with zeros.
    pub fn find_zero_variants(&self) -> Vec<(CodeId, CodeId, bool)> {
        if !self.has_zeros {
            return Vec::new();
        }
        // Codes of one length have as many zeros.
        if self.lengths.is_none_or(|(shortest, longest)| shortest == longest) {
            return Vec::new();
        }
        let keyed =
            (0..self.texts.len() as u32).map(|id| (self.hash(&without_zeros(self.text(CodeId(id)))), CodeId(id)));
        let mut keyed: Vec<(u32, CodeId)> = keyed.collect();
        keyed.sort_unstable();
        let mut variants = Vec::new();
        for alike in keyed.chunk_by(|(a, _), (b, _)| a == b).filter(|alike| alike.len() > 1) {
            let mut firsts: BTreeMap<String, CodeId> = BTreeMap::new();
            for &(_, id) in alike {
                let first = *firsts.entry(fold::code_key(&without_zeros(self.text(id)))).or_insert(id);
                let is_number = number_key(self.text(id)).is_some();
                let is_one = is_number && (self.padded.contains(&id) || self.padded.contains(&first));
                variants.extend((first != id).then_some((id, first, is_one)));
            }
        }
        variants.sort_unstable();
        variants
    }

    fn by_number(&self) -> &HashMap<String, CodeId> {
        self.by_number.get_or_init(|| {
            let mut codes = HashMap::new();
            for id in (0..self.texts.len() as u32).map(CodeId) {
                if let Some(number) = number_key(self.text(id)) {
                    codes.entry_ref(number).or_insert(id);
                }
            }
            codes
        })
    }

    /// The code as first written, by the number that it was added under.
    pub fn text(&self, id: CodeId) -> &str {
        self.texts.get(id.index()).unwrap_or_default()
    }

    /// How many codes there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// All codes as first written, by number.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter()
    }

    /// The codes alone, by number.
    pub fn into_texts(self) -> PackedTexts {
        self.texts
    }

    /// The code that is nearest to what was written, if any is near enough for a suggestion.
    pub fn nearest(&self, text: &str) -> Option<CodeId> {
        let near = nearest(text, self.texts())?;
        self.find_exact(near)
    }

    /// The text of the [nearest](CodeIndex::nearest) code.
    pub fn suggestion(&self, text: &str) -> Option<String> {
        self.nearest(text).map(|id| self.text(id).to_owned())
    }

    /// Gives every code another number; codes of persons who are one get the same.
    pub fn renumber(&mut self, numbers: &[u32]) {
        self.renumbered = Some(numbers.to_vec());
    }

    fn current_id(&self, id: CodeId) -> CodeId {
        self.renumbered.as_ref().map_or(id, |numbers| CodeId(numbers[id.index()]))
    }

    fn find_slot(&self, hash: u32, is_wanted: impl Fn(CodeId) -> bool) -> Option<CodeId> {
        let found = self.slots.find(spread(hash), |slot| slot.hash == hash && is_wanted(slot.id));
        found.map(|slot| slot.id)
    }

    /// Finds the code with this text's key, by the number that it was added under.
    fn find_original(&self, text: &str, hash: u32) -> Option<CodeMatch> {
        let has_key = |id| {
            let known = self.text(id);
            known == text || fold::code_key(known) == fold::code_key(text)
        };
        let id = self.find_slot(hash, has_key)?;
        let is_look_alike = self.text(id) != text && differ_in_script(fold::script(text), self.scripts[id.index()]);
        Some(CodeMatch { id, is_look_alike })
    }

    /// The hash of a text's folded key.
    fn hash(&self, text: &str) -> u32 {
        /// Bytes of a code that is folded without allocating.
        const SHORT: usize = 32;
        let mut buffer = [0; SHORT];
        match buffer.get_mut(..text.len()).filter(|_| text.bytes().all(|byte| byte.is_ascii_graphic())) {
            // Folding such a text only makes its letters small.
            Some(key) => {
                key.copy_from_slice(text.as_bytes());
                key.make_ascii_lowercase();
                self.hasher.hash_one(&*key) as u32
            }
            None => self.hasher.hash_one(fold::code_key(text).as_bytes()) as u32,
        }
    }

    fn add(&mut self, text: &str, hash: u32) -> CodeId {
        let id = CodeId(self.texts.len() as u32);
        self.texts.push(text);
        self.scripts.push(fold::script(text));
        self.slots.insert_unique(spread(hash), Slot { hash, id }, |slot| spread(slot.hash));
        self.has_zeros |= zero_runs(text).next().is_some();
        let (shortest, longest) = self.lengths.unwrap_or((text.len(), text.len()));
        self.lengths = Some((shortest.min(text.len()), longest.max(text.len())));
        if let (Some(codes), Some(number)) = (self.by_number.get_mut(), number_key(text)) {
            codes.entry_ref(number).or_insert(id);
        }
        id
    }
}

/// A code of digits without its leading zeros; `None` for any other.
fn number_key(text: &str) -> Option<&str> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.trim_start_matches('0'))
}

/// Where numbers in a code begin with zeros that mean nothing, and how many there are.
fn zero_runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let is_digit = move |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let begins = move |at: usize| bytes[at] == b'0' && !at.checked_sub(1).is_some_and(is_digit) && is_digit(at + 1);
    (0..bytes.len()).filter(move |at| begins(*at)).map(move |start| {
        let zeros = bytes[start..].iter().take_while(|byte| **byte == b'0').count();
        // The last zero of `00` is the number.
        let end = start + zeros;
        start..if is_digit(end) { end } else { end - 1 }
    })
}

/// A code without the zeros that its numbers begin with.
fn without_zeros(text: &str) -> String {
    let mut rest = 0;
    let mut plain = String::with_capacity(text.len());
    for zeros in zero_runs(text) {
        plain.push_str(&text[rest..zeros.start]);
        rest = zeros.end;
    }
    plain.push_str(&text[rest..]);
    plain
}

/// A hash of 64 bits, as the table wants it, from one of 32.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Whether one key, written in two scripts, means that look-alike letters were used for each other.
fn differ_in_script(written: Script, known: Script) -> bool {
    written != known && written != Script::Neutral && known != Script::Neutral
}

/// The codes that shared texts of one workbook were found to be, so that each text is looked up once.
#[derive(Default)]
pub struct SharedStringCache {
    book: usize,
    ids: Vec<CodeId>,
}

const UNKNOWN: CodeId = CodeId(u32::MAX);

impl SharedStringCache {
    /// Switches to a workbook, and forgets what was found in another.
    pub fn switch_to(&mut self, book: usize) {
        if self.book != book {
            *self = SharedStringCache { book, ids: Vec::new() };
        }
    }

    /// The code that the cell's text was found to be, if it was looked up before.
    pub fn get(&self, cell: &RawCell) -> Option<CodeId> {
        self.ids.get(cell.shared? as usize).copied().filter(|id| *id != UNKNOWN)
    }

    /// Remembers the code of a cell's text, if the text is a shared one.
    pub fn insert(&mut self, cell: &RawCell, id: CodeId) {
        let Some(at) = cell.shared.map(|number| number as usize) else { return };
        if at >= self.ids.len() {
            self.ids.resize(at + 1, UNKNOWN);
        }
        self.ids[at] = id;
    }
}
