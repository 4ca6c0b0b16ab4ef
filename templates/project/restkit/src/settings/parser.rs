//! The ways to send a body: [`Parser`].

/// A way to send a body: DRF's `parser_classes`.
///
/// ```
/// use restkit::{Parser, Settings};
///
/// let only_json = Settings {
///     parsers: vec![Parser::Json],
///     ..Settings::default()
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parser {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    MultiPart,
}

impl Parser {
    /// Every one, JSON first.
    pub const ALL: [Self; 3] = [Self::Json, Self::Form, Self::MultiPart];

    /// The content type of such a body.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::MultiPart => "multipart/form-data",
        }
    }

    /// The parser for a content type without its parameters.
    pub(crate) fn of(media_type: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|parser| parser.media_type() == media_type)
    }
}
