//! Assigns changes to apps.

use std::collections::BTreeSet;

use crate::migrations::{History, Layout};
use crate::schema::operation::{Names, Operation};
use crate::schema::parse::Models;

/// The names of models and apps, for messages.
pub(super) fn names(layout: &Layout, models: &Models) -> Names {
    Names {
        models: models
            .models
            .iter()
            .map(|(table, model)| (table.clone(), model.name.clone()))
            .collect(),
        apps: layout.labels(),
    }
}

/// The app that a change belongs to: its model's, or for a table that has gone the one that its
/// name begins with.
pub(super) fn app_of(operation: &Operation, models: &Models, names: &Names) -> String {
    if names.apps.iter().all(String::is_empty) {
        return String::new();
    }
    let table = operation.table();
    if let Some(model) = models.models.get(table) {
        return model.app.clone();
    }
    let begins = |app: &&String| {
        table
            .strip_prefix(app.as_str())
            .is_some_and(|rest| rest.starts_with('_'))
    };
    let app = names.apps.iter().filter(begins).max_by_key(|app| app.len());
    app.cloned()
        .unwrap_or_else(|| table.split('_').next().unwrap_or(table).to_owned())
}

/// The apps that have migrations already.
pub(super) fn started(history: &History, apps: &[String]) -> Vec<String> {
    if apps.iter().all(String::is_empty) {
        let has_some = !history.migrations.is_empty();
        return has_some.then(String::new).into_iter().collect();
    }
    let started = history
        .migrations
        .iter()
        .filter_map(|migration| migration.app_and_title(apps));
    let started: BTreeSet<_> = started.map(|(app, _)| app.to_owned()).collect();
    started.into_iter().collect()
}
