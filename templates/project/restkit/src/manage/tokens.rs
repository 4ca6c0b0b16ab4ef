//! `createtoken` and `clearsessions`

use std::time::Duration;

use anyhow::Result;

use crate::auth::{clear_attempts, token};
use crate::db::Connection;
use crate::manage::terminal::{counted, data, say};
use crate::manage::{Failure, accounts, accounts_database};
use crate::site::{replicas, session};
use crate::{Settings, throttling};

/// How often a server removes what has expired.
const CLEAR_EVERY: Duration = Duration::from_secs(60 * 60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, clap::Args)]
pub(super) struct CreateArgs {
    /// The account's name
    username: String,
    /// The purpose of the token
    #[arg(long, default_value = "")]
    name: String,
    /// How long it counts; 0 is forever, and as TOKEN_LIFETIME says if nothing is said
    #[arg(long)]
    days: Option<u32>,
}

/// Makes a token and prints it: the one time that it can be read.
pub(super) async fn create(settings: &Settings, args: &CreateArgs) -> Result<()> {
    let db = accounts_database(settings).await?;
    let user = accounts::find(&db, &args.username).await?;
    let user =
        user.ok_or_else(|| Failure::new(format!("user '{}' does not exist", args.username)))?;
    let lifetime = args.days.map(|days| DAY * days);
    let expires_at = token::expiry(lifetime.unwrap_or(settings.token_lifetime));
    let token = token::create(&db, user.id, &args.name, expires_at).await?;
    let until = expires_at.map(|at| format!(" It counts until {}.", at.format("%F %H:%M UTC")));
    say(format!(
        "Made a token for user '{}'.{} Keep it: it is not stored and cannot be shown again.",
        user.username,
        until.unwrap_or_default()
    ));
    data(token);
    Ok(())
}

/// Clears what has expired from time to time, as long as the server runs.
pub(super) async fn clear_forever(db: Connection) {
    loop {
        tokio::time::sleep(CLEAR_EVERY).await;
        if let Err(error) = clear(&db).await {
            tracing::warn!("expired sessions could not be removed: {error}");
        }
    }
}

async fn clear(db: &Connection) -> crate::Result<u64> {
    let number = session::clear(db).await?;
    token::clear(db).await?;
    clear_attempts(db).await?;
    throttling::clear(db).await?;
    replicas::clear(db).await?;
    Ok(number)
}

/// Removes the sessions and tokens that have expired, and the failed logins and requests that no longer count.
pub(super) async fn clear_sessions(settings: &Settings) -> Result<()> {
    let number = clear(&accounts_database(settings).await?).await?;
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    say(format!("Removed {}.", counted(number, "expired session")));
    Ok(())
}
