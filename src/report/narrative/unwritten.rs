use super::{Narratives, SectionKey};
use crate::model::Lang;

impl Narratives {
    /// The file of a section that isn't written, relative to the project's folder: the one that lies ready for it, else
    /// beside the section's other languages, else where the report's other texts for the period are, else in the report's
    /// folder. Checks and the app name it alike.
    pub fn file_to_write(&self, report: &str, period: &str, section: &str, lang: &Lang) -> String {
        let key = self.key_to_write(report, period, section, lang);
        let folder = key.period.map(|period| format!("/{period}")).unwrap_or_default();
        format!("narrative/{report}{folder}/{section}.{}.md", lang.as_str())
    }

    fn key_to_write(&self, report: &str, period: &str, section: &str, lang: &Lang) -> SectionKey {
        let keys = || self.sections.keys().chain(self.unread.keys()).chain(self.unbegun.keys());
        let is_known = |key: &SectionKey| keys().any(|known| known == key);
        let is_beside = |key: &SectionKey, is_like: fn(&SectionKey, &SectionKey) -> bool| {
            keys().any(|known| known.report == key.report && known.period == key.period && is_like(known, key))
        };
        let key = |period: Option<&str>| SectionKey {
            report: report.to_owned(),
            period: period.map(str::to_owned),
            section: section.to_owned(),
            lang: lang.clone(),
        };
        let (of_period, of_all) = (key(Some(period)), key(None));
        let has_section = |key: &SectionKey| is_beside(key, |known, key| known.section == key.section);
        let is_of_period = if is_known(&of_period) || is_known(&of_all) {
            is_known(&of_period)
        } else if has_section(&of_period) || has_section(&of_all) {
            has_section(&of_period)
        } else {
            is_beside(&of_period, |_, _| true)
        };
        if is_of_period { of_period } else { of_all }
    }
}
