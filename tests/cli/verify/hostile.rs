//! Files that were made to break a reader: every one ends in a clear word, soon and in little memory.

use std::io::Write;
use std::time::{Duration, Instant};

use donor_report::proof::{AnnexOutcome, PdfFault, verify};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::built;
use super::changed_pdf::with_attachment;
use crate::ingest::sheets::{patched, zipped};

/// No file may take longer, on a machine that does other things, too.
const LONGEST: Duration = Duration::from_secs(60);

/// A file of these objects, numbered from 1; the first is the root.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(table.bytes());
    out.extend(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).bytes());
    out
}

fn texts(objects: &[&str]) -> Vec<Vec<u8>> {
    objects.iter().map(|object| object.as_bytes().to_vec()).collect()
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{entries}/Length {}>>\nstream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}

/// Zeros, packed.
fn packed_zeros(mebibytes: usize) -> Vec<u8> {
    let mut packing = ZlibEncoder::new(Vec::new(), Compression::fast());
    let chunk = vec![0; 1 << 20];
    (0..mebibytes).for_each(|_| packing.write_all(&chunk).expect("it is packed"));
    packing.finish().expect("it is packed")
}

/// What a file is refused for; `None` if it can be read, and then it never holds.
fn refused(bytes: &[u8]) -> Option<PdfFault> {
    let start = Instant::now();
    let found = verify(bytes);
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    match found {
        Ok(found) => {
            assert!(!found.holds());
            None
        }
        Err(fault) => Some(fault),
    }
}

/// Names of files in a root whose pages are these.
fn with_names(rest: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R/Dests 3 0 R>>>>",
        "<</Type/Pages/Kids[]/Count 0>>",
    ];
    objects.extend(rest);
    pdf(&texts(&objects))
}

