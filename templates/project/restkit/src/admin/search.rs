//! Searching for a row to refer to, while one types.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::Result;
use crate::admin::model_page::ModelPage;
use crate::admin::search_terms::Words;
use crate::admin::staff::Staff;
use crate::admin::store::Query;

/// So many are offered.
const MAX_RESULTS: u64 = 20;

/// GET /admin/{app}/{model}/search/?q=
pub(super) async fn search(
    staff: Staff,
    Path((app, slug)): Path<(String, String)>,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    model_page.require("view")?;
    let db = staff.ctx.db();
    let words = Words::read(
        db,
        model_page.model,
        &staff.ctx.query("q").unwrap_or_default(),
    )
    .await?;
    let condition = words.condition(model_page.model, db.get_database_backend());
    let mut query = Query::new(condition, MAX_RESULTS);
    query.order = model_page.model.own_order();
    let rows = model_page.model.store.rows(db, query).await?;
    let found = rows
        .iter()
        .map(|row| json!({ "value": row.key, "label": row.label }));
    Ok(Json(found.collect::<Vec<Value>>()).into_response())
}
