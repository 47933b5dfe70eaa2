use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::compare::fractions;
use super::outcome::{BuildError, Built, PROGRAM};
use super::outputs::MadeUnits;
use super::planned_units::{belongs_to, plan_units};
use super::recorded_rows::period_days;
use super::table_cache::InputHashes;
use super::unrecorded_periods::report_forgotten_periods;
use crate::diagnostic::{Place, Problem, kinds};
use crate::folder::MEMORY_FOLDER;
use crate::model::Project;
use crate::output::{
    EvidenceFile, FolderLock, Memory, RESTRICTED, Record, RecordedRows, Stage, StageError, Submission, add_row_changes,
    diff_figures,
};

/// What came of making outputs beside those of the last build.
pub(super) enum Making<'p> {
    /// Nothing can be published.
    Stopped(Box<Built>),
    /// Everything was made.
    Staged(Box<StagedBuild<'p>>),
}

/// Outputs that are made and wait to be put into their places.
pub(super) struct StagedBuild<'p> {
    pub built: Built,
    pub made: MadeUnits,
    /// `None` where nothing can be remembered.
    pub rows: Option<RecordedRows>,
    pub project: &'p Project,
    /// What was submitted.
    pub submissions: Vec<Submission>,
    pub memory: Memory,
    /// Before the lock, so that it is gone when others go on.
    pub stage: Stage,
    /// `<out>/<code>`
    pub home: PathBuf,
    pub _lock: FolderLock,
}

/// Puts everything that was made into its place, and the record last, so that it never names more than there is. What
/// other builds have recorded in the meantime is read now and kept. Where nothing can be remembered, the next build is a
/// whole one.
pub(super) fn publish(staged: StagedBuild, inputs: &InputHashes) -> Result<Built, BuildError> {
    let StagedBuild { mut built, mut made, rows, project, submissions, memory, stage, home, _lock: _whole } = staged;
    let (stage, home) = (&stage, home.as_path());
    let _lock = FolderLock::publishing(home)?;
    let old_record = Record::read(&memory).or_else(|| Record::read_left(home));
    let open_memory = memory.open();
    if old_record.is_none() && open_memory.is_ok() {
        built.problems.extend(report_forgotten_periods(project, home, &submissions));
    }
    let old_record = old_record.unwrap_or_default();
    let old_evidence = EvidenceFile::read(&memory);
    let planned: Vec<String> = plan_units(&project.settings).into_iter().map(|unit| unit.name).collect();
    let others: Vec<&String> = planned.iter().filter(|unit| !made.names.contains(unit)).collect();
    let state = Record::state(PROGRAM, inputs);

    let mut evidence = EvidenceFile::new(period_days(project));
    evidence.rows.clone_from(&old_evidence.rows);
    evidence.rows.extend(rows.map(|rows| (state.clone(), rows)));
    let kept = others.iter().filter_map(|unit| old_evidence.sentences.get_key_value(*unit));
    evidence.sentences.extend(kept.map(|(unit, sentences)| (unit.clone(), sentences.clone())));
    evidence.sentences.append(&mut made.sentences);

    let mut record = Record { planned: planned.clone(), ..Record::new(PROGRAM, inputs.clone()) };
    record.copy_units(&old_record, &others, belongs_to);
    let failed = publish_outputs(&mut built, &mut made, &mut record, stage);
    built.withdrawn = withdraw_outputs(&old_record, &made, &record, home)?;
    built.forms = std::mem::take(&mut made.forms);
    built.forms.retain(|form| built.written.contains(&form.output));
    built.with_persons = made.with_persons.iter().filter(|name| built.written.contains(name)).cloned().collect();
    if failed.is_none() {
        record.units.extend(made.names.into_iter().map(|unit| (unit, state.clone())));
    }
    record.figures.extend(made.figures);
    evidence.retain_states(&record.units.values().collect::<BTreeSet<_>>());

    built.fractions = fractions(project);
    built.changes = diff_figures(&old_record.figures, &record.figures);
    add_row_changes(&mut built.changes, (&old_record, &old_evidence), (&record, &evidence));
    let remembered = open_memory.and_then(|memory| {
        record.evidence = evidence.write(&memory)?;
        record.write(&memory)
    });
    built.problems.extend(remembered.err().map(|error| report_not_remembered(&error)));
    built.removed = Record::remove_left(home)?.into_iter().map(str::to_owned).collect();
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(built),
    }
}

/// Removes outputs that lie where everybody's do and were made by a unit that is restricted by now, as they were written;
/// returns their names.
fn withdraw_outputs(old: &Record, made: &MadeUnits, record: &Record, home: &Path) -> Result<Vec<String>, StageError> {
    let is_restricted = |name: &str| name.strip_prefix(RESTRICTED).is_some_and(|rest| rest.starts_with('/'));
    let of_unit = |unit: &String| record.outputs.keys().any(|name| is_restricted(name) && belongs_to(name, unit));
    let units: Vec<&String> = made.names.iter().filter(|unit| of_unit(unit)).collect();
    let mut withdrawn = Vec::new();
    for (name, file) in &old.outputs {
        let is_left = !is_restricted(name) && units.iter().any(|unit| belongs_to(name, unit));
        if is_left && old.holds(home, name, &file.content) {
            let path = home.join(name);
            fs::remove_file(&path).map_err(|error| StageError { path, error })?;
            withdrawn.push(name.clone());
        }
    }
    Ok(withdrawn)
}

fn report_not_remembered(error: &StageError) -> Problem {
    Problem::warning(kinds::NotRemembered { why: error.error.to_string() }).at(Place::file(MEMORY_FOLDER))
}

/// Publishes outputs that aren't current and records them all. One file that another program holds open doesn't keep the
/// others from their places; the first error is returned.
fn publish_outputs(built: &mut Built, made: &mut MadeUnits, record: &mut Record, stage: &Stage) -> Option<StageError> {
    let mut first_error = None;
    for output in std::mem::take(&mut made.outputs) {
        if output.is_current {
            built.kept += 1;
        } else if let Err(error) = stage.publish(&output.name) {
            first_error = first_error.or(Some(error));
            continue;
        } else {
            built.written.push(output.name.clone());
        }
        record.outputs.insert(output.name, output.recorded);
    }
    first_error
}
