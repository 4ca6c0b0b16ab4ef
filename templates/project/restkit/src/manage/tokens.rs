//! `createtoken` and `clearsessions`

use anyhow::Result;

use crate::auth::{clear_attempts, token};
use crate::manage::terminal::{data, say};
use crate::manage::{Failure, accounts, accounts_database};
use crate::site::session;
use crate::{Settings, throttling};

#[derive(Debug, clap::Args)]
pub(super) struct CreateArgs {
    /// The account's name
    username: String,
    /// The purpose of the token
    #[arg(long, default_value = "")]
    name: String,
}

/// Makes a token and prints it: the one time that it can be read.
pub(super) async fn create(settings: &Settings, args: &CreateArgs) -> Result<()> {
    let db = accounts_database(settings).await?;
    let user = accounts::find(&db, &args.username).await?;
    let user =
        user.ok_or_else(|| Failure::new(format!("user '{}' does not exist", args.username)))?;
    let token = token::create(&db, user.id, &args.name).await?;
    say(format!(
        "Made a token for user '{}'. Keep it: it is not stored and cannot be shown again.",
        user.username
    ));
    data(token);
    Ok(())
}

/// Removes the sessions that have expired, and the failed logins and requests that no longer count.
pub(super) async fn clear_sessions(settings: &Settings) -> Result<()> {
    let db = accounts_database(settings).await?;
    let number = session::clear(&db).await?;
    clear_attempts(&db).await?;
    throttling::clear(&db).await?;
    let sessions = if number == 1 { "session" } else { "sessions" };
    say(format!("Removed {number} expired {sessions}."));
    Ok(())
}
