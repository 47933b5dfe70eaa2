//! Help, and errors of the command line, in the language of messages. English is what the doc comments and clap say;
//! every other language is in `templates/help.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Args, Command};
use serde::Deserialize;

use super::{CommandError, Exit, Terminal};
use crate::diagnostic::{kinds, nearest, phrases};
use crate::reference::{self, Topic};

static BY_LANGUAGE: LazyLock<BTreeMap<String, HelpTexts>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/help.toml"))
        .unwrap_or_else(|error| panic!("templates/help.toml: {error}"))
});

/// How many names the error for an unknown one lists.
const MOST_NAMES: usize = 60;

/// What clap would say by itself, and what the doc comments say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HelpTexts {
    usage: String,
    commands: String,
    arguments: String,
    options: String,
    /// `{value}`, `{values}`: put behind the help of an argument.
    default: String,
    choice: String,
    example: String,
    help: String,
    version: String,
    about: String,
    error: String,
    tip: String,
    more: String,
    /// Kind of error → sentence with `{argument}`, `{value}`, `{other}`.
    errors: BTreeMap<String, String>,
    /// Flag → what its value has to be, where clap can't list it.
    values: BTreeMap<String, String>,
    /// The arguments that every command takes.
    global: BTreeMap<String, String>,
    command: BTreeMap<String, CommandTexts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandTexts {
    about: String,
    long: Option<String>,
    #[serde(default)]
    args: BTreeMap<String, String>,
}

/// Print the help of a command, or what is known of a topic: helpers, tables, profiles, problems …
///
/// Example: donor-report help build
///
/// Example: donor-report help helpers
///
/// Example: donor-report help problems invalid-date
#[derive(Debug, Args)]
pub struct Arguments {
    /// A command, or one of the topics that `donor-report help` lists; left out: the program as a whole
    #[arg(value_name = "COMMAND|TOPIC")]
    command: Option<String>,
    /// One thing of a topic: a helper, a table or column, a key of project.toml, a profile, the code of a problem
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

pub(super) fn run(arguments: &Arguments, command: Command, terminal: &Terminal) -> Result<Exit, CommandError> {
    let lang = terminal.catalogue().lang();
    let topic = arguments.command.as_deref().and_then(|name| reference::topic(name, lang));
    match (topic, &arguments.name) {
        (Some(topic), None) => terminal.print_result(&reference::write_text(&topic, false, width())),
        (Some(topic), Some(name)) => {
            let found = topic.narrowed(name).ok_or_else(|| no_such_entry(&topic, name))?;
            terminal.print_result(&reference::write_text(&found, true, width()));
        }
        (None, Some(name)) => {
            let words = [arguments.command.as_deref().unwrap_or_default(), name];
            return Err(no_such_command(&command, &words.join(" ")));
        }
        (None, None) => {
            let is_program = arguments.command.is_none();
            let mut page = find(command, arguments.command.as_deref())?;
            terminal.keep_failure(page.print_long_help());
            if is_program {
                terminal.print_result(&topics(lang, terminal));
            }
        }
    }
    Ok(Exit::Done)
}

/// The topics, one a line, as clap lists commands.
fn topics(lang: &str, terminal: &Terminal) -> String {
    let mut lines = vec![String::new(), terminal.phrase(phrases::HelpTopics)];
    lines.extend(reference::topics().map(|name| format!("  {name:<11}  {}", reference::about(name, lang))));
    lines.join("\n")
}

fn no_such_entry(topic: &Topic, name: &str) -> CommandError {
    let mut known = topic.names();
    if known.len() > MOST_NAMES {
        known.truncate(MOST_NAMES);
        known.push("…");
    }
    CommandError::new(kinds::NoSuchEntry {
        known: known.join(", "),
        name: name.to_owned(),
        nearest: topic.nearest(name).map(str::to_owned),
        topic: topic.name.to_owned(),
    })
}

/// How wide help is: as the terminal is, but no line should be longer than an eye follows.
fn width() -> usize {
    const WIDEST: usize = 100;
    let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    set.or_else(found).unwrap_or(WIDEST).min(WIDEST)
}

/// A command by its name, as its own help shows it; none: the program.
///
/// # Errors
/// There is no command of this name.
pub(super) fn find(mut command: Command, name: Option<&str>) -> Result<Command, CommandError> {
    command.build();
    let Some(name) = name else { return Ok(command) };
    command.find_subcommand(name).cloned().ok_or_else(|| no_such_command(&command, name))
}

fn no_such_command(command: &Command, name: &str) -> CommandError {
    let mut known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    for topic in reference::topics() {
        known.push(topic);
    }
    let nearest = nearest(name, known).map(str::to_owned);
    CommandError::new(kinds::NoSuchCommand { command: name.to_owned(), nearest })
}

/// The program's command line as a language describes it.
pub(super) fn in_language(command: Command, lang: &str) -> Command {
    let Some(texts) = BY_LANGUAGE.get(lang) else { return command };
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = texts.frame(command.about(texts.about.clone()).long_about(None), &texts.global, true);
    for name in names {
        let Some(words) = texts.command.get(&name) else { continue };
        command = command.mut_subcommand(&name, |sub| {
            let examples = examples(&sub);
            let mut long = words.long.clone().unwrap_or_else(|| words.about.clone());
            if !examples.is_empty() {
                long = format!("{long}\n\n{}\n{}", texts.example, examples.join("\n"));
            }
            texts.frame(sub.about(words.about.clone()).long_about(long), &words.args, false)
        });
    }
    command
}

/// The command lines that a command's help shows, each on a line of its own.
fn examples(command: &Command) -> Vec<String> {
    let text = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("Example: ")).map(|line| format!("  {line}")).collect()
}

