//! A schema of PostgreSQL that one test has for itself.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::db::address::Address;

/// Says where tests have their tables, if not in memory: a PostgreSQL database only for tests.
const VARIABLE: &str = "TEST_DATABASE_URL";

/// A schema that is dropped, with all that is in it, when the value is.
#[derive(Debug)]
pub(super) struct Schema {
    /// The database, as one reaches it without the schema.
    base: String,
    name: String,
}

impl Schema {
    /// Makes a schema where `TEST_DATABASE_URL` says; nothing, if it says nothing.
    ///
    /// # Errors
    ///
    /// If it names no database of PostgreSQL, or that cannot be reached.
    pub async fn make() -> Result<Option<Self>> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let base = std::env::var(VARIABLE).unwrap_or_default();
        if base.is_empty() {
            return Ok(None);
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let schema = Self { base, name };
        // One that a run with this number has left behind goes first.
        let make = format!(
            "DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}",
            schema.name
        );
        execute(&schema.base, make).await?;
        Ok(Some(schema))
    }

    /// The URL of the database, for connections that see this schema first.
    pub fn url(&self) -> String {
        let sign = if self.base.contains('?') { '&' } else { '?' };
        format!(
            "{}{sign}options[search_path]={}%2Cpublic",
            self.base, self.name
        )
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let (base, name) = (self.base.clone(), self.name.clone());
        // A test's own runtime may be ending, and cannot wait here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let drop = format!("DROP SCHEMA IF EXISTS {name} CASCADE");
            runtime.block_on(execute(&base, drop))
        });
        // A leftover is in nobody's way.
        let _ = dropped.join();
    }
}

async fn execute(url: &str, sql: String) -> Result<()> {
    let address = Address::from_str(url).map_err(|words| anyhow!("{VARIABLE}: {words}"))?;
    let connection = PgConnection::connect_with(&address.options).await;
    let mut connection = connection.with_context(|| format!("{VARIABLE} cannot be reached"))?;
    connection.execute(AssertSqlSafe(sql)).await?;
    Ok(connection.close().await?)
}
