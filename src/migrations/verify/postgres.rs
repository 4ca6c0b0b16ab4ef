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
pub struct Scratch {
    connection: PgConnection,
    options: PgConnectOptions,
}

impl Scratch {
    /// Connects and makes the schema, in a transaction that nobody else sees.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or the user may not create a schema.
    pub async fn open(options: &PgConnectOptions) -> Result<Self> {
        let mut scratch = Self::connect(options).await?;
        scratch.connection.execute("BEGIN").await?;
        scratch
            .connection
            .execute(SCRATCH)
            .await
            .context("could not create a schema to try the migrations in")?;
        Ok(scratch)
    }

    async fn connect(options: &PgConnectOptions) -> Result<Self> {
        let connection = PgConnection::connect_with(options).await;
        Ok(Self {
            connection: connection.context("could not connect")?,
            options: options.clone(),
        })
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
        let _ = self.connection.execute("ROLLBACK").await;
        let options = self.options.clone();
        let _ = self.connection.close().await;
        match outcome {
            Err(error) if needs_commits(&error) => {
                let committed = Self::connect(&options).await?;
                committed
                    .verify_committed(history, migrations, before, expected)
                    .await
            }
            outcome => outcome,
        }
    }

    /// The same with a transaction for each migration, in a schema that is dropped in the end: a
    /// value that one migration adds to an enum can be used by a later one alone.
    async fn verify_committed(
        mut self,
        history: &History,
        migrations: &[NewMigration],
        before: &Schema,
        expected: &Schema,
    ) -> Result<()> {
        let id: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(&mut self.connection)
            .await?;
        let name = format!("backsmith_proof_{id}");
        let drop = format!("DROP SCHEMA IF EXISTS {name} CASCADE");
        // A run that was killed may have left one.
        let make = format!(
            "SET client_min_messages = warning; {drop}; CREATE SCHEMA {name}; SET search_path = {name}"
        );
        self.connection.execute(AssertSqlSafe(make)).await?;
        let outcome = self.go(history, migrations, before, expected).await;
        self.connection.execute(AssertSqlSafe(drop)).await?;
        let _ = self.connection.close().await;
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
        let old = postgres::read(&mut self.connection).await?;
        for new in migrations.iter().map(|new| &new.postgres) {
            self.run(&new.up).await.with_context(|| wrong(new, "up"))?;
        }
        self.check(&old, before, expected).await?;
        for new in migrations.iter().rev().map(|new| &new.postgres) {
            let down = new.down.as_deref().unwrap_or_default();
            self.run(down).await.with_context(|| wrong(new, "down"))?;
        }
        let found = postgres::as_kept(&postgres::read(&mut self.connection).await?);
        same(&postgres::as_kept(&old), &found, "taken back on PostgreSQL")
    }

    /// Whether each table is as it should be: as expected where that is new, else as it was.
    async fn check(&mut self, old: &Schema, before: &Schema, expected: &Schema) -> Result<()> {
        let new = postgres::as_kept(&postgres::read(&mut self.connection).await?);
        let (old, wanted) = (postgres::as_kept(old), postgres::as_kept(expected));
        let before = postgres::as_kept(before);
        let names: BTreeSet<_> = [&old, &new, &wanted]
            .into_iter()
            .flat_map(|schema| schema.tables.keys())
            .collect();
        for name in names {
            let is_new = before.tables.get(name) != wanted.tables.get(name);
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
        self.connection.execute(AssertSqlSafe(script)).await?;
        Ok(())
    }
}

/// Whether it failed only because a value was used in the transaction that added it.
fn needs_commits(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| match cause.downcast_ref() {
        Some(sqlx::Error::Database(error)) => error.code().as_deref() == Some("55P04"),
        _ => false,
    })
}

fn broken(migration: &Migration) -> Failure {
    Failure::new(format!(
        "`migrations/postgres/{}.up.sql` fails when the history is tried on PostgreSQL",
        migration.name
    ))
    .hint("nothing was written; correct that file, or take it out if no database has it")
}
