//! What a source file refers to outside of itself, read off its tokens: comments and texts are no tokens, and what
//! stands within a macro's parentheses is.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};

/// The library's name, by which the program's own `main.rs` refers to its rooms.
const LIBRARY: &str = "donor_report";

/// Names that a file refers to, each with the line where it does first.
#[derive(Default)]
pub struct References {
    /// Modules right below the crate's root, reached by `crate::`, enough of `super::`, or the library's name. The root
    /// itself, which lets everything through, is `crate` or `*`.
    pub rooms: BTreeMap<String, usize>,
    /// First names of paths, of macros and of attributes: crates, if they are called like a dependency.
    pub roots: BTreeMap<String, usize>,
    /// Every identifier.
    pub words: BTreeMap<String, usize>,
}

/// The references of a file whose module is `depth` below the crate's root: 1 for `src/ingest.rs`.
pub fn references(text: &str, depth: usize) -> References {
    let tokens = TokenStream::from_str(text).expect("a source file that compiles");
    let mut reader = Reader::default();
    reader.stream(tokens, depth);
    let Reader { mut found, modules, absolute } = reader;
    found.roots.retain(|name, _| !modules.contains(name) || absolute.contains(name));
    found
}

#[derive(Default)]
struct Reader {
    found: References,
    /// Modules that the file declares: where one is called like a crate, its name means the module.
    modules: BTreeSet<String>,
    /// Names after a leading `::`, which mean crates whatever the file declares.
    absolute: BTreeSet<String>,
}

