//! Connections to a real server: silent ones end, busy ones come to their end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use restkit::server::{Ended, serve};
use restkit::testing::TestClient;
use restkit::{Project, Routes, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// A server that runs until it is stopped.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Ended>,
}

async fn start(change: impl FnOnce(&mut Settings)) -> Server {
    let project = Project {
        routes: || {
            Routes::new()
                .get("/quick/", || async { "quick" })
                .get("/slow/", || async {
                    sleep(SECOND).await;
                    "slow"
                })
        },
        ..crate::project::project()
    };
    let client = TestClient::with_settings(project, change).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        serve(client.site(), listener, stopped).await.unwrap()
    });
    Server {
        address,
        stop,
        ended,
    }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn end(self) -> Ended {
        let _ = self.stop.send(());
        self.ended.await.unwrap()
    }
}

async fn ask(stream: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: testserver\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// Reads until a text has come, or the connection ends.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 1024];
    while !String::from_utf8_lossy(&read).contains(end) {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(length) => read.extend_from_slice(&piece[..length]),
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn a_silent_connection_ends() {
    let server = start(|settings| settings.keep_alive = SECOND).await;
    for beginning in ["G", "GET /quick/ HTTP/1.1\r\nhost: testserver\r\n"] {
        let mut stream = server.connect().await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let told = timeout(3 * SECOND, read_until(&mut stream, "never")).await;
        assert!(told.is_ok(), "{beginning:?} keeps a connection");
    }
    // After an answer, too.
    let mut stream = server.connect().await;
    for _ in 0..2 {
        ask(&mut stream, "/quick/").await;
        assert!(read_until(&mut stream, "quick").await.contains("200 OK"));
    }
    let ended = timeout(3 * SECOND, read_until(&mut stream, "never")).await;
    assert_eq!(ended.unwrap(), "");
}

#[tokio::test]
async fn only_so_many_are_connected_at_once() {
    let server = start(|settings| {
        settings.max_connections = 2;
        settings.keep_alive = 2 * SECOND;
    })
    .await;
    let mut held = [server.connect().await, server.connect().await];
    for stream in &mut held {
        ask(stream, "/quick/").await;
        read_until(stream, "quick").await;
    }
    // The next one waits, and is answered once one of them has ended.
    let mut next = server.connect().await;
    ask(&mut next, "/quick/").await;
    let early = timeout(SECOND / 2, read_until(&mut next, "quick")).await;
    assert!(early.is_err());
    let [one, _other] = held;
    drop(one);
    let answer = timeout(SECOND, read_until(&mut next, "quick")).await;
    assert!(answer.unwrap().contains("200 OK"));
}

#[tokio::test]
async fn what_has_begun_comes_to_its_end() {
    let server = start(|_| {}).await;
    let mut idle = server.connect().await;
    ask(&mut idle, "/quick/").await;
    read_until(&mut idle, "quick").await;
    let _silent = server.connect().await;
    let mut stream = server.connect().await;
    ask(&mut stream, "/slow/").await;
    sleep(SECOND / 4).await;
    let begun = Instant::now();
    let address = server.address;
    let ended = tokio::spawn(server.end());
    let answer = read_until(&mut stream, "slow").await;
    assert!(answer.contains("200 OK"), "{answer}");
    assert_eq!(ended.await.unwrap(), Ended::Clean);
    assert!(
        begun.elapsed() < 3 * SECOND,
        "idle connections hold nothing up"
    );
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_takes_too_long_is_cut_off_and_counted() {
    let server = start(|settings| settings.shutdown_grace = SECOND / 4).await;
    let mut stream = server.connect().await;
    ask(&mut stream, "/slow/").await;
    sleep(SECOND / 4).await;
    assert_eq!(server.end().await, Ended::Cut(1));
}
