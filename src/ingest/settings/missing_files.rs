use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::TablePlan;
use super::toml_reader::TomlReader;
use crate::diagnostic::{Problem, kinds, renamed_to};
use crate::ingest::tables::table_files;

/// Files that tables name and that aren't there, with the bytes of project.toml that name each.
pub type MissingFiles = BTreeMap<String, Vec<Range<usize>>>;

/// Reports each file that isn't there once, however many tables are in it.
pub fn report_missing_files(reader: &TomlReader, root: &Path, plans: &[TablePlan], missing: &MissingFiles) {
    let known = table_files(root);
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let is_free = |name: &str| !plans.iter().any(|plan| plan.files.iter().any(|(file, _)| file == name));
    for (file, spans) in missing {
        let lines: Vec<String> =
            spans.iter().filter_map(|span| reader.place(span).line_number()).map(|line| line.to_string()).collect();
        let (file, lines, known) = (file.clone(), lines.join(", "), known.join(", "));
        let kind = match renamed_to(&file, &names, is_free).map(str::to_owned) {
            _ if names.is_empty() => kinds::MissingFile::NoTables { file, lines },
            Some(nearest) => kinds::MissingFile::Renamed { file, nearest, lines, known },
            None => kinds::MissingFile::Table { file, lines, known },
        };
        let place = spans.first().map(|span| reader.place(span));
        reader.report(place.into_iter().fold(Problem::error(kind), Problem::at));
    }
}
