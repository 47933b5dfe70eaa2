//! What the protection of a Word file leaves open (ECMA-376 part 1, 17.15.1.29).

use std::ops::Range;

use crate::render::office_package::{OfficePackage, PackageFault};
use crate::render::xml_scan::{XmlItem, scan_xml};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentProtection {
    /// None, or only tracking of changes.
    Open,
    /// Only fields of forms and content controls may be filled in.
    Forms,
    /// Only exceptions may be changed.
    ReadOnly,
}

fn is_off(value: Option<&str>) -> bool {
    matches!(value, Some("0" | "false" | "off"))
}

impl DocumentProtection {
    pub(super) fn read(package: &OfficePackage, main: &str) -> Result<DocumentProtection, PackageFault> {
        let relations = package.relations(main)?;
        let settings = relations.iter().find(|relation| relation.kind == "settings");
        let Some(part) = settings.filter(|part| package.parts.contains_key(&part.target)) else {
            return Ok(DocumentProtection::Open);
        };
        let items = scan_xml(package.xml(&part.target)?)?;
        let Some(item) = items.iter().find(|item| item.begins("documentProtection")) else {
            return Ok(DocumentProtection::Open);
        };
        let enforced = item.attribute("enforcement");
        Ok(match item.attribute("edit") {
            _ if enforced.is_none() || is_off(enforced) => DocumentProtection::Open,
            Some("forms") => DocumentProtection::Forms,
            Some("readOnly" | "comments") => DocumentProtection::ReadOnly,
            _ => DocumentProtection::Open,
        })
    }

    /// Whether some items of the main part may be changed; `has_field`: they are a control or hold a field of a form.
    pub(super) fn allows(self, items: &[XmlItem], place: Range<usize>, has_field: bool) -> bool {
        match self {
            DocumentProtection::Open => true,
            DocumentProtection::Forms => has_field || is_in_open_section(items, place.start),
            DocumentProtection::ReadOnly => is_excepted(items, &place),
        }
    }
}

/// A section is described where it ends.
fn is_in_open_section(items: &[XmlItem], at: usize) -> bool {
    let Some(start) = (at..items.len()).find(|at| items[*at].begins("sectPr")) else { return false };
    let inner = items[start..].iter().take_while(|item| !item.ends("sectPr"));
    inner.into_iter().any(|item| item.begins("formProt") && is_off(item.attribute("val")))
}

/// Whether an exception begins before the place's end, and doesn't end before its start.
fn is_excepted(items: &[XmlItem], place: &Range<usize>) -> bool {
    let begun = items[..place.end].iter().filter(|item| item.begins("permStart"));
    let mut ids = begun.filter_map(|item| item.attribute("id"));
    ids.any(|id| {
        let is_end = |item: &XmlItem| item.begins("permEnd") && item.attribute("id") == Some(id);
        !items[..place.start].iter().any(is_end)
    })
}
