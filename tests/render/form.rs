//! Donors' own forms: what is filled in, and that nothing else changes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use calamine::{Data, Reader, Xlsx};
use donor_report::render::PackageFault;
use donor_report::render::form::{DonorForm, FormContent, FormFault, FormFaultKind, FormSource};
use donor_report::report::form::{FormNumber, FormRowValues, FormValue};
use jiff::civil::date;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatDataBar, DataValidation, DataValidationRule, Format, Image, Note, Workbook,
};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

pub(super) fn number(value: i64) -> FormValue {
    FormValue { text: format!("{value} people"), number: Some(FormNumber::Plain(Decimal::from(value))) }
}

pub(super) fn places(values: &[(&str, FormValue)]) -> FormContent {
    let places = values.iter().map(|(place, value)| ((*place).to_owned(), value.clone())).collect();
    FormContent { places, rows: Vec::new(), placeholders: Vec::new() }
}

/// An invented donor's workbook with most of what a workbook may hold.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let open = Format::new().set_unlocked();
    let percent = Format::new().set_unlocked().set_num_format("0.0%");
    let day = Format::new().set_unlocked().set_num_format("dd.mm.yyyy");
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("Report!$D$12:$D$14");
    let pixels = image::RgbImage::from_pixel(20, 10, image::Rgb([120, 30, 30]));
    let mut picture = Cursor::new(Vec::new());
    pixels.write_to(&mut picture, image::ImageFormat::Png).expect("a picture");
    let sheet = workbook.add_worksheet().set_name("Report").expect("a name");
    sheet.merge_range(0, 0, 0, 5, "Donor's form", &Format::new()).expect("a title");
    for (row, column, format) in [(11, 3, &open), (11, 4, &percent), (12, 3, &open), (13, 4, &day)] {
        sheet.write_blank(row, column, format).expect("a cell");
    }
    sheet.merge_range(15, 3, 17, 5, "", &open).expect("merged cells");
    sheet.write_formula(13, 3, "=SUM(D12:D13)").expect("a formula");
    sheet.write_string_with_format(19, 0, "{{actual \"I1\"}} in all", &open).expect("helpers");
    let rule = DataValidationRule::GreaterThanOrEqualTo(0);
    sheet.add_data_validation(11, 3, 11, 3, &DataValidation::new().allow_whole_number(rule)).expect("a rule");
    sheet.add_conditional_format(11, 3, 13, 3, &ConditionalFormatDataBar::new()).expect("bars");
    sheet.insert_note(11, 3, &Note::new("Only people reached directly")).expect("a note");
    sheet.insert_chart(20, 0, &chart).expect("a chart");
    sheet.insert_image(0, 7, &Image::new_from_buffer(picture.get_ref()).expect("a picture")).expect("its place");
    sheet.protect_with_password("secret");
    let list = workbook.add_worksheet().set_name("List of activities").expect("a name");
    for row in 7..12 {
        list.write_blank(row, 0, &day).expect("a cell");
        list.merge_range(row, 1, row, 2, "", &open).expect("merged cells");
        list.write_blank(row, 3, &open).expect("a cell");
    }
    list.write_string(12, 0, "Total").expect("a text");
    workbook.define_name("Total_people", "=Report!$D$13").expect("a name");
    workbook.save_to_buffer().expect("a workbook")
}

pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let parts = (0..archive.len()).map(|at| {
        let mut file = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        (file.name().expect("a name").into_owned(), bytes)
    });
    parts.collect()
}

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(content.as_bytes()).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

/// Every cell with a value, by sheet.
fn cells(bytes: &[u8]) -> BTreeMap<(String, u32, u32), Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("calamine opens it");
    let mut found = BTreeMap::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).expect("a sheet");
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            found.insert((name.clone(), top + row as u32 + 1, left + column as u32), value.clone());
        }
    }
    found
}

pub(super) fn changed_parts(before: &[u8], after: &[u8]) -> Vec<String> {
    let (before, after) = (parts(before), parts(after));
    assert!(before.keys().eq(after.keys()));
    before.into_iter().filter(|(name, bytes)| after[name] != *bytes).map(|(name, _)| name).collect()
}

fn faults(form: &[u8], content: &FormContent) -> Vec<(FormFaultKind, FormSource)> {
    let form = DonorForm::read(form).expect("a form");
    let faults: Vec<FormFault> = form.fill(content).err().expect("faults");
    faults.into_iter().map(|fault| (fault.kind, fault.source)).collect()
}

