use std::collections::BTreeMap;

/// A code of the messages, the variant of its wording, and what fills the placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub code: &'static str,
    pub variant: Option<&'static str>,
    pub args: BTreeMap<&'static str, String>,
}

/// What is wrong, without where: made from the types of [`kinds`](super::kinds).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemKind(pub(super) Message);

/// What a command says that is no problem: made from the types of [`phrases`](super::phrases).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase(pub(super) Message);

type Args<const N: usize> = [(&'static str, String); N];

impl Message {
    fn new<const N: usize>(code: &'static str, variant: Option<&'static str>, args: Args<N>) -> Message {
        Message { code, variant, args: BTreeMap::from(args) }
    }
}

impl ProblemKind {
    pub(super) fn new<const N: usize>(code: &'static str, variant: Option<&'static str>, args: Args<N>) -> Self {
        ProblemKind(Message::new(code, variant, args))
    }
}

impl Phrase {
    pub(super) fn new<const N: usize>(code: &'static str, variant: Option<&'static str>, args: Args<N>) -> Self {
        Phrase(Message::new(code, variant, args))
    }
}
