//! Books and their authors, shown in lists of every kind.

use chrono::Utc;
use restkit::db::Connection;
use restkit::rest::{Filters, Lookup, Pagination, ReadOnly};
use restkit::{
    AdminSite, App, Context, DefaultRouter, ModelAdmin, ModelViewSet, Project, Routes, Settings,
};
use schemars::JsonSchema;
use sea_orm::prelude::{Date, Decimal, StringLen, Uuid};
use sea_orm::sea_query::Order;
use sea_orm::{ConnectionTrait, DbBackend};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Genre {
    #[sea_orm(string_value = "fiction")]
    Fiction,
    #[sea_orm(string_value = "science")]
    Science,
}

#[derive(Clone, Debug, PartialEq, Eq, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
pub enum Mood {
    #[sea_orm(string_value = "calm")]
    Calm,
    #[sea_orm(string_value = "wild")]
    Wild,
}

pub mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "author")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        #[sea_orm(has_many)]
        pub books: HasMany<super::book::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod book {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "book")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        #[sea_orm(column_type = "Decimal(Some((8, 2)))")]
        pub price: Option<Decimal>,
        pub published: Option<Date>,
        pub created_at: DateTimeUtc,
        pub genre: super::Genre,
        pub mood: super::Mood,
        pub in_print: bool,
        pub rating: Option<i32>,
        pub code: Uuid,
        pub author_id: i64,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use book::Column;

#[derive(Debug, JsonSchema, Serialize)]
pub struct BookResponse {
    pub id: i64,
    pub title: String,
    pub price: Option<Decimal>,
    pub published: Option<Date>,
    pub created_at: chrono::DateTime<Utc>,
    pub rating: Option<i32>,
    pub code: Uuid,
}

impl From<book::Model> for BookResponse {
    fn from(book: book::Model) -> Self {
        Self {
            id: book.id,
            title: book.title,
            price: book.price,
            published: book.published,
            created_at: book.created_at,
            rating: book.rating,
            code: book.code,
        }
    }
}

fn filters() -> Filters<book::Entity> {
    use Lookup::*;
    let texts = [
        Exact,
        Ne,
        IExact,
        Contains,
        IContains,
        StartsWith,
        IStartsWith,
        EndsWith,
        IEndsWith,
    ];
    let numbers = [Exact, Ne, In, Lt, Lte, Gt, Gte, Range, IsNull];
    let days = [
        Exact, In, Lt, Lte, Gt, Gte, Range, IsNull, Year, Month, Day, Date,
    ];
    Filters::new()
        .exact([Column::InPrint, Column::Mood, Column::Code])
        .lookups(Column::Title, texts)
        .lookups(Column::Id, numbers)
        .lookups(Column::Price, numbers)
        .lookups(Column::Rating, numbers)
        .lookups(Column::Genre, [Exact, Ne, In, IContains])
        .lookups(Column::Published, days)
        .lookups(Column::CreatedAt, days)
        .lookups(Column::AuthorId, [Exact, In])
        .name(Column::AuthorId, "author")
        .related::<author::Entity>(Column::AuthorId, author::Column::Name, [Exact, IContains])
        .search([Column::Title, Column::Genre])
        .search_start([Column::Id])
        .ordering([
            Column::Id,
            Column::Title,
            Column::Price,
            Column::Published,
            Column::CreatedAt,
            Column::Genre,
            Column::Mood,
            Column::InPrint,
            Column::Rating,
            Column::Code,
        ])
}

macro_rules! viewset {
    ($name:ident, $pagination:expr) => {
        struct $name;

        impl ModelViewSet for $name {
            type Entity = book::Entity;
            type Request = ReadOnly;
            type Response = BookResponse;

            fn pagination() -> Pagination<book::Entity> {
                $pagination
            }

            fn filters() -> Filters<book::Entity> {
                filters()
            }
        }
    };
}

viewset!(BookViewSet, Pagination::page_number().size(4).max_size(5));
viewset!(SliceViewSet, Pagination::limit_offset().size(4).max_size(5));
viewset!(StreamViewSet, {
    Pagination::cursor([(Column::CreatedAt, Order::Desc)]).max_size(10)
});
viewset!(WholeViewSet, Pagination::none());

/// A viewset that declares nothing.
struct PlainViewSet;