#[test]
fn only_declared_cells_of_a_workbook_change() {
    let before = workbook();
    let form = DonorForm::read(&before).expect("a form");
    assert_eq!(form.placeholders().len(), 1);
    let fraction = FormValue { text: "63.8%".to_owned(), number: Some(FormNumber::Fraction(Decimal::new(638, 3))) };
    let mut content = places(&[
        ("Report!D12", number(518)),
        ("Report!$E$12", fraction.clone()),
        ("Total_people", fraction),
        ("'Report'!F17", FormValue::words("In words & <signs>\nand a second line")),
    ]);
    content.placeholders = vec![Some(FormValue::words("518 in all"))];
    let day = FormValue { text: "9 Jan 2017".to_owned(), number: Some(FormNumber::Day(date(2017, 1, 9))) };
    let row = |title: &str| vec![day.clone(), FormValue::words(title), number(7)];
    let rows = FormRowValues {
        rows: ["One", "Two", "Three", "Four", "Five", "Six"].map(row).to_vec(),
        limit: Some(5),
        rest: Some("see annex".to_owned()),
    };
    content.rows = vec![("list of activities!A8".to_owned(), None, rows)];
    let filled = form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}"));

    assert_eq!(filled.changed, ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]);
    assert_eq!(changed_parts(&before, &filled.bytes), filled.changed);
    assert_eq!(filled.kept, parts(&before).len() - 2);
    assert!(filled.recalculates && filled.places == 5 + 4 * 3 + 1, "{}", filled.places);

    let (old, new) = (cells(&before), cells(&filled.bytes));
    let differ: BTreeMap<_, _> = new.iter().filter(|(place, value)| old.get(*place) != Some(*value)).collect();
    let at = |sheet: &str, row: u32, column: u32| {
        differ.get(&(sheet.to_owned(), row, column)).map(|value| value.to_string())
    };
    let serial = date(2017, 1, 9).since(date(1899, 12, 30)).expect("days").get_days();
    assert_eq!(at("Report", 12, 3).as_deref(), Some("518"));
    assert_eq!(at("Report", 12, 4).as_deref(), Some("0.638"));
    assert_eq!(at("Report", 13, 3).as_deref(), Some("63.8%"), "no percent format: as it is printed");
    assert_eq!(
        at("Report", 16, 3).as_deref(),
        Some("In words & <signs>\nand a second line"),
        "the first of merged cells"
    );
    assert_eq!(at("Report", 20, 0).as_deref(), Some("518 in all"));
    for (row, title) in [(8, "One"), (9, "Two"), (10, "Three"), (11, "Four")] {
        let date = differ[&("List of activities".to_owned(), row, 0)];
        assert!(matches!(date, Data::DateTime(day) if day.as_f64() == f64::from(serial)), "{date:?}");
        assert_eq!(at("List of activities", row, 1).as_deref(), Some(title));
        assert_eq!(at("List of activities", row, 3).as_deref(), Some("7"), "behind merged cells");
    }
    assert_eq!(at("List of activities", 12, 0).as_deref(), Some("see annex"));
    assert_eq!(differ.len(), 5 + 4 * 3 + 1, "{differ:?}");
    assert!(old.keys().all(|place| new.contains_key(place)));
    let again = form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(again.bytes, filled.bytes, "the same bytes");
}

#[test]
fn what_a_workbook_does_not_allow_is_told() {
    let form = workbook();
    let told = faults(
        &form,
        &places(&[
            ("Report!D14", number(1)),
            ("Report!A5", number(1)),
            ("Raport!D12", number(1)),
            ("Total_peple", number(1)),
            ("Report!E17", number(1)),
            ("Report!D16", number(2)),
        ]),
    );
    let missing = |place: &str| FormFaultKind::NoPlace {
        place: place.to_owned(),
        known: ["Report", "List of activities", "Total_people"].map(str::to_owned).to_vec(),
    };
    assert_eq!(
        told,
        [
            (missing("Raport!D12"), FormSource::Place(2)),
            (missing("Total_peple"), FormSource::Place(3)),
            (FormFaultKind::Formula, FormSource::Place(0)),
            (FormFaultKind::Locked, FormSource::Place(1)),
            (FormFaultKind::Twice, FormSource::Place(5)),
        ]
    );
    let rows = FormRowValues { rows: vec![vec![number(1)]; 6], limit: None, rest: None };
    for (to, room) in [(None, 5), (Some("List of activities!A9"), 2)] {
        let mut content = places(&[]);
        content.rows = vec![("List of activities!A8".to_owned(), to.map(str::to_owned), rows.clone())];
        assert_eq!(faults(&form, &content), [(FormFaultKind::TooManyRows { rows: 6, room }, FormSource::Rows(0))]);
    }
    for (bytes, fault) in [
        (&b"hello"[..], PackageFault::NotAnArchive),
        (&[0xd0, 0xcf, 0x11, 0xe0, 0, 0], PackageFault::Compound),
        (&archive(&[("a.txt", "x".to_owned())]), PackageFault::NotSuchAFile),
    ] {
        assert_eq!(DonorForm::read(bytes).err(), Some(fault));
    }
}

