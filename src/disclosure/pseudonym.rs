use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::model::{PersonId, Project};

/// What stands for a person in reports: `P-0001` in the order of the person table, or with a key
/// sixteen hexadecimal digits that are the same in every project with that key.
#[derive(Clone)]
pub struct Pseudonyms<'a> {
    project: &'a Project,
    keyed: Option<Hmac<Sha256>>,
}

impl<'a> Pseudonyms<'a> {
    pub fn new(project: &'a Project) -> Pseudonyms<'a> {
        // HMAC takes a key of any length, so that a key never falls back to numbers.
        let keyed = project.settings.privacy.key.as_deref().and_then(|key| Hmac::new_from_slice(key).ok());
        Pseudonyms { project, keyed }
    }

    pub fn of(&self, person: PersonId) -> String {
        match &self.keyed {
            None => format!("P-{:04}", u64::from(person.0) + 1),
            Some(keyed) => {
                let code = self.project.persons.rows[person.0 as usize].code.trim().to_lowercase();
                let mut mac = keyed.clone();
                mac.update(code.as_bytes());
                mac.finalize().into_bytes().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
            }
        }
    }

    pub fn are_keyed(&self) -> bool {
        self.keyed.is_some()
    }
}
