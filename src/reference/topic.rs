use super::topic_words::TopicWords;
use crate::diagnostic::nearest;

/// One topic of the reference.
#[derive(Clone, Debug)]
pub struct Topic {
    /// As `help` is asked for it.
    pub name: &'static str,
    /// Its heading.
    pub title: String,
    /// What is said before its parts; a blank line parts paragraphs.
    pub opening: String,
    /// The word for what must be there.
    pub required: String,
    /// In order.
    pub parts: Vec<TopicPart>,
    /// Whether the entries of its parts are too many to be read at once: the parts alone say what there is.
    pub is_shown_by_parts: bool,
}

/// A table of a topic, or a text of a file.
#[derive(Clone, Debug, Default)]
pub struct TopicPart {
    /// By which it can be asked for, as a whole.
    pub names: Vec<String>,
    /// None: it goes on under the title before.
    pub title: Option<String>,
    /// Paragraphs before its entries.
    pub opening: String,
    /// Headings of the entries' cells, the term's first.
    pub columns: Vec<String>,
    /// The rows.
    pub entries: Vec<TopicEntry>,
    /// Lines as they stand in a file.
    pub code: Option<String>,
}

/// A row: what something is called, and what is said of it.
#[derive(Clone, Debug)]
pub struct TopicEntry {
    /// By which it can be asked for.
    pub names: Vec<String>,
    /// What it is called.
    pub term: Term,
    /// The first is its meaning; the others are shown of what is asked for by name.
    pub cells: Vec<String>,
    /// Lines that only who asks for it by name is shown.
    pub details: Vec<String>,
    /// Likewise, as a terminal shows it.
    pub example: Option<String>,
}

/// The first cell of an entry.
#[derive(Clone, Debug)]
pub enum Term {
    /// As it is typed.
    Code(String),
    /// A word.
    Plain(String),
    /// A word of something that must be there.
    Required(String),
}

impl TopicEntry {
    /// An entry that is asked for by its own term.
    pub fn new(name: &str, term: Term, cells: Vec<String>) -> TopicEntry {
        TopicEntry { names: vec![name.to_owned()], term, cells, details: Vec::new(), example: None }
    }
}

impl TopicPart {
    /// A part whose words stand under its name, and that is asked for by it.
    pub(super) fn new(name: &str, entries: Vec<TopicEntry>, words: &TopicWords) -> TopicPart {
        TopicPart {
            names: vec![name.to_owned()],
            title: Some(words.word(&format!("{name}.title"))),
            opening: words.word(&format!("{name}.opening")),
            columns: words.columns(Some(name)),
            entries,
            code: None,
        }
    }

    /// The entries of a topic itself, under its own title.
    pub(super) fn untitled(entries: Vec<TopicEntry>, words: &TopicWords) -> TopicPart {
        TopicPart { columns: words.columns(None), entries, ..TopicPart::default() }
    }

    fn with_entries(&self, is_wanted: impl Fn(&TopicEntry) -> bool) -> Option<TopicPart> {
        let entries: Vec<TopicEntry> = self.entries.iter().filter(|entry| is_wanted(entry)).cloned().collect();
        let part = TopicPart { entries, opening: String::new(), code: None, ..self.clone() };
        (!part.entries.is_empty()).then_some(part)
    }
}

impl Topic {
    /// The topic that `words` are of.
    pub(super) fn new(words: &TopicWords, parts: Vec<TopicPart>) -> Topic {
        Topic {
            name: words.name,
            title: words.word("title"),
            opening: words.word("opening"),
            required: words.common("required"),
            parts,
            is_shown_by_parts: false,
        }
    }

    /// What the topic has under a name, a part as a whole or single entries; `None` if it has nothing.
    pub fn narrowed(&self, name: &str) -> Option<Topic> {
        let wanted = plain_name(name);
        let is_named = |names: &[String]| names.iter().any(|known| plain_name(known) == wanted);
        let mut parts: Vec<TopicPart> = self.parts.iter().filter(|part| is_named(&part.names)).cloned().collect();
        if parts.is_empty() {
            parts = self.parts.iter().filter_map(|part| part.with_entries(|entry| is_named(&entry.names))).collect();
        }
        if parts.is_empty() {
            // `participants.sex`: an entry of a part.
            let (part, entry) = wanted.rsplit_once('.')?;
            let is = |names: &[String], wanted: &str| names.iter().any(|known| plain_name(known) == wanted);
            let of_part = self.parts.iter().filter(|candidate| is(&candidate.names, part));
            parts = of_part.filter_map(|part| part.with_entries(|known| is(&known.names, entry))).collect();
        }
        let whole = Topic { opening: String::new(), parts, is_shown_by_parts: false, ..self.clone() };
        (!whole.parts.is_empty()).then_some(whole)
    }

    /// Every name that it can be narrowed by, in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for part in &self.parts {
            names.extend(part.names.iter().map(String::as_str));
            names.extend(part.entries.iter().flat_map(|entry| entry.names.iter().map(String::as_str)));
        }
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }

    /// The name that was probably meant.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.names())
    }
}

/// A name without what it is typed with: `{{#each}}`, `[privacy]`, `in=`.
fn plain_name(name: &str) -> String {
    name.trim_matches(|c: char| "{}[]#/=`\"".contains(c) || c.is_whitespace()).to_lowercase()
}
