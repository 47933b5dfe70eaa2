/// Many texts one after another: a million short ones take little more memory than their letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedTexts {
    blocks: Vec<TextBlock>,
    /// By text, its end within its block.
    ends: Vec<u32>,
}

impl<T: AsRef<str>> FromIterator<T> for PackedTexts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> PackedTexts {
        let mut packed = PackedTexts::default();
        texts.into_iter().for_each(|text| packed.push(text.as_ref()));
        packed
    }
}

/// Letters of some of the texts. Blocks are filled one after the other, since a single one would be copied when it grows, and
/// be twice in memory while it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TextBlock {
    letters: String,
    /// The index of its first text.
    first: usize,
}

/// Bytes of a block, unless a single text is longer.
const BLOCK_BYTES: usize = 1 << 20;

impl PackedTexts {
    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a text behind the others.
    pub fn push(&mut self, text: &str) {
        let has_room = |block: &TextBlock| block.letters.len() + text.len() <= BLOCK_BYTES;
        if !self.blocks.last().is_some_and(has_room) {
            self.blocks.push(TextBlock { letters: String::new(), first: self.ends.len() });
        }
        if let Some(block) = self.blocks.last_mut() {
            block.letters.push_str(text);
            self.ends.push(block.letters.len() as u32);
        }
    }

    /// The text at an index, from 0.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let block = &self.blocks[self.blocks.partition_point(|block| block.first <= index).checked_sub(1)?];
        let start = if index == block.first { 0 } else { self.ends[index - 1] as usize };
        Some(&block.letters[start..end])
    }

    /// All texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}
