//! The read-only copies of a PostgreSQL database: which of them has what a client must see.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use sea_orm::{DbBackend, Statement};
use tokio::sync::Mutex;

use crate::Settings;
use crate::db::driver::Call;
use crate::db::replica::{Reader, Replica};
use crate::db::{Connection, Database, address, is_sqlite, postgres};

/// The place in the log that all commits up to now have come to. Replicas get what is flushed, which is what was
/// committed, and more.
const WRITTEN: &str = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS position";

/// How often the copies are looked at while requests come.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// What was known so long ago is not believed.
const OUTDATED: Duration = Duration::from_secs(5);

/// How long a request waits for a copy to come as far as it must.
const CATCH_UP_TIMEOUT: Duration = Duration::from_millis(100);

/// How long to wait before a copy is asked again.
const CATCH_UP_PAUSE: Duration = Duration::from_millis(2);

/// The copies of one database.
pub(crate) struct Replicas {
    primary: Connection,
    all: Vec<Arc<Replica>>,
    /// The one whose turn it is.
    turn: AtomicUsize,
    max_lag: Duration,
    is_being_checked: AtomicBool,
    /// When they were looked at. Apart from what is locked while they are: no request waits for a copy that is slow to
    /// answer.
    checked: StdMutex<Option<Instant>>,
    /// The places where the database itself was, and when; the newest last.
    positions: Mutex<VecDeque<(Instant, i64)>>,
}

impl Replicas {
    /// The copies that the settings name; nothing if they name none.
    ///
    /// # Errors
    ///
    /// If one of them, or the database itself, is not PostgreSQL's.
    pub fn new(settings: &Settings, primary: &Connection) -> Result<Option<Arc<Self>>> {
        if settings.database_replica_urls.is_empty() {
            return Ok(None);
        }
        if is_sqlite(primary) {
            return Err(anyhow!(
                "DATABASE_REPLICA_URLS needs PostgreSQL, but DATABASE_URL is SQLite's"
            ));
        }
        let replica = |url: &String| -> Result<Arc<Replica>> {
            let database = Database::from_url(url).context("DATABASE_REPLICA_URLS is malformed")?;
            let Database::Postgres(options) = database else {
                return Err(anyhow!(
                    "DATABASE_REPLICA_URLS names a database that is not PostgreSQL's"
                ));
            };
            let name = address::server(&options);
            let pool = postgres::Pool::open_lazily(options, settings)?;
            Ok(Arc::new(Replica::new(name, pool)))
        };
        let all = settings.database_replica_urls.iter().map(replica);
        Ok(Some(Arc::new(Self {
            primary: primary.clone(),
            all: all.collect::<Result<_>>()?,
            turn: AtomicUsize::new(0),
            max_lag: settings.database_replica_max_lag,
            is_being_checked: AtomicBool::new(false),
            checked: StdMutex::default(),
            positions: Mutex::default(),
        })))
    }

    /// A connection that reads from the copy whose turn it is, once that has come to `position`; the database itself
    /// if it does not come so far in a moment, or no copy is fit.
    pub async fn reader(self: &Arc<Self>, position: Option<i64>) -> Connection {
        self.keep_checked().await;
        let fit: Vec<_> = self.all.iter().filter(|replica| replica.is_fit()).collect();
        if fit.is_empty() {
            return self.primary.clone();
        }
        let replica = fit[self.turn.fetch_add(1, Ordering::Relaxed) % fit.len()];
        if let Some(position) = position
            && !reaches(replica, position).await
        {
            return self.primary.clone();
        }
        let reader = Reader::new(Arc::clone(replica), Arc::clone(self.primary.channel()));
        Connection::new(reader)
    }

    /// Looks at the copies once in a while: behind the requests if what is known is fresh, before them if it is not.
    async fn keep_checked(self: &Arc<Self>) {
        match self.age() {
            Some(age) if age < CHECK_EVERY => {}
            Some(age) if age < OUTDATED => {
                if !self.is_being_checked.swap(true, Ordering::Relaxed) {
                    let replicas = Arc::clone(self);
                    tokio::spawn(async move {
                        replicas.check().await;
                        replicas.is_being_checked.store(false, Ordering::Relaxed);
                    });
                }
            }
            _ => self.check().await,
        }
    }

    /// The time since the copies were looked at.
    fn age(&self) -> Option<Duration> {
        let checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.map(|at| at.elapsed())
    }

    async fn check(&self) {
        let mut positions = self.positions.lock().await;
        // Somebody has done it while this one waited.
        if self.age().is_some_and(|age| age < CHECK_EVERY) {
            return;
        }
        let statement = Statement::from_string(DbBackend::Postgres, WRITTEN);
        if let Ok(mut answer) = self.primary.channel().send(Call::One, statement).await
            && let Some(row) = answer.rows.pop()
            && let Ok(position) = row.try_get("", "position")
        {
            positions.push_back((Instant::now(), position));
        }
        // The newest of those that are too old stays: a copy must have come that far.
        let is_old = |at: &(Instant, i64)| at.0.elapsed() > self.max_lag;
        while positions.len() > 1 && is_old(&positions[1]) {
            positions.pop_front();
        }
        let required = positions.front().filter(|at| is_old(at)).map(|at| at.1);
        let asked = self.all.iter().map(|replica| {
            let replica = Arc::clone(replica);
            tokio::spawn(async move {
                match replica.ask_position().await {
                    Ok(position) if required.is_some_and(|least| position < least) => {
                        replica.set_fit(false, "it is too far behind");
                    }
                    Ok(_) => replica.set_fit(true, ""),
                    Err(why) => replica.set_fit(false, &why),
                }
            })
        });
        for asked in asked.collect::<Vec<_>>() {
            drop(asked.await);
        }
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        *checked = Some(Instant::now());
    }
}

async fn reaches(replica: &Replica, position: i64) -> bool {
    let start = Instant::now();
    while replica.known_position() < position {
        match replica.ask_position().await {
            Err(why) => {
                replica.set_fit(false, &why);
                return false;
            }
            Ok(now) if now >= position => break,
            Ok(_) if start.elapsed() >= CATCH_UP_TIMEOUT => return false,
            Ok(_) => tokio::time::sleep(CATCH_UP_PAUSE).await,
        }
    }
    true
}
