//! An invented person's name, e-mail address, telephone and personal number, planted in each kind of cell and text: none
//! of them comes into an output, and where one would, the build fails at the cell or line that holds it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::ingest::sheets::{Folder, parts};

/// Nobody is called so; the numbers are nobody's.
const NAME: &str = "Ѓурѓа Измислена-Проба";
const ADDRESS: &str = "gjurgja@primer.example";
const TELEPHONE: &str = "+389 70 987 612";
const PERSONAL_NUMBER: &str = "1506985501232";

/// Other spellings in which they would be no less a leak.
const LEAKS: [&str; 8] =
    ["Измислена", "Izmislena", "gjurgja@", "070/987-612", "070987612", "70 987 612", "70987612", PERSONAL_NUMBER];

/// A project as files by name; a text replaced in one of them is what a case plants.
fn files() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        (
            "project.toml",
            r#"
code = "TEST-01"
languages = ["mk", "en"]
start = 2025-01-01
end = 2025-12-31
title = { mk = "Измислен проект", en = "An invented project" }
implementer = { name = { mk = "Измислено здружение", en = "Invented Association" } }
[[reports]]
name = "progress"
periods = ["project"]
documents = [["en"]]
annexes = [["mk", "en"]]
[privacy]
suppress_below = 0
public = []
[iati]
identifier = "XM-INVENTED-1"
organisation = "XM-INVENTED"
organisation-type = "22"
status = "2"
[tables.results]
file = "results.csv"
[[images]]
file = "picture.png"
alt = { mk = "Слика од обуката", en = "A training" }
caption = { mk = "Обука", en = "Caption of a picture" }
"#
            .to_owned(),
        ),
        ("activities.csv", "id,date,type,title (mk),title (en),municipality\nA-01,2025-02-03,training,Обука,Training,K\n".into()),
        (
            "persons.csv",
            "person,name,sex,birth_year,organisation,Телефон,E-mail,ЕМБГ,Белешки\n\
             P1,NAME,F,1985,Club,070/987-612,ADDRESS,NUMBER,NAME ADDRESS 070987612\nP2,,M,1990,Club,,,,\n"
                .replace("NAME", NAME)
                .replace("ADDRESS", ADDRESS)
                .replace("NUMBER", PERSONAL_NUMBER),
        ),
        ("attendance.csv", "activity,person\nA-01,P1\nA-01,P2\n".into()),
        (
            "indicators.csv",
            "code,title (mk),title (en),unit (mk),unit (en),calculation,by,target,definition (mk),definition (en),result\n\
             T1,Обучени,People trained,лица,people,people,organisation,4,Дефиниција,Definition,R1\n\
             T2,Чувство,Share,дел,share,reported,,1,Дефиниција,Definition,R1\n"
                .into(),
        ),
        ("results.csv", "code,level,title (mk),title (en),assumptions (mk),assumptions (en)\nR1,outcome,Резултат,Result,Претпоставка,Assumption\n".into()),
        (
            "reported.csv",
            "indicator,period,value,comment (mk),comment (en),source (mk),source (en)\nT2,project,0.5,Објаснување,Comment,Извор,Source\n".into(),
        ),
        (
            "lists.csv",
            "list,code,label (mk),label (en)\ntype,training,обука,training\nmunicipality,K,Куманово,Kumanovo\n".into(),
        ),
        ("narrative/progress/summary.en.md", "# Heading\n\nThis is prose.\n".into()),
        ("narrative/progress/summary.mk.md", "# Наслов\n\nОва е проза.\n".into()),
    ])
}

fn folder(files: &BTreeMap<&str, String>) -> Folder {
    let folder = Folder::new();
    for (name, content) in files {
        folder.write(name, content);
    }
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(4, 4).write_to(&mut picture, image::ImageFormat::Png).expect("a picture");
    folder.write("picture.png", picture.into_inner());
    folder
}

fn build(folder: &Path, out: &Path) -> Output {
    let arguments = ["build", folder.to_str().expect("a path"), "--out", out.to_str().expect("a path")];
    Command::new(env!("CARGO_BIN_EXE_donor-report")).args(arguments).output().expect("the program runs")
}

/// All text of the outputs that aren't typeset: parts of workbooks, figures, IATI, the record.
fn written(folder: &Path, text: &mut String) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            files += written(&entry.path(), text);
            continue;
        }
        files += 1;
        let bytes = fs::read(entry.path()).expect("read");
        if bytes.starts_with(b"PK") {
            parts(&bytes).iter().for_each(|(_, part)| text.push_str(&String::from_utf8_lossy(part)));
        } else {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    files
}

