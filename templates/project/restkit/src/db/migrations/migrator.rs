//! A connection that migrates, and the table in which sqlx records what is applied.

use anyhow::Result;
use sqlx::migrate::{Migrate, MigrateError, Migration};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use super::ledger::TABLE;
use super::{ledger, server};

/// A connection that only migrates: on SQLite foreign keys are off, because rebuilding a table
/// drops it for a moment; such migrations check the keys themselves.
pub enum Migrator {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Migrator {
    /// Keeps other migrating programs out until the connection ends (PostgreSQL; on SQLite each
    /// migration takes the file's lock itself). `tell` is told whom it waits for.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn lock(&mut self, tell: fn(&str)) -> Result<()> {
        match self {
            Self::Postgres(connection) => server::lock(connection, tell).await,
            Self::Sqlite(_) => Ok(()),
        }
    }

    /// Returns sqlx's way to migrate this database.
    pub(crate) fn inner(&mut self) -> &mut (dyn Migrate + Send) {
        match self {
            Self::Sqlite(connection) => connection,
            Self::Postgres(connection) => connection,
        }
    }

    /// Returns whether nothing was ever made in the file of a SQLite database.
    pub(crate) async fn is_empty(&mut self) -> Result<bool> {
        let Self::Sqlite(connection) = self else {
            return Ok(false);
        };
        let sql =
            format!("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE tbl_name <> '{TABLE}')");
        let is_empty = sqlx::query_scalar(AssertSqlSafe(sql));
        Ok(is_empty.fetch_one(connection).await?)
    }

    /// Returns whether sqlx's table is there.
    pub(crate) async fn has_records(&mut self) -> Result<bool> {
        match self {
            Self::Postgres(connection) => server::has_records(connection).await,
            Self::Sqlite(connection) => {
                let sql =
                    format!("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{TABLE}')");
                let has_records = sqlx::query_scalar(AssertSqlSafe(sql));
                Ok(has_records.fetch_one(connection).await?)
            }
        }
    }

    /// Gives records the numbers and names that their migrations have by now: old, new, name.
    pub(crate) async fn renumber_records(&mut self, changes: &[(i64, i64, String)]) -> Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(ledger::renumber(changes)));
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin().await?;
                sql.execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                sql.execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// Records `squashed` in place of the migrations with the numbers `replaced`.
    pub(crate) async fn replace_records(
        &mut self,
        replaced: impl IntoIterator<Item = i64>,
        squashed: &Migration,
    ) -> Result<(), MigrateError> {
        let numbers: Vec<_> = replaced.into_iter().map(|it| it.to_string()).collect();
        let numbers = numbers.join(", ");
        let forget = format!("DELETE FROM {TABLE} WHERE version IN ({numbers})");
        let forget = AssertSqlSafe(forget);
        match self {
            Self::Sqlite(connection) => {
                let mut transaction = connection.begin().await?;
                transaction.execute(forget).await?;
                transaction.skip(TABLE, squashed).await?;
                transaction.commit().await?;
            }
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                transaction.execute(forget).await?;
                transaction.skip(TABLE, squashed).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }
}
