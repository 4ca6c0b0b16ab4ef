//! Read-only copies of PostgreSQL: a real one that follows by streaming, is paused, stopped and started again.

use std::time::Duration;

use restkit::Settings;
use restkit::testing::TestClient;

use crate::book;
use crate::cluster::Cluster;

struct Copied {
    primary: Cluster,
    replica: Cluster,
    client: TestClient,
}

/// A site with a copy of its database.
async fn copied(max_lag: u64) -> Option<Copied> {
    let primary = Cluster::start()?;
    let url = primary.create_database("library");
    let replica = primary.start_replica();
    let replica_url = replica.url("library");
    let set = |settings: &mut Settings| {
        settings.database_url = url;
        settings.database_replica_urls = vec![replica_url];
        settings.database_replica_max_lag = Duration::from_secs(max_lag);
    };
    let mut client = TestClient::with_settings(crate::project(), set).await;
    let author = client.post("/api/authors/", serde_json::json!({ "name": "Ada" }));
    assert_eq!(author.await.status, 201);
    let copied = Copied {
        primary,
        replica,
        client,
    };
    copied.follow().await;
    Some(copied)
}

impl Copied {
    /// A client that has written nothing.
    fn stranger(&self) -> TestClient {
        let mut stranger = self.client.clone();
        stranger.set_cookie("replica_position", "");
        stranger
    }

    /// Keeps the copy where it is.
    fn pause(&self) {
        self.replica
            .query("library", "SELECT pg_wal_replay_pause()");
    }

    fn resume(&self) {
        self.replica
            .query("library", "SELECT pg_wal_replay_resume()");
    }

    /// Waits until the copy has come as far as the database.
    async fn follow(&self) {
        let position = self
            .primary
            .query("library", "SELECT pg_current_wal_flush_lsn()");
        let has = format!("SELECT pg_last_wal_replay_lsn() >= '{position}'");
        for _ in 0..200 {
            if self.replica.query("library", &has) == "t" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the copy does not follow");
    }
}

/// The titles of all books, as this client sees them.
async fn titles(client: &mut TestClient) -> String {
    let answer = client.get("/api/books/?page_size=1000").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

async fn write(client: &mut TestClient, title: &str) {
    let made = client.post("/api/books/", book(title)).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_its_own_writes_and_strangers_read_from_the_copy() {
    let Some(copied) = copied(60).await else {
        return;
    };
    let mut browser = copied.client.clone();
    let mut program = copied.stranger();
    let user = program.create_user("ada", true).await.unwrap();
    let key = restkit::auth::token::create(program.db(), user.id, "", None);
    let token = format!("Token {}", key.await.unwrap());
    program.credentials(&token);
    copied.follow().await;
    copied.pause();
    write(&mut browser, "by a browser").await;
    write(&mut program, "by a program").await;
    assert!(titles(&mut browser).await.contains("by a browser"));
    // A program has no cookies, and may meet another server.
    let mut again = copied.stranger();
    again.credentials(&token);
    assert!(titles(&mut again).await.contains("by a program"));
    assert!(!titles(&mut copied.stranger()).await.contains("by a"));
    copied.resume();
    copied.follow().await;
    assert!(
        titles(&mut copied.stranger())
            .await
            .contains("by a program")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_client_reads_less_than_it_has_written() {
    let Some(copied) = copied(60).await else {
        return;
    };
    let number = std::env::var("REPLICA_WRITES").map_or(300, |number| number.parse().unwrap());
    let clients = (0..4).map(|client| {
        let mut one = copied.client.clone();
        tokio::spawn(async move {
            for round in 0..number / 4 {
                let title = format!("{client} in round {round}");
                let made = one.post("/api/books/", book(&title)).await;
                assert_eq!(made.status, 201, "{}", made.text());
                let path = format!("/api/books/{}/", made.json()["id"]);
                let read = one.get(&path).await;
                assert_eq!(read.status, 200, "{title}: {}", read.text());
                assert_eq!(one.delete(&path).await.status, 204);
                assert_eq!(one.get(&path).await.status, 404, "{title}");
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_goes_away_costs_no_request_and_comes_back() {
    let Some(copied) = copied(60).await else {
        return;
    };
    write(&mut copied.client.clone(), "first").await;
    copied.follow().await;
    let readers = (0..4).map(|_| {
        let mut reader = copied.stranger();
        tokio::spawn(async move {
            for _ in 0..200 {
                assert!(titles(&mut reader).await.contains("first"));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    copied.replica.stop();
    for reader in readers {
        reader.await.unwrap();
    }
    copied.replica.run_server("-c listen_addresses=''");
    copied.follow().await;
    // Once it is looked at again, requests go to it.
    for _ in 0..100 {
        titles(&mut copied.stranger()).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    copied.pause();
    write(&mut copied.client.clone(), "second").await;
    assert!(!titles(&mut copied.stranger()).await.contains("second"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_too_far_behind_is_left_out() {
    let Some(copied) = copied(1).await else {
        return;
    };
    copied.pause();
    write(&mut copied.client.clone(), "news").await;
    let mut found = false;
    for _ in 0..80 {
        found = titles(&mut copied.stranger()).await.contains("news");
        if found {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(found, "a copy that is behind still answers");
    // One that is no copy any more is left out, too.
    copied.resume();
    copied.follow().await;
    copied.replica.query("library", "SELECT pg_promote()");
    copied.replica.query("library", "DELETE FROM library_book");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    for _ in 0..20 {
        titles(&mut copied.stranger()).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(titles(&mut copied.stranger()).await.contains("news"));
}

#[tokio::test]
async fn sqlite_has_no_copies() {
    let mut settings = Settings {
        database_url: "sqlite::memory:".to_owned(),
        database_replica_urls: vec!["postgres://h/d".to_owned()],
        ..Settings::default()
    };
    let open = |settings: &Settings| {
        let database = restkit::db::Database::from_url(&settings.database_url).unwrap();
        let db = database.connect_lazily(settings).unwrap();
        restkit::Site::new(&crate::project(), settings.clone(), db).map(drop)
    };
    let refused = open(&settings).unwrap_err().to_string();
    assert!(refused.contains("needs PostgreSQL"), "{refused}");
    settings.database_url = "postgres://h/d".to_owned();
    settings.database_replica_urls = vec!["sqlite://a.sqlite3".to_owned()];
    let refused = open(&settings).unwrap_err().to_string();
    assert!(refused.contains("DATABASE_REPLICA_URLS names"), "{refused}");
}
