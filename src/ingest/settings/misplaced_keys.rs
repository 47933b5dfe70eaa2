//! Keys of project.toml that stand in a table they don't belong to: one written at the file's end is the last table's.

use super::tables::TablePlan;
use super::toml_reader::{TomlKeys, TomlReader};
use crate::diagnostic::{Problem, kinds};
use crate::ingest::layout::vocabulary;

/// Says of unknown keys where they belong, and takes keys of the file as a whole from among the columns of tables, where
/// any name may stand. `top` are the keys of the file, all of them taken.
pub fn report_misplaced<'a>(reader: &TomlReader<'a>, top: &TomlKeys<'a>, plans: &mut [TablePlan]) {
    let is_top_level = |key: &str| top.knows(key);
    reader.amend_problems(|problem| {
        let (Some(key), Some(table)) = (problem.args.get("value"), problem.args.get("table")) else { return None };
        let (value, table) = (key.clone(), table.clone());
        (problem.code == kinds::UnknownKey::CODE && is_top_level(key)).then(|| {
            let misplaced = Problem::error(kinds::UnknownKey::Misplaced { value, table });
            Problem { places: problem.places.clone(), reports: problem.reports.clone(), ..misplaced }
        })
    });
    for plan in plans {
        let is_misplaced = |name: &String| is_top_level(name) && vocabulary().column(plan.kind, name).is_none();
        let misplaced: Vec<String> = plan.columns.keys().filter(|name| is_misplaced(name)).cloned().collect();
        for value in misplaced {
            plan.columns.remove(&value);
            let table = format!("tables.{}.columns", plan.kind.name());
            let place = plan.column_places.get(&value).unwrap_or(&plan.place).clone();
            reader.report(Problem::error(kinds::UnknownKey::Misplaced { value, table }).at(place));
        }
    }
}
