//! A library's API: related models with every kind of field.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // helpers of tests are tests to us, not to clippy

mod actions;
mod browsable;
#[path = "../../../../tests/support/certificates.rs"]
mod certificates;
#[path = "../../../../tests/support/cluster.rs"]
mod cluster;
mod concurrency;
mod editing;
mod events;
mod fields;
mod forms;
mod handover;
mod lists;
mod models;
mod nested;
mod outages;
mod relations;
mod replicas;
mod schema;
mod serializers;
mod tls;
mod transactions;
mod views;
mod violations;

use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use restkit::testing::TestClient;
use restkit::{AdminSite, App, DefaultRouter, ModelAdmin, Project, Routes, Settings};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::models::book;
use crate::nested::CollectionViewSet;
use crate::views::{AuthorViewSet, BookViewSet, CatalogueViewSet, FilledViewSet, TagViewSet};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/library/migrations");

fn project() -> Project {
    Project {
        name: "library",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("library").admin(register)],
        routes,
        migrations: &MIGRATIONS,
    }
}

fn register(site: &mut AdminSite) {
    site.register(ModelAdmin::new(book::Entity));
}

fn routes() -> Routes {
    let api = DefaultRouter::new()
        .register::<AuthorViewSet>("authors")
        .register::<TagViewSet>("tags")
        .register::<FilledViewSet>("filled")
        .register::<CollectionViewSet>("collections")
        .register::<BookViewSet>("books")
        .register::<CatalogueViewSet>("catalogue")
        .register_below::<BookViewSet>("authors", "books", book::Column::AuthorId);
    Routes::new()
        .get("/api/priced/", nested::priced)
        .get("/api/now/", nested::now)
        .get("/api/slow/", outages::slow)
        .nest("/admin", restkit::admin::routes())
        .nest("/api", restkit::openapi::routes())
        .nest("/api", api)
}

/// Tests that must hold on both databases: each takes a client.
#[macro_export]
macro_rules! both {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            #[tokio::test]
            async fn sqlite() {
                super::$test($crate::client("sqlite::memory:").await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(url) = $crate::postgres(stringify!($test)) {
                    super::$test($crate::client(&url).await).await;
                }
            }
        }
    )*};
}

/// An empty database on this program's own PostgreSQL server, if there can be one.
fn postgres(name: &str) -> Option<String> {
    static SERVER: OnceLock<Option<Cluster>> = OnceLock::new();
    let server = SERVER.get_or_init(Cluster::start).as_ref()?;
    Some(server.create_database(name))
}

/// A client, with two authors and two tags.
async fn client(database_url: &str) -> TestClient {
    let set = |settings: &mut Settings| settings.database_url = database_url.to_owned();
    let mut client = TestClient::with_settings(project(), set).await;
    for (list, name) in [
        ("authors", "Ada"),
        ("authors", "Bea"),
        ("tags", "red"),
        ("tags", "blue"),
    ] {
        let path = format!("/api/{list}/");
        let made = client.post(&path, json!({ "name": name })).await;
        assert_eq!(made.status, 201);
    }
    client
}

/// A book that can be sent.
fn book(title: &str) -> Value {
    json!({ "title": title, "genre": "novel", "price": "7", "author": 1 })
}

/// The same with other fields.
fn with(mut book: Value, fields: Value) -> Value {
    book.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    book
}
