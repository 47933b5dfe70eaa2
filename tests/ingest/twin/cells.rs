//! One clean value in one of the ways in which people write it, and the ways that must be reported.

use donor_report::ingest::layout::TableKind;
use jiff::civil::Date;

use super::world::{Clean, Kind, Random, SPELLINGS};

/// What is put into a cell of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    Blank,
    Text(String),
    Number(f64),
    /// A serial number with a date format.
    Dated(f64),
    /// A formula with its cached text; empty: a cached empty text.
    Formula(String),
    Error(&'static str),
    /// A formula that was never calculated.
    Uncalculated,
}

/// A value in the plainest writing.
pub fn plain_cell(clean: &Clean) -> Written {
    match clean {
        Clean::Blank => Written::Blank,
        Clean::Text(text) => Written::Text(text.clone()),
        Clean::Number(number) => Written::Number(*number),
        Clean::Day(day) => Written::Dated(serial(*day)),
    }
}

/// A placeholder for `_x000D_`, which the writer would escape, until the file is finished.
pub const ESCAPED: char = '\u{f8ff}';

pub fn serial(day: Date) -> f64 {
    let epoch = Date::new(1899, 12, 30).expect("a day");
    f64::from(day.since(epoch).expect("days").get_days())
}

/// A value written otherwise, with the code of the warning that it deserves. `slashes`: this column writes its dates so.
pub fn messy_cell(random: &mut Random, kind: Kind, clean: &Clean, slashes: bool) -> (Written, Option<&'static str>) {
    let plain = |written| (written, None);
    match (kind, clean) {
        (Kind::Code | Kind::Words | Kind::Period, Clean::Blank) => plain(Written::Blank),
        (_, Clean::Blank) => plain(blank(random)),
        (Kind::Words | Kind::Period | Kind::Code, Clean::Text(text)) => plain(Written::Text(outer(random, text))),
        (Kind::Code | Kind::Reference(_), Clean::Number(number)) => plain(match random.below(3) {
            0 => Written::Text(outer(random, &number.to_string())),
            1 => Written::Formula(number.to_string()),
            _ => Written::Number(*number),
        }),
        (Kind::Reference(_), Clean::Text(text)) => match random.below(6) {
            0 => look_alike(text),
            1 => plain(Written::Text(text.to_lowercase())),
            2 => plain(Written::Text(text.replace('-', "–").replace(' ', " \u{a0} "))),
            3 => plain(Written::Formula(text.clone())),
            _ => plain(Written::Text(outer(random, text))),
        },
        (Kind::Listed(list), Clean::Text(text)) => listed(random, list, text),
        (Kind::Free, Clean::Text(text)) => plain(match random.below(3) {
            0 => Written::Text(text.to_uppercase()),
            1 => Written::Text(text.replace(' ', "\u{a0} ")),
            _ => Written::Text(outer(random, text)),
        }),
        (_, Clean::Day(day)) => plain(date(random, *day, slashes)),
        (Kind::Count, Clean::Number(number)) => plain(count(random, *number as u64)),
        (Kind::Count, Clean::Text(text)) => plain(Written::Text(hedged(random, text))),
        (Kind::Number, Clean::Number(number)) => plain(fraction(random, *number)),
        (Kind::Year, Clean::Number(year)) => plain(match random.below(3) {
            0 => Written::Text(outer(random, &year.to_string())),
            _ => Written::Number(*year),
        }),
        (_, clean) => plain(plain_cell(clean)),
    }
}

fn blank(random: &mut Random) -> Written {
    match random.below(6) {
        0 => Written::Text(random.pick(&["-", "/", "N/A", "нема", "н/п", "…", " — ", "n.a."]).to_string()),
        1 => Written::Text(random.pick(&[" ", "\u{a0}", "\u{200b}", "\n"]).to_string()),
        2 => Written::Formula(String::new()),
        _ => Written::Blank,
    }
}

/// Spaces, zero-width characters and escaped line ends around or within a text, which nobody sees.
fn outer(random: &mut Random, text: &str) -> String {
    match random.below(8) {
        0 => format!(" {text}  "),
        1 => format!("\u{a0}{text}"),
        2 => format!("{text}{ESCAPED}"),
        3 => format!("{text}{ESCAPED}\n"),
        4 => text.char_indices().map(|(at, c)| if at == 1 { format!("\u{200b}{c}") } else { c.to_string() }).collect(),
        5 => format!("\u{feff}{text}\t"),
        _ => text.to_owned(),
    }
}

