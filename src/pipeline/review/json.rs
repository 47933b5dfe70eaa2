//! What differs in a file that came back, for programs.

use serde_json::{Value, json};

use super::{Review, ReviewPlace, ReviewedComment, SentenceEdit};

impl Review {
    /// All of it, for programs.
    pub fn to_json(&self) -> Value {
        let found = self;
        let place = |place: &ReviewPlace| {
            let (file, line) = place.narrative.clone().unzip();
            json!({ "language": place.language, "section": place.section, "file": file, "line": line })
        };
        let figures = found.figures.iter().map(|figure| {
            json!({
                "id": figure.id, "built": figure.built, "file": figure.file, "today": figure.today,
                "indicator": figure.indicator, "rows": figure.rows, "place": place(&figure.place),
            })
        });
        let sentences = found.sentences.iter().map(|sentence| {
            let (change, old, new) = match &sentence.edit {
                SentenceEdit::Changed { old, new } => ("changed", Some(old), Some(new)),
                SentenceEdit::Inserted(new) => ("inserted", None, Some(new)),
                SentenceEdit::Struck(old) => ("struck", Some(old), None),
                SentenceEdit::Moved(text) => ("moved", Some(text), Some(text)),
            };
            json!({
                "change": change, "old": old, "new": new, "tracked": sentence.tracked_by.is_some(),
                "author": sentence.tracked_by, "place": place(&sentence.place),
            })
        });
        let comments = found.comments.iter().map(|comment| {
            let ReviewedComment { author, text, about, place: own } = comment;
            json!({ "author": author, "text": text, "about": about, "place": place(own) })
        });
        json!({
            "schema": 1,
            "document": found.document,
            "compared_with": if found.is_of_today { "today" } else { "built" },
            "figures": figures.collect::<Vec<_>>(),
            "sentences": sentences.collect::<Vec<_>>(),
            "comments": comments.collect::<Vec<_>>(),
            "found": { "by_tag": found.by_tag, "by_text": found.by_text },
        })
    }
}
