//! `backsmith runserver [ADDR:PORT]`: build, serve, and again after every change.

use std::env::current_dir;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::error::{Exit, Failure};
use crate::interrupt::{self, Hold};
use crate::migrations::changes;
use crate::migrations::{Layout, runtime};
use crate::project::Project;
use crate::serve::{self, Built, Progress, Server, Watcher};
use crate::ui;

const ADDRESS: &str = "127.0.0.1:8000";

/// How often to look whether the server has ended or Ctrl-C was pressed.
const HEARTBEAT: Duration = Duration::from_millis(100);

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The address to listen on: 8000, 0.0.0.0:8000 or [::1]:8000 [default: 127.0.0.1:8000]
    #[arg(value_name = "ADDR:PORT")]
    address: Option<String>,
    /// Serve what is built now; do not watch for changes
    #[arg(long)]
    noreload: bool,
}

/// Serves the project in the current folder until Ctrl-C. What stops the server from starting (code
/// that does not compile, a panic) is waited out: the next change tries again.
pub fn run(args: Args) -> Result<()> {
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let address = address(args.address.as_deref().unwrap_or(ADDRESS))?;
    free(address)?;
    let watcher = Watcher::new(&project)?;
    let hold = interrupt::hold();
    let mut server = Server::default();
    rebuild(&project, &mut server, address, &hold)?;
    if args.noreload && !server.is_running() && !hold.interrupted() {
        return Err(serve::does_not_compile().into());
    }
    while !hold.interrupted() {
        if let Some(status) = server.ended()? {
            if args.noreload {
                return serve::as_result(status);
            }
            ui::warning(format!(
                "the server ended ({status}); it starts again when a file changes"
            ));
        }
        let has_changed = if server.is_running() {
            watcher.changed(HEARTBEAT)
        } else {
            // It may be missing a file, such as the database.
            watcher.changed_or_appeared(HEARTBEAT)
        };
        if has_changed && !args.noreload {
            ui::say("A file changed: building again.");
            rebuild(&project, &mut server, address, &hold)?;
        }
    }
    if server.is_running() {
        return server.stop();
    }
    Err(Failure::new("interrupted before there was a server")
        .exit(Exit::Interrupted)
        .into())
}

/// Builds the program and puts it in the place of the server that runs, if it compiles.
fn rebuild(project: &Project, server: &mut Server, address: SocketAddr, hold: &Hold) -> Result<()> {
    let rest = if server.is_running() {
        "the last good server keeps running"
    } else {
        "waiting for a change"
    };
    match serve::build(project, Progress::Shown)? {
        // Ctrl-C has ended cargo, too.
        _ if hold.interrupted() => {}
        Built::Program(program) => {
            server.stop()?;
            *server = Server::start(project, &program, address)?;
            warn_of_changes(project);
        }
        Built::Ended(status) => ui::warning(format!("the build was ended ({status}); {rest}")),
        Built::Broken => ui::warning(format!("the code does not compile; {rest}")),
    }
    Ok(())
}

/// Says that the models have changed since the last migration, which no server can tell.
fn warn_of_changes(project: &Project) {
    let layout = Layout::of(project);
    let changes = runtime().map(|runtime| runtime.block_on(changes::exist(&layout)));
    if let Ok(Ok(true)) = changes {
        ui::warning(
            "models have changes that are not in a migration yet: backsmith makemigrations",
        );
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
        .exit(Exit::Usage)
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

/// Fails before a long build if something else listens there.
fn free(address: SocketAddr) -> Result<()> {
    TcpListener::bind(address).map(drop).map_err(|error| {
        let failure = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                Failure::new(format!("port {} is already in use", address.port())).hint(format!(
                    "stop the other server, or choose another port: backsmith runserver {}",
                    another(address)
                ))
            }
            std::io::ErrorKind::PermissionDenied => Failure::new(format!(
                "cannot listen on {address}"
            ))
            .hint("ports below 1024 may need an administrator: choose one above, such as 8000"),
            _ => Failure::new(format!("cannot listen on {address}"))
                .hint("name an address of this machine: 127.0.0.1, or 0.0.0.0 for all that it has"),
        };
        anyhow::Error::new(error).context(failure)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let read = |text: &str| address(text).ok().map(|address| address.to_string());
        assert_eq!(read("8001").as_deref(), Some("127.0.0.1:8001"));
        assert_eq!(read("0.0.0.0:80").as_deref(), Some("0.0.0.0:80"));
        assert_eq!(read("[::1]:8000").as_deref(), Some("[::1]:8000"));
        assert_eq!(read("localhost:9").as_deref(), Some("127.0.0.1:9"));
        for bad in ["", "99999", "host:port", "1.2.3.4", "127.0.0.1:"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn another_port_is_of_the_same_host() {
        for (address, expected) in [
            ("127.0.0.1:8000", "8001"),
            ("0.0.0.0:80", "0.0.0.0:81"),
            ("[::1]:65535", "[::1]:8000"),
        ] {
            assert_eq!(another(address.parse().unwrap()), expected);
        }
    }
}
