use std::path::Path;

use super::edition::{Edition, FilledProse};
use super::forms::fill_forms;
use super::load::{self, Loaded};
use super::outcome::add_new;
use super::picture_faults::find_picture_faults;
use super::report_version::version_of;
use super::restated::{self, Restated};
use super::unprinted_characters::find_unprinted;
use super::variance::fold_variances;
use crate::diagnostic::Problem;
use crate::disclosure::Releases;
use crate::indicators::Figures;
use crate::{disclosure, indicators};

/// Everything that can be found in a project without writing anything: what [`load`](super::load()) finds, and, if there is
/// a project to count, what its prose says against its figures, too.
pub fn check(folder: &Path) -> Loaded {
    let mut loaded = load::read(folder);
    let mut found = Vec::new();
    let (mut problems, _) = check_editions(&loaded, folder, |edition, prose, restated| {
        fill_forms(edition).into_iter().for_each(|form| add_new(&mut found, form.problems));
        if edition.profile.sections.iter().any(|section| section.char_limit.is_some()) {
            for languages in &edition.report.documents {
                let document = edition.compose(languages, prose, &loaded.checked.waived, restated, None);
                add_new(&mut found, edition.find_long_sections(languages, &document));
            }
        }
    });
    problems.append(&mut found);
    problems.extend(loaded.prose.iter().flat_map(find_picture_faults));
    add_new(&mut loaded.problems, problems);
    fold_variances(&mut loaded.problems);
    loaded
}

/// Counts a project that was read and fills in its prose: the problems, and the figures of all periods, nothing hidden, with
/// what of them reports may show. Every edition is passed to `visit` with its prose and what differs from submitted reports.
pub(super) fn check_editions(
    loaded: &Loaded,
    folder: &Path,
    mut visit: impl FnMut(&Edition, &FilledProse, &Restated),
) -> (Vec<Problem>, Option<(Figures, Releases)>) {
    let mut problems: Vec<Problem> = Vec::new();
    let Some(project) = &loaded.checked.project else {
        return (loaded.check_narrative(None), None);
    };
    let Some(prose) = &loaded.prose else { return (problems, None) };
    let figures = indicators::count(project);
    let releases = disclosure::release(project, &figures);
    problems.extend(loaded.check_narrative(Some(&releases)));
    problems.extend(releases.problems().iter().cloned());
    let mut restated = restated::find_restated(folder, project, &figures);
    problems.append(&mut restated.problems);
    problems.extend(find_unprinted(folder, project, prose));
    for report in &project.settings.reports {
        for period in &report.periods {
            if let Some(edition) = Edition::new(project, prose, &figures, &releases, &report.name, period) {
                let filled = edition.fill(&mut problems);
                let version = version_of(&edition, &filled, &restated, &loaded.checked.waived);
                visit(&edition.with_version(version), &filled, &restated);
            }
        }
    }
    (problems, Some((figures, releases)))
}
