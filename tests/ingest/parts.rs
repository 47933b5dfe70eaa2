//! Workbooks whose parts are elsewhere, missing, or hold what the format doesn't allow.

use super::files::{code, opened, refusal, rows, shown, sound};
use super::formats::{ods, ods_of, record, wide, xlsb};
use super::hostile::compound;
use super::sheets::{Folder, parts, patched, workbook, zipped};

const SHEET: &str = "xl/worksheets/sheet1.xml";
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

const BINARY_RELATIONS: &str = "xl/_rels/workbook.bin.rels";

const ROWS: &str = "1 A=\"код\" B=\"датум\"\n2 A=\"A-01\" B=2017-03-01\n";

fn small() -> Vec<u8> {
    workbook(&[("S", "код | датум\nA-01 | @2017-03-01")])
}

/// The workbook with parts under other names, and with other words in some of them.
fn moved(names: &[(&str, &str)], words: &[(&str, &str)]) -> Vec<u8> {
    let renamed = parts(&small()).into_iter().map(|(name, content)| {
        let name = names.iter().fold(name, |name, (from, to)| name.replace(from, to));
        let text = String::from_utf8(content).expect("a text");
        (name, words.iter().fold(text, |text, (from, to)| text.replace(from, to)).into_bytes())
    });
    zipped(&renamed.collect::<Vec<_>>())
}

#[test]
fn parts_are_found_by_their_relations_whatever_their_names() {
    let folder = Folder::new();
    let names = [("sharedStrings.xml", "texts/All.xml"), ("styles.xml", "looks.xml"), ("xl/worksheets/", "pages/")];
    let words = [
        ("\"sharedStrings.xml\"", "\"./texts/All.xml\""),
        ("\"styles.xml\"", "\"/xl/looks.xml\""),
        ("\"worksheets/", "\"../pages/"),
    ];
    folder.write("t.xlsx", moved(&names, &words));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), ROWS);
    // Also where the sheet is read by the general reader, with a reference in single quotation marks.
    folder.patch("t.xlsx", "pages/sheet1.xml", |xml| xml.replace("r=\"A2\"", "r='A2'"));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), ROWS);
}

#[test]
fn a_workbook_may_be_in_any_folder_under_any_name() {
    let folder = Folder::new();
    folder.write(
        "t.xlsx",
        moved(&[("xl/", "book/"), ("workbook.xml", "main.xml")], &[("xl/workbook.xml", "book/main.xml")]),
    );
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), ROWS);
    folder.write("t.xlsx", moved(&[("xl/", "")], &[("xl/workbook.xml", "workbook.xml")]));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), ROWS);
}

#[test]
fn a_binary_workbook_of_rare_form_has_a_remedy() {
    let folder = Folder::new();
    let elsewhere = parts(&xlsb()).into_iter().map(|(name, content)| (name.replace("xl/", "book/"), content));
    let relations = "<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"book/workbook.bin\"/></Relationships>";
    let named = [("_rels/.rels".to_owned(), relations.as_bytes().to_vec())];
    folder.write("t.xlsb", zipped(&elsewhere.chain(named).collect::<Vec<_>>()));
    assert_eq!(code(&refusal(&folder, "t.xlsb")), "damaged-file form");
}

#[test]
fn an_error_of_any_word_is_an_error_of_its_cell() {
    let folder = Folder::new();
    for word in ["#GETTING_DATA", "#ERROR!", "#SPILL!", "#CALC!", "#FIELD!", "Err:522", "#НЕШТО!"] {
        for quote in ["\"", "'"] {
            let cell = format!("<row r=\"9\"><c r={quote}A9{quote} t=\"e\"><v>{word}</v></c></row></sheetData>");
            folder.write("t.xlsx", patched(&small(), SHEET, |xml| xml.replace("</sheetData>", &cell)));
            let shown = shown(&rows(&mut sound(&folder, "t.xlsx"), 0));
            assert_eq!(shown, format!("{ROWS}9 A={word}\n"));
        }
    }
}

