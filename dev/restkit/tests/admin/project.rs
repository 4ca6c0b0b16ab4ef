//! The project under test: a library, with a column of every type and every option of its admin.

use include_dir::{Dir, include_dir};
use restkit::{AdminSite, App, Context, ModelAdmin, Project, Result, Routes, Settings};
use sea_orm::prelude::StringLen;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/admin/migrations");

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

pub fn project() -> Project {
    Project {
        name: "test",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("library").admin(register)],
        routes,
        migrations: &MIGRATIONS,
    }
}

fn register(site: &mut AdminSite) {
    use book::Column::{
        AuthorId, Id, InPrint, Published, Status as State, Summary, Title, Updated,
    };
    site.register(
        ModelAdmin::new(author::Entity)
            .search_fields([author::Column::Name])
            .inline(
                ModelAdmin::new(book::Entity).fieldset("", [Title, Summary]),
                AuthorId,
            ),
    );
    site.register(ModelAdmin::new(genre::Entity));
    site.register(
        ModelAdmin::new(book::Entity)
            .list_display([Id, Title, AuthorId, State, InPrint, Published])
            .list_column("Length", |book| match book.pages {
                Some(pages) if pages > 300 => "long".to_owned(),
                Some(_) => "short".to_owned(),
                None => String::new(),
            })
            .list_filter([State, InPrint, Published, AuthorId])
            .search_fields([Title, Summary, Id])
            .list_editable([InPrint])
            .list_per_page(10)
            .date_hierarchy(Published)
            .readonly_fields([Updated])
            .choices::<Status>(State)
            .many_to_many::<genre::Entity>("Genres")
            .save_as()
            .view_on_site(|book| format!("/books/{}/", book.id))
            .action("Publish", publish),
    );
}

async fn publish(ctx: Context, books: Vec<book::Model>) -> Result<String> {
    book::Entity::update_many()
        .col_expr(book::Column::Status, Expr::value("published"))
        .filter(book::Column::Id.is_in(books.iter().map(|book| book.id)))
        .exec(ctx.db())
        .await?;
    Ok(format!("{} books were published.", books.len()))
}

async fn fail(ctx: Context) -> Result<String> {
    let key = &ctx.settings().secret_key;
    let cause = anyhow::anyhow!("the disk is full").context(format!("could not write <{key}>"));
    Err(cause.into())
}

async fn panic() -> String {
    panic!("out of cheese")
}

fn routes() -> Routes {
    Routes::new()
        .get("/", restkit::pages::welcome)
        .get("/fail/", fail)
        .get("/panic/", panic)
        .nest("/admin", restkit::admin::routes())
}
