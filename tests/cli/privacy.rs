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
        // Results with what the results chain says of them: where all values are in one table, they hold prose only.
        (
            "profiles/progress.toml",
            ["summary", "results", "disaggregation", "activities", "counted", "variance", "photographs"]
                .map(|id| format!("[[sections]]\nid = \"{id}\"\nkind = \"{}\"\n", if id == "summary" { "prose" } else { id }))
                .concat(),
        ),
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

/// What `change` makes of the project, and what a build says of it.
fn build_changed(change: impl FnOnce(&mut BTreeMap<&'static str, String>)) -> (Option<i32>, String) {
    let mut files = files();
    change(&mut files);
    let folder = folder(&files);
    let out = tempfile::tempdir().expect("a folder");
    let built = build(folder.path(), out.path());
    (built.status.code(), String::from_utf8_lossy(&built.stderr).into_owned())
}

/// Replaces a text of one file, which must be there.
fn replace(files: &mut BTreeMap<&'static str, String>, file: &'static str, old: &str, new: &str) {
    let content = files.get_mut(file).expect("a file");
    assert!(content.contains(old), "{file} has no {old}");
    *content = content.replacen(old, new, 1);
}

/// Headings of a first name and a surname, and the names below; a title holds both.
#[test]
fn a_name_in_several_columns_is_one_name() {
    for headings in [
        "Име,Презиме,Татково име",
        "First name,Surname,Middle name",
        "Given name,Family name,Patronymic",
        "Name,Last name,Second name",
        "Име на учесникот,Презиме на учесникот,Средно име",
        "Ime,Prezime,Srednje ime",
    ] {
        let (code, said) = build_changed(|files| {
            let register =
                format!("person,{headings},sex,birth_year\nP1,Ѓурѓа,Измислена,Петар,F,1985\nP2,Марко,Друг,,M,1990\n");
            files.insert("persons.csv", register);
            replace(files, "indicators.csv", "people,organisation", "people,sex");
            replace(files, "activities.csv", "Training", "Visit to Gjurgja Izmislena");
        });
        assert_eq!(code, Some(1), "{headings}: {said}");
        assert_eq!(said.matches("error[personal-data-in-output]").count(), 1, "{headings}: {said}");
        assert!(
            said.contains("activities.csv, cell E2") && said.contains("persons.csv, cell B2"),
            "{headings}: {said}"
        );
    }
}

/// Two columns of one name each in a language are two names.
#[test]
fn a_heading_of_names_is_known_or_a_warning_says_so() {
    let register =
        |heading: &str| format!("person,{heading},sex,birth_year\nP1,Ѓурѓа Измислена,F,1985\nP2,Марко Друг,M,1990\n");
    for (heading, is_known) in [
        ("Beneficiary full name", true),
        ("Full name of the participant", true),
        ("Презиме име", true),
        ("Име (татково име) и презиме", true),
        ("Name (en)", true),
        ("Ime i prezime", true),
        ("Name of school", false),
    ] {
        let (code, said) = build_changed(|files| {
            files.insert("persons.csv", register(heading));
            replace(files, "indicators.csv", "people,organisation", "people,sex");
            replace(files, "activities.csv", "Training", "Visit to Gjurgja Izmislena");
        });
        assert_eq!(code, Some(if is_known { 1 } else { 0 }), "{heading}: {said}");
        assert_eq!(said.contains("warning[unread-names]"), !is_known, "{heading}: {said}");
    }
}

#[test]
fn a_name_in_pieces_or_in_an_address_fails_at_its_line() {
    for prose in [
        "Дојде Ѓурѓа **Измислена-Проба**.",
        "Дојде *Ѓурѓа* Измислена.",
        "[Ѓурѓа](https://example.org/a) Измислена",
        "[таму](https://example.org/gjurgja-izmislena)",
        "Ѓурѓа Измислена.Потоа",
    ] {
        let (code, said) = build_changed(|files| {
            replace(files, "narrative/progress/summary.en.md", "This is prose.", prose);
            replace(files, "narrative/progress/summary.mk.md", "Ова е проза.", "[таму](https://example.org/a)");
        });
        assert_eq!(code, Some(1), "{prose}: {said}");
        assert!(said.contains("summary.en.md:3:1") && said.contains("persons.csv, cell B2"), "{prose}: {said}");
    }
}

#[test]
fn a_name_that_is_a_files_or_a_pictures_name_fails_at_the_file() {
    for (old, new) in [("activities.csv", "Ѓурѓа Измислена.csv"), ("picture.png", "Gjurgja Izmislena.png")]
    {
        let mut files = files();
        let project = files.get_mut("project.toml").expect("a file");
        if old == "activities.csv" {
            project.push_str(&format!("[tables.activities]\nfile = \"{new}\"\n"));
        } else {
            *project = project.replace(old, new);
        }
        let folder = folder(&files);
        fs::rename(folder.path().join(old), folder.path().join(new)).expect("renamed");
        let out = tempfile::tempdir().expect("a folder");
        let built = build(folder.path(), out.path());
        let said = String::from_utf8_lossy(&built.stderr).into_owned();
        assert_eq!(built.status.code(), Some(1), "{new}: {said}");
        assert!(said.lines().any(|line| line.contains("-->") && line.ends_with(new)), "{new}: {said}");
    }
}

#[test]
fn an_exact_date_of_birth_fails_where_it_is_printed_unless_it_is_made_public() {
    let plant = |files: &mut BTreeMap<&'static str, String>| {
        replace(files, "persons.csv", "birth_year", "birth_date");
        replace(files, "persons.csv", "F,1985", "F,1985-03-12");
        replace(files, "persons.csv", "M,1990", "M,1990-05-06");
        replace(files, "activities.csv", "Training", "For a girl born on 12 March 1985");
    };
    let (code, said) = build_changed(plant);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("activities.csv, cell E2") && said.contains("persons.csv, cell D2"), "{said}");
    let (code, said) = build_changed(|files| {
        plant(files);
        replace(files, "project.toml", "public = []", "public = [\"12.03.1985\"]");
    });
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn what_is_written_for_an_unknown_name_is_no_name() {
    for name in ["not known", "непознат учесник", "во периодот", "Total Target", "Н. Н.", "unknown"]
    {
        let (code, said) = build_changed(|files| {
            replace(files, "persons.csv", NAME, name);
            replace(files, "persons.csv", NAME, "");
        });
        assert_eq!(code, Some(0), "{name}: {said}");
    }
}

