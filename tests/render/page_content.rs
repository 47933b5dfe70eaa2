//! What stands on the pages of a PDF: letters with their places, sizes and colours, and the grounds under them.

use std::collections::BTreeMap;

use super::reader::{File, Object, Token, content_tokens};

/// Red, green and blue from 0 to 1.
pub type Colour = [f64; 3];

/// A letter as a reader sees it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub text: String,
    /// Its left end, and the line that it stands on, in points from the page's left lower corner.
    pub x: f64,
    pub y: f64,
    /// Where the next one may begin.
    pub end: f64,
    pub size: f64,
    pub fill: Colour,
    /// The number of its piece of marked content; `None` for what means nothing, such as heads and feet.
    pub marked: Option<i64>,
    /// How many shapes were drawn before it.
    pub shapes_before: usize,
}

/// A filled area, as the box around it.
#[derive(Clone, Debug)]
pub struct Shape {
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
    pub top: f64,
    /// `None` for a picture.
    pub fill: Option<Colour>,
    pub is_artifact: bool,
}

/// One page in the order in which it is drawn.
#[derive(Debug, Default)]
pub struct PageContent {
    pub width: f64,
    pub height: f64,
    pub letters: Vec<Letter>,
    pub shapes: Vec<Shape>,
}

impl PageContent {
    /// The colour under a letter: of the last shape that was drawn there before it, else the paper's.
    pub fn ground(&self, letter: &Letter) -> Colour {
        let (x, y) = ((letter.x + letter.end) / 2.0, letter.y + letter.size * 0.3);
        let before = self.shapes[..letter.shapes_before].iter().rev();
        let mut under =
            before.filter(|shape| shape.left <= x && x <= shape.right && shape.bottom <= y && y <= shape.top);
        under.find_map(|shape| shape.fill).unwrap_or([1.0; 3])
    }
}

/// A named place: the index of its page, and the point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NamedPlace {
    pub page: usize,
    pub x: f64,
    pub y: f64,
}

/// The pages of a file in order.
pub fn page_objects(file: &File) -> Vec<&Object> {
    fn walk<'f>(file: &'f File, node: &'f Object, found: &mut Vec<&'f Object>) {
        if file.get(node, "Type").name() == "Page" {
            found.push(node);
        }
        for kid in file.list(file.get(node, "Kids")) {
            walk(file, kid, found);
        }
    }
    let mut found = Vec::new();
    walk(file, file.get(file.root(), "Pages"), &mut found);
    found
}

/// Every page with all that is drawn on it.
pub fn read_pages(file: &File) -> Vec<PageContent> {
    page_objects(file).into_iter().map(|page| read_page(file, page)).collect()
}

/// The text of each code of a page's fonts, by the names under which its content calls them.
pub fn texts_of_fonts(file: &File, page: &Object) -> BTreeMap<String, BTreeMap<u32, String>> {
    let Object::Dict(fonts) = file.get(file.get(page, "Resources"), "Font") else { return BTreeMap::new() };
    fonts.iter().map(|(name, font)| (name.clone(), read_font(file, file.follow(font)).texts)).collect()
}

/// Named places of a file.
pub fn named_places(file: &File) -> BTreeMap<String, NamedPlace> {
    let pages = page_objects(file);
    let tree = file.get(file.get(file.root(), "Names"), "Dests");
    let branches = std::iter::once(tree).chain(file.list(file.get(tree, "Kids")));
    let mut places = BTreeMap::new();
    for branch in branches {
        for pair in file.list(file.get(branch, "Names")).chunks(2) {
            let [name, target] = pair else { continue };
            let target = if let Object::Dict(_) = target { file.get(target, "D") } else { target };
            let parts = file.list(target);
            let page = pages.iter().position(|page| std::ptr::eq(*page, parts[0])).expect("a page of the file");
            let number = |at: usize| parts[at].number().expect("a coordinate");
            places.insert(name.text(), NamedPlace { page, x: number(2), y: number(3) });
        }
    }
    places
}

