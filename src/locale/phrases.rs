include!(concat!(env!("OUT_DIR"), "/labels.rs"));

pub(super) fn languages() -> &'static [&'static str] {
    LANGUAGES
}

pub(super) fn phrase(key: &str, column: usize) -> Option<&'static str> {
    let at = PHRASES.binary_search_by(|(known, _)| (*known).cmp(key)).ok()?;
    PHRASES[at].1.get(column).copied()
}

/// The phrases of one table, by what follows its name in their keys.
pub(super) fn table(name: &str, column: usize) -> impl Iterator<Item = (&'static str, &'static str)> {
    PHRASES
        .iter()
        .filter_map(move |(key, texts)| Some((key.strip_prefix(name)?.strip_prefix('.')?, texts.get(column).copied()?)))
}

/// Puts arguments in place of `{name}`; one pass, so that braces within an argument stay text. The full stop of a
/// sentence that ends with an abbreviation ("2017 г.") is that of the abbreviation.
pub fn fill(pattern: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        rest = behind;
        match args.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => {
                out.push_str(value);
                if value.ends_with('.') {
                    rest = behind.strip_prefix('.').unwrap_or(behind);
                }
            }
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
    }
    out.push_str(rest);
    out
}
