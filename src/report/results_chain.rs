//! The order of results and their indicators: one for documents and annexes.

use crate::model::{IndicatorId, Logframe, ResultId};

/// The results chain from its roots down, each with its depth.
pub(super) fn flatten_chain(logframe: &Logframe) -> Vec<(ResultId, u8)> {
    let nodes = &logframe.results;
    let mut out: Vec<(ResultId, u8)> = Vec::new();
    let mut open: Vec<(ResultId, u8)> = Vec::new();
    let children = |parent: Option<ResultId>| {
        (0..nodes.len() as u16).map(ResultId).filter(move |id| nodes[usize::from(id.0)].parent == parent).rev()
    };
    open.extend(children(None).map(|id| (id, 0)));
    while let Some((id, depth)) = open.pop() {
        // A chain that bites its own tail has no root, and is refused at ingest; a doubled visit is left out here.
        if out.iter().any(|(seen, _)| *seen == id) {
            continue;
        }
        out.push((id, depth));
        open.extend(children(Some(id)).map(|child| (child, depth.saturating_add(1))));
    }
    out
}

/// Some indicators by their results, in the order of the chain; those without a result last.
pub(super) fn group_by_result(logframe: &Logframe, ids: &[IndicatorId]) -> Vec<(Option<ResultId>, Vec<IndicatorId>)> {
    let own = |result: Option<ResultId>| -> Vec<IndicatorId> {
        ids.iter().copied().filter(|id| logframe.indicator(*id).result == result).collect()
    };
    let mut groups: Vec<_> = flatten_chain(logframe).into_iter().map(|(id, _)| (Some(id), own(Some(id)))).collect();
    groups.push((None, own(None)));
    groups.retain(|(_, ids)| !ids.is_empty());
    groups
}
