//! Finds changes of a type that lose values.

use crate::schema::ColumnType;

/// Returns whether every value of the type `narrow` can also be held by `wide`.
pub fn holds_all_of(wide: &ColumnType, narrow: &ColumnType) -> bool {
    use ColumnType::*;
    let length = |column_type: &ColumnType| match column_type {
        Char(None) => Some(1),
        Char(Some(n)) | String(Some(n)) => Some(*n),
        String(None) | Text | Custom(_) => Some(u32::MAX),
        _ => None,
    };
    match (wide, narrow) {
        (wide, narrow) if wide == narrow => true,
        (Enum { values, .. }, Enum { values: fewer, .. }) => {
            fewer.iter().all(|value| values.contains(value))
        }
        (Text | String(None), narrow) => !matches!(narrow, Blob | Binary(_) | VarBinary(_)),
        (Char(_) | String(_), Char(_) | String(_) | Text) => length(wide) >= length(narrow),
        (wide, narrow) if wide.is_integer() && narrow.is_integer() => {
            integer_range(wide).0 <= integer_range(narrow).0
                && integer_range(wide).1 >= integer_range(narrow).1
        }
        // Of whole numbers a fraction holds as many bits as it has.
        (Double, narrow) if narrow.is_integer() => integer_bits(narrow) <= 53,
        (Float, narrow) if narrow.is_integer() => integer_bits(narrow) <= 24,
        (Decimal(Some((p, s))), narrow) if narrow.is_integer() => {
            integer_digits(narrow) <= p.saturating_sub(*s)
        }
        (Double, Float) | (Decimal(None), Money(_)) | (JsonBinary, Json) => true,
        (Decimal(None), narrow) => narrow.is_integer() || matches!(narrow, Decimal(_)),
        (Decimal(Some((p, s))), Decimal(Some((q, t)))) => s >= t && p - s >= q - t,
        (Blob | VarBinary(None), Blob | Binary(_) | VarBinary(_)) => true,
        (VarBinary(Some(n)), Binary(m) | VarBinary(Some(m))) => n >= m,
        (Timestamp, DateTime) | (DateTime, Timestamp) => true,
        _ => false,
    }
}

fn integer_bits(column_type: &ColumnType) -> i32 {
    let (least, greatest) = integer_range(column_type);
    greatest.max(-least)
}

/// The digits of the greatest value.
fn integer_digits(column_type: &ColumnType) -> u32 {
    let bits = integer_bits(column_type).unsigned_abs().min(64);
    (u128::MAX >> (128 - bits)).ilog10() + 1
}

/// The least and the greatest value, by the number of bits.
fn integer_range(column_type: &ColumnType) -> (i32, i32) {
    match column_type.rust_integer() {
        Some(rust) => {
            let bits = rust[1..].parse().unwrap_or(64);
            if rust.starts_with('u') {
                (0, bits)
            } else {
                (1 - bits, bits - 1)
            }
        }
        None => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrower_types_are_known() {
        use ColumnType::*;
        for (wide, narrow) in [
            (BigInteger, Integer),
            (BigInteger, Unsigned),
            (String(Some(200)), String(Some(100))),
            (Text, String(None)),
            (Decimal(Some((12, 4))), Decimal(Some((10, 2)))),
        ] {
            assert!(holds_all_of(&wide, &narrow), "{wide:?} {narrow:?}");
            assert!(!holds_all_of(&narrow, &wide) || wide == Text, "{narrow:?}");
        }
        for (wide, narrow) in [
            (Double, Integer),
            (Float, SmallInteger),
            (Decimal(Some((12, 2))), Integer),
            (Decimal(Some((19, 0))), BigInteger),
        ] {
            assert!(holds_all_of(&wide, &narrow), "{wide:?} {narrow:?}");
        }
        assert!(!holds_all_of(&Double, &BigInteger));
        assert!(!holds_all_of(&Float, &Integer));
        assert!(!holds_all_of(&Decimal(Some((11, 2))), &Integer));
        assert!(!holds_all_of(&BigInteger, &Text));
        assert!(!holds_all_of(&Integer, &Unsigned));
    }
}
