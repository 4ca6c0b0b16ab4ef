//! The library of the tests as a server, to be tried by hand: `cargo run -p restkit --example library`
//! serves it on port 8000 with a database in memory; `PORT` is another one. The user `ada` logs in with
//! the password `analytical`. `dev/browse` walks through it with a browser.

#![allow(dead_code, clippy::unwrap_used)]

#[path = "../tests/library/models.rs"]
mod models;
#[path = "../tests/library/serializers.rs"]
mod serializers;
#[path = "../tests/library/views.rs"]
mod views;

use include_dir::{Dir, include_dir};
use restkit::auth::password;
use restkit::testing::TestClient;
use restkit::{App, DefaultRouter, Project, Routes, Settings, server};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use crate::models::book;
use crate::views::{AuthorViewSet, BookViewSet, CatalogueViewSet, TagViewSet};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/library/migrations");

#[tokio::main]
async fn main() {
    let project = Project {
        name: "library",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("library")],
        routes,
        migrations: &MIGRATIONS,
    };
    let set = |settings: &mut Settings| {
        settings.debug = true;
        settings.page_size = 25;
        settings.allowed_hosts = vec!["*".to_owned()];
    };
    let client = TestClient::with_settings(project, set).await;
    let mut ada = client
        .create_user("ada", true)
        .await
        .unwrap()
        .into_active_model();
    ada.password = Set(password::hash("analytical").await.unwrap());
    ada.is_superuser = Set(true);
    ada.update(client.db()).await.unwrap();
    let port = std::env::var("PORT").map_or(8000, |port| port.parse().unwrap());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .unwrap();
    let never = std::future::pending::<()>();
    server::serve(client.site(), listener, never).await.unwrap();
}

fn routes() -> Routes {
    let api = DefaultRouter::new()
        .register::<AuthorViewSet>("authors")
        .register::<TagViewSet>("tags")
        .register::<BookViewSet>("books")
        .register::<CatalogueViewSet>("catalogue")
        .register_below::<BookViewSet>("authors", "books", book::Column::AuthorId);
    Routes::new()
        .nest("/admin", restkit::admin::routes())
        .nest("/api", restkit::openapi::routes())
        .nest("/api", api)
}
