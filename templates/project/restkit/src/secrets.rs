//! Random tokens, and what is kept of a secret.

use subtle::ConstantTimeEq;

use crate::Result;

/// 256 random bits, in hexadecimal.
pub(crate) fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(hex::encode(bytes))
}

/// SHA-256 in hexadecimal: what is stored of a secret that is random itself.
pub(crate) fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(text))
}

/// Compares two texts in a time that does not tell where they differ.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_sha256() {
        assert!(fingerprint("").starts_with("e3b0c44298fc1c14"));
    }
}
