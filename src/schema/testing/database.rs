//! An empty database of either kind.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, OnceLock};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection};
use tokio::runtime::Runtime;

use super::cluster::Cluster;
use crate::introspect::{postgres, sqlite, sqlite_changes};
use crate::schema::diff::{Answers, Difference, diff};
use crate::schema::operation::Operation;
use crate::schema::snapshot::Snapshot;
use crate::schema::{Dialect, Schema, sql};

/// A connection to a database that nothing else uses.
pub struct Database {
    runtime: Runtime,
    connection: Connected,
    /// SQLite's schema when it was read last.
    last: Option<(Snapshot, sqlite_changes::Definitions)>,
}

enum Connected {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Database {
    /// An empty database; none where PostgreSQL is not installed.
    pub fn empty(dialect: Dialect) -> Option<Self> {
        let runtime = crate::migrations::runtime().unwrap();
        let connection = match dialect {
            Dialect::Sqlite => Connected::Sqlite(Box::new(runtime.block_on(in_memory()))),
            Dialect::Postgres => {
                let connection = runtime.block_on(PgConnection::connect(server()?));
                Connected::Postgres(Box::new(connection.unwrap()))
            }
        };
        let mut database = Self {
            runtime,
            connection,
            last: None,
        };
        database.clear();
        Some(database)
    }

    /// Empties it, which is faster than connecting again.
    pub fn clear(&mut self) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        self.last = None;
        match &mut self.connection {
            Connected::Sqlite(connection) => {
                **connection = self.runtime.block_on(in_memory());
            }
            Connected::Postgres(_) => {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let sql = format!(
                    "CREATE SCHEMA s{number}; SET search_path = s{number}; SET client_min_messages = warning"
                );
                self.run(&sql).unwrap();
            }
        }
    }

    pub fn dialect(&self) -> Dialect {
        match self.connection {
            Connected::Sqlite(_) => Dialect::Sqlite,
            Connected::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a script as one transaction.
    pub fn run(&mut self, script: &str) -> Result<(), String> {
        let script = AssertSqlSafe(script.to_owned());
        let done = match &mut self.connection {
            Connected::Sqlite(connection) => self.runtime.block_on(async {
                let mut transaction = connection.begin().await?;
                transaction.execute(script).await?;
                transaction.commit().await
            }),
            Connected::Postgres(connection) => self.runtime.block_on(async {
                let mut transaction = connection.begin().await?;
                transaction.execute(script).await?;
                transaction.commit().await
            }),
        };
        done.map_err(|error| error.to_string())
    }

    /// Lets SQLite check foreign keys, as most programs do.
    pub fn enforce_keys(&mut self) {
        if let Connected::Sqlite(connection) = &mut self.connection {
            let on = connection.execute("PRAGMA foreign_keys = ON");
            self.runtime.block_on(on).unwrap();
        }
    }

    /// The one column of text that `query` gives.
    pub fn texts(&mut self, query: &str) -> Vec<Option<String>> {
        let query = AssertSqlSafe(query.to_owned());
        match &mut self.connection {
            Connected::Sqlite(connection) => self
                .runtime
                .block_on(sqlx::query_scalar(query).fetch_all(&mut **connection)),
            // The columns of a statement that was prepared before may be others now.
            Connected::Postgres(connection) => self.runtime.block_on(
                sqlx::query_scalar(query)
                    .persistent(false)
                    .fetch_all(&mut **connection),
            ),
        }
        .unwrap()
    }

    /// Reads its schema; on SQLite also as the proof of a migration does, which reads again only what has changed.
    pub fn snapshot(&mut self) -> Snapshot {
        match &mut self.connection {
            Connected::Sqlite(connection) => self.runtime.block_on(async {
                let all = sqlite::read(connection).await?;
                let definitions = match &self.last {
                    None => sqlite_changes::read_definitions(connection).await?,
                    Some((before, definitions)) => {
                        let (again, now) =
                            sqlite_changes::read_again(connection, before, definitions).await?;
                        assert_eq!(again, all, "what was read again");
                        now
                    }
                };
                self.last = Some((all.clone(), definitions));
                Ok(all)
            }),
            Connected::Postgres(connection) => {
                let schema = self.runtime.block_on(postgres::read(connection));
                schema.map(|schema| Snapshot {
                    schema,
                    ..Snapshot::default()
                })
            }
        }
        .unwrap()
    }

    /// `schema` as this database gives it back.
    pub fn kept(&self, schema: &Schema) -> Schema {
        match self.dialect() {
            Dialect::Sqlite => schema.clone(),
            Dialect::Postgres => postgres::as_kept(schema),
        }
    }

    /// Fails unless it is exactly `schema`.
    pub fn assert_is(&mut self, schema: &Schema, script: &str) {
        let found = self.snapshot().schema;
        let (found, expected) = (self.kept(&found), self.kept(schema));
        assert!(
            found == expected,
            "{}",
            difference(&found, &expected, script)
        );
    }

    /// Does `operations` to it, `state` being what it is like; the script that did it.
    pub fn apply(&mut self, operations: &[Operation], state: &mut Snapshot) -> String {
        let script = sql::script("test", operations, state, self.dialect()).unwrap();
        if let Err(error) = self.run(&script) {
            panic!("{error}\n{script}");
        }
        script
    }

    /// Makes an empty one look like `schema`.
    pub fn create(&mut self, schema: &Schema) -> Snapshot {
        let Difference::Done(operations) = diff(&Schema::default(), schema, &Answers::default())
        else {
            panic!("a new schema raises a question");
        };
        let mut state = Snapshot::default();
        let script = self.apply(&operations, &mut state);
        self.assert_is(schema, &script);
        state
    }
}

async fn in_memory() -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false)
        .disable_statement_logging();
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn difference(found: &Schema, expected: &Schema, script: &str) -> String {
    let (found, expected) = (format!("{found:#?}"), format!("{expected:#?}"));
    let difference = diffy::create_patch(&expected, &found);
    format!("the database is not as expected\n{difference}\n{script}")
}

/// The URL of the one server of this test program; none where PostgreSQL is not installed.
pub fn server() -> Option<&'static str> {
    static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);
    static URL: OnceLock<String> = OnceLock::new();
    let cluster = CLUSTER.as_ref()?;
    Some(URL.get_or_init(|| cluster.create_database("test")))
}
