//! What ends the app beside Ctrl-C: its page, or that there is none any more.

use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::{MissedTickBehavior, interval};

/// Pages that may listen at once.
pub(super) const MOST_STREAMS: usize = 64;

/// How often pages are counted.
const COUNTED_EVERY: Duration = Duration::from_secs(10);

/// How many times in turn nobody must have listened: five minutes, in which a page may be reloaded, or a browser that went to
/// sleep comes back.
const COUNTS_WITHOUT_PAGE: u32 = 30;

/// Whether the app is to end.
#[derive(Default)]
pub(super) struct Ending {
    requested: Notify,
}

impl Ending {
    /// Has the app end.
    pub fn request(&self) {
        self.requested.notify_one();
    }

    /// Waits until it is requested; where nobody may be before a console, also until no page has listened for minutes.
    /// `streams` has a permit for each page that may still come.
    pub async fn wait(&self, ends_with_page: bool, streams: &Semaphore) {
        if ends_with_page {
            tokio::select! {
                () = self.requested.notified() => {}
                () = wait_for_no_page(streams) => {}
            }
        } else {
            self.requested.notified().await;
        }
    }
}

async fn wait_for_no_page(streams: &Semaphore) {
    let mut clock = interval(COUNTED_EVERY);
    // A machine that slept doesn't count what it missed.
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut without_page = 0;
    while without_page < COUNTS_WITHOUT_PAGE {
        clock.tick().await;
        without_page = if streams.available_permits() == MOST_STREAMS { without_page + 1 } else { 0 };
    }
}
