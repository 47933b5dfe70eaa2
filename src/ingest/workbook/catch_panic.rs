use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of a library that panics on some damaged files; `None` after a panic, for which nothing is printed.
/// What the code borrowed must not be used after a panic.
pub(super) fn catch_panic<T>(run: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default_hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                default_hook(info);
            }
        }));
    });
    let before = CATCHING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    CATCHING.set(before);
    outcome.ok()
}