impl ModelViewSet for PlainViewSet {
    type Entity = book::Entity;
    type Request = ReadOnly;
    type Response = BookResponse;

    fn queryset(_ctx: &Context) -> sea_orm::Select<book::Entity> {
        use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
        let books = book::Entity::find().order_by_desc(Column::InPrint);
        books.distinct()
    }
}

pub fn project() -> Project {
    Project {
        name: "shelf",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("shelf").admin(register)],
        routes,
        migrations: &crate::MIGRATIONS,
    }
}

fn register(site: &mut AdminSite) {
    site.register(
        ModelAdmin::new(book::Entity)
            .list_filter([Column::Mood, Column::Code, Column::Genre])
            .search_fields([Column::Title, Column::Mood]),
    );
}

fn routes() -> Routes {
    let api = DefaultRouter::new()
        .register::<BookViewSet>("books")
        .register::<SliceViewSet>("slices")
        .register::<StreamViewSet>("stream")
        .register::<WholeViewSet>("whole")
        .register::<PlainViewSet>("plain");
    Routes::new()
        .nest("/admin", restkit::admin::routes())
        .nest("/api", api)
}

/// Makes the tables, as `makemigrations` would, and six books; on SQLite with moments in all the
/// forms that it may have them in.
pub async fn fill(db: &Connection) {
    let is_sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let types = if is_sqlite {
        [
            "integer PRIMARY KEY AUTOINCREMENT",
            "real(8, 2)",
            "date_text",
            "timestamp_with_timezone_text",
            "text",
            "uuid_text",
        ]
    } else {
        [
            "bigserial PRIMARY KEY",
            "decimal(8, 2)",
            "date",
            "timestamp with time zone",
            "mood",
            "uuid",
        ]
    };
    let [key, decimal, date, moment, mood, uuid] = types;
    if !is_sqlite {
        run(db, "CREATE TYPE mood AS ENUM ('calm', 'wild')").await;
    }
    run(
        db,
        &format!("CREATE TABLE author (id {key}, name text NOT NULL)"),
    )
    .await;
    run(
        db,
        &format!(
            "CREATE TABLE book (id {key}, title varchar(200) NOT NULL, price {decimal}, \
             published {date}, created_at {moment} NOT NULL, genre varchar(10) NOT NULL, \
             mood {mood} NOT NULL, in_print boolean NOT NULL, rating integer, \
             code {uuid} NOT NULL, author_id bigint NOT NULL REFERENCES author (id))"
        ),
    )
    .await;
    run(db, "INSERT INTO author (name) VALUES ('Ada'), ('Bo')").await;
    let code = |number: u8| {
        if is_sqlite {
            format!("x'{:032x}'", number)
        } else {
            format!("'{:032x}'", number)
        }
    };
    let codes: Vec<_> = (1..=6).map(code).collect();
    let [a, b, c, d, e, f] = codes.try_into().unwrap();
    let books = [
        format!(
            "('Émile', 7.00, '2024-02-29', '2024-01-01 10:00:00', 'fiction', 'calm', TRUE, 5, {a}, 1)"
        ),
        format!(
            "('100% Rust_*', 12.50, '2023-12-31', '2024-01-01T10:00:00.500+00:00', 'science', 'wild', TRUE, NULL, {f}, 1)"
        ),
        format!(
            "('rust', NULL, NULL, '2024-01-01T11:30:00+02:00', 'science', 'calm', FALSE, 3, {b}, 2)"
        ),
        format!(
            "('RUST in depth', 12.50, '2024-03-01', '2025-06-01T00:00:00Z', 'science', 'wild', TRUE, 5, {e}, 2)"
        ),
        format!(
            "('It''s late', 0.10, '2024-02-01', '2023-12-31T23:59:59.999+00:00', 'fiction', 'calm', FALSE, NULL, {c}, 1)"
        ),
        format!(
            "('émile two', 99.99, '2022-02-28', '2024-12-31 23:59:59', 'fiction', 'wild', TRUE, 1, {d}, 2)"
        ),
    ];
    let columns =
        "title, price, published, created_at, genre, mood, in_print, rating, code, author_id";
    for book in books {
        run(db, &format!("INSERT INTO book ({columns}) VALUES {book}")).await;
    }
}

async fn run(db: &Connection, sql: &str) {
    db.execute_unprepared(sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
