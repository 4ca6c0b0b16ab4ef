//! Forms that were sent after their session had ended: what was typed is kept through the login, in the
//! login form itself and signed, so that a form which was not sent here cannot be slipped in.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use minijinja::context;

use crate::admin::form_data::FormData;
use crate::auth::models::user;
use crate::secrets;
use crate::serializer::Body;
use crate::site::session;
use crate::{Context, Error, Result, Site};

/// The field of the login form with the form that was kept.
const FIELD: &str = "_kept";

const SIGNATURE: &str = "_signature";

const PURPOSE: &str = "restkit.admin.kept";

/// A form on its way through the login.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// As forms are encoded.
    fields: String,
    signature: String,
}

impl Kept {
    /// Signs a form that was sent to `path`.
    pub fn sign(site: &Site, path: &str, data: &FormData) -> Self {
        let fields = data.to_text();
        let signature = secrets::sign_for(site.settings(), PURPOSE, &signed(path, &fields));
        Self { fields, signature }
    }

    /// The form that was kept in a login form for `path`; nothing if it was not signed here.
    pub fn read(site: &Site, path: &str, body: &Body) -> Option<Self> {
        let kept = Self {
            fields: body.text(FIELD)?.to_owned(),
            signature: body.text(SIGNATURE)?.to_owned(),
        };
        let text = signed(path, &kept.fields);
        secrets::is_signed(site.settings(), PURPOSE, &text, &kept.signature).then_some(kept)
    }

    /// The hidden fields that carry it.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        vec![
            (FIELD, self.fields.clone()),
            (SIGNATURE, self.signature.clone()),
        ]
    }

    /// Logs `user` in and shows the form, to be sent by a person: nothing is written before.
    ///
    /// # Errors
    ///
    /// If the database or the template fails.
    pub async fn show(&self, ctx: &Context, path: &str, user: &user::Model) -> Result<Response> {
        let mut logged_in = Response::default();
        let token = session::log_in(ctx, user, &mut logged_in).await?;
        let mut after = ctx.clone();
        after.headers = with_token(&ctx.headers, &token)?;
        after.visitor.user = Some(user.clone());
        let fields = form_urlencoded::parse(self.fields.as_bytes());
        let fields: Vec<_> = fields.into_owned().collect();
        let mut page = after.render("admin/kept.html", context! { target => path, fields })?;
        for cookie in logged_in.headers().get_all(header::SET_COOKIE) {
            page.headers_mut()
                .append(header::SET_COOKIE, cookie.clone());
        }
        Ok(page)
    }
}

/// The headers of a request that has the CSRF token which the login has just given out.
fn with_token(headers: &HeaderMap, token: &str) -> Result<HeaderMap> {
    let mut headers = headers.clone();
    let cookie = HeaderValue::from_str(&format!("csrftoken={token}"));
    let cookie = cookie.map_err(|error| Error::Internal(error.into()))?;
    headers.insert(header::COOKIE, cookie);
    Ok(headers)
}

/// The text that is signed. Encoded fields have no line of their own, so that path and fields cannot be taken for
/// others.
fn signed(path: &str, fields: &str) -> String {
    format!("{path}\n{fields}")
}
