//! A library: books of authors, with a column of every type.

use sea_orm::entity::prelude::*;

/// Where a book is on its way to readers.
#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Status {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "published")]
    Published,
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

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
        #[sea_orm(column_type = "String(StringLen::N(50))", unique)]
        pub name: String,
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

pub mod book {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_book")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(200))", indexed)]
        pub title: String,
        #[sea_orm(column_type = "Text", default_value = "")]
        pub summary: String,
        #[sea_orm(default_value = "draft", indexed)]
        pub status: super::Status,
        pub pages: Option<i32>,
        #[sea_orm(column_type = "Decimal(Some((8, 2)))", default_value = 0)]
        pub price: Decimal,
        #[sea_orm(default_value = false, indexed)]
        pub in_print: bool,
        #[sea_orm(indexed)]
        pub published: Option<Date>,
        pub lent_at: Option<Time>,
        pub updated: Option<DateTimeUtc>,
        pub code: Option<Uuid>,
        pub extra: Option<Json>,
        #[sea_orm(indexed)]
        pub author_id: i64,
        #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
        pub author: BelongsTo<super::author::Entity>,
        #[sea_orm(has_many, via = "book_genre")]
        pub genres: HasMany<super::genre::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
