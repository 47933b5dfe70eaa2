use std::process::ExitCode;

fn main() -> ExitCode {
    share_freed_memory();
    donor_report::cli::run(std::env::args_os())
}

/// The GNU allocator keeps what a thread gave back for that thread. Here tables are read, annexes written and pages laid
/// out by different ones, in turn: with one pool for all of them a large project takes a fifth less memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn share_freed_memory() {
    // SAFETY: a call of the C library with two numbers, before any other thread is started.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn share_freed_memory() {}
