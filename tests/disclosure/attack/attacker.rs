//! A reader who has every output, and works out what is hidden.
//!
//! Unknown is how many of the persons who are alike in all listed attendances have each combination of values, and at each
//! attendance each value of the column that attendances say anew. All that is published is a sum of these.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use super::invented::{ATTRIBUTES, Indicator, Invented, KINDS, VALUES, VARYING};
use super::published::{Line, ListedAttendance, Published, SCOPES, Shown};
use super::solver::{Answer, Solver, Terms, sum};

/// Persons with the same attendances.
struct Class {
    /// Stretch of days, and kind of activity, in order.
    rows: Vec<(usize, usize)>,
    /// By combination of values.
    combinations: Vec<usize>,
    /// By row, combination and value of the column that varies.
    varying: Vec<Vec<Vec<usize>>>,
}

pub struct Attacker<'a> {
    invented: &'a Invented,
    published: &'a Published,
    /// First days of the stretches that no published period begins or ends within.
    starts: Vec<Date>,
    /// Attributes of the register that some axis or condition has.
    used: Vec<usize>,
    classes: Vec<Class>,
    pub solver: Solver,
}

const START: Date = date(2017, 1, 1);

/// A person by number, and what differs between the person's rows.
type PersonRows = (usize, Vec<usize>);

