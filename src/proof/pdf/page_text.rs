//! The letters of a page with their places, in the order in which they are drawn.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::content::PdfPage;
use super::file::{PdfFault, PdfFile, PdfStream};
use super::font::{PdfFont, code_of};
use super::object::{ContentToken, ObjectReader, PdfDict, PdfObject};

/// Letters of one page.
const MOST_LETTERS: usize = 500_000;
/// Pieces of content of one page, with the drawings that it shows.
const MOST_TOKENS: usize = 20_000_000;
/// Drawings within one another.
const MOST_DRAWINGS: usize = 8;
/// States that are kept at once.
const MOST_STATES: usize = 256;
/// Operands of one operator.
const MOST_OPERANDS: usize = 64;

/// A letter as a reader sees it, in points from the page's lower left corner.
#[derive(Clone, Debug)]
pub struct PdfLetter {
    pub text: Rc<str>,
    /// Its left end, and its baseline.
    pub x: f64,
    pub y: f64,
    /// Where the next one may begin.
    pub end: f64,
    pub size: f64,
}

/// Reads pages, and each font once.
pub struct PageReader<'f, 'b> {
    file: &'f PdfFile<'b>,
    fonts: BTreeMap<u32, Rc<PdfFont>>,
}

/// A transformation: `a b c d e f` of the file format.
type Transform = [f64; 6];

