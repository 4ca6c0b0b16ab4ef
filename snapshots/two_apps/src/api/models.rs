//! The data of this app: tables, columns and what they may hold.
//!
//! `backsmith makemigrations` reads this file. What clients may send belongs in `serializers.rs`,
//! what happens to it in `views.rs`.

pub mod task {
    use sea_orm::entity::prelude::*;

    /// Something to do.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_task")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(200))", indexed)]
        pub title: String,
        #[sea_orm(default_value = false)]
        pub completed: bool,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
