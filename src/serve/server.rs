//! The project's program, serving.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::env;
use crate::error::Failure;
use crate::project::Project;

/// How long a server may take to answer what it has begun before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(12);

/// The server of a project, running or not; it ends when this value is dropped.
#[derive(Debug, Default)]
pub struct Server {
    child: Option<Child>,
}

impl Server {
    /// Starts `program` on `address`.
    pub fn start(project: &Project, program: &Path, address: SocketAddr) -> Result<Self> {
        let child = Command::new(program)
            .args(["runserver", &address.to_string()])
            .env(env::CALLED_AS.0, env::CALLED_AS.1)
            .current_dir(&project.root)
            .spawn()
            .with_context(|| format!("could not start `{}`", program.display()))?;
        Ok(Self { child: Some(child) })
    }

    /// Returns whether it has started and not ended.
    pub fn is_running(&self) -> bool {
        self.child.is_some()
    }

    /// How it ended, if it has ended by itself since the last call.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let Some(child) = &mut self.child else {
            return Ok(None);
        };
        let status = child
            .try_wait()
            .context("could not look after the server")?;
        if status.is_some() {
            self.child = None;
        }
        Ok(status)
    }

    /// Lets it finish what it is doing, then ends it.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        ask_to_end(&child);
        let begun = Instant::now();
        while begun.elapsed() < STOP_TIMEOUT {
            if child
                .try_wait()
                .context("could not look after the server")?
                .is_some()
            {
                return Ok(());
            }
            sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        child.wait().context("could not end the server").map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// The end of a server that nobody stopped, as the end of the command.
pub fn as_result(status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("the server ended: {status}")).into())
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    if let Ok(id) = i32::try_from(child.id()) {
        let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
    }
}

/// Elsewhere a process cannot be asked from outside: it is killed when patience ends.
#[cfg(not(unix))]
fn ask_to_end(_child: &Child) {}
