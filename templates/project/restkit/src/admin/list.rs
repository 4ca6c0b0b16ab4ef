//! The index of models and the list of a model's rows.

use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use crate::admin::staff::Staff;
use crate::{Error, Result};

/// How many rows a page has.
const PAGE_SIZE: u64 = 100;

/// One model on the index.
#[derive(Serialize)]
struct Entry<'s> {
    name: &'s str,
    url: String,
    count: u64,
}

/// One app on the index.
#[derive(Serialize)]
struct Group<'s> {
    app: &'s str,
    models: Vec<Entry<'s>>,
}

/// GET /admin/
pub(super) async fn index(staff: Staff) -> Result<Response> {
    let ctx = &staff.ctx;
    let mut groups: Vec<Group<'_>> = Vec::new();
    for model in ctx.site().admin().models() {
        if !staff.may(model.app, "view", &model.slug) {
            continue;
        }
        let entry = Entry {
            name: &model.name,
            url: format!("{}{}/{}/", ctx.site().admin_url(), model.app, model.slug),
            count: model.rows(ctx.db(), 0, 1).await?.count,
        };
        match groups.last_mut().filter(|group| group.app == model.app) {
            Some(group) => group.models.push(entry),
            None => groups.push(Group {
                app: model.app,
                models: vec![entry],
            }),
        }
    }
    ctx.render("admin/index.html", context! { groups => Serde(groups) })
}

/// GET /admin/{app}/{model}/
pub(super) async fn rows(
    staff: Staff,
    Path((app, slug)): Path<(String, String)>,
) -> Result<Response> {
    staff.require(&app, "view", &slug)?;
    let ctx = staff.ctx;
    let model = ctx
        .site()
        .admin()
        .find(&app, &slug)
        .ok_or_else(Error::not_found)?;
    let page: u64 = match ctx.query("page") {
        Some(page) => page.parse().map_err(|_| Error::not_found())?,
        None => 1,
    };
    let rows = model.rows(ctx.db(), PAGE_SIZE, page).await?;
    let last = rows.count.div_ceil(PAGE_SIZE).max(1);
    if !(1..=last).contains(&page) {
        return Err(Error::not_found());
    }
    ctx.render(
        "admin/list.html",
        context! {
            app,
            model => &model.name,
            columns => Serde(&model.columns),
            count => rows.count,
            rows => Serde(&rows.rows),
            page,
            last,
        },
    )
}
