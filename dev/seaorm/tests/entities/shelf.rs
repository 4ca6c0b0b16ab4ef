//! The expanded format.

use sea_orm::entity::prelude::*;

use super::values::Binding;

#[derive(Copy, Clone, Default, Debug, DeriveEntity)]
pub struct Entity;

impl EntityName for Entity {
    fn schema_name(&self) -> Option<&str> {
        None
    }

    fn table_name(&self) -> &'static str {
        "shelf"
    }
}

#[derive(Clone, Debug, PartialEq, DeriveModel, DeriveActiveModel)]
pub struct Model {
    pub floor: i32,
    pub code: String,
    pub width: Option<Decimal>,
    pub holds: Option<Binding>,
    pub keeper_id: i64,
    pub label: String,
    pub built_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveColumn)]
pub enum Column {
    Floor,
    Code,
    #[sea_orm(column_name = "WIDTH")]
    Width,
    Holds,
    KeeperId,
    Label,
    BuiltAt,
}

#[derive(Copy, Clone, Debug, EnumIter, DerivePrimaryKey)]
pub enum PrimaryKey {
    Floor,
    Code,
}

impl PrimaryKeyTrait for PrimaryKey {
    type ValueType = (i32, String);

    fn auto_increment() -> bool {
        false
    }
}

#[derive(Copy, Clone, Debug, EnumIter)]
pub enum Relation {
    Keeper,
    Loan,
}

impl ColumnTrait for Column {
    type EntityName = Entity;

    fn def(&self) -> ColumnDef {
        match self {
            Self::Floor => ColumnType::Integer.def(),
            Self::Code => ColumnType::String(StringLen::N(8)).def(),
            Self::Width => ColumnType::Decimal(Some((6, 2))).def().null(),
            Self::Holds => Binding::db_type().get_column_type().to_owned().def().null(),
            Self::KeeperId => ColumnType::BigInteger.def().indexed().default_value(1),
            Self::Label => ColumnType::Text.def().unique().default("none"),
            Self::BuiltAt => ColumnType::TimestampWithTimeZone
                .def()
                .default(Expr::current_timestamp()),
        }
    }
}

impl RelationTrait for Relation {
    fn def(&self) -> RelationDef {
        match self {
            Self::Keeper => Entity::belongs_to(super::author::Entity)
                .from(Column::KeeperId)
                .to(super::author::Column::Id)
                .on_delete(ForeignKeyAction::Restrict)
                .into(),
            Self::Loan => Entity::has_many(super::loan::Entity).into(),
        }
    }
}

impl Related<super::loan::Entity> for Entity {
    fn to() -> RelationDef {
        super::loan::Relation::Shelf.def().rev()
    }
}

impl ActiveModelBehavior for ActiveModel {}
