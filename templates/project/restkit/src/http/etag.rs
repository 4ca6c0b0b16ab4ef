//! Two people editing one record: an answer's `ETag` says which state of it they have seen, and
//! `If-Match` lets a change through only if that is still the one (RFC 9110, section 13).

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// What servers that compress add to a tag.
const COMPRESSED: [&str; 4] = ["-gzip", "-br", "-zstd", "-deflate"];

/// The tag of a representation: the same bytes have the same tag, on every server.
pub fn of(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    format!("\"{}\"", hex::encode(&digest[..16]))
}

/// Returns whether the client has this representation already: 304.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .any(|value| lists(value, |other| is_same(other, tag)))
}

/// Returns whether the client asks for a condition, so that the present state must be known.
pub fn is_conditional(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH) || headers.contains_key(header::IF_NONE_MATCH)
}

/// Lets a change of the record with this tag through if the client's conditions hold.
///
/// # Errors
///
/// 412 if they do not.
pub fn check(headers: &HeaderMap, tag: &str) -> Result<()> {
    let mut wanted = headers.get_all(header::IF_MATCH).iter().peekable();
    let is_wanted =
        wanted.peek().is_none() || wanted.any(|value| lists(value, |other| is_same(other, tag)));
    if is_wanted && !is_known(headers, tag) {
        Ok(())
    } else {
        Err(Error::PreconditionFailed)
    }
}

/// Refuses a change that does not say which state it is meant for.
///
/// # Errors
///
/// 428.
pub fn require(headers: &HeaderMap) -> Result<()> {
    if headers.contains_key(header::IF_MATCH) {
        Ok(())
    } else {
        Err(Error::PreconditionRequired)
    }
}

/// Returns whether one of the tags in a header is `wanted`, or it is `*`. A tag may hold commas, not quotes.
fn lists(value: &HeaderValue, wanted: impl Fn(&str) -> bool) -> bool {
    let mut rest = value.to_str().unwrap_or_default().trim();
    if rest == "*" {
        return true;
    }
    while let Some(start) = rest.find('"') {
        let Some(length) = rest[start + 1..].find('"') else {
            return false;
        };
        let end = start + 1 + length + 1;
        let is_weak = rest[..start].ends_with("W/");
        let tag = &rest[if is_weak { start - 2 } else { start }..end];
        if wanted(tag) {
            return true;
        }
        rest = &rest[end..];
    }
    false
}

/// Returns whether a tag is ours, which is always a strong one. Servers before us that compress an answer change its tag:
/// nginx makes it weak, Apache and Caddy add how they compress. It is the same state all the same.
fn is_same(other: &str, own: &str) -> bool {
    let other = other.strip_prefix("W/").unwrap_or(other);
    let Some(inner) = other.strip_suffix('"') else {
        return false;
    };
    let plain = COMPRESSED
        .iter()
        .find_map(|suffix| inner.strip_suffix(suffix))
        .unwrap_or(inner);
    own.strip_suffix('"') == Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn passes(name: header::HeaderName, value: &'static str, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        assert_eq!(check(&headers, "\"a\"").is_ok(), expected, "{value}");
    }

    #[test]
    fn conditions_of_changes() {
        for (value, expected) in [
            ("\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("W/\"a\"", true),
            ("\"a-gzip\"", true),
            ("W/\"b\"", false),
            ("\"a-x\"", false),
            ("a", false),
            ("\"a", false),
            ("", false),
            ("\"x,\"a\"", false),
        ] {
            passes(header::IF_MATCH, value, expected);
        }
        passes(header::IF_NONE_MATCH, "*", false);
        passes(header::IF_NONE_MATCH, "W/\"a\"", false);
        passes(header::IF_NONE_MATCH, "\"b\"", true);
        passes(header::ACCEPT, "x", true);
    }

    #[test]
    fn a_tag_is_of_the_bytes() {
        assert_eq!(of(b""), "\"e3b0c44298fc1c149afbf4c8996fb924\"");
        assert_ne!(of(b"a"), of(b"b"));
    }
}
