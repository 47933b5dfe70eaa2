//! What this process holds, as the system tells it; zero where it doesn't.

#![allow(dead_code, reason = "each benchmark uses its part")]

/// The most memory held since the start, or since [`forget_peak`], in KiB.
pub fn peak_kib() -> u64 {
    told("VmHWM:")
}

/// The memory held now, in KiB.
pub fn held_kib() -> u64 {
    told("VmRSS:")
}

/// The most memory is counted anew from here.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn told(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}
