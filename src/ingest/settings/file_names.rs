//! Names in project.toml that become names of files and folders.

use crate::diagnostic::{ProblemKind, kinds};

use super::toml_reader::{TomlNode, TomlReader};

/// Bytes of the longest name.
const MAX_NAME_BYTES: usize = 100;

/// A name that files are called by, on every system; else it is reported, as `unsafe_name` where it has other characters
/// than a name may have.
pub(super) fn read_file_name<'a, K: Into<ProblemKind>>(
    reader: &TomlReader<'a>,
    node: &TomlNode<'a>,
    unsafe_name: impl FnOnce(String) -> K,
) -> Option<String> {
    let value = reader.string(node)?;
    if !is_safe_file_name(&value) {
        reader.report_at(&node.span, unsafe_name(value));
        return None;
    }
    if is_reserved_name(&value) {
        reader.report_at(&node.span, kinds::ReservedName { value });
        return None;
    }
    Some(value)
}

/// Letters, digits, `-`, `_`, `.`; no leading dot, 1 to 100 bytes: safe as the name of a folder or a file.
pub(super) fn is_safe_file_name(name: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&name.len())
        && !name.starts_with('.')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Whether Windows can't have a file or folder of this name: devices of old, whatever follows a dot, and a dot at the end.
fn is_reserved_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let is_port = |stem: &str| {
        let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        number.is_some_and(|rest| {
            matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    name.ends_with('.')
        || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || is_port(&stem)
}
