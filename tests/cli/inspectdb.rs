//! `inspectdb` on databases that nobody here made.

use std::path::Path;

use sqlx::{Connection, Executor, SqliteConnection};

use crate::folder::Folder;

const DATABASE: &str = "
    CREATE TABLE author (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name VARCHAR(80) NOT NULL,
        email text NOT NULL UNIQUE,
        rating REAL DEFAULT 1.5,
        active BOOLEAN NOT NULL DEFAULT 1,
        born date,
        \"createdAt\" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
        mentor_id INTEGER REFERENCES author (id) ON DELETE SET NULL
    );
    CREATE TABLE book (
        isbn char(13) NOT NULL PRIMARY KEY,
        type text NOT NULL DEFAULT 'novel',
        price decimal(8, 2),
        cover BLOB,
        writer INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
        editor INTEGER REFERENCES author (id),
        UNIQUE (type, writer)
    );
    CREATE TABLE book_tag (
        book char(13) NOT NULL REFERENCES book (isbn),
        tag TEXT NOT NULL,
        PRIMARY KEY (book, tag)
    );
    CREATE INDEX by_price ON book (price);
    CREATE VIEW cheap AS SELECT isbn FROM book WHERE price < 5;
";

#[test]
fn an_existing_database_becomes_models_that_change_nothing() {
    let folder = Folder::with_project();
    let database = folder.path("db.sqlite3");
    execute(&database, DATABASE);
    folder.ok(&["startapp", "books"]);
    let inspected = folder.ok(&["inspectdb"]);
    assert!(inspected.stderr.contains("by_price"), "{inspected:?}");
    for part in [
        "pub type_: String",
        "column_name = \"createdAt\"",
        "pub rating: Option<f64>",
        "pub mentor_id: Option<i64>",
        "default_value = true",
        "pub mentor: HasOne<Entity>",
    ] {
        assert!(
            inspected.stdout.contains(part),
            "{part}: {}",
            inspected.stdout
        );
    }
    folder.write("src/books/models.rs", &inspected.stdout);

    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate", "0001"]);
    folder.ok(&["migrate", "--fake"]);
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate", "--check"]);

    // What the migrations make is what was there.
    let fresh = format!("sqlite://{}", folder.path("fresh.sqlite3").display());
    folder.ok(&["migrate", "--database-url", &fresh]);
    let tables = ["inspectdb", "author", "book", "book_tag"];
    let again = folder.ok(&[&tables[..], &["--database-url", &fresh]].concat());
    assert_eq!(again.stdout, inspected.stdout);
}

#[test]
fn without_a_project_the_database_has_to_be_named() {
    let folder = Folder::new();
    execute(&folder.path("old.db"), DATABASE);
    folder.refuses(1, &["inspectdb"], &["no database", "--database-url"]);
    let models = folder.ok(&["inspectdb", "author", "--database-url", "sqlite://old.db"]);
    assert!(
        models.stdout.contains("table_name = \"author\""),
        "{models:?}"
    );
    assert!(
        !models.stdout.contains("table_name = \"book\""),
        "{models:?}"
    );
    folder.refuses(
        2,
        &["inspectdb", "nope", "--database-url", "sqlite://old.db"],
        &["`nope`", "author"],
    );
    folder.refuses(
        1,
        &["inspectdb", "--database-url", "sqlite://missing.db"],
        &["missing.db"],
    );
}

fn execute(database: &Path, sql: &'static str) {
    let url = format!("sqlite://{}?mode=rwc", database.display());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        connection.execute(sql).await.expect("valid SQL");
        connection.close().await.expect("closed");
    });
}
