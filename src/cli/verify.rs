use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{CommandError, Exit, ProjectFolder, Terminal};
use crate::diagnostic::{Catalogue, kinds, phrases};
use crate::folder::shown_path;
use crate::output::FigureChange;
use crate::pipeline::{InputsOutcome, compare_inputs, describe_change, write_field};
use crate::proof::{
    AnnexCheck, AnnexOutcome, AttachmentCheck, AttachmentFault, CarriedReport, DifferentTotal, NumberSpan, PageCheck,
    PageOutcome, PdfFault, PublicKey, Verification, WrongFigure, verify,
};

/// Faults that a sentence lists; JSON lists all.
const LISTED: usize = 5;

/// Check a report that you were sent, by what it carries
///
/// Checks that its attachments match its manifest, that its annex gives the same figures, and that every figure is in its
/// place on the page. Nothing else is needed, and nothing leaves your computer. Text drawn over other text is read as it was
/// written, not as it looks. With the sender's public key, the signature file next to the report (REPORT.pdf.minisig or
/// REPORT.pdf.sig) is checked too.
///
/// Example: donor-report verify quarterly.en.pdf
///
/// Example: donor-report verify quarterly.en.pdf --key office.pub
///
/// Example: donor-report verify quarterly.en.pdf --inputs inputs/myla-2017
#[derive(Debug, Args)]
pub struct Arguments {
    /// The report
    #[arg(value_name = "REPORT.pdf")]
    file: PathBuf,
    /// The folder of the project that it is of: whether that gives the same figures today
    #[arg(long, value_name = "PROJECT")]
    inputs: Option<PathBuf>,
    /// The sender's public key of minisign or OpenSSH: a file, or the key itself
    #[arg(long, value_name = "PUBLICKEY")]
    key: Option<String>,
    /// Sentences to read, or JSON
    #[arg(long, value_enum, default_value_t = VerifyFormat::Text)]
    format: VerifyFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, CommandError> {
    let file = shown_path(&arguments.file);
    let bytes = fs::read(&arguments.file)
        .map_err(|error| CommandError::new(kinds::CannotRead { file: file.clone(), why: error.to_string() }))?;
    let key = arguments.key.as_deref().map(read_key).transpose()?;
    let found = verify(&bytes).map_err(|fault| unreadable(fault, file.clone()))?;
    let inputs = compare_with_inputs(arguments, &found)?;
    let signature = key.map(|key| check_signature(&key, &arguments.file, &bytes));
    match arguments.format {
        VerifyFormat::Json => {
            terminal.print_result(&to_json(&found, &file, inputs.as_ref(), signature.as_ref()).to_string());
        }
        VerifyFormat::Text => {
            terminal.print_result(&attachments_sentence(&found, terminal));
            terminal.print_result(&annex_sentence(&found, terminal));
            terminal.print_result(&pages_sentence(&found.pages, terminal));
            if let Some(inputs) = &inputs {
                terminal.print_result(&inputs_sentence(inputs, &found, terminal));
            }
            let last = signature.as_ref().map(|signature| signature_sentence(signature, terminal));
            terminal.print_result(&last.unwrap_or_else(|| terminal.phrase(phrases::VerifyUnsigned)));
        }
    }
    let is_same = inputs.is_none_or(|inputs| matches!(inputs, InputsOutcome::Same));
    let is_theirs = signature.is_none_or(|signature| signature.is_theirs == Some(true));
    Ok(if found.holds() && is_same && is_theirs { Exit::Done } else { Exit::Problems })
}

/// The public key of a file, or the key that is written in place of one.
fn read_key(named: &str) -> Result<PublicKey, CommandError> {
    let file = shown_path(Path::new(named));
    let text = match fs::read_to_string(named) {
        Ok(text) => text,
        Err(_) if !Path::new(named).exists() => named.to_owned(),
        Err(error) => return Err(CommandError::new(kinds::CannotRead { file, why: error.to_string() })),
    };
    PublicKey::read(&text).map_err(|_| CommandError::new(kinds::BadKey::Public { file }))
}

/// The signature beside a report.
struct SignatureBeside {
    file: String,
    /// `None` if there is none.
    is_theirs: Option<bool>,
}

fn check_signature(key: &PublicKey, report: &Path, content: &[u8]) -> SignatureBeside {
    let file = format!("{}{}", report.to_string_lossy(), key.ending());
    let signature = fs::read_to_string(&file).ok();
    let is_theirs = signature.map(|signature| key.has_signed(&signature, content));
    SignatureBeside { file: shown_path(Path::new(&file)), is_theirs }
}

/// What the project gives today, if one is named and the report says what it is.
fn compare_with_inputs(arguments: &Arguments, found: &Verification) -> Result<Option<InputsOutcome>, CommandError> {
    let Some(named) = &arguments.inputs else { return Ok(None) };
    let folder = ProjectFolder::find_one(Some(named))?;
    let Some(report) = &found.figures else { return Ok(Some(InputsOutcome::NoSuchReport)) };
    match compare_inputs(&folder.path, report) {
        Some(outcome) => Ok(Some(outcome)),
        // Its tables or prose have errors, printed as other commands print them.
        None => Err(Terminal::readable(&folder)
            .err()
            .unwrap_or(CommandError::Faulty { folder: folder.shown, problems: Vec::new() })),
    }
}

fn unreadable(fault: PdfFault, file: String) -> CommandError {
    match fault {
        PdfFault::NotPdf => CommandError::new(kinds::NoPdf { file }),
        PdfFault::Damaged => CommandError::new(kinds::DamagedPdf::Plain { file }),
        PdfFault::Encrypted => CommandError::new(kinds::DamagedPdf::Encrypted { file }),
        PdfFault::TooLarge => CommandError::new(kinds::DamagedPdf::Large { file }),
    }
}

/// The first faults in words, and how many more there are.
fn list<F>(faults: &[F], terminal: &Terminal, word: impl Fn(&F) -> String) -> String {
    let list = faults.iter().take(LISTED).map(word).collect::<Vec<_>>().join("; ");
    match faults.len().saturating_sub(LISTED) {
        0 => list,
        more => terminal.phrase(phrases::VerifyListMore { list, count: more.to_string() }),
    }
}

fn attachments_sentence(found: &Verification, terminal: &Terminal) -> String {
    let AttachmentCheck { has_manifest, files, faults } = &found.attachments;
    let word = |(file, fault): &(String, AttachmentFault)| {
        let file = file.clone();
        terminal.phrase(match fault {
            AttachmentFault::Changed => phrases::VerifyAttachment::Plain { file },
            AttachmentFault::Missing => phrases::VerifyAttachment::Missing { file },
            AttachmentFault::NotListed => phrases::VerifyAttachment::Unlisted { file },
            AttachmentFault::BadLine => phrases::VerifyAttachment::Unreadable { file },
        })
    };
    terminal.phrase(match (has_manifest, &found.figures) {
        (false, None) => phrases::VerifyAttachments::Foreign,
        (false, Some(_)) => phrases::VerifyAttachments::Unlisted,
        (true, _) if faults.is_empty() => phrases::VerifyAttachments::Plain { count: files.to_string() },
        (true, _) => phrases::VerifyAttachments::Different { files: list(faults, terminal, word) },
    })
}

fn annex_sentence(found: &Verification, terminal: &Terminal) -> String {
    let check = match &found.annex {
        AnnexOutcome::NotAttached => return terminal.phrase(phrases::VerifyAnnex::Absent),
        AnnexOutcome::Unreadable => return terminal.phrase(phrases::VerifyAnnex::Unreadable),
        AnnexOutcome::Checked(check) => check,
    };
    let AnnexCheck { figures: count, recalculated, uncalculated, different, stale, .. } = check;
    let (count, recalculated) = (count.to_string(), recalculated.to_string());
    let word = |total: &DifferentTotal| {
        let number = |number: Option<NumberSpan>| number.map_or("—".to_owned(), write_span);
        terminal.phrase(phrases::VerifyAnnexFigure {
            figure: found
                .figures
                .as_ref()
                .map(|report| name_of(report, &total.place, terminal.catalogue()))
                .unwrap_or_default(),
            annex: number(total.annex),
            figures: number(total.figures),
        })
    };
    terminal.phrase(if !different.is_empty() {
        let (wrong, figures) = (different.len().to_string(), list(different, terminal, word));
        phrases::VerifyAnnex::Different { wrong, count, figures }
    } else if !stale.is_empty() {
        let (wrong, cells) = (stale.len().to_string(), list(stale, terminal, Clone::clone));
        phrases::VerifyAnnex::Stale { wrong, cells }
    } else if *uncalculated > 0 {
        phrases::VerifyAnnex::Some { recalculated, count, left: uncalculated.to_string() }
    } else {
        phrases::VerifyAnnex::Plain { recalculated, count }
    })
}

fn pages_sentence(pages: &PageOutcome, terminal: &Terminal) -> String {
    let PageCheck { printed, placed, wrong } = match pages {
        PageOutcome::NoFigures => return terminal.phrase(phrases::VerifyPages::Unknown),
        PageOutcome::Unreadable => return terminal.phrase(phrases::VerifyPages::Unreadable),
        PageOutcome::Checked(check) => check,
    };
    let (all, count) = (printed.to_string(), placed.to_string());
    let word = |figure: &WrongFigure| {
        let (page, id, said) = (figure.page.to_string(), figure.id.clone(), figure.said.trim().to_owned());
        terminal.phrase(match figure.value.map(write_span) {
            None => phrases::VerifyPageFigure::Unknown { page, id },
            Some(value) if said.is_empty() => phrases::VerifyPageFigure::Empty { page, id, value },
            Some(value) => phrases::VerifyPageFigure::Plain { page, id, value, said },
        })
    };
    terminal.phrase(if !wrong.is_empty() {
        let (number, figures) = (wrong.len().to_string(), list(wrong, terminal, word));
        phrases::VerifyPages::Different { wrong: number, count, figures }
    } else if *placed == 0 && *printed > 0 {
        phrases::VerifyPages::Placeless { all }
    } else if placed < printed {
        phrases::VerifyPages::Some { count, all }
    } else {
        phrases::VerifyPages::Plain { count }
    })
}

fn inputs_sentence(inputs: &InputsOutcome, found: &Verification, terminal: &Terminal) -> String {
    let text =
        |pointer: &str| found.figures.as_ref().map(|report| report.text_at(pointer).to_owned()).unwrap_or_default();
    terminal.phrase(match inputs {
        InputsOutcome::Same => phrases::VerifyInputs::Plain,
        InputsOutcome::Changed { figures, fractions } => {
            let write = |change: &FigureChange| {
                let phrases::FigureChanged { document, indicator, field, old, new } =
                    describe_change(change, fractions, terminal.catalogue());
                let figure = format!("{document} {indicator} {field}");
                terminal.phrase(phrases::VerifyInputsFigure { figure, old, new })
            };
            let count = figures.len().to_string();
            phrases::VerifyInputs::Different { count, figures: list(figures, terminal, write) }
        }
        InputsOutcome::NoSuchReport => phrases::VerifyInputs::Other {
            project: text("/project"),
            report: text("/report"),
            period: text("/period/code"),
        },
    })
}

fn signature_sentence(SignatureBeside { file, is_theirs }: &SignatureBeside, terminal: &Terminal) -> String {
    let file = file.clone();
    terminal.phrase(match is_theirs {
        None => phrases::VerifySignature::Absent { file },
        Some(true) => phrases::VerifySignature::Plain { file },
        Some(false) => phrases::VerifySignature::Different { file },
    })
}

/// `518`, `16–32`
fn write_span(span: NumberSpan) -> String {
    let (from, to) = (span.from.normalize(), span.to.normalize());
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}

/// `/indicators/3/actual/served` → `I14 all who came in the period`
fn name_of(report: &CarriedReport, place: &str, catalogue: &Catalogue) -> String {
    let mut steps = place.splitn(4, '/').skip(2);
    let (index, rest) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    let field = rest.replace('/', ".").replace("~1", "/").replace("~0", "~");
    let code = report.text_at(&format!("/indicators/{index}/code"));
    format!("{code} {}", write_field(&field, catalogue))
}

fn to_json(
    found: &Verification,
    file: &str,
    inputs: Option<&InputsOutcome>,
    signature: Option<&SignatureBeside>,
) -> Value {
    let report = found.figures.as_ref().map(|figures| {
        let text = |pointer: &str| figures.text_at(pointer).to_owned();
        json!({ "project": text("/project"), "report": text("/report"), "period": text("/period/code") })
    });
    let faults = found.attachments.faults.iter().map(|(file, fault)| {
        let fault = match fault {
            AttachmentFault::Changed => "changed",
            AttachmentFault::Missing => "missing",
            AttachmentFault::NotListed => "not_listed",
            AttachmentFault::BadLine => "bad_line",
        };
        json!({ "file": file, "fault": fault })
    });
    json!({
        "schema": 1,
        "file": file,
        "report": report,
        "holds": found.holds(),
        "attachments": {
            "holds": found.attachments.holds(),
            "manifest": found.attachments.has_manifest,
            "files": found.attachments.files,
            "faults": faults.collect::<Vec<_>>(),
        },
        "annex": annex_json(&found.annex),
        "pages": pages_json(&found.pages),
        "inputs": inputs.map(inputs_json),
        "signature": signature.map(|signature| json!({ "holds": signature.is_theirs, "file": signature.file })),
    })
}

fn inputs_json(inputs: &InputsOutcome) -> Value {
    let changes = match inputs {
        InputsOutcome::Changed { figures, .. } => figures.as_slice(),
        InputsOutcome::Same | InputsOutcome::NoSuchReport => &[],
    };
    let changes = changes.iter().map(|change| {
        let FigureChange { document, indicator, field, old, new, .. } = change;
        json!({ "document": document, "indicator": indicator, "field": field, "report": old, "today": new })
    });
    json!({
        "holds": matches!(inputs, InputsOutcome::Same),
        "found": !matches!(inputs, InputsOutcome::NoSuchReport),
        "changed": changes.collect::<Vec<_>>(),
    })
}

fn annex_json(annex: &AnnexOutcome) -> Value {
    let AnnexOutcome::Checked(check) = annex else { return json!({ "holds": annex.holds() }) };
    let different = check.different.iter().map(|total| {
        json!({ "place": total.place, "annex": total.annex.map(write_span), "figures": total.figures.map(write_span) })
    });
    json!({
        "holds": annex.holds(),
        "figures": check.figures,
        "recalculated": check.recalculated,
        "not_calculated": check.uncalculated,
        "different": different.collect::<Vec<_>>(),
        "stale": check.stale,
    })
}

fn pages_json(pages: &PageOutcome) -> Value {
    let PageOutcome::Checked(check) = pages else { return json!({ "holds": pages.holds() }) };
    let wrong = check.wrong.iter().map(|figure| {
        json!({ "id": figure.id, "page": figure.page, "value": figure.value.map(write_span), "said": figure.said })
    });
    json!({ "holds": pages.holds(), "printed": check.printed, "placed": check.placed, "wrong": wrong.collect::<Vec<_>>() })
}
