use super::fixture::check;

const MK: &str = "Во текот на кварталот беа одржани обуки за млади и се воспостави соработка со општините.";
const EN: &str = "In the course of the quarter trainings were held for young people and work with the towns began.";

fn found(mk: &str, en: &str) -> Vec<String> {
    check(&[("quarterly/summary.mk.md", mk), ("quarterly/summary.en.md", en)])
}

#[test]
fn prose_in_the_wrong_file_is_a_warning_at_its_paragraph() {
    assert_eq!(found(MK, EN), Vec::<String>::new());
    assert_eq!(found(MK, MK), ["warning other-language/prose quarterly/summary.en.md:1:1"]);
    assert_eq!(found(EN, EN), ["warning other-language/prose quarterly/summary.mk.md:1:1"]);
    let (mk, en) = (format!("{MK}\n\n{MK}\n"), format!("{EN}\n\n{MK}\n"));
    assert_eq!(found(&mk, &en), ["warning other-language/prose quarterly/summary.en.md:3:1"]);
}

/// What somebody said is quoted as it was said, and names of organisations aren't translated.
#[test]
fn quotations_names_and_tables_of_names_are_no_wrong_language() {
    let quoted = format!("A participant said: “{MK}”");
    assert_eq!(found(MK, &quoted), Vec::<String>::new());
    assert_eq!(found(MK, &format!("{EN}\n\n> {MK}\n")), Vec::<String>::new());
    let names = "Partners: Македонско Здружение, Општина Куманово, Општина Бутел, Дом на Младите.";
    assert_eq!(found(MK, names), Vec::<String>::new());
}

/// Commands and keys are the same in every language.
#[test]
fn code_is_in_no_language() {
    let fenced = format!("{MK}\n\n```text\n{EN}\n\n{EN}\n```\n");
    assert_eq!(found(&fenced, &fenced.replace(MK, EN)), Vec::<String>::new());
    let spans = format!("{MK} `{EN}`");
    assert_eq!(found(&spans, &spans.replace(MK, EN)), Vec::<String>::new());
    // What follows code is judged at its own place.
    assert_eq!(
        found(&format!("{fenced}\n{EN}\n"), &format!("{}\n{EN}\n", fenced.replace(MK, EN))),
        ["warning other-language/prose quarterly/summary.mk.md:9:1"]
    );
}
