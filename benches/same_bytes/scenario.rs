//! A folder of projects that both programs work in, each on a copy of its own at the same path, step by step.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::compare::{Comparison, Files, compare_folders, compare_runs, files};

/// Commands after which files are compared.
const WRITERS: [&str; 3] = ["build", "submit", "init"];

/// A language of messages from the environment would be the same for both, and another one tomorrow.
const MESSAGES_VARIABLE: &str = "DONOR_REPORT_MESSAGES";

/// Makes the steps of a scenario from what the old program says of its project.
pub type MakeSteps = Box<dyn Fn(&Facts) -> Vec<Step> + Send + Sync>;

/// Projects, and what is done with them.
pub struct Scenario {
    /// The word that chooses it on the command line.
    pub group: &'static str,
    /// Of a folder.
    pub name: String,
    /// What is peculiar about it, where the name doesn't say.
    pub about: String,
    /// What lies in it at first.
    pub files: Box<dyn Fn() -> Files + Send + Sync>,
    /// What is done, by what the old program says of the project.
    pub steps: MakeSteps,
}

pub enum Step {
    /// Both programs with these arguments.
    Run(Vec<String>),
    /// Other content of files, made once from what lies in the folder.
    Edit(Box<dyn Fn(&Path) -> Files>),
    /// A copy of a folder, to be compared with what it becomes.
    Copy { from: String, to: String },
}

/// What commands need to know of a project, as the old program has it.
#[derive(Clone, Debug)]
pub struct Facts {
    pub code: String,
    pub unit: String,
    pub report: String,
    pub period: String,
    pub indicators: Vec<String>,
}

/// What came of a scenario.
#[derive(Default)]
pub struct Outcome {
    pub projects: usize,
    pub comparison: Comparison,
}

/// Runs the commands of one scenario, each program in its copy of the folder.
struct Runner<'a> {
    programs: [&'a Path; 2],
    /// Where a program finds its copy, whichever of the two it is.
    folder: PathBuf,
    copies: [PathBuf; 2],
    /// Paths of files that the programs were given.
    given: BTreeSet<String>,
}

impl Scenario {
    /// Has both programs do every step, and compares what they print and write.
    ///
    /// # Errors
    /// A program can't be started, or a file can't be read or written.
    pub fn compare(&self, programs: [&Path; 2], place: &Path) -> io::Result<Outcome> {
        let copies = ["old", "new"].map(|side| place.join(format!("{}.{side}", self.name)));
        let mut runner = Runner { programs, folder: place.join(&self.name), copies, given: BTreeSet::new() };
        runner.write(&(self.files)())?;
        let mut outcome = Outcome::default();
        for step in (self.steps)(&runner.facts()?) {
            match step {
                Step::Run(arguments) => outcome.comparison.add(runner.run(&arguments)?),
                Step::Edit(edit) => runner.write(&edit(&runner.copies[0]))?,
                Step::Copy { from, to } => runner.copy(&from, &to)?,
            }
        }
        // Commands that ought only to read have written nothing either.
        let end = runner.compare_copies()?;
        outcome.comparison.add(named("at the end", end));
        outcome.projects = project_count(&runner.copies[0].join("inputs"))?;
        if outcome.comparison.differences.is_empty() {
            runner.copies.iter().try_for_each(fs::remove_dir_all)?;
        }
        Ok(outcome)
    }
}

impl Runner<'_> {
    fn write(&mut self, files: &Files) -> io::Result<()> {
        self.given.extend(files.keys().cloned());
        self.copies.iter().try_for_each(|copy| {
            fs::create_dir_all(copy)?;
            write_files(copy, files)
        })
    }

    /// Copies a folder; nothing where a build was refused and left none.
    fn copy(&mut self, from: &str, to: &str) -> io::Result<()> {
        for copy in self.copies.iter().filter(|copy| copy.join(from).is_dir()) {
            let files = files(&copy.join(from))?;
            write_files(&copy.join(to), &files)?;
            self.given.extend(files.keys().map(|path| format!("{to}/{path}")));
        }
        Ok(())
    }

    fn compare_copies(&self) -> io::Result<Comparison> {
        compare_folders(&self.copies[0], &self.copies[1], &self.given)
    }

    fn run(&self, arguments: &[String]) -> io::Result<Comparison> {
        let (old, new) = (self.run_one(0, arguments)?, self.run_one(1, arguments)?);
        let mut comparison = compare_runs(&old, &new);
        if arguments.iter().any(|word| WRITERS.contains(&word.as_str())) {
            comparison.add(self.compare_copies()?);
        }
        Ok(named(&arguments.join(" "), comparison))
    }

    /// One program in its copy, which lies where the other's does when its turn comes: no path that is printed differs.
    fn run_one(&self, side: usize, arguments: &[String]) -> io::Result<Output> {
        fs::rename(&self.copies[side], &self.folder)?;
        let mut command = Command::new(self.programs[side]);
        command.args(arguments).current_dir(&self.folder).env_remove(MESSAGES_VARIABLE).stdin(Stdio::null());
        let output = command.output();
        fs::rename(&self.folder, &self.copies[side])?;
        output
    }

    /// Of the only project, or the first. Where there is none, or none that can be read, words that are as good for the
    /// commands to refuse.
    fn facts(&self) -> io::Result<Facts> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let lines = |output: Output| String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        let plan: Vec<String> = lines(self.run_one(0, &words(&["plan"]))?);
        let figures: Vec<String> = lines(self.run_one(0, &words(&["figures", "--format", "json"]))?);
        let parsed = |lines: &[String]| -> Option<Value> { serde_json::from_str(lines.first()?).ok() };
        let (plan, figures) = (parsed(&plan).unwrap_or_default(), parsed(&figures).unwrap_or_default());
        let text = |value: &Value, otherwise: &str| value.as_str().unwrap_or(otherwise).to_owned();
        let output = text(&plan["outputs"][0], "TEST-1/");
        let indicators = figures["indicators"].as_array().into_iter().flatten();
        let indicators: BTreeSet<String> = indicators.map(|indicator| text(&indicator["code"], "I1")).collect();
        Ok(Facts {
            code: output.split('/').next().unwrap_or_default().to_owned(),
            unit: text(&plan["unit"], "inputs/case#2017-Q1/quarterly"),
            report: text(&plan["report"], "quarterly"),
            period: text(&plan["period"], "2017-Q1"),
            indicators: if indicators.is_empty() { words(&["I1"]) } else { indicators.into_iter().collect() },
        })
    }
}

/// Differences with the command before what isn't the same.
fn named(command: &str, mut comparison: Comparison) -> Comparison {
    for difference in &mut comparison.differences {
        difference.thing = format!("{command}: {}", difference.thing);
    }
    comparison
}

fn write_files(folder: &Path, files: &Files) -> io::Result<()> {
    for (name, content) in files.iter().filter(|(name, _)| !name.ends_with('/')) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, content)?;
    }
    Ok(())
}

fn project_count(inputs: &Path) -> io::Result<usize> {
    let files = if inputs.is_dir() { files(inputs)? } else { Files::new() };
    Ok(files.keys().filter(|path| path.split('/').nth(1) == Some("project.toml")).count())
}
