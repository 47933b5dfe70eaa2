//! The types that sources declare.

use std::collections::BTreeMap;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// Each type's name with the files that declare it. A file that declares it twice is there twice.
pub fn declared_types<'a>(files: impl IntoIterator<Item = (&'a String, &'a String)>) -> BTreeMap<String, Vec<&'a str>> {
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (file, text) in files {
        let tokens = TokenStream::from_str(text).expect("a source file that compiles");
        let mut names = Vec::new();
        collect(tokens, &mut names);
        for name in names {
            found.entry(name).or_default().push(file);
        }
    }
    found
}

fn collect(tokens: TokenStream, names: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            // What an implementation gives a trait, or a trait asks for, is named by that trait.
            TokenTree::Group(_) if is_of_trait(&tokens[..at]) => {}
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Ident(word)
                if ["struct", "enum", "trait", "type", "union"].iter().any(|known| word == known) =>
            {
                if let Some(TokenTree::Ident(name)) = tokens.get(at + 1) {
                    names.push(name.to_string());
                }
            }
            _ => {}
        }
    }
}

/// Whether these tokens end with the head of an implementation or of a trait.
fn is_of_trait(before: &[TokenTree]) -> bool {
    let head = before.iter().rev().take_while(|token| {
        !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
            && !matches!(token, TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace)
    });
    head.into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "impl" || word == "trait"))
}
