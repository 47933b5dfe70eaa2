//! A small random project without a fault: every table, in the plainest writing. Everything in it is invented.

use jiff::civil::Date;

use donor_report::ingest::layout::TableKind;

pub const PROJECT: &str = r#"
code = "TWIN"
languages = ["en", "mk"]
start = 2017-01-01
end = 2017-12-31
title = { en = "Twins", mk = "Близнаци" }
periods = { quarters = true }
reports = [{ name = "quarterly", periods = ["2017-Q1"], documents = [["en"]] }]
"#;

/// Numbers from a seed, the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// A cell in the plainest writing.
#[derive(Clone, Debug, PartialEq)]
pub enum Clean {
    Blank,
    Text(String),
    Number(f64),
    Day(Date),
}

/// What a column holds, which decides how it may be written otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A code where it is given: it may be displayed.
    Code,
    /// A code that refers to another table.
    Reference(TableKind),
    Period,
    /// Values of a list.
    Listed(&'static str),
    /// Text of any kind, compared like codes.
    Free,
    /// Text that is displayed.
    Words,
    Date,
    Count,
    /// A target or baseline, perhaps a fraction.
    Number,
    Year,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: &'static str,
    pub lang: Option<&'static str>,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub kind: TableKind,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Clean>>,
}

