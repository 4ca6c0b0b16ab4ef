//! The forms for new and existing rows.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;

use crate::Result;
use crate::admin::inlines::Group;
use crate::admin::model_page::{ModelPage, gone};
use crate::admin::save;
use crate::admin::sheet::{Sheet, page, stored};
use crate::admin::staff::Staff;
use crate::admin::staff_form::StaffForm;
use crate::http::query::query_pairs;

/// GET /admin/{app}/{model}/add/
pub(super) async fn add_form(
    staff: Staff,
    Path((app, slug)): Path<(String, String)>,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    model_page.require("add")?;
    let db = staff.ctx.db();
    let mut sheet = Sheet::default();
    for column in &model_page.model.columns {
        let asked = query_pairs(&staff.ctx.uri).find(|(name, _)| name == column.name);
        let text = asked.map(|(_, text)| text).or(column.default.clone());
        sheet.texts.insert(column.name, text.unwrap_or_default());
    }
    sheet.inlines = Group::read_all(&model_page, db, None, &mut sheet.originals).await?;
    page(&model_page, db, None, sheet).await
}

/// GET /admin/{app}/{model}/{key}/change/
pub(super) async fn change_form(
    staff: Staff,
    Path((app, slug, key)): Path<(String, String, String)>,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    staff.require(&app, "view", &slug)?;
    let db = staff.ctx.db();
    let Some(row) = model_page.row(db, &key).await? else {
        return Ok(gone(&model_page, &key));
    };
    let sheet = stored(&model_page, db, &row).await?;
    page(&model_page, db, Some(&row), sheet).await
}

/// POST /admin/{app}/{model}/add/
pub(super) async fn add(
    Path((app, slug)): Path<(String, String)>,
    StaffForm { staff, data }: StaffForm,
) -> Result<Response> {
    let data = Arc::new(data);
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    model_page.require("add")?;
    save::add(&model_page, &data).await
}

/// POST /admin/{app}/{model}/{key}/change/
pub(super) async fn change(
    Path((app, slug, key)): Path<(String, String, String)>,
    StaffForm { staff, data }: StaffForm,
) -> Result<Response> {
    let data = Arc::new(data);
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    if data.find("_saveasnew").is_some() && model_page.model.options.save_as {
        model_page.require("add")?;
        return save::add(&model_page, &data).await;
    }
    model_page.require("change")?;
    save::change(&model_page, &key, &data).await
}
