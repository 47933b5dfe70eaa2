//! The PDF itself, looked into without Typst's word for it.

use std::collections::BTreeMap;

use donor_report::render::pdf::{Attached, Pdf, RenderFault, render_pdf};
use donor_report::report::document::DocumentLayout;

use super::reader::File;
use super::sample;

fn laid_out(languages: &[usize], layout: DocumentLayout) -> Pdf {
    let document = sample::document(languages, layout);
    let pdf =
        render_pdf(&document, Attached { annex: Some(b"PK annex".to_vec()), ..Attached::default() }, &BTreeMap::new())
            .unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(pdf.warnings, [], "templates warn");
    pdf
}

#[test]
fn every_layout_compiles_without_a_warning() {
    for (languages, layout) in [
        (&[0][..], DocumentLayout::Single),
        (&[1], DocumentLayout::Single),
        (&[0, 1], DocumentLayout::Sequential),
        (&[0, 1], DocumentLayout::Parallel),
    ] {
        let pdf = laid_out(languages, layout);
        if let Ok(folder) = std::env::var("DONOR_REPORT_LOOK") {
            std::fs::write(format!("{folder}/{languages:?}-{layout:?}.pdf"), &pdf.bytes).expect("the folder is there");
        }
        assert!(pdf.pages > 8);
    }
}

#[test]
fn same_document_same_bytes() {
    let once = laid_out(&[0, 1], DocumentLayout::Sequential);
    let again = laid_out(&[0, 1], DocumentLayout::Sequential);
    assert!(once.bytes == again.bytes);
}

#[test]
fn a_fault_in_an_own_template_is_told_with_its_line() {
    let document = sample::document(&[1], DocumentLayout::Single);
    let own =
        BTreeMap::from([("cover.typ".to_owned(), b"#let cover(ctx, part, shown) = [\n  #nothing-there\n]".to_vec())]);
    let faults = render_pdf(&document, Attached { annex: Some(Vec::new()), ..Attached::default() }, &own)
        .err()
        .expect("the template is faulty");
    let RenderFault::Template(fault) = &faults[0] else { panic!("{faults:?}") };
    assert_eq!((fault.file.as_str(), fault.line, fault.column), ("templates/cover.typ", 2, 4));
}

#[test]
fn a_file_of_the_projects_own_stands_over_ours() {
    let document = sample::document(&[1], DocumentLayout::Single);
    let own = "#let cover(ctx, part, heading-title) = page({ heading-title(part.cover.title); \
               figure(alt: \"our own cover\", kind: \"mark\", supplement: none, square()) })";
    let laid = |overrides: &BTreeMap<String, Vec<u8>>| {
        let pdf = render_pdf(&document, Attached { annex: Some(Vec::new()), ..Attached::default() }, overrides)
            .unwrap_or_else(|faults| panic!("{faults:#?}"));
        let file = File::read(&pdf.bytes);
        let alternatives: Vec<String> = file.objects().map(|object| file.get(object, "Alt").text()).collect();
        alternatives.iter().any(|alt| alt == "our own cover")
    };
    assert!(!laid(&BTreeMap::new()));
    assert!(laid(&BTreeMap::from([("cover.typ".to_owned(), own.as_bytes().to_vec())])));
}
