//! Paths of URLs.

/// Encodes a text as one piece of a path.
pub(crate) fn encode_segment(text: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    // Only in queries a plus is a space.
    encoded.replace('+', "%20")
}

/// Decodes the percents of a path, or of another part of a URL before its query.
pub(crate) fn decode_percents(text: &str) -> String {
    // What means something in a query means nothing there.
    let text = text
        .replace('+', "%2B")
        .replace('=', "%3D")
        .replace('&', "%26");
    let mut names = form_urlencoded::parse(text.as_bytes());
    names
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments() {
        for (text, encoded) in [("a1", "a1"), ("a b", "a%20b"), ("a+b/c", "a%2Bb%2Fc")] {
            assert_eq!(encode_segment(text), encoded);
            assert_eq!(decode_percents(encoded), text);
        }
    }

    #[test]
    fn paths_are_decoded_as_paths() {
        assert_eq!(decode_percents("/a%20b+c&d=e%2F"), "/a b+c&d=e/");
    }
}
