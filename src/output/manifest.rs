//! The checksums of the files that a document carries, as BagIt (RFC 8493) writes them and `sha256sum -c` reads them.

use std::collections::BTreeMap;

use super::hash::sha256;

/// The name of the file of checksums.
pub const MANIFEST_NAME: &str = "manifest-sha256.txt";

/// The name under which a document carries its report's figures.
pub const FIGURES_NAME: &str = "figures.json";

/// A line for each file, in the order of their names.
pub fn write_manifest<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> String {
    let sums: BTreeMap<&str, String> = files.into_iter().map(|(name, bytes)| (name, sha256(bytes))).collect();
    sums.into_iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}