/// The first letter that has a look-alike in the other alphabet exchanged for it.
fn look_alike(text: &str) -> (Written, Option<&'static str>) {
    const TWINS: [(char, char); 8] =
        [('A', 'А'), ('P', 'Р'), ('K', 'К'), ('a', 'а'), ('e', 'е'), ('o', 'о'), ('c', 'с'), ('T', 'Т')];
    for (at, c) in text.char_indices() {
        for (latin, cyrillic) in TWINS {
            let other = if c == latin { cyrillic } else { latin };
            if c == latin || c == cyrillic {
                let changed = format!("{}{other}{}", &text[..at], &text[at + c.len_utf8()..]);
                return (Written::Text(changed), Some("look-alike-letters"));
            }
        }
    }
    (Written::Text(text.to_owned()), None)
}

fn listed(random: &mut Random, list: &str, text: &str) -> (Written, Option<&'static str>) {
    if let [first, second] = text.split("; ").collect::<Vec<_>>()[..] {
        let between = random.pick(&["; ", ";", " ;\n", "\n", ", "]);
        let (first, second) = (spelling(random, list, first), spelling(random, list, second));
        return (Written::Text(format!("{first}{between}{second}")), None);
    }
    // A single letter in the other alphabet may be a spelling of its own.
    if text.len() > 4 && random.once_in(8) {
        return look_alike(text);
    }
    let spelt = spelling(random, list, text);
    (Written::Text(outer(random, &spelt)), None)
}

fn spelling(random: &mut Random, list: &str, text: &str) -> String {
    let known = SPELLINGS.iter().find(|(name, code, _)| *name == list && *code == text);
    let (_, code, others) = known.expect("a spelling");
    // `Гевгелиja` ends in two Latin letters: it is folded, with a warning of its own elsewhere.
    let others: Vec<&str> = others.iter().copied().filter(|other| !other.ends_with("ja") || other.is_ascii()).collect();
    if random.once_in(2) { (*code).to_owned() } else { random.pick(&others).to_owned() }
}

fn date(random: &mut Random, day: Date, slashes: bool) -> Written {
    const MONTHS: [(&str, &str); 12] = [
        ("јануари", "January"),
        ("февруари", "February"),
        ("март", "March"),
        ("април", "April"),
        ("мај", "May"),
        ("јуни", "June"),
        ("јули", "July"),
        ("август", "August"),
        ("септември", "September"),
        ("октомври", "October"),
        ("ноември", "November"),
        ("декември", "December"),
    ];
    let (d, m, y) = (day.day(), day.month(), day.year());
    let (mk, en) = MONTHS[m as usize - 1];
    if slashes && (d > 12 || random.once_in(2)) {
        return Written::Text(
            random.pick(&[format!("{d:02}/{m:02}/{y}"), format!("{d}/{m}/{y}"), format!("{d:02}-{m:02}-{y}")]).clone(),
        );
    }
    match random.below(12) {
        0 => Written::Text(day.to_string()),
        1 => Written::Text(format!("{d:02}.{m:02}.{y}")),
        2 => Written::Text(format!("{d}.{m}.{y} г.")),
        3 => Written::Text(format!(" {d:02}. {m:02}. {y}.")),
        4 => Written::Text(format!("{d} {mk} {y} година")),
        5 => Written::Text(format!("{d}\u{a0}{en} {y}")),
        6 => Written::Dated(serial(day) + 0.4375),
        7 => Written::Text(format!("{day} 10:30:00")),
        8 => Written::Text(format!("{d:02}.{m:02}.{y}{ESCAPED}\u{200b}")),
        _ => Written::Dated(serial(day)),
    }
}

fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

fn count(random: &mut Random, number: u64) -> Written {
    let mark = random.pick(&["*", " **", "¹", " †"]);
    match random.below(9) {
        0 => Written::Text(number.to_string()),
        1 => Written::Text(grouped(number, ".")),
        2 => Written::Text(grouped(number, ",")),
        3 => Written::Text(grouped(number, random.pick(&[" ", "\u{a0}", "\u{202f}", "'"]))),
        4 => Written::Text(format!("{number}{mark}")),
        5 if (1..30_000).contains(&number) => Written::Dated(number as f64),
        6 => Written::Formula(number.to_string()),
        7 => Written::Text(format!("\u{200b}{number}{ESCAPED}")),
        _ => Written::Number(number as f64),
    }
}