#[test]
fn a_number_that_is_none_is_an_error_of_its_cell() {
    let folder = Folder::new();
    for word in ["NaN", "INF", "-inf", "1e999"] {
        for style in ["", " s=\"1\""] {
            let cell = format!("<row r=\"9\"><c r=\"A9\"{style}><v>{word}</v></c></row></sheetData>");
            folder.write("t.xlsx", patched(&small(), SHEET, |xml| xml.replace("</sheetData>", &cell)));
            assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), format!("{ROWS}9 A={word}\n"));
        }
    }
    folder.write(
        "t.ods",
        ods("<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"NaN\"/></table:table-row>"),
    );
    assert_eq!(shown(&rows(&mut sound(&folder, "t.ods"), 0)), "1 A=NaN\n");
}

#[test]
fn a_value_may_be_character_data_or_have_blanks_around_it() {
    let folder = Folder::new();
    let cell = "<row r=\"9\"><c r=\"A9\" t=\"str\"><v><![CDATA[a<b]]></v></c><c t=\"inlineStr\"><is><t><![CDATA[c&d]]></t></is></c><c><v> 8 </v></c></row></sheetData>";
    folder.write("t.xlsx", patched(&small(), SHEET, |xml| xml.replace("</sheetData>", cell)));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), format!("{ROWS}9 A=\"a<b\" B=\"c&d\" C=8\n"));
}

#[test]
fn a_day_after_the_last_one_is_no_day() {
    let folder = Folder::new();
    for (serial, day) in
        [("2958465", "9999-12-31"), ("2958466", "date 2958466"), ("1e308", "date 1"), ("-1", "date -1")]
    {
        let write = |xml: String| xml.replace("<v>42795</v>", &format!("<v>{serial}</v>"));
        folder.write("t.xlsx", patched(&small(), SHEET, write));
        let shown = shown(&rows(&mut sound(&folder, "t.xlsx"), 0));
        assert!(shown.contains(&format!("B={day}")), "{serial}: {shown}");
    }
}

#[test]
fn a_text_that_the_file_does_not_hold_is_damage_at_its_cell() {
    let folder = Folder::new();
    for number in ["x", "-1", "99", "1.5", "4294967296"] {
        let cell = format!("<row r=\"9\"><c r=\"C9\" t=\"s\"><v>{number}</v></c></row></sheetData>");
        folder.write("t.xlsx", patched(&small(), SHEET, |xml| xml.replace("</sheetData>", &cell)));
        let problem = refusal(&folder, "t.xlsx");
        assert_eq!((code(&problem).as_str(), problem.args["cell"].as_str()), ("damaged-file text", "C9"), "{number}");
    }
    let blank = "<row r=\"9\"><c r=\"C9\" t=\"s\"><v></v></c></row></sheetData>";
    folder.write("t.xlsx", patched(&small(), SHEET, |xml| xml.replace("</sheetData>", blank)));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), ROWS);
}

#[test]
fn a_sheet_without_a_part_is_left_out_with_a_warning() {
    let folder = Folder::new();
    let list = "<sheet name=\"Gone\" sheetId=\"9\" r:id=\"rId99\"/></sheets>";
    let relation =
        "<Relationship Id=\"rId99\" Type=\"x/worksheet\" Target=\"worksheets/sheet99.xml\"/></Relationships>";
    let listed = patched(&small(), WORKBOOK, |xml| xml.replace("</sheets>", list));
    // A date with a time in single quotation marks needs the general reader.
    let listed = patched(&listed, SHEET, |xml| xml.replace("r=\"B2\"", "r='B2'"));
    folder.write("t.xlsx", patched(&listed, RELATIONS, |xml| xml.replace("</Relationships>", relation)));
    let (book, problems) = opened(&folder, "t.xlsx");
    assert_eq!(problems.iter().map(code).collect::<Vec<_>>(), ["damaged-file sheet"]);
    assert_eq!(problems[0].args["sheet"], "Gone");
    assert_eq!(shown(&rows(&mut book.expect("a workbook"), 0)), ROWS);
    folder.write("t.xlsx", listed);
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), ROWS);
}

