//! Defaults of a database that others made, as models say them.

use super::portable::{unwrapped, without_text_casts, without_types};
use crate::schema::syntax::token::{Kind, Token, tokens};
use crate::schema::{Column, ColumnType, DefaultValue, Dialect};

/// The ways to write this moment, in small letters and without types.
const NOW: &[&str] = &[
    "now()",
    "'now'",
    "current_timestamp",
    "localtimestamp",
    "current_date",
    "current_time",
    "localtime",
    "clock_timestamp()",
    "statement_timestamp()",
    "transaction_timestamp()",
    "date('now')",
    "datetime('now')",
    "time('now')",
    "strftime('%y-%m-%d %h:%m:%s', 'now')",
    "strftime('%y-%m-%d %h:%m:%s','now')",
];

/// Says the default of a column as models do. One that they have no words for is left out: what is
/// returned tells so.
pub(super) fn adopt_default(table: &str, name: &str, column: &mut Column) -> Option<String> {
    let default = column.default.take()?;
    let said = say(&default, &column.column_type);
    let Some(said) = said else {
        let sql = default.sql(&column.column_type, Dialect::Postgres);
        return Some(format!(
            "{table}.{name}: models have no words for its default, {sql}"
        ));
    };
    widen(column, said.as_ref());
    if let Some(value) = &said
        && value.check(&column.column_type).is_err()
    {
        let sql = value.sql(&column.column_type, Dialect::Sqlite);
        let kind = &column.column_type;
        return Some(format!(
            "{table}.{name}: its default, {sql}, is none for a column of {kind}"
        ));
    }
    column.default = said;
    None
}

/// The default, or that there is none; nothing, if models have no words for it.
fn say(default: &DefaultValue, column_type: &ColumnType) -> Option<Option<DefaultValue>> {
    let said = match default {
        DefaultValue::Expression(sql) if sql.starts_with("nextval(") => return None,
        DefaultValue::Expression(sql) => of_expression(sql, column_type)?,
        other => Some(other.clone()),
    };
    Some(said.map(|said| fitted(said, column_type)))
}

/// Returns the default that an expression comes to.
fn of_expression(sql: &str, column_type: &ColumnType) -> Option<Option<DefaultValue>> {
    let bare = without_types(sql);
    let bare = all_unwrapped(&bare);
    if bare.eq_ignore_ascii_case("null") {
        return Some(None);
    }
    if NOW.contains(&bare.to_lowercase().as_str()) {
        return Some(Some(match column_type {
            ColumnType::Date => DefaultValue::CurrentDate,
            ColumnType::Time => DefaultValue::CurrentTime,
            _ => DefaultValue::CurrentTimestamp,
        }));
    }
    // A literal with a type behind it, or in quotes that SQLite takes for a text's.
    if let [token] = tokens(bare).as_slice()
        && token.kind != Kind::Word
    {
        return Some(Some(match token {
            Token {
                kind: Kind::Name, ..
            } => DefaultValue::Text(token.identifier()?),
            _ => DefaultValue::from_sql(bare, column_type),
        }));
    }
    let literal = DefaultValue::from_sql(bare, column_type);
    if matches!(literal, DefaultValue::Number(_) | DefaultValue::Boolean(_)) {
        return Some(Some(literal));
    }
    let plain = without_text_casts(sql);
    let plain = DefaultValue::Expression(all_unwrapped(&plain).to_owned());
    let is_known = |dialect| plain.is_known_to(dialect);
    let is_portable = is_known(Dialect::Sqlite) && is_known(Dialect::Postgres);
    Some(Some(if is_portable {
        plain
    } else {
        DefaultValue::Expression(all_unwrapped(sql).to_owned())
    }))
}

fn all_unwrapped(mut sql: &str) -> &str {
    loop {
        let inner = unwrapped(sql).trim();
        if inner.len() == sql.len() {
            return sql;
        }
        sql = inner;
    }
}

/// The default as the column's type writes it.
fn fitted(default: DefaultValue, column_type: &ColumnType) -> DefaultValue {
    match (column_type, default) {
        (ColumnType::Boolean, DefaultValue::Number(digits)) => {
            DefaultValue::Boolean(!digits.trim_start_matches('0').is_empty())
        }
        (ColumnType::Boolean, DefaultValue::Text(text)) => match text.to_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => DefaultValue::Boolean(true),
            "f" | "false" | "n" | "no" | "off" | "0" => DefaultValue::Boolean(false),
            _ => DefaultValue::Text(text),
        },
        // SQLite turns a number into a text for a column of texts, and the other way round.
        (text, DefaultValue::Number(digits)) if is_text(text) => DefaultValue::Text(digits),
        (number, DefaultValue::Text(text))
            if (number.is_integer() || number.is_fraction())
                && text.parse::<f64>().is_ok_and(f64::is_finite) =>
        {
            DefaultValue::Number(text)
        }
        // Only an expression gives such a number.
        (ColumnType::Float | ColumnType::Double, DefaultValue::Text(text)) => {
            DefaultValue::Expression(format!("'{text}'::double precision"))
        }
        // PostgreSQL leaves out the minutes of an offset that has none.
        (ColumnType::TimestampWithTimeZone, DefaultValue::Text(text)) => {
            let at = text.len().saturating_sub(3);
            let is_short = text.is_char_boundary(at) && text[at..].starts_with(['+', '-']);
            let end = if is_short { ":00" } else { "" };
            DefaultValue::Text(format!("{text}{end}"))
        }
        (_, other) => other,
    }
}

