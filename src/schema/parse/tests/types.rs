use super::{column, table_beside};
use crate::schema::ColumnType::{self, *};

#[test]
fn a_fields_type_is_its_columns_type() {
    for (rust, column_type) in [
        ("bool", Boolean),
        ("i8", TinyInteger),
        ("i16", SmallInteger),
        ("i32", Integer),
        ("i64", BigInteger),
        ("u8", TinyUnsigned),
        ("u16", SmallUnsigned),
        ("u32", Unsigned),
        ("u64", BigUnsigned),
        ("f32", Float),
        ("f64", Double),
        ("char", Char(None)),
        ("String", String(None)),
        ("Vec<u8>", VarBinary(None)),
        ("Date", Date),
        ("chrono::NaiveDate", Date),
        ("TimeDate", Date),
        ("Time", Time),
        ("DateTime", DateTime),
        ("NaiveDateTime", DateTime),
        ("time::PrimitiveDateTime", DateTime),
        ("DateTimeUtc", TimestampWithTimeZone),
        ("DateTimeWithTimeZone", TimestampWithTimeZone),
        ("DateTime<Utc>", TimestampWithTimeZone),
        ("time::OffsetDateTime", TimestampWithTimeZone),
        ("Decimal", Decimal(None)),
        ("Uuid", Uuid),
        ("uuid::fmt::Hyphenated", Uuid),
        ("Json", Json),
        ("serde_json::Value", Json),
    ] {
        let plain = column(&format!("pub x: {rust}"));
        assert_eq!(
            (plain.column_type, plain.nullable),
            (column_type.clone(), false),
            "{rust}"
        );
        let optional = column(&format!("pub x: Option<{rust}>"));
        assert_eq!(
            (optional.column_type, optional.nullable),
            (column_type, true),
            "{rust}"
        );
    }
}

#[test]
fn column_type_says_more_than_the_fields_type() {
    for (words, column_type) in [
        ("Char(Some(2))", Char(Some(2))),
        ("Char(None)", Char(None)),
        ("String(StringLen::N(200))", String(Some(200))),
        ("String(StringLen::None)", String(None)),
        ("String(StringLen::Max)", String(None)),
        ("Text", Text),
        ("TinyInteger", TinyInteger),
        ("BigUnsigned", BigUnsigned),
        ("Decimal(Some((10, 2)))", Decimal(Some((10, 2)))),
        ("Decimal(None)", Decimal(None)),
        ("Money(Some((19, 4)))", Money(Some((19, 4)))),
        ("Timestamp", Timestamp),
        ("TimestampWithTimeZone", TimestampWithTimeZone),
        ("JsonBinary", JsonBinary),
        ("Binary(16)", Binary(16)),
        ("VarBinary(StringLen::N(16))", VarBinary(Some(16))),
        ("Blob", Blob),
        ("Uuid", Uuid),
        ("custom(\\\"citext\\\")", Custom("citext".to_owned())),
        ("ColumnType::Double", Double),
    ] {
        let read = column(&format!(
            "#[sea_orm(column_type = \"{words}\")] pub x: Anything"
        ));
        assert_eq!(read.column_type, column_type, "{words}");
    }
}

fn own(item: &str) -> ColumnType {
    table_beside("pub x: Own", item).columns["x"]
        .column_type
        .clone()
}

#[test]
fn enums_of_the_databases_own_have_a_name_and_values() {
    let read = |words: &str, variants: &str| {
        own(&format!(
            "#[derive(EnumIter, DeriveActiveEnum)] #[sea_orm(db_type = \"Enum\"{words})] pub enum Own {{ {variants} }}"
        ))
    };
    let choice = |name: &str, values: &[&str]| Enum {
        name: name.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    assert_eq!(
        read(
            ", rs_type = \"String\", enum_name = \"mood\"",
            "#[sea_orm(string_value = \"it's\")] A, #[sea_orm(string_value = \"b\", display_value = \"B!\")] B"
        ),
        choice("mood", &["it's", "b"])
    );
    assert_eq!(
        read(
            ", rename_all = \"snake_case\"",
            "VeryFine, #[sea_orm(rename = \"PascalCase\")] so_so"
        ),
        choice("Own", &["very_fine", "SoSo"])
    );
}

#[test]
fn enums_and_wrappers_are_what_they_are_stored_as() {
    assert_eq!(
        own("#[derive(EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = \"String\", db_type = \"String(StringLen::N(8))\")]
            pub enum Own { #[sea_orm(string_value = \"a\")] A }"),
        String(Some(8))
    );
    assert_eq!(
        own("#[derive(EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = \"i32\", db_type = \"Integer\")] pub enum Own { A = 1 }"),
        Integer
    );
    assert_eq!(
        own("#[derive(DeriveValueType)] pub struct Own(pub i64);"),
        BigInteger
    );
    assert_eq!(
        own("#[derive(DeriveValueType)] #[sea_orm(column_type = \"Text\")] pub struct Own(Inner);"),
        Text
    );
    assert_eq!(
        own("#[derive(FromJsonQueryResult)] pub struct Own { a: i32 }"),
        Json
    );
    assert_eq!(
        own("#[derive(FromJsonQueryResult)] pub enum Own { A, B }"),
        Json
    );
}
