use super::indicators::blank_note;
use super::localizer::Localizer;
use crate::model::IndicatorId;
use crate::report::document::{CountedView, FigureText, LabelledText, SectionBody};

/// How each figure was counted, in words made from its calculation and conditions.
pub(super) fn compose_counted(localizer: &Localizer, ids: &[IndicatorId]) -> SectionBody {
    SectionBody::Counted { items: ids.iter().map(|id| counted_view(localizer, *id)).collect() }
}

fn counted_view(localizer: &Localizer, id: IndicatorId) -> CountedView {
    let indicator = localizer.input.indicator(id);
    let words = localizer.counting_words();
    let mut sentences = vec![FigureText::plain(words.calculation(indicator.calculation))];
    sentences.extend(words.conditions(&indicator.conditions).map(FigureText::plain));
    sentences.extend(blank_note(localizer, &localizer.figure(id).totals));
    let fact = |key: &'static str, text: Option<String>| {
        text.map(|value| LabelledText { label: localizer.label(key).to_owned(), value })
    };
    let facts = [
        fact("figure.definition", localizer.find_text(&indicator.definition)),
        fact("figure.verification", localizer.find_text(&indicator.verification)),
    ];
    CountedView {
        code: indicator.code.clone(),
        title: localizer.text(&indicator.title),
        sentences,
        facts: facts.into_iter().flatten().collect(),
    }
}
