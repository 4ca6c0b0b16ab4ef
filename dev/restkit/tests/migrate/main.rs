//! Several programs that migrate one database at the same time: what is to be done is done once, and
//! nobody fails.

#![allow(clippy::print_stderr)]

#[path = "../../../../tests/support/cluster.rs"]
mod cluster;

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use restkit::db::Database;
use restkit::db::migrations::{Manner, Migrations, Migrator};
use restkit::testing::TestClient;
use restkit::{Project, Routes, Settings};
use sea_orm::{ConnectionTrait, Statement};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/migrate/migrations");
const COUNT: usize = 5;

/// What `migrate` does; how many migrations it applied itself.
async fn migrate(url: String) -> Result<usize> {
    let database = Database::from_url(&url)?;
    let all = Migrations::embedded(&MIGRATIONS, database.dialect())?;
    let mut migrator = Migrator::connect(&database).await?;
    migrator.lock(|_| {}).await?;
    let mut count = 0;
    migrator
        .migrate(
            &all,
            |_, is_ours| count += usize::from(is_ours),
            Manner::default(),
        )
        .await?;
    Ok(count)
}

/// Lets five of them loose on the database behind `url`.
async fn all_at_once(url: &str) -> Result<()> {
    let programs: Vec<_> = (0..5)
        .map(|_| tokio::spawn(migrate(url.to_owned())))
        .collect();
    let mut count = 0;
    for program in programs {
        count += program.await??;
    }
    assert_eq!(count, COUNT);
    let again = migrate(url.to_owned()).await?;
    assert_eq!(again, 0);
    Ok(())
}

/// The test client applies every kind of migration as `migrate` does: data, rebuilt tables,
/// indexes that PostgreSQL builds outside of a transaction.
async fn check_client(url: &str) -> Result<()> {
    let project = Project {
        name: "test",
        settings: || Settings::from_env(),
        installed_apps: Vec::new,
        routes: Routes::new,
        migrations: &MIGRATIONS,
    };
    let set = |settings: &mut Settings| settings.database_url = url.to_owned();
    let client = TestClient::with_settings(project, set).await;
    let sql = "SELECT count(*) AS n FROM api_task WHERE title = 'task'";
    let statement = Statement::from_string(client.db().get_database_backend(), sql);
    let row = client.db().query_one_raw(statement).await?;
    let rows: i64 = row.context("no answer")?.try_get("", "n")?;
    assert_eq!(rows, 20_000);
    Ok(())
}

#[tokio::test]
async fn a_test_client_on_sqlite() -> Result<()> {
    check_client("sqlite::memory:").await
}

#[tokio::test]
async fn a_test_client_on_postgresql() -> Result<()> {
    match cluster::Cluster::start() {
        Some(cluster) => check_client(&cluster.create_database("client")).await,
        None => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for round in 0..5 {
        let file = folder.path().join(format!("{round}.db"));
        all_at_once(&format!("sqlite://{}", file.display())).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql() -> Result<()> {
    let Some(cluster) = cluster::Cluster::start() else {
        return Ok(());
    };
    for round in 0..5 {
        let url = cluster.create_database(&format!("round_{round}"));
        all_at_once(&url).await.context(url)?;
    }
    Ok(())
}

/// As in a rollout, and after one that was taken back.
#[tokio::test]
async fn a_program_older_than_the_database_knows_what_it_lacks() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("db").display());
    migrate(url.clone()).await?;
    let database = Database::from_url(&url)?;
    let db = database.clone().connect(&Settings::default()).await?;
    db.execute_unprepared("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (99, 'later', true, x'00', 0)")
        .await?;
    let all = Migrations::embedded(&MIGRATIONS, database.dialect())?;
    let mut migrator = Migrator::connect(&database).await?;
    let standing = migrator.reconcile(&all).await?;
    assert_eq!((standing.pending.len(), standing.unknown), (0, vec![99]));
    let refused = migrate(url).await.unwrap_err().to_string();
    assert!(
        refused.contains("migration 0099, which this program does not have"),
        "{refused}"
    );
    Ok(())
}
