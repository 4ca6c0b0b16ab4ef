//! The verdicts of permissions, and how they combine.

use std::borrow::Cow;

/// The verdict of a permission on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Yes,
    /// With a message of its own.
    No(Option<Cow<'static, str>>),
    /// It depends on the row, and there is none yet.
    Undecided,
}

impl Verdict {
    pub fn of(permitted: bool) -> Self {
        if permitted { Self::Yes } else { Self::No(None) }
    }

    /// Both must permit; the message is that of the first that does not.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (no @ Self::No(_), _) | (_, no @ Self::No(_)) => no,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Undecided,
        }
    }

    /// One must permit; a refusal is in the general words, as it has several reasons.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No(_), Self::No(_)) => Self::No(None),
            _ => Self::Undecided,
        }
    }

    pub fn saying(self, message: Cow<'static, str>) -> Self {
        match self {
            Self::No(_) => Self::No(Some(message)),
            other => other,
        }
    }
}

impl std::ops::Not for Verdict {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No(None),
            Self::No(_) => Self::Yes,
            Self::Undecided => Self::Undecided,
        }
    }
}
