use std::path::Path;

use super::load::{self, Loaded};
use super::prose::Edition;
use super::submitted;
use crate::diagnostic::Problem;
use crate::{disclosure, indicators};

/// Everything that can be said of a project without writing anything: what [`load`] finds, and, where there is a
/// project to count, what its prose says against its figures, too.
pub fn review(folder: &Path) -> Loaded {
    let mut loaded = load::read(folder);
    let mut found: Vec<Problem> = Vec::new();
    if let (Some(project), Some(prose)) = (&loaded.checked.project, &loaded.prose) {
        let figures = indicators::count(project);
        let releases = disclosure::release(project, &figures);
        found.extend(loaded.check_narrative(Some(&releases)));
        found.extend(releases.problems().iter().cloned());
        found.extend(submitted::restated(folder, project, &figures).problems);
        for report in &project.settings.reports {
            for period in &report.periods {
                if let Some(edition) = Edition::new(project, prose, &figures, &releases, &report.name, period) {
                    edition.fill(&mut found);
                }
            }
        }
    }
    if loaded.checked.project.is_none() {
        found.extend(loaded.check_narrative(None));
    }
    add_new(&mut loaded.problems, found);
    loaded
}

/// Sections that serve several periods are looked at for each; what is said of one of them is said once.
pub(super) fn add_new(problems: &mut Vec<Problem>, found: Vec<Problem>) {
    for problem in found {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
}
