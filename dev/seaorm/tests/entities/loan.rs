use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "loan", rename_all = "camelCase")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub book_id: i32,
    pub shelf_floor: i32,
    pub shelf_code: String,
    #[sea_orm(enum_name = "Due")]
    pub due_on: Date,
    pub r#type: String,
    #[sea_orm(nullable)]
    pub returned_at: DateTime,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::book::Entity",
        from = "Column::BookId",
        to = "super::book::Column::Id",
        on_delete = "Cascade",
        on_update = "Restrict",
        fk_name = "of_a_book"
    )]
    Book,
    #[sea_orm(
        belongs_to = "super::shelf::Entity",
        from = "(Column::ShelfFloor, Column::ShelfCode)",
        to = "(super::shelf::Column::Floor, super::shelf::Column::Code)"
    )]
    Shelf,
}

impl Related<super::book::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Book.def()
    }
}

impl Related<super::shelf::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Shelf.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
