//! Moments as PostgreSQL keeps them: to the microsecond. SQLite keeps texts of any length, so the same
//! moment would be shown with nine digits from one database and with six from the other.

use chrono::{SubsecRound, Timelike};
use sea_orm::{Statement, Value};

/// The digits of a second that are kept.
const DIGITS: u16 = 6;

/// Cuts the bound moments of a statement off after their microseconds.
pub(super) fn truncate(statement: &mut Statement) {
    let values = statement.values.iter_mut().flat_map(|values| &mut values.0);
    for value in values {
        match value {
            Value::ChronoTime(Some(time)) => cut(time),
            Value::ChronoDateTime(Some(at)) => cut(at),
            Value::ChronoDateTimeUtc(Some(at)) => cut(at),
            Value::ChronoDateTimeWithTimeZone(Some(at)) => cut(at),
            _ => {}
        }
    }
}

fn cut<T: SubsecRound + Timelike + Copy>(moment: &mut T) {
    if !moment.nanosecond().is_multiple_of(1000) {
        *moment = moment.trunc_subsecs(DIGITS);
    }
}
