//! Paths of URLs.

/// Encodes a text as one piece of a path.
pub(crate) fn encode_segment(text: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    // Only in queries a plus is a space.
    encoded.replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments() {
        for (text, encoded) in [("a1", "a1"), ("a b", "a%20b"), ("a+b/c", "a%2Bb%2Fc")] {
            assert_eq!(encode_segment(text), encoded);
        }
    }
}
