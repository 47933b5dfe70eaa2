//! An annex of one sheet, for tests of how sheets are written.

use std::collections::BTreeMap;

use donor_report::report::annex::{Annex, AnnexSheet, FormatId, Properties};
use jiff::civil::date;

pub fn annex_of(sheet: AnnexSheet<'_>) -> Annex<'_> {
    Annex {
        properties: Properties {
            title: "Invented".into(),
            subject: String::new(),
            author: String::new(),
            company: String::new(),
            keywords: String::new(),
            comment: String::new(),
            date: date(2030, 3, 31),
            languages: vec!["en".into()],
        },
        sheets: vec![sheet],
        names: Vec::new(),
        formats: vec!["#,##0".into()],
        date_format: FormatId(0),
        statuses: Vec::new(),
        page_number: "{page} / {pages}".into(),
        foot: String::new(),
        notices: Vec::new(),
        theme: BTreeMap::new(),
    }
}
