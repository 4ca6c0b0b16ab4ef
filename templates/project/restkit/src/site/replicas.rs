//! Read-only copies of the database: requests that only read go to them, and each client sees its own writes.
//!
//! After a request that may write, the place that the database's log has come to is noted for its client: in a cookie
//! for a browser, by its credentials for a program. A copy must have come that far before it answers the same client.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use chrono::Utc;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};

use crate::auth::models::position;
use crate::db::Connection;
use crate::db::replicas::Replicas;
use crate::http::cookie::{Script, cookie, set_cookie};
use crate::http::methods::is_safe;
use crate::secrets::sign_for;
use crate::{Context, Result, Settings, Site};

/// The cookie with the place of a browser's last write.
const COOKIE: &str = "replica_position";

/// A cookie goes after so long: by then a copy that answers has come that far.
const COOKIE_LIFETIME: i64 = 10 * 60;

/// A commit is before the place where the next record of the log will be.
const POSITION: &str = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS position";

const NOTE: &str = "INSERT INTO auth_position (client_hash, position, written_at)
    VALUES ($1, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, now())
    ON CONFLICT (client_hash) DO UPDATE
    SET position = greatest(auth_position.position, excluded.position), written_at = excluded.written_at
    RETURNING position";

/// The copies of the site's database, if it has any.
pub(crate) struct SiteReplicas(pub Option<Arc<Replicas>>);

impl Context {
    /// Returns the same request with a copy of the database that has all that the client has written, if the site has
    /// copies.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(crate) async fn for_reading(&self) -> Result<Option<Self>> {
        let SiteReplicas(Some(replicas)) = self.site().part() else {
            return Ok(None);
        };
        let position = Box::pin(find_position(self.site(), &self.headers)).await?;
        Ok(Some(self.with_connection(replicas.reader(position).await)))
    }
}

/// Finds the place of the client's last write.
async fn find_position(site: &Site, headers: &HeaderMap) -> Result<Option<i64>> {
    let of_cookie = cookie(headers, COOKIE).and_then(|text| i64::from_str_radix(text, 16).ok());
    let Some(client) = client_hash(site.settings(), headers) else {
        return Ok(of_cookie);
    };
    let noted = position::Entity::find_by_id(client).one(site.db()).await?;
    Ok(noted.map(|noted| noted.position).max(of_cookie))
}

/// What is stored of the credentials that a program sends. They may be a password, which must not be guessed from the
/// table: so it takes the site's key to make this.
fn client_hash(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    let credentials = headers.get(header::AUTHORIZATION)?;
    Some(sign_for(
        settings,
        "restkit.position",
        &hex::encode(credentials),
    ))
}

/// A request that may write, whose place in the log is to be noted.
pub(crate) struct Write {
    client: Option<String>,
}

impl Write {
    /// Returns whose write a request may be; nothing if it only reads, or there are no copies.
    pub(crate) fn begin(site: &Site, method: &Method, headers: &HeaderMap) -> Option<Self> {
        if is_safe(method) {
            return None;
        }
        let SiteReplicas(replicas) = site.part();
        replicas.is_some().then(|| Self {
            client: client_hash(site.settings(), headers),
        })
    }

    /// Notes the place that the log has come to.
    pub(crate) async fn end(self, site: &Site, response: &mut Response) {
        let statement = match &self.client {
            Some(client) => {
                Statement::from_sql_and_values(DbBackend::Postgres, NOTE, [client.as_str().into()])
            }
            None => Statement::from_string(DbBackend::Postgres, POSITION),
        };
        let noted = site.db().query_one_raw(statement).await;
        let position =
            noted.and_then(|row| row.map_or(Ok(0), |row| row.try_get::<i64>("", "position")));
        match position {
            Ok(position) if self.client.is_none() => give_cookie(site, response, position),
            Ok(_) => {}
            Err(error) => tracing::warn!("the place of a write was not noted: {error}"),
        }
    }
}

fn give_cookie(site: &Site, response: &mut Response, position: i64) {
    let value = format!("{position:x}");
    let settings = site.settings();
    let cookie = set_cookie(settings, COOKIE, &value, COOKIE_LIFETIME, Script::MayNot);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Forgets places so old that every copy has come that far.
///
/// # Errors
///
/// If the database fails.
pub(crate) async fn clear(db: &Connection) -> Result<()> {
    let old = Utc::now() - chrono::Duration::seconds(COOKIE_LIFETIME);
    position::Entity::delete_many()
        .filter(position::Column::WrittenAt.lt(old))
        .exec(db)
        .await?;
    Ok(())
}