fn read_page(file: &File, page: &Object) -> PageContent {
    let sides: Vec<f64> = file.list(file.get(page, "MediaBox")).iter().filter_map(|side| side.number()).collect();
    let mut drawn = Drawing {
        file,
        page: PageContent { width: sides[2], height: sides[3], ..PageContent::default() },
        fonts: BTreeMap::new(),
    };
    let mut bytes = Vec::new();
    for stream in file.list(file.get(page, "Contents")) {
        let Object::Stream(_, content) = stream else { continue };
        bytes.extend_from_slice(content);
        bytes.push(b'\n');
    }
    drawn.draw(&bytes, file.get(page, "Resources"), State::default());
    drawn.page
}

/// A transformation: `a b c d e f` of the file format.
type Matrix = [f64; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn product(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [p, q, r, s, t, u] = then;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

fn moved(matrix: Matrix, x: f64, y: f64) -> (f64, f64) {
    let [a, b, c, d, e, f] = matrix;
    (x * a + y * c + e, x * b + y * d + f)
}

/// How things are drawn at a point of the content.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    fill: Colour,
    font: Option<String>,
    size: f64,
    /// Pieces of marked content that are open: their numbers, or `None` for an artifact.
    marked: Vec<Mark>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Artifact,
    Content(i64),
    Other,
}

impl Default for State {
    fn default() -> State {
        State { matrix: IDENTITY, fill: [0.0; 3], font: None, size: 0.0, marked: Vec::new() }
    }
}

impl State {
    fn is_artifact(&self) -> bool {
        self.marked.contains(&Mark::Artifact)
    }

    fn number(&self) -> Option<i64> {
        self.marked.iter().rev().find_map(|mark| match mark {
            Mark::Content(number) => Some(*number),
            _ => None,
        })
    }
}

/// What a font says of its codes: their text, and their width in thousandths of its size.
struct Font {
    texts: BTreeMap<u32, String>,
    widths: BTreeMap<u32, f64>,
    default_width: f64,
}

struct Drawing<'f> {
    file: &'f File,
    page: PageContent,
    fonts: BTreeMap<*const Object, Font>,
}

