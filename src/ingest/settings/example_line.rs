//! A line of project.toml as an officer would write it, for messages that miss it.

/// A line as a required key is written.
pub(super) fn example_of(key: &str) -> String {
    let value = match key {
        "languages" => "[\"mk\", \"en\"]",
        "start" => "2026-01-01",
        "end" => "2026-12-31",
        "title" | "name" | "alt" | "role" | "reason" => "{ mk = \"…\", en = \"…\" }",
        "periods" => "[\"quarters\"]",
        "documents" => "[[\"mk\"], [\"en\"]]",
        "at_most" => "1",
        "cell" => "\"B2\"",
        "present" => "[\"✓\", \"x\"]",
        _ => "\"…\"",
    };
    format!("{key} = {value}")
}
