//! The index: the models by app, and what one has done last.

use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use sea_orm::sea_query::Condition;
use serde::Serialize;

use crate::admin::bounded_count::{COUNTED, count};
use crate::admin::history;
use crate::admin::model::label_of;
use crate::admin::model_page::ModelPage;
use crate::admin::staff::Staff;
use crate::{Error, Result};

/// So many of the last changes are shown.
const MAX_RECENT: u64 = 10;

/// One model.
#[derive(Serialize)]
struct Entry {
    name: String,
    url: String,
    count: String,
    may_add: bool,
}

/// One app.
#[derive(Serialize)]
struct Group<'s> {
    app: &'s str,
    title: String,
    models: Vec<Entry>,
}

/// GET /admin/
pub(super) async fn index(staff: Staff) -> Result<Response> {
    page(&staff, None).await
}

/// GET /admin/{app}/
pub(super) async fn app(staff: Staff, Path(app): Path<String>) -> Result<Response> {
    page(&staff, Some(&app)).await
}

async fn page(staff: &Staff, only: Option<&str>) -> Result<Response> {
    let db = staff.ctx.db();
    let mut groups: Vec<Group<'_>> = Vec::new();
    let site = staff.ctx.site().admin();
    let wanted = site
        .models()
        .iter()
        .filter(|model| only.is_none_or(|app| model.app == app));
    for model in wanted {
        let model_page = ModelPage { staff, site, model };
        if !model_page.may("view") {
            continue;
        }
        let entry = Entry {
            name: label_of(&model.plural),
            url: model_page.url(),
            count: count(db, &model.table, (Condition::all(), COUNTED))
                .await?
                .to_string(),
            may_add: model_page.may("add"),
        };
        match groups.last_mut().filter(|group| group.app == model.app) {
            Some(group) => group.models.push(entry),
            None => groups.push(Group {
                app: model.app,
                title: label_of(model.app),
                models: vec![entry],
            }),
        }
    }
    if only.is_some() && groups.is_empty() {
        return Err(Error::not_found());
    }
    staff.ctx.render(
        "admin/index.html",
        context! {
            groups => Serde(groups),
            only => only.map(label_of),
            app => only,
            recent => Serde(history::recent(staff, MAX_RECENT).await?),
        },
    )
}
