//! The history of changes: what, by whom and when.

use axum::extract::Path;
use axum::response::Response;
use chrono::Utc;
use minijinja::context;
use minijinja::value::Serde;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};

use crate::admin::model::RegisteredModel;
use crate::admin::model_page::ModelPage;
use crate::admin::staff::Staff;
use crate::admin::store::Row;
use crate::auth::models::{log_entry, user};
use crate::db::Connection;
use crate::http::path::encode_segment;
use crate::{Error, Result};

/// So many are shown.
const MAX_ENTRIES: u64 = 100;

/// One field of a row that was changed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Change {
    pub field: String,
    pub from: String,
    pub to: String,
}

/// One entry on a page.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    at: String,
    user: String,
    action: String,
    pub model: String,
    pub object: String,
    /// The URL of the row, unless it is gone.
    url: String,
    changes: Vec<Change>,
}

/// Notes what was done to a row.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn note(
    db: &Connection,
    staff: &Staff,
    model: &RegisteredModel,
    (action, row): (&str, &Row),
    changes: &[Change],
) -> Result<()> {
    let changes = serde_json::to_value(changes).map_err(|error| Error::Internal(error.into()))?;
    let entry = log_entry::ActiveModel {
        made_at: Set(Utc::now()),
        user_id: Set(Some(staff.user.id)),
        model: Set(format!("{}.{}", model.app, model.slug)),
        object_key: Set(row.key.clone()),
        object: Set(row.label.clone()),
        action: Set(action.to_owned()),
        changes: Set(changes),
        ..Default::default()
    };
    entry.insert(db).await?;
    Ok(())
}

/// Returns the last changes of one user.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn recent(staff: &Staff, number: u64) -> Result<Vec<Entry>> {
    let found = log_entry::Entity::find()
        .filter(log_entry::Column::UserId.eq(staff.user.id))
        .find_also_related(user::Entity)
        .order_by_desc(log_entry::Column::Id)
        .limit(number)
        .all(staff.ctx.db())
        .await?;
    Ok(found.into_iter().map(|found| entry(staff, found)).collect())
}

/// Returns the changes of the row with this key, the newest first.
///
/// # Errors
///
/// If the database fails.
pub(super) async fn of(
    db: &Connection,
    staff: &Staff,
    model: &RegisteredModel,
    key: &str,
) -> Result<Vec<Entry>> {
    let found = log_entry::Entity::find()
        .filter(log_entry::Column::ObjectKey.eq(key))
        .filter(log_entry::Column::Model.eq(format!("{}.{}", model.app, model.slug)))
        .find_also_related(user::Entity)
        .order_by_desc(log_entry::Column::Id)
        .limit(MAX_ENTRIES)
        .all(db)
        .await?;
    Ok(found.into_iter().map(|found| entry(staff, found)).collect())
}

impl Entry {
    /// Names the user and the time, for a sentence.
    pub fn by(&self) -> String {
        format!("{} at {} UTC", self.user, self.at)
    }
}

fn entry(staff: &Staff, (entry, user): (log_entry::Model, Option<user::Model>)) -> Entry {
    let site = staff.ctx.site();
    let (app, slug) = entry.model.split_once('.').unwrap_or_default();
    let model = site.admin().find(app, slug).ok();
    let url = match (model, entry.action.as_str()) {
        (None, _) | (_, "delete") => String::new(),
        (Some(model), _) => {
            format!(
                "{}{}{}/change/",
                site.admin_url(),
                model.path(),
                encode_segment(&entry.object_key)
            )
        }
    };
    Entry {
        at: entry.made_at.format("%Y-%m-%d %H:%M").to_string(),
        user: user.map_or_else(|| "somebody deleted".to_owned(), |user| user.username),
        model: model.map_or(entry.model.clone(), |model| model.name.clone()),
        action: entry.action,
        object: entry.object,
        changes: serde_json::from_value(entry.changes).unwrap_or_default(),
        url,
    }
}

/// GET /admin/{app}/{model}/{key}/history/
pub(super) async fn page(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    staff.require(&app, "view", &slug)?;
    let db = staff.ctx.db();
    let row = model_page
        .row(db, &key)
        .await?
        .ok_or_else(Error::not_found)?;
    let entries = of(db, &staff, model_page.model, &key).await?;
    staff.ctx.render(
        "admin/history.html",
        context! {
            place => model_page.crumbs(),
            label => row.label,
            url => model_page.url_of(&key),
            entries => Serde(entries),
        },
    )
}
