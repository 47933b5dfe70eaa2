use sha2::{Digest, Sha256};

/// Draws `size` of the `addresses` without replacement: those whose SHA-256 of seed, group and address comes first. The
/// same seed draws the same ones on every machine, and whoever knows it can check the draw with any program. Returns
/// indices in their order.
pub fn draw(seed: u64, group: &str, addresses: &[String], size: usize) -> Vec<usize> {
    let hash = |address: &String| Sha256::digest(format!("{seed}\n{group}\n{address}"));
    let mut ranked: Vec<_> = addresses.iter().map(hash).zip(0..).collect();
    ranked.sort_unstable();
    let mut drawn: Vec<usize> = ranked.into_iter().take(size).map(|(_, at)| at).collect();
    drawn.sort_unstable();
    drawn
}