fn hedged(random: &mut Random, text: &str) -> String {
    let (hedge, number) = text.split_once(' ').expect("a hedge");
    let number: u64 = number.parse().expect("a number");
    let hedge = match hedge {
        "about" => random.pick(&["околу ", "Околу ", "ca. ", "~", "≈ ", "About ", "отприлика "]),
        _ => random.pick(&["приближно ", "Приближно\u{a0}", "approx. ", "approximately  "]),
    };
    let separator = random.pick(&["", ".", ",", " "]);
    format!("{hedge}{}{}", grouped(number, separator), random.pick(&["", "*"]))
}

fn fraction(random: &mut Random, number: f64) -> Written {
    if number.fract() == 0.0 {
        return match count(random, number as u64) {
            // Only counts may have a date format.
            Written::Dated(number) => Written::Number(number),
            other => other,
        };
    }
    match random.below(5) {
        0 => Written::Text(number.to_string().replace('.', ",")),
        1 => Written::Text(number.to_string()),
        2 => Written::Text(format!("{} %", (number * 100.0).round())),
        3 => Written::Text(format!("{}%", (number * 100.0).round())),
        _ => Written::Number(number),
    }
}

/// Something that can't be read in a column of this kind, with the kind of its problem; none where the kind has
/// no such thing.
pub fn faulty_cell(random: &mut Random, table: TableKind, name: &str, kind: Kind) -> Option<(Written, &'static str)> {
    let text = |text: &str| Written::Text(text.to_owned());
    let broken = [(Written::Error("#REF!"), "error-cell"), (Written::Uncalculated, "formula-without-value")];
    let mut faults: Vec<(Written, &'static str)> = match kind {
        Kind::Date => vec![
            (text("31.02.2017"), "invalid-date"),
            (text("минатиот петок"), "invalid-date"),
            (text("31-04-20"), "two-digit-year"),
            (Written::Number(42_795.0), "number-not-date"),
            (text("03/04/2017"), "ambiguous-date"),
        ],
        Kind::Count if table == TableKind::Activities => vec![
            (text("шеснаесет"), "not-a-count"),
            (text("16 лица"), "not-a-count"),
            (text("16-20"), "not-a-count"),
            (Written::Number(12.7), "not-a-count"),
            (Written::Number(-4.0), "not-a-count"),
            (Written::Dated(42_795.0), "date-not-number"),
        ],
        Kind::Number => vec![
            (text("> 400"), "not-a-number"),
            (text("по 3 за секоја општина"), "not-a-number"),
            (Written::Dated(42_795.0), "date-not-number"),
        ],
        Kind::Year => vec![(Written::Number(1890.0), "bad-birth-year"), (Written::Number(2031.0), "bad-birth-year")],
        Kind::Listed(_) => vec![(text("Quidditch"), "unlisted-value"), (text("некое друго"), "unlisted-value")],
        Kind::Reference(to) => {
            let code = match to {
                TableKind::Activities => "unknown-activity",
                TableKind::Participants => "unknown-person",
                TableKind::Indicators => "unknown-indicator",
                _ => "unknown-result",
            };
            vec![(text("ZZ-999"), code), (Written::Dated(42_795.0), "date-in-code")]
        }
        Kind::Period => vec![(text("2017-Q9"), "unknown-period"), (text("2031-Q1"), "unknown-period")],
        Kind::Code | Kind::Count | Kind::Free | Kind::Words => Vec::new(),
    };
    if !matches!(kind, Kind::Words | Kind::Free) {
        faults.extend(broken);
    }
    let missing = match (table, name) {
        (TableKind::Activities, "id") | (TableKind::Attendance, "activity") => Some("missing-activity"),
        (TableKind::Participants | TableKind::Attendance, "person") => Some("missing-person"),
        (TableKind::Activities, "type" | "status") | (TableKind::Targets, "target") => Some("missing-value"),
        _ => None,
    };
    faults.extend(missing.map(|code| (Written::Blank, code)));
    (!faults.is_empty()).then(|| faults.swap_remove(random.below(faults.len())))
}
