use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::model::{PersonId, Project};

/// What reports print in place of a person's code: `P-0001` in the order of the person table, or with a key
/// sixteen hexadecimal digits that are the same in every project with that key.
#[derive(Clone)]
pub struct Pseudonyms<'a> {
    project: &'a Project,
    keyed: Option<Hmac<Sha256>>,
}

/// `P-0001`, digit by digit: there may be a million in one annex.
fn format_number(number: u64) -> String {
    let digits = number.checked_ilog10().map_or(1, |log| log + 1).max(4);
    let mut text = String::with_capacity("P-".len() + digits as usize);
    text.push_str("P-");
    let digits = (0..digits).rev().map(|place| b'0' + (number / 10u64.pow(place) % 10) as u8);
    text.extend(digits.map(char::from));
    text
}

impl<'a> Pseudonyms<'a> {
    /// Pseudonyms of a project's persons, keyed where the project has a key.
    pub fn new(project: &'a Project) -> Pseudonyms<'a> {
        // HMAC takes a key of any length, so that a key never falls back to numbers.
        let keyed = project.settings.privacy.key.as_deref().and_then(|key| Hmac::new_from_slice(key).ok());
        Pseudonyms { project, keyed }
    }

    /// The pseudonym of one person; the same in every report of the project.
    pub fn pseudonym(&self, person: PersonId) -> String {
        match &self.keyed {
            None => format_number(u64::from(person.0) + 1),
            Some(keyed) => {
                let code = self.project.persons.rows[person.0 as usize].code.trim().to_lowercase();
                let mut mac = keyed.clone();
                mac.update(code.as_bytes());
                mac.finalize().into_bytes().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
            }
        }
    }
}
