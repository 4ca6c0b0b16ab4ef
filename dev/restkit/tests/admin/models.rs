//! A library, with a column of every type.

use sea_orm::prelude::StringLen;

pub mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_author")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(100))", unique)]
        pub name: String,
        pub born: Option<Date>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod genre {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_genre")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(50))")]
        pub name: String,
        #[sea_orm(extra = "GENERATED ALWAYS AS (length(name)) STORED")]
        pub letters: i32,
        #[sea_orm(has_many, via = "book_genre")]
        pub books: HasMany<super::book::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod book_genre {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_book_genre")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub book_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub genre_id: i64,
        #[sea_orm(belongs_to, from = "book_id", to = "id", on_delete = "Cascade")]
        pub book: BelongsTo<super::book::Entity>,
        #[sea_orm(belongs_to, from = "genre_id", to = "id", on_delete = "Restrict")]
        pub genre: BelongsTo<super::genre::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone, Debug, PartialEq, Eq, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Status {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "published")]
    Published,
}

pub mod book {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_book")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(200))")]
        pub title: String,
        #[sea_orm(column_type = "Text", default_value = "")]
        pub summary: String,
        #[sea_orm(default_value = "draft")]
        pub status: super::Status,
        #[sea_orm(extra = "CHECK (\"pages\" >= 0)")]
        pub pages: Option<i32>,
        #[sea_orm(column_type = "Decimal(Some((8, 2)))", default_value = 0)]
        pub price: Decimal,
        #[sea_orm(default_value = false)]
        pub in_print: bool,
        pub published: Option<Date>,
        pub read_at: Option<Time>,
        pub updated: Option<DateTimeUtc>,
        pub code: Option<Uuid>,
        pub extra: Option<Json>,
        pub author_id: i64,
        pub editor_id: Option<i64>,
        #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
        pub author: BelongsTo<super::author::Entity>,
        #[sea_orm(
            belongs_to,
            relation_enum = "Editor",
            from = "editor_id",
            to = "id",
            on_delete = "SetNull"
        )]
        pub editor: BelongsTo<Option<super::author::Entity>>,
        #[sea_orm(has_many, via = "book_genre")]
        pub genres: HasMany<super::genre::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
