//! `inspectdb` on databases that nobody here made.

use crate::cluster::Cluster;
use crate::database::{execute, execute_on_postgres, statements};
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
    assert!(!inspected.stderr.contains("by_half"), "{inspected:?}");
    for part in [
        "pub type_: String",
        "column_name = \"createdAt\"",
        "pub rating: Option<f64>",
        "pub mentor_id: Option<i64>",
        "default_value = true",
        "pub mentor: HasOne<Entity>",
        "indexed, index_key = \"type_price\", extra = \"CHECK (price > 0)\"",
        "index = \"price_2: (price) WHERE price > 1\"",
        "//!     CREATE INDEX \"book_price_2_idx\" ON \"book\" (\"price\") WHERE price > 1;",
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
    // Only the old one has whole numbers among fractions.
    let plain = inspected.stdout.replace(", select_as = \"real\"", "");
    assert_eq!(models(&again.stdout), models(&plain));

    // With the names that the head gives, what was there can change like what migrations made.
    execute(&database, statements(&inspected.stdout));
    drop_all(&folder);
    folder.ok(&["migrate"]);
    folder.ok(&["makemigrations", "--check"]);
}

/// Takes indexes, conditions and a foreign key out of the models, and makes the migration.
fn drop_all(folder: &Folder) {
    let mut text = folder.read("src/books/models.rs");
    for (from, to) in [
        ("index = \"price_2: (price) WHERE price > 1\", ", ""),
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
    assert!(!inspected.stderr.contains("by_half"), "{inspected:?}");
    for part in [
        "RENAME CONSTRAINT \"mentored\" TO \"author_mentor_id_fkey\";",
        "CREATE UNIQUE INDEX \"book_type_writer_key\" ON \"book\" (\"type\", \"writer\");",
        "ALTER INDEX \"by_price\" RENAME TO \"book_price_idx\";",
        "ALTER INDEX \"by_half\" RENAME TO \"book_price_2_idx\";",
        "index = \"price_2: (price) WHERE price > 1\"",
        "extra = \"CHECK (type IN ('novel', 'poems'))\"",
        "extra = \"CHECK (price > 0)\"",
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
    let text = text.replace("CHECK (price > 0)", "CHECK (price > 1)");
    folder.write("src/books/models.rs", &text);
    drop_all(&folder);
    folder.ok(&["migrate"]);
    folder.ok(&["makemigrations", "--check"]);
    execute_on_postgres(
        &url,
        "INSERT INTO book (type, price, writer) VALUES ('new', 5, 1)".to_owned(),
    );
}

/// Names that are one name in Rust, that Rust keeps for itself, or that have no letter for it.
const ODD_NAMES: &str = "
    CREATE TABLE \"A-B\" (id integer PRIMARY KEY);
    CREATE TABLE a_b (id integer PRIMARY KEY, \"x-y\" int, x_y int, \"X Y\" int);
    CREATE TABLE child (
        id integer PRIMARY KEY,
        one integer REFERENCES \"A-B\" (id),
        two integer REFERENCES a_b (x_y)
    );
    CREATE UNIQUE INDEX a_b_x_y_key ON a_b (x_y);
    CREATE TABLE \"self\" (id integer PRIMARY KEY, \"self\" int, \"ß\" int,
        up_id integer REFERENCES \"self\" (id));
";

#[test]
fn every_name_is_one_of_its_own_in_rust() {
    let folder = Folder::with_project();
    execute(&folder.path("db.sqlite3"), ODD_NAMES);
    folder.ok(&["startapp", "books"]);
    let inspected = folder.ok(&["inspectdb"]).stdout;
    for part in [
        "pub mod a_b {",
        "pub mod a_b_2 {",
        "pub one: Option<i32>",
        "pub a_b_2: HasOne<super::a_b_2::Entity>",
        "#[sea_orm(belongs_to, from = \"two\", to = \"x_y\")]\n        pub a_b: HasOne<super::a_b::Entity>",
        "column_name = \"x-y\")]\n        pub x_y_2: Option<i32>",
        "column_name = \"X Y\")]\n        pub x_y_3: Option<i32>",
        "pub mod this {",
        "column_name = \"self\")]\n        pub this: Option<i32>",
        "column_name = \"ß\")]\n        pub unnamed: Option<i32>",
        "relation_enum = \"Up\"",
    ] {
        assert!(inspected.contains(part), "{part}: {inspected}");
    }
    folder.write("src/books/models.rs", &inspected);
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate", "0001"]);
    folder.ok(&["migrate", "--fake"]);
    folder.ok(&["makemigrations", "--check"]);
}

#[test]
fn what_models_cannot_say_is_told() {
    let folder = Folder::new();
    let database = folder.path("old.db");
    execute(
        &database,
        "CREATE TABLE keyless (a int);
        CREATE TABLE sums (
            a int PRIMARY KEY, b int GENERATED ALWAYS AS (a + 1) STORED, c text AS (printf('%d', a))
        ) STRICT;",
    );
    let told = folder.ok(&["inspectdb", "--database-url", "sqlite://old.db"]);
    for part in [
        "table keyless has no primary key",
        "sums is made with STRICT",
        "sums.c is computed as printf('%d', a), which models cannot say for both databases",
    ] {
        assert!(told.stderr.contains(part), "{part}: {told:?}");
    }
    let field =
        "#[sea_orm(extra = \"GENERATED ALWAYS AS (a + 1) STORED\")]\n        pub b: Option<i32>";
    assert!(told.stdout.contains(field), "{told:?}");
    assert!(!told.stdout.contains("pub c"), "{told:?}");
}

const ODD_POSTGRES: &str = "
    CREATE TABLE def (
        id serial PRIMARY KEY,
        n int DEFAULT nextval('def_id_seq'::regclass),
        x text DEFAULT 'a' || 'b',
        double int GENERATED ALWAYS AS (n * 2) STORED,
        hash text GENERATED ALWAYS AS (md5('a')) STORED
    );
    CREATE TABLE days (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE INDEX days_day ON days (day);
    CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE EXTENSION citext; CREATE TYPE st AS ENUM ('a', 'it''s'); CREATE TYPE own AS ENUM ('x');
    CREATE DOMAIN percent AS integer DEFAULT 5 NOT NULL CHECK (VALUE < 101);
    CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 42';
    CREATE TABLE lists (
        id serial PRIMARY KEY, many int[], span int4range, wait interval, c citext, s st[], o own, p percent,
        f integer DEFAULT answer()
    );
";

#[test]
fn what_postgresql_alone_has() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("odd");
    execute_on_postgres(&url, ODD_POSTGRES.to_owned());
    let folder = Folder::new();
    let inspected = folder.ok(&["inspectdb", "--database-url", &url]);
    for part in [
        "pub n: Option<i32>",
        "extra = \"GENERATED ALWAYS AS (n * 2) STORED\")]\n        pub double: Option<i32>",
        "default_expr = \"Expr::cust(\\\"'a' || 'b'\\\")\"",
        "pub mod days {",
        "#[sea_orm(primary_key, indexed)]\n        pub day: Date",
        "column_type = \"custom(\\\"integer[]\\\")\", select_as = \"text\")]\n        pub many: Option<String>",
        "pub span: Option<String>",
        "pub wait: Option<String>",
    ] {
        assert!(
            inspected.stdout.contains(part),
            "{part}: {}",
            inspected.stdout
        );
    }
    for part in ["pub hash", "days_2026"] {
        assert!(
            !inspected.stdout.contains(part),
            "{part}: {}",
            inspected.stdout
        );
    }
    for part in [
        "def.hash is computed as md5('a'), which models cannot say for both databases",
        "def.n: models have no words for its default",
        "def.id shares the sequence def_id_seq",
        "lists.many is of the type `integer[]`",
        "lists.c is of the type citext, which a fresh database does not have: write CREATE EXTENSION IF NOT EXISTS citext;",
        "write CREATE TYPE st AS ENUM ('a', 'it''s'); at the top",
        "write CREATE DOMAIN percent AS integer DEFAULT 5 NOT NULL CHECK ((VALUE < 101)); at the top",
        "lists.f needs the function answer()",
    ] {
        assert!(inspected.stderr.contains(part), "{part}: {inspected:?}");
    }
    assert!(!inspected.stderr.contains("the type own"), "{inspected:?}");
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
