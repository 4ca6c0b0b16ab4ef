//! A database that others made, taken over and then changed: nothing of it gets lost.

use crate::cluster::Cluster;
use crate::database::{execute, execute_on_postgres, statements, texts, texts_on_postgres};
use crate::folder::Folder;

/// A project whose models are those of a database made by `sql`.
pub fn take_over(sql: &str) -> Folder {
    let folder = Folder::with_project();
    execute(&folder.path("db.sqlite3"), sql);
    folder.ok(&["startapp", "old", "--empty"]);
    let inspected = folder.ok(&["inspectdb"]);
    folder.write("src/old/models.rs", &inspected.stdout);
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate", "0001"]);
    folder.ok(&["migrate", "--fake"]);
    folder.ok(&["makemigrations", "--check"]);
    folder
}

/// The views, triggers and indexes by hand.
fn objects(folder: &Folder) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type <> 'table' AND tbl_name IN ('t', 'log', 'seen') ORDER BY name";
    texts(&folder.path("db.sqlite3"), sql)
}

#[test]
fn triggers_views_and_indexes_survive_a_change_of_their_table() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, w INTEGER);
         CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (new.v); END;
         CREATE TRIGGER other AFTER DELETE ON log BEGIN DELETE FROM t WHERE v = old.id; END;
         CREATE VIEW seen AS SELECT v FROM t;
         CREATE INDEX back ON t (v DESC);
         INSERT INTO t VALUES (1, 2, 3);",
    );
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i32>",
        "pub v: Option<String>",
    );
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate"]);
    // The database was not given the names of the models: it has the index under both.
    let all = ["back", "other", "seen", "t_v_desc_idx", "tr"];
    assert_eq!(objects(&folder), all);
    folder.ok(&["migrate", "0002"]);
    assert_eq!(objects(&folder), all);
}

#[test]
fn what_a_table_would_lose_stops_the_migration() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, c TEXT UNIQUE ON CONFLICT REPLACE);
         INSERT INTO t VALUES (1, 2, 'a');",
    );
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i32>",
        "pub v: Option<String>",
    );
    folder.ok(&["makemigrations"]);
    folder.refuses(
        1,
        &["migrate"],
        &[
            "0003",
            "the table `t` has what no migration knows",
            "c ON CONFLICT REPLACE",
        ],
    );
    folder.refuses(1, &["migrate", "--check"], &["1 migration is not applied"]);
}

#[test]
fn what_models_say_of_a_column_survives_a_rebuild() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, c TEXT COLLATE NOCASE, d INTEGER AS (v * 2),
            e TEXT NOT NULL GENERATED ALWAYS AS (lower(c)) STORED);
         CREATE UNIQUE INDEX once ON t (e) WHERE v > 0;
         INSERT INTO t (id, v, c) VALUES (1, 2, 'A');",
    );
    let models = folder.read("src/old/models.rs");
    for part in [
        "extra = \"COLLATE NOCASE\"",
        "extra = \"GENERATED ALWAYS AS (v * 2) VIRTUAL\"",
        "unique_index = \"(e) WHERE v > 0\", extra = \"GENERATED ALWAYS AS (lower(c)) STORED\"",
    ] {
        assert!(models.contains(part), "{part}: {models}");
    }
    folder.edit(
        "src/old/models.rs",
        "pub v: Option<i32>",
        "pub v: Option<f64>",
    );
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate"]);
    let database = folder.path("db.sqlite3");
    let found = texts(&database, "SELECT d || e FROM t WHERE c = 'a'");
    assert_eq!(found, ["4a"]);
    folder.ok(&["makemigrations", "--check"]);
}

/// Takes over a database of PostgreSQL made by `sql`; what inspectdb has warned of.
pub fn take_over_on_postgres(url: &str, sql: &str) -> (Folder, String) {
    execute_on_postgres(url, sql.to_owned());
    let folder = Folder::with_project();
    folder.edit(".env", "sqlite://db.sqlite3", url);
    folder.ok(&["startapp", "old", "--empty"]);
    let inspected = folder.ok(&["inspectdb"]);
    folder.write("src/old/models.rs", &inspected.stdout);
    let made = folder.run(&["makemigrations"]);
    assert_eq!(made.code, Some(0), "{sql}\n{made:?}\n{}", inspected.stdout);
    folder.ok(&["migrate", "0001"]);
    folder.ok(&["migrate", "--fake"]);
    folder.ok(&["makemigrations", "--check"]);
    execute_on_postgres(url, statements(&inspected.stdout));
    (folder, inspected.stdout + &inspected.stderr)
}

