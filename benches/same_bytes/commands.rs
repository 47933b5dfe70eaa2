//! What is done with a project: every command that says or writes something about it, in every format and language of
//! messages, before and after a change of its data.

use super::scenario::{Facts, Step};

/// Commands of the program, each with a help of its own.
const COMMANDS: [&str; 14] = [
    "build",
    "check",
    "figures",
    "explain",
    "watch",
    "app",
    "init",
    "submit",
    "diff",
    "plan",
    "completions",
    "man",
    "licences",
    "help",
];

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// Command lines that can't be understood.
const MISTAKES: [&str; 12] = [
    "",
    "biuld",
    "build --frce",
    "build --jobs 0",
    "build nowhere",
    "build --unit nonsense",
    "build --unit inputs/nowhere#iati --force --report x",
    "figures --format xml",
    "explain",
    "help nonsense",
    "init",
    "submit",
];

/// Arguments parted by spaces.
fn run(line: &str) -> Step {
    Step::Run(line.split_whitespace().map(str::to_owned).collect())
}

fn runs(lines: &[String]) -> Vec<Step> {
    lines.iter().map(|line| run(line)).collect()
}

/// How thoroughly a project is gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What it writes, before and after a change.
    Outputs,
    /// Each command.
    Once,
    /// Builds of parts of it as well, by force and with nothing to do.
    Thorough,
}

/// The commands for one project. `rows` are such as `explain --row` takes; `change` edits its data.
pub fn of_project(folder: &str, facts: &Facts, rows: &[&str], change: Vec<Step>, depth: Depth) -> Vec<Step> {
    let mut steps = runs(&[format!("plan {folder}")]);
    steps.extend(check(folder));
    steps.push(run(&format!("build {folder}")));
    if depth >= Depth::Once {
        steps.extend(questions(folder, facts, rows));
    }
    steps.extend(submission(folder, facts));
    steps.extend(change);
    steps.extend(after_the_change(folder, facts));
    if depth >= Depth::Thorough {
        steps.extend(parts(folder, facts));
    }
    steps
}

fn check(folder: &str) -> Vec<Step> {
    let formats = ["text", "json"].into_iter();
    let each = formats.flat_map(|format| ["en", "mk"].map(|lang| (format, lang)));
    each.map(|(format, lang)| run(&format!("check {folder} --format {format} --messages {lang}"))).collect()
}

/// `figures` and `explain`: what only reads.
fn questions(folder: &str, facts: &Facts, rows: &[&str]) -> Vec<Step> {
    let Facts { period, indicators, .. } = facts;
    let mut steps: Vec<Step> =
        ["table", "json", "csv"].iter().map(|format| run(&format!("figures {folder} --format {format}"))).collect();
    for format in ["text", "json"] {
        steps.extend(indicators.iter().map(|code| run(&format!("explain {folder} {code} --format {format}"))));
        steps.extend(rows.iter().map(|row| explain_row(folder, row, format, "en")));
    }
    steps.extend(rows.iter().map(|row| explain_row(folder, row, "text", "mk")));
    steps.extend(runs(&[
        format!("figures {folder} --period {period} --messages mk"),
        format!("figures {folder} --period nonsense"),
        format!("explain {folder} {} --period {period} --messages mk", indicators[0]),
        format!("explain {folder} nonsense"),
    ]));
    steps
}

/// Sheets have names with spaces.
fn explain_row(folder: &str, row: &str, format: &str, lang: &str) -> Step {
    let words = ["explain", folder, "--row", row, "--format", format, "--messages", lang];
    Step::Run(words.map(str::to_owned).to_vec())
}

fn submission(folder: &str, Facts { report, period, .. }: &Facts) -> Vec<Step> {
    runs(&[
        format!("diff {folder}"),
        format!("submit {folder} --report {report} --period {period}"),
        format!("submit {folder} --report {report} --period {period} --messages mk"),
        format!("diff {folder}"),
    ])
}

fn after_the_change(folder: &str, Facts { code, .. }: &Facts) -> Vec<Step> {
    let mut steps = runs(&[format!("diff {folder}"), format!("diff {folder} --messages mk")]);
    steps.push(Step::Copy { from: "build".to_owned(), to: "before".to_owned() });
    steps.extend(runs(&[
        format!("check {folder}"),
        format!("build {folder}"),
        format!("diff --builds before/{code} build/{code}"),
        format!("diff --builds before/{code} build/{code} --messages mk"),
    ]));
    steps
}

/// Builds of parts, of nothing and of everything again.
fn parts(folder: &str, Facts { unit, report, period, .. }: &Facts) -> Vec<Step> {
    runs(&[
        format!("build --unit {unit} --out units"),
        format!("build {folder} --report {report} --period {period} --out part --jobs 1 --messages mk"),
        format!("build {folder} --report nonsense"),
        format!("build {folder} --period nonsense"),
        format!("submit {folder} --report {report} --period {period} --again"),
        format!("build {folder} --messages mk"),
        format!("build {folder} --force"),
        format!("diff {folder} --report {report} --period {period}"),
    ])
}

/// The commands for all projects of a folder.
pub fn of_portfolio(change: Vec<Step>) -> Vec<Step> {
    let lines = ["plan", "check", "build", "build --messages mk", "figures --format csv", "figures"];
    let mut steps: Vec<Step> = lines.map(run).into();
    steps.extend(change);
    steps.extend(["build", "check --format json", "explain I1", "diff"].map(run));
    steps
}

/// New projects, and what can be done with them.
pub fn of_init() -> Vec<Step> {
    let mut steps: Vec<Step> = [
        "init inputs/empty",
        "init inputs/empty",
        "init inputs/empty --messages mk",
        "init inputs/water --empty --code WATER-01 --languages en --start 2026-01-01 --end 2027-12-31 --title en=Water --donor Fund",
        "init inputs/mk --languages mk --code MK-01 --messages mk",
        "init inputs/example --example",
        "init inputs/from --from books/activities.xlsx books/participants.xlsx books/logframe.xlsx books/lists.xlsx",
        "init inputs/folder --from books --code BOOKS-01 --messages mk",
        "init inputs/part --from books/activities.xlsx --code PART-01",
        "init inputs/untidy --from untidy.csv --code UNTIDY-01 --languages en,mk",
        "init inputs/dates --start 2026-02-01 --end 2026-01-01",
        "init inputs/nothing --from nowhere.xlsx",
        "init inputs/lang --languages xx --messages mk",
    ]
    .map(run)
    .into();
    for project in ["empty", "water", "mk", "example", "from", "folder", "part", "untidy"] {
        steps.extend(["check", "build"].map(|command| run(&format!("{command} inputs/{project}"))));
    }
    steps
}

/// Help of every command, manual pages, completions and complaints about command lines.
pub fn of_help() -> Vec<Step> {
    let mut lines: Vec<String> = vec!["--version".into(), "licences".into(), "man".into()];
    lines.extend(SHELLS.map(|shell| format!("completions {shell}")));
    lines.extend(COMMANDS.map(|command| format!("man {command}")));
    for lang in ["en", "mk"] {
        let mut words: Vec<String> = vec!["--help".into(), "-h".into(), "help".into()];
        words.extend(
            COMMANDS
                .iter()
                .flat_map(|command| [format!("help {command}"), format!("{command} --help"), format!("{command} -h")]),
        );
        words.extend(MISTAKES.map(str::to_owned));
        lines.extend(words.iter().map(|line| format!("--messages {lang} {line}")));
    }
    lines.push("--messages xx check".into());
    runs(&lines)
}
