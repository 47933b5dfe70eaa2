//! The other formats than xlsx give the same rows.

use donor_report::ingest::cell::read_text;
use donor_report::ingest::raw_row::Raw;
use donor_report::ingest::workbook::Projection;

use super::files::{rows, rows_of, shown, sound};
use super::sheets::{Folder, patched, workbook, zipped};

/// Written by LibreOffice from one flat document: `tests/ingest/books/`.
const ROWS: &str = "1 A=\"Шифра\" B=\"Датум\" C=\"Вид\" D=\"Опфатени\"\n\
    2 A=\"A-01\" B=2017-03-01 C=\"обука & дебата\" D=16\n\
    3~ A=\"A-02\" B=2017-03-02 C+=\"обука & дебата\" D=16.5\n\
    6 A=\"прв\\nред\" B=1 C=#DIV/0! D=0.6\n\
    7 A=7 B=7\n";

#[test]
fn ods_and_xls_give_the_same_rows() {
    for name in ["libreoffice.ods", "libreoffice.xls"] {
        let folder = Folder::new();
        folder.write(name, std::fs::read(format!("tests/ingest/books/{name}")).expect("the book"));
        let mut book = sound(&folder, name);
        let sheets: Vec<_> = book.sheets.iter().map(|sheet| (sheet.name.as_deref(), sheet.hidden)).collect();
        assert_eq!(sheets, [(Some("Активности"), false), (Some("Скриен"), true)], "{name}");
        assert_eq!(shown(&rows(&mut book, 0)), ROWS, "{name}");
        assert_eq!(shown(&rows(&mut book, 1)), "1 A=\"x\"\n", "{name}");
        let wanted = Projection::Columns(vec![0, 3]);
        assert!(shown(&rows_of(&mut book, 0, &wanted)).ends_with("7 A=7\n"), "{name}");
    }
}

#[test]
fn an_ods_repeats_cells_and_rows_without_laying_them_out() {
    let folder = Folder::new();
    let rows_xml = "
        <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"2\"
            office:value-type=\"float\" office:value=\"5\"><text:p>5</text:p></table:table-cell>
            <table:table-cell office:value-type=\"string\"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>x<text:s text:c=\"2\"/>y</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated=\"1048560\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>
        <table:table-row><table:table-cell table:formula=\"of:=1+1\"/><table:table-cell office:value-type=\"date\" office:date-value=\"1900-01-15\"/></table:table-row>";
    folder.write("t.ods", ods(rows_xml));
    let all = rows(&mut sound(&folder, "t.ods"), 0);
    assert_eq!(
        shown(&all),
        "1 A=5 B=5 C=\"x  y\"\n2 A=5 B=5 C=\"x  y\"\n3 A=5 B=5 C=\"x  y\"\n1048564 A=formula B=1900-01-15\n"
    );
    assert!(matches!(all[3].cells[1].raw, Raw::Date { serial, .. } if serial == 16.0), "shown as a date, meant as 16");
}

/// LibreOffice keeps the cells that formulas ask of other files, wherever these are, and of links between programs.
#[test]
fn cells_of_other_files_that_an_ods_keeps_are_no_sheet_and_no_rows() {
    let folder = Folder::new();
    let row = |text: &str| {
        format!(
            "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>\
             </table:table-row>"
        )
    };
    let table = |name: &str, text: &str| format!("<table:table{name}>{}</table:table>", row(text));
    let foreign = [
        table(" table:name=\"'file:///home/o&apos;&apos;brien/last.ods'#$Sheet1\"", "copy"),
        table(" table:name=\"'https://example.org/last.ods'#$Sheet1\"", "copy"),
        format!("<table:dde-links><table:dde-link>{}</table:dde-link></table:dde-links>", table("", "link")),
    ];
    for kept in foreign {
        let own = [table(" table:name=\"First\"", "first"), table(" table:name=\"Second's\"", "second")];
        folder.write("t.ods", ods_of(&format!("{}{kept}{}{kept}", own[0], own[1])));
        let mut book = sound(&folder, "t.ods");
        let names: Vec<_> = book.sheets.iter().filter_map(|sheet| sheet.name.clone()).collect();
        assert_eq!(names, ["First", "Second's"]);
        assert_eq!(shown(&rows(&mut book, 0)), "1 A=\"first\"\n");
        assert_eq!(shown(&rows(&mut book, 1)), "1 A=\"second\"\n");
    }
}