impl<'f> Drawing<'f> {
    fn draw(&mut self, content: &[u8], resources: &'f Object, start: State) {
        let mut states = vec![start];
        let mut operands: Vec<Object> = Vec::new();
        let mut path: Vec<(f64, f64)> = Vec::new();
        let (mut line, mut cursor) = (IDENTITY, IDENTITY);
        for token in content_tokens(content) {
            let operator = match token {
                Token::Operand(object) => {
                    operands.push(object);
                    continue;
                }
                Token::Operator(operator) => operator,
            };
            let numbers: Vec<f64> = operands.iter().filter_map(Object::number).collect();
            let state = states.last_mut().expect("a state");
            match operator.as_str() {
                "q" => {
                    let copy = state.clone();
                    states.push(copy);
                }
                "Q" => {
                    let marked = std::mem::take(&mut state.marked);
                    states.pop();
                    states.last_mut().expect("a state").marked = marked;
                }
                "cm" => state.matrix = product(matrix_of(&numbers), state.matrix),
                "rg" | "g" | "k" | "sc" | "scn" => state.fill = colour_of(&numbers).unwrap_or(state.fill),
                "m" | "l" => path.push(moved(state.matrix, numbers[0], numbers[1])),
                "c" => path.extend(numbers.chunks(2).map(|point| moved(state.matrix, point[0], point[1]))),
                "re" => {
                    let (x, y, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3]);
                    path.push(moved(state.matrix, x, y));
                    path.push(moved(state.matrix, x + width, y + height));
                }
                "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" => {
                    self.page.shapes.extend(shape_of(&path, Some(state.fill), state.is_artifact()));
                    path.clear();
                }
                "S" | "s" | "n" => path.clear(),
                "BT" => (line, cursor) = (IDENTITY, IDENTITY),
                "Tf" => {
                    state.font = operands.first().map(|name| name.name().to_owned());
                    state.size = numbers.first().copied().unwrap_or_default();
                }
                "Tm" => (line, cursor) = (matrix_of(&numbers), matrix_of(&numbers)),
                "Td" => {
                    line = product([1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1]], line);
                    cursor = line;
                }
                "Tj" | "TJ" => {
                    let state = state.clone();
                    let pieces = match operands.first() {
                        Some(Object::List(pieces)) => pieces.clone(),
                        Some(one) => vec![one.clone()],
                        None => Vec::new(),
                    };
                    self.show(&pieces, resources, &state, &mut cursor);
                }
                "BMC" | "BDC" => {
                    let is_artifact = operands.first().is_some_and(|tag| tag.name() == "Artifact");
                    let number = operands.get(1).and_then(|values| self.file.get(values, "MCID").number());
                    state.marked.push(match (is_artifact, number) {
                        (true, _) => Mark::Artifact,
                        (false, Some(number)) => Mark::Content(number as i64),
                        (false, None) => Mark::Other,
                    });
                }
                "EMC" => drop(state.marked.pop()),
                "Do" => {
                    let state = state.clone();
                    self.draw_object(&operands, resources, state);
                }
                _ => {}
            }
            operands.clear();
        }
    }

    fn draw_object(&mut self, operands: &[Object], resources: &'f Object, state: State) {
        let name = operands.first().map(Object::name).unwrap_or_default();
        let object = self.file.get(self.file.get(resources, "XObject"), name);
        let Object::Stream(_, content) = object else { return };
        if self.file.get(object, "Subtype").name() == "Image" {
            let corners = [moved(state.matrix, 0.0, 0.0), moved(state.matrix, 1.0, 1.0)];
            self.page.shapes.extend(shape_of(&corners, None, state.is_artifact()));
            return;
        }
        let own: Vec<f64> =
            self.file.list(self.file.get(object, "Matrix")).iter().filter_map(|number| number.number()).collect();
        let matrix = if own.len() == 6 { product(matrix_of(&own), state.matrix) } else { state.matrix };
        self.draw(content, self.file.get(object, "Resources"), State { matrix, ..state });
    }

    fn show(&mut self, pieces: &[Object], resources: &'f Object, state: &State, cursor: &mut Matrix) {
        let Some(name) = &state.font else { return };
        let object = self.file.get(self.file.get(resources, "Font"), name);
        let file = self.file;
        let font = self.fonts.entry(std::ptr::from_ref(object)).or_insert_with(|| read_font(file, object));
        for piece in pieces {
            let Object::Text(codes) = piece else {
                let back = piece.number().unwrap_or_default() / 1000.0 * state.size;
                *cursor = product([1.0, 0.0, 0.0, 1.0, -back, 0.0], *cursor);
                continue;
            };
            for code in codes.chunks(2) {
                let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
                let whole = product(*cursor, state.matrix);
                let (x, y) = moved(whole, 0.0, 0.0);
                let width = font.widths.get(&code).copied().unwrap_or(font.default_width) / 1000.0 * state.size;
                let (end, _) = moved(whole, width, 0.0);
                self.page.letters.push(Letter {
                    text: font.texts.get(&code).cloned().unwrap_or_default(),
                    x,
                    y,
                    end,
                    size: state.size * whole[0].hypot(whole[1]),
                    fill: state.fill,
                    marked: if state.is_artifact() { None } else { state.number() },
                    shapes_before: self.page.shapes.len(),
                });
                *cursor = product([1.0, 0.0, 0.0, 1.0, width, 0.0], *cursor);
            }
        }
    }
}

fn matrix_of(numbers: &[f64]) -> Matrix {
    numbers.try_into().expect("six numbers")
}

fn colour_of(numbers: &[f64]) -> Option<Colour> {
    match numbers {
        [grey] => Some([*grey; 3]),
        [red, green, blue] => Some([*red, *green, *blue]),
        [cyan, magenta, yellow, black] => Some([cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black))),
        _ => None,
    }
}

fn shape_of(path: &[(f64, f64)], fill: Option<Colour>, is_artifact: bool) -> Option<Shape> {
    path.first()?;
    let ends = |pick: fn(&(f64, f64)) -> f64| {
        let values = path.iter().map(pick);
        values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)))
    };
    let ((left, right), (bottom, top)) = (ends(|point| point.0), ends(|point| point.1));
    Some(Shape { left, right, bottom, top, fill, is_artifact })
}