fn is_text(column_type: &ColumnType) -> bool {
    matches!(
        column_type,
        ColumnType::Char(_) | ColumnType::String(_) | ColumnType::Text
    )
}

/// In SQLite every whole number has 64 bits.
fn widen(column: &mut Column, default: Option<&DefaultValue>) {
    let is_wide = match default {
        Some(DefaultValue::Number(digits)) => digits
            .parse::<i64>()
            .is_ok_and(|number| i32::try_from(number).is_err()),
        _ => false,
    };
    if is_wide && column.column_type == ColumnType::Integer {
        column.column_type = ColumnType::BigInteger;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(column_type: ColumnType, default: DefaultValue, expected: Option<DefaultValue>) {
        let mut column = Column::new(column_type);
        column.default = Some(default);
        let told = adopt_default("t", "c", &mut column);
        assert_eq!(column.default, expected, "{told:?}");
    }

    fn expression(sql: &str) -> DefaultValue {
        DefaultValue::Expression(sql.to_owned())
    }

    #[test]
    fn defaults_of_postgresql() {
        use ColumnType as C;
        let text = |text: &str| Some(DefaultValue::Text(text.to_owned()));
        let read = |printed: &str, of: &C| DefaultValue::from_postgres(printed, of);
        for (of, printed, expected) in [
            (C::String(Some(16)), "NULL::character varying", None),
            (C::Char(Some(3)), "NULL::bpchar", None),
            (
                C::Date,
                "('now'::text)::date",
                Some(DefaultValue::CurrentDate),
            ),
            (
                C::TimestampWithTimeZone,
                "now()",
                Some(DefaultValue::CurrentTimestamp),
            ),
            (
                C::DateTime,
                "LOCALTIMESTAMP",
                Some(DefaultValue::CurrentTimestamp),
            ),
            (
                C::TimestampWithTimeZone,
                "(now() + '72:00:00'::interval)",
                Some(expression("now() + '72:00:00'::interval")),
            ),
            (
                C::Text,
                "lower('ABC'::text)",
                Some(expression("lower('ABC')")),
            ),
            (
                C::Text,
                "('a'::text || 'b'::text)",
                Some(expression("'a' || 'b'")),
            ),
            (
                C::Text,
                "md5((random())::text)",
                Some(expression("md5((random())::text)")),
            ),
            (
                C::Decimal(None),
                "1.5::numeric(5,2)",
                Some(DefaultValue::Number("1.5".to_owned())),
            ),
            (C::Text, "CURRENT_USER", Some(expression("CURRENT_USER"))),
            (
                C::TimestampWithTimeZone,
                "'1970-01-01 00:00:00+00'::timestamp with time zone",
                text("1970-01-01 00:00:00+00:00"),
            ),
            (
                C::Double,
                "'NaN'::double precision",
                Some(expression("'NaN'::double precision")),
            ),
            (C::Integer, "nextval('t_c_seq'::regclass)", None),
            (
                C::Integer,
                "'-1'::integer",
                Some(DefaultValue::Number("-1".to_owned())),
            ),
            (C::JsonBinary, "'{}'::jsonb", text("{}")),
        ] {
            check(of.clone(), read(printed, &of), expected);
        }
    }

    #[test]
    fn defaults_of_sqlite() {
        use ColumnType as C;
        let text = |text: &str| Some(DefaultValue::Text(text.to_owned()));
        let read = |sql: &str, of: &C| DefaultValue::from_sql(sql, of);
        for (of, sql, expected) in [
            (C::Text, "\"pending\"", text("pending")),
            (C::Boolean, "'f'", Some(DefaultValue::Boolean(false))),
            (C::Boolean, "'true'", Some(DefaultValue::Boolean(true))),
            (C::Boolean, "1", Some(DefaultValue::Boolean(true))),
            (C::DateTime, "0", None),
            (
                C::DateTime,
                "datetime('now')",
                Some(DefaultValue::CurrentTimestamp),
            ),
            (
                C::Text,
                "lower(hex(randomblob(16)))",
                Some(expression("lower(hex(randomblob(16)))")),
            ),
            (C::Text, "NULL", None),
            (C::Text, "5", text("5")),
        ] {
            check(of.clone(), read(sql, &of), expected);
        }
        let mut wide = Column::new(C::Integer);
        wide.default = Some(DefaultValue::Number("9223372036854775807".to_owned()));
        assert_eq!(adopt_default("t", "c", &mut wide), None);
        assert_eq!(wide.column_type, C::BigInteger);
    }
}
