//! Tables of donors' Word files: rows and cells that are filled in, and that nothing else changes.

use donor_report::render::form::{DonorForm, FormContent, FormFaultKind, FormSource, FormSpot};
use donor_report::report::form::{FormRowValues, FormValue};

use super::form::{changed_parts, number, parts, places, word, word_with};

/// A table as python-docx writes it, with letters of the cell's own, a heading row and a foot.
const ACTIVITIES: &str = r#"<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:tblCaption w:val="List of activities"/></w:tblPr><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="3000"/><w:gridCol w:w="1000"/><w:gridCol w:w="2000"/></w:tblGrid>
<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>Date</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Title</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>People</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p w:rsidR="00A1"><w:pPr><w:jc w:val="right"/><w:rPr><w:ins w:id="9" w:author="x"/><w:b/><w:sz w:val="18"/></w:rPr></w:pPr></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="n"/></w:ffData></w:fldChar></w:r><w:r><w:instrText xml:space="preserve"> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>     </w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:sdt><w:sdtPr><w:tag w:val="second"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>Click here.</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc><w:tc><w:p></w:p></w:tc></w:tr>
<w:sdt><w:sdtPr><w:alias w:val="row"/></w:sdtPr><w:sdtContent><w:tr><w:tc><w:p/></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:sdtContent></w:sdt>
<w:tr><w:tc><w:p><w:r><w:t>Total</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:fldSimple w:instr=" =SUM(ABOVE) "><w:r><w:t>0</w:t></w:r></w:fldSimple></w:p></w:tc></w:tr></w:tbl>"#;
/// Merged cells, another table within a cell, and what is locked.
const INDICATORS: &str = r#"<w:tbl><w:tblGrid/><w:tr><w:tc><w:p><w:r><w:t>Before</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/></w:tc><w:tc><w:p><w:r><w:t>5 </w:t></w:r><w:r><w:t>of 9</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>
<w:tr><w:trPr><w:gridBefore w:val="0"/></w:trPr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:sdt><w:sdtPr><w:lock w:val="contentLocked"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t> </w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc></w:tr></w:tbl>"#;

fn form() -> Vec<u8> {
    word(&format!("<w:p><w:r><w:t>Annex 4</w:t></w:r></w:p>{ACTIVITIES}<w:p/>{INDICATORS}<w:p/>"))
}

fn rows(from: &str, to: Option<&str>, rows: Vec<Vec<FormValue>>) -> FormContent {
    let values = FormRowValues { rows, limit: None, rest: None };
    FormContent { rows: vec![(from.to_owned(), to.map(str::to_owned), values)], ..places(&[]) }
}

fn row(day: &str, title: &str, people: i64) -> Vec<FormValue> {
    vec![FormValue::words(day), FormValue::words(title), number(people)]
}

fn document(bytes: &[u8]) -> String {
    String::from_utf8(parts(bytes)["word/document.xml"].clone()).expect("text")
}

/// Fault, source and the cell that it is at.
fn faults(form: &[u8], content: &FormContent) -> Vec<(FormFaultKind, FormSource, Option<String>)> {
    let form = DonorForm::read(form).expect("a form");
    let found = form.fill(content).err().expect("faults").into_iter().map(|fault| {
        let spot = fault.spot.map(|spot| match spot {
            FormSpot::TableCell { table, row, column } => format!("{table} {row} {column}"),
            FormSpot::Cell { .. } | FormSpot::Text { .. } => String::new(),
        });
        (fault.kind, fault.source, spot)
    });
    found.collect()
}

