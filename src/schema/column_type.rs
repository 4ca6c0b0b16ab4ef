//! The types that a column can have, and how each database spells them.
//!
//! SQLite keeps whatever type name it is given, so its spelling is chosen to be read back without
//! loss and, like SeaORM's own, to make sqlx decode each value as the Rust type that SeaORM reads.

mod words;

use std::borrow::Cow;

use super::sql::quote;

/// A type that both databases can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    Char(Option<u32>),
    String(Option<u32>),
    Text,
    TinyInteger,
    SmallInteger,
    Integer,
    BigInteger,
    TinyUnsigned,
    SmallUnsigned,
    Unsigned,
    BigUnsigned,
    Float,
    Double,
    Decimal(Option<(u32, u32)>),
    Money(Option<(u32, u32)>),
    DateTime,
    Timestamp,
    TimestampWithTimeZone,
    Time,
    Date,
    Blob,
    Binary(u32),
    VarBinary(Option<u32>),
    Boolean,
    Json,
    JsonBinary,
    Uuid,
    /// One of a list of texts: a type of its own on PostgreSQL, text with a condition on SQLite.
    Enum {
        name: String,
        values: Vec<String>,
    },
    /// A type written by hand, the same for both databases.
    Custom(String),
}

/// The types without a size, with their two spellings.
const PLAIN: &[(ColumnType, &str, &str)] = &[
    (ColumnType::Char(None), "char", "char"),
    (ColumnType::String(None), "varchar", "varchar"),
    (ColumnType::Text, "text", "text"),
    (ColumnType::TinyInteger, "tinyint", "smallint"),
    (ColumnType::SmallInteger, "smallint", "smallint"),
    (ColumnType::Integer, "integer", "integer"),
    (ColumnType::BigInteger, "bigint", "bigint"),
    (ColumnType::TinyUnsigned, "tinyint unsigned", "smallint"),
    (ColumnType::SmallUnsigned, "smallint unsigned", "integer"),
    (ColumnType::Unsigned, "integer unsigned", "bigint"),
    (ColumnType::BigUnsigned, "bigint unsigned", "bigint"),
    (ColumnType::Float, "float", "real"),
    (ColumnType::Double, "double", "double precision"),
    (ColumnType::Decimal(None), "real_decimal", "decimal"),
    (ColumnType::Money(None), "real_money", "money"),
    (ColumnType::DateTime, "datetime_text", "timestamp"),
    (ColumnType::Timestamp, "timestamp_text", "timestamp"),
    (
        ColumnType::TimestampWithTimeZone,
        "timestamp_with_timezone_text",
        "timestamp with time zone",
    ),
    (ColumnType::Time, "time_text", "time"),
    (ColumnType::Date, "date_text", "date"),
    (ColumnType::Blob, "blob", "bytea"),
    (ColumnType::VarBinary(None), "varbinary_blob", "bytea"),
    (ColumnType::Boolean, "boolean", "boolean"),
    (ColumnType::Json, "json_text", "json"),
    (ColumnType::JsonBinary, "jsonb_text", "jsonb"),
    (ColumnType::Uuid, "uuid_text", "uuid"),
];

