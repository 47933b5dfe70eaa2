//! What a claim may say of indicators.

use super::value::CompareOp;
use crate::indicators::Status;

/// What a claim says of its indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClaimKind {
    /// The indicator has this status.
    Status(Status),
    /// The level is beyond the target, in the indicator's direction.
    BeyondTarget,
    /// The value compares so with an earlier one.
    Change(CompareOp),
    /// The value compares so with zero.
    Zero(CompareOp),
    /// The first value compares so with the second.
    Pair(CompareOp),
    /// The first value compares so with half of the second.
    Half(CompareOp),
}

/// A kind of claim by its name; `not_…` denies another one.
#[derive(Debug)]
pub(super) struct Claim {
    pub name: &'static str,
    pub kind: ClaimKind,
    pub is_negated: bool,
}

impl Claim {
    /// How many indicators or values the claim is about.
    pub fn subjects(&self) -> usize {
        match self.kind {
            ClaimKind::Pair(_) | ClaimKind::Half(_) => 2,
            ClaimKind::Status(_) | ClaimKind::BeyondTarget | ClaimKind::Change(_) | ClaimKind::Zero(_) => 1,
        }
    }
}

const fn claim(name: &'static str, kind: ClaimKind) -> Claim {
    Claim { name, kind, is_negated: false }
}

const fn negated_claim(name: &'static str, kind: ClaimKind) -> Claim {
    Claim { name, kind, is_negated: true }
}

pub(super) const CLAIMS: &[Claim] = &[
    claim("achieved", ClaimKind::Status(Status::Achieved)),
    negated_claim("not_achieved", ClaimKind::Status(Status::Achieved)),
    claim("exceeded", ClaimKind::BeyondTarget),
    negated_claim("not_exceeded", ClaimKind::BeyondTarget),
    claim("on_track", ClaimKind::Status(Status::OnTrack)),
    claim("at_risk", ClaimKind::Status(Status::AtRisk)),
    claim("off_track", ClaimKind::Status(Status::OffTrack)),
    claim("increased", ClaimKind::Change(CompareOp::Greater)),
    claim("decreased", ClaimKind::Change(CompareOp::Less)),
    claim("unchanged", ClaimKind::Change(CompareOp::Equal)),
    claim("some", ClaimKind::Zero(CompareOp::Greater)),
    claim("none", ClaimKind::Zero(CompareOp::Equal)),
    claim("all", ClaimKind::Pair(CompareOp::Equal)),
    negated_claim("not_all", ClaimKind::Pair(CompareOp::Equal)),
    claim("most", ClaimKind::Half(CompareOp::Greater)),
    claim("half", ClaimKind::Half(CompareOp::Equal)),
    claim("minority", ClaimKind::Half(CompareOp::Less)),
    claim("more", ClaimKind::Pair(CompareOp::Greater)),
    claim("fewer", ClaimKind::Pair(CompareOp::Less)),
    claim("equal", ClaimKind::Pair(CompareOp::Equal)),
];

/// The claim of a name; blanks or hyphens may stand for its underscores (`at risk`).
pub(super) fn find_claim(name: &str) -> Option<&'static Claim> {
    let name = name.trim().replace([' ', '-'], "_");
    CLAIMS.iter().find(|claim| claim.name == name)
}
