use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::build::BUILD;
use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::folder::list_files;
use crate::{ingest, pipeline};

/// Print the units of work as JSON lines, for a scheduler to spread over machines
///
/// Each line names a unit that `donor-report build --unit ID` makes, the files of its project and those that it makes in
/// build/. Units may be made at once, by processes of their own.
///
/// Example: donor-report plan
#[derive(Debug, Args)]
pub struct Arguments {
    /// Project folders; none: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    projects: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folders = ProjectFolder::find(&arguments.projects)?;
    let mut exit = Exit::Done;
    for folder in &folders {
        let (settings, problems) = ingest::settings(&folder.path);
        let Some(settings) = settings else {
            terminal.print_problems(&problems, &folder.shown);
            exit = Exit::Problems;
            continue;
        };
        let mut files: Vec<String> = list_files(&folder.path, Some(Path::new(BUILD)))
            .into_iter()
            .map(|(name, _)| format!("{}/{name}", folder.shown))
            .collect();
        files.sort();
        for unit in pipeline::plan_units(&settings) {
            let outputs: Vec<String> = unit.outputs.iter().map(|file| format!("{}/{file}", settings.code)).collect();
            let mut line = json!({
                "unit": format!("{}#{}", folder.shown, unit.name),
                "project": folder.shown,
                "inputs": files,
                "outputs": outputs,
            });
            if let Some((period, report)) = unit.name.split_once('/') {
                line["period"] = json!(period);
                line["report"] = json!(report);
            }
            terminal.print_result(&line.to_string());
        }
    }
    Ok(exit)
}
