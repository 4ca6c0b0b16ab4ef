//! The same proof on PostgreSQL, in a schema of its own that is never committed.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::{same, same_table, wrong};
use crate::error::Failure;
use crate::introspect::postgres;
use crate::migrations::make::NewMigration;
use crate::migrations::{History, Migration, NO_TRANSACTION};
use crate::schema::syntax::token;
use crate::schema::{Schema, Table};
use crate::shared::views;

/// The schema of the proof, which the transaction that makes it never commits.
const SCHEMA: &str = "backsmith_proof";

/// The codes of PostgreSQL for a type or a function that is not there.
const UNDEFINED: [&str; 2] = ["42704", "42883"];

/// The tables and views of other schemas that this transaction has to do with.
const TOUCHED: &str = "
    SELECT c.oid::regclass::text
    FROM pg_locks AS l
        JOIN pg_class AS c ON c.oid = l.relation
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', current_schema())
    ORDER BY 1";

/// A connection on which migrations can be tried.
///
/// A script sees only its own schema, so that no table of the real database is taken for one that
/// the migrations make. One that needs a type or a function of the database (of an extension, for
/// example) sees all of it, and fails if it has to do with a table of it.
pub struct Scratch {
    connection: PgConnection,
    options: PgConnectOptions,
    schema: String,
    /// The schemas in which the database itself looks up names.
    search_path: String,
    /// Whether all of the proof is one transaction.
    is_transaction: bool,
}

impl Scratch {
    /// Connects and makes the schema, in a transaction that nobody else sees.
    ///
    /// # Errors
    ///
    /// If the server does not answer, or the user may not create a schema.
    pub async fn open(options: &PgConnectOptions) -> Result<Self> {
        let mut scratch = Self::connect(options, SCHEMA.to_owned()).await?;
        scratch.connection.execute("BEGIN").await?;
        scratch.is_transaction = true;
        scratch.make_schema().await?;
        Ok(scratch)
    }

    async fn connect(options: &PgConnectOptions, schema: String) -> Result<Self> {
        let connection = PgConnection::connect_with(options).await;
        let mut connection = connection.context("could not connect")?;
        let search_path = sqlx::query_scalar("SHOW search_path")
            .fetch_one(&mut connection)
            .await?;
        Ok(Self {
            connection,
            options: options.clone(),
            schema,
            search_path,
            is_transaction: false,
        })
    }

    async fn make_schema(&mut self) -> Result<()> {
        let schema = &self.schema;
        let make = format!("SET client_min_messages = warning; CREATE SCHEMA {schema}");
        let made = self.connection.execute(AssertSqlSafe(make)).await;
        made.context("could not create a schema to try the migrations in")?;
        self.see(Sight::Own).await
    }

    /// Says which names the next statements see.
    async fn see(&mut self, sight: Sight) -> Result<()> {
        let schema = &self.schema;
        let path = match sight {
            Sight::Own => format!("SET search_path = {schema}"),
            Sight::All => format!("SET search_path = {schema}, {}", self.search_path),
        };
        self.connection.execute(AssertSqlSafe(path)).await?;
        Ok(())
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
        // Nothing stays, whatever the result.
        let _ = self.connection.execute("ROLLBACK").await;
        let options = self.options.clone();
        let _ = self.connection.close().await;
        match outcome {
            Err(error) if needs_commits(&error) => {
                let name = format!("{SCHEMA}_{}", std::process::id());
                let committed = Self::connect(&options, name).await?;
                committed
                    .verify_committed(history, migrations, before, expected)
                    .await
            }
            outcome => outcome,
        }
    }