impl ColumnType {
    /// The type as SQLite's CREATE TABLE has it.
    pub fn sqlite(&self) -> Cow<'static, str> {
        match self {
            Self::Char(Some(n)) => format!("char({n})").into(),
            Self::String(Some(n)) => format!("varchar({n})").into(),
            Self::Decimal(Some((p, s))) => format!("real({p}, {s})").into(),
            Self::Money(Some((p, s))) => format!("real_money({p}, {s})").into(),
            Self::Binary(n) => format!("blob({n})").into(),
            Self::VarBinary(Some(n)) => format!("varbinary_blob({n})").into(),
            Self::Custom(name) if is_plain(name) => name.clone().into(),
            Self::Custom(name) => quote(name).into(),
            // As SeaORM spells it; what its name and values are in a comment.
            Self::Enum { .. } => "enum_text".into(),
            plain => plain.spelling().map_or("text", |(sqlite, _)| sqlite).into(),
        }
    }

    /// The type as PostgreSQL's CREATE TABLE has it.
    pub fn postgres(&self) -> Cow<'static, str> {
        match self {
            Self::Char(Some(n)) => format!("char({n})").into(),
            Self::String(Some(n)) => format!("varchar({n})").into(),
            // PostgreSQL's `money` takes no precision.
            Self::Decimal(Some((p, s))) | Self::Money(Some((p, s))) => {
                format!("decimal({p}, {s})").into()
            }
            Self::Binary(_) | Self::VarBinary(Some(_)) => "bytea".into(),
            Self::Custom(name) => name.clone().into(),
            Self::Enum { name, .. } => quote(name).into(),
            plain => plain
                .spelling()
                .map_or("text", |(_, postgres)| postgres)
                .into(),
        }
    }

    fn spelling(&self) -> Option<(&'static str, &'static str)> {
        PLAIN
            .iter()
            .find(|(column_type, ..)| column_type == self)
            .map(|&(_, sqlite, postgres)| (sqlite, postgres))
    }

    /// Reads the type that a column of SQLite was declared with; unknown ones are custom.
    pub fn from_sqlite(declared: &str) -> Self {
        let lower = declared.to_ascii_lowercase();
        if let Some((column_type, ..)) = PLAIN.iter().find(|(_, sqlite, _)| *sqlite == lower) {
            return column_type.clone();
        }
        match sized(&lower) {
            Some(("char", n, None)) => Self::Char(Some(n)),
            Some(("varchar", n, None)) => Self::String(Some(n)),
            Some(("real", p, Some(s))) => Self::Decimal(Some((p, s))),
            Some(("real_money", p, Some(s))) => Self::Money(Some((p, s))),
            Some(("blob", n, None)) => Self::Binary(n),
            Some(("varbinary_blob", n, None)) => Self::VarBinary(Some(n)),
            _ => Self::Custom(declared.to_owned()),
        }
    }

    /// Reads a type as PostgreSQL's `format_type` prints it; unknown ones are custom.
    pub fn from_postgres(printed: &str) -> Self {
        let printed = without_precision(printed);
        let printed = printed.as_ref();
        match (printed, sized(printed)) {
            ("character(1)", _) => Self::Char(None),
            ("character varying", _) => Self::String(None),
            ("numeric", _) => Self::Decimal(None),
            ("timestamp without time zone", _) => Self::DateTime,
            ("time without time zone", _) => Self::Time,
            (_, Some(("character", n, None))) => Self::Char(Some(n)),
            (_, Some(("character varying", n, None))) => Self::String(Some(n)),
            (_, Some(("numeric", p, Some(s)))) => Self::Decimal(Some((p, s))),
            _ => Self::plain_postgres(printed)
                .cloned()
                .unwrap_or_else(|| Self::Custom(printed.to_owned())),
        }
    }

    fn plain_postgres(printed: &str) -> Option<&'static Self> {
        // Where types share a spelling, read the signed and plain one.
        let read = |candidate: &&(Self, &str, &str)| {
            candidate.2 == printed && !matches!(candidate.0, Self::TinyInteger | Self::TinyUnsigned)
        };
        PLAIN.iter().find(read).map(|(column_type, ..)| column_type)
    }

    /// The type that PostgreSQL's catalogue gives back for this one, which is at times a wider one.
    pub fn as_postgres_keeps_it(&self) -> Self {
        match self {
            Self::TinyInteger | Self::TinyUnsigned => Self::SmallInteger,
            Self::SmallUnsigned => Self::Integer,
            Self::Unsigned | Self::BigUnsigned => Self::BigInteger,
            Self::Char(Some(1)) => Self::Char(None),
            Self::Timestamp => Self::DateTime,
            Self::Binary(_) | Self::VarBinary(_) => Self::Blob,
            Self::Money(Some(size)) => Self::Decimal(Some(*size)),
            same => same.clone(),
        }
    }

    /// Returns whether PostgreSQL, too, has to be told of the change from this type to `other`.
    pub fn differs_on_postgres(&self, other: &Self) -> bool {
        let is_other_list = matches!((self, other), (Self::Enum { .. }, Self::Enum { .. }));
        self.postgres() != other.postgres() || is_other_list && self != other
    }

    /// Returns whether its values are texts.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Char(_) | Self::String(_) | Self::Text)
    }

    /// Returns whether its values are whole numbers.
    pub fn is_integer(&self) -> bool {
        matches!(
            self,
            Self::TinyInteger
                | Self::SmallInteger
                | Self::Integer
                | Self::BigInteger
                | Self::TinyUnsigned
                | Self::SmallUnsigned
                | Self::Unsigned
                | Self::BigUnsigned
        )
    }

    /// Returns whether its values are numbers with a fraction.
    pub fn is_fraction(&self) -> bool {
        matches!(
            self,
            Self::Float | Self::Double | Self::Decimal(_) | Self::Money(_)
        )
    }

    /// Returns whether its values are dates or times.
    pub fn is_moment(&self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::Time
                | Self::DateTime
                | Self::Timestamp
                | Self::TimestampWithTimeZone
        )
    }

    /// The Rust integer that holds it, for types that are one.
    pub fn rust_integer(&self) -> Option<&'static str> {
        INTEGERS
            .iter()
            .find(|(column_type, _)| column_type == self)
            .map(|&(_, rust)| rust)
    }

    /// The integer type that the Rust type `rust` is held in.
    pub fn from_rust_integer(rust: &str) -> Option<Self> {
        INTEGERS
            .iter()
            .find(|(_, name)| *name == rust)
            .map(|(column_type, _)| column_type.clone())
    }
}

