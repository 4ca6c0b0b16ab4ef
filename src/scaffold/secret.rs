//! A project's secret key.

use anyhow::{Context, Result};

/// As many characters as Django's.
const KEY_LENGTH: usize = 50;

/// 64 characters, so that six random bits choose one without bias, and none that `.env` quotes.
const ALPHABET: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/// 50 random characters, 300 bits, from the operating system.
pub fn key() -> Result<String> {
    let mut bytes = [0; KEY_LENGTH];
    getrandom::fill(&mut bytes).context("the operating system gave no random numbers")?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 64)]))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_long_and_never_the_same() {
        let key = key().unwrap();
        assert_eq!(key.len(), KEY_LENGTH);
        assert_ne!(key, super::key().unwrap());
    }
}
