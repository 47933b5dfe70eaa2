//! Files that were made, or damaged, to do harm: one clear problem each, in bounded time and memory, and never a panic.

use donor_report::ingest::raw_row::Raw;
use donor_report::ingest::workbook::{Projection, Workbook};

use super::files::{code, opened, refusal, rows, rows_of, shown, sound, stream};
use super::formats::{ods, xlsb};
use super::sheets::{Folder, parts, patched, workbook, zipped};

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn small() -> Vec<u8> {
    workbook(&[("S", "код | датум | тема\nA-01 | @2017-03-01 | обука\nA-02 | 5 | =1+1 -> 2")])
}

#[test]
fn a_file_cut_short_anywhere_is_damaged() {
    let bytes = small();
    let folder = Folder::new();
    for at in 1..20 {
        folder.write("t.xlsx", &bytes[..bytes.len() * at / 20]);
        assert_eq!(code(&refusal(&folder, "t.xlsx")), "damaged-file", "{at}/20");
    }
}

#[test]
fn no_damaged_byte_makes_a_panic() {
    let folder = Folder::new();
    let xls = std::fs::read("tests/ingest/books/libreoffice.xls").expect("the book");
    let loose = |bytes: &[u8]| {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in parts(bytes) {
            writer.start_file(name.as_str(), stored).expect("an entry");
            std::io::Write::write_all(&mut writer, &content).expect("its content");
        }
        writer.finish().expect("a zip").into_inner()
    };
    let originals =
        [("t.xlsx", small()), ("t.xlsb", loose(&xlsb())), ("t.xls", xls), ("t.ods", ods("<table:table-row/>"))];
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for (name, original) in originals {
        for _ in 0..300 {
            let mut bytes = original.clone();
            for _ in 0..1 + random() % 4 {
                let at = random() % bytes.len();
                bytes[at] = [0, 0xff, 0x7f, 0x80, random() as u8][random() % 5];
            }
            folder.write(name, &bytes);
            let started = std::time::Instant::now();
            stream(&folder, name);
            assert!(started.elapsed().as_secs() < 10, "{name}");
        }
    }
}

#[test]
fn parts_damaged_within_a_sound_archive_make_no_panic() {
    // The archive's checksums are right, so that the damage reaches the readers themselves.
    let folder = Folder::new();
    let mut state = 12345u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for (name, original) in [("t.xlsx", small()), ("t.xlsb", xlsb()), ("t.ods", ods("<table:table-row/>"))] {
        let sound = parts(&original);
        for _ in 0..200 {
            let mut parts = sound.clone();
            let which = random() % parts.len();
            let content = &mut parts[which].1;
            if content.is_empty() {
                continue;
            }
            let at = random() % content.len();
            match random() % 3 {
                0 => content[at] = random() as u8,
                1 => content.truncate(at),
                _ => {
                    let piece = content[at..(at + 20).min(content.len())].to_vec();
                    content.splice(at..at, piece);
                }
            }
            folder.write(name, zipped(&parts));
            stream(&folder, name);
        }
    }
}

#[test]
fn an_encrypted_file_is_told() {
    let folder = Folder::new();
    folder.write("t.xlsx", compound(&[("EncryptedPackage", &[7; 5000]), ("EncryptionInfo", &[1; 5000])], false));
    assert_eq!(code(&refusal(&folder, "t.xlsx")), "encrypted-file");
    // An xls says in its first records that it is encrypted.
    let records = [&[0x09, 0x08, 16, 0][..], &[0; 16], &[0x2f, 0, 6, 0, 1, 0, 1, 0, 1, 0], &[0; 5000]].concat();
    folder.write("t.xls", compound(&[("Workbook", &records)], false));
    assert_eq!(code(&refusal(&folder, "t.xls")), "encrypted-file");
    // The old protection (XOR) has a key and a hash in place of a version; before Excel 97 nothing but these two.
    for (stream, protection) in [
        ("Workbook", &[0x2f, 0, 6, 0, 0, 0, 0x0a, 0x9a, 0xfe, 0x5b][..]),
        ("Book", &[0x2f, 0, 4, 0, 0x0a, 0x9a, 0xfe, 0x5b]),
    ] {
        let write_protected = [0x86, 0, 0, 0];
        let records = [&[0x09, 0x08, 16, 0][..], &[0; 16], &write_protected, protection, &[0; 5000]].concat();
        folder.write("t.xls", compound(&[(stream, &records)], false));
        assert_eq!(code(&refusal(&folder, "t.xls")), "encrypted-file", "{stream}");
    }
    let manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>".to_vec();
    folder.write(
        "t.ods",
        zipped(&[("content.xml".to_owned(), vec![9; 99]), ("META-INF/manifest.xml".to_owned(), manifest)]),
    );
    assert_eq!(code(&refusal(&folder, "t.ods")), "encrypted-file");
}

