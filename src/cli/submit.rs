use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::figure_changes::print_changes;
use super::{CommandError, Exit, ProjectFolder, Terminal, init};
use crate::diagnostic::{kinds, phrases};
use crate::folder::shown_path;
use crate::pipeline::{self, BuildProgress, KeptRows, NotSubmitted, SubmitRequest};
use crate::proof::{KeyFault, SecretKey};

/// Keep a report as it is sent, so that later corrections show up as restated figures
///
/// Keeps the files of the last build, byte for byte, in the project's folder under submitted/; refuses where the inputs
/// give something else by now. What is sent again is kept as the next version beside the earlier one.
///
/// Example: donor-report submit inputs/myla-2017 --report quarterly --period 2017-Q1
///
/// Example: donor-report submit --report quarterly --period 2017-Q1 --sent scan.pdf --date 2017-04-18
///
/// Example: donor-report submit --report quarterly --period 2017-Q1 --sign office.key
#[derive(Debug, Args)]
pub struct Arguments {
    /// The project's folder; may be left out where inputs/ holds one project
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,
    /// Name of the report that is sent
    #[arg(long, value_name = "NAME")]
    report: String,
    /// Its reporting period
    #[arg(long, value_name = "CODE")]
    period: String,
    /// Folder that the documents were built in
    #[arg(long, value_name = "DIR", default_value = "build")]
    out: PathBuf,
    /// The files that were really sent, if not those of the last build: an earlier PDF, an edited Word file, a scan, a filled form
    #[arg(long, value_name = "FILE", num_args = 1..)]
    sent: Vec<PathBuf>,
    /// The day on which it was sent, such as 2017-04-18
    #[arg(long, value_name = "DAY", value_parser = init::date)]
    date: Option<Date>,
    /// Whom it was sent to
    #[arg(long, value_name = "WHOM")]
    to: Option<String>,
    /// Your secret key of minisign or OpenSSH (Ed25519), to sign the PDFs with; it is read, and not kept
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let folder = ProjectFolder::find_one(arguments.project.as_ref())?;
    let key = arguments.sign.as_deref().map(|file| read_key(file, terminal)).transpose()?;
    let request = SubmitRequest {
        report: &arguments.report,
        period: &arguments.period,
        out: &arguments.out,
        sent: &arguments.sent,
        date: arguments.date,
        to: arguments.to.clone(),
        key: key.as_ref(),
    };
    let kept = pipeline::submit(&folder.path, &request, &WaitingNotice { folder: &folder, terminal });
    let kept = kept.map_err(|reason| match reason {
        NotSubmitted::Failed(error) => error.into(),
        NotSubmitted::Unreadable(problem) => problem.into(),
        NotSubmitted::Faulty(problems) => CommandError::Faulty { folder: folder.shown.clone(), problems },
        NotSubmitted::Refused(problem) => CommandError::Refused(problem),
    })?;
    let count = kept.files.to_string();
    let shown = shown_path(&kept.folder);
    let sentence = match kept.version {
        1 => terminal.phrase(phrases::Submitted::Plain { count, folder: shown }),
        version => terminal.phrase(phrases::Submitted::Again { count, folder: shown, version: version.to_string() }),
    };
    terminal.print_result(&sentence);
    if !kept.changes.is_empty() {
        terminal.print_result(&terminal.phrase(phrases::SentOtherwise));
        print_changes(&kept.changes, &kept.fractions, terminal);
    }
    if key.is_some() {
        terminal.print_result(&match kept.signatures.as_slice() {
            [] => terminal.phrase(phrases::Signed::Nothing),
            files => terminal.phrase(phrases::Signed::Plain { files: files.join(", ") }),
        });
    }
    match kept.rows {
        KeptRows::Sealed => {}
        KeptRows::NoKey => terminal.print_note(&terminal.phrase(phrases::SubmittedWithoutRows::Plain)),
        KeptRows::OtherFigures => terminal.print_note(&terminal.phrase(phrases::SubmittedWithoutRows::Other)),
    }
    Ok(Exit::Done)
}

/// Reads the key that signs; its password is asked for on a terminal.
fn read_key(file: &Path, terminal: &Terminal) -> Result<SecretKey, CommandError> {
    let shown = shown_path(file);
    let text = fs::read_to_string(file).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => CommandError::new(kinds::BadKey::Plain { file: shown.clone() }),
        _ => CommandError::new(kinds::CannotRead { file: shown.clone(), why: error.to_string() }),
    })?;
    let ask = || {
        let is_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        let question = terminal.phrase(phrases::AskPassword { file: shown.clone() });
        is_terminal.then(|| rpassword::prompt_password(format!("{question} ")).ok()).flatten()
    };
    SecretKey::read(&text, &ask).map_err(|fault| {
        let file = shown.clone();
        CommandError::new(match fault {
            KeyFault::Unknown => kinds::BadKey::Plain { file },
            KeyFault::Encrypted => kinds::BadKey::Encrypted { file },
            KeyFault::WrongPassword => kinds::BadKey::Password { file },
            KeyFault::EncryptedSsh => kinds::BadKey::Ssh { file },
        })
    })
}

/// Prints only that another build holds the outputs.
pub(super) struct WaitingNotice<'a> {
    pub folder: &'a ProjectFolder,
    pub terminal: &'a Terminal,
}

impl BuildProgress for WaitingNotice<'_> {
    fn waiting_for_lock(&self) {
        let folder = self.folder.shown.clone();
        self.terminal.print_note(&self.terminal.phrase(phrases::WaitingForLock { folder }));
    }
}
