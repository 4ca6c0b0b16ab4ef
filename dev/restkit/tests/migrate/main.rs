//! Several programs that migrate one database at the same time: what is to be done is done once, and
//! nobody fails.

#![allow(clippy::print_stderr)]

#[path = "../../../../tests/support/cluster.rs"]
mod cluster;

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use restkit::db::Database;
use restkit::db::migrations::{Migrations, Migrator};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/migrate/migrations");
const COUNT: usize = 4;

/// What `migrate` does; how many migrations it applied itself.
async fn migrate(url: String) -> Result<usize> {
    let database = Database::from_url(&url)?;
    let all = Migrations::embedded(&MIGRATIONS, database.dialect())?;
    let mut migrator = Migrator::connect(&database).await?;
    migrator.lock().await?;
    let mut count = 0;
    for migration in migrator.pending(&all).await? {
        count += usize::from(migrator.apply(migration).await?);
    }
    migrator.record_squashed(&all).await?;
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
