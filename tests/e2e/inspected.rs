//! Models that `inspectdb` prints of databases with odd names and types: they compile, and read every
//! row.

use std::fmt::Write;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::cluster::Cluster;
use crate::project::Folder;

const POSTGRES: &str = "
    CREATE TYPE \"Uuid\" AS ENUM ('x'); CREATE TYPE string AS ENUM ('a b', 'a-b', '2', '');
    CREATE TYPE option AS ENUM ('none', 'some'); CREATE TYPE twins AS ENUM ('a', 'A', 'self');
    CREATE TYPE mood AS ENUM ('sad'); CREATE TYPE \"moodEnum\" AS ENUM ('b'); CREATE TYPE model AS ENUM ('c');
    CREATE DOMAIN percent AS integer;
    CREATE TABLE odd (
        id uuid PRIMARY KEY, u \"Uuid\", s string, o option, t twins, m mood, n \"moodEnum\", k model,
        line1 integer, line_1 integer, \"createdAt\" timestamp(6), created_at timestamptz(0), \"self\" text,
        type text, p percent, j jsonb, b bytea, d date, e time(3), f real, g double precision, h numeric(8, 2),
        i smallint, l char(3), q boolean, x text COLLATE \"C\", y integer GENERATED ALWAYS AS (i * 2) STORED
    );
    INSERT INTO odd VALUES ('00000000-0000-0000-0000-000000000001', 'x', 'a b', 'none', 'A', 'sad', 'b', 'c', 1, 2,
        now(), now(), 'x', 'y', 5, '{}', '\\x00', now(), now(), 1.5, 2.5, 3.25, 4, 'abc', true);
    CREATE INDEX ON odd (d DESC NULLS LAST, (i + 1)) WHERE q; CREATE INDEX ON odd USING gin (j);
    CREATE UNIQUE INDEX ON odd (lower(type)) WHERE q; CREATE INDEX ON odd (i) INCLUDE (\"createdAt\", \"self\");
    CREATE TABLE \"Option\" (id serial PRIMARY KEY, odd uuid REFERENCES odd (id), other uuid REFERENCES odd (id));
    INSERT INTO \"Option\" (odd) VALUES ('00000000-0000-0000-0000-000000000001');
    CREATE TABLE pair (b integer, a integer, PRIMARY KEY (b, a));
    INSERT INTO pair VALUES (1, 2);";

const SQLITE: &str = "
    CREATE TABLE odd (
        id INTEGER PRIMARY KEY, y YEAR, v VARBINARY(16), s STRING, b BIT, n NUMERIC, d DECIMAL(8, 2), r REAL,
        t DATETIME DEFAULT CURRENT_TIMESTAMP, w DATE, x BOOLEAN, j JSON, c NVARCHAR(40), line1 INT, line_1 INT, blob BLOB,
        e TEXT COLLATE NOCASE, g INTEGER AS (line1 + 1)
    );
    CREATE INDEX odd1 ON odd (w DESC, lower(c)) WHERE x IS NOT NULL; CREATE UNIQUE INDEX odd2 ON odd (s COLLATE RTRIM);
    INSERT INTO odd VALUES (1, 2026, x'00', 'abc', 1, 2, 3.25, 1.5, '2026-01-31 12:30:00', '2026-01-31', 1, '{}', 'x', 1, 2, x'01', 'y');
    CREATE TABLE pair (b INTEGER, a INTEGER, PRIMARY KEY (b, a));
    INSERT INTO pair VALUES (1, 2);";

/// A project with the models of the database at `url`, and a test that reads all of it.
fn check(url: &str) {
    let mut folder = Folder::new("todo");
    folder.set("DATABASE_URL", url);
    folder.backsmith(&["startproject", "core", ".", "--no-input"]);
    folder.backsmith(&["startapp", "old", "--empty"]);
    let output = folder
        .command(crate::project::program(), &["inspectdb"])
        .output();
    let output = output.expect("the program starts");
    let models = String::from_utf8(output.stdout).expect("text");
    // SeaORM's derive passes over the word.
    let models = models.replace(
        "#[sea_orm(table_name = \"pair\")]",
        "#[sea_orm(table_name = \"pair\")]\n    #[sea_orm(renamed_from = \"couple\")]",
    );
    folder.write("src/old/models.rs", &models);
    folder.backsmith(&["makemigrations"]);
    let mut reads = String::new();
    let modules = models
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "));
    for module in modules.filter_map(|rest| rest.strip_suffix(" {")) {
        writeln!(
            reads,
            "    assert!(!super::models::{module}::Entity::find().all(&db).await.unwrap().is_empty());"
        )
        .expect("a text");
    }
    folder.write(
        "src/old/tests.rs",
        &format!(
            "use restkit::Settings;\nuse sea_orm::EntityTrait;\n\n#[tokio::test]\nasync fn every_row_is_read() {{\n    \
             let settings = Settings::from_env().unwrap();\n    let db = restkit::db::connect(&settings).await.unwrap();\n{reads}}}\n"
        ),
    );
    let module = folder.read("src/old/mod.rs");
    if !module.contains("mod tests;") {
        folder.write(
            "src/old/mod.rs",
            &format!("{module}\n#[cfg(test)]\nmod tests;\n"),
        );
    }
    let tested = folder.cargo(&["test", "--quiet", "--lib", "every_row"]);
    assert!(tested.contains("1 passed"), "{tested}");
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

#[test]
fn printed_models_compile_and_read_every_row() {
    let file = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", file.path().join("old.db").display());
    block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        connection.execute(SQLITE).await.expect("valid SQL");
        connection.close().await.expect("closed");
    });
    check(&url);
    if let Some(cluster) = Cluster::start() {
        let url = cluster.create_database("old");
        block_on(async {
            let mut connection = PgConnection::connect(&url).await.expect("a server");
            connection
                .execute(AssertSqlSafe(POSTGRES.to_owned()))
                .await
                .expect("valid SQL");
        });
        check(&url);
    }
}
