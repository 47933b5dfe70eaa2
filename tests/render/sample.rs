//! An invented report in Macedonian and English, so that documents can be laid out without a project.

use std::collections::BTreeMap;

use donor_report::report::block::{Align, Block, Inline};
use donor_report::report::document::*;
use jiff::civil::date;
use rust_decimal::Decimal;

/// Picks one of two texts: Macedonian, English.
#[derive(Clone, Copy)]
struct In(usize);

impl In {
    fn say(self, mk: &str, en: &str) -> String {
        if self.0 == 0 { mk.to_owned() } else { en.to_owned() }
    }
}

/// The whole document in the given languages: 0 Macedonian, 1 English.
pub fn document(languages: &[usize], layout: DocumentLayout) -> Document {
    let langs: Vec<In> = languages.iter().map(|&at| In(at)).collect();
    let first = langs[0];
    let section = |id: &str, new_page: bool, entry: fn(In) -> SectionEntry| Section {
        id: id.to_owned(),
        anchors: id == "results",
        new_page,
        boxed: id == "setbacks",
        char_limit: (id == "summary").then_some(400),
        entries: langs.iter().map(|&lang| entry(lang)).collect(),
    };
    Document {
        identifier: format!("SAMPLE/2030-Q1/progress.{languages:?}"),
        indicators: Vec::new(),
        is_draft: false,
        date: date(2030, 4, 18),
        title: first.say("Измислен проект за проба на извештај", "An invented project for trying out a report"),
        author: first.say("Измислена организација", "Invented organisation"),
        description: first.say("Измислени податоци", "Invented data"),
        keywords: vec!["SAMPLE-1".into()],
        layout,
        opening: if languages == [0] { Opening::Glance } else { Opening::Cover },
        parts: langs.iter().map(|&lang| part(lang)).collect(),
        sections: vec![
            section("summary", false, summary),
            section("key-figures", true, key_figures),
            section("results", true, results),
            section("indicators", true, indicator_table),
            section("chart", true, chart),
            section("disaggregation", true, disaggregation),
            section("activities", true, activities),
            section("variance", true, variance),
            section("counted", true, counted),
            section("annexes", false, annexes),
            section("photographs", true, photographs),
            section("signatures", false, signatures),
        ],
        anchors: (1..=6).map(|n| format!("I{n}")).collect(),
        theme: BTreeMap::new(),
        attachment: Some(AttachedFile {
            name: "progress.mk.xlsx".into(),
            description: first.say("Прилог со податоци", "Annex with the data"),
            mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        }),
        figures: None,
        manifest: None,
        pictures: BTreeMap::from([("images/sample.png".to_owned(), picture().into())]),
    }
}

/// A plain picture of 40 × 30 pixels, written as PNG.
fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_fn(400, 300, |x, y| image::Rgb([(x / 2) as u8, 120, (y / 2) as u8]));
    pixels.write_to(&mut out, image::ImageFormat::Png).expect("a picture in memory can be written");
    out.into_inner()
}