#[test]
fn what_inspectdb_prints_is_what_makemigrations_reads_on_postgresql() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let columns = "
        a varchar(16) DEFAULT NULL, b char(3) DEFAULT NULL::bpchar, c date DEFAULT ('now'::text)::date,
        d timestamptz DEFAULT (now() + '72:00:00'::interval), e text DEFAULT lower('ABC'::text),
        f text DEFAULT ('a'::text || 'b'::text), g text DEFAULT md5((random())::text),
        h integer DEFAULT EXTRACT(epoch FROM now())::integer, i numeric DEFAULT 1.5::numeric(5,2),
        j text DEFAULT CURRENT_USER, k timestamp DEFAULT LOCALTIMESTAMP,
        l timestamptz DEFAULT '1970-01-01 00:00:00+00', m double precision DEFAULT 'NaN', n serial,
        o timestamp(6), p timestamp(0), q timestamptz(6), r time(6), s other.percent, u other.st, v st[],
        w integer NOT NULL DEFAULT answer()";
    let sql = format!(
        "CREATE SCHEMA other; CREATE DOMAIN other.percent AS integer; CREATE TYPE other.st AS ENUM ('x');
        CREATE TYPE st AS ENUM ('y'); CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 42';
        CREATE TABLE t (id bigserial PRIMARY KEY, {columns});
        CREATE TABLE pair (tenant integer NOT NULL, id serial, PRIMARY KEY (tenant, id));"
    );
    let (_, told) = take_over_on_postgres(&cluster.create_database("defaults"), &sql);
    for part in [
        "t.n: models have no words for its default",
        "pair.id: models have no words for its default",
        "t.p keeps timestamp(0)",
        "Expr::cust(\\\"lower('ABC')\\\")",
        "Expr::cust(\\\"CURRENT_USER\\\")",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn nothing_is_left_out_without_a_word_on_postgresql() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let sql = "
        CREATE SCHEMA other; CREATE TABLE other.far (id bigint PRIMARY KEY);
        CREATE TABLE b (id bigint PRIMARY KEY, y bigint, UNIQUE (id, y));
        CREATE TABLE t (
            id bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 5) PRIMARY KEY,
            a integer, b integer, v text COLLATE \"C\", w text, x bigint REFERENCES b DEFERRABLE INITIALLY DEFERRED,
            y bigint REFERENCES b ON DELETE CASCADE, z bigint REFERENCES other.far,
            UNIQUE (b, a), CHECK (b > a), CHECK (v ~ '^[a-z]+$'), CHECK (char_length(w) <= 255), CHECK (w LIKE 'a%'),
            CONSTRAINT twice FOREIGN KEY (y) REFERENCES b (id)
        );
        CREATE TABLE turned (a integer, b integer, PRIMARY KEY (b, a));
        CREATE TABLE keyless (a integer NOT NULL, b text NOT NULL, c text, UNIQUE (a, b));
        CREATE SEQUENCE shared; CREATE TABLE one (id bigint PRIMARY KEY DEFAULT nextval('shared'));
        CREATE TABLE two (id bigint PRIMARY KEY DEFAULT nextval('shared'));";
    let url = cluster.create_database("extras");
    let (_, told) = take_over_on_postgres(&url, sql);
    for part in [
        "extra = \"CHECK (b > a)\"",
        "extra = \"COLLATE \\\"C\\\" CHECK (v ~ '^[a-z]+$')\"",
        "CHECK (length(w) <= 255)",
        "models have no words for the constraint t_w_check",
        "unique_key = \"b_a\"",
        "t.id is GENERATED ALWAYS",
        "t.id counts from 100 in steps of 5",
        "is DEFERRABLE",
        "other.far of another schema",
        "ADD CONSTRAINT \"keyless_pkey\" PRIMARY KEY (\"a\", \"b\")",
        "one.id shares the sequence shared",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn what_inspectdb_prints_is_what_makemigrations_reads_on_sqlite() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT \"pending\", b BOOLEAN DEFAULT 'f', c BOOLEAN DEFAULT 't',
            d BOOLEAN DEFAULT 'false', f INTEGER DEFAULT 9223372036854775807,
            g DATETIME DEFAULT (datetime('now')), h TEXT DEFAULT (lower(hex(randomblob(16)))),
            x INTEGER, y INTEGER, UNIQUE (y, x), CONSTRAINT CHECK_it CHECK (y > x), CHECK (a GLOB 'p*'));
         CREATE TABLE none (a INTEGER, b TEXT);
         CREATE TABLE pair (a INTEGER, b INTEGER, e DATETIME DEFAULT 0, PRIMARY KEY (b, a));
         CREATE TABLE keyless (a INTEGER NOT NULL UNIQUE, b TEXT);
         INSERT INTO t (id, x, y) VALUES (1, 2, 3);",
    );
    let models = folder.read("src/old/models.rs");
    for part in [
        "default_value = \"pending\"",
        "default_value = 9223372036854775807",
        "extra = \"CHECK (y > x)\"",
        "extra = \"CHECK (a GLOB 'p*')\"",
        "unique_key = \"y_x\"",
        "#[sea_orm(primary_key, auto_increment = false)]\n        pub a: i32",
    ] {
        assert!(models.contains(part), "{part}: {models}");
    }
    // The rebuild keeps all of it.
    folder.edit(
        "src/old/models.rs",
        "pub d: Option<bool>",
        "pub d: Option<String>",
    );
    folder.edit(
        "src/old/models.rs",
        "#[sea_orm(default_value = false)]\n        pub d",
        "pub d",
    );
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate"]);
    let sql = "SELECT sql FROM sqlite_master WHERE name = 't'";
    let table = texts(&folder.path("db.sqlite3"), sql).join("");
    for part in [
        "CHECK (y > x)",
        "CHECK (a GLOB 'p*')",
        "lower(hex(randomblob(16)))",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
}