#[test]
fn words_of_programs_for_a_number_are_no_dates() {
    let folder = Folder::new();
    let formatted = |format: &str| {
        let own = format!("<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"{format}\"/></numFmts>");
        let styles = format!(
            "<styleSheet>{own}<cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
        );
        patched(&small(), "xl/styles.xml", |_| styles.clone())
    };
    for number in [
        "General",
        "Standard",
        "Estándar",
        "Genel",
        "Përgjithshëm",
        "Общий",
        "0.00E+00",
        "&quot;days&quot; 0",
        "\\d0",
        "[Red]0",
    ] {
        folder.write("t.xlsx", formatted(number));
        assert!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)).contains("B=42795"), "{number}");
    }
    for date in
        ["yyyymmdd", "dd.mm.yyyy", "d. mmmm yyyy &quot;г.&quot;", "yyyy年m月d日", "[$-42F]dd/mm/yy;@", "hh AM/PM", "m"]
    {
        folder.write("t.xlsx", formatted(date));
        assert!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)).contains("B=2017-03-01"), "{date}");
    }
}

#[test]
fn a_workbook_of_too_many_sheets_names_the_limit() {
    let folder = Folder::new();
    let sheets: String =
        (0..1001).map(|at| format!("<sheet name=\"S{at}\" sheetId=\"{at}\" r:id=\"rId1\"/>")).collect();
    folder.write("t.xlsx", patched(&small(), WORKBOOK, |xml| xml.replace("<sheets>", &format!("<sheets>{sheets}"))));
    let problem = refusal(&folder, "t.xlsx");
    assert_eq!((code(&problem).as_str(), problem.args["limit"].as_str()), ("file-too-large sheets", "1000"));
    let tables: String = (0..1001).map(|at| format!("<table:table table:name=\"T{at}\"/>")).collect();
    folder.write("t.ods", ods(&format!("</table:table>{tables}<table:table table:name=\"Z\">")));
    assert_eq!(code(&refusal(&folder, "t.ods")), "file-too-large sheets");
}

#[test]
fn a_document_type_definition_is_refused_in_parts_that_are_not_read() {
    let folder = Folder::new();
    let define =
        |xml: String| xml.replacen("?>", "?>\n<!-- a remark -->\n<!DOCTYPE x SYSTEM \"file:///etc/passwd\">", 1);
    for part in ["[Content_Types].xml", "docProps/core.xml", "docProps/app.xml", RELATIONS] {
        folder.write("t.xlsx", patched(&small(), part, define));
        assert_eq!(code(&refusal(&folder, "t.xlsx")), "document-type", "{part}");
    }
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut hidden = parts(&small());
    hidden.push((
        "customXml/item1.xml".to_owned(),
        [vec![0xff, 0xfe], wide("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>")].concat(),
    ));
    folder.write("t.xlsx", zipped(&hidden));
    assert_eq!(code(&refusal(&folder, "t.xlsx")), "document-type");
    // A text that speaks of one is a text.
    folder.book("t.xlsx", &[("S", "код\n<!DOCTYPE x>")]);
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xlsx"), 0)), "1 A=\"код\"\n2 A=\"<!DOCTYPE x>\"\n");
}

#[test]
fn the_manifest_of_an_old_openoffice_is_no_harm() {
    let folder = Folder::new();
    let manifest = |subset: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE manifest:manifest PUBLIC \"-//OpenOffice.org//DTD Manifest 1.0//EN\" \"Manifest.dtd\"{subset}>\n<manifest:manifest/>"
        )
    };
    for (subset, refused) in [("", false), (" [<!ENTITY a \"b\">]", true)] {
        let mut with_manifest = parts(&ods("<table:table-row/>"));
        with_manifest.push(("META-INF/manifest.xml".to_owned(), manifest(subset).into_bytes()));
        folder.write("t.ods", zipped(&with_manifest));
        let codes: Vec<String> = opened(&folder, "t.ods").1.iter().map(code).collect();
        assert_eq!(codes, if refused { vec!["document-type".to_owned()] } else { Vec::new() }, "{subset}");
    }
}

/// The library takes parts of a binary workbook by their usual names and would leave their texts out without a word.
#[test]
fn a_binary_workbook_that_names_its_texts_otherwise_has_a_remedy() {
    let folder = Folder::new();
    let texts = |target: &str| {
        let relation =
            format!("<Relationship Id=\"rId7\" Type=\"x/sharedStrings\" Target=\"{target}\"/></Relationships>");
        patched(&xlsb(), BINARY_RELATIONS, |xml| xml.replace("</Relationships>", &relation))
    };
    for target in ["texts.bin", "../texts/sharedStrings.bin", "/sharedStrings.bin"] {
        folder.write("t.xlsb", texts(target));
        assert_eq!(code(&refusal(&folder, "t.xlsb")), "damaged-file form", "{target}");
    }
    for target in ["sharedStrings.bin", "/xl/SharedStrings.bin"] {
        folder.write("t.xlsb", texts(target));
        assert_eq!(rows(&mut sound(&folder, "t.xlsb"), 0).len(), 3, "{target}");
    }
    // The workbook names a sheet by a relation that isn't there.
    folder.write("t.xlsb", patched(&xlsb(), BINARY_RELATIONS, |xml| xml.replace("rId1", "rId2")));
    assert_eq!(code(&refusal(&folder, "t.xlsb")), "damaged-file form");
}

