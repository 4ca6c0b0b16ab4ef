//! A library's API: related models with every kind of field.

#![allow(clippy::unwrap_used)] // helpers of tests are tests to us, not to clippy

mod actions;
mod editing;
mod fields;
mod models;
mod relations;
mod serializers;
mod views;

use include_dir::{Dir, include_dir};
use restkit::testing::TestClient;
use restkit::{App, DefaultRouter, Project, Routes, Settings};
use serde_json::{Value, json};

use crate::models::book;
use crate::views::{AuthorViewSet, BookViewSet, CatalogueViewSet, TagViewSet};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/library/migrations");

fn project() -> Project {
    Project {
        name: "library",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("library")],
        routes,
        migrations: &MIGRATIONS,
    }
}

fn routes() -> Routes {
    let api = DefaultRouter::new()
        .register::<AuthorViewSet>("authors")
        .register::<TagViewSet>("tags")
        .register::<BookViewSet>("books")
        .register::<CatalogueViewSet>("catalogue")
        .register_below::<BookViewSet>("authors", "books", book::Column::AuthorId);
    Routes::new().nest("/api", api)
}

/// A client, with two authors and two tags.
async fn client() -> TestClient {
    let mut client = TestClient::new(project()).await;
    for (list, name) in [
        ("authors", "Ada"),
        ("authors", "Bea"),
        ("tags", "red"),
        ("tags", "blue"),
    ] {
        let made = client
            .post(&format!("/api/{list}/"), json!({ "name": name }))
            .await;
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
