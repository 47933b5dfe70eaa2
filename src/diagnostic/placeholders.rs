/// Puts values in place of `{name}` and `{name:form}`; one pass, so that braces within a value stay text. What has no value
/// stays as it is, and so do doubled braces: `{{actual}}` is what an officer writes.
pub fn fill_placeholders(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let is_name = |name: &&str| {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | ':');
        !name.is_empty() && name.chars().all(is_part)
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        if let Some(inside) = after.strip_prefix('{') {
            out.push_str("{{");
            rest = inside;
            continue;
        }
        let found = after.split_once('}').filter(|(name, _)| is_name(name));
        match found.and_then(|(name, behind)| Some((value(name)?, behind))) {
            Some((value, behind)) => {
                out.push_str(&value);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
