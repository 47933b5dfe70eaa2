use super::fixture::check;

fn typed(lang: &str, text: &str) -> Vec<String> {
    let file = format!("quarterly/summary.{lang}.md");
    check(&[(&file, text)])
        .into_iter()
        .filter(|line| line.contains("typed-figure"))
        .map(|line| line.replace(&file, "@").replace("warning typed-figure", "").trim().to_owned())
        .collect()
}

#[test]
fn digits_are_found_at_their_place() {
    let table: [(&str, &[&str]); 12] = [
        ("Имаше 7 обуки", &["@:1:7"]),
        ("а\n\nб 84.000 в", &["@:3:3"]),
        ("1 234 лица", &["@:1:1"]),
        ("на 30.04.2017", &["@:1:4"]),
        ("12,5 % и 3-ти", &["@:1:1", "@:1:10"]),
        ("COVID-19", &["@:1:1"]),
        ("{{actual \"I1\"}} и {{literal \"Група 484\"}}", &[]),
        ("[линк](https://example.org/2017)", &[]),
        ("1. прва\n2. втора", &[]),
        ("а[^1]\n\n[^1]: б", &[]),
        ("**24** часа", &["@:1:3"]),
        ("{{#if (gt (actual \"I1\") 100)}}а{{/if}}", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(typed("mk", text), expected, "{text}");
    }
}

#[test]
fn macedonian_number_words_in_all_forms() {
    let found = [
        "два",
        "две",
        "двата",
        "двете",
        "двајца",
        "двајцата",
        "три",
        "трите",
        "тројца",
        "тројцата",
        "четири",
        "четворица",
        "пет",
        "петмина",
        "петте",
        "шест",
        "седум",
        "осум",
        "девет",
        "десет",
        "десетина",
        "десетмина",
        "единаесет",
        "дванаесет",
        "дванаесетте",
        "деветнаесет",
        "дваесет",
        "дваесетина",
        "дваесетмина",
        "триесет",
        "четириесет",
        "педесет",
        "шеесет",
        "седумдесет",
        "осумдесет",
        "деведесет",
        "деведесетте",
        "сто",
        "стотина",
        "стотини",
        "двесте",
        "илјада",
        "Три",
        "ДВЕ",
    ];
    for word in found {
        assert_eq!(typed("mk", &format!("Има {word} луѓе.")).len(), 1, "{word}");
    }
    for word in ["еден", "една", "едно", "едни", "прва", "стотка", "петок", "тркалезна", "трибина"]
    {
        assert_eq!(typed("mk", &format!("Има {word} луѓе.")).len(), 0, "{word}");
    }
}

#[test]
fn english_number_words() {
    for word in
        ["two", "Three", "ten", "eleven", "twelve", "dozen", "nineteen", "twenty", "ninety", "hundred", "two-day"]
    {
        assert_eq!(typed("en", &format!("About {word} people.")).len(), 1, "{word}");
    }
    for word in ["one", "someone", "often", "tent", "weight", "first"] {
        assert_eq!(typed("en", &format!("About {word} people.")).len(), 0, "{word}");
    }
}

#[test]
fn a_number_in_several_words_is_one_number() {
    for text in ["дваесет и три луѓе", "сто дваесет и пет луѓе", "дваесет луѓе"]
    {
        assert_eq!(typed("mk", text).len(), 1, "{text}");
    }
    for text in ["twenty-three people", "five hundred and eighteen people", "two hundred people"] {
        assert_eq!(typed("en", text).len(), 1, "{text}");
    }
    assert_eq!(typed("mk", "три или четири луѓе").len(), 2);
}

/// Only where what is counted follows: the unit, or a word of the title.
#[test]
fn a_number_that_is_a_figure_names_its_helper() {
    assert_eq!(typed("mk", "Вкупно 518 лица"), ["/known @:1:8"]);
    assert_eq!(typed("mk", "Вкупно 518 нови лица."), ["/known @:1:8"]);
    assert_eq!(typed("mk", "Вкупно 519 лица"), ["@:1:8"]);
    assert_eq!(typed("en", "five hundred and eighteen persons"), ["/known @:1:1"]);
    assert_eq!(typed("en", "**518** persons"), ["/known @:1:3"]);
    assert_eq!(typed("en", "{{plural \"I1\" one=\"x\" other=\"518 persons\"}}"), ["/known @:1:29"]);
}

/// What may be another thing of the same number gets no suggestion.
#[test]
fn a_number_of_something_else_names_no_helper() {
    for text in [
        "518 leaflets",
        "518",
        "518 days before 200 persons came",
        "500 metres",
        "a bridge of 518. Persons came",
        "three employers",
    ] {
        assert!(typed("en", text).iter().all(|line| !line.starts_with("/known")), "{text}: {:?}", typed("en", text));
    }
    // Two indicators have this value in this unit.
    assert_eq!(typed("en", "three persons"), ["/known @:1:1"]);
    assert_eq!(typed("en", "0.5 persons"), ["/known @:1:1"]);
}

#[test]
fn a_helper_is_no_way_around() {
    assert_eq!(typed("en", "{{plural \"I1\" one=\"7 men\" other=\"men\"}}"), ["@:1:19"]);
    assert_eq!(typed("en", "{{number 518}}"), ["@:1:10"]);
    assert_eq!(typed("en", "{{number \"518\"}}"), ["@:1:10"]);
}