/// Sheets as other programs write them: with a prefix, without addresses, without rows.
#[test]
fn a_cell_is_put_where_it_belongs_in_any_sheet() {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let form = |sheet: &str| {
        let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/sheet.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
        archive(&[
            ("[Content_Types].xml", types.to_owned()),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"sheet.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{kind}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            ("xl/sheet.xml", sheet.replace("MAIN", main)),
        ])
    };
    for (sheet, expected) in [
        (
            "<worksheet xmlns=\"MAIN\"><sheetData/></worksheet>",
            "<sheetData><row r=\"2\"><c r=\"B2\"><v>5</v></c></row><row r=\"4\"><c r=\"A4\"><v>5</v></c><c r=\"C4\"><v>5</v></c></row></sheetData>",
        ),
        (
            "<x:worksheet xmlns:x=\"MAIN\"><x:sheetData><x:row r=\"3\" ht=\"20\"/><x:row r=\"4\"><x:c r=\"B4\" t=\"str\"><x:v>k</x:v></x:c></x:row></x:sheetData></x:worksheet>",
            "<x:sheetData><x:row r=\"2\"><x:c r=\"B2\"><x:v>5</x:v></x:c></x:row><x:row r=\"3\" ht=\"20\"/><x:row r=\"4\"><x:c r=\"A4\"><x:v>5</x:v></x:c><x:c r=\"B4\" t=\"str\"><x:v>k</x:v></x:c><x:c r=\"C4\"><x:v>5</x:v></x:c></x:row></x:sheetData>",
        ),
        (
            "<worksheet xmlns=\"MAIN\"><sheetData><row/><row s=\"0\"><c><v>1</v></c></row></sheetData></worksheet>",
            "<sheetData><row/><row s=\"0\"><c><v>1</v></c><c r=\"B2\"><v>5</v></c></row><row r=\"4\"><c r=\"A4\"><v>5</v></c><c r=\"C4\"><v>5</v></c></row></sheetData>",
        ),
    ] {
        let bytes = form(sheet);
        let form = DonorForm::read(&bytes).expect("a form");
        let content = places(&[("S!C4", number(5)), ("S!A4", number(5)), ("S!B2", number(5))]);
        let filled = form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}"));
        let text = String::from_utf8(parts(&filled.bytes)["xl/sheet.xml"].clone()).expect("text");
        assert!(text.contains(expected), "{text}");
        assert!(!filled.recalculates && filled.changed == ["xl/sheet.xml"]);
    }
    let bytes = form(
        "<worksheet xmlns=\"MAIN\"><sheetData><row r=\"1\"><c r=\"A1\"><f>C4*2</f><v>0</v></c></row></sheetData></worksheet>",
    );
    let filled = DonorForm::read(&bytes).expect("a form").fill(&places(&[("S!C4", number(5))]));
    let filled = filled.unwrap_or_else(|faults| panic!("{faults:?}"));
    let made = parts(&filled.bytes);
    assert!(filled.recalculates && filled.changed == ["xl/sheet.xml", "xl/workbook.xml"]);
    let workbook = std::str::from_utf8(&made["xl/workbook.xml"]).expect("text");
    assert!(workbook.ends_with("</sheets><calcPr fullCalcOnLoad=\"1\"/></workbook>"), "{workbook}");
}

pub(super) fn word(body: &str) -> Vec<u8> {
    word_with(body, "", "{{actual \"I1\"}}")
}