#[test]
fn rows_are_filled_within_those_of_a_word_table() {
    let before = form();
    let form = DonorForm::read(&before).expect("a form");
    let values = || vec![row("9 Jan", "Training & more", 12), row("10 Jan", "Second", 7), row("", "Third", 8)];
    let content = rows("1!A2", None, values());
    let filled = form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!((filled.places, changed_parts(&before, &filled.bytes)), (8, vec!["word/document.xml".to_owned()]));
    let text = document(&filled.bytes);
    // What was put in, taken out again, leaves the donor's text.
    let mut rest = text.clone();
    for (made, was) in [
        ("<w:r><w:rPr><w:b/><w:sz w:val=\"18\"/></w:rPr><w:t xml:space=\"preserve\">9 Jan</w:t></w:r>", ""),
        ("<w:p><w:r><w:t xml:space=\"preserve\">Training &amp; more</w:t></w:r></w:p>", "<w:p/>"),
        ("<w:t xml:space=\"preserve\">12 people</w:t>", "<w:t>     </w:t>"),
        ("<w:p><w:r><w:t xml:space=\"preserve\">10 Jan</w:t></w:r></w:p>", "<w:p/>"),
        (
            "<w:tag w:val=\"second\"/></w:sdtPr><w:sdtContent><w:p><w:r><w:rPr></w:rPr><w:t xml:space=\"preserve\">Second</w:t>",
            "<w:tag w:val=\"second\"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:rPr><w:rStyle w:val=\"PlaceholderText\"/></w:rPr><w:t>Click here.</w:t>",
        ),
        ("<w:p><w:r><w:t xml:space=\"preserve\">7 people</w:t></w:r></w:p>", "<w:p></w:p>"),
        ("<w:p><w:r><w:t xml:space=\"preserve\">Third</w:t></w:r></w:p>", "<w:p/>"),
        ("<w:p><w:r><w:t xml:space=\"preserve\">8 people</w:t></w:r></w:p>", "<w:p/>"),
    ] {
        assert_eq!(rest.matches(made).count(), 1, "{made}\n{text}");
        rest = rest.replace(made, was);
    }
    assert_eq!(rest, document(&before));

    // The same place by the table's name, by a control, with its last row, and with fewer rows than there are.
    for (from, to) in [("list of activities!A2", None), ("1!A2", Some("1!C4"))] {
        let same = form.fill(&rows(from, to, values())).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(same.bytes, filled.bytes, "{from}");
    }
    let by_control = form.fill(&rows("@second", None, vec![vec![FormValue::words("Second"), number(7)]]));
    let text = document(&by_control.unwrap_or_else(|faults| panic!("{faults:?}")).bytes);
    assert!(
        text.contains(">Second<")
            && text.contains(">7 people<")
            && text.matches("<w:p/>").count() == document(&before).matches("<w:p/>").count(),
        "{text}"
    );
    let mut content = rows("1!A2", None, (0..5).map(|n| row("1 Jan", "One", n)).collect());
    content.rows[0].2.limit = Some(3);
    content.rows[0].2.rest = Some("see annex".to_owned());
    let text = document(&form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}")).bytes);
    assert!(text.matches("1 Jan").count() == 2 && text.matches("see annex").count() == 1, "{text}");
}

#[test]
fn a_cell_of_a_word_table_is_filled_where_nothing_forbids_it() {
    let before = form();
    let form = DonorForm::read(&before).expect("a form");
    let content = places(&[
        ("2!B1", FormValue::words("6 of 9")),
        ("2!A1", FormValue::words("Behind")),
        ("2!A3", FormValue::words("merged")),
        ("3!A1", FormValue::words("inner")),
    ]);
    let filled = form.fill(&content).unwrap_or_else(|faults| panic!("{faults:?}"));
    let text = document(&filled.bytes);
    for expected in [
        "<w:r><w:t xml:space=\"preserve\">6 of 9</w:t></w:r><w:r><w:t xml:space=\"preserve\"></w:t></w:r>",
        "<w:tc><w:p><w:r><w:t xml:space=\"preserve\">Behind</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t xml:space=\"preserve\">inner</w:t>",
        "<w:vMerge w:val=\"restart\"/></w:tcPr><w:p><w:r><w:t xml:space=\"preserve\">merged</w:t></w:r></w:p></w:tc>",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }

    let known = ["@second", "@row", "List of activities!A1:C5", "2!A1:B3", "3!A1:A1"].map(str::to_owned).to_vec();
    let missing = |place: &str| FormFaultKind::NoPlace { place: place.to_owned(), known: known.clone() };
    let content = places(&[
        ("4!A1", number(1)),
        ("1!D2", number(1)),
        ("1!C5", number(1)),
        ("2!B3", number(1)),
        ("2!A2", number(1)),
        ("2!A3", number(1)),
    ]);
    let at = |cell: &str| Some(cell.to_owned());
    assert_eq!(
        faults(&before, &content),
        [
            (missing("4!A1"), FormSource::Place(0), None),
            (missing("1!D2"), FormSource::Place(1), None),
            (FormFaultKind::Formula, FormSource::Place(2), at("1 5 2")),
            (FormFaultKind::Locked, FormSource::Place(3), at("2 3 1")),
            (FormFaultKind::Twice, FormSource::Place(5), at("2 3 0")),
        ]
    );
    let four = || vec![row("1 Jan", "One", 1); 4];
    for (to, room) in [(None, 3), (Some("1!A3"), 2)] {
        let kind = FormFaultKind::TooManyRows { rows: 4, room };
        assert_eq!(faults(&before, &rows("1!A2", to, four())), [(kind, FormSource::Rows(0), at("1 2 0"))]);
    }
    let wide = vec![vec![number(1); 4]];
    assert_eq!(faults(&before, &rows("1!A2", Some("1!A2"), wide)), [(missing("1!D2"), FormSource::Rows(0), None)]);
    for content in [rows("1!A2", Some("2!A2"), four()), rows("@third", None, four())] {
        assert!(matches!(faults(&before, &content)[..], [(FormFaultKind::NoPlace { .. }, FormSource::Rows(0), None)]));
    }
}

