//! `Authorization: Basic`: a name and a password, joined by a colon, in base64.

/// The name and the password.
pub(super) fn decode(encoded: &[u8]) -> Option<(String, String)> {
    let bytes = base64(encoded)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // Latin-1, as browsers sent it once.
        Err(error) => error.as_bytes().iter().copied().map(char::from).collect(),
    };
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

/// RFC 4648's base64, with the padding or without it.
fn base64(encoded: &[u8]) -> Option<Vec<u8>> {
    let padding = encoded
        .iter()
        .rev()
        .take_while(|byte| **byte == b'=')
        .count();
    let digits = &encoded[..encoded.len() - padding];
    let is_whole = padding == 0 || encoded.len().is_multiple_of(4) && padding <= 2;
    if !is_whole || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let mut bits = 0;
        for digit in group {
            bits = bits << 6 | u32::from(value(*digit)?);
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

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
