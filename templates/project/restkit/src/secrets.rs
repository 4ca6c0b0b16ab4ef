//! Random tokens, and what is kept of a secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::{Result, Settings};

/// 256 random bits, in hexadecimal.
pub(crate) fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(hex::encode(bytes))
}

/// SHA-256 in hexadecimal: what is stored of a secret that is random itself.
pub(crate) fn fingerprint(text: &str) -> String {
    use sha2::Digest;
    hex::encode(Sha256::digest(text))
}

/// Signs a text, or hides a secret, by a key: HMAC-SHA-256 in hexadecimal. `purpose` keeps what is
/// signed for one thing from being used for another.
fn sign(key: &str, purpose: &str, text: &str) -> String {
    // A key of any length is one to HMAC.
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mut mac = mac.unwrap_or_else(|_| Hmac::new(&Default::default()));
    for part in [purpose, "\n", text] {
        mac.update(part.as_bytes());
    }
    hex::encode(mac.finalize().into_bytes())
}

/// Signs a text by the site's key.
pub(crate) fn sign_for(settings: &Settings, purpose: &str, text: &str) -> String {
    sign(&settings.secret_key, purpose, text)
}

/// Returns the signatures of a text that count: by the site's key, and by its earlier ones that are not given up yet.
pub(crate) fn signatures<'s>(
    settings: &'s Settings,
    purpose: &'s str,
    text: &'s str,
) -> impl Iterator<Item = String> + 's {
    let keys = std::iter::once(&settings.secret_key).chain(&settings.secret_key_fallbacks);
    keys.map(move |key| sign(key, purpose, text))
}

/// Returns whether the site has signed a text.
pub(crate) fn is_signed(settings: &Settings, purpose: &str, text: &str, signature: &str) -> bool {
    signatures(settings, purpose, text).any(|expected| is_same(&expected, signature))
}

/// Compares two texts in a time that does not tell where they differ.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_differ_by_key_purpose_and_text() {
        let one = sign("key", "a", "b");
        assert_eq!(one, sign("key", "a", "b"));
        for other in [
            sign("other", "a", "b"),
            sign("key", "b", "b"),
            sign("key", "a", "c"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn earlier_keys_count_until_they_are_given_up() {
        let mut settings = Settings {
            secret_key: "old".to_owned(),
            ..Settings::default()
        };
        let signature = sign_for(&settings, "a", "b");
        assert!(is_signed(&settings, "a", "b", &signature));
        settings.secret_key_fallbacks = vec![std::mem::replace(
            &mut settings.secret_key,
            "new".to_owned(),
        )];
        assert!(is_signed(&settings, "a", "b", &signature));
        settings.secret_key_fallbacks.clear();
        assert!(!is_signed(&settings, "a", "b", &signature));
    }

    #[test]
    fn fingerprints_are_sha256() {
        assert!(fingerprint("").starts_with("e3b0c44298fc1c14"));
    }
}
