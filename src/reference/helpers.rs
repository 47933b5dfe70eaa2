//! Helpers of prose, and how large prose and pictures may be.

use super::topic_words::TopicWords;
use super::{Term, Topic, TopicEntry, TopicPart};
use crate::locale::Locale;
use crate::model::Lang;
use crate::render::picture::picture_limits;
use crate::report::narrative::{
    HelperArgument, HelperSignature, claim_kinds, helper_signatures, item_fields, prose_limits,
};

pub(super) fn topic(words: &TopicWords) -> Topic {
    let signatures = helper_signatures();
    let entries = signatures.iter().map(|signature| helper(signature, words)).collect();
    let helpers = TopicPart::untitled(entries, words);
    Topic::new(words, vec![helpers, options(&signatures, words), fields(&signatures, words), claims(words)])
}

fn helper(signature: &HelperSignature, words: &TopicWords) -> TopicEntry {
    let options = signature.options.iter().map(|(name, value)| option_line(name, value, words));
    TopicEntry {
        details: options.collect(),
        ..TopicEntry::new(
            signature.name,
            Term::Code(call(signature, words)),
            vec![words.said("helpers", signature.name)],
        )
    }
}

fn option_line(name: &str, value: &HelperArgument, words: &TopicWords) -> String {
    format!("`{name}={}`: {}", argument(value, words), words.said("options", name))
}

/// `{{actual INDICATOR [in=PERIOD]}}`
fn call(signature: &HelperSignature, words: &TopicWords) -> String {
    let mark = if signature.is_block { "#" } else { "" };
    let mut parts = vec![format!("{mark}{}", signature.name)];
    parts.extend(signature.params.iter().map(|param| argument(param, words)));
    if signature.is_variadic {
        parts.push("…".to_owned());
    }
    parts.extend(signature.options.iter().map(|(name, value)| format!("[{name}={}]", argument(value, words))));
    format!("{{{{{}}}}}", parts.join(" "))
}

fn argument(argument: &HelperArgument, words: &TopicWords) -> String {
    match argument {
        HelperArgument::Kind(kind) => words.said("arguments", kind),
        HelperArgument::OneOf(known) => known.join("|"),
    }
}

/// Every option of any helper, once for each set of values that it may have.
fn options(signatures: &[HelperSignature], words: &TopicWords) -> TopicPart {
    let mut seen: Vec<(&str, &HelperArgument)> = Vec::new();
    for (name, value) in signatures.iter().flat_map(|signature| &signature.options) {
        if !seen.contains(&(name, value)) {
            seen.push((name, value));
        }
    }
    let entry = |(name, value): (&str, &HelperArgument)| {
        let term = Term::Code(format!("{name}={}", argument(value, words)));
        TopicEntry::new(name, term, vec![words.said("options", name)])
    };
    TopicPart::new("options", seen.into_iter().map(entry).collect(), words)
}

fn fields(signatures: &[HelperSignature], words: &TopicWords) -> TopicPart {
    let entry = |(kind, fields): (&'static str, Vec<&'static str>)| {
        let helper = signatures.iter().find(|signature| signature.yields == kind).map(|signature| signature.name);
        TopicEntry {
            names: [Some(kind), helper].into_iter().flatten().map(str::to_owned).collect(),
            ..TopicEntry::new(kind, Term::Code(helper.unwrap_or(kind).to_owned()), vec![fields.join(", ")])
        }
    };
    TopicPart::new("fields", item_fields().into_iter().map(entry).collect(), words)
}

fn claims(words: &TopicWords) -> TopicPart {
    let entry = |(name, _)| TopicEntry::new(name, Term::Code(name.to_owned()), vec![words.said("claims", name)]);
    TopicPart {
        names: vec!["claim".to_owned()],
        ..TopicPart::new("claims", claim_kinds().into_iter().map(entry).collect(), words)
    }
}

/// What is bounded for all projects; `[limits]` of project.toml has what a project may set.
pub(super) fn limits_topic(words: &TopicWords) -> Topic {
    let locale = Locale::new(&Lang::new(&words.lang));
    let shown = |most: u64| locale.as_ref().map_or_else(|| most.to_string(), |locale| locale.number(most.into()));
    let prose = prose_limits().map(|(name, most)| (name, most as u64));
    let limits = prose.into_iter().chain(picture_limits());
    let entry = |(name, most)| TopicEntry::new(name, Term::Plain(words.said("limits", name)), vec![shown(most)]);
    let part = TopicPart::untitled(limits.map(entry).collect(), words);
    Topic::new(words, vec![part])
}
