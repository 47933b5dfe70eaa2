/// The quantile of the normal distribution that leaves 2.5 % above it.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's 95 % interval for the share of `population` rows that would be found, of which `sampled` were looked up and
/// `found` were: from 0 to 1. Drawing without replacement leaves less to chance the more of the rows were drawn, so that
/// z² is multiplied by (N − n) / (N − 1). `None` where nothing was looked up.
pub fn wilson_interval(found: u64, sampled: u64, population: u64) -> Option<(f64, f64)> {
    if sampled == 0 || found > sampled || sampled > population {
        return None;
    }
    let [x, n, all] = [found, sampled, population].map(|count| count as f64);
    let correction = if population > 1 { (all - n) / (all - 1.0) } else { 0.0 };
    let z2 = Z * Z * correction;
    let share = x / n;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = (z2 * (share * (1.0 - share) / n + z2 / (4.0 * n * n))).sqrt() / (1.0 + z2 / n);
    Some(((middle - half).max(0.0), (middle + half).min(1.0)))
}
