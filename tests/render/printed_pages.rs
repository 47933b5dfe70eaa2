//! Annexes on paper: letters of a readable size, as few pages as the texts need, and no long lists of rows.

use super::minimal_annex::annex_of;
use crate::ingest::sheets::parts;
use donor_report::render::xlsx::write_xlsx;
use donor_report::report::annex::{AnnexCell, AnnexColumn, AnnexColumnKind, AnnexRows, AnnexSheet, RowIter, SheetRole};

/// Rows of texts, each the same.
struct Texts {
    count: u64,
    cells: Vec<String>,
}

impl AnnexRows for Texts {
    fn count(&self) -> u64 {
        self.count
    }

    fn iter(&self) -> RowIter<'_> {
        let mut next = 0;
        Box::new(move |row| {
            next += 1;
            row.extend(self.cells.iter().map(|text| AnnexCell::Text(text.clone().into())));
            next <= self.count
        })
    }
}

/// The XML of a sheet with titles of so many words, and the widths of its columns.
fn written(role: SheetRole, rows: u64, words: &[usize]) -> (String, Vec<f64>) {
    let cells = words.iter().map(|words| vec!["invented"; *words].join(" ")).collect();
    let column = || AnnexColumn { headings: vec!["Heading".into()], kind: AnnexColumnKind::Title };
    let sheet = AnnexSheet {
        name: "Sheet".into(),
        role,
        head: vec![vec![AnnexCell::Text("Title".into())]],
        columns: words.iter().map(|_| column()).collect(),
        frozen: 0,
        rows: Box::new(Texts { count: rows, cells }),
        tables: Vec::new(),
        charts: Vec::new(),
    };
    let annex = annex_of(sheet);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pages.xlsx");
    write_xlsx(&annex, &path, folder.path()).expect("written");
    let parts = parts(&std::fs::read(&path).expect("the file"));
    let part = |name: &str| {
        let (_, bytes) = parts.iter().find(|(part, _)| part == name).expect("a part");
        String::from_utf8(bytes.clone()).expect("text")
    };
    let xml = part("xl/worksheets/sheet1.xml");
    let cols = xml.split("<col ").skip(1).flat_map(|col| {
        let value = |name: &str| -> Option<f64> {
            col.split_once(&format!(" {name}=\""))
                .or_else(|| col.split_once(&format!("{name}=\"")))?
                .1
                .split('"')
                .next()?
                .parse()
                .ok()
        };
        let count = value("max").expect("a column") - value("min").expect("a column") + 1.0;
        vec![value("width").expect("a width"); count as usize]
    });
    let widths = cols.collect();
    (format!("{}{}", part("xl/workbook.xml"), xml), widths)
}

/// Characters of a page on its side in letters of 8 points, whatever is between columns.
const PAGE: f64 = 200.0;

#[test]
fn long_texts_share_the_width_of_the_paper() {
    // On one page the widths are as the texts are.
    let (short, usual) = written(SheetRole::Lists, 2, &[2, 60]);
    assert!(usual.iter().all(|width| *width <= 35.0), "{usual:?}");
    // Over several, the long text takes what the short one doesn't need.
    let (long, widths) = written(SheetRole::Lists, 80, &[2, 60]);
    assert!(widths[0] < 25.0 && widths[1] > 80.0 && widths.iter().sum::<f64>() < PAGE, "{widths:?}");
    // Texts that wouldn't go on one page side by side are made narrower than they are elsewhere.
    let (narrow, widths) = written(SheetRole::Figures, 80, &[30; 9]);
    assert!(widths.iter().all(|width| *width < 30.0) && widths.iter().sum::<f64>() < PAGE, "{widths:?}");
    for xml in [short, long, narrow] {
        let setup = xml.split_once("<pageSetup ").expect("a page").1.split('>').next().expect("its end");
        let scale = setup.split_once("scale=\"").map(|(_, rest)| rest.split('"').next().expect("a number"));
        let is_readable = scale.is_none_or(|scale| scale.parse::<u32>().expect("percent") >= 73);
        assert!(is_readable && !setup.contains("fitToWidth=\"0\""), "{setup}");
    }
}

/// Attendances and evidence are for the screen: of their sheets, only what is above the table is printed.
#[test]
fn long_lists_of_rows_stay_on_the_screen() {
    for (role, lines) in [
        (SheetRole::Lists, "$A$1:$B$46"),
        (SheetRole::Attendance, "$A$1:$B$1"),
        (SheetRole::Evidence, "$A$1:$B$1"),
        (SheetRole::Data, "$A$1:$B$1"),
        (SheetRole::Values, "$A$1:$B$1"),
    ] {
        let (xml, _) = written(role, 43, &[1, 1]);
        let area = xml.split_once("_xlnm.Print_Area").expect("an area").1.split('<').next().expect("its end");
        assert!(area.ends_with(&format!("Sheet!{lines}")), "{role:?}: {area}");
    }
}
