//! A PostgreSQL server for one test run.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A server in a temporary folder, reached by a Unix socket. It ends when this value is dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    bin: PathBuf,
}

impl Cluster {
    /// Starts a server. Where PostgreSQL is not installed this says so and gives `None`, unless
    /// `CI` is set: there every test has to run.
    pub fn start() -> Option<Self> {
        let Some(bin) = bin() else {
            assert!(env::var_os("CI").is_none(), "PostgreSQL is not installed");
            eprintln!("skipped: PostgreSQL (initdb, pg_ctl) is not installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        // The server's user is another one where the tests run as root.
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(folder.path(), open).expect("an open folder");
        let cluster = Self { folder, bin };
        let data = cluster.data();
        cluster.run(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "postgres", "-N"],
        );
        let socket = cluster.folder.path().display();
        let options = format!("-k {socket} -c listen_addresses='' -c fsync=off");
        cluster.run(
            "pg_ctl",
            &[
                "-D",
                &data,
                "-w",
                "-l",
                &format!("{data}.log"),
                "-o",
                &options,
                "start",
            ],
        );
        Some(cluster)
    }

    /// Makes an empty database; its URL.
    pub fn create_database(&self, name: &str) -> String {
        let socket = self.folder.path().display().to_string();
        self.run("createdb", &["-h", &socket, "-U", "postgres", name]);
        let host = socket.replace('/', "%2F");
        format!("postgres://postgres@{host}/{name}")
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    /// Runs one of PostgreSQL's programs, which refuse to be run by root.
    fn run(&self, program: &str, args: &[&str]) {
        let program = self.bin.join(program);
        let mut command = match nix::unistd::Uid::effective().is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program);
                command
            }
            false => Command::new(program),
        };
        command.args(args).current_dir("/").stdin(Stdio::null());
        let status = command.stdout(Stdio::null()).status();
        let status = status.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        assert!(status.success(), "{command:?}: {status}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }
}

/// Where `initdb` is: on the path, or where Debian keeps it.
fn bin() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    let has_initdb = |folder: &PathBuf| Path::new(folder).join("initdb").exists();
    debian.chain(env::split_paths(&path)).find(has_initdb)
}
