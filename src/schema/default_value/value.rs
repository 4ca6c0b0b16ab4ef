//! Checks that a text is a value of a column, before the databases would, when it is too late.

use super::literal::uuid_digits;
use crate::schema::ColumnType;

/// Returns whether `text` is a value of `column_type`.
///
/// # Errors
///
/// If it is none: what would be one.
pub fn check(text: &str, column_type: &ColumnType) -> Result<(), String> {
    let or = |is_value: bool, hint: &str| is_value.then_some(()).ok_or_else(|| hint.to_owned());
    if text.contains('\0') {
        return Err("leave the NUL out, which no database keeps in text".to_owned());
    }
    match column_type {
        ColumnType::Boolean => or(false, "write `true` or `false`"),
        number if number.is_integer() => integer(text, number),
        number if number.is_fraction() => fraction(text, number),
        ColumnType::Char(None) => shorter(text, 1),
        ColumnType::Char(Some(longest)) | ColumnType::String(Some(longest)) => {
            shorter(text, *longest)
        }
        ColumnType::Date => or(is_date(text), "write `now` or a date such as 2026-01-31"),
        ColumnType::Time => or(is_time(text), "write `now` or a time such as 12:30:00"),
        ColumnType::DateTime | ColumnType::Timestamp => or(
            is_date_time(text),
            "write `now` or a moment such as 2026-01-31 12:30:00",
        ),
        ColumnType::TimestampWithTimeZone => or(
            is_zoned(text),
            "write `now` or a moment such as 2026-01-31 12:30:00+00:00",
        ),
        ColumnType::Uuid => or(
            uuid_digits(text).is_some(),
            "write a UUID such as 67e55044-10b1-426f-9247-bb680e5fe0c8",
        ),
        ColumnType::Enum { values, .. } => {
            let is_one = values.iter().any(|value| value == text);
            or(is_one, &format!("write one of {}", values.join(", ")))
        }
        ColumnType::Json | ColumnType::JsonBinary => or(
            serde_json::from_str::<serde_json::Value>(text).is_ok(),
            "write JSON, for example {} or \"text\"",
        ),
        _ => Ok(()),
    }
}

/// Returns whether `text` is a number and not one of the words, such as `inf`, that Rust also takes for one.
pub fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.parse::<f64>().is_ok()
}

fn shorter(text: &str, longest: u32) -> Result<(), String> {
    if text.chars().count() <= longest as usize {
        Ok(())
    } else {
        Err(format!("write at most {longest} characters"))
    }
}

fn integer(text: &str, column_type: &ColumnType) -> Result<(), String> {
    let (least, greatest) = range(column_type);
    match text.parse::<i128>() {
        Ok(number) if (least..=greatest).contains(&number) => Ok(()),
        _ => Err(format!("write a whole number from {least} to {greatest}")),
    }
}

/// The least and the greatest value; PostgreSQL keeps a u64 in 63 bits.
fn range(column_type: &ColumnType) -> (i128, i128) {
    let rust = column_type.rust_integer().unwrap_or("i64");
    let bits: u32 = rust[1..].parse().unwrap_or(64);
    if rust.starts_with('u') {
        (0, (1 << bits.min(63)) - 1)
    } else {
        (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
    }
}

fn fraction(text: &str, column_type: &ColumnType) -> Result<(), String> {
    let size = match column_type {
        ColumnType::Decimal(size) | ColumnType::Money(size) => *size,
        _ => None,
    };
    if !is_number(text) {
        return Err("write a number".to_owned());
    }
    let greatest = match column_type {
        ColumnType::Float => f64::from(f32::MAX),
        _ => f64::MAX,
    };
    let places = text.split_once('.').map_or("", |(_, places)| places);
    let places = places.split(['e', 'E']).next().unwrap_or_default();
    if let Some((_, scale)) = size
        && places.trim_end_matches('0').len() > scale as usize
    {
        return Err(format!(
            "write a number with at most {scale} decimal places"
        ));
    }
    match (size, text.parse::<f64>()) {
        (_, Ok(number)) if number.abs() > greatest => Err(format!(
            "write a number from {:e} to {greatest:e}",
            -greatest
        )),
        (Some((precision, scale)), Ok(number))
            if number.abs() >= 10_f64.powi(precision.saturating_sub(scale) as i32) =>
        {
            let before = precision.saturating_sub(scale);
            Err(format!(
                "write a number with at most {before} digits before the point"
            ))
        }
        _ => Ok(()),
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    year >= 1 && (1..=12).contains(&month) && (1..=longest).contains(&day)
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<_> = clock.split(':').map(|part| digits(part, 2)).collect();
    let is_fraction = !fraction.is_empty() && fraction.chars().all(|c| c.is_ascii_digit());
    match parts.as_slice() {
        [Some(hour), Some(minute), Some(second)] => {
            is_fraction && *hour < 24 && *minute < 60 && *second < 60
        }
        _ => false,
    }
}

fn is_date_time(text: &str) -> bool {
    let parts = text.split_once([' ', 'T']);
    parts.is_some_and(|(date, time)| is_date(date) && is_time(time))
}

fn is_zoned(text: &str) -> bool {
    if let Some(moment) = text.strip_suffix('Z') {
        return is_date_time(moment);
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return false;
    };
    let (moment, zone) = text.split_at(at);
    let zone = zone[1..].split_once(':');
    let is_offset = zone.is_some_and(|(hours, minutes)| {
        digits(hours, 2).is_some_and(|it| it < 15) && digits(minutes, 2).is_some_and(|it| it < 60)
    });
    is_offset && is_date_time(moment)
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let is_number = text.len() == length && text.chars().all(|c| c.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_what_is_none() {
        use ColumnType::*;
        for (column_type, good, bad) in [
            (SmallInteger, "-32768", "32768"),
            (TinyUnsigned, "255", "-1"),
            (BigUnsigned, "9223372036854775807", "9223372036854775808"),
            (Double, "-1.5e3", "inf"),
            (Double, "1e308", "1e309"),
            (Float, "3e38", "-4e38"),
            (Decimal(None), "1e20", "1e400"),
            (Decimal(Some((5, 2))), "999.99", "1000"),
            (String(Some(3)), "äöü", "four"),
            (Text, "", "a\0b"),
            (Char(None), "x", "xy"),
            (Date, "2024-02-29", "2026-02-29"),
            (Date, "2026-12-31", "2026-13-01"),
            (Time, "23:59:59.123", "24:00:00"),
            (DateTime, "2026-01-31T12:30:00", "2026-01-31"),
            (
                TimestampWithTimeZone,
                "2026-01-31 12:30:00-05:30",
                "2026-01-31 12:30:00",
            ),
            (TimestampWithTimeZone, "2026-01-31T12:30:00Z", "now-ish"),
            (Uuid, "67e55044-10b1-426f-9247-bb680e5fe0c8", "67e55044"),
            (JsonBinary, "{\"a\": [1]}", "{a: 1}"),
        ] {
            assert_eq!(check(good, &column_type), Ok(()), "{column_type:?} {good}");
            assert!(check(bad, &column_type).is_err(), "{column_type:?} {bad}");
        }
    }
}