fn part(lang: In) -> LanguagePart {
    let quotes = if lang.0 == 0 { ["„", "“", "’", "‘"] } else { ["“", "”", "‘", "’"] };
    LanguagePart {
        tag: lang.say("mk", "en"),
        lang: lang.say("mk", "en"),
        region: None,
        quotes: quotes.map(str::to_owned),
        words: BTreeMap::from([
            ("contents".to_owned(), lang.say("Содржина", "Contents")),
            ("key".to_owned(), lang.say("Како се чита извештајот", "How to read this report")),
            ("page-number".to_owned(), lang.say("Страница {page} од {pages}", "Page {page} of {pages}")),
            ("language".to_owned(), lang.say("македонски", "English")),
            ("begins".to_owned(), lang.say("македонски: страница {page}", "English: page {page}")),
            ("characters".to_owned(), lang.say("Знаци: {n}", "Characters: {n}")),
            (
                "characters-of".to_owned(),
                lang.say("Знаци: {n} од најмногу {limit}", "Characters: {n} of at most {limit}"),
            ),
        ]),
        scripts: BTreeMap::new(),
        cover: Cover {
            kind: lang.say("Извештај за напредокот", "Progress report"),
            code: "SAMPLE-1".into(),
            title: lang.say(
                "Зајакнување на измислени локални актери во процесот на проба на извештаи",
                "Strengthening of invented local actors in the process of trying out reports",
            ),
            period: lang.say("1 јануари – 31 март 2030 г.", "1 January – 31 March 2030"),
            date: Some(lang.say("18 април 2030 г.", "18 April 2030")),
            revision: None,
            data_until: Some(
                lang.say("Податоците се целосни заклучно со 28 февруари.", "The data is complete up to 28 February."),
            ),
            head: vec![Fact {
                label: lang.say("Спроведува", "Implemented by"),
                lines: vec![lang.say("Измислена организација", "Invented organisation")],
            }],
            notice: Some(lang.say("Пример: сите податоци се измислени.", "Example: all data is invented.")),
            facts: vec![
                Fact {
                    label: lang.say("Спроведува", "Implemented by"),
                    lines: vec![lang.say("Измислена организација", "Invented organisation")],
                },
                Fact {
                    label: lang.say("Донатор", "Donor"),
                    lines: vec![
                        lang.say("Измислен донатор", "Invented donor"),
                        lang.say("Договор за грант ABC-12/2030", "Grant agreement ABC-12/2030"),
                    ],
                },
                Fact {
                    label: lang.say("Партнери", "Partners"),
                    lines: vec![lang.say("Општина Прва, општина Втора", "Municipality One, municipality Two")],
                },
                Fact {
                    label: lang.say("Шифра на проектот", "Project code"), lines: vec!["SAMPLE-1".into()]
                },
            ],
            acknowledgements: vec![lang.say("Овој извештај е измислен.", "This report is invented.")],
            logos: vec![photo(lang, false)],
        },
        glance: Some(glance(lang)),
        key: ["achieved", "at_risk", "off_track"]
            .map(|code| KeyItem {
                status: badge(lang, code), text: lang.say("измислена граница", "an invented limit")
            })
            .to_vec(),
        key_lines: vec![lang.say("Линијата е целта.", "The line is the target.")],
        charts: BTreeMap::new(),
        tables: BTreeMap::new(),
    }
}

fn photo(lang: In, caption: bool) -> Photograph {
    Photograph {
        file: "images/sample.png".into(),
        alt: lang.say("Обоена плоча", "A coloured plate"),
        caption: caption.then(|| lang.say("Обоена плоча, измислена", "A coloured plate, invented")),
        credit: caption.then(|| lang.say("Фото: измислено", "Photo: invented")),
    }
}

fn text(text: &str) -> Inline {
    Inline::Text { text: text.to_owned() }
}

fn entry(heading: String, body: SectionBody) -> SectionEntry {
    SectionEntry { heading, lead: None, prose: Vec::new(), body, notes: Vec::new() }
}

fn fraction(percent: i64) -> Fraction {
    Fraction::ratio(Decimal::from(percent), Decimal::from(100))
}

fn badge(lang: In, code: &str) -> StatusBadge {
    let text = match code {
        "achieved" => lang.say("остварено", "achieved"),
        "on_track" => lang.say("според планот", "on track"),
        "at_risk" => lang.say("под ризик", "at risk"),
        "off_track" => lang.say("заостанува", "off track"),
        _ => lang.say("пред рокот", "not yet due"),
    };
    StatusBadge { code: code.to_owned(), text }
}

