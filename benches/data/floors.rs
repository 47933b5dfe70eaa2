//! What the libraries alone take for a whole project: reading its tables, and writing the very cells and documents that
//! we make of it.

use std::path::Path;
use std::time::Instant;

use donor_report::render::pdf::{FontCoverage, data_files};
use donor_report::report::annex::{AnnexInput, compose_annex};
use donor_report::report::profile::Profile;
use donor_report::{disclosure, indicators, ingest};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::{bare, prepared};

/// What the libraries take for each step.
#[derive(Clone, Copy, Default)]
pub struct Floors {
    pub read: Time,
    pub write: Time,
    /// Loading fonts and templates: once for a portfolio.
    pub fonts: Time,
    /// All documents of the report, one after the other, nothing remembered.
    pub pdfs: Time,
    /// What had to be made first to have the same cells and documents: none of the libraries' work.
    pub prepared: Time,
}

/// Seconds on the clock and of the processors.
#[derive(Clone, Copy, Default)]
pub struct Time {
    pub wall: f64,
    pub cpu: f64,
}

impl Time {
    fn measure<T>(work: impl FnOnce() -> T) -> (T, Time) {
        let (start, before) = (Instant::now(), cpu_seconds(UsageWho::RUSAGE_SELF));
        let made = work();
        (made, Time { wall: start.elapsed().as_secs_f64(), cpu: cpu_seconds(UsageWho::RUSAGE_SELF) - before })
    }

    fn plus(self, other: Time) -> Time {
        Time { wall: self.wall + other.wall, cpu: self.cpu + other.cpu }
    }

    fn without(self, other: Time) -> Time {
        Time { wall: self.wall - other.wall, cpu: self.cpu - other.cpu }
    }
}

impl Floors {
    /// CPU seconds of a project by itself.
    pub fn cpu(self) -> f64 {
        self.fonts.cpu + self.cpu_without_fonts()
    }

    /// CPU seconds of a project among so many that loading the fonts counts for nothing.
    pub fn cpu_without_fonts(self) -> f64 {
        self.read.cpu + self.write.cpu + self.pdfs.cpu
    }
}

/// CPU seconds of this process, or of all of its children that have ended.
pub fn cpu_seconds(who: UsageWho) -> f64 {
    let usage = getrusage(who).expect("what was used");
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6
}

/// The floors under the first report of a project, over its whole time.
pub fn measure_floors(folder: &Path) -> Floors {
    let ((), read) = Time::measure(|| {
        for file in ["activities.xlsx", "participants.xlsx", "logframe.xlsx"] {
            bare::read_cells(&folder.join(file));
        }
    });
    let ((checked, figures, releases), counted) = Time::measure(|| {
        let checked = ingest::read(folder);
        let project = checked.project.as_ref().unwrap_or_else(|| panic!("it has errors: {:#?}", checked.problems));
        let figures = indicators::count(project);
        let releases = disclosure::release(project, &figures);
        (checked, figures, releases)
    });
    let project = checked.project.as_ref().expect("a project without errors");
    let report = &project.settings.reports[0];
    let period = project.logframe.periods.iter().position(|period| period.code == "project").expect("its period");
    let released = releases.for_report(report);
    let (languages, waived) = (&report.annexes[0], &checked.waived);
    let input = AnnexInput { project, figures: &figures, released, period, report, languages, waived };
    let (view, viewed) = Time::measure(|| compose_annex(&input).expect("the period is there"));
    let scratch = tempfile::tempdir().expect("a temporary folder");
    // Writing them bare walks over the rows, too; that is ours.
    let (cells, walking) = Time::measure(|| bare::count_cells(&view));
    assert!(cells > 0);
    let path = scratch.path().join("bare.xlsx");
    let ((), writing) = Time::measure(|| bare::write_cells(&view, &path, scratch.path()).expect("a workbook"));

    let (profile, loaded) =
        Time::measure(|| Profile::load(&report.profile, None).unwrap_or_else(|problems| panic!("{problems:#?}")));
    let (typesetter, fonts) = Time::measure(bare::Typesetter::new);
    let (mut pdfs, mut composed) = (Time::default(), Time::default());
    for languages in &report.documents {
        let (data, composing) = Time::measure(|| {
            let document = prepared::compose_document(project, (released, report, &profile), period, languages, waived);
            data_files(&document, &FontCoverage::new(&Default::default())).expect("a view")
        });
        composed = composed.plus(composing);
        comemo::evict(0);
        let annexed = b"an annex of a few bytes".to_vec();
        let ((), setting) = Time::measure(|| drop(bare::BareWorld::new(&typesetter, data, annexed).pdf()));
        pdfs = pdfs.plus(setting);
    }
    let prepared = [counted, viewed, walking, walking, loaded, composed].into_iter().fold(Time::default(), Time::plus);
    Floors { read, write: writing.without(walking), fonts, pdfs, prepared }
}
