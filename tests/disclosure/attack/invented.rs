//! Invented projects as folders of tables.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use jiff::civil::Date;

/// Numbers that need no luck, only to be the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn up_to(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides) as usize
    }

    /// Small numbers more often than large ones.
    fn skewed(&mut self, sides: u64) -> usize {
        let a = self.up_to(sides);
        a.min(self.up_to(sides))
    }
}

/// What persons are told apart by: three columns of the register, and one that every attendance says anew.
pub const ATTRIBUTES: [&str; 4] = ["sex", "age", "municipality", "organisation"];
/// The place of the column that attendances say anew.
pub const VARYING: usize = 3;
/// The values of attributes, as figures.json has them.
pub const VALUES: [&[&str]; 4] =
    [&["F", "M"], &["0-17", "18-59", "60+"], &["Kumanovo", "Butel", "Ohrid"], &["ngo", "school", "club"]];
const AGES: [u8; 3] = [9, 31, 70];
pub const KINDS: [&str; 2] = ["training", "clinic"];

/// Which value of each attribute that the register has.
pub type Person = [usize; 3];

pub struct Visit {
    pub person: usize,
    pub day: Date,
    pub kind: usize,
    pub organisation: usize,
}

pub struct Indicator {
    pub code: String,
    /// As the logframe writes it.
    pub calculation: String,
    /// Only activities of this kind.
    pub kind: Option<usize>,
    /// Only persons with this value of the first attribute.
    pub sex: Option<usize>,
    pub by: Vec<String>,
}

/// A project with all that is in its tables.
pub struct Invented {
    pub persons: Vec<Person>,
    pub visits: Vec<Visit>,
    pub indicators: Vec<Indicator>,
    /// Codes of the quarters and `project`, as the report has them.
    pub periods: Vec<&'static str>,
    /// As project.toml writes it.
    pub limit: &'static str,
    pub participants: &'static str,
}

pub fn indicator(code: &str, calculation: &str, by: &[&str]) -> Indicator {
    let by = by.iter().map(|axis| (*axis).to_owned()).collect();
    Indicator { code: code.to_owned(), calculation: calculation.to_owned(), kind: None, sex: None, by }
}

/// A day of an invented year.
pub fn day(month: usize, day: usize) -> Date {
    jiff::civil::date(2017, month as i8, day as i8)
}

impl Invented {
    /// A project in which anything may be: crossed axes with activities' columns, several periods, ratios, persons who come
    /// back, indicators over the same persons, axes that a donor opened.
    pub fn random(dice: &mut Dice) -> Invented {
        let persons: Vec<Person> =
            (0..5 + dice.up_to(22)).map(|_| [dice.skewed(2), dice.skewed(3), dice.skewed(3)]).collect();
        let varies = dice.up_to(3) == 0;
        let mut visits: Vec<Visit> = Vec::new();
        for at in 0..persons.len() * 3 / 2 {
            let person = if at < persons.len() { at } else { dice.up_to(persons.len() as u64) };
            let organisation = if varies { dice.skewed(3) } else { 0 };
            let day = day(1 + dice.up_to(12), 1 + dice.up_to(28));
            visits.push(Visit { person, day, kind: dice.skewed(2), organisation });
        }
        let side = |dice: &mut Dice| {
            ["sex", "age", "municipality", "type", "organisation"][dice.up_to(if varies { 5 } else { 4 })]
        };
        let axes = |dice: &mut Dice| {
            let mut axes: Vec<String> = Vec::new();
            for _ in 0..1 + dice.up_to(3) {
                let (first, second) = (side(dice), side(dice));
                let axis = match dice.up_to(2) {
                    0 => first.to_owned(),
                    _ if first == second => first.to_owned(),
                    _ => format!("{first} × {second}"),
                };
                let is_known = axes.iter().any(|known| {
                    let mut sides: Vec<&str> = known.split(" × ").collect();
                    sides.reverse();
                    *known == axis || sides.join(" × ") == axis
                });
                if !is_known {
                    axes.push(axis);
                }
            }
            axes
        };
        let mut indicators = vec![Indicator { by: axes(dice), ..indicator("I1", "people", &[]) }];
        for code in ["I2", "I3"].into_iter().take(dice.up_to(3)) {
            let calculation = ["attendances", "people", "attendances", "distinct(person)"][dice.up_to(4)];
            let kind = (dice.up_to(3) == 0).then(|| dice.up_to(2));
            let sex = (dice.up_to(4) == 0).then_some(0);
            let mut by = axes(dice);
            // A person who came for several organisations is in several parts then: no sum of persons.
            by.retain(|axis| calculation != "distinct(person)" || !axis.contains("organisation"));
            indicators.push(Indicator { kind, sex, by, ..indicator(code, calculation, &[]) });
        }
        if indicators.len() > 1 && dice.up_to(2) == 0 {
            let is_of_persons = indicators[1].calculation == "distinct(person)";
            let own = indicators[0].by.iter().map(String::as_str);
            let own: Vec<&str> = own.filter(|axis| !is_of_persons || !axis.contains("organisation")).collect();
            indicators.push(indicator("R1", "ratio(I2, I1)", &own));
        }
        let periods: Vec<&str> =
            ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4", "project"].into_iter().filter(|_| dice.up_to(4) > 0).collect();
        let limit = ["3", "4", "5", "5", "{ default = 4, sex = 0 }"][dice.up_to(5)];
        let periods = if periods.is_empty() { vec!["2017-Q2"] } else { periods };
        Invented { persons, visits, indicators, periods, limit, participants: "pseudonymised" }
    }