fn summary(lang: In) -> SectionEntry {
    let prose = vec![
        Block::Paragraph {
            content: vec![
                text(&lang.say("Во периодот вкупно ", "In the period, ")),
                Inline::Figure { text: "518".into(), indicator: "I4".into(), id: None, source: None },
                text(&lang.say(
                    " измислени лица добија поддршка, а работата на терен продолжи во сите општини и по завршувањето на обуките. ",
                    " invented people received support, and work in the field went on in every municipality after the training. ",
                )),
                Inline::Strong { content: vec![text(&lang.say("Ова е важно.", "This is important."))] },
                Inline::Footnote {
                    content: vec![Block::Paragraph { content: vec![text(&lang.say("Фуснота.", "A footnote."))] }],
                },
            ],
        },
        Block::Heading { level: 1, content: vec![text(&lang.say("Што е направено", "What was done"))] },
        Block::List {
            start: None,
            items: (0..3)
                .map(|_| {
                    vec![Block::Paragraph {
                        content: vec![text(&lang.say(
                            "обука за измислена тема, со учесници од повеќе општини и институции",
                            "training on an invented topic, with participants from several municipalities",
                        ))],
                    }]
                })
                .collect(),
        },
        Block::Table {
            align: vec![Align::Start, Align::End],
            header: vec![vec![text(&lang.say("Тема", "Topic"))], vec![text(&lang.say("Сесии", "Sessions"))]],
            rows: vec![
                vec![vec![text(&lang.say("Конвенција", "Convention"))], vec![text("6")]],
                vec![vec![text(&lang.say("Закон", "Law"))], vec![text("6")]],
            ],
        },
    ];
    SectionEntry { prose, ..entry(lang.say("Резиме", "Summary"), SectionBody::Prose) }
}

fn bar(lang: In, at: usize) -> Bar {
    let codes = ["achieved", "on_track", "at_risk", "off_track", "not_due", "achieved"];
    Bar {
        code: format!("I{}", at + 1),
        label: indicator_title(lang, at),
        value: (at != 4).then(|| fraction([83, 70, 52, 20, 0, 90][at])),
        value_to: (at == 1).then(|| fraction(78)),
        target: Some(fraction(80)),
        due: (at == 2).then(|| fraction(60)),
        beyond: at == 5,
        text: FigureText::plain(lang.say("518 од 500", "518 of 500")),
        progress: Some(FigureText::plain(lang.say("103,6 %", "103.6%"))),
        status: Some(badge(lang, codes[at])),
    }
}

fn indicator_title(lang: In, at: usize) -> String {
    let mk = [
        "Број на изработени поединечни проценки за општините",
        "Број на лица обучени за измислената конвенција",
        "Број на одржани ориентациски сесии во сите општини, вклучувајќи ги и сесиите што беа повторени поради мал одѕив во првиот термин",
        "Број на поддржани лица",
        "Број на донесени планови",
        "Граѓани запознаени со проектот",
    ];
    let en = [
        "Number of individual municipal assessments prepared",
        "Number of people trained on the invented convention",
        "Number of orientation sessions held in all municipalities, including sessions repeated because few came the first time",
        "Number of people supported",
        "Number of plans adopted",
        "Citizens made acquainted with the project",
    ];
    lang.say(mk[at], en[at])
}

fn key_figures(lang: In) -> SectionEntry {
    let items = (0..6)
        .map(|at| KeyFigure {
            code: format!("I{}", at + 1),
            hedge: (at == 5).then(|| lang.say("приближно", "approximately")),
            value: FigureText::plain(["3", "16–32", "12", "518", "0", &lang.say("84.000", "84,000")][at]),
            unit: lang.say("лица", "people"),
            title: indicator_title(lang, at),
            meaning: vec![FigureText::plain(
                lang.say("од 500 планирани до крајот на проектот", "of 500 planned by the end of the project"),
            )],
            progress: Some(FigureText::plain(lang.say("103,6 %", "103.6%"))),
            bar: Some(bar(lang, at)),
            status: bar(lang, at).status,
            alt: lang.say("Остварено 518, цел 500.", "Actual 518, target 500."),
        })
        .collect();
    entry(lang.say("Клучни показатели", "Key figures"), SectionBody::KeyFigures { items })
}

fn measures(lang: In) -> Vec<Measure> {
    vec![
        Measure { label: lang.say("Почетна вредност", "Baseline"), value: FigureText::plain("0") },
        Measure { label: lang.say("Цел досега", "Target to date"), value: FigureText::plain("250") },
        Measure { label: lang.say("Вкупна цел", "Total target"), value: FigureText::plain("500") },
        Measure { label: lang.say("Кумулативно", "Cumulative"), value: FigureText::plain("518") },
    ]
}

