//! The files that a PDF carries, against the manifest among them.

use std::collections::{BTreeMap, BTreeSet};

use super::pdf::PdfAttachment;
use crate::output::{MANIFEST_NAME, sha256};

/// Lines of a manifest.
const MOST_LINES: usize = 10_000;

/// What became of the attached files.
#[derive(Debug, Default)]
pub struct AttachmentCheck {
    /// Whether there is a manifest to hold them against.
    pub has_manifest: bool,
    /// How many files are attached beside it.
    pub files: usize,
    /// What isn't as the manifest says, by name.
    pub faults: Vec<(String, AttachmentFault)>,
}

/// What is wrong with an attached file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentFault {
    /// Its content has another sum.
    Changed,
    /// The manifest names it, and it isn't there.
    Missing,
    /// It is there, and the manifest doesn't name it, or there are two of the name.
    NotListed,
    /// The manifest's line can't be read; its number takes the name's place.
    BadLine,
}

/// Holds the attached files against the manifest among them.
pub(super) fn check_attachments(attachments: &[PdfAttachment]) -> AttachmentCheck {
    let (manifests, others): (Vec<_>, Vec<_>) = attachments.iter().partition(|file| file.name == MANIFEST_NAME);
    let mut check = AttachmentCheck { has_manifest: !manifests.is_empty(), files: others.len(), faults: Vec::new() };
    let [manifest] = manifests.as_slice() else {
        check.faults.extend(manifests.iter().skip(1).map(|file| (file.name.clone(), AttachmentFault::NotListed)));
        return check;
    };
    let text = String::from_utf8_lossy(&manifest.content);
    let mut listed: BTreeMap<&str, &str> = BTreeMap::new();
    for (number, line) in text.lines().enumerate().take(MOST_LINES) {
        let entry = read_line(line).filter(|(_, name)| !listed.contains_key(name));
        match entry {
            Some((sum, name)) => drop(listed.insert(name, sum)),
            None => check.faults.push(((number + 1).to_string(), AttachmentFault::BadLine)),
        }
    }
    let mut seen = BTreeSet::new();
    for PdfAttachment { name, content } in others {
        let fault = match listed.get(name.as_str()) {
            _ if !seen.insert(name.as_str()) => Some(AttachmentFault::NotListed),
            None => Some(AttachmentFault::NotListed),
            Some(sum) if !sum.eq_ignore_ascii_case(&sha256(content)) => Some(AttachmentFault::Changed),
            Some(_) => None,
        };
        check.faults.extend(fault.map(|fault| (name.clone(), fault)));
    }
    let missing = listed.keys().filter(|name| !seen.contains(*name));
    check.faults.extend(missing.map(|name| ((*name).to_owned(), AttachmentFault::Missing)));
    check
}

/// A line as `sha256sum` writes it: the sum, a blank, a blank or `*`, the name.
fn read_line(line: &str) -> Option<(&str, &str)> {
    let (sum, rest) = line.split_at_checked(64)?;
    let name = rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *"))?;
    (sum.bytes().all(|byte| byte.is_ascii_hexdigit()) && !name.is_empty()).then_some((sum, name))
}