#[test]
fn what_no_document_prints_stays_in_the_tables() {
    let folder = folder(&files());
    let out = tempfile::tempdir().expect("a folder");
    let built = build(folder.path(), out.path());
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut text = String::new();
    assert!(written(out.path(), &mut text) >= 4);
    assert!(text.contains("People trained") && text.contains("iati-activity"));
    for leak in LEAKS {
        assert!(!text.contains(leak), "{leak}");
    }
}

/// Where each planted text takes the place of another, and what the problem says of the place.
const CELLS: [(&str, &str, &str); 15] = [
    ("activities.csv", "Training", "cell E2"),
    ("activities.csv", "A-01,2025", "cell A2"),
    ("results.csv", "Result,", "cell D2"),
    ("results.csv", "Assumption", "cell F2"),
    ("indicators.csv", "People trained", "cell C2"),
    ("indicators.csv", "лица", "cell D2"),
    ("indicators.csv", "Definition", "cell J2"),
    ("reported.csv", "Comment", "cell E2"),
    ("reported.csv", "Source", "cell G2"),
    ("lists.csv", ",training", "cell D2"),
    ("lists.csv", "Kumanovo", "cell D3"),
    ("persons.csv", "1985,Club", "cell E2"),
    ("narrative/progress/summary.en.md", "prose", ":3:1"),
    ("narrative/progress/summary.en.md", "Heading", ":1:1"),
    ("project.toml", "Caption of a picture", ":26:1"),
];

#[test]
fn what_a_document_would_print_fails_at_its_cell() {
    for (file, place, told) in CELLS {
        let mut files = files();
        let content = files.get_mut(file).expect("a file");
        let planted = format!("{NAME} / {ADDRESS} / {TELEPHONE} / {PERSONAL_NUMBER}");
        *content = match place {
            "A-01,2025" => content.replace("A-01,", &format!("{planted},")),
            "1985,Club" => content.replace(place, &format!("1985,{planted}")),
            ",training" => content.replace(",training\n", &format!(",{planted}\n")),
            place if place.ends_with(',') => content.replacen(place, &format!("{planted},"), 1),
            place => content.replacen(place, &planted, 1),
        };
        if place == "A-01,2025" {
            let attendance = files.get_mut("attendance.csv").expect("a file");
            *attendance = attendance.replace("A-01", &planted);
        }
        let folder = folder(&files);
        let out = tempfile::tempdir().expect("a folder");
        let built = build(folder.path(), out.path());
        let said = String::from_utf8_lossy(&built.stderr).into_owned();
        let mut text = String::new();
        written(out.path(), &mut text);
        assert!(LEAKS.iter().all(|leak| !text.contains(leak)), "{file}, {place}");
        assert_eq!(built.status.code(), Some(1), "{file}, {place}: {said}");
        let problems = said.matches("error[personal-data-in-output]").count();
        assert_eq!(problems, 4, "{file}, {place}: {said}");
        let at = said.lines().filter(|line| line.contains("-->") && line.contains(file) && line.ends_with(told));
        assert_eq!(at.count(), 4, "{file}, {place}: {said}");
    }
}

#[test]
fn a_code_that_is_a_name_or_a_number_becomes_a_pseudonym() {
    for code in [NAME, ADDRESS, TELEPHONE, PERSONAL_NUMBER] {
        let mut files = files();
        files.values_mut().for_each(|content| *content = content.replace("P2", code));
        let folder = folder(&files);
        let out = tempfile::tempdir().expect("a folder");
        let built = build(folder.path(), out.path());
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let mut text = String::new();
        written(out.path(), &mut text);
        assert!(LEAKS.iter().all(|leak| !text.contains(leak)), "{code}");
    }
}

#[test]
fn the_organisations_own_contact_may_be_printed_and_a_persons_only_where_it_is_made_public() {
    let own = "write to office@association.example or call 02 3123 456";
    for (contact, public, succeeds) in [
        (own, "public = []", true),
        (ADDRESS, "public = []", false),
        (ADDRESS, "public = [\"gjurgja@primer.example\"]", true),
        ("call 070/987-612", "public = []", false),
        (NAME, "public = []", false),
        (NAME, "public = [\"Ѓурѓа Измислена-Проба\"]", true),
    ] {
        let mut files = files();
        let prose = files.get_mut("narrative/progress/summary.en.md").expect("a file");
        prose.push_str(&format!("\n{{{{literal \"{contact}\"}}}}\n"));
        let project = files.get_mut("project.toml").expect("a file");
        *project = project.replace("public = []", public);
        let folder = folder(&files);
        let out = tempfile::tempdir().expect("a folder");
        let built = build(folder.path(), out.path());
        assert_eq!(built.status.success(), succeeds, "{contact}: {}", String::from_utf8_lossy(&built.stderr));
    }
}
