//! A checksum of this very program and of texts: what differs in one byte has another.

use std::env::current_exe;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

/// A checksum that grows with each text.
#[derive(Clone)]
pub(super) struct Fingerprint(Sha256);

impl Fingerprint {
    /// The fingerprint of the program alone, if it can tell itself from others: another version or build may
    /// find what this one does not.
    pub fn of_program() -> Option<Self> {
        let file = current_exe().ok()?.metadata().ok()?;
        let built = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let (version, length) = (env!("CARGO_PKG_VERSION"), file.len());
        let mut fingerprint = Self(Sha256::new());
        fingerprint.add(&format!("{version} {length} {}", built.as_nanos()));
        Some(fingerprint)
    }

    /// Adds a text. With its length, so that no two lists of texts are the same bytes.
    pub fn add(&mut self, text: &str) {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
    }

    /// Returns it as it is by now, in hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0.clone().finalize())
    }
}
