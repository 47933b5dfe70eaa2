use super::expr::split_path;
use super::item_kinds::{ItemKind, PathTarget, ROOTS};

const LOOP_NAMES: [&str; 3] = ["@index", "@first", "@last"];

/// What a block or partial lets its content name.
#[derive(Clone)]
pub(super) struct NameScope {
    /// `None` if it isn't known before the data is there: in a partial, or under an attribute.
    pub this: Option<PathTarget>,
    pub names: Vec<String>,
}

/// What a path leads to, `None` if that isn't known before the data is there; or the names that would have been known.
pub(super) type Resolved = Result<Option<PathTarget>, Vec<&'static str>>;

/// Resolves a path within nested scopes, the innermost last.
pub(super) fn resolve_path(path: &str, scopes: &[NameScope]) -> Resolved {
    let (up, names) = split_path(path);
    let visible = &scopes[..scopes.len().saturating_sub(up)];
    let mut segments = names.into_iter();
    let mut target = resolve_name(segments.next().unwrap_or("this"), visible)?;
    for segment in segments {
        target = match target {
            None => None,
            Some(PathTarget::Item(kind)) => resolve_field(kind, segment)?,
            Some(_) => return Err(Vec::new()),
        };
    }
    Ok(target)
}

fn resolve_name(name: &str, scopes: &[NameScope]) -> Resolved {
    if name == "this" {
        return scopes.last().map(|scope| scope.this).ok_or_else(Vec::new);
    }
    if name.starts_with('@') {
        let is_known = !scopes.is_empty() && LOOP_NAMES.contains(&name);
        return if is_known { Ok(Some(PathTarget::Value)) } else { Err(LOOP_NAMES.to_vec()) };
    }
    if let Some(scope) = scopes.iter().rev().find(|scope| scope.names.iter().any(|known| known == name)) {
        let is_item = scope.names.first().is_some_and(|first| first == name);
        return Ok(if is_item { scope.this } else { Some(PathTarget::Value) });
    }
    let mut known: Vec<&'static str> = Vec::new();
    let mut may_have_more = false;
    for scope in scopes.iter().rev() {
        match scope.this {
            Some(PathTarget::Item(kind)) => match kind.field(name) {
                Some(target) => return Ok(Some(target)),
                None => {
                    may_have_more |= kind.has_attributes();
                    known.extend(kind.field_names());
                }
            },
            None => may_have_more = true,
            Some(_) => {}
        }
    }
    if let Some((_, kind)) = ROOTS.iter().find(|(root, _)| *root == name) {
        return Ok(Some(PathTarget::Item(*kind)));
    }
    if may_have_more {
        return Ok(None);
    }
    known.extend(ROOTS.iter().map(|(root, _)| *root));
    Err(known)
}

fn resolve_field(kind: ItemKind, name: &str) -> Resolved {
    match kind.field(name) {
        Some(target) => Ok(Some(target)),
        None if kind.has_attributes() => Ok(None),
        None => Err(kind.field_names().collect()),
    }
}