fn results(lang: In) -> SectionEntry {
    let group = |depth: u8, level: String, code: &str, title: String, from: usize, to: usize| ResultGroup {
        level: Some(level),
        code: code.into(),
        title,
        depth,
        assumptions: None,
        links: Vec::new(),
        prose: Vec::new(),
        indicators: (from..to)
            .map(|at| IndicatorView {
                code: format!("I{}", at + 1),
                title: indicator_title(lang, at),
                unit: lang.say("лица", "people"),
                hedge: (at == 5).then(|| lang.say("приближно", "approximately")),
                value: FigureText::plain(if at == 5 { lang.say("84.000", "84,000") } else { "518".into() }),
                measures: measures(lang),
                bar: Some(bar(lang, at)),
                bar_alt: lang.say("Остварено 518, цел 500.", "Actual 518, target 500."),
                status: bar(lang, at).status,
                notes: if at == 1 {
                    vec![FigureText::plain(
                        lang.say("1 од 3 активности без внесен број.", "1 of 3 activities without a count."),
                    )]
                } else {
                    Vec::new()
                },
            })
            .collect(),
    };
    let groups = vec![
        group(
            0,
            lang.say("исход", "outcome"),
            "R1",
            lang.say("Локалните институции се поспособни", "Local institutions are more able"),
            0,
            2,
        ),
        group(
            1,
            lang.say("резултат", "output"),
            "R1.1",
            lang.say("Одржани се обуки и сесии", "Training and sessions are held"),
            2,
            6,
        ),
    ];
    entry(lang.say("Резултати и показатели", "Results and indicators"), SectionBody::Results { groups })
}

/// A figure with an id of its own.
fn figure(text: &str, id: &str) -> FigureText {
    let source = FigureSource { place: None, from: Decimal::ZERO, to: Decimal::ZERO };
    let mut figure = FigureText::figure(text, source);
    figure.pieces[0].id = Some(id.to_owned());
    figure
}

/// The page that answers first, of six invented indicators.
fn glance(lang: In) -> Glance {
    let card = |at: usize| GlanceCard {
        code: format!("I{}", at + 1),
        title: indicator_title(lang, at),
        unit: lang.say("лица", "people"),
        hedge: None,
        value: figure("518", &format!("f000{}", at + 1)),
        plan: vec![FigureText::plain(lang.say("вкупно планирано 500", "total target 500"))],
        change: Some(FigureText::plain("+127")),
        progress: Some(FigureText::plain(lang.say("103,6 %", "103.6%"))),
        status: badge(lang, "achieved"),
        trend: Some(TrendLine {
            points: [0, 50, 100]
                .map(|at| TrendPoint { at: fraction(at), value: Some(fraction(at)), due: Some(fraction(60)) })
                .to_vec(),
            first: "Q1".into(),
            last: "Q3".into(),
            alt: lang.say("По периоди: 0, 50, 100.", "By period: 0, 50, 100."),
        }),
    };
    Glance {
        heading: lang.say("Најважното", "At a glance"),
        elapsed: TimeElapsed {
            text: FigureText::plain(lang.say("Измина 50 % од времето", "50% of the time has passed")),
            fraction: fraction(50),
        },
        tally: Tally {
            total: FigureText::plain(lang.say("Показатели: 6", "Indicators: 6")),
            counts: vec![TallyCount {
                status: badge(lang, "off_track"),
                text: FigureText::plain(lang.say("заостанува: 1", "1 off track")),
            }],
            marks: (0..6)
                .map(|at| TallyMark { code: format!("I{}", at + 1), status: bar(lang, at).status.expect("a status") })
                .collect(),
        },
        headline: vec![text(&lang.say("Главната реченица на извештајот.", "The headline of the report."))],
        cards: (0..4).map(card).collect(),
        people: vec![FigureText::plain(lang.say("Жени: 300.", "Women: 300."))],
        attention_heading: lang.say("Бара внимание", "Needs attention"),
        attention: vec![AttentionItem {
            code: "I4".into(),
            title: indicator_title(lang, 3),
            status: badge(lang, "off_track"),
            text: FigureText::plain(lang.say("20 од 100", "20 of 100")),
            explanations: vec![LabelledText {
                label: lang.say("Објаснување", "Explanation"),
                value: lang.say("Почнато е доцна.", "It began late."),
            }],
        }],
        attention_note: None,
        next_heading: lang.say("Следно", "Next"),
        due: vec![DueItem {
            code: "I5".into(),
            title: indicator_title(lang, 4),
            text: FigureText::plain(lang.say("0 од 3", "0 of 3")),
        }],
        next_steps: Vec::new(),
        notes: vec![FigureText::plain(lang.say("Ништо не е исправено.", "Nothing has been corrected."))],
        key: vec![KeyItem { status: badge(lang, "off_track"), text: lang.say("измислено", "invented") }],
    }
}