#[test]
fn a_binary_workbook_is_read_without_the_sheet_that_it_only_lists() {
    let folder = Folder::new();
    let listed =
        [record(0x9c, &[vec![0, 0, 0, 0, 2, 0, 0, 0], wide("rId2"), wide("Gone")].concat()), record(0x90, &[])];
    let with_sheet = parts(&xlsb()).into_iter().map(|(name, content)| {
        if name != "xl/workbook.bin" {
            return (name, content);
        }
        let end = content.windows(3).position(|bytes| bytes == record(0x90, &[])).expect("the end of the sheets");
        (name, [&content[..end], &listed.concat(), &content[end + 3..]].concat())
    });
    let relation = "<Relationship Id=\"rId2\" Type=\"x/worksheet\" Target=\"worksheets/sheet2.bin\"/></Relationships>";
    folder.write(
        "t.xlsb",
        patched(&zipped(&with_sheet.collect::<Vec<_>>()), BINARY_RELATIONS, |xml| {
            xml.replace("</Relationships>", relation)
        }),
    );
    let (book, problems) = opened(&folder, "t.xlsb");
    assert_eq!(problems.iter().map(code).collect::<Vec<_>>(), ["damaged-file sheet"]);
    assert_eq!(problems[0].args["sheet"], "Gone");
    let mut book = book.expect("a workbook");
    assert_eq!(book.sheets.len(), 1);
    assert_eq!(rows(&mut book, 0).len(), 3);
}

#[test]
fn a_sheet_that_leads_elsewhere_is_left_out_and_a_part_is_one_sheet() {
    let folder = Folder::new();
    let with_sheet = |target: &str| {
        let relation = format!("<Relationship Id=\"rId99\" Type=\"x/worksheet\" Target=\"{target}\"/></Relationships>");
        let list = "<sheet name=\"Other\" sheetId=\"9\" r:id=\"rId99\"/></sheets>";
        let listed = patched(&small(), WORKBOOK, |xml| xml.replace("</sheets>", list));
        patched(&listed, RELATIONS, |xml| xml.replace("</Relationships>", &relation))
    };
    for target in ["../../../../etc/passwd", "worksheets/", "https://example.org/a.xlsx", "", "worksheets/SHEET1.xml"] {
        folder.write("t.xlsx", with_sheet(target));
        let (book, problems) = opened(&folder, "t.xlsx");
        assert_eq!(problems.iter().map(code).collect::<Vec<_>>(), ["damaged-file sheet"], "{target}");
        let mut book = book.expect("a workbook");
        assert_eq!(book.sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect::<Vec<_>>(), ["S"]);
        assert_eq!(shown(&rows(&mut book, 0)), ROWS, "{target}");
    }
}

/// A workbook of Excel 97 with sheets at these places of its stream, the first one 0 where the list of sheets ends.
fn xls(records: &[u8], starts: &[u32], sheet: &[u8]) -> Vec<u8> {
    let begin = |kind: u8| [&[0x09, 0x08, 16, 0][..], &[0, 6, kind, 0], &[0; 12]].concat();
    let bound = |start: u32| [&[0x85, 0, 9, 0][..], &start.to_le_bytes(), &[0, 0, 1, 0, b'S']].concat();
    let globals = begin(5).len() + records.len() + starts.len() * bound(0).len() + 4;
    let list: Vec<u8> = starts.iter().flat_map(|start| bound(globals as u32 + start)).collect();
    let stream =
        [&begin(5), records, &list, &[0x0a, 0, 0, 0], &begin(16), sheet, &[0x0a, 0, 0, 0], &[0; 5000]].concat();
    compound(&[("Workbook", &stream)], false)
}

