//! Which characters the fonts have, and what is printed for those that they lack.

use std::collections::{BTreeMap, BTreeSet};

use typst::text::Font;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

use super::files;
use super::unescape::unescape;

/// What the fonts of a project's documents have: its own and the program's.
pub struct FontCoverage {
    fonts: Vec<Font>,
    /// Those that texts are set in; a letter that one of these has gets its marks from it, too.
    text_fonts: Vec<Font>,
    /// Whether a font has the character, for those that texts mostly consist of.
    frequent: Vec<bool>,
}

/// What theme.toml names; a project's own fonts stand before them, and they stand in for those.
const TEXT_FAMILIES: [&str; 2] = ["Noto Serif", "Noto Sans"];

/// Latin, Greek and Cyrillic letters.
const FREQUENT: u32 = 0x530;

/// A piece of a text as the fonts see it.
enum Piece {
    Printed,
    /// A control character: nothing is printed for it.
    Control,
    /// A letter of a script.
    Letter(Script),
    Sign,
}

impl FontCoverage {
    /// `overrides` are the files of a project's `templates` folder by their path in it.
    pub fn new(overrides: &BTreeMap<String, Vec<u8>>) -> FontCoverage {
        let shipped = files::shipped_fonts().iter().cloned();
        let fonts: Vec<Font> = files::project_fonts(overrides).into_iter().chain(shipped).collect();
        let has = |code| fonts.iter().any(|font| font.info().coverage.contains(code));
        let frequent = (0..FREQUENT).map(has).collect();
        let text_fonts = fonts.iter().filter(|font| TEXT_FAMILIES.contains(&font.info().family.as_str()));
        FontCoverage { text_fonts: text_fonts.cloned().collect(), frequent, fonts }
    }

    /// The characters of a text that aren't printed as they are, in their order.
    pub fn unprinted<'t>(&'t self, text: &'t str) -> impl Iterator<Item = char> + 't {
        self.pieces(text)
            .filter(|(_, piece)| !matches!(piece, Piece::Printed))
            .flat_map(|(cluster, _)| visible(cluster))
    }

    /// As [`Self::unprinted`], of a line of TOML, Markdown or XML, which may name characters by their numbers.
    pub fn unprinted_in_source(&self, line: &str) -> BTreeSet<char> {
        let unescaped = unescape(line, |c| self.is_unprinted(c));
        self.unprinted(&unescaped).filter(|c| *c != '\r').collect()
    }

    /// A drawing whose texts can be printed; see [`Self::printable`].
    pub(super) fn printable_drawing(
        &self,
        drawing: Vec<u8>,
        scripts: &BTreeMap<&'static str, &'static str>,
    ) -> Vec<u8> {
        let Ok(text) = str::from_utf8(&drawing) else { return drawing };
        let unescaped = unescape(text, |c| self.is_unprinted(c));
        if self.unprinted(&unescaped).all(|c| c == '\r') {
            return drawing;
        }
        self.printable(&unescaped, scripts).into_bytes()
    }

    fn is_unprinted(&self, c: char) -> bool {
        self.unprinted(c.encode_utf8(&mut [0; 4])).next().is_some()
    }

    /// The text as it can be printed: letters of one script that no font has are `[the script's name]`, other signs
    /// `[their Unicode names]`, and control characters are left out. `scripts` are names by code of ISO 15924.
    pub fn printable(&self, text: &str, scripts: &BTreeMap<&'static str, &'static str>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut run = None;
        let mut spaces = "";
        for (cluster, piece) in self.pieces(text) {
            // Words of one script are one run.
            if run.is_some() && cluster.chars().all(|c| c == ' ' || is_invisible(c)) {
                spaces = if cluster == " " { cluster } else { spaces };
                continue;
            }
            if !matches!(piece, Piece::Letter(script) if run == Some(script)) {
                out.push_str(spaces);
            }
            spaces = "";
            match piece {
                Piece::Printed => out.push_str(cluster),
                Piece::Control => {}
                Piece::Letter(script) if run == Some(script) => {}
                Piece::Letter(script) => {
                    let name = scripts.get(script.short_name()).copied().unwrap_or(script.full_name());
                    out.push_str(&format!("[{}]", name.replace('_', " ")));
                }
                Piece::Sign => self.push_signs(cluster, &mut out),
            }
            run = if let Piece::Letter(script) = piece { Some(script) } else { None };
        }
        out.push_str(spaces);
        out
    }

    /// A letter whose mark no font has loses the mark alone.
    fn push_signs(&self, cluster: &str, out: &mut String) {
        for sign in cluster.chars().filter(|c| !is_invisible(*c)) {
            if sign.is_whitespace() {
                out.push(' ');
            } else if self.has(sign) && !is_combining_mark(sign) {
                out.push(sign);
            } else {
                out.push_str(&format!("[{}]", name_of(sign)));
            }
        }
    }

    fn has(&self, c: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)))
    }

    /// The text in letters with their marks, which are drawn by one font.
    fn pieces<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (&'t str, Piece)> + 't {
        let mut rest = text;
        std::iter::from_fn(move || {
            let mut chars = rest.chars();
            let first = chars.next()?;
            let marks: usize =
                chars.take_while(|c| is_combining_mark(*c) || is_variation(*c)).map(char::len_utf8).sum();
            let (cluster, after) = rest.split_at(first.len_utf8() + marks);
            rest = after;
            Some((cluster, self.piece(first, cluster)))
        })
    }

    /// Whether the font that a letter is taken from has its marks, too.
    fn is_drawn(&self, first: char, cluster: &str) -> bool {
        let has = |font: &&Font, c: char| font.info().coverage.contains(u32::from(c));
        let drawing: Vec<&Font> = self.text_fonts.iter().filter(|font| has(font, first)).collect();
        let drawing =
            if drawing.is_empty() { self.fonts.iter().filter(|font| has(font, first)).collect() } else { drawing };
        !drawing.is_empty() && drawing.iter().all(|font| cluster.chars().all(|c| is_invisible(c) || has(font, c)))
    }

    fn piece(&self, first: char, cluster: &str) -> Piece {
        if cluster.is_ascii() && !first.is_ascii_control() || matches!(first, '\n' | '\t') || is_invisible(first) {
            return Piece::Printed;
        }
        if first.is_control() {
            return Piece::Control;
        }
        let is_alone = cluster.len() == first.len_utf8();
        if is_alone && self.frequent.get(first as usize).is_some_and(|has| *has) {
            return Piece::Printed;
        }
        if self.is_drawn(first, cluster) {
            return Piece::Printed;
        }
        match visible(cluster).find(|c| !self.has(*c) && !c.is_whitespace()).map(|c| c.script()) {
            None | Some(Script::Common | Script::Inherited | Script::Unknown) => Piece::Sign,
            Some(script) => Piece::Letter(script),
        }
    }
}

fn visible(cluster: &str) -> impl Iterator<Item = char> + '_ {
    cluster.chars().filter(|c| !is_invisible(*c))
}

fn name_of(sign: char) -> String {
    unicode_names2::name(sign).map_or_else(|| format!("U+{:04X}", u32::from(sign)), |name| name.to_string())
}

fn is_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Characters without a shape, which no font needs to have (`Default_Ignorable_Code_Point`).
fn is_invisible(c: char) -> bool {
    is_variation(c)
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}