fn indicator_table(lang: In) -> SectionEntry {
    let number = |over: Option<(&str, &str)>, mk: &str, en: &str| NumberColumn {
        over: over.map(|(mk, en)| lang.say(mk, en)),
        heading: lang.say(mk, en),
    };
    let this = Some(("Овој период", "This period"));
    let to_date = Some(("Досега", "To date"));
    let columns = vec![
        number(None, "Почетна вредност", "Baseline"),
        number(this, "план", "planned"),
        number(this, "остварено", "actual"),
        number(to_date, "план", "planned"),
        number(to_date, "остварено", "actual"),
    ];
    let rows = (0..24)
        .map(|at| IndicatorRow {
            code: format!("I{}", at + 1),
            title: indicator_title(lang, at % 6),
            unit: lang.say("лица", "people"),
            numbers: ["0", "250", "60", "518", "500"].map(|number| vec![FigureText::plain(number)]).to_vec(),
            bar: Some(bar(lang, at % 6)),
            progress: Some(FigureText::plain(lang.say("103,6 %", "103.6%"))),
            status: bar(lang, at % 6).status.expect("a status"),
            to_date: (at % 6 == 2).then(|| FigureText::plain(lang.say("80 % од планираното", "80% of the target"))),
            explanations: if at == 3 {
                vec![LabelledText {
                    label: lang.say("Објаснување", "Explanation"), value: lang.say("Доцна.", "Late.")
                }]
            } else {
                Vec::new()
            },
        })
        .collect();
    let table = IndicatorTable {
        indicator: lang.say("Показател", "Indicator"),
        progress: lang.say("% од планираното", "% of target"),
        status: lang.say("Статус", "Status"),
        columns,
        groups: vec![TableGroup {
            title: Some(lang.say("R1 Локалните институции се поспособни", "R1 Local institutions are more able")),
            rows,
        }],
        notes: vec![lang.say("≈ приближно", "≈ approximately")],
    };
    entry(lang.say("Табела на показатели", "Indicator table"), SectionBody::IndicatorTable(Box::new(table)))
}

fn chart(lang: In) -> SectionEntry {
    let column = |label: &str, value: i64, due: i64| PeriodColumn {
        label: label.into(),
        value: Some(fraction(value)),
        due: Some(fraction(due)),
        text: FigureText::plain(value.to_string()),
    };
    let trend = |at: usize| Trend {
        code: format!("I{}", at + 1),
        title: indicator_title(lang, at),
        columns: vec![column("2030-Q1", 30, 40), column("2030-Q2", 60, 70), column("2030-Q3", 100, 90)],
        alt: lang.say("По периоди: 30, 60, 100.", "By period: 30, 60, 100."),
    };
    let body = SectionBody::IndicatorChart {
        bars: (0..6).map(|at| bar(lang, at)).collect(),
        alt: lang.say("Напредок на шест показатели кон целта.", "Progress of six indicators towards their targets."),
        legend: vec![lang.say("вертикалната линија е целта", "the vertical line is the target")],
        trends: vec![trend(0), trend(1), trend(3)],
    };
    entry(lang.say("Напредок кон целите", "Progress towards targets"), body)
}

