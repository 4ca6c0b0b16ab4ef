//! A PostgreSQL server for one test run.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server in a temporary folder, reached by a Unix socket. It ends when this value is dropped, or
/// with the test program, however that ends: a watchman waits for either.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    watchman: Option<Child>,
}

impl Cluster {
    /// Starts a server. Where PostgreSQL is not installed this says so and gives `None`, unless
    /// `CI` is set: there every test has to run.
    pub fn start() -> Option<Self> {
        Self::start_with("-c listen_addresses=''", |_| {})
    }

    /// Starts a server as [`start`](Self::start) does, with more options, once `prepare` has worked on
    /// the folder of its data.
    pub fn start_with(options: &str, prepare: impl FnOnce(&Path)) -> Option<Self> {
        let Some(bin) = bin() else {
            assert!(env::var_os("CI").is_none(), "PostgreSQL is not installed");
            eprintln!("skipped: PostgreSQL (initdb, pg_ctl) is not installed");
            return None;
        };
        let mut cluster = Self::in_new_folder(bin);
        cluster.watchman = Some(cluster.watch());
        let data = cluster.data();
        cluster.run(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "postgres", "-N"],
        );
        prepare(&cluster.folder.join("data"));
        cluster.run_server(options);
        Some(cluster)
    }

    /// Starts a read-only copy of this server, which follows it.
    #[allow(dead_code, reason = "not all tests want it")]
    pub fn start_replica(&self) -> Self {
        let mut replica = Self::in_new_folder(self.bin.clone());
        replica.watchman = Some(replica.watch());
        let (data, socket) = (replica.data(), self.socket());
        let copy = ["-D", &data, "-h", &socket, "-U", "postgres", "-R", "-N"];
        replica.run("pg_basebackup", &[&copy[..], &["-c", "fast"]].concat());
        replica.run_server("-c listen_addresses=''");
        replica
    }

    /// Starts the server in its folder, also after [`stop`](Self::stop).
    pub fn run_server(&self, options: &str) {
        let data = self.data();
        let options = format!("-k {} -c fsync=off {options}", self.socket());
        let log = format!("{data}.log");
        let start = ["-D", &data, "-w", "-l", &log, "-o", &options, "start"];
        self.run("pg_ctl", &start);
    }

    /// Stops the server as a failure would.
    #[allow(dead_code, reason = "not all tests want it")]
    pub fn stop(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }

    fn in_new_folder(bin: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        // The server's user is another one where the tests run as root.
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(&folder, open).expect("an open folder");
        Self {
            folder,
            bin,
            watchman: None,
        }
    }

    /// Makes an empty database; its URL.
    pub fn create_database(&self, name: &str) -> String {
        self.run("createdb", &["-h", &self.socket(), "-U", "postgres", name]);
        self.url(name)
    }

    /// The URL of a database that exists.
    pub fn url(&self, name: &str) -> String {
        let host = self.socket().replace('/', "%2F");
        format!("postgres://postgres@{host}/{name}")
    }

    /// Returns what a query in the database `name` gives, as a text.
    #[allow(dead_code, reason = "not all tests want it")]
    pub fn query(&self, name: &str, sql: &str) -> String {
        let mut command = unprivileged(&self.bin.join("psql"));
        command.args([
            "-h",
            &self.socket(),
            "-U",
            "postgres",
            "-At",
            "-c",
            sql,
            name,
        ]);
        let output = command.current_dir("/").output().expect("psql");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The folder of its socket.
    #[allow(dead_code, reason = "not all tests want it")]
    pub fn socket(&self) -> String {
        self.folder.display().to_string()
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// Runs one of PostgreSQL's programs, which refuse to be run by root.
    fn run(&self, program: &str, args: &[&str]) {
        let mut command = unprivileged(&self.bin.join(program));
        command.args(args).current_dir("/").stdin(Stdio::null());
        let status = command.stdout(Stdio::null()).status();
        let status = status.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(status.success(), "{command:?}: {status}");
    }

    /// Starts a shell that waits until its input ends, which it does with this process, and then
    /// stops the server and removes its folder. Ctrl-C does not reach it.
    fn watch(&self) -> Child {
        let stop = unprivileged(&self.bin.join("pg_ctl"));
        let mut command = Command::new("sh");
        command
            .args(["-c", "read -r _; \"$@\" stop; rm -rf \"$0\""])
            .arg(&self.folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .args(["-D", &self.data(), "-m", "immediate"])
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().expect("a shell")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut watchman) = self.watchman.take() {
            drop(watchman.stdin.take());
            let _ = watchman.wait();
        }
    }
}

/// The program, run by another user where this one is root.
pub fn unprivileged(program: &Path) -> Command {
    if !nix::unistd::Uid::effective().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// Where `initdb` is: on the path, or where Debian keeps it.
fn bin() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    let has_initdb = |folder: &PathBuf| Path::new(folder).join("initdb").exists();
    debian.chain(env::split_paths(&path)).find(has_initdb)
}
