use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder for reports that not everybody may have; folders of periods are in it as beside it.
pub const RESTRICTED: &str = "restricted";

/// The figures in a folder of outputs (`build/<code>`): `<period>/<report>` → the indicators of its figures.json.
pub fn read_built_figures(home: &Path) -> BTreeMap<String, Value> {
    figures_files(home).iter().filter_map(|file| read_figures(file)).collect()
}

/// The code of the project that a folder of outputs is of; `None` if nothing in it says so.
pub fn read_built_project(home: &Path) -> Option<String> {
    figures_files(home).iter().find_map(|file| {
        let read: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        Some(read.get("project")?.as_str()?.to_owned())
    })
}

fn figures_files(home: &Path) -> Vec<PathBuf> {
    let periods = entries(home).into_iter().chain(entries(&home.join(RESTRICTED)));
    let files = periods.flat_map(|period| entries(&period));
    files.filter(|file| file.to_string_lossy().ends_with(".figures.json")).collect()
}

/// What is in a folder; nothing if it is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn read_figures(file: &Path) -> Option<(String, Value)> {
    let mut read: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let document = format!("{}/{}", read.pointer("/period/code")?.as_str()?, read.get("report")?.as_str()?);
    Some((document, read.get_mut("indicators")?.take()))
}