fn disaggregation(lang: In) -> SectionEntry {
    let row = |label: String, value: &str, share: Option<i64>| PartRow {
        label,
        value: FigureText::plain(value),
        fraction: share.map(fraction),
        beside: share.map(|share| FigureText::plain(lang.say(&format!("{share} %"), &format!("{share}%")))),
    };
    let columns = vec![lang.say("Пол", "Sex"), lang.say("Лица", "People"), lang.say("Удел", "Share")];
    let sex = AxisView {
        heading: columns[0].clone(),
        line: None,
        columns: columns.clone(),
        rows: vec![
            row(lang.say("женски", "female"), "300", Some(58)),
            row(lang.say("машки", "male"), "214", Some(41)),
            row(lang.say("непознато", "unknown"), "<5", None),
        ],
        crossed: None,
        pyramid: None,
        notes: Vec::new(),
    };
    let cell = |value: &str| CrossCell { value: FigureText::plain(value), fraction: Some(fraction(40)) };
    let places = ["Куманово", "Бутел", "Гевгелија", "Велес"];
    let crossed = AxisView {
        heading: lang.say("Пол × општина", "Sex × municipality"),
        rows: Vec::new(),
        crossed: Some(CrossTable {
            corner: lang.say("Општина", "Municipality"),
            columns: vec![lang.say("женски", "female"), lang.say("машки", "male")],
            rows: places.map(|place| MatrixRow { label: place.into(), cells: vec![cell("60"), cell("45")] }).to_vec(),
        }),
        ..sex.clone()
    };
    let bands = ["0–4", "5–11", "12–17", "18–59", "60+"];
    let pyramid = AxisView {
        heading: lang.say("Пол × возраст", "Sex × age"),
        rows: Vec::new(),
        pyramid: Some(Pyramid {
            left: lang.say("женски", "female"),
            right: lang.say("машки", "male"),
            rows: bands
                .iter()
                .enumerate()
                .map(|(at, band)| PyramidRow {
                    label: (*band).into(),
                    left: Some(fraction(20 + 15 * at as i64)),
                    right: Some(fraction(90 - 15 * at as i64)),
                    left_text: FigureText::plain("60"),
                    right_text: FigureText::plain("45"),
                })
                .collect(),
            note: Some(FigureText::plain(lang.say("Не е прикажано: непознато 3.", "Not shown: unknown 3."))),
            alt: lang.say("Пирамида по пол и возраст.", "Pyramid by sex and age."),
        }),
        ..sex.clone()
    };
    let line = AxisView {
        heading: lang.say("Тема", "Topic"),
        line: Some(FigureText::plain(lang.say("по 6: конвенција и закон", "6 in each: convention and law"))),
        ..sex.clone()
    };
    let item = Disaggregation {
        code: "I4".into(),
        title: indicator_title(lang, 3),
        unit: lang.say("лица", "people"),
        total_heading: lang.say("вкупно", "total"),
        total: FigureText::plain("518"),
        axes: vec![line, sex, crossed, pyramid],
    };
    let matrix = Matrix {
        heading: lang.say("Општина", "Municipality"),
        columns: (0..3)
            .map(|at| MatrixColumn { code: format!("I{}", at + 1), title: indicator_title(lang, at) })
            .collect(),
        rows: (0..20)
            .map(|at| MatrixRow {
                label: format!("{} {at}", places[at % 4]),
                cells: vec![cell("60"), cell("45"), CrossCell { value: FigureText::plain("<5"), fraction: None }],
            })
            .collect(),
        notes: Vec::new(),
    };
    let body = SectionBody::Disaggregation { items: vec![item], matrices: vec![matrix] };
    entry(lang.say("Расчленети податоци", "Disaggregated figures"), body)
}

