use sea_orm::entity::prelude::*;

use super::values::{Binding, Isbn, Language};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "book", schema_name = "public")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(column_type = "String(StringLen::N(200))", unique_key = "edition")]
    pub title: String,
    #[sea_orm(unique_key = "edition", default_value = 1)]
    pub edition: i16,
    pub isbn: Isbn,
    pub binding: Binding,
    pub language: Option<Language>,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))", extra = "CHECK (price > 0)")]
    pub price: Decimal,
    #[sea_orm(default_value = "")]
    pub note: String,
    #[sea_orm(default_value = false)]
    pub lent: bool,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub added_at: DateTimeUtc,
    #[sea_orm(ignore)]
    pub stars: u8,
    #[sea_orm(has_many, via = "authorship")]
    pub authors: HasMany<super::author::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
