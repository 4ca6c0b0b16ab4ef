//! Changing passwords: one's own, and those of others by who may change users.

use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use sea_orm::EntityTrait;

use crate::admin::history;
use crate::admin::history::Change;
use crate::admin::model_page::ModelPage;
use crate::admin::staff::Staff;
use crate::auth::models::user;
use crate::auth::{password, validators};
use crate::pages::flash;
use crate::serializer::Body;
use crate::site::{csrf, session};
use crate::{Context, Error, Result};

/// The mistakes in the fields of the form, in their order.
#[derive(Default)]
pub(super) struct Problems {
    pub old: Vec<String>,
    pub new: Vec<String>,
    pub again: Vec<String>,
}

impl Problems {
    fn none(&self) -> bool {
        self.old.is_empty() && self.new.is_empty() && self.again.is_empty()
    }
}

/// GET /admin/password_change/
pub(super) async fn form(Staff { ctx, .. }: Staff) -> Result<Response> {
    page(&ctx, &Problems::default())
}

/// POST /admin/password_change/
pub(super) async fn change(Staff { ctx, user, .. }: Staff, request: Request) -> Result<Response> {
    let body = Body::read(request, ctx.settings()).await?;
    csrf::check(&ctx, body.text(csrf::FIELD))?;
    let (mut problems, new) = new_password(&body, &user);
    let old = body.text("old_password").unwrap_or_default();
    if !password::verify(old, Some(&user.password)).await? {
        let wrong = "Your old password was entered incorrectly. Please enter it again.";
        problems.old.push(wrong.to_owned());
    }
    if !problems.none() {
        return page(&ctx, &problems);
    }
    let user = session::set_password(ctx.db(), &user, &new).await?;
    // All sessions have ended by that, and the one at this browser goes on as a new one.
    let mut response = Redirect::to(ctx.site().admin_url()).into_response();
    flash::say(
        &ctx,
        &mut response,
        &["Your password was changed.".to_owned()],
    );
    session::log_in(&ctx, &user, &mut response).await?;
    Ok(response)
}

/// GET /admin/auth/user/{key}/password/
pub(super) async fn others_form(staff: Staff, Path(key): Path<i64>) -> Result<Response> {
    let user = other(&staff, key).await?;
    others_page(&staff, &user, &Problems::default())
}

/// POST /admin/auth/user/{key}/password/
pub(super) async fn change_others(
    staff: Staff,
    Path(key): Path<i64>,
    request: Request,
) -> Result<Response> {
    let body = Body::read(request, staff.ctx.settings()).await?;
    csrf::check(&staff.ctx, body.text(csrf::FIELD))?;
    let user = other(&staff, key).await?;
    let (problems, new) = new_password(&body, &user);
    if !problems.none() {
        return others_page(&staff, &user, &problems);
    }
    session::set_password(staff.ctx.db(), &user, &new).await?;
    let model_page = ModelPage::find(&staff, "auth", "user")?;
    let db = staff.ctx.db();
    if let Some(row) = model_page.row(db, &key.to_string()).await? {
        let change = Change {
            field: "Password".to_owned(),
            from: String::new(),
            to: String::new(),
        };
        history::note(db, &staff, model_page.model, ("change", &row), &[change]).await?;
    }
    let page = format!("{}change/", model_page.url_of(&key.to_string()));
    let mut response = Redirect::to(&page).into_response();
    let said = format!(
        "The password of “{}” was changed; all sessions of theirs have ended.",
        user.username
    );
    flash::say(&staff.ctx, &mut response, &[said]);
    Ok(response)
}

/// The user with this key, if this member of staff may set the password: a superuser's only
/// superusers may, or everybody who may change users could become one.
async fn other(staff: &Staff, key: i64) -> Result<user::Model> {
    staff.require("auth", "change", "user")?;
    let found = user::Entity::find_by_id(key).one(staff.ctx.db()).await?;
    let user = found.ok_or_else(Error::not_found)?;
    if user.is_superuser && !staff.user.is_superuser {
        Err(Error::permission_denied())
    } else {
        Ok(user)
    }
}

fn others_page(staff: &Staff, user: &user::Model, problems: &Problems) -> Result<Response> {
    staff.ctx.render(
        "admin/password.html",
        context! {
            of => &user.username,
            new => &problems.new,
            again => &problems.again,
            old => &problems.old,
        },
    )
}

/// The new password of a form with `new_password1` and `new_password2`, and what is wrong with it.
pub(super) fn new_password(body: &Body, user: &user::Model) -> (Problems, String) {
    let first = body.text("new_password1").unwrap_or_default();
    let again = body.text("new_password2").unwrap_or_default();
    let mut problems = Problems::default();
    let attributes = [
        ("username", user.username.as_str()),
        ("first name", user.first_name.as_str()),
        ("last name", user.last_name.as_str()),
        ("email address", user.email.as_str()),
    ];
    problems.new = match first {
        "" => vec!["This field is required.".to_owned()],
        first => validators::validate(first, &attributes),
    };
    if first != again {
        let differ = "The two password fields didn’t match.";
        problems.again.push(differ.to_owned());
    }
    (problems, first.to_owned())
}

fn page(ctx: &Context, problems: &Problems) -> Result<Response> {
    ctx.render(
        "admin/password.html",
        context! {
            old => &problems.old,
            new => &problems.new,
            again => &problems.again,
        },
    )
}
