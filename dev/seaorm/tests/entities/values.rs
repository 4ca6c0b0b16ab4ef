//! Types that are columns.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

type Digits = i64;

#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct Isbn(pub Digits);

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "binding",
    rename_all = "snake_case"
)]
pub enum Binding {
    HardCover,
    Paper,
}

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(2))")]
pub enum Language {
    #[sea_orm(string_value = "de")]
    German,
    #[sea_orm(string_value = "fr")]
    French,
}

/// A number that SeaORM, by this name, takes for something that no database hands out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct TicketUuid(pub i32);

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
pub enum Size {
    Small = 1,
    Large = 2,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Extra {
    pub color: String,
}
