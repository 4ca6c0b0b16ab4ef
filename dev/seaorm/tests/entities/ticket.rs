use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: super::values::TicketUuid,
    pub author_id: i64,
    pub replaces_id: Option<super::values::TicketUuid>,
}

#[derive(Copy, Clone, Debug, EnumIter)]
pub enum Relation {
    Author,
    Replaces,
}

impl RelationTrait for Relation {
    fn def(&self) -> RelationDef {
        match self {
            Self::Author => Entity::belongs_to(super::author::Entity)
                .from(Column::AuthorId)
                .to(super::author::Column::Id)
                .skip_fk()
                .into(),
            Self::Replaces => Entity::belongs_to(Entity)
                .from(Column::ReplacesId)
                .to(Column::Id)
                .on_update(ForeignKeyAction::SetDefault)
                .into(),
        }
    }
}

impl ActiveModelBehavior for ActiveModel {}