const INTEGERS: &[(ColumnType, &str)] = &[
    (ColumnType::TinyInteger, "i8"),
    (ColumnType::SmallInteger, "i16"),
    (ColumnType::Integer, "i32"),
    (ColumnType::BigInteger, "i64"),
    (ColumnType::TinyUnsigned, "u8"),
    (ColumnType::SmallUnsigned, "u16"),
    (ColumnType::Unsigned, "u32"),
    (ColumnType::BigUnsigned, "u64"),
];

/// Returns whether SQLite takes the words for a type as they are; of others it keeps what is in quotes.
fn is_plain(name: &str) -> bool {
    let (words, size) = name.split_once('(').unwrap_or((name, ")"));
    let is_word = |word: &str| {
        word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !["without", "with", "generated", "as"].contains(&word.to_ascii_lowercase().as_str())
    };
    let size = size.strip_suffix(')');
    let is_size = |size: &str| {
        size.chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '))
    };
    words.split(' ').all(is_word) && size.is_some_and(is_size)
}

/// `timestamp(6) without time zone` is what `timestamp` means: models have no other precision.
fn without_precision(printed: &str) -> Cow<'_, str> {
    let sized = printed.split_once('(').and_then(|(name, rest)| {
        let (_, rest) = rest.split_once(')')?;
        ["timestamp", "time"]
            .contains(&name)
            .then(|| format!("{name}{rest}"))
    });
    sized.map_or(printed.into(), Into::into)
}

/// `name(1)` and `name(1, 2)` taken apart.
fn sized(text: &str) -> Option<(&str, u32, Option<u32>)> {
    let (name, rest) = text.split_once('(')?;
    let sizes = rest.strip_suffix(')')?;
    let (first, second) = match sizes.split_once(',') {
        Some((first, second)) => (first, Some(second)),
        None => (sizes, None),
    };
    let second = match second {
        Some(second) => Some(second.trim().parse().ok()?),
        None => None,
    };
    Some((name.trim(), first.trim().parse().ok()?, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<ColumnType> {
        let sized = [
            ColumnType::Char(Some(7)),
            ColumnType::String(Some(200)),
            ColumnType::Decimal(Some((10, 2))),
            ColumnType::Money(Some((19, 4))),
            ColumnType::Binary(16),
            ColumnType::VarBinary(Some(32)),
            ColumnType::Custom("citext".to_owned()),
        ];
        PLAIN
            .iter()
            .map(|(column_type, ..)| column_type.clone())
            .chain(sized)
            .collect()
    }

    #[test]
    fn sqlite_gives_every_type_back() {
        for column_type in all() {
            assert_eq!(ColumnType::from_sqlite(&column_type.sqlite()), column_type);
        }
        assert_eq!(ColumnType::from_sqlite("INTEGER"), ColumnType::Integer);
        assert_eq!(
            ColumnType::from_sqlite("REAL(10,2)"),
            ColumnType::Decimal(Some((10, 2)))
        );
    }

    /// sqlx chooses how to decode by these rules on the declared name, in this order.
    #[test]
    fn sqlx_decodes_every_type_as_seaorm_reads_it() {
        for column_type in all() {
            let declared = column_type.sqlite();
            let has = |part: &str| declared.contains(part);
            let decoded = match &*declared {
                "boolean" => "bool",
                _ if has("int") => "integer",
                _ if has("char") || has("text") => "text",
                _ if has("blob") => "blob",
                _ if has("real") || has("floa") || has("doub") => "float",
                _ => "unknown",
            };
            let wanted = match column_type {
                ColumnType::Boolean => "bool",
                ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => "blob",
                ref number if number.is_integer() => "integer",
                ref number if number.is_fraction() => "float",
                _ => "text",
            };
            assert_eq!(decoded, wanted, "{declared}");
        }
    }

    #[test]
    fn postgres_prints_types_in_words_of_its_own() {
        for (printed, column_type) in [
            ("character varying(200)", ColumnType::String(Some(200))),
            ("numeric(10,2)", ColumnType::Decimal(Some((10, 2)))),
            ("smallint", ColumnType::SmallInteger),
            ("bigint", ColumnType::BigInteger),
            ("bytea", ColumnType::Blob),
            (
                "timestamp with time zone",
                ColumnType::TimestampWithTimeZone,
            ),
            ("jsonb", ColumnType::JsonBinary),
            ("citext", ColumnType::Custom("citext".to_owned())),
        ] {
            assert_eq!(ColumnType::from_postgres(printed), column_type);
        }
    }
}
