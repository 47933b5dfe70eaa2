//! What `init --from` makes of marks, sessions, periods and head counts that offices write in their own ways. All invented.

use donor_report::ingest;

use super::officer_workbooks::{Officer, officer};

/// A register of seven persons on four days, two of three marked.
fn register(head: &str, present: &str, absent: &str) -> String {
    let row = |person: usize| {
        let marks: Vec<&str> =
            (0..4).map(|day| if (person + day).is_multiple_of(3) { absent } else { present }).collect();
        format!("P-{person} | {} | {}", if person.is_multiple_of(2) { "M" } else { "F" }, marks.join(" | "))
    };
    let rows: Vec<String> = (1..8).map(row).collect();
    format!("Шифра | Пол | {head}\n{}", rows.join("\n"))
}

const DAYS: &str = "@2026-03-03 | @2026-03-05 | @2026-03-10 | @2026-03-12";

const ACTIVITIES: &str = "Шифра | Датум | Вид | Наслов
А-01 | @2026-01-10 | обука | Писмо
А-02 | @2026-02-10 | обука | Буџет
А-03 | @2026-03-10 | обука | Медиуми
А-04 | @2026-04-10 | обука | Право";

fn attendances(officer: &Officer) -> usize {
    assert!(officer.errors().is_empty(), "{:?}\n{}", officer.errors(), officer.project_file());
    ingest::read(&officer.target).project.expect("a project").persons.attendances.len()
}

#[test]
fn marks_of_an_offices_own_are_marks_under_days() {
    for (present, absent) in [("V", "-"), ("*", ""), ("присутна", "отсутна"), ("да", "не"), ("1", "0"), ("§", "")]
    {
        let made = officer("register.xlsx", &[("Март", &register(DAYS, present, absent))]);
        assert!(made.project_file().contains("layout = \"wide\""), "{present}: {}", made.told);
        assert!(made.project_file().contains(&format!("present = [\"{present}\"]")), "{}", made.project_file());
        // The headings, which are real dates, are no marks.
        assert!(!made.told.contains("what do these marks mean"), "{}", made.told);
    }
    // Hours under days are no marks.
    let hours = officer("hours.xlsx", &[("Март", &register(DAYS, "7", "8"))]);
    assert!(!hours.project_file().contains("wide"), "{}", hours.project_file());
}

#[test]
fn a_day_on_which_nobody_came_is_a_day() {
    let text = register(DAYS, "x", "").replace("@2026-03-12", "@2026-03-12 | @2026-03-17");
    let made = officer("register.xlsx", &[("Март", &text)]);
    assert!(!made.told.contains("2026-03-17"), "it is kept as no column: {}", made.told);
}

#[test]
fn numbered_headings_over_ticks_are_sessions_and_over_answers_are_none() {
    for heads in ["Средба 1 | Средба 2 | Средба 3 | Средба 4", "Workshop 1 | Workshop 2 | Workshop 3 | Workshop 4"]
    {
        let made = officer("group.xlsx", &[("Група А", &register(heads, "✔", ""))]);
        assert!(made.project_file().contains("heads = \"session\""), "{}", made.told);
    }
    let questions = "Прашање 1 | Прашање 2 | Прашање 3 | Прашање 4";
    let made = officer("survey.xlsx", &[("Анкета", &register(questions, "да", "не"))]);
    assert!(!made.project_file().contains("wide"), "{}", made.project_file());
}

#[test]
fn headings_that_are_codes_or_titles_of_activities_are_those() {
    for heads in ["A-01 | A-02 | A-03 | A-04", "Писмо | Буџет | Медиуми | Право"] {
        let made = officer("book.xlsx", &[("Активности", ACTIVITIES), ("Присутни", &register(heads, "x", ""))]);
        assert!(made.told.contains("a column for each activity"), "{}", made.told);
        assert!(made.project_file().contains("heads = \"activity\""), "{}", made.project_file());
        assert_eq!(attendances(&made), 19, "{heads}");
    }
}

#[test]
fn periods_in_words_are_periods_and_increments_are_told_by_their_total() {
    let headed = |periods: [&str; 4]| {
        let heads: Vec<String> = periods.iter().map(|period| format!("{period} план | {period} остварено")).collect();
        format!(
            "Шифра | Показател | Единица | Вкупна цел | {}
            1.1 | Обучени жени | жени | 100 | 25 | 20 | 25 | 30 | 25 | 28 | 25 | 22
            1.2 | Сесии | сесии | 8 | 2 | 2 | 2 | 1 | 2 | 3 | 2 | 2",
            heads.join(" | ")
        )
    };
    for periods in [
        ["I квартал 2026", "II квартал 2026", "III квартал 2026", "IV квартал 2026"],
        ["Прво тромесечје 2026", "Второ тромесечје 2026", "Трето тромесечје 2026", "Четврто тромесечје 2026"],
        ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"],
        ["Јануари 2026", "февруари 2026", "Март 2026 год.", "април 2026"],
        ["First quarter of 2026", "Second quarter of 2026", "Third quarter of 2026", "Fourth quarter of 2026"],
    ] {
        let made = officer("itt.xlsx", &[("ITT", &headed(periods))]);
        let file = made.project_file();
        assert!(file.contains("{period} план") && file.contains("{period} остварено"), "{periods:?}: {}", made.told);
        assert!(file.contains("kind = \"incremental\""), "{file}");
        let figures: Vec<Option<String>> = made.figures().into_iter().map(|(_, value)| value).collect();
        assert_eq!(figures, [Some("100".to_owned()), Some("8".to_owned())], "{periods:?}");
    }
    // Targets that rise to the total are cumulative, as those of reported values are.
    let rising = headed(["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"])
        .replace("25 | 20 | 25 | 30 | 25 | 28 | 25 | 22", "25 | 20 | 50 | 30 | 75 | 28 | 100 | 22")
        .replace("2 | 2 | 2 | 1 | 2 | 3 | 2 | 2", "2 | 2 | 4 | 1 | 6 | 3 | 8 | 2");
    let made = officer("itt.xlsx", &[("ITT", &rising)]);
    assert!(!made.project_file().contains("incremental") && made.errors().is_empty(), "{:?}", made.errors());
}

#[test]
fn head_counts_by_sex_and_age_are_told_by_their_headings() {
    for (heads, written) in [
        ("Girls <18 | Boys <18 | Women 18+ | Men 18+", "\"Boys <18\" = \"sex = M; age < 18\""),
        ("Девојчиња 0–17 | Момчиња 0–17 | Жени ≥18 | Мажи ≥18", "\"Жени ≥18\" = \"sex = F; age >= 18\""),
        ("0-4 | 5-17 | 18-59 | 60+ год.", "\"5-17\" = \"age >= 5; age <= 17\""),
    ] {
        let text = format!(
            "Шифра | Датум | Наслов | Вид | Општина | {heads} | Вкупно
            A-1 | @2026-01-15 | Хигиена | сесија | Бутел | 3 | 2 | 10 | 5 | 20
            A-2 | @2026-02-15 | Право | разговор | Бутел | 1 | 0 | 4 | 5 | 10"
        );
        let made = officer("log.xlsx", &[("Log", &text)]);
        assert!(made.project_file().contains(written), "{}", made.project_file());
        assert!(made.errors().is_empty(), "{:?}", made.errors());
        assert!(!made.told.contains("kept as they are"), "{}", made.told);
    }
}
