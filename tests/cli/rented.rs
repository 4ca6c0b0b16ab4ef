//! PostgreSQL as it is rented and shared: roles with few rights, tables that others hold.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use backsmith::shared::pooler::{Way, probe};

use crate::cluster::{Cluster, unprivileged};
use crate::folder::Folder;

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    let done = connection.execute(AssertSqlSafe(sql.to_owned())).await;
    done.expect("valid SQL");
}

#[test]
fn who_only_looks_needs_no_rights() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("shared");
    block_on(async {
        let mut owner = PgConnection::connect(&url).await.expect("a server");
        execute(
            &mut owner,
            "CREATE ROLE guest LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        )
        .await;
    });
    let folder = Folder::with_app();
    let guest = url.replace("postgres@", "guest@");
    let listed = folder.ok(&["migrate", "--plan", "--database-url", &guest]);
    assert!(listed.stdout.contains("api.0002_initial"), "{listed:?}");
    folder.refuses(
        1,
        &["migrate", "--check", "--database-url", &guest],
        &["2 migrations are not applied"],
    );
    folder.refuses(
        1,
        &["migrate", "--database-url", &guest],
        &[
            "the migrations cannot be recorded",
            "GRANT CREATE ON SCHEMA public",
        ],
    );
    folder.ok(&["migrate", "--database-url", &url]);
    block_on(async {
        let mut owner = PgConnection::connect(&url).await.expect("a server");
        execute(
            &mut owner,
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest",
        )
        .await;
    });
    folder.ok(&["migrate", "--check", "--database-url", &guest]);
}

#[test]
fn a_table_that_somebody_holds_is_asked_for_again() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("held");
    let folder = Folder::with_app();
    folder.ok(&["migrate", "--database-url", &url]);
    folder.edit(
        "src/api/models.rs",
        "        pub completed: bool,\n",
        "        pub completed: bool,\n        pub due: Option<Date>,\n",
    );
    folder.ok(&["makemigrations"]);
    let migrated = block_on(async {
        let mut reader = PgConnection::connect(&url).await.expect("a server");
        execute(&mut reader, "BEGIN; SELECT count(*) FROM api_task").await;
        let mut command = folder.command(&["migrate", "--database-url", &url]);
        command
            .env("DATABASE_LOCK_TIMEOUT", "1")
            .stderr(Stdio::piped())
            .stdout(Stdio::piped());
        let child = command.spawn().expect("the program starts");
        tokio::time::sleep(Duration::from_millis(1600)).await;
        // Others read meanwhile: who waits for the table does not keep it.
        let mut other = PgConnection::connect(&url).await.expect("a server");
        execute(
            &mut other,
            "SET lock_timeout = '1500ms'; SELECT count(*) FROM api_task",
        )
        .await;
        execute(&mut reader, "COMMIT").await;
        child.wait_with_output().expect("it ends")
    });
    let told =
        String::from_utf8_lossy(&migrated.stderr) + String::from_utf8_lossy(&migrated.stdout);
    assert!(migrated.status.success(), "{told}");
    assert!(told.contains("A table is kept by process "), "{told}");
    assert!(told.contains("SELECT count(*) FROM api_task"), "{told}");
    folder.ok(&["migrate", "--check", "--database-url", &url]);
}

/// Debian's PgBouncer before a cluster.
struct PgBouncer {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// Starts it; nothing, where it is not installed.
    fn start(cluster: &Cluster, mode: &str) -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = format!(
            "[databases]\n* = host={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {mode}\nignore_startup_parameters = extra_float_digits\n",
            cluster.socket()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("written");
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).expect("an open folder");
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].map(std::path::Path::new);
        let Some(program) = program.into_iter().find(|program| program.exists()) else {
            assert!(
                std::env::var_os("CI").is_none(),
                "PgBouncer is not installed"
            );
            eprintln!("skipped: PgBouncer is not installed");
            return None;
        };
        let mut command = unprivileged(program);
        command
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .stdin(Stdio::null());
        let child = command.spawn().expect("it starts");
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self {
            child,
            port,
            _folder: folder,
        })
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/pooled", self.port)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(self.child.id() as i32);
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.child.wait();
    }
}