#[test]
fn an_old_document_is_no_table() {
    let folder = Folder::new();
    folder.write("t.xls", compound(&[("WordDocument", &[0; 5000])], false));
    assert_eq!(code(&refusal(&folder, "t.xls")), "not-a-table document");
    let word = [("_rels/.rels", "<Relationships/>"), ("word/document.xml", "<w/>")];
    folder.write("t.xlsx", zipped(&word.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec()))));
    assert_eq!(code(&refusal(&folder, "t.xlsx")), "not-a-table document");
    folder.write("t.xlsx", zipped(&[("a.txt".to_owned(), b"a".to_vec())]));
    assert_eq!(code(&refusal(&folder, "t.xlsx")), "not-a-table archive");
}

#[test]
fn a_looping_chain_of_sectors_ends() {
    let folder = Folder::new();
    folder.write("t.xls", compound(&[("Workbook", &[0; 9000])], true));
    assert_eq!(code(&refusal(&folder, "t.xls")), "damaged-file");
    let mut bytes = compound(&[("Workbook", &[0; 9000])], false);
    // The directory's sector follows itself.
    bytes[512 + 4..512 + 8].copy_from_slice(&1u32.to_le_bytes());
    folder.write("t.xls", bytes);
    assert_eq!(code(&refusal(&folder, "t.xls")), "damaged-file");
}

#[test]
fn a_far_cell_of_an_xls_is_named() {
    let cell = |row: u16, column: u16| {
        [&[0x03, 0x02, 14, 0][..], &row.to_le_bytes(), &column.to_le_bytes(), &[0, 0], &5.0f64.to_le_bytes()].concat()
    };
    let begin = |kind: u8| [&[0x09, 0x08, 16, 0][..], &[0, 6, kind, 0], &[0; 12]].concat();
    let name = [0u8, 0, 0, 0, 0, 0, 1, 0, b'S'];
    let mut globals = [begin(5), vec![0x85, 0, name.len() as u8, 0], name.to_vec(), vec![0x0a, 0, 0, 0]].concat();
    let start = (globals.len() as u32).to_le_bytes();
    let at = begin(5).len() + 4;
    globals[at..at + 4].copy_from_slice(&start);
    let sheet = [begin(16), cell(0, 0), cell(65_535, 255), vec![0x0a, 0, 0, 0], vec![0; 5000]].concat();
    let folder = Folder::new();
    folder.write("t.xls", compound(&[("Workbook", &[globals, sheet].concat())], false));
    let problem = refusal(&folder, "t.xls");
    assert_eq!((problem.code, problem.args["cell"].as_str()), ("far-cell", "IV65536"));
}

#[test]
fn a_zip_bomb_is_told_before_it_goes_off() {
    let folder = Folder::new();
    folder.write(
        "t.xlsx",
        patched(&small(), SHEET, |xml| xml.replace("</sheetData>", &format!("{}</sheetData>", " ".repeat(80 << 20)))),
    );
    assert_eq!(code(&refusal(&folder, "t.xlsx")), "zip-bomb");
    folder.write("t.ods", ods(&" ".repeat(80 << 20)));
    assert_eq!(code(&refusal(&folder, "t.ods")), "zip-bomb");
}

#[test]
fn a_zip_bomb_that_lies_about_its_size_is_told() {
    let bytes =
        patched(&small(), SHEET, |xml| xml.replace("</sheetData>", &format!("{}</sheetData>", " ".repeat(80 << 20))));
    let folder = Folder::new();
    folder.write("t.xlsx", with_declared_size(bytes, SHEET, 4000));
    let problem = refusal(&folder, "t.xlsx");
    assert!(["zip-bomb", "damaged-file"].contains(&problem.code), "{problem:?}");
}

