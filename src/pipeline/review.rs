use std::path::Path;

use super::load::{self, Loaded};
use super::prose::{Edition, Filled};
use super::submitted::{self, Difference};
use crate::diagnostic::Problem;
use crate::indicators::Figures;
use crate::{disclosure, indicators};

/// Everything that can be said of a project without writing anything: what [`load`] finds, and, where there is a
/// project to count, what its prose says against its figures, too.
pub fn review(folder: &Path) -> Loaded {
    let mut loaded = load::read(folder);
    let (found, _) = look(&loaded, folder, |_, _, _, _| ());
    add_new(&mut loaded.problems, found);
    loaded
}

/// What is to be said of a project that was read, and its figures; `each` is shown every edition with its prose.
pub(super) fn look(
    loaded: &Loaded,
    folder: &Path,
    mut each: impl FnMut(&Edition, &Filled, &[Difference], &mut Vec<Problem>),
) -> (Vec<Problem>, Option<Figures>) {
    let mut found: Vec<Problem> = Vec::new();
    let Some(project) = &loaded.checked.project else {
        return (loaded.check_narrative(None), None);
    };
    let Some(prose) = &loaded.prose else { return (found, None) };
    let figures = indicators::count(project);
    let releases = disclosure::release(project, &figures);
    found.extend(loaded.check_narrative(Some(&releases)));
    found.extend(releases.problems().iter().cloned());
    let restated = submitted::restated(folder, project, &figures);
    found.extend(restated.problems);
    for report in &project.settings.reports {
        for period in &report.periods {
            if let Some(edition) = Edition::new(project, prose, &figures, &releases, &report.name, period) {
                let filled = edition.fill(&mut found);
                each(&edition, &filled, &restated.differences, &mut found);
            }
        }
    }
    (found, Some(figures))
}

/// Sections that serve several periods are looked at for each; what is said of one of them is said once.
pub(super) fn add_new(problems: &mut Vec<Problem>, found: Vec<Problem>) {
    for problem in found {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
}