/// A copy may stand before the sheets, repeat its rows, bear a sheet's own name or come from Windows; and a sheet of one's own
/// may have a name that only looks like that of a copy.
#[test]
fn copies_of_other_files_add_nothing_wherever_an_ods_keeps_them() {
    let folder = Folder::new();
    let rows_of = |text: &str, times: u32| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{times}\"><table:table-cell office:value-type=\"string\">\
             <text:p>{text}</text:p></table:table-cell></table:table-row>"
        )
    };
    let table = |name: &str, text: &str, times: u32| {
        format!("<table:table table:name=\"{name}\">{}</table:table>", rows_of(text, times))
    };
    let copies = [
        table("'file:///C:/Users/Ana%20A/Desktop/last.ods'#$Register", "copy", 3),
        table("'file:///home/ana/register.ods'#Register", "copy", 1),
        table("'smb://office/shared/last.ods'#$'My sheet'", "copy", 2),
    ];
    for copy in copies {
        let sheets = [table("Register", "own", 2), table("Plan #$1", "plan", 1)];
        folder.write("t.ods", ods_of(&format!("{copy}{}{copy}{}", sheets[0], sheets[1])));
        let mut book = sound(&folder, "t.ods");
        let names: Vec<_> = book.sheets.iter().filter_map(|sheet| sheet.name.clone()).collect();
        assert_eq!(names, ["Register", "Plan #$1"], "{copy}");
        assert_eq!(shown(&rows(&mut book, 0)), "1 A=\"own\"\n2 A=\"own\"\n");
        assert_eq!(shown(&rows(&mut book, 1)), "1 A=\"plan\"\n");
    }
}

/// An error is often dragged down a column, so that the file says it once for many cells.
#[test]
fn an_error_that_an_ods_repeats_is_an_error_of_each_cell() {
    let folder = Folder::new();
    let cell = "<table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"0\">\
                <text:p>#DIV/0!</text:p></table:table-cell>";
    let row = format!("<table:table-row table:number-rows-repeated=\"2\">{cell}</table:table-row>");
    folder.write("t.ods", ods(&row));
    let all = rows(&mut sound(&folder, "t.ods"), 0);
    assert_eq!(shown(&all), "1 A=#DIV/0! B=#DIV/0!\n2 A=#DIV/0! B=#DIV/0!\n");
    assert!(all.iter().flat_map(|row| &row.cells).all(|cell| matches!(cell.raw, Raw::Error(_))));
}

