//! The page to read first: how data walks from a folder to files.
//!
//! [`build`] reads everything that a project holds and collects every problem; counts, hides, composes and draws; and puts
//! what is out of date into `build/`. The commands `check`, `figures` and `explain` stop on the way.

#![warn(missing_docs)]

mod build_context;
mod check;
mod compare;
mod compare_inputs;
mod counted_columns;
mod current_state;
mod draft_marks;
mod edition;
mod edition_files;
mod erratum;
mod figure_changes;
mod forms;
mod leaks;
mod load;
mod outcome;
mod outputs;
mod picture_faults;
mod planned_units;
mod preview;
mod project_summary;
mod publish;
mod reason_writer;
mod recorded_rows;
mod recount;
mod report_version;
mod restated;
mod review;
mod sent_files;
mod sent_word;
mod submit;
mod table_cache;
mod unprinted_characters;
mod unrecorded_periods;
mod up_to_date;
mod variance;

use std::path::Path;

use build_context::BuildContext;
use leaks::{leak_scanner, report_with_origins};
use outcome::add_new;
use outputs::make_units;
use publish::{Making, StagedBuild, publish};
use recorded_rows::fingerprint_rows;
use table_cache::{CountedTables, InputHashes};
use unprinted_characters::find_unprinted;
use up_to_date::Freshness;
use variance::fold_variances;

use crate::diagnostic::Problem;
use crate::output::{FolderLock, Memory, Record, Stage};
use crate::render::xlsx::can_write_workbooks;

pub use check::check;
pub use compare::{Comparison, compare_builds, compare_built, compare_submitted};
pub use compare_inputs::{InputsOutcome, compare_inputs};
pub use erratum::{ErratumFault, ErratumRequest, WrittenErrata, write_errata};
pub use figure_changes::{describe_change, write_change, write_field, write_rows};
pub use forms::FormNote;
pub use load::{Loaded, Prose, load};
pub use outcome::{BuildError, BuildOptions, BuildProgress, Built, Extent};
pub use planned_units::{PlannedUnit, count_outputs, plan_units};
pub use preview::{Preview, PreviewDocument, preview};
pub use project_summary::{ProjectSummary, Standing, UnsentReport, find_next_unsent};
pub use reason_writer::{ReasonWriter, find_indicator, row_ranges};
pub use recount::{FilledPack, NotRecounted, RecountOrder, read_recount, write_recount_pack};
pub use restated::{Restated, Restatement, find_restated};
pub use review::{
    Review, ReviewFault, ReviewPlace, ReviewedComment, ReviewedFigure, ReviewedSentence, SentenceEdit,
    project_of_returned, review,
};
pub use submit::{KeptRows, NotSubmitted, SubmitRequest, Submitted, submit};
pub use table_cache::TableCache;
pub use up_to_date::find_up_to_date;
pub use variance::find_unexplained_variances;

/// Makes what is out of date of one project.
///
/// # Errors
/// If outputs can't be written, or the project has no such report or period as requested.
pub fn build(folder: &Path, options: &BuildOptions, progress: &dyn BuildProgress) -> Result<Built, BuildError> {
    let mut cache = TableCache::default();
    let built = rebuild(folder, options, progress, &mut cache);
    cache.drop_in_background();
    built
}

/// As [`build`], for a project that is built over and over: tables come from `cache` if only prose, profiles or templates
/// have changed since the last time.
///
/// # Errors
/// As [`build`].
pub fn rebuild(
    folder: &Path,
    options: &BuildOptions,
    progress: &dyn BuildProgress,
    cache: &mut TableCache,
) -> Result<Built, BuildError> {
    let Freshness { inputs, up_to_date } = Freshness::check(folder, options, rayon::current_num_threads());
    if let Some(built) = up_to_date {
        (0..built.kept).for_each(|_| progress.output_done());
        return Ok(built);
    }
    let (counted, inputs) = cache.take_or_read(folder, inputs, options);
    let built = build_counted(folder, &counted, &inputs, options, progress);
    cache.put(counted, inputs);
    built
}

/// Makes what is out of date of a project that was read and counted.
fn build_counted(
    folder: &Path,
    counted: &CountedTables,
    inputs: &InputHashes,
    options: &BuildOptions,
    progress: &dyn BuildProgress,
) -> Result<Built, BuildError> {
    match make(folder, counted, options, progress)? {
        Making::Stopped(built) => Ok(*built),
        Making::Staged(staged) => publish(*staged, inputs),
    }
}

