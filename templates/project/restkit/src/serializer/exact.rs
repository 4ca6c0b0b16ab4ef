//! Numbers of a JSON body that a binary fraction cannot hold, kept as they were written.
//!
//! The JSON library reads 12345.670000000001 and -9223372036854775809 into the nearest `f64`, which
//! would be stored as another number than the one that was sent. (Its own way to keep the text changes
//! how every other type of a program is read.) So such a number travels as a text with a mark in
//! front that no text of a client's may have: NUL, which all fields refuse.

use serde_json::{Number, Value};

const MARK: &str = "\0#";

/// An `f64` holds every number with so many digits.
const EXACT_DIGITS: usize = 15;

/// Rewrites a JSON text so that numbers which would lose digits are marked texts; nothing if there are
/// none.
pub(crate) fn mark(json: &str) -> Option<String> {
    let mut marked = String::new();
    let mut copied = 0;
    let mut at = 0;
    let bytes = json.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let rest = &bytes[at..];
                let is_part =
                    |byte: &u8| matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let length = rest.iter().take_while(|byte| is_part(byte)).count();
                let text = &json[at..at + length];
                if loses_digits(text) {
                    marked.push_str(&json[copied..at]);
                    marked.push_str(&format!("\"\\u0000#{text}\""));
                    copied = at + length;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    (copied > 0).then(|| marked + &json[copied..])
}

/// The text of a marked number.
pub(crate) fn text(value: &Value) -> Option<&str> {
    let text = value.as_str()?.strip_prefix(MARK)?;
    serde_json::from_str::<Number>(text).is_ok().then_some(text)
}

/// The same value with marked numbers as the nearest ones that JSON libraries hold, to be shown.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect()
        }
        value => match text(value).map(serde_json::from_str) {
            Some(Ok(nearest)) => nearest,
            _ => value.clone(),
        },
    }
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// Returns whether a number is read as another one. What is not a number is left to the JSON library.
fn loses_digits(text: &str) -> bool {
    let (mantissa, _) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    if digits <= EXACT_DIGITS {
        return false;
    }
    match serde_json::from_str::<Number>(text) {
        Ok(number) => number.is_f64(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_that_lose_digits_are_marked() {
        for (json, expected) in [
            (r#"{"a": 1.5, "b": 9223372036854775807}"#, None),
            (r#"{"a": "12345678901234567890.5"}"#, None),
            (r#"{"\"1": 18446744073709551615}"#, None),
            ("[1234567890123456789012e]", None),
            (
                r#"{"a": -9223372036854775809}"#,
                Some(r#"{"a": "\u0000#-9223372036854775809"}"#),
            ),
            (
                "[12345.670000000001, 1]",
                Some(r#"["\u0000#12345.670000000001", 1]"#),
            ),
            (
                r#"{"a\\": 9223372036854775000.0}"#,
                Some(r#"{"a\\": "\u0000#9223372036854775000.0"}"#),
            ),
        ] {
            assert_eq!(mark(json).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn broken_json_does_not_lead_astray() {
        for json in [
            "\"",
            "\"\\",
            "{\"a",
            "-",
            "1-2-3456789012345678901",
            "é\"é\\é",
        ] {
            assert_eq!(mark(json), None, "{json}");
        }
    }
}
