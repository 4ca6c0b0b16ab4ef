//! `runserver`

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::db::migrations::Migrations;
use crate::db::pooler::Way;
use crate::db::{Database, migrations, pooler};
use crate::manage::terminal::{in_one_line, say};
use crate::manage::{Failure, accounts_database, log, tokens};
use crate::server::Ended;
use crate::{Project, Settings, Site, program, server};

static SERVING: AtomicBool = AtomicBool::new(false);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to listen on: 8000, 0.0.0.0:8000 or [::1]:8000
    #[arg(value_name = "ADDR:PORT", default_value = "127.0.0.1:8000")]
    address: String,
}

/// Returns whether Ctrl-C is the server's business.
pub(super) fn is_serving() -> bool {
    SERVING.load(Ordering::SeqCst)
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn run(project: &Project, settings: Settings, args: &Args) -> Result<()> {
    let _until_all_is_written = log::begin(&settings);
    let address = address(&args.address)?;
    if settings.secret_key.is_empty() && !settings.debug {
        return Err(Failure::new("SECRET_KEY is not set and DEBUG is off")
            .hint("set SECRET_KEY in the environment or in .env")
            .into());
    }
    let listener = listen(address).await?;
    let database = Database::from_url(&settings.database_url)?;
    // While one develops, the site is worth a look before there is a database, and what needs one
    // says so. In production a server without one must not take its place among others.
    let db = if settings.debug {
        look_at(project, &database).await.or_else(warn_of)?;
        database.connect_lazily(&settings)?
    } else {
        look_at(project, &database).await?;
        accounts_database(&settings).await?
    };
    #[cfg(feature = "metrics")]
    let figures = match settings.metrics_address {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let site = Site::new(project, settings, db)?;
    #[cfg(feature = "metrics")]
    if let Some(listener) = figures {
        tokio::spawn(server::metrics::serve(site.clone(), listener));
    }
    say(format!(
        "{} is served at http://{}/",
        project.name,
        listener.local_addr()?
    ));
    say("Quit the server with CONTROL-C.");
    SERVING.store(true, Ordering::SeqCst);
    tokio::spawn(tokens::clear_forever(site.db().clone()));
    let stop = {
        let site = site.clone();
        async move {
            stop_signal().await;
            site.drain();
            tokio::time::sleep(site.settings().shutdown_delay).await;
        }
    };
    match server::serve(&site, listener, stop)
        .await
        .context("the server failed")?
    {
        Ended::Clean => Ok(()),
        Ended::Cut(number) => {
            let seconds = site.settings().shutdown_grace.as_secs();
            let connections = if number == 1 {
                "connection was"
            } else {
                "connections were"
            };
            Err(Failure::new(format!(
                "{number} {connections} cut off after {seconds} seconds"
            ))
            .hint("give requests more time: SHUTDOWN_GRACE")
            .into())
        }
    }
}

/// `8000`, `0.0.0.0:8000`, `localhost:8000` or `[::1]:8000`.
fn address(text: &str) -> Result<SocketAddr> {
    let full = match text.parse::<u16>() {
        Ok(port) => format!("127.0.0.1:{port}"),
        Err(_) => text.replacen("localhost:", "127.0.0.1:", 1),
    };
    full.parse().map_err(|_| {
        Failure::new(format!(
            "`{}` is not an address and port",
            text.escape_debug()
        ))
        .hint("write a port, or an IP address and a port: 8000, 0.0.0.0:8000, [::1]:8000")
        .usage()
        .into()
    })
}

/// An address beside this one, as one would write it.
fn another(address: SocketAddr) -> String {
    let port = address.port().checked_add(1).unwrap_or(8000);
    match address.ip().to_string().as_str() {
        "127.0.0.1" => port.to_string(),
        _ => SocketAddr::new(address.ip(), port).to_string(),
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let failure = match error.kind() {
            ErrorKind::AddrInUse => {
                Failure::new(format!("port {} is already in use", address.port())).hint(format!(
                    "stop the other server, or choose another port: {}",
                    program::command(&format!("runserver {}", another(address)))
                ))
            }
            _ => Failure::new(format!("cannot listen on {address}")),
        };
        anyhow::Error::new(error).context(failure)
    })
}

/// Says that the database does not answer; the server starts all the same. What would falsify data
/// stops it.
fn warn_of(error: anyhow::Error) -> Result<()> {
    if error.is::<Failure>() {
        return Err(error);
    }
    say(format!("warning: {}", in_one_line(&error)));
    Ok(())
}

/// Looks at what a server should know of its database before it starts.
async fn look_at(project: &Project, database: &Database) -> Result<()> {
    if database.way().await? == Way::Mixed {
        return Err(Failure::new(pooler::MIXES_STATEMENTS)
            .hint(pooler::HINT)
            .into());
    }
    warn_of_pending(project, database).await
}

async fn warn_of_pending(project: &Project, database: &Database) -> Result<()> {
    let all = Migrations::embedded(project.migrations, database.dialect())?;
    let standing = migrations::standing(database, &all).await?;
    // As in a rollout, or after one that was taken back.
    if let Some(words) = migrations::is_ahead(&standing.unknown) {
        say(format!("warning: {words}"));
    }
    let pending = standing.pending.len();
    if pending > 0 {
        say(format!(
            "warning: {}; the site may not work until you run {}",
            migrations::not_applied(pending),
            program::command("migrate")
        ));
    }
    Ok(())
}

#[cfg(unix)]
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    drop(tokio::signal::ctrl_c().await);
}