#[test]
fn a_pooler_that_mixes_up_its_clients_is_found() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("pooled");
    let folder = Folder::with_app();
    for (mode, expected) in [("transaction", Way::Mixed), ("session", Way::Direct)] {
        let Some(pooler) = PgBouncer::start(&cluster, mode) else {
            return;
        };
        for _ in 0..3 {
            let options = pooler.url().parse().expect("a URL");
            let way = block_on(probe(&options)).expect("an answer");
            assert_eq!(way, expected, "{mode}");
        }
        if expected == Way::Direct {
            folder.ok(&["migrate", "--database-url", &pooler.url()]);
            continue;
        }
        let words = [
            "a pooler is in front of the database",
            "MIGRATIONS_DATABASE_URL",
        ];
        folder.refuses(1, &["migrate", "--database-url", &pooler.url()], &words);
        let mut command = folder.command(&["migrate"]);
        command
            .env("DATABASE_URL", pooler.url())
            .env("MIGRATIONS_DATABASE_URL", &url);
        assert!(command.status().expect("it runs").success());
    }
    let direct = block_on(probe(&url.parse().expect("a URL"))).expect("an answer");
    assert_eq!(direct, Way::Direct);
}

/// The proof of new migrations sees what the database has besides tables.
#[test]
fn types_and_functions_of_the_database_are_seen_by_the_proof() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("extended");
    block_on(async {
        let mut owner = PgConnection::connect(&url).await.expect("a server");
        let sql = "CREATE EXTENSION citext; CREATE EXTENSION \"uuid-ossp\";
            CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
            CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 42';
            CREATE TABLE secret (id bigint PRIMARY KEY)";
        execute(&mut owner, sql).await;
    });
    let folder = Folder::with_app();
    folder.edit(".env", "sqlite://db.sqlite3", &url);
    // One of the project's own, applied already.
    folder.ok(&["makemigrations", "api", "--empty", "--name", "extension"]);
    folder.write(
        "migrations/postgres/0003_api_extension.up.sql",
        "CREATE EXTENSION citext;\n",
    );
    for (number, field) in [
        "#[sea_orm(column_type = r#\"custom(\"citext\")\"#, default_value = \"\")]\n        pub mail: String,",
        "#[sea_orm(column_type = r#\"custom(\"percent\")\"#, default_value = 1)]\n        pub done: i32,",
        "#[sea_orm(default_expr = \"Expr::cust(\\\"answer()\\\")\")]\n        pub answer: i32,",
        "#[sea_orm(default_expr = \"Expr::cust(\\\"uuid_generate_v4()\\\")\")]\n        pub code: Uuid,",
    ]
    .into_iter()
    .enumerate()
    {
        folder.edit(
            "src/api/models.rs",
            "        pub completed: bool,\n",
            &format!("        pub completed: bool,\n        {field}\n"),
        );
        let made = folder.run(&["makemigrations"]);
        assert_eq!(made.code, Some(0), "{number}: {made:?}");
        assert!(!made.stderr.contains("not proven"), "{made:?}");
        folder.ok(&["makemigrations", "--check"]);
    }
    // Tables are not seen.
    folder.edit(
        "src/api/models.rs",
        "        pub completed: bool,\n",
        "        pub completed: bool,\n        pub last: Option<i64>,\n",
    );
    folder.write(
        "migrations/postgres/0003_api_extension.up.sql",
        "CREATE EXTENSION citext;\nCREATE TABLE x (a citext, s bigint REFERENCES secret (id));\n",
    );
    folder.refuses(
        1,
        &["makemigrations"],
        &["0003_api_extension", "`secret`, which no migration makes"],
    );
}

