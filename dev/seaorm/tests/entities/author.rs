use sea_orm::entity::prelude::*;

/// Somebody who writes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "author", comment = "Who writes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique, comment = "In full")]
    pub name: String,
    #[sea_orm(indexed)]
    pub born: Option<Date>,
    pub teacher_id: Option<i64>,
    #[sea_orm(
        self_ref,
        relation_enum = "Teacher",
        relation_reverse = "Pupils",
        from = "teacher_id",
        to = "id",
        on_delete = "SetNull"
    )]
    pub teacher: BelongsTo<Option<Entity>>,
    #[sea_orm(self_ref, relation_enum = "Pupils", relation_reverse = "Teacher")]
    pub pupils: HasMany<Entity>,
    #[sea_orm(has_many, via = "authorship")]
    pub books: HasMany<super::book::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