impl Table {
    fn new(kind: TableKind, columns: &[(&'static str, Kind)]) -> Table {
        let column = |&(written, kind): &(&'static str, Kind)| {
            let (name, lang) = written.split_once('@').map_or((written, None), |(name, lang)| (name, Some(lang)));
            Column { name, lang, kind }
        };
        Table { kind, columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }

    /// Rows of texts; a blank is a blank, a number a number.
    fn texts(mut self, rows: &[&str]) -> Table {
        for row in rows {
            let mut cells: Vec<Clean> = row.split('|').map(|cell| clean(cell.trim())).collect();
            cells.resize(self.columns.len(), Clean::Blank);
            self.rows.push(cells);
        }
        self
    }
}

fn clean(text: &str) -> Clean {
    match text.parse::<f64>() {
        _ if text.is_empty() => Clean::Blank,
        Ok(number) => Clean::Number(number),
        Err(_) => Clean::Text(text.replace('¦', "|")),
    }
}

/// Other spellings of the values of lists, built in and the project's own.
pub const SPELLINGS: [(&str, &str, &[&str]); 20] = [
    ("type", "training", &["обука", "course", "Курс", "TRAINING"]),
    ("type", "seminar", &["семинар", "Workshop"]),
    ("type", "clinic", &["legal clinic", "правна клиника", "Правна  клиника"]),
    ("municipality", "Kumanovo", &["Куманово", "KUMANOVO", "ku"]),
    ("municipality", "Butel", &["Бутел", "butel"]),
    ("municipality", "Gevgelija", &["Гевгелија", "Гевгелиja"]),
    ("person.status", "refugee", &["бегалец", "Refugees"]),
    ("person.status", "asylum seeker", &["барател на азил", "Asylum  Seeker"]),
    ("status", "completed", &["завршена", "Одржано", "done"]),
    ("status", "ongoing", &["во тек", "In progress"]),
    ("status", "planned", &["планирана", "Planned"]),
    ("status", "cancelled", &["откажана", "canceled"]),
    ("sex", "F", &["ж", "женски", "Female", "f"]),
    ("sex", "M", &["м", "машки", "male", "m"]),
    ("level", "outcome", &["исход", "Outcome"]),
    ("level", "output", &["резултат", "OUTPUT"]),
    ("kind", "cumulative", &["кумулативна", "to date"]),
    ("kind", "incremental", &["по период", "per period"]),
    ("precision", "approximate", &["приближно", "estimate"]),
    ("precision", "exact", &["точно", "counted"]),
];

/// The project's tables, in the order in which they refer to each other.
pub fn tables(random: &mut Random) -> Vec<Table> {
    let activities = activities(random);
    let participants = participants(random);
    let attendance = attendance(random, &activities, &participants);
    vec![lists(), results(), indicators(), activities, participants, attendance, targets(), reported(random)]
}

fn lists() -> Table {
    use Kind::Words;
    let columns = [("list", Words), ("code", Words), ("label@en", Words), ("label@mk", Words), ("aliases", Words)];
    Table::new(TableKind::Lists, &columns).texts(&[
        "type | training | training | обука | course; курс",
        "type | seminar | seminar | семинар | workshop",
        "type | clinic | legal clinic | правна клиника",
        "municipality | Kumanovo | Kumanovo | Куманово | KU",
        "municipality | Butel | Butel | Бутел",
        "municipality | Gevgelija | Gevgelija | Гевгелија",
        "person.status | refugee | refugee | бегалец | refugees",
        "person.status | asylum seeker | asylum seeker | барател на азил",
    ])
}

fn results() -> Table {
    use Kind::{Code, Listed, Reference, Words};
    let parent = Reference(TableKind::Results);
    let columns =
        [("code", Code), ("title@en", Words), ("title@mk", Words), ("level", Listed("level")), ("parent", parent)];
    Table::new(TableKind::Results, &columns).texts(&[
        "R1 | Rights are known | Правата се познати | outcome",
        "R2 | People are trained | Луѓето се обучени | output | R1",
    ])
}

fn indicators() -> Table {
    use Kind::{Code, Listed, Number, Reference, Words};
    let columns = [
        ("code", Code),
        ("title@en", Words),
        ("title@mk", Words),
        ("unit@en", Words),
        ("unit@mk", Words),
        ("calculation", Words),
        ("where", Words),
        ("by", Words),
        ("baseline", Number),
        ("baseline_use", Words),
        ("target", Number),
        ("aggregation", Words),
        ("result", Reference(TableKind::Results)),
        ("level", Listed("level")),
    ];
    Table::new(TableKind::Indicators, &columns).texts(&[
        "I1 | Trainings | Обуки | trainings | обуки | activities | type = training | municipality | | | 5 | | R2 | output",
        "I2 | Attendances | Присуства | times | пати | attendances | | sex | | | 1200 | | R2",
        "I3 | People | Луѓе | persons | лица | people | | sex; age; sex × age; person.status | 3 | added | 20 | | R2",
        "I4 | Reached | Опфатени | persons | лица | sum(reached) | | type | | | 84000 | | R1",
        "I5 | At seminars | На семинари | persons | лица | reach(reached) | type = seminar | | | | 50",
        "I6 | Places | Места | places | места | distinct(municipality) | | | | | 3",
        "I7 | Partners | Партнери | partners | партнери | distinct(partner)",
        "I8 | Share | Дел | % | % | ratio(I3, I2) | | | 0.25 | | 0.6",
        "I9 | Told | Пријавено | persons | лица | reported | | | 2505 | reference | 15000 | sum | R1 | outcome",
        "I10 | Girls | Девојчиња | persons | лица | people | age < 18; sex = F | person.municipality",
        "I11 | Refugees | Бегалци | persons | лица | people | person.status = refugee; type = training ¦ clinic",
    ])
}

fn targets() -> Table {
    let columns = [
        ("indicator", Kind::Reference(TableKind::Indicators)),
        ("period", Kind::Period),
        ("target", Kind::Number),
        ("kind", Kind::Listed("kind")),
    ];
    Table::new(TableKind::Targets, &columns).texts(&[
        "I2 | 2017-Q1 | 200 | incremental",
        "I2 | 2017-Q2 | 1000",
        "I4 | 2017-Q1 | 12500",
        "I4 | 2017-Q3 | 71500",
        "I8 | 2017-Q2 | 0.45",
        "I6 | 2017-Q4 | 3 | cumulative",
    ])
}

fn reported(random: &mut Random) -> Table {
    let columns = [
        ("indicator", Kind::Reference(TableKind::Indicators)),
        ("period", Kind::Period),
        ("value", Kind::Count),
        ("comment@en", Kind::Words),
        ("comment@mk", Kind::Words),
    ];
    let mut table = Table::new(TableKind::Reported, &columns);
    for quarter in ["2017-Q1", "2017-Q2", "2017-Q4"] {
        let value = count(random);
        table.rows.push(vec![text("I9"), text(quarter), value, text("As told"), text("Како што е кажано")]);
    }
    table
}

fn activities(random: &mut Random) -> Table {
    let columns = [
        ("id", Kind::Code),
        ("date", Kind::Date),
        ("end_date", Kind::Date),
        ("type", Kind::Listed("type")),
        ("title@en", Kind::Words),
        ("title@mk", Kind::Words),
        ("status", Kind::Listed("status")),
        ("result", Kind::Reference(TableKind::Results)),
        ("municipality", Kind::Listed("municipality")),
        ("partner", Kind::Free),
        ("reached", Kind::Count),
        ("precision", Kind::Listed("precision")),
    ];
    let mut table = Table::new(TableKind::Activities, &columns);
    let style = random.below(3);
    for at in 0..5 + random.below(8) {
        let start = day(random);
        let end =
            if random.once_in(3) { Clean::Day(start.saturating_add(jiff::Span::new().days(2))) } else { Clean::Blank };
        let places = ["Kumanovo", "Butel", "Gevgelija", "Kumanovo; Butel", ""];
        table.rows.push(vec![
            code("A", style, at),
            Clean::Day(start),
            end,
            text(random.pick(&["training", "training", "seminar", "clinic"])),
            text(&format!("Meeting {at}")),
            text(&format!("Средба {at}")),
            text(random.pick(&["completed", "completed", "completed", "ongoing", "planned", "cancelled"])),
            text(random.pick(&["R2", "R2", ""])),
            text(random.pick(&places)),
            text(random.pick(&["Open Path", "Bridge", "Отворен пат", ""])),
            if random.once_in(3) { Clean::Blank } else { count(random) },
            text(random.pick(&["exact", "approximate", "", ""])),
        ]);
    }
    table
}

fn participants(random: &mut Random) -> Table {
    let dated = random.once_in(2);
    let birth = if dated { ("birth_date", Kind::Date) } else { ("birth_year", Kind::Year) };
    let columns = [
        ("person", Kind::Code),
        ("name", Kind::Words),
        ("sex", Kind::Listed("sex")),
        birth,
        ("status", Kind::Listed("person.status")),
        ("municipality", Kind::Listed("municipality")),
    ];
    let mut table = Table::new(TableKind::Participants, &columns);
    let style = random.below(3);
    for at in 0..6 + random.below(10) {
        let year = 1940 + random.below(76) as i16;
        let month = 1 + random.below(12) as i8;
        let born = Date::new(year, month, 1 + random.below(28) as i8).expect("a day");
        let birth = if dated { Clean::Day(born) } else { Clean::Number(f64::from(year)) };
        let known = |random: &mut Random, value| if random.once_in(6) { Clean::Blank } else { value };
        let sex = text(random.pick(&["F", "M"]));
        table.rows.push(vec![
            code("P", style, at),
            text(&format!("{} {}", random.pick(&["Весна", "Ана", "Петар"]), random.pick(&["Пробна", "Измислена"]))),
            known(random, sex),
            known(random, birth),
            text(random.pick(&["refugee", "asylum seeker", ""])),
            text(random.pick(&["Kumanovo", "Butel", "Gevgelija", ""])),
        ]);
    }
    table
}

fn attendance(random: &mut Random, activities: &Table, participants: &Table) -> Table {
    let columns = [
        ("activity", Kind::Reference(TableKind::Activities)),
        ("person", Kind::Reference(TableKind::Participants)),
        ("date", Kind::Date),
        ("session", Kind::Free),
    ];
    let mut table = Table::new(TableKind::Attendance, &columns);
    for activity in &activities.rows {
        for _ in 0..random.below(7) {
            let person = &random.pick(&participants.rows)[0];
            let date = if random.once_in(3) { activity[1].clone() } else { Clean::Blank };
            let session = text(random.pick(&["", "", "morning"]));
            table.rows.push(vec![activity[0].clone(), person.clone(), date, session]);
        }
    }
    table
}

fn text(text: &str) -> Clean {
    if text.is_empty() { Clean::Blank } else { Clean::Text(text.to_owned()) }
}

/// Codes of letters and digits, with a space, or plain numbers.
fn code(letter: &str, style: usize, at: usize) -> Clean {
    match style {
        0 => Clean::Text(format!("{letter}-{at:02}")),
        1 => Clean::Text(format!("{letter} K{at}")),
        _ => Clean::Number(101.0 + at as f64),
    }
}

fn day(random: &mut Random) -> Date {
    Date::new(2017, 1 + random.below(12) as i8, 1 + random.below(28) as i8).expect("a day")
}

fn count(random: &mut Random) -> Clean {
    match random.below(6) {
        0 => text(random.pick(&["about 16", "about 300", "approximately 84000", "approximately 1200"])),
        1 => Clean::Number(1000.0 + random.below(90_000) as f64),
        _ => Clean::Number(random.below(60) as f64),
    }
}
