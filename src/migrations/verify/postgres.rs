//! The same proof on PostgreSQL, in a schema of its own that is never committed.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::{same, same_table, wrong};
use crate::error::Failure;
use crate::migrations::make::NewMigration;
use crate::migrations::{History, Migration, NO_TRANSACTION};
use crate::schema::Schema;
use crate::schema::introspect::postgres;

/// A namespace for the proof: while the transaction lasts it is the only one there is.
const SCRATCH: &str = "CREATE SCHEMA backsmith_proof; SET LOCAL search_path = backsmith_proof; \
    SET LOCAL client_min_messages = warning";

/// A connection on which migrations can be tried.
pub struct Scratch(PgConnection);

impl Scratch {
    /// Connects and makes the schema, in a transaction that nobody else sees.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or the user may not create a schema.
    pub async fn open(options: &PgConnectOptions) -> Result<Self> {
        let mut connection = PgConnection::connect_with(options)
            .await
            .context("could not connect")?;
        connection.execute("BEGIN").await?;
        connection
            .execute(SCRATCH)
            .await
            .context("could not create a schema to try the migrations in")?;
        Ok(Self(connection))
    }

    /// Applies `history` and then `migrations`, and takes the latter back again. `before` and
    /// `expected` are what the models say; a table that they say nothing new of must stay as it is.
    ///
    /// # Errors
    ///
    /// If a statement fails or leads elsewhere.
    pub async fn verify(
        mut self,
        history: &History,
        migrations: &[NewMigration],
        before: &Schema,
        expected: &Schema,
    ) -> Result<()> {
        let outcome = self.go(history, migrations, before, expected).await;
        // Whatever came out, nothing stays.
        let _ = self.0.execute("ROLLBACK").await;
        let _ = self.0.close().await;
        outcome
    }

    async fn go(
        &mut self,
        history: &History,
        migrations: &[NewMigration],
        before: &Schema,
        expected: &Schema,
    ) -> Result<()> {
        for migration in &history.migrations {
            self.run(&migration.up)
                .await
                .with_context(|| broken(migration))?;
        }
        let old = postgres::read(&mut self.0).await?;
        for new in migrations.iter().map(|new| &new.postgres) {
            self.run(&new.up).await.with_context(|| wrong(new, "up"))?;
        }
        self.check(&old, before, expected).await?;
        for new in migrations.iter().rev().map(|new| &new.postgres) {
            let down = new.down.as_deref().unwrap_or_default();
            self.run(down).await.with_context(|| wrong(new, "down"))?;
        }
        let found = postgres::as_kept(&postgres::read(&mut self.0).await?);
        same(&postgres::as_kept(&old), &found, "taken back on PostgreSQL")
    }

    /// Whether each table is as it should be: as expected where that is new, else as it was.
    async fn check(&mut self, old: &Schema, before: &Schema, expected: &Schema) -> Result<()> {
        let new = postgres::as_kept(&postgres::read(&mut self.0).await?);
        let (old, wanted) = (postgres::as_kept(old), postgres::as_kept(expected));
        let names: BTreeSet<_> = [&old, &new, &wanted]
            .into_iter()
            .flat_map(|schema| schema.tables.keys())
            .collect();
        for name in names {
            let is_new = before.tables.get(name) != expected.tables.get(name);
            let should = if is_new { &wanted } else { &old };
            same_table(
                name,
                should.tables.get(name).cloned(),
                new.tables.get(name).cloned(),
                "applied on PostgreSQL",
            )?;
        }
        Ok(())
    }

    async fn run(&mut self, script: &str) -> Result<()> {
        // Nobody else sees these tables, and a transaction has no room for CONCURRENTLY.
        let script = match script.starts_with(NO_TRANSACTION) {
            true => script.replace("CONCURRENTLY", ""),
            false => script.to_owned(),
        };
        self.0.execute(AssertSqlSafe(script)).await?;
        Ok(())
    }
}

fn broken(migration: &Migration) -> Failure {
    Failure::new(format!(
        "`migrations/postgres/{}.up.sql` fails when the history is tried on PostgreSQL",
        migration.name
    ))
    .hint("nothing was written; correct that file, or take it out if no database has it")
}
