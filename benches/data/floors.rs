//! What the libraries alone take for a whole project: reading its tables, and writing the very cells and documents that
//! we make of it.

use std::path::Path;
use std::time::Instant;

use donor_report::report::annex::{AnnexInput, annex};
use donor_report::report::profile::Profile;
use donor_report::{disclosure, indicators, ingest};

use super::{bare, prepared};

/// What each takes.
#[derive(Clone, Copy, Default)]
pub struct Floors {
    pub read: Spent,
    pub write: Spent,
    /// All documents of the report, one after the other, nothing remembered.
    pub pdfs: Spent,
}

/// Seconds on the clock and of the processors.
#[derive(Clone, Copy, Default)]
pub struct Spent {
    pub wall: f64,
    pub cpu: f64,
}

impl Spent {
    fn of(work: impl FnOnce()) -> Spent {
        let (start, before) = (Instant::now(), cpu_of_threads());
        work();
        Spent { wall: start.elapsed().as_secs_f64(), cpu: cpu_of_threads() - before }
    }

    fn plus(self, other: Spent) -> Spent {
        Spent { wall: self.wall + other.wall, cpu: self.cpu + other.cpu }
    }

    fn without(self, other: Spent) -> Spent {
        Spent { wall: self.wall - other.wall, cpu: self.cpu - other.cpu }
    }
}

impl Floors {
    pub fn cpu(self) -> f64 {
        self.read.cpu + self.write.cpu + self.pdfs.cpu
    }
}

/// CPU seconds of the threads that this process has.
fn cpu_of_threads() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    tasks.filter_map(of).sum::<f64>() / 1e9
}

/// The floors under the first report of a project, over its whole time.
pub fn floors(folder: &Path) -> Floors {
    let read = Spent::of(|| {
        for file in ["activities.xlsx", "participants.xlsx", "logframe.xlsx"] {
            bare::stream(&folder.join(file));
        }
    });
    let checked = ingest::read(folder);
    let project = checked.project.unwrap_or_else(|| panic!("the project has errors: {:#?}", checked.problems));
    let figures = indicators::count(&project);
    let releases = disclosure::release(&project, &figures);
    let report = &project.settings.reports[0];
    let period = project.logframe.periods.iter().position(|period| period.code == "project").expect("its period");
    let released = releases.for_report(report);
    let (languages, waived) = (&report.annexes[0], &checked.waived);
    let input = AnnexInput { project: &project, figures: &figures, released, period, report, languages, waived };
    let view = annex(&input).expect("the period is there");
    let scratch = tempfile::tempdir().expect("a temporary folder");
    // Writing them bare walks over the rows, too; that is ours.
    let walking = Spent::of(|| assert!(bare::walk(&view) > 0));
    let path = scratch.path().join("bare.xlsx");
    let write = Spent::of(|| bare::write(&view, &path, scratch.path()).expect("a workbook")).without(walking);

    let profile = Profile::load(&report.profile, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut pdfs = Spent::default();
    for languages in &report.documents {
        let document = prepared::document(&project, (released, report, &profile), period, languages, waived);
        let world = bare::BareWorld::new(&document, b"an annex of a few bytes".to_vec());
        comemo::evict(0);
        pdfs = pdfs.plus(Spent::of(|| drop(world.pdf())));
    }
    Floors { read, write, pdfs }
}