/// Makes what is out of date beside the outputs, and leaves them as they are.
fn make<'c>(
    folder: &Path,
    counted: &'c CountedTables,
    options: &BuildOptions,
    progress: &dyn BuildProgress,
) -> Result<Making<'c>, BuildError> {
    let loaded = &counted.loaded;
    let Some(settings) = &loaded.checked.settings else {
        return Ok(Making::Stopped(Box::new(Built::new("", loaded.problems.clone()))));
    };
    let editions = planned_units::requested_editions(settings, &options.extent)?;
    let stopped = |mut problems: Vec<Problem>| {
        problems.retain(|problem| planned_units::is_asked_for(problem, &editions, &options.extent));
        Making::Stopped(Box::new(Built::new(&settings.code, problems)))
    };
    let (Some(project), Some(prose), Some((figures, releases)), false) =
        (&loaded.checked.project, &loaded.prose, &counted.figures, loaded.is_stopped())
    else {
        return Ok(stopped(loaded.problems_with_narrative(None)));
    };
    if !can_write_workbooks() {
        return Err(BuildError::ClockBefore1970);
    }

    let home = options.out.join(&settings.code);
    let lock = lock_outputs(&home, &options.extent, progress)?;
    let stage = Stage::open(&home)?;
    let memory = Memory::new(folder, &options.out);
    let previous = Record::read(&memory).filter(|_| !options.force);

    let mut problems = loaded.problems_with_narrative(Some(releases));
    problems.extend(releases.problems().iter().cloned());
    let mut restated = find_restated(folder, project, figures);
    problems.append(&mut restated.problems);
    problems.extend(find_unprinted(folder, project, prose));
    problems.retain(|problem| planned_units::is_asked_for(problem, &editions, &options.extent));
    if problems.iter().any(Problem::stops_all) {
        return Ok(stopped(problems));
    }
    // A draft is made without the sections that have errors.
    let is_left_out = |problem: &Problem| options.draft && problem.is_in("narrative/");
    let is_sound = |(report, period): &&(String, String)| {
        !problems.iter().any(|problem| problem.stops(report, period) && !is_left_out(problem))
    };
    let sound: Vec<(String, String)> = editions.iter().filter(is_sound).cloned().collect();

    let scanner = leak_scanner(folder, &loaded.checked);
    let context = BuildContext {
        project,
        prose,
        figures,
        releases,
        waived: &loaded.checked.waived,
        scanner: &scanner,
        restated: &restated,
        tables_hash: loaded.hash_tables(),
        home: &home,
        stage: &stage,
        previous: previous.as_ref(),
        is_draft: options.draft,
        progress,
    };
    let (made, rows) = rayon::join(
        || make_units(&context, &sound, options.extent.has_iati()),
        || memory.secret().ok().map(|secret| fingerprint_rows(project, figures, &secret)),
    );
    let mut made = made?;
    add_new(&mut problems, std::mem::take(&mut made.problems));
    problems.extend(report_with_origins(&made.leaks, folder, &loaded.checked, &scanner));

    fold_variances(&mut problems);
    let mut built = Built::new(&settings.code, problems);
    let units = editions.iter().map(|(report, period)| format!("{period}/{report}"));
    built.left_out = units.filter(|unit| !made.names.contains(unit)).collect();
    Ok(if built.is_stopped() {
        Making::Stopped(Box::new(built))
    } else {
        let submissions = restated.submissions;
        Making::Staged(Box::new(StagedBuild {
            built,
            made,
            rows,
            project,
            submissions,
            memory,
            stage,
            home,
            _lock: lock,
        }))
    })
}

/// A whole build runs alone, units of work side by side.
fn lock_outputs(home: &Path, extent: &Extent, progress: &dyn BuildProgress) -> Result<FolderLock, BuildError> {
    let waiting = || progress.waiting_for_lock();
    let lock = match extent {
        Extent::Whole => FolderLock::whole(home, waiting)?,
        Extent::Reports { .. } | Extent::Iati => FolderLock::unit(home, waiting)?,
    };
    Ok(lock)
}
