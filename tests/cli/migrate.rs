//! `migrate`, `showmigrations` and `sqlmigrate` on SQLite.

use sqlx::{Connection, Executor, SqliteConnection};

use crate::cluster::Cluster;
use crate::folder::Folder;

#[test]
fn a_fresh_database_and_a_second_run() {
    let folder = Folder::with_app();
    let first = folder.ok(&["migrate"]).stderr;
    assert!(first.contains("Apply all migrations: api, auth"), "{first}");
    assert!(first.contains("Applying api.0002_initial... OK"), "{first}");
    let second = folder.ok(&["migrate"]).stderr;
    assert!(second.contains("No migrations to apply."), "{second}");
    let list = folder.ok(&["showmigrations"]).stdout;
    assert_eq!(list, "api\n [X] 0002_initial\nauth\n [X] 0001_initial\n");
}

#[test]
fn down_to_zero_and_up_again() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    folder.ok(&["migrate", "0001"]);
    let list = folder.ok(&["showmigrations"]).stdout;
    assert_eq!(list, "api\n [ ] 0002_initial\nauth\n [X] 0001_initial\n");
    folder.ok(&["migrate", "zero"]);
    folder.ok(&["migrate"]);
    folder.ok(&["migrate", "--check"]);
}

#[test]
fn a_target_may_be_named_with_its_app_as_in_django() {
    let folder = Folder::with_app();
    let listed = || folder.ok(&["showmigrations"]).stdout;
    let both = "api\n [X] 0002_initial\nauth\n [X] 0001_initial\n";
    let one = "api\n [ ] 0002_initial\nauth\n [X] 0001_initial\n";
    let up = folder.ok(&["migrate", "api", "0002"]).stderr;
    assert!(
        up.contains("Target specific migration: 0002, from api"),
        "{up}"
    );
    assert_eq!(listed(), both);
    folder.ok(&["migrate", "api", "zero"]);
    assert_eq!(listed(), one);
    for target in ["2", "0002_ini", "0002_initial", "0002_api_initial"] {
        folder.ok(&["migrate", "api", target]);
        assert_eq!(listed(), both, "{target}");
        folder.ok(&["migrate", "auth.0001_initial"]);
        assert_eq!(listed(), one, "{target}");
    }
}

#[test]
fn an_app_alone_cannot_leave_the_line() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    for (named, words) in [
        (
            &["api"][..],
            &["one line for all apps", "backsmith migrate api 0002"][..],
        ),
        (
            &["auth", "zero"],
            &["would also undo api.0002_initial", "backsmith migrate zero"],
        ),
        (
            &["auth", "0001"],
            &["would also undo api.0002_initial", "backsmith migrate 0001"],
        ),
        (
            &["api", "0001"],
            &[
                "Cannot find a migration matching '0001' from app 'api'.",
                "that is auth.0001_initial",
            ],
        ),
        (
            &["api", "nine"],
            &["Cannot find a migration matching 'nine' from app 'api'."],
        ),
        (
            &["blog", "0002"],
            &[
                "No installed app with label 'blog'.",
                "installed apps: auth, api",
            ],
        ),
        (&["blog"], &["there is no migration `blog`"]),
    ] {
        let command: Vec<&str> = ["migrate"].iter().chain(named).copied().collect();
        folder.refuses(1, &command, words);
    }
    folder.ok(&["migrate", "--check"]);
}

#[test]
fn a_plan_makes_no_database() {
    let folder = Folder::with_app();
    let plan = folder.ok(&["migrate", "--plan"]).stdout;
    assert!(plan.contains("api.0002_initial"), "{plan}");
    assert!(!folder.path("db.sqlite3").exists());
}

#[test]
fn a_changed_file_is_refused() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    let file = "migrations/sqlite/0002_api_initial.up.sql";
    folder.write(file, &format!("{}-- more\n", folder.read(file)));
    folder.refuses(
        1,
        &["migrate"],
        &["`0002_api_initial` was changed after it was applied"],
    );
}

