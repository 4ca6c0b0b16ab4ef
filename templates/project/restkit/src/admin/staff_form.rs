//! Forms of staff: whoever is logged out while typing finds the text again.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::admin::form_data::FormData;
use crate::admin::kept::Kept;
use crate::admin::login;
use crate::admin::staff::Staff;
use crate::{Context, Site};

/// A form that staff have sent. Of somebody who is not logged in any more it is kept, and the answer is
/// the login form.
pub(super) struct StaffForm {
    pub staff: Staff,
    pub data: FormData,
}

impl FromRequest<Site> for StaffForm {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let refused = match Staff::from_request_parts(&mut parts, site).await {
            Ok(staff) => {
                let data = FormData::read(&staff.ctx, body).await;
                let data = data.map_err(IntoResponse::into_response)?;
                return Ok(Self { staff, data });
            }
            Err(refused) => refused,
        };
        let ctx = Context::from_request_parts(&mut parts, site).await;
        let Some(ctx) = ctx.ok().filter(|ctx| ctx.user().is_none()) else {
            return Err(refused);
        };
        // A form that our own pages did not send is not worth keeping.
        let Ok(data) = FormData::read(&ctx, body).await else {
            return Err(refused);
        };
        let path = ctx.uri.to_string();
        let kept = Kept::sign(site, &path, &data);
        let why = "Your session has ended. Log in again: what you typed is kept.";
        let page = login::page(&ctx, StatusCode::OK, (&path, Some(&kept)), "", why);
        Err(page.unwrap_or_else(IntoResponse::into_response))
    }
}
