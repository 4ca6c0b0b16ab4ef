//! Changing passwords: one's own, and those of others by who may change users.

use axum::extract::Request;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use crate::admin::staff::Staff;
use crate::auth::models::user;
use crate::auth::{csrf, password, session, validators};
use crate::pages::flash;
use crate::rest::Body;
use crate::{Context, Result};

/// What is wrong with the fields of the form, in their order.
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
    let body = Body::read(&ctx, request).await?;
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
