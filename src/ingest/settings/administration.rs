use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::toml_reader::{TomlKeys, TomlReader};
use crate::model::{Administration, ContactPerson, Lang, Money, Text};

/// What donors' forms ask for: `contact`, `countries`, `activity_countries` and `[acronyms]`.
pub(super) fn read_administration<'a>(
    reader: &TomlReader<'a>,
    keys: &TomlKeys<'a>,
    languages: &[Lang],
) -> Administration {
    let text = |keys: &TomlKeys<'a>, key: &'static str| -> Text {
        keys.take(key).map(|node| reader.text(&node, languages)).unwrap_or_default()
    };
    // A name is the same in every language unless it is written in each.
    let name = |keys: &TomlKeys<'a>, key: &'static str| -> Text {
        let Some(node) = keys.take(key) else { return Text::default() };
        match node.value.as_str() {
            Some(_) => {
                let written = reader.string(&node).unwrap_or_default();
                languages.iter().map(|lang| (lang.clone(), written.clone())).collect()
            }
            None => reader.text(&node, languages),
        }
    };
    let string = |keys: &TomlKeys<'a>, key: &'static str| keys.take(key).and_then(|node| reader.string(&node));
    let contact = keys.take("contact").and_then(|node| {
        let keys = reader.keys(&node)?;
        let contact = ContactPerson {
            name: name(&keys, "name"),
            role: text(&keys, "role"),
            email: string(&keys, "email"),
            phone: string(&keys, "phone"),
            address: name(&keys, "address"),
        };
        keys.finish(reader);
        Some(contact)
    });
    let acronyms = keys.take("acronyms").and_then(|node| reader.keys(&node)).map(|keys| {
        let mut seen = BTreeSet::new();
        let entries = keys.entries().into_iter().filter(|(short, ..)| seen.insert(*short));
        entries.map(|(short, _, node)| (short.to_owned(), reader.text(&node, languages))).collect()
    });
    Administration {
        contact,
        countries: text(keys, "countries"),
        activity_countries: text(keys, "activity_countries"),
        acronyms: acronyms.unwrap_or_default(),
    }
}

/// `amount` and `currency` of a donor's grant: one asks for the other.
pub(super) fn read_amount<'a>(reader: &TomlReader<'a>, keys: &TomlKeys<'a>) -> Option<Money> {
    let amount = keys.take("amount");
    let currency = if amount.is_some() { reader.require(keys, "currency") } else { keys.take("currency") };
    let amount = amount.and_then(|node| reader.decimal(&node, Decimal::ZERO..=Decimal::MAX));
    Some(Money { amount: amount?, currency: currency.and_then(|node| reader.string(&node))? })
}