/// A file that Word protects leaves open its fields and controls, its sections without protection, or its exceptions.
/// Word shows a control's title and not its tag; LibreOffice keeps only the title.
#[test]
fn a_control_without_a_tag_is_named_by_its_title() {
    let control = |properties: &str| {
        format!(
            "<w:p><w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:t>0</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        )
    };
    let titled = control("<w:alias w:val=\"People reached\"/>");
    let blank = control("<w:alias w:val=\"Planned\"/><w:tag w:val=\"\"/>");
    let tagged = control("<w:alias w:val=\"Title\"/><w:tag w:val=\"name\"/>");
    let before = word(&[titled, blank, tagged].concat());
    let form = DonorForm::read(&before).expect("a form");
    let values = [("@People reached", number(12)), ("@Planned", number(20)), ("@name", number(7))];
    let filled = form.fill(&places(&values)).unwrap_or_else(|faults| panic!("{faults:?}"));
    let text = document(&filled.bytes);
    for value in [12, 20, 7] {
        assert_eq!(text.matches(&format!(">{value} people</w:t>")).count(), 1, "{text}");
    }
    let found = faults(&before, &places(&[("@Title", number(1))]));
    let known = ["@People reached", "@Planned", "@name"].map(str::to_owned).to_vec();
    assert!(matches!(&found[..], [(FormFaultKind::NoPlace { known: named, .. }, ..)] if *named == known), "{found:?}");
}

#[test]
fn the_protection_of_a_word_file_is_kept() {
    let field = "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData/></w:fldChar></w:r>";
    let body = |inner: &str, end: &str| {
        format!(
            "<w:tbl><w:tr><w:tc><w:p>{inner}</w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/><w:sectPr>{end}</w:sectPr>"
        )
    };
    let exception = "<w:permStart w:id=\"1\" w:edGrp=\"everyone\"/><w:permEnd w:id=\"1\"/>";
    let open = "<w:formProt w:val=\"0\"/>";
    for (edit, inner, end, is_open) in [
        ("forms", field, "", [true, false]),
        ("forms", "", "", [false, false]),
        ("forms", "", open, [true, true]),
        ("readOnly", "", "", [false, false]),
        ("readOnly", exception, "", [true, false]),
        ("trackedChanges", "", "", [true, true]),
    ] {
        let settings = format!("<w:documentProtection w:edit=\"{edit}\" w:enforcement=\"1\"/>");
        let bytes = word_with(&body(inner, end), &settings, "");
        for (place, is_open) in ["1!A1", "1!B1"].into_iter().zip(is_open) {
            let form = DonorForm::read(&bytes).expect("a form");
            let filled = form.fill(&places(&[(place, number(1))]));
            let kinds: Vec<FormFaultKind> = filled.err().into_iter().flatten().map(|fault| fault.kind).collect();
            let expected = if is_open { Vec::new() } else { vec![FormFaultKind::Locked] };
            assert_eq!(kinds, expected, "{edit} {inner} {end} {place}");
        }
    }
}
