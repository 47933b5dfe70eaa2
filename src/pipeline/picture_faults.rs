use rayon::prelude::*;

use super::load::Prose;
use crate::diagnostic::Problem;
use crate::render::pdf::find_picture_fault;

/// Errors about pictures that no document could be drawn with.
pub(super) fn find_picture_faults(prose: &Prose) -> Vec<Problem> {
    let pictures: Vec<_> = prose.pictures.iter().collect();
    let faults = pictures.par_iter().filter_map(|(path, bytes)| {
        let fault = find_picture_fault(bytes, &prose.templates)?;
        Some(fault.problem(path))
    });
    faults.collect()
}
