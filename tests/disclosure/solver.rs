//! A plain solver for whole numbers between bounds under linear sums: what a curious reader would use.
//! Written without a look at how disclosure decides.

#[derive(Clone, Default)]
pub struct Solver {
    low: Vec<i64>,
    high: Vec<i64>,
    /// A value to try first.
    hint: Vec<i64>,
    sums: Vec<Sum>,
}

#[derive(Clone)]
struct Sum {
    terms: Vec<(usize, i64)>,
    low: i64,
    high: i64,
}

pub type Terms = Vec<(usize, i64)>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Possible(Vec<i64>),
    Impossible,
    /// The search took too long.
    Unknown,
}

const UNBOUNDED: i64 = 1_000;

impl Solver {
    pub fn number(&mut self, hint: i64) -> usize {
        self.low.push(0);
        self.high.push(UNBOUNDED);
        self.hint.push(hint);
        self.low.len() - 1
    }

    pub fn hint(&self, number: usize) -> i64 {
        self.hint[number]
    }

    pub fn between(&mut self, terms: Terms, low: i64, high: Option<i64>) {
        let mut together: Terms = Vec::new();
        for (number, sign) in terms {
            match together.iter_mut().find(|(other, _)| *other == number) {
                Some((_, signs)) => *signs += sign,
                None => together.push((number, sign)),
            }
        }
        together.retain(|(_, sign)| *sign != 0);
        self.sums.push(Sum { terms: together, low, high: high.unwrap_or(i64::MAX / 4) });
    }

    pub fn exactly(&mut self, terms: Terms, value: i64) {
        self.between(terms, value, Some(value));
    }

    /// Values that agree with everything, in which the sum is not `value`.
    pub fn differing(&self, terms: &Terms, value: i64) -> Answer {
        let mut answer = Answer::Impossible;
        for (low, high) in [(value + 1, None), (i64::MIN / 4, Some(value - 1))] {
            let mut other = self.clone();
            other.between(terms.clone(), low, high);
            let mut budget = 300;
            match other.search(self.low.clone(), self.high.clone(), &mut budget) {
                Answer::Possible(values) => return Answer::Possible(values),
                Answer::Unknown => answer = Answer::Unknown,
                Answer::Impossible => {}
            }
        }
        answer
    }

    /// Whether the hints themselves keep every sum.
    pub fn hints_hold(&self) -> bool {
        self.sums.iter().all(|sum| {
            let value: i64 = sum.terms.iter().map(|(number, sign)| sign * self.hint[*number]).sum();
            sum.low <= value && value <= sum.high
        })
    }

    fn search(&self, mut low: Vec<i64>, mut high: Vec<i64>, budget: &mut u32) -> Answer {
        if *budget == 0 {
            return Answer::Unknown;
        }
        *budget -= 1;
        if !self.narrow(&mut low, &mut high) {
            return Answer::Impossible;
        }
        let open = (0..low.len()).filter(|at| low[*at] < high[*at]).min_by_key(|at| high[*at] - low[*at]);
        let Some(at) = open else { return Answer::Possible(low) };
        // Near the truth first, then what lies below and above it.
        let hint = self.hint[at].clamp(low[at], high[at]);
        let mut answer = Answer::Impossible;
        for (from, to) in [(hint, hint), (low[at], hint - 1), (hint + 1, high[at])] {
            if from > to {
                continue;
            }
            let (mut low, mut high) = (low.clone(), high.clone());
            (low[at], high[at]) = (from, to);
            match self.search(low, high, budget) {
                Answer::Possible(values) => return Answer::Possible(values),
                Answer::Unknown => answer = Answer::Unknown,
                Answer::Impossible => {}
            }
        }
        answer
    }

    /// Draws the bounds together until nothing changes; false where no value is left.
    fn narrow(&self, low: &mut [i64], high: &mut [i64]) -> bool {
        let end = |sign: i64, low: i64, high: i64| {
            if sign > 0 { (sign * low, sign * high) } else { (sign * high, sign * low) }
        };
        loop {
            let mut changed = false;
            for sum in &self.sums {
                let (mut least, mut most) = (0, 0);
                for &(number, sign) in &sum.terms {
                    let (a, b) = end(sign, low[number], high[number]);
                    least += a;
                    most += b;
                }
                if least > sum.high || most < sum.low {
                    return false;
                }
                for &(number, sign) in &sum.terms {
                    let (a, b) = end(sign, low[number], high[number]);
                    // What the others leave for this one.
                    let (need_low, need_high) = (sum.low.saturating_sub(most - b), sum.high.saturating_sub(least - a));
                    let (new_low, new_high) = if sign > 0 {
                        (div_up(need_low, sign), need_high.div_euclid(sign))
                    } else {
                        (div_up(-need_high, -sign), (-need_low).div_euclid(-sign))
                    };
                    if new_low <= low[number] && new_high >= high[number] {
                        continue;
                    }
                    low[number] = low[number].max(new_low);
                    high[number] = high[number].min(new_high);
                    if low[number] > high[number] {
                        return false;
                    }
                    let (closer, nearer) = end(sign, low[number], high[number]);
                    least += closer - a;
                    most += nearer - b;
                    changed = true;
                }
            }
            if !changed {
                return true;
            }
        }
    }
}

fn div_up(value: i64, by: i64) -> i64 {
    -(-value).div_euclid(by)
}
