//! Every type that a field can have, and every type that a column can be given.

use sea_orm::entity::prelude::*;

use super::values::{Extra, Size};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kinds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    #[sea_orm(enum_name = "TheKind")]
    pub kind: i32,
    pub i8: i8,
    pub i16: i16,
    pub i32: i32,
    pub i64: i64,
    pub u8: u8,
    pub u16: u16,
    pub u32: u32,
    pub u64: u64,
    pub f32: f32,
    pub f64: f64,
    pub bool: bool,
    pub string: String,
    pub bytes: Vec<u8>,
    pub date: Date,
    pub time: Time,
    pub date_time: DateTime,
    pub utc: DateTimeUtc,
    pub local: DateTimeLocal,
    pub zoned: DateTimeWithTimeZone,
    pub decimal: Decimal,
    pub uuid: Uuid,
    pub hyphenated: uuid::fmt::Hyphenated,
    pub json: Json,
    pub extra: Extra,
    pub size: Option<Size>,
    #[sea_orm(column_type = "Char(Some(2))")]
    pub char_2: String,
    #[sea_orm(column_type = "String(StringLen::Max)")]
    pub string_max: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "SmallUnsigned")]
    pub small_unsigned: i32,
    #[sea_orm(column_type = "Decimal(None)")]
    pub decimal_plain: Decimal,
    #[sea_orm(column_type = "Money(None)")]
    pub money: Decimal,
    #[sea_orm(column_type = "Timestamp")]
    pub timestamp: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub json_binary: Json,
    #[sea_orm(column_type = "Blob")]
    pub blob: Vec<u8>,
    #[sea_orm(column_type = "Binary(16)")]
    pub binary_16: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::N(32))")]
    pub var_binary_32: Vec<u8>,
    #[sea_orm(column_type = "custom(\"name\")", select_as = "text")]
    pub custom: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
