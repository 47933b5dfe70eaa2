//! What a PDF carries to be checked by: the checksums of its attachments, held against programs that aren't this one.

use std::collections::BTreeMap;
use std::fs;

use donor_report::output::sha256;

use super::build::{build, project, stderr};
use crate::ingest::sheets::Folder;
use crate::render::reader::{File, Object};

/// Name → content and relationship of each file that a PDF carries.
fn attachments(pdf: &[u8]) -> BTreeMap<String, (Vec<u8>, String)> {
    let file = File::read(pdf);
    let specs = file.list(file.get(file.root(), "AF"));
    let read = |spec: &Object| {
        let Object::Stream(_, content) = file.get(file.get(spec, "EF"), "F") else { panic!("no embedded file") };
        assert!(!file.get(spec, "Desc").text().is_empty());
        let relationship = file.get(spec, "AFRelationship").name().to_owned();
        (file.get(spec, "UF").text(), (content.clone(), relationship))
    };
    specs.into_iter().map(read).collect()
}

/// The first quarter's report in English, built with these lines in project.toml.
fn built(lines: &str) -> (Folder, Vec<u8>) {
    let folder = project();
    let old = fs::read_to_string(folder.path().join("project.toml")).expect("project.toml");
    folder.write("project.toml", format!("{old}\n{lines}\n"));
    let out = folder.path().join("out");
    let made = build(folder.path(), &out, &[]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let pdf = fs::read(out.join("TEST-01/2025-Q1/quarterly.en.pdf")).expect("the PDF");
    (folder, pdf)
}

#[test]
fn a_pdf_carries_the_checksums_of_exactly_the_other_attachments() {
    let (_folder, pdf) = built("");
    let mut carried = attachments(&pdf);
    let (manifest, relationship) = carried.remove("manifest-sha256.txt").expect("a manifest");
    assert_eq!(relationship, "Supplement");
    assert_eq!(carried.keys().map(String::as_str).collect::<Vec<_>>(), ["figures.json", "quarterly.mk-en.xlsx"]);
    let lines: Vec<String> =
        carried.iter().map(|(name, (content, _))| format!("{}  {name}\n", sha256(content))).collect();
    assert_eq!(String::from_utf8(manifest).expect("a text"), lines.concat());
}

#[test]
fn an_annex_too_large_is_in_no_manifest() {
    let (_folder, pdf) = built("[limits]\nattachment_mib = 0");
    let carried = attachments(&pdf);
    assert_eq!(carried.keys().map(String::as_str).collect::<Vec<_>>(), ["figures.json", "manifest-sha256.txt"]);
    let manifest = String::from_utf8(carried["manifest-sha256.txt"].0.clone()).expect("a text");
    assert_eq!(manifest, format!("{}  figures.json\n", sha256(&carried["figures.json"].0)));
}