/// What a value becomes when its column gets another type is the same on both databases.
#[test]
fn values_of_another_type_are_converted_or_refused() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let text = "#[sea_orm(column_type = \"Text\")]\n        pub v: Option<String>,";
    for (number, (old, value, new, expected)) in [
        (text, "'12'", "pub v: Option<i32>,", Some("12")),
        (text, "'12x'", "pub v: Option<i32>,", None),
        (text, "'soon'", "pub v: Option<Date>,", None),
        (
            text,
            "'2026-01-31'",
            "pub v: Option<Date>,",
            Some("2026-01-31"),
        ),
        (
            "pub v: Option<i64>,",
            "5000000000",
            "pub v: Option<i32>,",
            None,
        ),
        ("pub v: Option<i64>,", "5", "pub v: Option<i32>,", Some("5")),
        ("pub v: Option<bool>,", "true", text, Some("true")),
        (text, "'yes'", "pub v: Option<bool>,", Some("true")),
        (text, "'perhaps'", "pub v: Option<bool>,", None),
        (
            "pub v: Option<f64>,",
            "2.0",
            "pub v: Option<i32>,",
            Some("2"),
        ),
        (
            text,
            "'toolong'",
            "#[sea_orm(column_type = \"String(StringLen::N(3))\")]\n        pub v: Option<String>,",
            None,
        ),
        (
            "pub v: Option<i32>,",
            "7",
            "#[sea_orm(column_type = \"Decimal(Some((12, 2)))\")]\n        pub v: Option<Decimal>,",
            Some("7"),
        ),
        (text, "'{'", "pub v: Option<Json>,", None),
    ]
    .into_iter()
    .enumerate()
    {
        let url = cluster.create_database(&format!("typed_{number}"));
        let folder = Folder::with_app();
        let completed = "        pub completed: bool,\n";
        let with = |field: &str| format!("{completed}        {field}\n");
        folder.edit("src/api/models.rs", completed, &with(old));
        folder.ok(&["makemigrations"]);
        let both: [&[&str]; 2] = [&["migrate"], &["migrate", "--database-url", &url]];
        both.iter().for_each(|args| drop(folder.ok(args)));
        let insert =
            format!("INSERT INTO api_task (title, completed, v) VALUES ('t', true, {value})");
        let file = folder.path("db.sqlite3");
        crate::database::execute(&file, insert.clone());
        crate::database::execute_on_postgres(&url, insert);
        folder.edit("src/api/models.rs", &with(old), &with(new));
        folder.ok(&["makemigrations", "--allow-destructive"]);
        let ended = both.map(|args| folder.run(args));
        let Some(expected) = expected else {
            for outcome in ended {
                assert_eq!(outcome.code, Some(1), "{value} as {new}: {outcome:?}");
                assert!(
                    outcome.stderr.contains("rows that are there do not fit"),
                    "{outcome:?}"
                );
            }
            continue;
        };
        assert!(
            ended.iter().all(|it| it.code == Some(0)),
            "{value} as {new}: {ended:?}"
        );
        let sql = "SELECT CAST(v AS text) FROM api_task";
        let mut found = crate::database::texts(&file, sql).remove(0);
        if new.contains("bool") {
            found = found.replace('1', "true");
        }
        let on_postgres = block_on(async {
            let mut connection = PgConnection::connect(&url).await.expect("a server");
            let text: String = sqlx::query_scalar(sql)
                .fetch_one(&mut connection)
                .await
                .expect("a text");
            text
        });
        let plain = |text: &str| {
            text.trim_end_matches(".00")
                .trim_end_matches(".0")
                .to_owned()
        };
        assert_eq!(plain(&found), expected, "{new}");
        assert_eq!(plain(&on_postgres), expected, "{new}");
    }
}

/// PostgreSQL hands out no texts.
#[test]
fn a_key_that_was_handed_out_becomes_a_text() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("keys");
    let folder = Folder::with_app();
    folder.edit(".env", "sqlite://db.sqlite3", &url);
    folder.ok(&["migrate"]);
    folder.edit(
        "src/api/models.rs",
        "        pub id: i64,",
        "        pub id: String,",
    );
    let made = folder.ok(&["makemigrations", "--allow-destructive"]);
    assert!(!made.stderr.contains("not proven"), "{made:?}");
    folder.ok(&["migrate"]);
    folder.ok(&["migrate", "0002"]);
}