fn activities(lang: In) -> SectionEntry {
    let column = |kind, height: i64| ActivityColumn { kind, height: fraction(height), text: height.to_string() };
    let word = |kind, mk, en| ActivityKey { kind, word: lang.say(mk, en) };
    let months = (1..=6)
        .map(|month| MonthColumn {
            label: format!("{month:02}"),
            year: (month == 1).then(|| "2030".to_owned()),
            is_own: month < 4,
            columns: [
                (month < 5).then(|| column(ActivityKind::Held, month * 20)),
                (month == 4).then(|| column(ActivityKind::Ongoing, 40)),
                (month > 3).then(|| column(ActivityKind::Planned, 20)),
            ]
            .into_iter()
            .flatten()
            .collect(),
        })
        .collect();
    let body = Activities {
        over_time: Some(ActivitiesChart {
            heading: lang.say("Активности по месеци", "Activities over time"),
            key: vec![
                word(ActivityKind::Held, "Одржани", "Held"),
                word(ActivityKind::Ongoing, "Во тек", "Ongoing"),
                word(ActivityKind::Planned, "Планирани", "Planned"),
            ],
            months,
            note: lang.say("Секоја активност е прикажана еднаш.", "Each activity is shown once."),
            alt: lang.say("Активности по месеци.", "Activities by month."),
        }),
        counts: vec![CountLine {
            label: lang.say("По вид", "By type"),
            value: FigureText::plain(lang.say("обука 90, семинар 40", "training 90, seminar 40")),
        }],
        table_heading: lang.say("Преглед", "Overview"),
        columns: vec![
            TableColumn { role: ColumnRole::Text, heading: lang.say("Датум", "Date") },
            TableColumn { role: ColumnRole::Text, heading: lang.say("Наслов", "Title") },
            TableColumn { role: ColumnRole::Text, heading: lang.say("Вид", "Type") },
            TableColumn { role: ColumnRole::Text, heading: lang.say("Општина", "Municipality") },
            TableColumn { role: ColumnRole::Number, heading: lang.say("Лица", "People") },
            TableColumn { role: ColumnRole::Text, heading: lang.say("Статус", "Status") },
        ],
        rows: (0..30)
            .map(|at| ActivityRow {
                date: lang.say("14.02.2030", "14 Feb 2030"),
                title: indicator_title(lang, at % 6),
                kind: lang.say("обука", "training"),
                place: "Куманово".into(),
                people: Some(FigureText::plain("16")),
                status: if at < 25 {
                    lang.say("завршена", "completed")
                } else {
                    lang.say("планирана", "planned")
                },
                held: at < 25,
            })
            .collect(),
        more: Some(FigureText::plain(
            lang.say("Уште активности во прилогот: 70.", "More activities in the annex: 70."),
        )),
    };
    entry(lang.say("Активности", "Activities"), SectionBody::Activities(Box::new(body)))
}

fn variance(lang: In) -> SectionEntry {
    let item = |at: usize, explained: bool| VarianceView {
        code: format!("I{}", at + 1),
        title: indicator_title(lang, at),
        measures: measures(lang),
        status: bar(lang, at).status,
        explanations: if explained {
            vec![LabelledText {
                label: lang.say("прв квартал", "first quarter"),
                value: lang.say(
                    "Обуките се одложени поради временските услови.",
                    "Training was put off because of the weather.",
                ),
            }]
        } else {
            Vec::new()
        },
    };
    entry(
        lang.say("Објаснување на отстапувањата", "Explanation of variances"),
        SectionBody::Variance { items: vec![item(2, true), item(3, false)] },
    )
}

fn counted(lang: In) -> SectionEntry {
    let items = (0..6)
        .map(|at| CountedView {
            code: format!("I{}", at + 1),
            title: indicator_title(lang, at),
            sentences: [
                lang.say("Се бројат завршените активности.", "Completed activities are counted."),
                lang.say("Услов: вид = обука.", "Condition: type = training."),
            ]
            .map(FigureText::plain)
            .to_vec(),
            facts: vec![LabelledText {
                label: lang.say("Извор на верификација", "Means of verification"),
                value: lang.say("листа на присутни", "attendance list"),
            }],
        })
        .collect();
    entry(lang.say("Како се броени податоците", "How the figures were counted"), SectionBody::Counted { items })
}

fn annexes(lang: In) -> SectionEntry {
    let items = vec![AnnexItem {
        name: "progress.mk.xlsx".into(),
        description: lang.say("Приложен кон овој документ", "Attached to this document"),
        sha256: Some("0123456789abcdef".repeat(4)),
    }];
    entry(lang.say("Список на прилози", "List of annexes"), SectionBody::AnnexList { items })
}

fn photographs(lang: In) -> SectionEntry {
    let items = (0..3).map(|_| photo(lang, true)).collect();
    entry(lang.say("Фотографии", "Photographs"), SectionBody::Photographs { items })
}

fn signatures(lang: In) -> SectionEntry {
    let item = || SignatureLine {
        name: lang.say("Измислено Лице", "Invented Person"),
        role: lang.say("раководител на проект", "project manager"),
        signature: lang.say("Потпис", "Signature"),
        date: lang.say("Датум", "Date"),
    };
    entry(lang.say("Потписи", "Signatures"), SectionBody::Signatures { items: vec![item(), item()] })
}
