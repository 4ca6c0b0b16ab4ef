//! A server of PostgreSQL that lets nobody in without TLS, and the certificates for it.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cluster::{Cluster, unprivileged};

/// A server at `localhost`, with a certificate of an authority of its own.
pub struct Encrypted {
    pub port: u16,
    /// The folder with `authority.pem`, and `stranger.pem` of somebody else.
    folder: tempfile::TempDir,
    _cluster: Cluster,
}

impl Encrypted {
    /// Starts it; nothing, where there is no PostgreSQL.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        authority(folder.path(), "authority");
        authority(folder.path(), "stranger");
        certificate(folder.path());
        let options = format!("-c listen_addresses=localhost -c port={port} -c ssl=on");
        let cluster = Cluster::start_with(&options, |data| {
            let hba = "local all all trust\nhostssl all all all trust\n";
            for (name, contents) in [
                ("pg_hba.conf", hba.to_owned()),
                ("server.crt", read(folder.path(), "server.pem")),
                ("server.key", read(folder.path(), "server.key")),
            ] {
                put(&data.join(name), &contents);
            }
        })?;
        Some(Self {
            port,
            folder,
            _cluster: cluster,
        })
    }

    /// The URL of its database, with these parameters.
    pub fn url(&self, parameters: &str) -> String {
        format!(
            "postgres://postgres@localhost:{}/postgres?{parameters}",
            self.port
        )
    }

    /// The file of an authority.
    pub fn file(&self, name: &str) -> String {
        self.folder
            .path()
            .join(format!("{name}.pem"))
            .display()
            .to_string()
    }
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a file that openssl has made")
}

/// Writes a file as the server's user, which alone may read it.
fn put(path: &Path, contents: &str) {
    let mut command = unprivileged(Path::new("sh"));
    command.args(["-c", "umask 077; cat > \"$0\""]).arg(path);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("a shell");
    let mut input = child.stdin.take().expect("its input");
    std::io::Write::write_all(&mut input, contents.as_bytes()).expect("written");
    drop(input);
    assert!(child.wait().expect("its end").success());
}

fn authority(folder: &Path, name: &str) {
    openssl(
        folder,
        &format!(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem"
        ),
    );
}

fn certificate(folder: &Path) {
    openssl(
        folder,
        "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
    );
    fs::write(
        folder.join("server.ext"),
        "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
    )
    .expect("written");
    openssl(
        folder,
        "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile server.ext -out server.pem",
    );
}

fn openssl(folder: &Path, args: &str) {
    let mut command = Command::new("openssl");
    command.args(args.split(' ')).current_dir(folder);
    let output = command.output().expect("openssl");
    assert!(
        output.status.success(),
        "{args}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
