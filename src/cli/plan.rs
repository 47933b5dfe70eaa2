use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Exit, ProjectFolder, Terminal};
use crate::{ingest, pipeline};

/// Print the units of work as JSON lines, for a scheduler to spread over machines
///
/// Each line names a unit that `donor-report build --unit ID` makes, and the files that it makes in build/. Units
/// may be made at once, by processes of their own.
///
/// Example: donor-report plan
#[derive(Debug, Args)]
pub struct Arguments {
    /// Project folders; none: every folder of inputs/ with a project.toml
    #[arg(value_name = "PROJECT")]
    projects: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let Some(folders) = ProjectFolder::find(&arguments.projects, terminal) else { return Exit::CouldNotRun };
    let mut exit = Exit::Done;
    for folder in &folders {
        let (settings, problems) = ingest::settings(&folder.path);
        let Some(settings) = settings else {
            terminal.problems(&problems, &folder.shown);
            exit = Exit::Problems;
            continue;
        };
        for unit in pipeline::plan_units(&settings) {
            let outputs: Vec<String> = unit.outputs.iter().map(|file| format!("{}/{file}", settings.code)).collect();
            let mut line = json!({
                "unit": format!("{}#{}", folder.shown, unit.name),
                "project": folder.shown,
                "outputs": outputs,
            });
            if let Some((period, report)) = unit.name.split_once('/') {
                line["period"] = json!(period);
                line["report"] = json!(report);
            }
            terminal.result(&line.to_string());
        }
    }
    exit
}
