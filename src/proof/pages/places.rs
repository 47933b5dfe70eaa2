//! The text of each page at the named places of figures.

use std::collections::BTreeMap;

use crate::proof::pdf::{PageReader, PdfFault, PdfFile, PdfLetter, PdfPlace};

/// How far above what it names a place is set, so that a viewer shows it whole.
const PLACE_ABOVE: f64 = 10.0;
/// How far a letter may be from where it is looked for.
const NEAR: f64 = 0.6;
/// How high letters are, of their size.
const LETTER_HEIGHT: f64 = 0.75;
/// A gap of so much of a letter's size parts words.
const WORD_GAP: f64 = 0.2;
/// Letters that one place is held against, and places of one document.
const MOST_BESIDE: usize = 5_000;
const MOST_FIGURES: usize = 50_000;
/// Letters of the text at a place that are looked at.
const LONGEST: usize = 400;

/// The text of a page where a figure should be.
#[derive(Debug)]
pub struct FigureOnPage {
    /// `f0001`
    pub id: String,
    /// The language of the text, where it isn't the document's first.
    pub language: Option<String>,
    /// From 1.
    pub page: usize,
    /// Up to the place of the next figure; empty where there are no letters.
    pub text: String,
}

/// The text of the pages at each figure's place, up to the next of them.
///
/// # Errors
/// The pages can't be read.
pub fn figures_on_pages(file: &PdfFile) -> Result<Vec<FigureOnPage>, PdfFault> {
    let mut by_page: BTreeMap<u32, Vec<(String, PdfPlace)>> = BTreeMap::new();
    let mut places = file.named_places()?;
    places.retain(|(name, _)| is_figure(name));
    if places.len() > MOST_FIGURES {
        return Err(PdfFault::TooLarge);
    }
    for (name, place) in places {
        by_page.entry(place.page).or_default().push((name, place));
    }
    let mut reader = PageReader::new(file);
    let mut found = Vec::new();
    for (index, page) in file.pages()?.iter().enumerate() {
        if let Some(places) = by_page.remove(&page.number) {
            let letters = PageLetters::new(reader.letters(page)?);
            found.extend(letters.texts_at(places, index + 1));
        }
    }
    // Places on pages that the document doesn't have.
    found.extend(by_page.into_values().flatten().map(|(name, _)| figure_on_page(&name, 0, String::new())));
    found.sort_by(|one, other| (&one.id, &one.language).cmp(&(&other.id, &other.language)));
    Ok(found)
}

/// Whether a place is a figure's: `f0001`, in another language than the document's first `f0001.en`.
fn is_figure(name: &str) -> bool {
    let number = name.strip_prefix('f').map(|rest| rest.split('.').next().unwrap_or_default());
    number.is_some_and(|number| number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn figure_on_page(name: &str, page: usize, text: String) -> FigureOnPage {
    let (id, language) = match name.split_once('.') {
        Some((id, language)) => (id, Some(language.to_owned())),
        None => (name, None),
    };
    FigureOnPage { id: id.to_owned(), language, page, text }
}

/// The letters of a page as they are drawn, and from left to right.
struct PageLetters {
    letters: Vec<PdfLetter>,
    by_x: Vec<usize>,
}

impl PageLetters {
    fn new(letters: Vec<PdfLetter>) -> PageLetters {
        let mut by_x: Vec<usize> = (0..letters.len()).collect();
        by_x.sort_by(|one, other| letters[*one].x.total_cmp(&letters[*other].x));
        PageLetters { letters, by_x }
    }

    fn texts_at(&self, places: Vec<(String, PdfPlace)>, page: usize) -> Vec<FigureOnPage> {
        let begins: Vec<Option<usize>> = places.iter().map(|(_, place)| self.first_letter(place)).collect();
        let mut sorted: Vec<usize> = begins.iter().copied().flatten().collect();
        sorted.sort_unstable();
        let texts = places.iter().zip(&begins).map(|((name, _), begin)| {
            let text = begin.map(|begin| {
                let next = sorted.partition_point(|other| *other <= begin);
                let end = sorted.get(next).copied().unwrap_or(self.letters.len()).min(begin + LONGEST);
                text_of(&self.letters[begin..end])
            });
            figure_on_page(name, page, text.unwrap_or_default())
        });
        texts.collect()
    }

    /// The letter at a place that is drawn first.
    fn first_letter(&self, place: &PdfPlace) -> Option<usize> {
        let top = place.y - PLACE_ABOVE + NEAR;
        let from = self.by_x.partition_point(|letter| self.letters[*letter].x < place.x - NEAR);
        let beside =
            self.by_x[from..].iter().take_while(|letter| self.letters[**letter].x < place.x + NEAR).take(MOST_BESIDE);
        let is_near =
            |letter: &PdfLetter| letter.y <= top && letter.y >= top - 2.0 * NEAR - LETTER_HEIGHT * letter.size;
        beside.copied().filter(|letter| is_near(&self.letters[*letter])).min()
    }
}

/// Letters as text, with a blank where the next one is on another line or apart.
fn text_of(letters: &[PdfLetter]) -> String {
    let mut text = String::new();
    let mut before: Option<&PdfLetter> = None;
    for letter in letters {
        let is_apart =
            |before: &PdfLetter| (before.y - letter.y).abs() > NEAR || letter.x - before.end > letter.size * WORD_GAP;
        if before.is_some_and(is_apart) {
            text.push(' ');
        }
        text.push_str(&letter.text);
        before = Some(letter);
    }
    text
}
