//! Dates and times of day as DRF reads them: ISO 8601, with some freedom.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// `2024-02-29`, `2024-2-9` or `20240229`.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<_> = text.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [all] if all.len() == 8 && all.is_ascii() => (&all[..4], &all[4..6], &all[6..]),
        _ => return None,
    };
    let year = digits(year, 4)?;
    let date = NaiveDate::from_ymd_opt(year as i32, digits(month, 2)?, digits(day, 2)?);
    date.filter(|_| year > 0)
}

/// `09:30`, `9:30:15` or `09:30:15.123456`.
pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, second) = rest.split_once(':').unwrap_or((rest, "0"));
    let (second, fraction) = second.split_once(['.', ',']).unwrap_or((second, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros: u32 = format!("{fraction:0<6.6}").parse().ok()?;
    NaiveTime::from_hms_micro_opt(
        digits(hour, 2)?,
        digits(minute, 2)?,
        digits(second, 2)?,
        micros,
    )
}

/// A date and a time, which may have an offset from UTC; without one it is UTC. A date alone is its
/// midnight.
pub(crate) fn datetime(text: &str) -> Option<DateTime<Utc>> {
    let Some((day, rest)) = text.split_once(['T', 't', ' ']) else {
        let is_strict = text.len() == if text.contains('-') { 10 } else { 8 };
        let day = date(text).filter(|_| is_strict)?;
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    };
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(start) => rest.split_at(start),
        None => (rest, "Z"),
    };
    let local: NaiveDateTime = date(day)?.and_time(time(clock)?);
    let utc = local.and_local_timezone(self::offset(offset)?).single()?;
    // In another offset it may be a year that nobody could write here, nor DRF keep.
    Some(utc.to_utc()).filter(|utc| (1..=9999).contains(&utc.year()))
}

fn offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let text = &text[1..];
    let (hours, minutes) = match text.split_once(':') {
        Some(parts) => parts,
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => (text, "00"),
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let is_real = hours < 24 && minutes < 60;
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60) as i32).filter(|_| is_real)
}

/// A number of at most so many digits.
fn digits(text: &str, most: usize) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && text.len() <= most).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, expected) in [
            ("2024-02-29", Some("2024-02-29")),
            ("2024-2-9", Some("2024-02-09")),
            ("20240229", Some("2024-02-29")),
            ("2023-02-29", None),
            ("0000-01-01", None),
            ("12024-01-01", None),
            ("-2024-01-01", None),
            ("24-01-01", None),
            ("2024-01-01T00:00", None),
            ("２０２４-01-01", None),
            ("", None),
        ] {
            let date = date(text).map(|date| date.to_string());
            assert_eq!(date.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("09:30", Some("09:30:00")),
            ("9:5:1", Some("09:05:01")),
            ("09:30:15.1234567", Some("09:30:15.123456")),
            ("23:59:60", None),
            ("24:00", None),
            ("09:30:", None),
            ("09:30:15.", None),
            ("09", None),
        ] {
            let time = time(text).map(|time| time.to_string());
            assert_eq!(time.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn moments() {
        for (text, expected) in [
            ("2024-01-01T10:00:00Z", Some("2024-01-01 10:00:00 UTC")),
            ("2024-01-01 10:00", Some("2024-01-01 10:00:00 UTC")),
            ("2024-01-01T10:00+0230", Some("2024-01-01 07:30:00 UTC")),
            ("2024-01-01T10:00-01:00", Some("2024-01-01 11:00:00 UTC")),
            ("2024-01-01", Some("2024-01-01 00:00:00 UTC")),
            ("0001-01-01T00:00+00:01", None),
            ("9999-12-31T23:59-00:01", None),
            ("2024-01-01T10:00+24:00", None),
            ("2024-01-01T10:00+é", None),
            ("2024-01-01T", None),
            ("2024-1-1", None),
            ("now", None),
        ] {
            let at = datetime(text).map(|at| at.to_string());
            assert_eq!(at.as_deref(), expected, "{text}");
        }
    }
}
