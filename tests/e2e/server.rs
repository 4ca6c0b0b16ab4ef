//! `backsmith runserver`, for as long as a test needs it.

use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::browser::Browser;
use crate::project::{Folder, program};

/// A cold build on a slow machine is the longest that anything here takes.
const PATIENCE: Duration = Duration::from_secs(1200);

pub struct Server {
    child: Child,
    log: PathBuf,
    pub port: u16,
}

impl Server {
    /// Builds and serves the project in `folder`, on a port that nobody uses.
    pub fn start(folder: &Folder) -> Self {
        let port = free_port();
        Self::start_at(folder, port, &[&port.to_string()])
    }

    /// Runs `backsmith runserver ARGS`, which is to listen on `port`.
    pub fn start_at(folder: &Folder, port: u16, args: &[&str]) -> Self {
        let log = folder.path(format!("server-{port}.log"));
        let file = File::create(&log).expect("a log file");
        let child = folder
            .command(program(), &[&["runserver"], args].concat())
            .stderr(file.try_clone().expect("a second handle"))
            .stdout(file)
            .spawn()
            .expect("the program starts");
        let mut server = Self { child, log, port };
        server.wait("an answer", |browser| browser.get("/").status > 0);
        server
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.port)
    }

    /// Waits until `condition` holds for a new visitor.
    pub fn wait(&mut self, what: &str, condition: impl Fn(&mut Browser) -> bool) {
        let start = Instant::now();
        while !condition(&mut self.browser()) {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the server ended ({status}) before {what}: {}", self.log());
            }
            let waited = start.elapsed();
            assert!(waited < PATIENCE, "no {what}: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the log has `text`.
    pub fn wait_for_log(&mut self, text: &str) {
        let log = self.log.clone();
        self.wait(text, |_| {
            std::fs::read_to_string(&log).is_ok_and(|log| log.contains(text))
        });
    }

    /// What backsmith, cargo and the server have written.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Sends `signal` and waits for the end.
    pub fn stop(mut self, signal: Signal) -> ExitStatus {
        self.signal(signal);
        self.child.wait().expect("the server ends")
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("process ids are small");
        kill(Pid::from_raw(id), signal).expect("the server runs");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
