//! What `templates/reference/` says.

use std::sync::LazyLock;

static WORDS: LazyLock<toml::Table> =
    LazyLock::new(|| read("words", include_str!("../../templates/reference/words.toml")));

static TOPICS: LazyLock<toml::Table> =
    LazyLock::new(|| read("topics", include_str!("../../templates/reference/topics.toml")));

fn read(name: &str, text: &str) -> toml::Table {
    toml::from_str(text).unwrap_or_else(|error| panic!("templates/reference/{name}.toml: {error}"))
}

/// The words of one topic in one language of messages.
pub(super) struct TopicWords {
    pub name: &'static str,
    /// Language of messages.
    pub lang: String,
}

impl TopicWords {
    pub fn new(name: &'static str, lang: &str) -> TopicWords {
        TopicWords { name, lang: lang.to_owned() }
    }

    /// What the topic says under a key, such as `title` or `claims.title`; empty where it says nothing.
    pub fn word(&self, key: &str) -> String {
        TOPICS.get(self.name).and_then(|topic| find(topic, key)).map(|value| self.text(value)).unwrap_or_default()
    }

    /// A word of all topics.
    pub fn common(&self, key: &str) -> String {
        TOPICS["words"].get(key).map(|value| self.text(value)).unwrap_or_default()
    }

    /// Headings of the topic's table, or of the part that is named.
    pub fn columns(&self, part: Option<&str>) -> Vec<String> {
        let topic = TOPICS.get(self.name);
        let holder = match part {
            Some(part) => topic.and_then(|topic| topic.get(part)),
            None => topic,
        };
        let columns = holder.and_then(|holder| holder.get("columns")).and_then(toml::Value::as_array);
        columns.into_iter().flatten().map(|heading| self.text(heading)).collect()
    }

    /// What is said of a name in a table of words.toml, such as `helpers`; empty where nothing is.
    pub fn said(&self, table: &str, name: &str) -> String {
        WORDS.get(table).and_then(|table| table.get(name)).map(|value| self.text(value)).unwrap_or_default()
    }

    /// What is said of a column of a table of the project.
    pub fn column(&self, table: &str, column: &str) -> String {
        let said = WORDS["columns"].get(table).and_then(|table| table.get(column));
        said.map(|value| self.text(value)).unwrap_or_default()
    }

    /// The text of a value in the topic's language, English where it lacks it.
    fn text(&self, value: &toml::Value) -> String {
        let text = value.get(self.lang.as_str()).or_else(|| value.get("en")).and_then(toml::Value::as_str);
        text.unwrap_or_default().trim().to_owned()
    }
}

fn find<'t>(value: &'t toml::Value, key: &str) -> Option<&'t toml::Value> {
    key.split('.').try_fold(value, |value, part| value.get(part))
}

/// The names that a table of words.toml says something of, or one of its tables of columns (`columns.activities`).
pub(super) fn names(table: &str) -> Vec<&'static str> {
    let found = table.split('.').try_fold(None, |found: Option<&'static toml::Value>, part| match found {
        None => WORDS.get(part).map(Some),
        Some(value) => value.get(part).map(Some),
    });
    let table = found.flatten().and_then(toml::Value::as_table);
    table.into_iter().flat_map(toml::Table::keys).map(String::as_str).collect()
}