#[test]
fn times_and_zeros_of_an_ods_are_those_of_an_xlsx() {
    let folder = Folder::new();
    let cells = [
        ("office:value-type=\"time\" office:time-value=\"PT09H30M00S\"", "09:30:00"),
        ("office:value-type=\"time\" office:time-value=\"PT26H00M00S\"", "26:00:00"),
        ("office:value-type=\"float\" office:value=\"7\"", "007"),
    ];
    let cells = cells
        .map(|(attributes, text)| format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"));
    folder.write("t.ods", ods(&format!("<table:table-row>{}</table:table-row>", cells.concat())));
    folder.book("t.xlsx", &[("S", "@09:30 | '26:00:00 | #007")]);
    for name in ["t.ods", "t.xlsx"] {
        let all = rows(&mut sound(&folder, name), 0);
        let texts: Vec<_> = all[0].cells.iter().map(|cell| read_text(Some(cell)).ok().flatten()).collect();
        assert_eq!(texts, [Some("09:30".into()), Some("26:00:00".into()), Some("007".into())], "{name}");
        assert_eq!(all[0].cells[2].raw, Raw::Number(7.0), "{name}");
    }
}

/// As openpyxl writes them with `iso_dates`, and in the strict form of the format.
#[test]
fn days_and_times_written_as_iso_8601_are_those_of_a_number_with_a_date_format() {
    let folder = Folder::new();
    let written = [
        "2017-02-03",
        "2017-02-03T14:05:00",
        "09:30:00",
        "T18:00",
        "2017-03-04T23:59:30.5Z",
        "about May",
        "1900-01-16",
    ];
    let cells = written.map(|text| format!("<c t=\"d\"><v>{text}</v></c>"));
    let sheet = format!("<sheetData><row r=\"1\">{}</row></sheetData>", cells.concat());
    for from_1904 in ["", "<workbookPr date1904=\"1\"/>"] {
        let bytes = patched(&workbook(&[("S", "x")]), "xl/worksheets/sheet1.xml", |_| {
            format!(
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{sheet}</worksheet>"
            )
        });
        folder.write(
            "t.xlsx",
            patched(&bytes, "xl/workbook.xml", |xml| xml.replacen("<sheets>", &format!("{from_1904}<sheets>"), 1)),
        );
        let all = rows(&mut sound(&folder, "t.xlsx"), 0);
        let texts: Vec<_> = all[0].cells.iter().map(|cell| read_text(Some(cell)).ok().flatten()).collect();
        let expected = ["2017-02-03", "2017-02-03", "09:30", "18:00", "2017-03-04", "about May", "1900-01-16"];
        assert_eq!(texts, expected.map(|text| Some(text.into())), "{from_1904}");
        let Raw::Date { serial, .. } = all[0].cells[6].raw else { panic!("a date") };
        assert_eq!(serial, 16.0, "a count in such a cell is the count");
        let Raw::Date { serial, .. } = all[0].cells[1].raw else { panic!("a date") };
        assert!((serial - 42_769.586_805).abs() < 1e-5, "{serial}");
    }
}

/// LibreOffice keeps no type for them: `TRUE` of an xlsx becomes a formula whose value is the number 1.
#[test]
fn truth_values_of_an_ods_are_those_of_an_xlsx() {
    let folder = Folder::new();
    let cases = [
        ("office:value-type=\"float\" office:value=\"1\" table:formula=\"of:=TRUE()\"", "TRUE", "TRUE"),
        ("office:value-type=\"float\" office:value=\"0\" table:formula=\"of:=FALSE()\"", "FALSCH", "FALSE"),
        ("office:value-type=\"float\" office:value=\"1\" table:formula=\"oooc:=TRUE()\"", "WAHR", "TRUE"),
        ("office:value-type=\"boolean\" office:boolean-value=\"false\"", "FALSE", "FALSE"),
        // What a formula finds to hold or not.
        ("office:value-type=\"float\" office:value=\"1\" table:formula=\"of:=1=1\"", "TRUE", "TRUE"),
        ("office:value-type=\"float\" office:value=\"0\" table:formula=\"of:=[.A1]&gt;3\"", "НЕТОЧНО", "FALSE"),
        // What counts on, and what is typed.
        ("office:value-type=\"float\" office:value=\"1\" table:formula=\"of:=SUM(TRUE();0)\"", "1", "1"),
        ("office:value-type=\"float\" office:value=\"1\"", "1", "1"),
    ];
    for (attributes, text, expected) in cases {
        folder.write(
            "t.ods",
            ods(&format!("<table:table-row><table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell></table:table-row>")),
        );
        let all = rows(&mut sound(&folder, "t.ods"), 0);
        assert_eq!(read_text(Some(&all[0].cells[0])).ok().flatten(), Some(expected.into()), "{attributes}");
    }
}

/// Excel saves the error as a number, Gnumeric as a text, OpenOffice as a number with an error of its own.
#[test]
fn error_cells_of_an_ods_are_errors_whichever_program_wrote_them() {
    let folder = Folder::new();
    let cases = [
        ("office:value-type=\"float\" office:value=\"0\" table:formula=\"of:=1/0\"", "#DIV/0!", "#DIV/0!"),
        ("office:value-type=\"float\" office:value=\"0\"", "#N/A", "#N/A"),
        ("office:value-type=\"percentage\" office:value=\"0\" table:formula=\"of:=x\"", "#NAME?", "#NAME?"),
        ("office:value-type=\"currency\" office:value=\"0\"", "#WERT!", "#WERT!"),
        ("office:value-type=\"date\" office:date-value=\"1899-12-30\"", "#REF!", "#REF!"),
        ("office:value-type=\"boolean\" office:boolean-value=\"false\"", "#NULL!", "#NULL!"),
        ("office:value-type=\"float\" office:value=\"0\"", "#GETTING_DATA", "#GETTING_DATA"),
        ("office:value-type=\"float\" office:value=\"0\" table:formula=\"of:=x\"", "Err:508", "Err:508"),
        ("office:value-type=\"string\" office:string-value=\"\" table:formula=\"of:=x\"", "#REF!", "#REF!"),
        ("office:value-type=\"string\" calcext:value-type=\"error\"", "#VALUE!", "#VALUE!"),
        // What only looks like one.
        ("office:value-type=\"float\" office:value=\"5\"", "#5", "5"),
        ("office:value-type=\"float\" office:value=\"7\"", "#A7", "7"),
        ("office:value-type=\"string\"", "#REF!", "\"#REF!\""),
        ("office:value-type=\"string\" table:formula=\"of:=x\"", "#MFA", "\"#MFA\""),
    ];
    for (attributes, text, expected) in cases {
        folder.write(
            "t.ods",
            ods(&format!("<table:table-row><table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell></table:table-row>")),
        );
        let all = rows(&mut sound(&folder, "t.ods"), 0);
        assert_eq!(shown(&all), format!("1 A={expected}\n"), "{attributes}");
        assert_eq!(matches!(all[0].cells[0].raw, Raw::Error(_)), expected.starts_with(['#', 'E']), "{attributes}");
    }
}

/// An ods of one sheet with these rows.
pub fn ods(rows: &str) -> Vec<u8> {
    ods_of(&format!("<table:table table:name=\"S\">{rows}</table:table>"))
}

/// An ods of these tables.
pub fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".to_owned(), content.into_bytes()),
    ])
}

