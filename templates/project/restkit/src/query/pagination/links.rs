//! Numbers in URLs, and URLs of other pages.

use crate::Context;
use crate::http::query::query_pairs;

/// More is never asked for: databases count no further.
pub(super) const MAX_NUMBER: u64 = i64::MAX.unsigned_abs();

/// A parameter that is a number from 0 on, if it is one; a huge one is [`MAX_NUMBER`].
pub(super) fn number(ctx: &Context, name: &str) -> Option<u64> {
    ctx.query(name).as_deref().and_then(parse)
}

/// A number from 0 on; a huge one is [`MAX_NUMBER`].
pub(crate) fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(MAX_NUMBER).min(MAX_NUMBER))
}

/// The URL of this list with other parameters; nothing takes one away. They are in the order of
/// their names, as in DRF.
pub(crate) fn url(ctx: &Context, changes: &[(&str, Option<String>)]) -> String {
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let kept = query_pairs(&ctx.uri).filter(|(name, _)| !is_changed(name));
    let new = changes
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.clone()?)));
    let mut pairs: Vec<_> = kept.chain(new).collect();
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(pairs).finish();
    let path = ctx.uri.path();
    if query.is_empty() {
        ctx.absolute(path)
    } else {
        ctx.absolute(&format!("{path}?{query}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("7", Some(7)),
            (" +7 ", Some(7)),
            ("0", Some(0)),
            ("-1", None),
            ("1.0", None),
            ("", None),
            ("+", None),
            ("٣", None),
            ("99999999999999999999999999", Some(MAX_NUMBER)),
            ("18446744073709551615", Some(MAX_NUMBER)),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
