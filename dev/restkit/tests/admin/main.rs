//! Accounts and the admin site, as browsers see them, in memory.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // helpers of tests are tests to us, not to clippy

mod accounts;
#[path = "../../../../tests/support/cluster.rs"]
mod cluster;
mod conflicts;
mod forms;
mod kept;
mod looks;
mod models;
mod pages;
mod project;
mod related;
mod rows;
mod security;
mod users;
mod words;

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use restkit::Settings;
use restkit::auth::models::user;
use restkit::auth::password;
use restkit::site::session;
use restkit::testing::TestClient;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use crate::cluster::Cluster;

const PASSWORD: &str = "correct horse battery";

thread_local! {
    /// The server at which clients of this test have their databases; each test has a thread of its
    /// own.
    static SERVER: Cell<Option<&'static Cluster>> = const { Cell::new(None) };
}

/// Tests that must hold on both databases.
#[macro_export]
macro_rules! both {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            #[tokio::test]
            async fn sqlite() {
                super::$test().await;
            }

            #[tokio::test]
            async fn postgres() {
                if $crate::use_postgres() {
                    super::$test().await;
                }
            }
        }
    )*};
}

/// Gives the clients of this test databases on this program's own PostgreSQL server, if there can be
/// one.
fn use_postgres() -> bool {
    static STARTED: OnceLock<Option<Cluster>> = OnceLock::new();
    let server = STARTED.get_or_init(Cluster::start).as_ref();
    SERVER.set(server);
    server.is_some()
}

/// The URL of an empty database.
fn database() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    match SERVER.get() {
        Some(server) => {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            server.create_database(&format!("test_{number}"))
        }
        None => "sqlite::memory:".to_owned(),
    }
}

async fn client() -> TestClient {
    client_with(|_| {}).await
}

async fn client_with(change: impl FnOnce(&mut Settings)) -> TestClient {
    let set = |settings: &mut Settings| {
        settings.database_url = database();
        change(settings);
    };
    TestClient::with_settings(project::project(), set).await
}

/// A client at which a superuser is logged in.
async fn admin() -> TestClient {
    let mut client = client().await;
    let user = superuser(&client, "ada").await;
    client.force_login(&user).await.unwrap();
    client
}

async fn superuser(client: &TestClient, name: &str) -> user::Model {
    let user = client.create_user(name, true).await.unwrap();
    let mut user = user.into_active_model();
    user.is_superuser = Set(true);
    user.update(client.db()).await.unwrap()
}

/// Staff with a password that can be used.
async fn staff(client: &TestClient, name: &str) -> user::Model {
    let user = client.create_user(name, true).await.unwrap();
    session::set_password(client.db(), &user, PASSWORD)
        .await
        .unwrap()
}

async fn log_in(client: &mut TestClient, name: &str, password: &str) -> u16 {
    client.get("/admin/login/").await;
    let fields = [("username", name), ("password", password)];
    let answer = client.post_form("/admin/login/", &fields).await;
    answer.status.as_u16()
}

/// The text of a page, its slashes as they are meant.
async fn page(client: &mut TestClient, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().replace("&#x2f;", "/")
}

/// Returns whether this client may use the admin site.
async fn is_in(client: &mut TestClient) -> bool {
    client.get("/admin/").await.status == 200
}

/// A hash that was made with less work than today's.
fn weak_hash() -> String {
    let weak = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weak);
    let hash: argon2::password_hash::phc::PasswordHash =
        argon2::PasswordHasher::hash_password(&argon2, PASSWORD.as_bytes()).unwrap();
    let hash = hash.to_string();
    assert!(password::is_outdated(&hash));
    hash
}
