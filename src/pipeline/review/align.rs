//! What two rows of texts have in common.

use std::collections::BTreeMap;

/// More comparisons than these aren't made for texts that differ in the middle.
const MAX_CELLS: usize = 30_000_000;

/// A text on one line, with single blanks.
pub(super) fn normalize(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Indices of the longest common subsequence of two lists.
pub(super) fn align<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let begin = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (&a[begin..], &b[begin..]);
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (inner_a, inner_b) = (&rest_a[..rest_a.len() - end], &rest_b[..rest_b.len() - end]);
    let mut pairs: Vec<(usize, usize)> = (0..begin).map(|at| (at, at)).collect();
    if inner_a.len().saturating_mul(inner_b.len()) <= MAX_CELLS {
        pairs.extend(align_inner(inner_a, inner_b).into_iter().map(|(a, b)| (a + begin, b + begin)));
    }
    pairs.extend((0..end).map(|at| (a.len() - end + at, b.len() - end + at)));
    pairs
}

fn align_inner<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    for at in (0..a.len()).rev() {
        for to in (0..b.len()).rev() {
            longest[at * width + to] = if a[at] == b[to] {
                longest[(at + 1) * width + to + 1] + 1
            } else {
                longest[(at + 1) * width + to].max(longest[at * width + to + 1])
            };
        }
    }
    let (mut at, mut to) = (0, 0);
    let mut pairs = Vec::new();
    while at < a.len() && to < b.len() {
        if a[at] == b[to] {
            pairs.push((at, to));
            (at, to) = (at + 1, to + 1);
        } else if longest[(at + 1) * width + to] >= longest[at * width + to + 1] {
            at += 1;
        } else {
            to += 1;
        }
    }
    pairs
}

/// Which share of the words of two texts is the same, from 0 to 1.
pub(super) fn similarity(a: &str, b: &str) -> f64 {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    a.split_whitespace().for_each(|word| *counts.entry(word).or_default() += 1);
    let (mut common, mut words) = (0, a.split_whitespace().count());
    for word in b.split_whitespace() {
        words += 1;
        if let Some(left) = counts.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            common += 2;
        }
    }
    if words == 0 { 1.0 } else { f64::from(common) / words as f64 }
}

/// Pairs items between the pairs that are known, in order, where they are similar enough.
pub(in crate::pipeline) fn pair_similar(
    a: &[String],
    b: &[String],
    known: &[(usize, usize)],
    least: f64,
) -> Vec<(usize, usize)> {
    let mut pairs = known.to_vec();
    let ends = known.iter().copied().chain([(a.len(), b.len())]);
    let (mut from_a, mut from_b) = (0, 0);
    for (to_a, to_b) in ends {
        let mut next = from_b;
        for (at, words) in a.iter().enumerate().take(to_a).skip(from_a) {
            let best = (next..to_b).map(|to| (to, similarity(words, &b[to]))).fold(
                None,
                |best: Option<(usize, f64)>, item| match best {
                    Some(known) if known.1 >= item.1 => Some(known),
                    _ => Some(item),
                },
            );
            if let Some((to, _)) = best.filter(|(_, similarity)| *similarity >= least) {
                pairs.push((at, to));
                next = to + 1;
            }
        }
        (from_a, from_b) = (to_a + 1, to_b + 1);
    }
    pairs.sort_unstable();
    pairs
}
