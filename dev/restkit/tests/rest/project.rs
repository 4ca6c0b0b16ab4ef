//! The project under test: tasks for everybody, and notes that only members may write.

use garde::Validate;
use include_dir::{Dir, include_dir};
use restkit::{AdminSite, App, DefaultRouter, ModelViewSet, Permission, Project, Routes, Settings};
use schemars::JsonSchema;
use sea_orm::DeriveIntoActiveModel;
use serde::{Deserialize, Serialize};

pub use crate::models::task;

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/migrations");

#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "task::ActiveModel")]
pub struct TaskRequest {
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    #[garde(skip)]
    #[serde(default)]
    pub completed: bool,
}

#[derive(Debug, JsonSchema, Serialize)]
pub struct TaskResponse {
    pub id: i64,
    pub title: String,
    pub completed: bool,
}

impl From<task::Model> for TaskResponse {
    fn from(task: task::Model) -> Self {
        Self {
            id: task.id,
            title: task.title,
            completed: task.completed,
        }
    }
}

struct TaskViewSet;

impl ModelViewSet for TaskViewSet {
    type Entity = task::Entity;
    type Request = TaskRequest;
    type Response = TaskResponse;
}

struct MemberViewSet;

impl ModelViewSet for MemberViewSet {
    type Entity = task::Entity;
    type Request = TaskRequest;
    type Response = TaskResponse;

    fn permission() -> Permission {
        Permission::IsAuthenticatedOrReadOnly
    }
}

pub fn project() -> Project {
    Project {
        name: "test",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("api").admin(register)],
        routes,
        migrations: &MIGRATIONS,
    }
}

fn register(site: &mut AdminSite) {
    site.register(restkit::ModelAdmin::new(task::Entity));
}

pub fn routes() -> Routes {
    let api = DefaultRouter::new()
        .register::<TaskViewSet>("tasks")
        .register::<MemberViewSet>("members");
    Routes::new()
        .get("/", restkit::pages::welcome)
        .nest("/admin", restkit::admin::routes())
        .nest("/api", restkit::openapi::routes())
        .nest("/api", api)
}