#[test]
fn a_workbook_above_the_limit_names_it() {
    let folder = Folder::new();
    let noise: String = (0..3_000_000u64).map(|at| char::from(b'a' + (at.wrapping_mul(at) >> 7) as u8 % 26)).collect();
    folder.write("t.xlsx", patched(&small(), "xl/styles.xml", |xml| format!("{xml}<!--{noise}-->")));
    let limits = donor_report::model::Limits { unpacked_mib: 1, ..super::files::LIMITS };
    let mut problems = Vec::new();
    let book = donor_report::ingest::workbook::open(folder.path(), "t.xlsx", &limits, &mut problems);
    assert!(book.is_none());
    assert_eq!((problems[0].code, problems[0].args["limit"].as_str()), ("file-too-large", "1"));
}

#[test]
fn more_cells_than_the_limit_end_the_reading() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("S", "a | b\n1 | 2\n3 | 4")]);
    let limits = donor_report::model::Limits { cells: 4, ..super::files::LIMITS };
    let mut problems = Vec::new();
    let mut book =
        donor_report::ingest::workbook::open(folder.path(), "t.xlsx", &limits, &mut problems).expect("a book");
    let mut rows = book.rows(0, &Projection::All).expect("rows");
    let error = loop {
        match rows.next_row() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("no error"),
            Err(problem) => break problem,
        }
    };
    assert_eq!((error.code, error.args["limit"].as_str()), ("too-many-cells", "4"));
    assert!(rows.next_row().expect("the end").is_none());
}

#[test]
fn a_document_type_definition_is_refused_in_every_part() {
    let folder = Folder::new();
    let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let define = |xml: String| xml.replacen("?>", &format!("?>{laughs}"), 1);
    for part in [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"] {
        folder.write("t.xlsx", patched(&small(), part, define));
        assert_eq!(code(&refusal(&folder, "t.xlsx")), "document-type", "{part}");
    }
    folder.write("t.ods", patched(&ods("<table:table-row/>"), "content.xml", define));
    assert_eq!(code(&refusal(&folder, "t.ods")), "document-type");
}

#[test]
fn one_stray_space_at_the_end_of_the_sheet_costs_nothing() {
    let folder = Folder::new();
    folder.book("t.xlsx", &[("S", "a\n1")]);
    let stray = "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> </t></is></c></row></sheetData>";
    folder.patch("t.xlsx", SHEET, |xml| xml.replace("</sheetData>", stray));
    let started = std::time::Instant::now();
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), "1 A=\"a\"\n2 A=1\n");
    assert!(started.elapsed().as_millis() < 1000);
    folder.patch("t.xlsx", SHEET, |xml| xml.replace("preserve\"> <", "preserve\">x<"));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), "1 A=\"a\"\n2 A=1\n1048576 XFD=\"x\"\n");
}

#[test]
fn a_sheet_of_16384_columns_and_one_merged_over_all_are_read() {
    let folder = Folder::new();
    let wide: String = (0..16_384).map(|column| format!("c{column} | ")).collect();
    folder.book("t.xlsx", &[("S", &format!("{wide}\n1 | 2"))]);
    let mut book = sound(&folder, "t.xlsx");
    assert_eq!(rows(&mut book, 0)[0].cells.len(), 16_384);
    let head = book.head(0).expect("a head");
    let layout = donor_report::ingest::layout::find_layout(
        &head,
        donor_report::ingest::layout::TableKind::Activities,
        &Default::default(),
        ("t.xlsx", None),
    );
    assert!(layout.is_err());
    folder.book("u.xlsx", &[("S", "a | b\nx | y\n1 | 2")]);
    folder.patch("u.xlsx", SHEET, |xml| {
        xml.replace(
            "</sheetData>",
            "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A2:XFD1048576\"/></mergeCells>",
        )
    });
    let wanted = Projection::Columns(vec![0, 1, 9]);
    assert_eq!(
        shown(&rows_of(&mut sound(&folder, "u.xlsx"), 0, &wanted)),
        "1 A=\"a\" B=\"b\"\n2 A=\"x\" B=\"y\" J+=\"x\"\n3 A=1 B=2 J+=\"x\"\n"
    );
}

