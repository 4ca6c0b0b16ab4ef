//! `Authorization: Basic`: a name and a password, joined by a colon, in base64.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The name and the password.
pub(super) fn decode(encoded: &[u8]) -> Option<(String, String)> {
    let bytes = BASE64.decode(encoded).ok()?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // Latin-1, as browsers sent it once.
        Err(error) => error.as_bytes().iter().copied().map(char::from).collect(),
    };
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

/// RFC 4648's base64, with the padding or without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(encoded: &str, expected: Option<(&str, &str)>) {
        let expected = expected.map(|(name, password)| (name.to_owned(), password.to_owned()));
        assert_eq!(decode(encoded.as_bytes()), expected, "{encoded}");
    }

    #[test]
    fn names_and_passwords() {
        check("YWRhOmI=", Some(("ada", "b")));
        check("YWRhOmI", Some(("ada", "b")));
        check("YWRhOmI6Yw==", Some(("ada", "b:c")));
        check("Og==", Some(("", "")));
        check("w7w6/w==", Some(("Ã¼", "ÿ")));
        check("w7w6w7/DvyM/", Some(("ü", "ÿÿ#?")));
    }

    #[test]
    fn what_is_no_base64_or_has_no_colon() {
        for encoded in [
            "",
            "=",
            "====",
            "YWRhOmI==",
            "YWRhOmI=Y",
            "Y",
            "YWRh",
            "a b",
            "%%%%",
            "é",
        ] {
            check(encoded, None);
        }
    }
}
