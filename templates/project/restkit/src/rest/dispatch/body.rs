//! The body of a request on its way in: a form may stand for another method, a write must come from our own pages.

use axum::extract::Request as HttpRequest;
use axum::http::Method;
use serde_json::Value;

use crate::rest::browsable;
use crate::serializer::Body;
use crate::settings::Parser;
use crate::site::csrf;
use crate::{Context, Result};

/// The body of a request. A form is read early, since it may stand for a method that forms do not have.
pub(super) enum SentBody {
    Unread(HttpRequest),
    /// A client's form.
    Form(Body),
    /// A form of one of our own pages.
    Page(Body),
}

impl SentBody {
    /// Reads a form, and makes of one of our pages' what it stands for.
    ///
    /// # Errors
    ///
    /// 400 if it is malformed, 403 if a page's form was not sent by a page.
    pub async fn open(ctx: &mut Context, request: HttpRequest, sent: &mut Value) -> Result<Self> {
        if ctx.method != Method::POST || !Body::is_form(&ctx.headers) {
            return Ok(Self::Unread(request));
        }
        let body = Box::pin(Body::read(request, ctx.settings())).await?;
        if body.text(browsable::METHOD).is_none() {
            return Ok(Self::Form(body));
        }
        let raw = body.text(browsable::CONTENT).map(str::to_owned);
        let meant = browsable::apply_method_override(ctx, body);
        // Its page shows again what was typed, also if that is not JSON, or if nobody is logged in
        // any more.
        *sent = match (&meant, raw) {
            (Ok(body), _) => body.data.clone(),
            (Err(_), raw) => raw.map_or(Value::Null, Value::String),
        };
        meant.map(Self::Page)
    }

    /// Reads the body of a request that writes.
    ///
    /// # Errors
    ///
    /// 400 if it is malformed, 403 if a browser sent it from elsewhere, 415 if its type is not accepted.
    pub async fn read(self, ctx: &Context, parsers: &[Parser]) -> Result<Body> {
        let is_ours = matches!(self, Self::Page(_));
        let body = match self {
            Self::Form(body) | Self::Page(body) => Ok(body),
            Self::Unread(_) if ctx.method == Method::DELETE => Ok(Body::empty()),
            Self::Unread(request) => Body::read(request, ctx.settings()).await,
        };
        if ctx.needs_csrf() {
            let token = body.as_ref().ok().and_then(|body| body.text(csrf::FIELD));
            csrf::check(ctx, token)?;
        }
        // The pages send forms, whatever clients may send.
        if !is_ours {
            Body::check_kind(&ctx.headers, parsers)?;
        }
        body
    }
}
