//! The default value of a column.

pub(super) mod dialect;
mod literal;
mod value;

pub use literal::quoted;

use value::is_number;

use super::{ColumnType, Dialect};

/// A default as both databases can say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    Boolean(bool),
    /// As it was written, so that no digit is lost.
    Number(String),
    Text(String),
    CurrentTimestamp,
    CurrentDate,
    CurrentTime,
    /// SQL, without the parentheses around it.
    Expression(String),
}

impl DefaultValue {
    /// The default in SQL, for a column of `column_type`.
    pub fn sql(&self, column_type: &ColumnType, dialect: Dialect) -> String {
        match self {
            Self::Boolean(true) => "TRUE".to_owned(),
            Self::Boolean(false) => "FALSE".to_owned(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => literal::of(text, column_type, dialect),
            Self::CurrentTimestamp => "CURRENT_TIMESTAMP".to_owned(),
            Self::CurrentDate => "CURRENT_DATE".to_owned(),
            Self::CurrentTime => "CURRENT_TIME".to_owned(),
            Self::Expression(sql) => format!("({})", dialect::written(dialect, sql, "NULL")),
        }
    }

    /// Reads SQL back, for a column of `column_type`; anything but a literal is an expression.
    pub fn from_sql(sql: &str, column_type: &ColumnType) -> Self {
        let sql = sql.trim();
        if let Some(expression) = dialect::kept(sql, "NULL") {
            return Self::Expression(expression.to_owned());
        }
        match sql.to_ascii_uppercase().as_str() {
            "TRUE" => return Self::Boolean(true),
            "FALSE" => return Self::Boolean(false),
            "CURRENT_TIMESTAMP" => return Self::CurrentTimestamp,
            "CURRENT_DATE" => return Self::CurrentDate,
            "CURRENT_TIME" => return Self::CurrentTime,
            _ => {}
        }
        if is_number(sql) {
            return Self::Number(sql.to_owned());
        }
        match literal::read(sql, column_type) {
            Some(text) => Self::Text(text),
            None => Self::Expression(sql.to_owned()),
        }
    }

    /// Reads a default as PostgreSQL's catalogue prints it, for a column of `column_type`.
    pub fn from_postgres(printed: &str, column_type: &ColumnType) -> Self {
        let literal = printed
            .rsplit_once("'::")
            .map(|(start, _)| Self::from_sql(&format!("{start}'"), column_type));
        match literal {
            Some(Self::Text(text)) if is_numeric(column_type) && is_number(&text) => {
                Self::Number(text)
            }
            Some(Self::Text(text)) => Self::Text(text),
            // The cast is within an expression, or there is none.
            _ => Self::from_sql(printed, column_type),
        }
    }

    /// Returns whether `dialect` has what it is made of; where it has not, the column has no default.
    pub fn is_known_to(&self, dialect: Dialect) -> bool {
        match self {
            Self::Expression(sql) => dialect::knows(dialect, sql),
            _ => true,
        }
    }

    /// Returns whether SQLite can add a column with this default to a table that has rows.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Boolean(_) | Self::Number(_) | Self::Text(_))
    }

