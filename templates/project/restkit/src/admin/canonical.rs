//! When two texts mean the same value, and how a text is put into an input of a browser.

use chrono::SubsecRound;
use sea_orm::Value;

use crate::model::value::{Kind, parse, text};

/// One text for all texts that mean the same value of the type of `sample`: browsers send `10:00` for
/// what was `10:00:00`, and people write 7.50 for 7.5. A text that means nothing stays as it is.
pub(crate) fn canonical(sample: &Value, typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n");
    match parse(sample, &typed) {
        Ok(Value::Decimal(Some(decimal))) => decimal.normalize().to_string(),
        Ok(Value::Json(Some(json))) => sorted(&json).to_string(),
        // Inputs of browsers show milliseconds at most.
        Ok(Value::ChronoTime(Some(time))) => text(&time.trunc_subsecs(3).into()),
        Ok(Value::ChronoDateTime(Some(at))) => text(&at.trunc_subsecs(3).into()),
        Ok(Value::ChronoDateTimeUtc(Some(at))) => text(&at.trunc_subsecs(3).into()),
        Ok(Value::ChronoDateTimeWithTimeZone(Some(at))) => text(&at.trunc_subsecs(3).into()),
        Ok(Value::String(_)) | Err(_) => typed,
        Ok(value) => text(&value),
    }
}

/// A text as an input of a browser takes it: with more than three digits of a second it is not a moment,
/// and it would send back nothing.
pub(crate) fn for_input(kind: Kind, text: &str) -> String {
    match (kind, text.split_once('.')) {
        (Kind::Time | Kind::DateTime, Some((whole, part))) => {
            let digits: String = part.chars().take(3).collect();
            format!("{whole}.{digits}")
        }
        _ => text.to_owned(),
    }
}

/// The same JSON with the members of its objects in the order of their names.
fn sorted(json: &serde_json::Value) -> serde_json::Value {
    let mut json = json.clone();
    json.sort_all_objects();
    json
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, Utc};
    use sea_orm::prelude::{Decimal, Uuid};

    use super::*;

    #[test]
    fn texts_of_one_value_are_the_same() {
        let json = || serde_json::Value::Null.into();
        let at = || DateTime::<Utc>::default().into();
        for (sample, one, other) in [
            (NaiveTime::default().into(), "10:00", "10:00:00"),
            (at(), "2026-02-28T10:00", "2026-02-28T10:00:00"),
            (
                at(),
                "2026-02-28T10:00:00.123",
                "2026-02-28T10:00:00.123456",
            ),
            (Decimal::ZERO.into(), "7.50", "7.5"),
            (Decimal::ZERO.into(), "-0", "0.00"),
            (Value::Double(None), "1.0", "1"),
            (
                json(),
                "{\"a\":1,\"b\":{\"d\":1,\"c\":2}}",
                "{\"b\": {\"c\":2,\"d\":1},\n\"a\": 1}",
            ),
            (Value::String(None), "a\r\nb", "a\nb"),
            (
                Uuid::nil().into(),
                "67E5504410B1426F9247BB680E5FE0C8",
                "67e55044-10b1-426f-9247-bb680e5fe0c8",
            ),
        ] {
            assert_eq!(canonical(&sample, one), canonical(&sample, other), "{one}");
        }
        for (sample, one, other) in [
            (Value::String(None), "a", "a "),
            (Decimal::ZERO.into(), "7.5", "7.51"),
            (json(), "[1,2]", "[2,1]"),
            (at(), "2026-02-28T10:00", "2026-02-28T10:01"),
        ] {
            assert_ne!(canonical(&sample, one), canonical(&sample, other), "{one}");
        }
        let shown = for_input(Kind::DateTime, "2026-02-28T10:00:00.123456");
        assert_eq!(shown, "2026-02-28T10:00:00.123");
    }
}
