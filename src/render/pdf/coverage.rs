//! Which characters the fonts have, and what is printed for those that they lack.

use std::collections::BTreeMap;

use typst::text::Font;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

use super::files;

/// What the fonts of a project's documents have: its own and the program's.
pub struct FontCoverage {
    fonts: Vec<Font>,
    /// Whether a font has the character, for those that texts mostly consist of.
    frequent: Vec<bool>,
}

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
        let fonts: Vec<Font> = files::own_fonts(overrides).into_iter().chain(shipped).collect();
        let has = |code| fonts.iter().any(|font| font.info().coverage.contains(code));
        let frequent = (0..FREQUENT).map(has).collect();
        FontCoverage { fonts, frequent }
    }

    /// The characters of a text that aren't printed as they are, in their order.
    pub fn unprinted<'t>(&'t self, text: &'t str) -> impl Iterator<Item = char> + 't {
        self.pieces(text)
            .filter(|(_, piece)| !matches!(piece, Piece::Printed))
            .flat_map(|(cluster, _)| visible(cluster))
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
        for sign in visible(cluster) {
            if self.has(sign) && !is_combining_mark(sign) {
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
        let has_all = |font: &Font| visible(cluster).all(|c| font.info().coverage.contains(u32::from(c)));
        if self.fonts.iter().any(has_all) {
            return Piece::Printed;
        }
        match visible(cluster).find(|c| !self.has(*c)).map(|c| c.script()) {
            None | Some(Script::Common | Script::Inherited | Script::Unknown) => Piece::Sign,
            Some(script) => Piece::Letter(script),
        }
    }
}

fn visible(cluster: &str) -> impl Iterator<Item = char> + '_ {
    cluster.chars().filter(|c| !is_invisible(*c) && (!c.is_whitespace() || c.is_control()))
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
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
                ..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}