#[test]
fn what_is_no_pdf_or_a_damaged_one_is_told() {
    assert_eq!(refused(b""), Some(PdfFault::NotPdf));
    assert_eq!(refused(b"PK\x03\x04"), Some(PdfFault::NotPdf));
    assert_eq!(refused(b"%PDF-1.7\n"), Some(PdfFault::Damaged));
    assert_eq!(refused(b"%PDF-1.7\nstartxref\n0\n%%EOF"), Some(PdfFault::Damaged));
    assert_eq!(refused(b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF"), Some(PdfFault::Damaged));
    let whole = pdf(&texts(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"]));
    assert_eq!(refused(&whole), None);
    let encrypted = String::from_utf8(whole).expect("a text").replace("/Root 1 0 R", "/Root 1 0 R/Encrypt 2 0 R");
    assert_eq!(refused(encrypted.as_bytes()), Some(PdfFault::Encrypted));
}

#[test]
fn trees_that_lead_back_or_grow_without_end_are_refused() {
    // Names that lead to themselves, and names that double at every level.
    assert_eq!(refused(&with_names(&["<</Kids[3 0 R]>>"])), Some(PdfFault::Damaged));
    let doubling: Vec<String> = (0..40).map(|level| format!("<</Kids[{0} 0 R {0} 0 R]>>", level + 4)).collect();
    let doubling: Vec<&str> = doubling.iter().map(String::as_str).collect();
    assert_eq!(refused(&with_names(&doubling)), Some(PdfFault::Damaged));
    // Objects within one another, references in a circle, tables that continue one another in a circle.
    let deep = format!("<</Names{}{}>>", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refused(&with_names(&[&deep])), None);
    assert_eq!(refused(&with_names(&["4 0 R", "3 0 R"])), None);
    let circle = String::from_utf8(with_names(&["<<>>"])).expect("a text");
    let start = circle.rsplit("startxref\n").next().and_then(|rest| rest.lines().next()).expect("its place");
    let circle = circle.replace("/Root", &format!("/Prev {start}/Root"));
    assert_eq!(refused(circle.as_bytes()), Some(PdfFault::Damaged));
}

#[test]
fn content_that_unpacks_to_more_than_any_report_is_refused() {
    let bomb = packed_zeros(300);
    assert!(bomb.len() < 8 << 20);
    let file = pdf(&[
        texts(&["<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a) 3 0 R]>>>>>>"]).remove(0),
        b"<</Type/Pages/Kids[]/Count 0>>".to_vec(),
        b"<</UF(figures.json)/EF<</F 4 0 R>>>>".to_vec(),
        stream("/Filter/FlateDecode", &bomb),
    ]);
    assert_eq!(refused(&file), Some(PdfFault::TooLarge));
}

#[test]
fn a_report_that_is_cut_off_or_flipped_anywhere_breaks_nothing() {
    let (_folder, pdf) = built("");
    for part in 1..24 {
        assert!(refused(&pdf[..pdf.len() * part / 24]).is_some());
    }
    // Places by a simple sequence, so that the same ones are tried again.
    let mut at = 12_345_usize;
    for _ in 0..60 {
        at = (at * 1_103_515_245 + 12_345) % pdf.len();
        let mut flipped = pdf.clone();
        flipped[at] ^= 0x15;
        let start = Instant::now();
        let _ = verify(&flipped);
        assert!(start.elapsed() < LONGEST);
    }
}

#[test]
fn an_annex_that_was_made_to_break_a_reader_is_told_as_one_that_cannot_be_read() {
    let (_folder, pdf) = built("");
    let annex = |parts: &[(&str, &str)]| {
        let parts: Vec<(String, Vec<u8>)> =
            parts.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        zipped(&parts)
    };
    let sheet = |cells: &str| format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let workbook = |cells: &str| {
        annex(&[
            ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Data\" r:id=\"a\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", "<r><s Id=\"a\" Target=\"worksheets/s.xml\"/></r>"),
            ("xl/worksheets/s.xml", &sheet(cells)),
        ])
    };
    let formula = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let far: String = (0..16_384).map(|_| "<c r=\"XFD1048576\"><f>SUM($A$1:$A$1048576)</f></c>").collect();
    for made in [
        b"PK".to_vec(),
        annex(&[("a", "")]),
        workbook("<!DOCTYPE a><c r=\"A1\"><v>1</v></c>"),
        workbook("<c r=\"A99999999999\"><v>1</v></c>"),
        workbook(&format!("<c r=\"A1\"><f>{formula}</f></c>")),
        workbook("<c r=\"A1\"><f>$B$1</f></c><c r=\"B1\"><f>$A$1</f></c>"),
        workbook(&far),
    ] {
        let start = Instant::now();
        let found = verify(&with_attachment(&pdf, "quarterly.mk-en.xlsx", &made)).expect("a PDF");
        assert!(start.elapsed() < LONGEST);
        assert!(matches!(found.annex, AnnexOutcome::Unreadable), "{:?}", found.annex);
    }
}

#[test]
fn formulas_that_lead_back_or_look_at_too_much_are_bounded() {
    let (_folder, pdf) = built("");
    let annex = super::attachments(&pdf)[super::ANNEX].0.clone();
    for formula in ["SUM($A$1:$A$1048576)", "$A$1", "SUMPRODUCT($A$1:$A$9,$A$1:$A$8)", "IF(1,2,3)", "\u{26}quot;"] {
        let changed = patched(&annex, "xl/worksheets/sheet1.xml", |sheet| {
            let parts: Vec<&str> = sheet.split("<f>").collect();
            let rest = parts[1..].iter().map(|part| part.split_once("</f>").expect("its end").1);
            let formulas: String = rest.map(|rest| format!("<f>{formula}</f>{rest}")).collect();
            format!("{}{formulas}", parts[0])
        });
        let start = Instant::now();
        let found = verify(&with_attachment(&pdf, super::ANNEX, &changed)).expect("a PDF");
        assert!(start.elapsed() < LONGEST, "{formula}");
        assert!(matches!(found.annex, AnnexOutcome::Checked(_)), "{formula}: {:?}", found.annex);
    }
}
