//! What this process holds, in KiB as Linux says; zero elsewhere.

#![allow(dead_code, reason = "each benchmark uses its part")]

/// The most memory held since the start, or since [`reset_peak`], in KiB.
pub fn peak_kib() -> u64 {
    read_status("VmHWM:")
}

/// The memory held now, in KiB.
pub fn current_kib() -> u64 {
    read_status("VmRSS:")
}

/// The most memory is counted anew from here.
pub fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn read_status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}
