use super::{column, models, read, table_beside};
use crate::schema::ColumnType::{self, *};

fn own(item: &str) -> ColumnType {
    table_beside("pub x: Own", item).columns["x"]
        .column_type
        .clone()
}

/// The type of the field `x: {rust}` in the module `task`, with `items` before the module.
fn seen(rust: &str, import: &str, items: &str) -> Result<ColumnType, std::string::String> {
    let text = format!(
        "{items} pub mod task {{ {import} #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\")]
         pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, pub x: {rust} }} }}"
    );
    match read(&text) {
        Ok(models) => Ok(models.schema.tables["t"].columns["x"].column_type.clone()),
        Err(problems) => Err(problems[0].message.clone()),
    }
}

#[test]
fn aliases_and_wrappers_are_followed() {
    assert_eq!(own("type Own = i32;"), Integer);
    assert_eq!(
        own("type Own = Inner; type Inner = Option<i16>;"),
        SmallInteger
    );
    assert_eq!(
        own("type Id = i64; #[derive(DeriveValueType)] struct Own(Id);"),
        BigInteger
    );
    assert_eq!(
        own("#[derive(DeriveValueType)] #[sea_orm(value_type = \"String\")] enum Own { A }"),
        String(None)
    );
    let endless = seen(
        "Own",
        "use super::*;",
        "type Own = Other; type Other = Own;",
    )
    .unwrap_err();
    assert!(endless.contains("is defined by itself"), "{endless}");
    let list = seen(
        "Own",
        "use super::*;",
        "#[derive(DeriveValueType)] struct Own(Vec<String>);",
    )
    .unwrap_err();
    assert!(list.contains("`Own` is `Vec<String>`"), "{list}");
}

#[test]
fn what_a_type_says_of_itself_in_code_is_read() {
    let by = |implemented: &str| {
        own(&format!(
            "struct Own; impl {implemented} for Own {{ fn column_type() -> ColumnType {{ ColumnType::String(StringLen::N(9)) }} fn db_type() -> ColumnDef {{ ColumnType::SmallInteger.def() }} }}"
        ))
    };
    assert_eq!(by("sea_orm::sea_query::ValueType"), String(Some(9)));
    assert_eq!(by("ActiveEnum"), SmallInteger);
    let unread = seen(
        "Own",
        "use super::*;",
        "impl ValueType for Own { fn column_type() -> ColumnType { of() } }",
    )
    .unwrap_err();
    assert!(
        unread.contains("what `Own` is kept as cannot be read"),
        "{unread}"
    );
}

#[test]
fn the_type_that_is_imported_is_the_one_that_is_meant() {
    let two = "pub mod a { pub type Own = i16; } pub mod b { pub type Own = i32; }";
    assert_eq!(seen("Own", "use super::b::Own;", two), Ok(Integer));
    assert_eq!(seen("Own", "use super::a::*;", two), Ok(SmallInteger));
    assert_eq!(
        seen("Mine", "use super::a::Own as Mine;", two),
        Ok(SmallInteger)
    );
    assert_eq!(seen("super::b::Own", "", two), Ok(Integer));
    assert_eq!(seen("crate::api::models::b::Own", "", two), Ok(Integer));
    let unclear = seen("Own", "use other::*;", two).unwrap_err();
    assert!(
        unclear.contains("there are several types `Own`"),
        "{unclear}"
    );
    assert_eq!(
        seen("Own", "use other::*;", "mod a { type Own = u8; }"),
        Ok(TinyUnsigned)
    );
}

#[test]
fn a_type_of_seaorms_is_not_mistaken_for_one_elsewhere() {
    let elsewhere = "pub mod other { pub type DateTime = i64; }";
    assert_eq!(seen("DateTime", "", elsewhere), Ok(ColumnType::DateTime));
    assert_eq!(
        seen("DateTime", "use super::other::DateTime;", elsewhere),
        Ok(BigInteger)
    );
    assert_eq!(seen("Day", "use chrono::NaiveDate as Day;", ""), Ok(Date));
}

#[test]
fn a_key_whose_type_is_text_by_name_is_not_handed_out() {
    let handed_out = |rust: &str| {
        let text = format!(
            "type MyUuid = i64; type MyId = i64; #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\")] struct Model {{ #[sea_orm(primary_key)] id: {rust} }}"
        );
        models(&text).schema.tables["t"].columns["id"].auto_increment
    };
    assert!(handed_out("MyId"));
    assert!(!handed_out("MyUuid"));
}

#[test]
fn a_variants_name_is_the_columns_where_nothing_else_is() {
    let name = |field: &str| {
        super::table(field)
            .columns
            .keys()
            .nth(1)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(
        name("#[sea_orm(enum_name = \"TheOne\")] one: i32"),
        "the_one"
    );
    assert_eq!(
        name("#[sea_orm(enum_name = \"TheOne\", column_name = \"ONE\")] one: i32"),
        "ONE"
    );
    assert_eq!(
        name("#[sea_orm(enum_name = \"TheOne\")] someThing: i32"),
        "some_thing"
    );
    assert_eq!(
        column("#[sea_orm(enum_name = \"X\")] pub y: i32").column_type,
        Integer
    );
}