impl HelpTexts {
    fn frame(&self, command: Command, args: &BTreeMap<String, String>, is_root: bool) -> Command {
        let mut command = command
            .help_template(format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}", self.usage))
            .subcommand_help_heading(self.commands.clone())
            .mut_args(|arg| {
                let help = args.get(arg.get_id().as_str()).cloned();
                self.argument(arg, help)
            })
            .disable_help_flag(true)
            .arg(self.flag("help", 'h', ArgAction::Help, &self.help));
        if is_root {
            command =
                command.disable_version_flag(true).arg(self.flag("version", 'V', ArgAction::Version, &self.version));
        }
        command
    }

    fn flag(&self, name: &'static str, short: char, action: ArgAction, help: &str) -> Arg {
        Arg::new(name).short(short).long(name).action(action).help(help.to_owned()).help_heading(self.options.clone())
    }

    fn argument(&self, arg: Arg, help: Option<String>) -> Arg {
        let heading = if arg.is_positional() { self.arguments.clone() } else { self.options.clone() };
        let mut arg = arg.help_heading(heading);
        let Some(mut help) = help else { return arg };
        let takes_value = arg.get_action().takes_values();
        let defaults: Vec<String> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        let choices: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        if takes_value && !choices.is_empty() {
            help.push_str(&self.choice.replace("{values}", &choices.join(", ")));
        }
        if takes_value && !defaults.is_empty() {
            help.push_str(&self.default.replace("{value}", &defaults.join(", ")));
        }
        arg = arg.help(help).long_help(None).hide_possible_values(true).hide_default_value(true);
        arg
    }
}

/// The sentence of an option without its value, which clap takes for an invalid one.
const MISSING_VALUE: &str = "MissingValue";

/// What is wrong with a command line, in a language; none where that language leaves it to clap, as English does.
pub(super) fn error_in_language(error: &clap::Error, lang: &str) -> Option<String> {
    let texts = BY_LANGUAGE.get(lang).filter(|_| error.use_stderr())?;
    let kind = error.kind();
    let is_missing = error.get(ContextKind::InvalidValue).is_none_or(|value| text(value).is_empty());
    // An option at the end of the line, without its value.
    let name =
        if kind == ErrorKind::InvalidValue && is_missing { MISSING_VALUE.to_owned() } else { format!("{kind:?}") };
    let sentence = texts.errors.get(&name)?;
    let of = |kinds: &[ContextKind]| -> String {
        let texts = kinds.iter().filter_map(|kind| error.get(*kind)).map(text);
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let message = sentence
        .replace("{argument}", &of(&[ContextKind::InvalidArg, ContextKind::InvalidSubcommand]))
        .replace("{value}", &of(&[ContextKind::InvalidValue]))
        .replace("{other}", &of(&[ContextKind::PriorArg, ContextKind::ValidValue, ContextKind::ValidSubcommand]));
    let flag = of(&[ContextKind::InvalidArg]);
    let flag = flag.split_whitespace().next().unwrap_or_default();
    let wanted = texts.values.get(flag).filter(|_| kind == ErrorKind::ValueValidation || name == MISSING_VALUE);
    let wanted = wanted.map(|wanted| format!(": {wanted}")).unwrap_or_default();
    let near = of(&[ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand]);
    let tip = if near.is_empty() { String::new() } else { format!("\n  {}", texts.tip.replace("{near}", &near)) };
    Some(format!("{}: {message}{wanted}{tip}\n\n{}\n", texts.error, texts.more))
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        _ => String::new(),
    }
}
