//! PostgreSQL as it is rented and shared: roles with few rights, tables that others hold.

use std::process::Stdio;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::cluster::Cluster;
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