    /// Writes project.toml and the tables.
    pub fn write(&self, folder: &Path) {
        let periods: Vec<String> = self.periods.iter().map(|code| format!("{code:?}")).collect();
        let project = format!(
            "code = \"INVENTED\"\nlanguages = [\"en\"]\nstart = 2017-01-01\nend = 2017-12-31\ntitle = {{ en = \"Invented\" }}\n\
             [periods]\nquarters = true\n[age]\nbands = [0, 18, 60]\n[[reports]]\nname = \"r\"\nprofile = \"progress\"\n\
             periods = [{}]\ndocuments = []\nannexes = [[\"en\"]]\nsuppress_below = {}\nparticipants = {:?}\n",
            periods.join(", "),
            self.limit,
            self.participants
        );
        let tables = ["activities", "participants", "attendance", "indicators"];
        let tables = tables.map(|table| format!("[tables.{table}]\nfile = \"{table}.csv\"\n")).concat();
        let mut activities = "Activity ID,Date,Type,Title\n".to_owned();
        let mut attendance = "Person ID,Activity ID,Organisation\n".to_owned();
        for (at, visit) in self.visits.iter().enumerate() {
            let Visit { person, day, kind, organisation } = visit;
            writeln!(activities, "A-{at:03},{day},{},Invented {at}", KINDS[*kind]).expect("a text");
            writeln!(attendance, "U-{person:03},A-{at:03},{}", VALUES[VARYING][*organisation]).expect("a text");
        }
        let mut participants = "Person ID,Sex,Age,Municipality\n".to_owned();
        for (at, [sex, age, municipality]) in self.persons.iter().enumerate() {
            let (sex, municipality) = (VALUES[0][*sex], VALUES[2][*municipality]);
            writeln!(participants, "U-{at:03},{sex},{},{municipality}", AGES[*age]).expect("a text");
        }
        let mut indicators = "Code,Title,Unit,Calculation,Where,By\n".to_owned();
        for indicator in &self.indicators {
            let Indicator { code, calculation, kind, sex, by } = indicator;
            let kind = kind.map(|kind| format!("type = {}", KINDS[kind]));
            let sex = sex.map(|sex| format!("sex = {}", VALUES[0][sex]));
            let conditions: Vec<String> = kind.into_iter().chain(sex).collect();
            let (conditions, by) = (conditions.join("; "), by.join("; "));
            writeln!(indicators, "{code},Invented,number,\"{calculation}\",{conditions},{by}").expect("a text");
        }
        let files = [
            ("project.toml", project + &tables),
            ("activities.csv", activities),
            ("attendance.csv", attendance),
            ("participants.csv", participants),
            ("indicators.csv", indicators),
        ];
        for (name, content) in files {
            fs::write(folder.join(name), content).expect("a file");
        }
    }
}
