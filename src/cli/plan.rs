use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Exit, ProjectFolder, Terminal};
use crate::ingest;

/// Print the units of work as JSON lines, for a scheduler to spread over machines
///
/// Each line names a unit that `donor-report build --unit ID` makes.
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
        for report in &settings.reports {
            for period in &report.periods {
                let outputs = |ending: &str, documents: &[Vec<crate::model::Lang>]| -> Vec<String> {
                    let name = |languages: &Vec<crate::model::Lang>| {
                        let tags: Vec<&str> = languages.iter().map(crate::model::Lang::as_str).collect();
                        format!("{}/{period}/{}.{}.{ending}", settings.code, report.name, tags.join("-"))
                    };
                    documents.iter().map(name).collect()
                };
                let mut files = outputs("pdf", &report.documents);
                files.extend(outputs("xlsx", &report.annexes));
                files.push(format!("{}/{period}/{}.figures.json", settings.code, report.name));
                let unit = json!({
                    "unit": format!("{}#{period}/{}", folder.shown, report.name),
                    "project": folder.shown,
                    "report": report.name,
                    "period": period,
                    "outputs": files,
                });
                terminal.result(&unit.to_string());
            }
        }
    }
    exit
}
