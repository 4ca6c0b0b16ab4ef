//! `inspectdb` on databases that nobody here made.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::cluster::Cluster;
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
        price decimal(8, 2) CHECK (price > 0),
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
    CREATE INDEX by_both ON book (type, price);
    CREATE INDEX by_half ON book (price) WHERE price > 1;
    CREATE VIEW cheap AS SELECT isbn FROM book WHERE price < 5;
";

#[test]
fn an_existing_database_becomes_models_that_change_nothing() {
    let folder = Folder::with_project();
    let database = folder.path("db.sqlite3");
    execute(&database, DATABASE);
    folder.ok(&["startapp", "books"]);
    let inspected = folder.ok(&["inspectdb"]);
    assert!(inspected.stderr.contains("by_half"), "{inspected:?}");
    for part in [
        "pub type_: String",
        "column_name = \"createdAt\"",
        "pub rating: Option<f64>",
        "pub mentor_id: Option<i64>",
        "default_value = true",
        "pub mentor: HasOne<Entity>",
        "indexed, index_key = \"type_price\", extra = \"CHECK (price > 0)\"",
        "//!     DROP INDEX \"by_price\";",
        "//!     CREATE INDEX \"book_price_idx\" ON \"book\" (\"price\");",
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
    assert_eq!(models(&again.stdout), models(&inspected.stdout));

    // With the names that the head gives, what was there can change like what migrations made.
    execute(&database, statements(&inspected.stdout));
    // SQLite makes no table anew that a view needs of which the history does not know.
    execute(&database, "DROP VIEW cheap");
    drop_all(&folder);
    folder.ok(&["migrate"]);
    folder.ok(&["makemigrations", "--check"]);
}

/// Takes indexes, conditions and a foreign key out of the models, and makes the migration.
fn drop_all(folder: &Folder) {
    let mut text = folder.read("src/books/models.rs");
    for (from, to) in [
        ("indexed, ", ""),
        ("index_key = \"type_price\", ", ""),
        ("index_key = \"type_price\"", ""),
        (", extra = \"CHECK (price > 0)\"", ""),
        ("extra = \"CHECK (price > 0)\"", ""),
        (", on_delete = \"SetNull\"", ""),
    ] {
        text = text.replace(from, to);
    }
    folder.write("src/books/models.rs", &text);
    folder.ok(&["makemigrations", "--no-input"]);
}

/// What follows the head.
fn models(inspected: &str) -> &str {
    &inspected[inspected.find("pub mod").expect("a model")..]
}

/// What the head says is to be run.
fn statements(inspected: &str) -> String {
    let head = inspected
        .lines()
        .filter_map(|line| line.strip_prefix("//!     "));
    head.filter(|line| line.ends_with(';'))
        .collect::<Vec<_>>()
        .join("\n")
}

const POSTGRES: &str = "
    CREATE TABLE author (
        id serial CONSTRAINT author_key PRIMARY KEY,
        name varchar(80) NOT NULL CONSTRAINT one_name UNIQUE,
        code text CONSTRAINT odd_code UNIQUE,
        mentor_id integer CONSTRAINT mentored REFERENCES author (id) ON DELETE SET NULL
    );
    CREATE TABLE book (
        id bigserial PRIMARY KEY,
        type text NOT NULL CONSTRAINT known_type CHECK (type IN ('novel', 'poems')),
        price numeric(8, 2) CHECK (price > 0),
        writer integer NOT NULL CONSTRAINT written_by REFERENCES author (id) ON DELETE CASCADE,
        author_code text REFERENCES author (code),
        CONSTRAINT once UNIQUE (type, writer)
    );
    CREATE INDEX by_price ON book (price);
    CREATE INDEX by_both ON book (type, price);
    CREATE INDEX by_half ON book (price) WHERE price > 1;
    INSERT INTO author (name, code) VALUES ('Ada', 'a'), ('Bob', 'b');
    INSERT INTO book (type, price, writer) VALUES ('novel', 5, 1);
";

#[test]
fn a_database_of_postgresql_takes_the_names_that_migrations_know() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("legacy");
    execute_on_postgres(&url, POSTGRES.to_owned());
    let folder = Folder::with_project();
    folder.edit(".env", "sqlite://db.sqlite3", &url);
    folder.ok(&["startapp", "books"]);
    let inspected = folder.ok(&["inspectdb"]);
    assert!(inspected.stderr.contains("by_half"), "{inspected:?}");
    for part in [
        "RENAME CONSTRAINT \"mentored\" TO \"author_mentor_id_fkey\";",
        "CREATE UNIQUE INDEX \"book_type_writer_key\" ON \"book\" (\"type\", \"writer\");",
        "ALTER INDEX \"by_price\" RENAME TO \"book_price_idx\";",
        "extra = \"CHECK (type IN ('novel', 'poems'))\"",
        "extra = \"CHECK (price > (0))\"",
        "unique_key = \"type_writer\"",
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
    execute_on_postgres(&url, statements(&inspected.stdout));
    let again = folder.ok(&["inspectdb", "author", "book"]).stdout;
    assert_eq!(models(&again), models(&inspected.stdout));
    assert!(statements(&again).is_empty(), "{again}");

    // Each of them can go: none is called otherwise than the migrations think.
    let text = folder.read("src/books/models.rs");
    let text = text.replace("unique_key = \"type_writer\", ", "");
    let text = text.replace(", unique_key = \"type_writer\"", "");
    let text = text.replace("unique_key = \"type_writer\"", "");
    let text = text.replace("extra = \"CHECK (type IN ('novel', 'poems'))\"", "");
    let text = text.replace("CHECK (price > (0))", "CHECK (price > 1)");
    folder.write("src/books/models.rs", &text);
    drop_all(&folder);
    folder.ok(&["migrate"]);
    folder.ok(&["makemigrations", "--check"]);
    execute_on_postgres(
        &url,
        "INSERT INTO book (type, price, writer) VALUES ('new', 5, 1)".to_owned(),
    );
}

fn execute_on_postgres(url: &str, sql: String) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let mut connection = PgConnection::connect(url).await.expect("a database");
        connection
            .execute(AssertSqlSafe(sql))
            .await
            .expect("valid SQL");
        connection.close().await.expect("closed");
    });
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

fn execute(database: &Path, sql: impl Into<String>) {
    let url = format!("sqlite://{}?mode=rwc", database.display());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        connection
            .execute(AssertSqlSafe(sql.into()))
            .await
            .expect("valid SQL");
        connection.close().await.expect("closed");
    });
}