#[test]
fn a_cell_is_as_long_as_a_spreadsheet_allows_and_no_longer() {
    let folder = Folder::new();
    for (length, long) in [(32_767, false), (32_768, true)] {
        folder.write("t.csv", format!("a\n{}\n", "ж".repeat(length)));
        let all = rows(&mut sound(&folder, "t.csv"), 0);
        assert_eq!(matches!(all[1].cells[0].raw, Raw::TooLong(_)), long, "{length}");
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_with_its_line() {
    let folder = Folder::new();
    folder.write("t.csv", format!("a,b\n1,\"{}", "x,y\n".repeat(20_000)));
    let all = rows(&mut sound(&folder, "t.csv"), 0);
    assert_eq!(all.len(), 20_001);
    assert_eq!(all[1].shape.open_quote, Some(1));
    assert_eq!(all.iter().filter(|row| row.shape.open_quote.is_some()).count(), 1);
    // Longer than any text may be, and in UTF-16.
    folder.write("t.csv", format!("a,b\n1,\"{}", "x,y\n".repeat(9 << 20)));
    assert_eq!(
        rows_until(&mut sound(&folder, "t.csv"), 4),
        "1 A=\"a\" B=\"b\"\n2 A=\"1\" B=\"\\\"x\" C=\"y\"\n3 A=\"x\" B=\"y\"\n"
    );
    let text = "\u{feff}a,b\n1,\"x\n2,y\n";
    folder.write("t.csv", text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    assert_eq!(
        shown(&rows(&mut sound(&folder, "t.csv"), 0)),
        "1 A=\"a\" B=\"b\"\n2 A=\"1\" B=\"\\\"x\"\n3 A=\"2\" B=\"y\"\n"
    );
}

/// The rows above a row.
fn rows_until(book: &mut Workbook, end: u32) -> String {
    let mut rows = book.rows(0, &Projection::All).expect("rows");
    let mut all = Vec::new();
    while let Some(row) = rows.next_row().expect("a row").filter(|row| row.number < end) {
        all.push(row.clone().into_owned());
    }
    shown(&all)
}

#[test]
fn text_stays_text() {
    let folder = Folder::new();
    let texts = [
        "=HYPERLINK(\"http://x\")",
        "+cmd|' /C calc'!A0",
        "#read(\"x\")",
        "{{actual \"I1\"}}",
        "<script>",
        "../../x",
        "@SUM(A1)",
    ];
    folder.write(
        "t.csv",
        format!("text\n{}\n", texts.map(|text| format!("\"{}\"", text.replace('"', "\"\""))).join("\n")),
    );
    let all = rows(&mut sound(&folder, "t.csv"), 0);
    let read = all.iter().skip(1).filter_map(|row| match &row.cells[0].raw {
        Raw::Text(text) => Some(text.as_ref()),
        _ => None,
    });
    assert_eq!(read.collect::<Vec<_>>(), texts);
}

#[test]
fn what_a_part_claims_reserves_no_memory() {
    let folder = Folder::new();
    let claim = |xml: String| {
        let (before, after) = xml.split_once("uniqueCount=\"").expect("a count");
        let (_, after) = after.split_once('"').expect("a count");
        format!("{before}uniqueCount=\"900000000000\"{after}")
    };
    folder.write("t.xlsx", patched(&small(), "xl/sharedStrings.xml", claim));
    assert_eq!(code(&refusal(&folder, "t.xlsx")), "damaged-file");
}

#[test]
fn deep_nesting_costs_no_stack() {
    let folder = Folder::new();
    let deep = "<a>".repeat(500_000);
    for part in [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"] {
        folder.write("t.xlsx", patched(&small(), part, |xml| xml.replacen("?>", &format!("?>{deep}"), 1)));
        stream(&folder, "t.xlsx");
    }
    folder.write("t.ods", ods(&format!("<table:table-row>{}", "<table:table-cell><text:p>".repeat(200_000))));
    assert_eq!(code(&refusal(&folder, "t.ods")), "damaged-file");
}

#[test]
fn rows_out_of_order_and_cells_outside_the_sheet_are_damage() {
    let folder = Folder::new();
    for bad in [
        "<row r=\"9\"><c r=\"A9\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>",
        "<row r=\"9\"><c r=\"XFE9\"><v>1</v></c></row>",
    ] {
        folder.write(
            "t.xlsx",
            patched(&small(), SHEET, |xml| xml.replace("</sheetData>", &format!("{bad}</sheetData>"))),
        );
        assert_eq!(refusal(&folder, "t.xlsx").code, "damaged-file", "{bad}");
    }
}

#[test]
fn an_error_that_no_program_knows_is_an_error_of_its_cell() {
    let folder = Folder::new();
    folder.write(
        "t.xlsx",
        patched(&small(), SHEET, |xml| {
            xml.replace("</sheetData>", "<row r=\"9\"><c r=\"A9\" t=\"e\"><v>#WAT!</v></c></row></sheetData>")
        }),
    );
    let shown = shown(&rows(&mut sound(&folder, "t.xlsx"), 0));
    assert!(shown.ends_with("9 A=#WAT!\n"), "{shown}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("t.xlsx")).expect("a link");
    assert_eq!(opened(&folder, "t.xlsx").1[0].code, "outside-folder");
    std::fs::create_dir(folder.path().join("u.xlsx")).expect("a folder");
    assert_eq!(opened(&folder, "u.xlsx").1[0].code, "missing-file");
}

#[test]
fn the_stored_corpus_of_the_fuzz_target_is_read_to_the_end() {
    let folder = Folder::new();
    let mut count = 0;
    for entry in std::fs::read_dir("fuzz/corpus/ingest").expect("the corpus") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        folder.write("t", bytes);
        stream(&folder, "t");
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

/// A compound file of streams of more than 4096 bytes: header, sector table, directory, content.
pub fn compound(streams: &[(&str, &[u8])], looping: bool) -> Vec<u8> {
    let mut table = vec![0xffff_fffd_u32, 0xffff_fffe];
    let mut directory = entry("Root Entry", 5, 0xffff_fffe, 0);
    let mut content = Vec::new();
    for (name, bytes) in streams {
        let first = table.len() as u32;
        directory.extend(entry(name, 2, first, bytes.len() as u32));
        let sectors = bytes.len().div_ceil(512) as u32;
        table.extend((1..=sectors).map(|at| if at == sectors { 0xffff_fffe } else { first + at }));
        if looping {
            *table.last_mut().expect("a sector") = first;
        }
        content.extend_from_slice(bytes);
        content.resize(content.len().div_ceil(512) * 512, 0);
    }
    directory.resize(512, 0);
    table.resize(128, 0xffff_ffff);
    let mut header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    header.resize(512, 0);
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(44, &1u32.to_le_bytes());
    put(48, &1u32.to_le_bytes());
    put(56, &4096u32.to_le_bytes());
    put(60, &0xffff_fffe_u32.to_le_bytes());
    put(68, &0xffff_fffe_u32.to_le_bytes());
    put(76, &0u32.to_le_bytes());
    for at in 1..109 {
        put(76 + 4 * at, &0xffff_ffff_u32.to_le_bytes());
    }
    let table: Vec<u8> = table.iter().flat_map(|id| id.to_le_bytes()).collect();
    [header, table, directory, content].concat()
}

fn entry(name: &str, kind: u8, start: u32, length: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(|unit| unit.to_le_bytes()).collect();
    let named = bytes.len() as u16 + 2;
    bytes.resize(128, 0);
    bytes[64..66].copy_from_slice(&named.to_le_bytes());
    bytes[66] = kind;
    bytes[116..120].copy_from_slice(&start.to_le_bytes());
    bytes[120..124].copy_from_slice(&length.to_le_bytes());
    bytes
}

/// Writes another unpacked size into the directory of a zip, and into the part's own header.
fn with_declared_size(mut bytes: Vec<u8>, part: &str, size: u32) -> Vec<u8> {
    let name = part.as_bytes();
    for at in 0..bytes.len() - name.len() {
        if &bytes[at..at + name.len()] != name {
            continue;
        }
        if at >= 46 && bytes[at - 46..at - 42] == *b"PK\x01\x02" {
            bytes[at - 22..at - 18].copy_from_slice(&size.to_le_bytes());
        } else if at >= 30 && bytes[at - 30..at - 26] == *b"PK\x03\x04" {
            bytes[at - 8..at - 4].copy_from_slice(&size.to_le_bytes());
        }
    }
    bytes
}