fn read_font(file: &File, font: &Object) -> Font {
    let inner = file.list(file.get(font, "DescendantFonts"));
    let inner = inner.first().copied().unwrap_or(font);
    let mut widths = BTreeMap::new();
    let listed = file.list(file.get(inner, "W"));
    let mut at = 0;
    while at + 1 < listed.len() {
        let first = listed[at].number().expect("a code") as u32;
        if let Object::List(_) = listed[at + 1] {
            for (offset, width) in file.list(listed[at + 1]).iter().enumerate() {
                widths.insert(first + offset as u32, width.number().expect("a width"));
            }
            at += 2;
        } else {
            let last = listed[at + 1].number().expect("a code") as u32;
            let width = listed[at + 2].number().expect("a width");
            widths.extend((first..=last).map(|code| (code, width)));
            at += 3;
        }
    }
    let default_width = file.get(inner, "DW").number().unwrap_or(1000.0);
    let Object::Stream(_, map) = file.get(font, "ToUnicode") else {
        return Font { texts: BTreeMap::new(), widths, default_width };
    };
    Font { texts: read_texts(map), widths, default_width }
}

/// The text of each code, from a font's table of them.
fn read_texts(map: &[u8]) -> BTreeMap<u32, String> {
    let code = |bytes: &[u8]| bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
    let text = |bytes: &[u8]| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let mut texts = BTreeMap::new();
    let mut operands: Vec<Object> = Vec::new();
    for token in content_tokens(map) {
        match token {
            Token::Operand(object) => operands.push(object),
            Token::Operator(operator) => {
                if operator == "endbfchar" {
                    for pair in operands.chunks_exact(2) {
                        let [Object::Text(from), Object::Text(to)] = pair else { continue };
                        texts.insert(code(from), text(to));
                    }
                }
                if operator == "endbfrange" {
                    for three in operands.chunks_exact(3) {
                        match three {
                            [Object::Text(from), Object::Text(to), Object::Text(first)] => {
                                for (offset, code) in (code(from)..=code(to)).enumerate() {
                                    let mut bytes = first.clone();
                                    *bytes.last_mut().expect("a letter") += offset as u8;
                                    texts.insert(code, text(&bytes));
                                }
                            }
                            [Object::Text(from), Object::Text(_), Object::List(each)] => {
                                for (offset, one) in each.iter().enumerate() {
                                    let Object::Text(bytes) = one else { continue };
                                    texts.insert(code(from) + offset as u32, text(bytes));
                                }
                            }
                            _ => {}
                        }
                    }
                }
                operands.clear();
            }
        }
    }
    texts
}

/// How far above what it names a place is set, so that a viewer shows it whole.
const PLACE_ABOVE: f64 = 10.0;
/// How far a letter may be from where it is looked for.
const NEAR: f64 = 0.6;
/// How high letters are, of their size.
const LETTER_HEIGHT: f64 = 0.75;

/// The text of the page at each named place that `is_figure` takes, up to the next of them, on one line. Empty where no
/// letter stands at it.
pub fn texts_at_places(
    pages: &[PageContent],
    places: &BTreeMap<String, NamedPlace>,
    is_figure: impl Fn(&str) -> bool,
) -> BTreeMap<String, String> {
    let taken = || places.iter().filter(|(name, _)| is_figure(name));
    let first_letter = |place: &NamedPlace| {
        let top = place.y - PLACE_ABOVE + NEAR;
        let is_near = |letter: &Letter| {
            (letter.x - place.x).abs() < NEAR
                && letter.y <= top
                && letter.y >= top - 2.0 * NEAR - LETTER_HEIGHT * letter.size
        };
        pages[place.page].letters.iter().position(is_near)
    };
    let begins: BTreeMap<&String, (usize, Option<usize>)> =
        taken().map(|(name, place)| (name, (place.page, first_letter(place)))).collect();
    begins
        .iter()
        .map(|(name, (page, begin))| {
            let Some(begin) = begin else { return ((*name).clone(), String::new()) };
            let others = begins.values().filter(|other| other.0 == *page).filter_map(|other| other.1);
            let end = others.filter(|other| other > begin).min();
            let letters = &pages[*page].letters;
            ((*name).clone(), text_of(&letters[*begin..end.unwrap_or(letters.len())]))
        })
        .collect()
}

/// Letters as text, with a blank where the next one is on another line or apart.
pub fn text_of(letters: &[Letter]) -> String {
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &letters[before]);
        if before.is_some_and(|before| (before.y - letter.y).abs() > NEAR || letter.x - before.end > letter.size * 0.2)
        {
            text.push(' ');
        }
        text.push_str(&letter.text);
    }
    text
}
