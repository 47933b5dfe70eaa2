//! Texts that a workbook holds once, and its cells name by their number: labels that are in every row of a long sheet.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::text_xml::{is_plain_text, push_text};

/// Where a workbook holds them.
pub const PART: &str = "xl/sharedStrings.xml";

/// Those of the short sheets, as the library wrote them, and those that long sheets add.
#[derive(Default)]
pub struct SharedTexts<'t> {
    numbers: HashMap<&'t str, u32>,
    /// Up to the number of cells that name a text.
    before: String,
    /// Cells of the short sheets.
    cells: u64,
    /// All texts.
    items: String,
    count: u32,
}

impl<'t> SharedTexts<'t> {
    /// Adds `texts` to the part that the library wrote; none where it isn't what is known of it.
    pub fn new(part: &str, texts: impl IntoIterator<Item = &'t str>) -> Option<SharedTexts<'t>> {
        let (before, rest) = part.split_once(" count=\"")?;
        let (cells, rest) = rest.split_once("\" uniqueCount=\"")?;
        let (count, rest) = rest.split_once("\">")?;
        let items = rest.strip_suffix("</sst>")?;
        let mut known: HashMap<Cow<str>, u32> = items.split_inclusive("</si>").map(Cow::Borrowed).zip(0..).collect();
        let mut count: u32 = count.parse().ok()?;
        if known.len() != count as usize {
            return None;
        }
        let (mut numbers, mut added) = (HashMap::new(), String::new());
        for text in texts {
            if text.is_empty() || !is_plain_text(text) || numbers.contains_key(text) {
                continue;
            }
            let mut item = b"<si>".to_vec();
            push_text(&mut item, text);
            item.extend_from_slice(b"</si>");
            let item = String::from_utf8_lossy(&item).into_owned();
            let number = *known.entry(item.into()).or_insert_with_key(|item| {
                added.push_str(item);
                count += 1;
                count - 1
            });
            numbers.insert(text, number);
        }
        let items = format!("{items}{added}");
        Some(SharedTexts { numbers, before: before.to_owned(), cells: cells.parse().ok()?, items, count })
    }

    /// The number of a text that is held once.
    pub fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The whole part, where so many cells of long sheets name a text.
    pub fn part(&self, cells: u64) -> String {
        let SharedTexts { before, items, count, .. } = self;
        format!("{before} count=\"{}\" uniqueCount=\"{count}\">{items}</sst>", self.cells + cells)
    }
}