    /// Returns whether a column of `column_type` can have it; an expression is believed.
    ///
    /// # Errors
    ///
    /// If it cannot: what to write instead.
    pub fn check(&self, column_type: &ColumnType) -> Result<(), String> {
        let number = is_numeric(column_type);
        match self {
            Self::Number(digits) if number => value::check(digits, column_type),
            Self::Text(text) => value::check(text, column_type),
            Self::Boolean(_) if *column_type != ColumnType::Boolean && !is_custom(column_type) => {
                Err("only a bool has it".to_owned())
            }
            Self::Number(_) if !is_custom(column_type) => Err("it is a number".to_owned()),
            Self::CurrentTimestamp | Self::CurrentDate | Self::CurrentTime
                if number || *column_type == ColumnType::Boolean =>
            {
                Err("it is a moment".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Reads what a person typed as the value of a column of `column_type`.
    ///
    /// # Errors
    ///
    /// If it is no such value: what would be one.
    pub fn typed(text: &str, column_type: &ColumnType) -> Result<Self, String> {
        match (column_type, text.to_ascii_lowercase().as_str()) {
            (ColumnType::Boolean, "true" | "1") => Ok(Self::Boolean(true)),
            (ColumnType::Boolean, "false" | "0") => Ok(Self::Boolean(false)),
            (ColumnType::Date, "now") => Ok(Self::CurrentDate),
            (ColumnType::Time, "now") => Ok(Self::CurrentTime),
            (moment, "now") if moment.is_moment() => Ok(Self::CurrentTimestamp),
            (number, _) if is_numeric(number) => {
                value::check(text, number).map(|()| Self::Number(text.to_owned()))
            }
            _ => value::check(text, column_type).map(|()| Self::Text(text.to_owned())),
        }
    }

    /// A value that says nothing, for rows whose own value is gone for good.
    pub fn neutral(column_type: &ColumnType) -> Self {
        let text = |text: &str| Self::Text(text.to_owned());
        match column_type {
            ColumnType::Boolean => Self::Boolean(false),
            number if is_numeric(number) => Self::Number("0".to_owned()),
            ColumnType::Date => text("1970-01-01"),
            ColumnType::Time => text("00:00:00"),
            ColumnType::TimestampWithTimeZone => text("1970-01-01 00:00:00+00:00"),
            ColumnType::DateTime | ColumnType::Timestamp => text("1970-01-01 00:00:00"),
            ColumnType::Json | ColumnType::JsonBinary => text("null"),
            ColumnType::Enum { values, .. } => text(values.first().map_or("", String::as_str)),
            ColumnType::Uuid => text("00000000-0000-0000-0000-000000000000"),
            _ => text(""),
        }
    }
}

fn is_numeric(column_type: &ColumnType) -> bool {
    column_type.is_integer() || column_type.is_fraction()
}

fn is_custom(column_type: &ColumnType) -> bool {
    matches!(column_type, ColumnType::Custom(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_read_back() {
        let text = ColumnType::Text;
        for default in [
            DefaultValue::Boolean(false),
            DefaultValue::Number("-1".to_owned()),
            DefaultValue::Number("1.50".to_owned()),
            DefaultValue::Text("it's".to_owned()),
            DefaultValue::Text(String::new()),
            DefaultValue::CurrentTimestamp,
        ] {
            let sql = default.sql(&text, Dialect::Sqlite);
            assert_eq!(DefaultValue::from_sql(&sql, &text), default);
        }
        // SQLite gives an expression back without its parentheses.
        let sum = DefaultValue::Expression("1 + 2".to_owned());
        assert_eq!(sum.sql(&text, Dialect::Sqlite), "(1 + 2)");
        assert_eq!(DefaultValue::from_sql("1 + 2", &text), sum);
    }

    #[test]
    fn postgres_casts_are_taken_off() {
        let read = |printed| DefaultValue::from_postgres(printed, &ColumnType::Text);
        assert_eq!(
            read("'a::b'::character varying"),
            DefaultValue::Text("a::b".to_owned())
        );
        assert_eq!(read("false"), DefaultValue::Boolean(false));
        // A cast within an expression is part of it.
        for sql in ["nextval('a_id_seq'::regclass)", "('a'::text || 'b'::text)"] {
            assert_eq!(read(sql), DefaultValue::Expression(sql.to_owned()));
        }
        assert_eq!(
            DefaultValue::from_postgres("'-1'::integer", &ColumnType::Integer),
            DefaultValue::Number("-1".to_owned())
        );
    }

    #[test]
    fn what_is_typed_is_checked_against_the_type() {
        let typed = DefaultValue::typed;
        assert_eq!(
            typed("1", &ColumnType::BigInteger),
            Ok(DefaultValue::Number("1".to_owned()))
        );
        assert_eq!(
            typed("TRUE", &ColumnType::Boolean),
            Ok(DefaultValue::Boolean(true))
        );
        assert_eq!(
            typed("now", &ColumnType::Date),
            Ok(DefaultValue::CurrentDate)
        );
        assert_eq!(
            typed("1", &ColumnType::Text),
            Ok(DefaultValue::Text("1".to_owned()))
        );
        assert!(typed("one", &ColumnType::Integer).is_err());
        assert!(typed("1.5", &ColumnType::Integer).is_err());
        assert!(typed("inf", &ColumnType::Double).is_err());
        assert!(typed("tomorrow", &ColumnType::Date).is_err());
        assert_eq!(
            typed("-1", &ColumnType::SmallUnsigned),
            Err("write a whole number from 0 to 65535".to_owned())
        );
    }
}