/// A Word file with such settings and a page foot.
pub fn word_with(body: &str, settings: &str, foot: &str) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    archive(&[
        ("[Content_Types].xml", types.to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{kind}/footer\" Target=\"footer1.xml\"/><Relationship Id=\"r2\" Type=\"{kind}/settings\" Target=\"settings.xml\"/></Relationships>"
            ),
        ),
        ("word/settings.xml", format!("<w:settings {WORD}>{settings}</w:settings>")),
        ("word/document.xml", format!("<w:document {WORD}><w:body>{body}</w:body></w:document>")),
        ("word/footer1.xml", format!("<w:ftr {WORD}><w:p><w:r><w:t>{foot}</w:t></w:r></w:p></w:ftr>")),
        ("word/media/picture.png", "a picture".to_owned()),
    ])
}

#[test]
fn helpers_and_controls_of_a_word_file_get_their_values() {
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">We reached {{act</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ual “I1</w:t></w:r><w:r><w:t>”}} people, {{target \"I1\"}} planned.</w:t></w:r></w:p>\
        <w:p><w:r><w:t>{{#if (known (actual \"I1\"))}}yes{{else}}no{{/if}} &amp; more</w:t></w:r></w:p>\
        <w:p><w:sdt><w:sdtPr><w:tag w:val=\"summary\"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:rPr><w:rStyle w:val=\"PlaceholderText\"/></w:rPr><w:t>Click</w:t></w:r><w:r><w:t> here</w:t></w:r></w:sdtContent></w:sdt></w:p>\
        <w:sdt><w:sdtPr><w:tag w:val=\"block\"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>\
        <w:sdt><w:sdtPr><w:tag w:val=\"fixed\"/><w:lock w:val=\"sdtContentLocked\"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>\
        <w:sdt><w:sdtPr><w:tag w:val=\"bound\"/><w:dataBinding w:xpath=\"/a\"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>\
        <w:p><w:r><w:t>Left {{as it is}}</w:t></w:r></w:p>";
    let before = word(body);
    let form = DonorForm::read(&before).expect("a form");
    let found: Vec<&str> = form.placeholders().iter().map(|placeholder| placeholder.text.as_str()).collect();
    assert_eq!(
        found,
        [
            "{{actual “I1”}}",
            "{{target \"I1\"}}",
            "{{#if (known (actual \"I1\"))}}yes{{else}}no{{/if}}",
            "{{as it is}}",
            "{{actual \"I1\"}}"
        ]
    );
    let mut content =
        places(&[("@summary", FormValue::words("In short:\nall is well")), ("@block", FormValue::words("A & B"))]);
    content.placeholders = vec![
        Some(FormValue::words("518")),
        Some(FormValue::words("500")),
        Some(FormValue::words("yes")),
        None,
        Some(FormValue::words("518")),
    ];
    let filled = form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(changed_parts(&before, &filled.bytes), ["word/document.xml", "word/footer1.xml"]);
    let made = parts(&filled.bytes);
    let text = std::str::from_utf8(&made["word/document.xml"]).expect("text");
    for expected in [
        "<w:r><w:t xml:space=\"preserve\">We reached 518</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\"></w:t></w:r><w:r><w:t xml:space=\"preserve\"> people, 500 planned.</w:t></w:r>",
        "<w:t xml:space=\"preserve\">yes &amp; more</w:t>",
        "<w:sdtPr><w:tag w:val=\"summary\"/></w:sdtPr><w:sdtContent><w:r><w:rPr></w:rPr><w:t xml:space=\"preserve\">In short:</w:t><w:br/><w:t xml:space=\"preserve\">all is well</w:t></w:r><w:r><w:t xml:space=\"preserve\"></w:t></w:r></w:sdtContent>",
        "<w:sdtContent><w:p><w:r><w:t xml:space=\"preserve\">A &amp; B</w:t></w:r></w:p></w:sdtContent>",
        "<w:t>Left {{as it is}}</w:t>",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(std::str::from_utf8(&made["word/footer1.xml"]).expect("text").contains(">518<"));

    let content = places(&[("@fixed", number(1)), ("@bound", number(1)), ("@sumary", number(1))]);
    let known = ["@summary", "@block", "@fixed", "@bound"].map(str::to_owned).to_vec();
    let missing = FormFaultKind::NoPlace { place: "@sumary".to_owned(), known };
    assert_eq!(
        faults(&before, &content),
        [
            (FormFaultKind::Locked, FormSource::Place(0)),
            (FormFaultKind::Bound, FormSource::Place(1)),
            (missing, FormSource::Place(2)),
        ]
    );
}
