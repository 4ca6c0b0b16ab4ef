//! Reports the migrations that were made, for people and for programs.

use serde_json::json;

use crate::migrations::Layout;
use crate::migrations::make::NewMigration;
use crate::plan::Plan;
use crate::schema::operation::{Names, Operation};
use crate::ui;

/// Says it in Django's words.
pub(super) fn announce(
    migrations: &[NewMigration],
    apps: &[String],
    layout: &Layout,
    names: &Names,
) {
    if migrations.is_empty() {
        ui::say(match apps {
            [] => "No changes detected".to_owned(),
            [app] => format!("No changes detected in app '{app}'"),
            apps => format!("No changes detected in apps '{}'", apps.join("', '")),
        });
    }
    for migration in migrations {
        ui::say(match migration.app.as_str() {
            "" => "Migrations:".to_owned(),
            app => format!("Migrations for '{app}':"),
        });
        let folder = layout.folder.display();
        let name = &migration.sqlite.name;
        ui::data(format!("  {folder}/{{sqlite,postgres}}/{name}.up.sql"));
        for operation in migration.operations.iter().filter(|it| !it.is_detail()) {
            let mark = if operation.destroys_data() { '!' } else { ' ' };
            ui::say(format!("  {mark} {}", operation.describe(names)));
        }
    }
}

/// The same for programs: an object with `migrations`, each with its `app`, `name` and
/// `operations`, and with the `steps` of `plan`.
pub(super) fn as_json(
    migrations: &[NewMigration],
    names: &Names,
    plan: &Plan,
    is_written: bool,
) -> String {
    let operation = |operation: &Operation| {
        json!({
            "description": operation.describe(names).to_string(),
            "table": operation.table(),
            "destroys_data": operation.destroys_data(),
        })
    };
    let migration = |migration: &NewMigration| {
        let operations = migration.operations.iter().filter(|it| !it.is_detail());
        let operations: Vec<_> = operations.map(operation).collect();
        json!({
            "app": migration.app,
            "name": migration.sqlite.name,
            "operations": operations,
        })
    };
    let migrations: Vec<_> = migrations.iter().map(migration).collect();
    let mut told = ui::plan_as_json(plan, is_written);
    told["migrations"] = json!(migrations);
    format!("{told:#}")
}