const IDENTITY: Transform = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn product(first: Transform, then: Transform) -> Transform {
    let [a, b, c, d, e, f] = first;
    let [p, q, r, s, t, u] = then;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

fn shift(x: f64, y: f64) -> Transform {
    [1.0, 0.0, 0.0, 1.0, x, y]
}

/// How letters are drawn at a point of the content.
#[derive(Clone)]
struct PdfTextState {
    transform: Transform,
    font: Option<Rc<PdfFont>>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    /// 1 for letters as wide as the font has them.
    stretch: f64,
    leading: f64,
    rise: f64,
    /// Neither filled nor outlined.
    is_invisible: bool,
}

impl Default for PdfTextState {
    fn default() -> PdfTextState {
        PdfTextState {
            transform: IDENTITY,
            font: None,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            is_invisible: false,
        }
    }
}

/// A page while it is read.
struct PageWork {
    letters: Vec<PdfLetter>,
    tokens: usize,
}

impl<'f, 'b> PageReader<'f, 'b> {
    pub fn new(file: &'f PdfFile<'b>) -> PageReader<'f, 'b> {
        PageReader { file, fonts: BTreeMap::new() }
    }

    /// The letters of a page that can be seen.
    ///
    /// # Errors
    /// Its content can't be unpacked, or there is more of it than any report has.
    pub fn letters(&mut self, page: &PdfPage) -> Result<Vec<PdfLetter>, PdfFault> {
        let mut content = Vec::new();
        for part in self.file.list_in(&page.dict, b"Contents") {
            let stream = self.file.stream(&part).ok_or(PdfFault::Damaged)?;
            content.extend(self.file.unpack(&stream)?);
            content.push(b'\n');
        }
        let mut work = PageWork { letters: Vec::new(), tokens: 0 };
        self.draw(&content, &page.resources, PdfTextState::default(), MOST_DRAWINGS, &mut work)?;
        Ok(work.letters)
    }

    fn draw(
        &mut self,
        content: &[u8],
        resources: &PdfDict,
        start: PdfTextState,
        drawings: usize,
        work: &mut PageWork,
    ) -> Result<(), PdfFault> {
        let (mut state, mut kept) = (start, Vec::new());
        let (mut line, mut cursor) = (IDENTITY, IDENTITY);
        let (fonts, objects) = (self.file.dict_in(resources, b"Font"), self.file.dict_in(resources, b"XObject"));
        let mut fonts_by_name = BTreeMap::new();
        let mut operands: Vec<PdfObject> = Vec::new();
        let mut reader = ObjectReader::new(content, 0);
        while let Some(token) = reader.read_token() {
            work.tokens += 1;
            if work.tokens > MOST_TOKENS || work.letters.len() > MOST_LETTERS {
                return Err(PdfFault::TooLarge);
            }
            let operator = match token {
                ContentToken::Operand(operand) => {
                    if operands.len() < MOST_OPERANDS {
                        operands.push(operand);
                    }
                    continue;
                }
                ContentToken::Operator(operator) => operator,
            };
            let number = |at: usize| operands.get(at).and_then(PdfObject::number).unwrap_or_default();
            let matrix = || std::array::from_fn(number);
            match operator.as_slice() {
                b"q" if kept.len() < MOST_STATES => kept.push(state.clone()),
                b"q" => return Err(PdfFault::TooLarge),
                b"Q" => state = kept.pop().unwrap_or(state),
                b"cm" => state.transform = product(matrix(), state.transform),
                b"BT" => (line, cursor) = (IDENTITY, IDENTITY),
                b"Tf" => {
                    let name = operands.first().map(PdfObject::name).unwrap_or_default();
                    if !fonts_by_name.contains_key(name) {
                        fonts_by_name.insert(name.to_vec(), fonts.get(name).map(|font| self.read_font(font)));
                    }
                    state.font = fonts_by_name.get(name).cloned().flatten();
                    state.size = number(1);
                }
                b"Tc" => state.letter_space = number(0),
                b"Tw" => state.word_space = number(0),
                b"Tz" => state.stretch = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"Tr" => state.is_invisible = matches!(number(0) as i64, 3 | 7),
                b"Tm" => (line, cursor) = (matrix(), matrix()),
                b"Td" | b"TD" => {
                    if operator == b"TD" {
                        state.leading = -number(1);
                    }
                    line = product(shift(number(0), number(1)), line);
                    cursor = line;
                }
                b"T*" | b"'" | b"\"" => {
                    line = product(shift(0.0, -state.leading), line);
                    cursor = line;
                    if operator == b"\"" {
                        (state.word_space, state.letter_space) = (number(0), number(1));
                    }
                    if let Some(text @ PdfObject::Text(_)) = operands.last() {
                        show(std::slice::from_ref(text), &state, &mut cursor, work);
                    }
                }
                b"Tj" => show(&operands, &state, &mut cursor, work),
                b"TJ" => {
                    if let Some(PdfObject::Array(pieces)) = operands.first() {
                        show(pieces, &state, &mut cursor, work);
                    }
                }
                b"Do" => {
                    let name = operands.first().map(PdfObject::name).unwrap_or_default();
                    let stream = objects.get(name).and_then(|object| self.file.stream(object));
                    if let Some(stream) =
                        stream.filter(|stream| self.file.get(&stream.dict, b"Subtype").name() == b"Form")
                    {
                        self.draw_form(&stream, &state, drawings, work)?;
                    }
                }
                // A picture within the content: what it holds are no operators.
                b"ID" => {
                    let rest = content.get(reader.at..).unwrap_or_default();
                    reader.at += memchr::memmem::find(rest, b"EI").unwrap_or(rest.len());
                }
                _ => {}
            }
            operands.clear();
        }
        Ok(())
    }

    fn draw_form(
        &mut self,
        form: &PdfStream,
        state: &PdfTextState,
        drawings: usize,
        work: &mut PageWork,
    ) -> Result<(), PdfFault> {
        if drawings == 0 {
            return Err(PdfFault::TooLarge);
        }
        let own: Vec<f64> = self.file.list_in(&form.dict, b"Matrix").iter().filter_map(PdfObject::number).collect();
        let own = Transform::try_from(own).unwrap_or(IDENTITY);
        let state = PdfTextState { transform: product(own, state.transform), ..state.clone() };
        let content = self.file.unpack(form)?;
        let resources = self.file.dict_in(&form.dict, b"Resources");
        self.draw(&content, &resources, state, drawings - 1, work)
    }

    fn read_font(&mut self, font: &PdfObject) -> Rc<PdfFont> {
        let file = self.file;
        let read = || Rc::new(PdfFont::read(file, &file.dict(font)));
        match font {
            PdfObject::Reference(number) => Rc::clone(self.fonts.entry(*number).or_insert_with(read)),
            _ => read(),
        }
    }
}

/// Adds the letters of a line's pieces: codes, and moves between them.
fn show(pieces: &[PdfObject], state: &PdfTextState, cursor: &mut Transform, work: &mut PageWork) {
    let Some(font) = &state.font else { return };
    for piece in pieces {
        let codes = match piece {
            PdfObject::Text(codes) => codes,
            other => {
                let back = other.number().unwrap_or_default() / 1000.0 * state.size * state.stretch;
                *cursor = product(shift(-back, 0.0), *cursor);
                continue;
            }
        };
        for code in codes.chunks(font.code_bytes) {
            let is_blank = code == b" ";
            let code = code_of(code);
            let whole = product(product(shift(0.0, state.rise), *cursor), state.transform);
            let width = font.width(code) / 1000.0 * state.size * state.stretch;
            if !state.is_invisible && work.letters.len() <= MOST_LETTERS {
                work.letters.push(PdfLetter {
                    text: font.text(code).into(),
                    x: whole[4],
                    y: whole[5],
                    end: whole[4] + width * whole[0],
                    size: state.size * whole[0].hypot(whole[1]),
                });
            }
            let space = state.letter_space + if is_blank { state.word_space } else { 0.0 };
            *cursor = product(shift(width + space * state.stretch, 0.0), *cursor);
        }
    }
}
