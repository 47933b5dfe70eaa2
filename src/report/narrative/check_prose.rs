use super::check_language::check_language;
use super::typed_figures::{KnownFigures, check_typed_figures};
use super::{CheckRules, Narratives};
use crate::diagnostic::{Problem, Severity};
use crate::model::{Logframe, Settings};

impl Narratives {
    /// Everything that can be checked of the prose before the data is there: syntax, names, Markdown, typed figures, parity
    /// of languages (an error where one document holds both, else a warning) and stale translations.
    pub fn check(&self, logframe: &Logframe, settings: &Settings, rules: &CheckRules) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, prose) in &self.sections {
            problems.extend(self.check_names(prose, &key.lang, false, logframe));
            problems.extend(prose.markdown_problems.iter().cloned());
            problems.extend(check_language(prose, &key.lang));
            if let Some(severity) = rules.typed_figure_severity(&key.report) {
                let released = rules.released.get(&key.report).copied();
                let known = KnownFigures::collect(logframe, settings, key, released);
                problems.extend(check_typed_figures(prose, &key.lang, &known, severity));
            }
        }
        for ((_, lang), prose) in &self.partials {
            problems.extend(self.check_names(prose, lang, true, logframe));
            problems.extend(prose.markdown_problems.iter().cloned());
            problems.extend(check_typed_figures(prose, lang, &KnownFigures::none(logframe), Severity::Warning));
        }
        self.check_parity(settings, rules.lists, &mut problems);
        self.check_translations(settings, &mut problems);
        problems
    }
}

impl CheckRules<'_> {
    /// How severe a typed figure is in the prose of a report; `None` if it is allowed.
    fn typed_figure_severity(&self, report: &str) -> Option<Severity> {
        if self.typed_figures_are_allowed.contains(report) {
            None
        } else if self.typed_figures_are_errors.contains(report) {
            Some(Severity::Error)
        } else {
            Some(Severity::Warning)
        }
    }
}
