//! Connections: how many there are, how long they may be silent, and how they end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::{Settings, Site, server};

/// How long a new connection may take until it sends anything.
const FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause after the system has refused a connection, most often for want of files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Files that are not connections of clients: the database, the log, what a view opens.
const OTHER_FILES: usize = 64;

/// How serving came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All requests that had begun were answered.
    Clean,
    /// So many connections were cut off in the middle of a request.
    Cut(usize),
}

/// Serves until `shutdown` is over, then lets the requests that have begun come to their end, for
/// `Settings::shutdown_grace` at most.
///
/// # Errors
///
/// If the listener fails.
pub async fn serve(
    site: &Site,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<Ended> {
    let settings = site.settings();
    let all = max_connections(settings);
    let slots = Arc::new(Semaphore::new(all));
    let router = server::router(site);
    let graceful = GracefulShutdown::new();
    let (stop, stopping) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let (slot, stream, address) = tokio::select! {
            () = &mut shutdown => break,
            next = accept(&listener, &slots) => next,
        };
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(address));
            router.clone().oneshot(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(settings.keep_alive);
        #[cfg(feature = "metrics")]
        let counted = site.part::<server::metrics::Metrics>().count_connection();
        let watcher = graceful.watcher();
        let mut stopping = stopping.clone();
        tokio::spawn(async move {
            // Held until the connection ends.
            let _slot = slot;
            #[cfg(feature = "metrics")]
            let _counted = counted;
            let speaks = tokio::select! {
                first = timeout(FIRST_BYTE_TIMEOUT, stream.readable()) => matches!(first, Ok(Ok(()))),
                _ = stopping.changed() => false,
            };
            if speaks {
                let connection = http.serve_connection(TokioIo::new(stream), service);
                // A client that breaks off is no news.
                let _ = watcher.watch(connection).await;
            }
        });
    }
    drop(listener);
    let _ = stop.send(());
    tokio::select! {
        () = graceful.shutdown() => Ok(Ended::Clean),
        () = sleep(settings.shutdown_grace) => Ok(Ended::Cut(all - slots.available_permits())),
    }
}

/// Waits until a connection may come, and for the connection.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (OwnedSemaphorePermit, TcpStream, SocketAddr) {
    loop {
        let Ok(slot) = Arc::clone(slots).acquire_owned().await else {
            // Nobody closes them.
            std::future::pending().await
        };
        match listener.accept().await {
            Ok((stream, address)) => {
                // An answer is written at once, not when more of it comes.
                let _ = stream.set_nodelay(true);
                return (slot, stream, address);
            }
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::error!("no connection can be accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_of_the_client(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as Kind;
    let kinds = [
        Kind::ConnectionRefused,
        Kind::ConnectionAborted,
        Kind::ConnectionReset,
    ];
    kinds.contains(&error.kind())
}

/// Returns how many clients may be connected: as many as the settings say, or as files can be opened.
fn max_connections(settings: &Settings) -> usize {
    let files = max_open_files()
        .saturating_sub(OTHER_FILES + settings.database_pool_size)
        .max(1);
    match settings.max_connections {
        0 => files,
        wanted => wanted.min(files),
    }
}

/// Raises the limit of open files as far as the system lets us, and returns it.
#[cfg(unix)]
fn max_open_files() -> usize {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let Ok((now, most)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return 1024;
    };
    let raised = setrlimit(Resource::RLIMIT_NOFILE, most, most).is_ok();
    let files = if raised { most } else { now };
    // More than this no semaphore counts, and no machine has.
    usize::try_from(files).unwrap_or(usize::MAX).min(1_000_000)
}

#[cfg(not(unix))]
fn max_open_files() -> usize {
    10_000
}