#[test]
fn a_missing_file_is_refused() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    for direction in ["up", "down"] {
        for dialect in ["sqlite", "postgres"] {
            let file = format!("migrations/{dialect}/0002_api_initial.{direction}.sql");
            std::fs::remove_file(folder.path(file)).expect("removed");
        }
    }
    folder.refuses(1, &["migrate"], &["migration 0002", "its file is missing"]);
}

#[test]
fn a_failing_migration_leaves_nothing_behind() {
    let folder = Folder::with_app();
    folder.write(
        "migrations/sqlite/0003_api_broken.up.sql",
        "CREATE TABLE half (id integer);\nINSERT INTO nowhere VALUES (1);\n",
    );
    folder.write(
        "migrations/sqlite/0003_api_broken.down.sql",
        "DROP TABLE half;\n",
    );
    let outcome = folder.run(&["migrate"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.contains("`0003_api_broken` failed"),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("nowhere"), "{outcome:?}");
    let tables = query(
        &folder,
        "SELECT count(*) FROM sqlite_master WHERE name = 'half'",
    );
    assert_eq!(tables, 0);
    assert_eq!(query(&folder, "SELECT count(*) FROM _sqlx_migrations"), 2);
}

#[test]
fn rows_that_are_in_the_way_are_told_from_a_wrong_file() {
    let folder = Folder::with_app();
    folder.ok(&["migrate"]);
    query(
        &folder,
        "INSERT INTO api_task (title) VALUES ('a'), ('a') RETURNING id",
    );
    let (plain, unique) = (
        "StringLen::N(200))\", indexed)",
        "StringLen::N(200))\", unique)",
    );
    folder.edit("src/api/models.rs", plain, unique);
    folder.ok(&["makemigrations"]);
    let outcome = folder.run(&["migrate"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    for words in ["UNIQUE constraint failed", "rows that are there do not fit"] {
        assert!(outcome.stderr.contains(words), "{outcome:?}");
    }
}

#[test]
fn a_locked_database_is_waited_for_and_then_named() {
    let folder = Folder::with_app();
    folder.ok(&["migrate", "0001"]);
    block_on(async {
        let mut other = connect(&folder).await;
        other.execute("BEGIN IMMEDIATE").await.expect("the lock");
        let words = ["the database is locked", "try again"];
        let outcome = folder.run(&["migrate"]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        for word in words {
            assert!(outcome.stderr.contains(word), "{outcome:?}");
        }
        other.execute("ROLLBACK").await.expect("unlocked");
        folder.ok(&["migrate"]);
    });
}

#[test]
fn an_url_that_leads_nowhere() {
    let folder = Folder::with_app();
    let refuses = |url: &str, words: &[&str]| {
        folder.refuses(1, &["migrate", "--database-url", url], words);
    };
    refuses(
        "postgres://ann:secret@127.0.0.1:1/x",
        &["PostgreSQL at 127.0.0.1:1"],
    );
    refuses(
        "mysql://localhost/x",
        &["neither with sqlite: nor with postgres:"],
    );
    refuses("sqlite:///no/such/folder/x.db", &["/no/such/folder/x.db"]);
    let outcome = folder.run(&[
        "migrate",
        "--database-url",
        "postgres://ann:secret@127.0.0.1:1/x",
    ]);
    assert!(!outcome.stderr.contains("secret"), "{outcome:?}");
}

#[test]
fn a_migration_that_does_not_exist() {
    let folder = Folder::with_app();
    folder.refuses(1, &["migrate", "0042"], &["0042", "showmigrations"]);
    folder.refuses(1, &["sqlmigrate", "42"], &["42", "showmigrations"]);
}

#[test]
fn sql_is_printed_as_it_will_run() {
    let folder = Folder::with_app();
    let shown = folder
        .ok(&["sqlmigrate", "2", "--dialect", "postgres"])
        .stdout;
    assert_eq!(
        shown,
        folder.read("migrations/postgres/0002_api_initial.up.sql")
    );
    let shown = folder.ok(&["sqlmigrate", "2", "--backwards"]).stdout;
    assert_eq!(
        shown,
        folder.read("migrations/sqlite/0002_api_initial.down.sql")
    );
}

/// Both may do the work, neither may fail or do it twice.
#[test]
fn two_programs_migrate_at_once() {
    for _ in 0..5 {
        let folder = Folder::with_app();
        let both: Vec<_> = (0..2)
            .map(|_| {
                folder
                    .command(&["migrate"])
                    .spawn()
                    .expect("the program starts")
            })
            .collect();
        for mut child in both {
            assert!(child.wait().expect("it ends").success());
        }
        assert_eq!(query(&folder, "SELECT count(*) FROM _sqlx_migrations"), 2);
    }
}

/// The one that comes second must not be in the way of an index that is made concurrently.
#[test]
fn two_programs_migrate_at_once_on_postgresql() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let folder = Folder::with_app();
    for dialect in ["sqlite", "postgres"] {
        let how = if dialect == "postgres" {
            "CONCURRENTLY"
        } else {
            ""
        };
        let name = format!("migrations/{dialect}/0003_api_title");
        let up = format!("-- no-transaction\nCREATE INDEX {how} by_title ON api_task (title);\n");
        folder.write(&format!("{name}.up.sql"), &up);
        folder.write(&format!("{name}.down.sql"), "DROP INDEX by_title;\n");
    }
    for round in 0..5 {
        let url = cluster.create_database(&format!("round_{round}"));
        let args = ["migrate", "--database-url", &url];
        let both = [0, 1].map(|_| folder.command(&args).spawn().expect("the program starts"));
        for mut child in both {
            assert!(child.wait().expect("it ends").success());
        }
        folder.ok(&["migrate", "--check", "--database-url", &url]);
    }
}

fn query(folder: &Folder, sql: &'static str) -> i64 {
    block_on(async {
        let mut connection = connect(folder).await;
        let rows = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
        rows.expect("a number")
    })
}

async fn connect(folder: &Folder) -> SqliteConnection {
    let url = format!("sqlite://{}", folder.path("db.sqlite3").display());
    SqliteConnection::connect(&url)
        .await
        .expect("the database opens")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

#[test]
fn migrations_in_order_and_as_json() {
    let folder = Folder::with_app();
    folder.ok(&["migrate", "1"]);
    let plan = folder.ok(&["showmigrations", "--plan"]).stdout;
    assert_eq!(plan, "[X]  auth.0001_initial\n[ ]  api.0002_initial\n");
    let list = folder.ok(&["showmigrations", "--json"]).stdout;
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let expected = serde_json::json!({ "app": "api", "name": "0002_initial", "applied": false });
    assert_eq!(list["migrations"][1], expected);
}

/// git turns line endings as the platform has them.
#[test]
fn line_endings_are_no_change() {
    let folder = Folder::with_app();
    let turn = |from: &str, to: &str| {
        for (path, (_, text)) in folder.tree() {
            if path.extension().is_some_and(|extension| extension == "sql") {
                let text = String::from_utf8(text).expect("text");
                folder.write(&path.display().to_string(), &text.replace(from, to));
            }
        }
    };
    folder.ok(&["migrate"]);
    turn("\n", "\r\n");
    folder.ok(&["migrate", "--check"]);
    folder.ok(&["makemigrations", "--check"]);
    let other = format!("sqlite://{}", folder.path("other.sqlite3").display());
    folder.ok(&["migrate", "--database-url", &other]);
    turn("\r\n", "\n");
    folder.ok(&["migrate", "--check", "--database-url", &other]);
    folder.edit(
        "migrations/sqlite/0002_api_initial.up.sql",
        "\"title\"",
        "\"name\"",
    );
    let words = ["0002_api_initial", "was changed after it was applied"];
    folder.refuses(1, &["migrate", "--database-url", &other], &words);
}
