//! Fingerprints of the values that a form was filled in for. If the row has other values when the form
//! comes back, somebody else was quicker.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::secrets::fingerprint;

/// The name of the hidden field.
pub(super) const FIELD: &str = "_original";

/// By name of field: the fingerprint of its value.
#[derive(Debug, Default)]
pub(super) struct Originals(BTreeMap<String, String>);

/// A field that somebody else has changed meanwhile.
#[derive(Debug, Serialize)]
pub(super) struct Conflict {
    pub label: String,
    pub theirs: String,
    pub yours: String,
}

impl Originals {
    /// Reads the hidden field.
    pub fn parse(text: &str) -> Self {
        Self(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// Notes that a field shows a value.
    pub fn note(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), short(value));
    }

    /// Returns whether a field had another value when the page was made.
    pub fn differ(&self, name: &str, value: &str) -> bool {
        self.0
            .get(name)
            .is_some_and(|original| *original != short(value))
    }

    /// The text of the hidden field.
    pub fn to_text(&self) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(&self.0);
        text.finish()
    }
}

/// 64 bits: nobody gains anything by a collision.
fn short(value: &str) -> String {
    fingerprint(value).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_survive_a_form() {
        let mut originals = Originals::default();
        originals.note("title", "a&b=ü");
        let back = Originals::parse(&originals.to_text());
        assert!(!back.differ("title", "a&b=ü"));
        assert!(back.differ("title", "c"));
        assert!(!back.differ("unknown", "c"));
    }
}
