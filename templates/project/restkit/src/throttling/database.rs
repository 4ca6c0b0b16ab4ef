//! Counts in the database, for several servers together.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::Key;
use super::history::History;
use crate::Result;
use crate::auth::models::throttle::{ActiveModel, Column, Entity};
use crate::db::Connection;
use crate::queue::Queue;
use crate::settings::rate::Rate;

/// How often a server tries again when another one has counted in between. Whoever sends so much at
/// once that this is not enough may wait.
const MAX_RETRIES: usize = 10;

/// For how many milliseconds.
const MAX_WAIT: u64 = 1000;

/// So many requests are counted before what has expired is removed.
const ROUND: u32 = 1000;

/// The histories of clients, a row each. A history is written only if it still is what was read, so
/// no transaction is needed, and no server waits for another one.
#[derive(Default)]
pub(super) struct Database {
    /// One server's requests of one client do not compete with each other.
    queue: Queue,
    counted: AtomicU32,
}

impl Database {
    /// Counts a request, or says for how many milliseconds it has to wait.
    pub async fn admit(
        &self,
        db: &Connection,
        key: Key,
        rate: Rate,
        now: u64,
    ) -> Result<Option<u64>> {
        let _turn = self.queue.turn(&key).await;
        let key = hex::encode(key.0);
        for _ in 0..MAX_RETRIES {
            let found = Entity::find_by_id(&key).one(db).await?;
            let old = found.map(|row| row.history);
            let mut history = History::read(old.as_deref().unwrap_or_default());
            if let Some(wait) = history.admit(rate, now) {
                return Ok(Some(wait));
            }
            let expires_at = time(history.last() + rate.period);
            let written = match old {
                Some(old) => replace(db, &key, &old, &history, expires_at).await?,
                None => insert(db, &key, &history, expires_at).await?,
            };
            if written == 1 {
                if self.counted.fetch_add(1, Ordering::Relaxed) % ROUND == ROUND - 1 {
                    clear(db).await?;
                }
                return Ok(None);
            }
        }
        Ok(Some(MAX_WAIT))
    }
}

async fn insert(
    db: &Connection,
    key: &str,
    history: &History,
    expires_at: DateTime<Utc>,
) -> Result<u64> {
    let new = ActiveModel {
        key_hash: Set(key.to_owned()),
        history: Set(history.to_string()),
        expires_at: Set(expires_at),
    };
    let written = Entity::insert(new)
        .on_conflict(OnConflict::column(Column::KeyHash).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(written)
}

async fn replace(
    db: &Connection,
    key: &str,
    old: &str,
    history: &History,
    expires_at: DateTime<Utc>,
) -> Result<u64> {
    let written = Entity::update_many()
        .col_expr(Column::History, Expr::value(history.to_string()))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::KeyHash.eq(key))
        .filter(Column::History.eq(old))
        .exec(db)
        .await?;
    Ok(written.rows_affected)
}

/// Removes the counts that no longer count.
///
/// # Errors
///
/// If the database fails.
pub async fn clear<C: ConnectionTrait>(db: &C) -> Result<()> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(Utc::now()))
        .exec(db)
        .await?;
    Ok(())
}

fn time(milliseconds: u64) -> DateTime<Utc> {
    let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(milliseconds).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