impl Reader {
    fn stream(&mut self, tokens: TokenStream, depth: usize) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = self.token(&tokens, at, depth);
        }
    }

    /// Reads what begins at a token; returns where the next begins.
    fn token(&mut self, tokens: &[TokenTree], at: usize, depth: usize) -> usize {
        match &tokens[at] {
            TokenTree::Group(group) => {
                self.stream(group.stream(), depth);
                at + 1
            }
            // `use<'a>` in a type captures lifetimes.
            TokenTree::Ident(word) if word == "use" && !is_punct(tokens, at + 1, '<') => {
                self.imports(tokens, at + 1, &[], depth)
            }
            TokenTree::Ident(word) if word == "mod" => self.module(tokens, at + 1, depth),
            TokenTree::Ident(word) if word == "extern" && is_word(tokens, at + 1, "crate") => {
                self.path(&words_of(&tokens[at + 2..at + 3]), depth);
                at + 3
            }
            TokenTree::Ident(_) => self.inline_path(tokens, at, depth),
            TokenTree::Punct(punct) if punct.as_char() == '#' => self.attribute(tokens, at + 1),
            _ => at + 1,
        }
    }

    /// `name;` or `name { … }` after `mod`.
    fn module(&mut self, tokens: &[TokenTree], at: usize, depth: usize) -> usize {
        let Some(TokenTree::Ident(name)) = tokens.get(at) else { return at };
        self.modules.insert(name.to_string());
        if let Some(TokenTree::Group(body)) = tokens.get(at + 1) {
            self.stream(body.stream(), depth + 1);
            return at + 2;
        }
        at + 1
    }

    /// One tree of a `use`, whose paths begin with `prefix`.
    fn imports(&mut self, tokens: &[TokenTree], mut at: usize, prefix: &[Ident], depth: usize) -> usize {
        let mut path = prefix.to_vec();
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(word)) => {
                    self.absolute(tokens, at);
                    path.push(word.clone());
                    at += 1;
                }
                Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                    self.glob(&path, star.span().start().line, depth);
                    return at + 1;
                }
                Some(TokenTree::Group(braces)) if braces.delimiter() == Delimiter::Brace => {
                    let inner: Vec<TokenTree> = braces.stream().into_iter().collect();
                    let mut inside = 0;
                    while inside < inner.len() {
                        // Past the comma, or whatever else ended the tree.
                        inside = self.imports(&inner, inside, &path, depth) + 1;
                    }
                    return at + 1;
                }
                _ => {}
            }
            if !is_separator(tokens, at) {
                break;
            }
            at += 2;
        }
        self.path(&path, depth);
        if is_word(tokens, at, "as") { at + 2 } else { at }
    }

    /// `use path::*`.
    fn glob(&mut self, path: &[Ident], line: usize, depth: usize) {
        let mut whole = path.to_vec();
        whole.extend(path.last().map(|last| Ident::new("ALL", last.span())));
        let reaches_root = self.target(&whole, depth).is_some_and(|target| target == whole.len() - 1);
        if reaches_root {
            note(&mut self.found.rooms, "*", line);
        } else {
            self.path(path, depth);
        }
    }

    /// A path where it is used: only those of several names, and the name of a macro.
    fn inline_path(&mut self, tokens: &[TokenTree], start: usize, depth: usize) -> usize {
        let mut end = start + 1;
        while is_separator(tokens, end) && matches!(tokens.get(end + 2), Some(TokenTree::Ident(_))) {
            end += 3;
        }
        let path = words_of(&tokens[start..end]);
        self.absolute(tokens, start);
        let called = is_punct(tokens, end, '!') && matches!(tokens.get(end + 1), Some(TokenTree::Group(_)));
        if path.len() > 1 || called {
            self.path(&path, depth);
        } else {
            self.words(&path);
        }
        end
    }

    /// `[name(…)]` or `[path::name]` after `#`, or after `#!`; the rest is read like any tokens.
    fn attribute(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let at = if is_punct(tokens, at, '!') { at + 1 } else { at };
        if let Some(TokenTree::Group(group)) = tokens.get(at)
            && let Some(TokenTree::Ident(name)) = group.stream().into_iter().next()
        {
            note(&mut self.found.roots, &name.to_string(), name.span().start().line);
        }
        at
    }

    /// Remembers the name at a token if it follows `::` that follows no name.
    fn absolute(&mut self, tokens: &[TokenTree], at: usize) {
        let leading = at >= 2 && is_separator(tokens, at - 2);
        if leading && (at == 2 || words_of(&tokens[at - 3..at - 2]).iter().all(|word| word == "use")) {
            self.absolute.extend(words_of(&tokens[at..=at]).iter().map(Ident::to_string));
        }
    }

    fn path(&mut self, path: &[Ident], depth: usize) {
        self.words(path);
        match self.target(path, depth) {
            Some(target) => {
                let room = path.get(target).unwrap_or(&path[target - 1]);
                note(&mut self.found.rooms, &room.to_string(), room.span().start().line);
            }
            None => {
                if let Some(first) = path.first() {
                    note(&mut self.found.roots, &first.to_string(), first.span().start().line);
                }
            }
        }
    }

    /// Which name of a path is the one right below the crate's root; none if the path doesn't go by the root.
    fn target(&self, path: &[Ident], depth: usize) -> Option<usize> {
        let own = path.iter().take_while(|word| *word == "self").count();
        let up = path[own..].iter().take_while(|word| *word == "super").count();
        match path.get(own) {
            Some(first) if first == "crate" || first == LIBRARY => Some(own + 1),
            Some(_) if up > 0 && up >= depth => Some(own + up),
            _ => None,
        }
    }

    fn words(&mut self, words: &[Ident]) {
        for word in words {
            note(&mut self.found.words, &word.to_string(), word.span().start().line);
        }
    }
}

fn note(lines: &mut BTreeMap<String, usize>, name: &str, line: usize) {
    lines.entry(name.trim_start_matches("r#").to_owned()).or_insert(line);
}

fn words_of(tokens: &[TokenTree]) -> Vec<Ident> {
    let word = |token: &TokenTree| match token {
        TokenTree::Ident(word) => Some(word.clone()),
        _ => None,
    };
    tokens.iter().filter_map(word).collect()
}

fn is_word(tokens: &[TokenTree], at: usize, word: &str) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Ident(found)) if found == word)
}

fn is_punct(tokens: &[TokenTree], at: usize, sign: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(found)) if found.as_char() == sign)
}

/// Whether `::` begins at a token.
fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    let joint = matches!(tokens.get(at), Some(TokenTree::Punct(colon)) if colon.spacing() == Spacing::Joint);
    joint && is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':')
}
