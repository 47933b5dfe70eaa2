use std::collections::{BTreeMap, BTreeSet};

use super::{Trace, TraceKind};
use crate::diagnostic::{Place, Problem, ProblemKind, kinds};

/// How many outputs a problem names.
const MOST_OUTPUTS: usize = 3;

/// What was found in outputs: the outputs' names by trace.
pub type Findings = BTreeMap<Trace, BTreeSet<String>>;

/// An error at each cell or line that a trace comes from, or at the output if its origin isn't known.
pub fn report_leaks(findings: &Findings, origins: &BTreeMap<Trace, BTreeSet<Place>>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (trace, outputs) in findings {
        let problem = || Problem::error(kind(trace.kind, outputs));
        match origins.get(trace) {
            Some(places) => problems.extend(places.iter().map(|place| problem().at(place.clone()))),
            None => problems.extend(outputs.iter().take(1).map(|output| problem().at(Place::file(output)))),
        }
    }
    problems
}

fn kind(kind: TraceKind, outputs: &BTreeSet<String>) -> ProblemKind {
    let named: Vec<&str> = outputs.iter().take(MOST_OUTPUTS).map(String::as_str).collect();
    let more = if outputs.len() > MOST_OUTPUTS { " …" } else { "" };
    let outputs = format!("{}{more}", named.join(", "));
    match kind {
        TraceKind::Name => kinds::PersonalDataInOutput::Plain { outputs },
        TraceKind::Address => kinds::PersonalDataInOutput::Address { outputs },
        TraceKind::Telephone => kinds::PersonalDataInOutput::Telephone { outputs },
        TraceKind::PersonalNumber => kinds::PersonalDataInOutput::PersonalNumber { outputs },
    }
    .into()
}
