//! Looks up what the models of a line refer to: whether it is there, and which rows tests need of it.

use anyhow::Result;

use crate::error::{Exit, Failure};
use crate::migrations::{Layout, models};
use crate::project::Project;
use crate::scaffold::fields::{Elsewhere, Field, Kind, Model, Target};
use crate::schema::ColumnType;
use crate::schema::parse::Models;
use crate::schema::sample::Rows;

/// Looks up what keys and lists of `line`, models of the app `label`, refer to.
///
/// # Errors
///
/// If it is not there, or its key is no `id` of 64 bits.
pub fn resolve(project: &Project, label: &str, line: &[Model]) -> Result<Elsewhere> {
    // Mistakes in models are for makemigrations and the compiler to tell.
    let others = models::read(&Layout::of(project)).unwrap_or_default();
    let mut rows = Rows::default();
    for field in line.iter().flat_map(|model| &model.fields) {
        let (Kind::Fk(target) | Kind::M2m(target)) = &field.kind else {
            continue;
        };
        let is_in_line = |model: &Model| target.app.is_none() && model.name() == target.model;
        if line.iter().any(is_in_line) {
            continue;
        }
        let app = target.app.as_deref().unwrap_or(label);
        let table = find(&others, app, target).ok_or_else(|| missing(field, target))?;
        check_key(&others, table, field, target)?;
        rows.add(&others, table);
    }
    Ok(Elsewhere {
        inserts: rows.inserts,
        needs_accounts: rows.needs_accounts,
    })
}

/// The table of a model; its module is called after it: `restkit::auth::models::user`.
fn find<'m>(others: &'m Models, app: &str, target: &Target) -> Option<&'m str> {
    let ending = format!("::{}", target.module());
    let mut models = others.models.iter();
    let found = models.find(|(_, other)| other.app == app && other.module.ends_with(&ending));
    found.map(|(table, _)| table.as_str())
}

fn check_key(others: &Models, table: &str, field: &Field, target: &Target) -> Result<()> {
    let Some(found) = others.schema.tables.get(table) else {
        return Ok(());
    };
    let key = found.columns.get("id").map(|column| &column.column_type);
    if found.primary_key == ["id"] && key == Some(&ColumnType::BigInteger) {
        return Ok(());
    }
    let message = format!(
        "`{}` refers to `{}`, whose key is no `id: i64`",
        field.name,
        written(target)
    );
    let hint = "leave it out here, and write the key into models.rs by hand";
    Err(Failure::new(message).hint(hint).exit(Exit::Usage).into())
}

fn missing(field: &Field, target: &Target) -> Failure {
    let (name, target) = (&field.name, written(target));
    Failure::new(format!(
        "`{name}` refers to `{target}`, and there is no such model"
    ))
    .hint("name one of this line, or APP.MODEL of an app that is there: auth.User")
    .exit(Exit::Usage)
}

fn written(target: &Target) -> String {
    let app = target.app.as_ref().map(|app| format!("{app}."));
    format!("{}{}", app.unwrap_or_default(), target.model)
}
