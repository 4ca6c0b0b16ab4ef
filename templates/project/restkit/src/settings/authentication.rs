//! The ways to authenticate: [`Authentication`].

use std::fmt;

/// A way to authenticate. A viewset tries its ways in turn: the first one for which something was
/// sent decides, and whoever sends nothing is anonymous.
///
/// ```
/// use restkit::{Authentication, Settings};
///
/// let settings = Settings {
///     authentication: vec![Authentication::Token, Authentication::Session],
///     ..Settings::default()
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// The cookie of a browser that is logged in; writes need the CSRF token, too.
    Session,
    /// `Authorization: Token KEY`, or `Bearer KEY`.
    Token,
    /// `Authorization: Basic`, with a name and a password. Each request is the work of a login.
    Basic,
}

impl Authentication {
    /// The ways that the settings allow by default.
    pub const ALL: [Self; 3] = [Self::Session, Self::Token, Self::Basic];

    /// The value of `WWW-Authenticate`: HTTP has no name for a session.
    pub fn challenge(self) -> Option<&'static str> {
        match self {
            Self::Session => None,
            Self::Token => Some("Token"),
            Self::Basic => Some("Basic realm=\"api\""),
        }
    }

    /// The challenge of several ways: that of the first one that has any. Without one, an anonymous
    /// request is refused with 403 and not with 401.
    pub fn challenge_of(ways: &[Self]) -> Option<&'static str> {
        ways.iter().find_map(|way| way.challenge())
    }
}

impl fmt::Display for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
