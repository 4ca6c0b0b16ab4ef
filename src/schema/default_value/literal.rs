//! Text as a literal of SQL: bytes and, on SQLite, UUIDs are written as hexadecimal digits.

use crate::schema::{ColumnType, Dialect};

/// The literal of `text` for a column of `column_type`.
pub fn of(text: &str, column_type: &ColumnType, dialect: Dialect) -> String {
    match (column_type, dialect) {
        // SeaORM keeps a UUID in SQLite as its 16 bytes.
        (ColumnType::Uuid, Dialect::Sqlite) => match uuid_digits(text) {
            Some(digits) => format!("x'{digits}'"),
            None => quoted(text),
        },
        (bytes, Dialect::Sqlite) if is_bytes(bytes) => format!("x'{}'", digits(text)),
        (bytes, Dialect::Postgres) if is_bytes(bytes) => format!("'\\x{}'", digits(text)),
        _ => quoted(text),
    }
}

/// Reads the value of a literal in a column of `column_type`; nothing if `sql` is anything else.
pub fn read(sql: &str, column_type: &ColumnType) -> Option<String> {
    let blob = sql.strip_prefix(['x', 'X']).and_then(unquoted);
    match (blob, column_type) {
        (Some(digits), ColumnType::Uuid) => uuid(&digits),
        (Some(digits), bytes) if is_bytes(bytes) => from_digits(&digits),
        (Some(_), _) => None,
        (None, bytes) if is_bytes(bytes) => {
            let text = unquoted(sql)?;
            match text.strip_prefix("\\x") {
                Some(digits) => from_digits(digits),
                None => Some(text),
            }
        }
        (None, _) => unquoted(sql),
    }
}

/// Text in quotes.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The 32 digits of a UUID, if `text` is one.
pub fn uuid_digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let is_uuid = digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit());
    is_uuid.then(|| digits.to_ascii_lowercase())
}

fn uuid(digits: &str) -> Option<String> {
    let digits = uuid_digits(digits)?;
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits[part].to_owned());
    Some(parts.join("-"))
}

fn unquoted(sql: &str) -> Option<String> {
    let inner = sql.strip_prefix('\'')?.strip_suffix('\'')?;
    let without_pairs = inner.replace("''", "");
    (!without_pairs.contains('\'')).then(|| inner.replace("''", "'"))
}

fn is_bytes(column_type: &ColumnType) -> bool {
    matches!(
        column_type,
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_)
    )
}

fn digits(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn from_digits(digits: &str) -> Option<String> {
    let is_hex = digits.len().is_multiple_of(2) && digits.chars().all(|c| c.is_ascii_hexdigit());
    let bytes: Option<Vec<u8>> = is_hex
        .then_some(digits)?
        .as_bytes()
        .chunks(2)
        .map(byte)
        .collect();
    String::from_utf8(bytes?).ok()
}

fn byte(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_back_in_both_dialects() {
        let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        for (text, column_type, sqlite, postgres) in [
            ("it's", ColumnType::Text, "'it''s'", "'it''s'"),
            ("ü", ColumnType::Blob, "x'c3bc'", "'\\xc3bc'"),
            ("", ColumnType::VarBinary(None), "x''", "'\\x'"),
            (
                uuid,
                ColumnType::Uuid,
                "x'67e5504410b1426f9247bb680e5fe0c8'",
                "'67e55044-10b1-426f-9247-bb680e5fe0c8'",
            ),
        ] {
            for (dialect, sql) in [(Dialect::Sqlite, sqlite), (Dialect::Postgres, postgres)] {
                assert_eq!(of(text, &column_type, dialect), sql);
                assert_eq!(read(sql, &column_type).as_deref(), Some(text), "{sql}");
            }
        }
        assert_eq!(read("x'zz'", &ColumnType::Blob), None);
        assert_eq!(read("'a' || 'b'", &ColumnType::Text), None);
    }
}