#[test]
fn codes_and_numbers_of_an_office_are_no_telephones() {
    for title in ["Decision 08-123/2017", "Contract no. 09-1234/2016-012", "Договор бр. 0307-123/15", "GPS 041.998123"]
    {
        let (code, said) = build_changed(|files| replace(files, "activities.csv", "Training", title));
        assert_eq!(code, Some(0), "{title}: {said}");
    }
    for id in ["01-2017-001", "070123456", "090000001", "02-3123-456"] {
        let (code, said) = build_changed(|files| {
            replace(files, "activities.csv", "A-01", id);
            files.insert("attendance.csv", format!("activity,person\n{id},P1\n{id},P2\n"));
        });
        assert_eq!(code, Some(0), "{id}: {said}");
    }
}

/// Sixteen hexadecimal digits often hold eight digits or more in a row.
#[test]
fn a_keyed_pseudonym_is_no_telephone_whatever_the_key() {
    let mut files = files();
    let rows = |cell: &dyn Fn(usize) -> String| (1..=300).map(cell).collect::<String>();
    files.insert(
        "persons.csv",
        format!("person,sex,birth_year,organisation\n{}", rows(&|at| format!("P{at},F,1985,Club\n"))),
    );
    files.insert("attendance.csv", format!("activity,person\n{}", rows(&|at| format!("A-01,P{at}\n"))));
    let project = files.get_mut("project.toml").expect("a file");
    *project = project.replace("public = []", "public = []\nparticipants = \"pseudonymised\"\nkey_file = \"key\"");
    *project = project.replace("documents = [[\"en\"]]", "documents = []").replace("[[\"mk\", \"en\"]]", "[[\"en\"]]");
    files.insert("key", "0".to_owned());
    let folder = folder(&files);
    for key in 0..30 {
        folder.write("key", format!("key {key}"));
        let out = tempfile::tempdir().expect("a folder");
        let built = build(folder.path(), out.path());
        assert_eq!(built.status.code(), Some(0), "key {key}: {}", String::from_utf8_lossy(&built.stderr));
    }
}