#[test]
fn xlsb_is_read_with_its_merged_and_hidden_rows() {
    let folder = Folder::new();
    folder.write("t.xlsb", xlsb());
    let mut book = sound(&folder, "t.xlsb");
    assert_eq!(book.sheets[0].name.as_deref(), Some("Лист"));
    assert_eq!(shown(&rows(&mut book, 0)), "1 A=\"код\" B=\"број\"\n2~ A=\"A-01\" B=16.5\n3 A+=\"A-01\" B=true\n");
}

/// A binary workbook of one sheet, record by record.
pub fn xlsb() -> Vec<u8> {
    let workbook = [
        record(0x83, &[]),
        record(0x99, &[0; 8]),
        record(0x8f, &[]),
        record(0x9c, &[vec![0, 0, 0, 0, 1, 0, 0, 0], wide("rId1"), wide("Лист")].concat()),
        record(0x90, &[]),
        record(0x9d, &[0; 4]),
        record(0x84, &[]),
    ];
    let row = |number: u32, hidden: bool| {
        let mut data = number.to_le_bytes().to_vec();
        data.extend([0, 0, 0, 0, 0x2c, 1, 0, if hidden { 0x10 } else { 0 }, 0, 0, 0, 0, 0]);
        record(0, &data)
    };
    let cell = |kind: u16, column: u32, value: &[u8]| {
        record(kind, &[column.to_le_bytes().as_slice(), &[0; 4], value].concat())
    };
    let merge: Vec<u8> = [1u32, 2, 0, 0].iter().flat_map(|number| number.to_le_bytes()).collect();
    let sheet = [
        record(0x81, &[]),
        record(0x94, &[0; 16]),
        record(0x91, &[]),
        row(0, false),
        cell(6, 0, &wide("код")),
        cell(6, 1, &wide("број")),
        row(1, true),
        cell(6, 0, &wide("A-01")),
        cell(5, 1, &16.5f64.to_le_bytes()),
        row(2, false),
        cell(4, 1, &[1]),
        record(0x92, &[]),
        record(0xb1, &[1, 0, 0, 0]),
        record(0xb0, &merge),
        record(0xb2, &[]),
        record(0x82, &[]),
    ];
    let relations = "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>";
    zipped(&[
        ("xl/workbook.bin".to_owned(), workbook.concat()),
        ("xl/_rels/workbook.bin.rels".to_owned(), relations.as_bytes().to_vec()),
        ("xl/worksheets/sheet1.bin".to_owned(), sheet.concat()),
    ])
}

pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
    let mut length = data.len();
    while length > 0x7f {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(data);
    bytes
}

pub fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
    bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    bytes
}
