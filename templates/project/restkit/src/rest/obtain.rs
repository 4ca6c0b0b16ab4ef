//! A token for a name and a password.

use axum::Json;
use axum::extract::Request;
use garde::Validate;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::auth::token;
use crate::error::NON_FIELD;
use crate::serializer::Body;
use crate::site::session::authenticate;
use crate::{Context, Error, Result, serializer};

#[derive(Deserialize, Validate)]
struct Credentials {
    #[garde(length(min = 1))]
    username: String,
    #[garde(length(min = 1))]
    password: String,
}

/// Answers `{"username": ..., "password": ...}` by `{"token": ...}`, as DRF's view of this name:
/// `Routes::new().post("/api/token/", restkit::auth::obtain_auth_token)`.
///
/// It is a new token each time, as of those made before only fingerprints are kept.
///
/// # Errors
///
/// 400 if the two do not fit; 429 after too many wrong ones.
pub async fn obtain_auth_token(ctx: Context, request: Request) -> Result<Json<Value>> {
    let data = Body::read(request, ctx.settings()).await?.data;
    let mut sent: Credentials = serializer::parse(&data)?;
    // Spaces around a name mean nothing, those around a password are part of it.
    if let Some(password) = data["password"].as_str() {
        sent.password = password.to_owned();
    }
    let user = authenticate(ctx.site(), ctx.address, &sent.username, &sent.password).await?;
    let user =
        user.ok_or_else(|| Error::field(NON_FIELD, "Unable to log in with provided credentials."))?;
    let expires_at = token::expiry(ctx.settings().token_lifetime);
    let key = token::create(ctx.db(), user.id, "obtain_auth_token", expires_at).await?;
    Ok(Json(json!({ "token": key })))
}
