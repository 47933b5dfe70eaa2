use std::collections::{BTreeMap, BTreeSet};

use super::{Trace, TraceKind};
use crate::diagnostic::{Place, Problem, ProblemKind, kinds};

/// How many outputs a problem names.
const MOST_OUTPUTS: usize = 3;

/// What was found in outputs: the outputs' names by trace.
pub type Findings = BTreeMap<Trace, BTreeSet<String>>;

/// Where traces come from.
#[derive(Default)]
pub struct Origins {
    /// The cells and lines that documents print, by trace.
    pub printed: BTreeMap<Trace, BTreeSet<Place>>,
    /// The cells of rows about persons, by hash of the trace.
    pub registered: BTreeMap<[u8; 16], Place>,
}

/// An error at each cell or line that a trace comes from, with the cell about the person as a second place; at the latter
/// alone if the former isn't known, and at the output if neither is.
pub fn report_leaks(findings: &Findings, origins: &Origins) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (trace, outputs) in findings {
        let problem = || Problem::error(kind(trace.kind, outputs));
        let registered = origins.registered.get(&trace.hash);
        let at = |place: &Place| {
            let second = registered.filter(|registered| *registered != place);
            second.into_iter().fold(problem().at(place.clone()), |problem, second| problem.at(second.clone()))
        };
        match (origins.printed.get(trace), registered) {
            (Some(places), _) => problems.extend(places.iter().map(at)),
            (None, Some(registered)) => problems.push(problem().at(registered.clone())),
            (None, None) => problems.extend(outputs.iter().take(1).map(|output| problem().at(Place::file(output)))),
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
        TraceKind::BirthDate => kinds::PersonalDataInOutput::BirthDate { outputs },
    }
    .into()
}