#[test]
fn an_old_workbook_of_rare_form_has_a_remedy() {
    let folder = Folder::new();
    let number = [&[0x03, 0x02, 14, 0, 0, 0, 0, 0, 0, 0][..], &5.0f64.to_le_bytes()].concat();
    folder.write("t.xls", xls(&[], &[0], &number));
    assert_eq!(shown(&rows(&mut sound(&folder, "t.xls"), 0)), "1 A=5\n");
    let mac_latin_2 = [0x42, 0, 2, 0, 0x2d, 0x27];
    let short = [0x03, 0x02, 6, 0, 0, 0, 0, 0, 0, 0];
    for (what, bytes) in [
        ("letters of a Mac", xls(&mac_latin_2, &[0], &number)),
        ("a number without its number", xls(&[], &[0], &short)),
        ("a sheet behind the end", xls(&[], &[99_999], &number)),
    ] {
        folder.write("t.xls", bytes);
        assert_eq!(code(&refusal(&folder, "t.xls")), "damaged-file form", "{what}");
    }
}

#[test]
fn sheets_of_an_old_workbook_are_counted_before_any_is_read() {
    let folder = Folder::new();
    let number = [&[0x03, 0x02, 14, 0, 0, 0, 0, 0, 0, 0][..], &5.0f64.to_le_bytes()].concat();
    folder.write("t.xls", xls(&[], &[0; 1001], &number.repeat(2_000)));
    assert_eq!(code(&refusal(&folder, "t.xls")), "file-too-large sheets");
    // Of as many as are allowed, each is the same run of records, or its end.
    let starts: Vec<u32> = (0..1000).map(|at| 20 + 18 * at).collect();
    for starts in [&[0; 1000][..], &starts] {
        folder.write("t.xls", xls(&[], starts, &number.repeat(2_000)));
        assert_eq!(code(&refusal(&folder, "t.xls")), "damaged-file form");
    }
}

/// Each sheet is found without reading all those before it: also where rows repeat, are merged or hidden at the place from
/// which a sheet is streamed.
#[test]
fn many_sheets_of_an_ods_are_read_as_each_would_be_alone() {
    let folder = Folder::new();
    let cell = |text: &str, attributes: &str| {
        format!("<table:table-cell office:value-type=\"string\"{attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |attributes: &str, cells: &str| format!("<table:table-row{attributes}>{cells}</table:table-row>");
    let sheet = |name: usize| {
        let plain: String = (0..56 + name % 9).map(|at| row("", &cell(&format!("{name}-{at}"), ""))).collect();
        let merged = cell("both", " table:number-rows-spanned=\"3\"") + &cell("x", "");
        let covered = format!("<table:covered-table-cell/>{}", cell("y", ""));
        let odd = [
            row(" table:number-rows-repeated=\"2\"", &cell("twice", "")),
            row(" table:number-rows-repeated=\"3\"", "<table:table-cell/>"),
            row("", &merged),
            format!(
                "<table:table-row-group>{}</table:table-row-group>",
                row(" table:visibility=\"collapse\"", &covered)
            ),
            row("", &covered),
        ];
        let rest: String = (0..150).map(|at| row("", &cell(&format!("rest {at}"), ""))).collect();
        format!("<table:table table:name=\"S{name}\">{plain}{}{rest}</table:table>", odd.concat())
    };
    let all: String = (0..400).map(sheet).collect();
    folder.write("many.ods", ods_of(&all));
    let started = std::time::Instant::now();
    let mut many = sound(&folder, "many.ods");
    for at in 0..400 {
        assert!(many.head(at).is_ok());
    }
    for at in [0, 1, 2, 3, 4, 5, 6, 7, 8, 399] {
        folder.write("one.ods", ods_of(&sheet(at)));
        let alone = shown(&rows(&mut sound(&folder, "one.ods"), 0));
        assert_eq!(shown(&rows(&mut many, at)), alone, "{at}");
        let first = 56 + at % 9;
        assert!(alone.contains(&format!("{} A=\"twice\"\n", first + 2)), "{alone}");
        assert!(alone.contains(&format!("{}~ A+=\"both\" B=\"y\"\n", first + 7)), "{alone}");
        assert!(alone.ends_with(&format!("{} A=\"rest 149\"\n", first + 158)), "{alone}");
    }
    assert!(started.elapsed().as_secs() < 30);
}
