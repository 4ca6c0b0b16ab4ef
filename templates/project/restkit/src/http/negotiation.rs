//! In which format to answer: of those that `?format=` leaves, the one that the `Accept` header
//! prefers by DRF's rules.

use axum::http::{HeaderMap, Uri, header};

use crate::http::query::query_pairs;
use crate::{Error, Result};

/// The formats of an answer; the first one that is acceptable wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    /// The browsable API.
    Html,
}

const FORMATS: [Format; 2] = [Format::Json, Format::Html];

impl Format {
    fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::Html => ("text", "html"),
        }
    }
}

/// The format that a request asks for.
///
/// # Errors
///
/// 404 if `?format=` names none of ours, 406 if what is left is not acceptable.
pub fn negotiate(uri: &Uri, headers: &HeaderMap) -> Result<Format> {
    let asked = query_pairs(uri).filter(|(name, _)| name == "format");
    let asked = asked.last().map(|(_, format)| format).unwrap_or_default();
    let formats: &[Format] = match asked.as_str() {
        "" => &FORMATS,
        "json" => &[Format::Json],
        "api" => &[Format::Html],
        _ => return Err(Error::not_found()),
    };
    let accept = headers
        .get(header::ACCEPT)
        .map(|accept| accept.to_str().unwrap_or_default());
    let accept = accept.filter(|accept| !accept.trim().is_empty());
    acceptable(accept.unwrap_or("*/*"), formats).ok_or(Error::NotAcceptable)
}

/// Takes the most specific kinds of `accept` first; among equals the order of `formats` decides.
fn acceptable(accept: &str, formats: &[Format]) -> Option<Format> {
    let ranges: Vec<Range<'_>> = accept.split(',').filter_map(Range::parse).collect();
    (0..=3).rev().find_map(|precedence| {
        formats.iter().copied().find(|format| {
            ranges
                .iter()
                .any(|range| range.precedence() == precedence && range.matches(*format))
        })
    })
}

/// One item of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subkind: &'a str,
    has_parameters: bool,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subkind) = parts.next()?.split_once('/')?;
        Some(Self {
            kind,
            subkind,
            has_parameters: parts.any(|parameter| !parameter.starts_with("q=")),
        })
    }

    fn precedence(&self) -> u8 {
        match (self.kind, self.subkind) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ if self.has_parameters => 3,
            _ => 2,
        }
    }

    fn matches(&self, format: Format) -> bool {
        let (kind, subkind) = format.media_type();
        (self.kind == "*" || self.kind.eq_ignore_ascii_case(kind))
            && (self.subkind == "*" || self.subkind.eq_ignore_ascii_case(subkind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_headers() {
        for (accept, expected) in [
            ("*/*", Some(Format::Json)),
            ("text/html", Some(Format::Html)),
            ("text/*", Some(Format::Html)),
            (
                "text/html,application/xhtml+xml,*/*;q=0.8",
                Some(Format::Html),
            ),
            ("text/html, application/json", Some(Format::Json)),
            ("application/json; indent=4", Some(Format::Json)),
            ("application/xml", None),
            ("", None),
            ("nonsense", None),
        ] {
            assert_eq!(acceptable(accept, &FORMATS), expected, "{accept}");
        }
    }

    #[test]
    fn the_query_decides_first() {
        let negotiate = |uri: &str| negotiate(&uri.parse().unwrap(), &HeaderMap::new());
        assert_eq!(negotiate("/?format=api").unwrap(), Format::Html);
        assert_eq!(negotiate("/?format=json").unwrap(), Format::Json);
        assert_eq!(negotiate("/?format=api&format=json").unwrap(), Format::Json);
        assert_eq!(negotiate("/?format=").unwrap(), Format::Json);
        assert!(matches!(negotiate("/?format=xml"), Err(Error::NotFound(_))));
        assert_eq!(acceptable("text/html", &[Format::Json]), None);
    }
}
