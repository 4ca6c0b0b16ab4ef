//! What the admin site's lists of a million rows cost, on SQLite in memory:
//! `cargo bench -p restkit --bench admin`. Medians, the HTML included.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::Instant;

use include_dir::{Dir, include_dir};
use restkit::testing::TestClient;
use restkit::{AdminSite, App, ModelAdmin, Project, Routes, Settings};
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel, Set};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/admin/migrations");

const ROWS: u64 = 1_000_000;
const BOOKS: &str = "/admin/shop/book/";

mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shop_author")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod book {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shop_book")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        pub in_print: bool,
        pub published: Option<Date>,
        pub author_id: i64,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

fn register(site: &mut AdminSite) {
    use book::Column::{AuthorId, InPrint, Published, Title};
    site.register(ModelAdmin::new(author::Entity).search_fields([author::Column::Name]));
    site.register(
        ModelAdmin::new(book::Entity)
            .list_display([Title, AuthorId, InPrint, Published])
            .list_filter([InPrint, Published, AuthorId])
            .search_fields([Title])
            .search_index("shop_book_words")
            .date_hierarchy(Published),
    );
}

fn project() -> Project {
    Project {
        name: "bench",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("shop").admin(register)],
        routes: || Routes::new().nest("/admin", restkit::admin::routes()),
        migrations: &MIGRATIONS,
    }
}

/// Titles in another order than keys; 1,000 of each author; a rare word in every 50,000th.
const FILL: &str = "
CREATE TABLE shop_author (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL);
CREATE TABLE shop_book (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title TEXT NOT NULL,
    in_print BOOLEAN NOT NULL, published TEXT, author_id bigint NOT NULL REFERENCES shop_author (id));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO shop_author (name) SELECT 'Author ' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
    INSERT INTO shop_book (title, in_print, published, author_id)
    SELECT printf('%07d of the %s', i * 7919 % 1000000,
            CASE WHEN i % 50000 = 0 THEN 'nightingale' WHEN i % 2 THEN 'river' ELSE 'stone' END),
        i % 10 = 0, date('1950-01-01', (i % 25000) || ' days'), i % 1000 + 1 FROM n;
CREATE INDEX shop_book_title ON shop_book (title);
CREATE INDEX shop_book_in_print ON shop_book (in_print);
CREATE INDEX shop_book_published ON shop_book (published);
CREATE INDEX shop_book_author ON shop_book (author_id);
CREATE VIRTUAL TABLE shop_book_words USING fts5(title, content='shop_book', content_rowid='id', tokenize='trigram');
INSERT INTO shop_book_words (shop_book_words) VALUES ('rebuild');
ANALYZE;";

fn main() {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(run());
}

async fn run() {
    let mut client = TestClient::new(project()).await;
    let user = client.create_user("ada", true).await.unwrap();
    let mut user = user.into_active_model();
    user.is_superuser = Set(true);
    let user = user.update(client.db()).await.unwrap();
    client.force_login(&user).await.unwrap();
    client.db().execute_unprepared(FILL).await.unwrap();
    for (name, query) in [
        ("list", ""),
        ("page 2, by its link", "?page=2&_after=999901"),
        ("page 9,000, by its link", "?page=9000&_after=100101"),
        ("page 9,000, by its number", "?page=9000"),
        ("by title", "?o=title"),
        (
            "by title, deep in, by its link",
            "?o=title&page=9000&_after=777777",
        ),
        ("search: a rare word", "?q=nightingale"),
        ("search: a word of half the rows", "?q=river"),
        ("search: no such word", "?q=flamingo"),
        ("search: two letters", "?q=ri"),
        ("search: two words", "?q=nightingale+0000"),
        ("filter: one in ten", "?in_print=true"),
        ("filter: one in a thousand", "?author_id=7"),
        ("filter: a year", "?year=1984"),
        ("filter and search", "?in_print=true&q=stone&o=title"),
        ("filter and search, nothing found", "?in_print=true&q=river"),
        ("filter, sorted by title", "?author_id=7&o=-title"),
    ] {
        let mut times = Vec::new();
        for _ in 0..11 {
            let begun = Instant::now();
            let answer = client.get(&format!("{BOOKS}{query}")).await;
            times.push(begun.elapsed());
            assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        }
        times.sort();
        println!("{name:<34} {:>8.2} ms", times[5].as_secs_f64() * 1000.0);
    }
    println!("of {ROWS} rows, 100 a page");
}