    /// The same with a transaction for each migration, in a schema that is dropped in the end: a
    /// value that one migration adds to an enum can be used only by a later one.
    async fn verify_committed(
        mut self,
        history: &History,
        migrations: &[NewMigration],
        before: &Schema,
        expected: &Schema,
    ) -> Result<()> {
        // A run that was killed may have left one.
        let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.schema);
        self.connection.execute(AssertSqlSafe(drop.clone())).await?;
        self.make_schema().await?;
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
        let old = self.read().await?;
        for new in migrations.iter().map(|new| &new.postgres) {
            self.run(&new.up).await.with_context(|| wrong(new, "up"))?;
        }
        self.check(&old, before, expected).await?;
        for new in migrations.iter().rev().map(|new| &new.postgres) {
            let down = new.down.as_deref().unwrap_or_default();
            self.run(down).await.with_context(|| wrong(new, "down"))?;
        }
        let found = postgres::as_kept(&self.read().await?);
        same(&postgres::as_kept(&old), &found, "taken back on PostgreSQL")
    }

    /// Returns whether each table is as it should be: as expected where that is new, else as it was.
    async fn check(&mut self, old: &Schema, before: &Schema, expected: &Schema) -> Result<()> {
        let new = postgres::as_kept(&self.read().await?);
        let (old, wanted) = (postgres::as_kept(old), postgres::as_kept(expected));
        let before = postgres::as_kept(before);
        let names: BTreeSet<_> = [&old, &new, &wanted]
            .into_iter()
            .flat_map(|schema| schema.tables.keys())
            .collect();
        for name in names {
            let is_new = before.tables.get(name) != wanted.tables.get(name);
            let should = if is_new { &wanted } else { &old };
            let known = [before.tables.get(name), should.tables.get(name)];
            same_table(
                name,
                should.tables.get(name).cloned(),
                new.tables
                    .get(name)
                    .map(|table| known_indexes(table, &known)),
                "applied on PostgreSQL",
            )?;
        }
        Ok(())
    }

    /// Reads what there is, with names as the migrations write them.
    async fn read(&mut self) -> Result<Schema> {
        self.see(Sight::All).await?;
        let schema = postgres::read(&mut self.connection).await;
        self.see(Sight::Own).await?;
        schema
    }

    async fn run(&mut self, script: &str) -> Result<()> {
        let script = tried(script);
        let outcome = self.run_once(&script).await;
        if !outcome
            .as_ref()
            .is_err_and(|error| has_code(error, &UNDEFINED))
        {
            return outcome;
        }
        self.see(Sight::All).await?;
        self.run_once(&script).await?;
        self.see(Sight::Own).await
    }

    /// Runs a script as a whole or not at all.
    async fn run_once(&mut self, script: &str) -> Result<()> {
        let [begin, commit, rollback] = if self.is_transaction {
            ["SAVEPOINT part", "RELEASE part", "ROLLBACK TO part"]
        } else {
            ["BEGIN", "COMMIT", "ROLLBACK"]
        };
        self.connection.execute(begin).await?;
        let done = self.try_to_run(script).await;
        let end = if done.is_ok() { commit } else { rollback };
        self.connection.execute(end).await?;
        done
    }

    /// Runs a script, which may have to do with no table but those of the proof.
    async fn try_to_run(&mut self, script: &str) -> Result<()> {
        let before = self.touched().await?;
        let aside = views::put_aside(&mut self.connection, script).await?;
        self.connection
            .execute(AssertSqlSafe(script.to_owned()))
            .await?;
        views::put_back(&mut self.connection, aside).await?;
        let after = self.touched().await?;
        match after.iter().find(|table| !before.contains(table)) {
            None => Ok(()),
            Some(table) => Err(Failure::new(format!(
                "it has to do with `{table}`, which no migration makes"
            ))
            .into()),
        }
    }

    async fn touched(&mut self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(TOUCHED)
            .fetch_all(&mut self.connection)
            .await?)
    }
}

/// Returns `table` without the indexes that people have made by hand under a name like those of models;
/// PostgreSQL does not tell who made one.
fn known_indexes(table: &Table, known: &[Option<&Table>]) -> Table {
    let mut table = table.clone();
    table.indexes.retain(|name, index| {
        let mut known = known.iter().flatten();
        index.plain_columns().is_some() || known.any(|table| table.indexes.contains_key(name))
    });
    table
}

/// The schemas that a script sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// The schema of the proof.
    Own,
    /// That, and what the database sees.
    All,
}

/// The script as it can be tried: nobody else sees these tables, and a transaction has no room for
/// CONCURRENTLY; an extension that the database has already is not made again.
fn tried(script: &str) -> String {
    let script = if script.starts_with(NO_TRANSACTION) {
        script.replace("CONCURRENTLY", "")
    } else {
        script.to_owned()
    };
    let mut tried = String::with_capacity(script.len());
    let mut rest = script.as_str();
    for statement in token::statements(&script) {
        let words = token::tokens(statement);
        if let [create, extension, name, ..] = words.as_slice()
            && create.is("CREATE")
            && extension.is("EXTENSION")
            && !name.is("IF")
            && let Some((head, tail)) = rest.split_once(statement)
        {
            let (before, after) = statement.split_at(name.start);
            tried += &format!("{head}{before}IF NOT EXISTS {after}");
            rest = tail;
        }
    }
    tried + rest
}

/// Returns whether it failed only because a value was used in the transaction that added it.
fn needs_commits(error: &anyhow::Error) -> bool {
    has_code(error, &["55P04"])
}

fn has_code(error: &anyhow::Error, codes: &[&str]) -> bool {
    error.chain().any(|cause| match cause.downcast_ref() {
        Some(sqlx::Error::Database(error)) => {
            let code = error.code();
            code.is_some_and(|code| codes.contains(&&*code))
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_made_if_it_is_not_there() {
        let script =
            "-- it\nCREATE EXTENSION citext;\nCREATE EXTENSION IF NOT EXISTS x;\nSELECT 1;\n";
        let expected = "-- it\nCREATE EXTENSION IF NOT EXISTS citext;\nCREATE EXTENSION IF NOT EXISTS x;\nSELECT 1;\n";
        assert_eq!(tried(script), expected);
    }
}
