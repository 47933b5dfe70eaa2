//! What the library leaves open in parts of a workbook: its language, the language of its charts, and what charts show of
//! cells with formulas.

use std::fmt::Write;

use super::text_fit::to_f64;
use crate::report::annex::{Annex, AnnexCell, AnnexChart, CachedResult, CellSpan};

/// The part of a workbook's properties.
const CORE: &str = "docProps/core.xml";
/// What the name of a chart's part begins with; its number follows.
const CHART: &str = "xl/charts/chart";
/// What the values of a series begin with.
const VALUES: &str = "<c:val>";
/// The library's own language of charts.
const LIBRARY_LANGUAGE: &str = "\"en-US\"";

/// A part as it is to be; none where the library's is right. `charts` are those of all sheets, in their order.
pub fn finish_part(name: &str, xml: &str, annex: &Annex, charts: &[&AnnexChart]) -> Option<String> {
    if name == CORE {
        let language = annex.properties.languages.join(", ");
        return Some(
            xml.replace("</cp:coreProperties>", &format!("<dc:language>{language}</dc:language></cp:coreProperties>")),
        );
    }
    let number: usize = name.strip_prefix(CHART)?.strip_suffix(".xml")?.parse().ok()?;
    let chart = charts.get(number.checked_sub(1)?)?;
    let xml = xml.replace(LIBRARY_LANGUAGE, &format!("\"{}\"", chart.language));
    let mut pieces = xml.split(VALUES);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for (piece, series) in pieces.zip(&chart.series) {
        out.push_str(VALUES);
        out.push_str(&cache_values(piece, annex, series.values));
    }
    Some(out)
}

/// Whether a part may have to be finished.
pub fn is_finished_here(name: &str) -> bool {
    name == CORE || name.starts_with(CHART)
}

/// The values of a series with the numbers that a chart shows before anything is calculated.
fn cache_values(xml: &str, annex: &Annex, span: CellSpan) -> String {
    let Some((reference, rest)) = xml.split_once("</c:f>") else { return xml.to_owned() };
    let Some((_, after)) = rest.split_once("</c:numCache>") else { return xml.to_owned() };
    let mut cache = String::from("<c:numCache><c:formatCode>General</c:formatCode>");
    // Writing to a String can't fail.
    let _ = write!(cache, "<c:ptCount val=\"{}\"/>", span.last - span.first + 1);
    for (at, value) in numbers(annex, span).into_iter().enumerate() {
        if let Some(value) = value {
            let _ = write!(cache, "<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>");
        }
    }
    format!("{reference}</c:f>{cache}</c:numCache>{after}")
}

/// The numbers of some cells; none where a cell has another content.
fn numbers(annex: &Annex, span: CellSpan) -> Vec<Option<f64>> {
    let mut iter = annex.sheets[usize::from(span.sheet.0)].rows.iter();
    let mut row = Vec::new();
    let mut found = Vec::new();
    for at in 0..=span.last {
        row.clear();
        if !iter(&mut row) {
            break;
        }
        if at >= span.first {
            found.push(match row.get(usize::from(span.column)) {
                Some(AnnexCell::Number(value, _)) => Some(to_f64(*value)),
                Some(AnnexCell::Formula { result: CachedResult::Number(value), .. }) => Some(to_f64(*value)),
                _ => None,
            });
        }
    }
    found
}
