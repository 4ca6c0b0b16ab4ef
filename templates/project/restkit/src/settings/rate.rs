//! A rate: so many requests a period.

use std::fmt;
use std::str::FromStr;

/// So many requests in so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub requests: u32,
    pub period: u64,
}

impl Rate {
    /// As it is written: `100/day`.
    pub fn words(self) -> String {
        let period = match self.period / 1000 {
            1 => "second",
            60 => "minute",
            3600 => "hour",
            _ => "day",
        };
        format!("{}/{period}", self.requests)
    }
}

impl FromStr for Rate {
    type Err = ();

    /// `100/day`. DRF looks at the period's first letter only; here `10/month` is not a rate.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, period) = text.split_once('/').ok_or(())?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = match period {
            "s" | "sec" | "second" => 1,
            "m" | "min" | "minute" => 60,
            "h" | "hour" => 60 * 60,
            "d" | "day" => 24 * 60 * 60,
            _ => return Err(()),
        };
        Ok(Self {
            requests: is_number.then(|| number.parse().ok()).flatten().ok_or(())?,
            period: seconds * 1000,
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, self.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        for (text, requests, seconds) in [
            ("3/s", 3, 1),
            ("10/min", 10, 60),
            ("0/hour", 0, 3600),
            ("100/day", 100, 86_400),
        ] {
            let period = seconds * 1000;
            let rate = Rate { requests, period };
            assert_eq!(text.parse(), Ok(rate), "{text}");
            assert_eq!(rate.words().parse(), Ok(rate), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "100",
            "/day",
            "100/",
            "100/month",
            "100/dya",
            "-1/day",
            "+1/day",
            "1.5/s",
            "1/2/s",
            "99999999999/s",
            "١/s",
        ] {
            assert_eq!(text.parse::<Rate>(), Err(()), "{text}");
        }
    }
}