#[test]
fn names_that_differ_in_capitals_alone() {
    let folder = take_over(
        "CREATE TABLE \"Thing\" (id INTEGER PRIMARY KEY, \"Name\" TEXT);
         CREATE TABLE \"_new_thing\" (id INTEGER PRIMARY KEY, x INTEGER);
         INSERT INTO \"Thing\" VALUES (1, 'a');",
    );
    folder.edit(
        "src/old/models.rs",
        "table_name = \"Thing\"",
        "table_name = \"thing\"",
    );
    folder.edit("src/old/models.rs", "column_name = \"Name\", ", "");
    folder.ok(&[
        "makemigrations",
        "--rename",
        "Thing:thing",
        "--rename",
        "thing.Name:name",
    ]);
    folder.ok(&["migrate"]);
    let database = folder.path("db.sqlite3");
    assert_eq!(texts(&database, "SELECT name FROM thing"), ["a"]);
    let names = "SELECT name FROM pragma_table_info('thing') ORDER BY cid";
    assert_eq!(texts(&database, names), ["id", "name"]);
    folder.ok(&["makemigrations", "--check"]);
    // A rebuild finds a name that is free.
    folder.edit(
        "src/old/models.rs",
        "pub name: Option<String>",
        "pub name: Option<Vec<u8>>",
    );
    folder.edit(
        "src/old/models.rs",
        "column_type = \"Text\"",
        "column_type = \"Blob\"",
    );
    folder.ok(&["makemigrations", "--allow-destructive"]);
    folder.ok(&["migrate"]);
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate", "0002"]);
    let names =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%thing' ORDER BY 1";
    assert_eq!(texts(&database, names), ["Thing", "_new_thing"]);
}

#[test]
fn types_that_sqlite_does_not_know_are_those_of_the_rows() {
    let folder = take_over(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a YEAR, b VARBINARY(16), c STRING, d BIT, e THING, f MONEYS);
         INSERT INTO t VALUES (1, 2026, x'00', 'abc', 1, 5, 1.5);",
    );
    let models = folder.read("src/old/models.rs");
    for part in [
        "pub a: Option<i32>",
        "pub b: Option<Vec<u8>>",
        "column_type = \"Text\")]\n        pub c: Option<String>",
        "pub d: Option<i32>",
        "pub e: Option<i64>",
        "pub f: Option<f64>",
    ] {
        assert!(models.contains(part), "{part}: {models}");
    }
}

#[test]
fn a_fresh_database_gets_what_inspectdb_has_told() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("typed");
    let (folder, told) = take_over_on_postgres(
        &url,
        "CREATE EXTENSION citext; CREATE TYPE st AS ENUM ('a', 'it''s');
         CREATE DOMAIN percent AS integer DEFAULT 5 CHECK (VALUE < 101);
         CREATE TABLE t (id bigint PRIMARY KEY, c citext, s st[], p percent);",
    );
    let statements: String = told
        .lines()
        .filter_map(|line| line.split_once(": write ")?.1.split_once(" at the top"))
        .map(|(statement, _)| format!("{statement}\n"))
        .collect();
    let file = "migrations/postgres/0002_old_initial.up.sql";
    folder.write(file, &format!("{statements}{}", folder.read(file)));
    let fresh = cluster.create_database("fresh");
    folder.ok(&["migrate", "--database-url", &fresh]);
    let types = "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 1";
    let found = texts_on_postgres(&fresh, types);
    assert_eq!(found, texts_on_postgres(&url, types));
    assert_eq!(found, ["citext", "st[]", "percent"]);
}