impl<'a> Attacker<'a> {
    /// Knows all listed attendances, and `lines`.
    pub fn new(invented: &'a Invented, published: &'a Published, lines: &[Line]) -> Attacker<'a> {
        let mut starts: BTreeSet<Date> = BTreeSet::from([START]);
        for line in &published.lines {
            starts.extend([line.start, line.end.tomorrow().expect("a day")]);
        }
        let mentions = |attribute: usize| {
            let of_axes = invented.indicators.iter().flat_map(|indicator| &indicator.by);
            let mut sides = of_axes.flat_map(|axis| axis.split(" × "));
            sides.any(|side| side == ATTRIBUTES[attribute])
                || attribute == 0 && invented.indicators.iter().any(|indicator| indicator.sex.is_some())
        };
        let mut attacker = Attacker {
            invented,
            published,
            starts: starts.into_iter().collect(),
            used: (0..VARYING).filter(|attribute| mentions(*attribute)).collect(),
            classes: Vec::new(),
            solver: Solver::default(),
        };
        attacker.add_classes(mentions(VARYING));
        attacker.learn(lines);
        attacker
    }

    fn add_classes(&mut self, varies: bool) {
        let mut persons: BTreeMap<&str, Vec<&ListedAttendance>> = BTreeMap::new();
        for attendance in &self.published.attendances {
            persons.entry(&attendance.person).or_default().push(attendance);
        }
        let mut alike: BTreeMap<Vec<(usize, usize)>, Vec<PersonRows>> = BTreeMap::new();
        for (pseudonym, rows) in persons {
            // The truth alone needs to know who it is: pseudonyms follow the register.
            let person = pseudonym.trim_start_matches("P-").parse::<usize>().expect("a number") - 1;
            let signature = rows.iter().map(|row| {
                let stretch = self.starts.partition_point(|start| *start <= row.day) - 1;
                let kind = &self.published.kinds[&row.activity];
                (stretch, KINDS.iter().position(|other| other == kind).expect("a kind"))
            });
            let visit =
                |row: &&ListedAttendance| row.activity.trim_start_matches("A-").parse::<usize>().expect("a number");
            let varying = rows.iter().map(|row| self.invented.visits[visit(row)].organisation).collect();
            alike.entry(signature.collect()).or_default().push((person, varying));
        }
        for (rows, members) in alike {
            let count = members.len() as i64;
            let size: usize = self.used.iter().map(|attribute| VALUES[*attribute].len()).product();
            let combination_of = |person: usize| {
                let mut number = 0;
                for attribute in &self.used {
                    number = number * VALUES[*attribute].len() + self.invented.persons[person][*attribute];
                }
                number
            };
            let mut combinations = Vec::new();
            for combination in 0..size {
                let truth = members.iter().filter(|(person, _)| combination_of(*person) == combination).count() as i64;
                combinations.push(self.solver.unknown(count, truth));
            }
            self.solver.between(combinations.iter().map(|at| (*at, 1)).collect(), count, count);
            let mut varying = Vec::new();
            for row in (0..rows.len()).filter(|_| varies) {
                let mut of_row = Vec::new();
                for (combination, whole) in combinations.iter().enumerate() {
                    let mut values = Vec::new();
                    for value in 0..VALUES[VARYING].len() {
                        let is_meant = |(person, varying): &&(usize, Vec<usize>)| {
                            combination_of(*person) == combination && varying[row] == value
                        };
                        values.push(self.solver.unknown(count, members.iter().filter(is_meant).count() as i64));
                    }
                    let parts = values.iter().map(|at| (*at, 1)).chain([(*whole, -1)]).collect();
                    self.solver.between(parts, 0, 0);
                    of_row.push(values);
                }
                varying.push(of_row);
            }
            self.classes.push(Class { rows, combinations, varying });
        }
    }

    fn learn(&mut self, lines: &[Line]) {
        let mut constraints: Vec<(Terms, i64, i64)> = Vec::new();
        let mut published: BTreeSet<(&str, &str, Date, Date)> = BTreeSet::new();
        for line in lines {
            if let Some(axis) = &line.axis {
                published.insert((&line.indicator, axis, line.start, line.end));
            }
            let calculation = &self.indicator(&line.indicator).calculation;
            if let Some(sides) = calculation.strip_prefix("ratio(") {
                let sides: Vec<&str> = sides.trim_end_matches(')').split(", ").collect();
                if let (Shown::Number(value), true) = (line.shown, line.axis.is_some()) {
                    constraints.extend(self.ratio(line, &sides, value));
                }
                continue;
            }
            match line.shown {
                Shown::Number(value) => constraints.push((self.terms(line), value as i64, value as i64)),
                Shown::Below(limit) => constraints.push((self.terms(line), 1, limit - 1)),
                Shown::Withheld => {}
            }
        }
        for (code, axis, start, end) in published {
            let calculation = self.indicator(code).calculation.clone();
            let sides = calculation.strip_prefix("ratio(").map(|sides| sides.trim_end_matches(')').to_owned());
            let listed = &self.published.listed[&(code.to_owned(), axis.to_owned(), start, end)];
            for part in all_parts(axis) {
                let occurrences = |indicator: &str| -> Terms {
                    let of_scope = |scope| Line {
                        indicator: indicator.to_owned(),
                        axis: Some(axis.to_owned()),
                        part: part.clone(),
                        start,
                        end,
                        scope,
                        shown: Shown::Withheld,
                    };
                    ["cumulative", "served"].into_iter().flat_map(|scope| self.terms(&of_scope(scope))).collect()
                };
                // Values that occur up to the period's end are listed, and no others.
                match (&sides, listed.contains(&part)) {
                    (None, true) => constraints.push((occurrences(code), 1, i64::MAX)),
                    (None, false) => constraints.push((occurrences(code), 0, 0)),
                    (Some(sides), false) => {
                        constraints.extend(sides.split(", ").map(|side| (occurrences(side), 0, 0)));
                    }
                    (Some(_), true) => {}
                }
            }
        }
        constraints.into_iter().for_each(|(terms, least, most)| self.solver.between(terms, least, most));
    }

    /// A ratio ties the numbers that it is made of.
    fn ratio(&self, line: &Line, sides: &[&str], value: f64) -> Option<(Terms, i64, i64)> {
        let (over, under) = (1..500).find_map(|under| {
            let over = (value * f64::from(under)).round();
            ((over / f64::from(under) - value).abs() < 1e-9).then_some((over as i64, i64::from(under)))
        })?;
        let side = |code: &str, factor: i64| {
            let people = self.indicator(code).calculation == "people";
            let scope = match line.scope {
                "cumulative" => "cumulative",
                _ if people => "served",
                _ => "period",
            };
            let terms = self.terms(&Line { indicator: code.to_owned(), scope, ..line.clone() });
            terms.into_iter().map(move |(at, by)| (at, by * factor))
        };
        Some((side(sides[0], under).chain(side(sides[1], -over)).collect(), 0, 0))
    }

    pub fn indicator(&self, code: &str) -> &'a Indicator {
        self.invented.indicators.iter().find(|indicator| indicator.code == code).expect("an indicator")
    }

    /// A published number as a sum of unknowns.
    pub fn terms(&self, line: &Line) -> Terms {
        let indicator = self.indicator(&line.indicator);
        let start = if line.scope == "cumulative" { START } else { line.start };
        let is_within = |stretch: usize| start <= self.starts[stretch] && self.starts[stretch] <= line.end;
        let mut terms = Terms::new();
        for class in &self.classes {
            let counted: Vec<usize> = (0..class.rows.len())
                .filter(|row| indicator.kind.is_none_or(|kind| class.rows[*row].1 == kind))
                .collect();
            let within: Vec<usize> = counted.iter().copied().filter(|row| is_within(class.rows[*row].0)).collect();
            let rows: Vec<usize> = match (indicator.calculation.as_str(), line.scope) {
                ("people", "served") => within.first().copied().into_iter().collect(),
                ("people", _) => {
                    within.first().copied().into_iter().filter(|row| counted.first() == Some(row)).collect()
                }
                ("distinct(person)", _) => {
                    let mut kinds = BTreeSet::new();
                    let by_kind = line.axis.as_ref().is_some_and(|axis| axis.split(" × ").any(|side| side == "type"));
                    within
                        .into_iter()
                        .filter(|row| kinds.insert(if by_kind { class.rows[*row].1 } else { 0 }))
                        .collect()
                }
                _ => within,
            };
            rows.into_iter().for_each(|row| self.add_row(&mut terms, indicator, class, row, line));
        }
        terms
    }

    fn add_row(&self, terms: &mut Terms, indicator: &Indicator, class: &Class, row: usize, line: &Line) {
        let sides: Vec<&str> = line.axis.iter().flat_map(|axis| axis.split(" × ")).collect();
        let values: Vec<&str> = line.part.split(" × ").collect();
        let mut wanted: BTreeMap<usize, usize> = BTreeMap::new();
        if let Some(sex) = indicator.sex {
            wanted.insert(0, sex);
        }
        for (side, value) in sides.iter().zip(values) {
            let Some(attribute) = ATTRIBUTES.iter().position(|attribute| attribute == side) else {
                if KINDS[class.rows[row].1] != value {
                    return;
                }
                continue;
            };
            let Some(value) = VALUES[attribute].iter().position(|other| *other == value) else { return };
            if wanted.insert(attribute, value).is_some_and(|other| other != value) {
                return;
            }
        }
        for (combination, whole) in class.combinations.iter().enumerate() {
            let mut rest = combination;
            let is_meant = self.used.iter().rev().all(|attribute| {
                let size = VALUES[*attribute].len();
                let own = rest % size;
                rest /= size;
                wanted.get(attribute).is_none_or(|value| *value == own)
            });
            if is_meant {
                let varying = wanted.get(&VARYING).map(|value| class.varying[row][combination][*value]);
                terms.push((varying.unwrap_or(*whole), 1));
            }
        }
    }

    /// Whether a number may be anything but what it is.
    pub fn other_than_true(&self, terms: &Terms) -> Answer {
        self.solver.other_than_true(terms)
    }

    /// Those of `lines` that are shown to be small.
    pub fn small_numbers(&self, lines: &[Line]) -> Vec<Terms> {
        let small = lines.iter().filter(|line| line.axis.is_some() && matches!(line.shown, Shown::Below(_)));
        small.map(|line| self.terms(line)).collect()
    }

    /// What is hidden: small numbers, their companions, and whatever axes are withheld whole.
    pub fn hidden_numbers(&self) -> Vec<(Line, Terms)> {
        let mut found: Vec<(Line, Terms)> = Vec::new();
        let mut add = |line: Line| {
            let mut terms = self.terms(&line);
            terms.sort_unstable();
            if !found.iter().any(|(_, known)| *known == terms) {
                found.push((line, terms));
            }
        };
        for line in &self.published.lines {
            let indicator = self.indicator(&line.indicator);
            if indicator.calculation.starts_with("ratio") {
                continue;
            }
            match (&line.axis, line.shown) {
                (Some(_), Shown::Below(_) | Shown::Withheld) => add(line.clone()),
                (None, _) => {
                    for axis in &indicator.by {
                        let place = (line.indicator.clone(), axis.clone(), line.start, line.end);
                        let is_withheld = !self.published.listed.contains_key(&place);
                        for part in all_parts(axis).into_iter().filter(|_| is_withheld) {
                            let line = Line { axis: Some(axis.clone()), part, ..line.clone() };
                            if sum(&self.terms(&line), &self.solver.truth) > 0 {
                                add(line);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Of simple axes of persons: how many numbers are shown, and how many there are.
    pub fn shown_numbers(&self) -> (usize, usize) {
        let mut numbers = (0, 0);
        for indicator in self.invented.indicators.iter().filter(|other| !other.calculation.starts_with("ratio")) {
            let periods: BTreeSet<(Date, Date)> =
                self.published.lines.iter().map(|line| (line.start, line.end)).collect();
            let simple = indicator.by.iter().filter(|axis| ATTRIBUTES.contains(&axis.as_str()));
            for (axis, (start, end)) in simple.flat_map(|axis| periods.iter().map(move |days| (axis, *days))) {
                let scopes =
                    if indicator.calculation == "people" { SCOPES.as_slice() } else { &["period", "cumulative"] };
                for (part, scope) in
                    all_parts(axis).iter().flat_map(|part| scopes.iter().map(move |scope| (part, *scope)))
                {
                    let line = |scope| Line {
                        indicator: indicator.code.clone(),
                        axis: Some(axis.clone()),
                        part: part.clone(),
                        start,
                        end,
                        scope,
                        shown: Shown::Withheld,
                    };
                    if sum(&self.terms(&line("cumulative")), &self.solver.truth) == 0 {
                        continue;
                    }
                    numbers.1 += 1;
                    let is_shown = |other: &&Line| {
                        (&other.indicator, other.axis.as_ref(), &other.part) == (&indicator.code, Some(axis), part)
                            && (other.start, other.end, other.scope) == (start, end, scope)
                            && matches!(other.shown, Shown::Number(_))
                    };
                    numbers.0 += usize::from(self.published.lines.iter().any(|other| is_shown(&other)));
                }
            }
        }
        numbers
    }
}

/// Every value that an axis may have.
fn all_parts(axis: &str) -> Vec<String> {
    let values = |side: &str| match ATTRIBUTES.iter().position(|attribute| *attribute == side) {
        Some(attribute) => VALUES[attribute].to_vec(),
        None => KINDS.to_vec(),
    };
    match axis.split_once(" × ") {
        None => values(axis).into_iter().map(str::to_owned).collect(),
        Some((first, second)) => {
            let second = values(second);
            let cross = |first: &str| second.iter().map(|second| format!("{first} × {second}")).collect::<Vec<_>>();
            values(first).into_iter().flat_map(cross).collect()
        }
    }
}
