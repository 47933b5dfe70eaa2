use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::build::{Built, CouldNotRun, PROGRAM};
use super::evidence::period_days;
use super::units::{self, Made};
use crate::model::Project;
use crate::output::{Evidence, FolderLock, Record, Stage, changes, explain_changes};

/// Everything is made: puts it into its places, and the record last, so that a record never tells more than stands.
/// What other builds have made meanwhile is read now and kept.
pub(super) fn publish(
    mut built: Built,
    made: Made,
    project: &Project,
    inputs: &BTreeMap<String, String>,
    stage: &Stage,
    home: &Path,
) -> Result<Built, CouldNotRun> {
    let _lock = FolderLock::publishing(home)?;
    let (before, evidence_before) = (Record::read(home).unwrap_or_default(), Evidence::read(home));
    let known = units::asked(&project.settings, &super::Extent::Whole);
    let state = Record::state(PROGRAM, inputs);
    let mut record = Record { planned: known.clone(), ..Record::new(PROGRAM, inputs.clone()) };
    let mut evidence = Evidence::new(period_days(project));
    let others: Vec<&String> = known.iter().filter(|unit| !made.units.contains(unit)).collect();
    record.take_over(&before, &others, units::belongs);
    evidence.rows = evidence_before.rows.clone();
    evidence.rows.insert(state.clone(), made.rows);
    for unit in others {
        if let Some(sentences) = evidence_before.sentences.get(unit) {
            evidence.sentences.insert(unit.clone(), sentences.clone());
        }
    }
    evidence.sentences.extend(made.sentences);
    let mut fault = None;
    for output in made.outputs {
        if output.current {
            built.kept += 1;
        } else if let Err(failed) = stage.publish(&output.name) {
            // One file that another program holds open doesn't keep the rest from its place.
            fault = fault.or(Some(failed));
            continue;
        } else {
            built.written.push(output.name.clone());
        }
        record.outputs.insert(output.name, output.recorded);
    }
    if fault.is_none() {
        record.units.extend(made.units.into_iter().map(|unit| (unit, state.clone())));
    }
    record.figures.extend(made.figures);
    evidence.forget_all_but(&record.units.values().collect::<BTreeSet<_>>());
    built.changes = changes(&before.figures, &record.figures);
    explain_changes(&mut built.changes, (&before, &evidence_before), (&record, &evidence));
    record.evidence = evidence.write(stage)?;
    record.write(stage)?;
    match fault {
        Some(fault) => Err(fault.into()),
        None => Ok(built),
    }
}
