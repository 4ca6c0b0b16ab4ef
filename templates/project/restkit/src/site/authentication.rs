//! Authenticates a request: [`Authentication`] by a session, a token, or a name and a password.

mod basic;

use axum::http::{HeaderMap, header};

use crate::auth::models::user;
use crate::auth::{self, token};
use crate::http::methods::is_safe;
use crate::settings::Authentication;
use crate::site::{csrf, session};
use crate::{Context, Error, Result};

impl Authentication {
    /// The user that the request names in this way.
    ///
    /// # Errors
    ///
    /// [`Failure::Refused`] if something was sent that is wrong.
    async fn user(self, ctx: &Context) -> Result<Option<user::Model>, Failure> {
        let found = match self {
            Self::Session => return Ok(ctx.visitor.session_user.clone()),
            Self::Token => credentials(&ctx.headers, &["token", "bearer"], "token", "Token"),
            Self::Basic => credentials(&ctx.headers, &["basic"], "basic", "Credentials"),
        };
        match (found?, self) {
            (None, _) => Ok(None),
            (Some(key), Self::Token) => Box::pin(by_token(ctx, key)).await.map(Some),
            (Some(encoded), _) => Box::pin(by_password(ctx, encoded)).await.map(Some),
        }
    }
}

impl Context {
    /// Authenticates the request, by the ways that the settings allow, for a handler that is not a viewset:
    /// a handler's context knows only the session. A write that a session makes must show the CSRF
    /// token in the header `X-CSRFToken`.
    ///
    /// # Errors
    ///
    /// 401 if what was sent is wrong, 403 without the CSRF token; or if the database fails.
    pub async fn authenticate(mut self) -> Result<Self> {
        let site = self.site().clone();
        authenticate(&mut self, &site.settings().authentication).await?;
        if self.needs_csrf() {
            csrf::check(&self, None)?;
        }
        Ok(self)
    }

    /// Returns whether the request must prove that our own pages have sent it: a browser sends its session's
    /// cookie along even if another site makes it send the request.
    pub(crate) fn needs_csrf(&self) -> bool {
        self.visitor.authentication == Some(Authentication::Session) && !is_safe(&self.method)
    }

    /// The answer to nobody who wants something that is for users.
    pub fn not_authenticated(&self) -> Error {
        Error::NotAuthenticated {
            detail: "Authentication credentials were not provided.".into(),
            challenge: self.visitor.challenge,
        }
    }

    /// Returns whether the user may do `permission`, such as `api.add_task`; anonymous requests have no permissions.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn has_perm(&self, permission: &str) -> Result<bool> {
        match self.user() {
            Some(user) => auth::has_perm(self.db(), user, permission).await,
            None => Ok(false),
        }
    }
}

/// Authenticates the request, by the ways that a view allows.
///
/// # Errors
///
/// 401 in DRF's words if what was sent is wrong; 429 after too many wrong passwords; or if the
/// database fails.
pub(crate) async fn authenticate(ctx: &mut Context, ways: &[Authentication]) -> Result<()> {
    ctx.visitor.user = None;
    ctx.visitor.authentication = None;
    ctx.visitor.challenge = Authentication::challenge_of(ways);
    for way in ways {
        match way.user(ctx).await {
            Ok(None) => {}
            Ok(user) => {
                ctx.visitor.user = user;
                ctx.visitor.authentication = Some(*way);
                return Ok(());
            }
            Err(Failure::Refused(detail)) => {
                return Err(Error::NotAuthenticated {
                    detail: detail.into(),
                    challenge: ctx.visitor.challenge,
                });
            }
            Err(Failure::Other(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Why authentication has failed.
enum Failure {
    /// The credentials are wrong.
    Refused(String),
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Returns the credentials after one of `schemes` in the `Authorization` header; `name` and `what` are for
/// messages.
fn credentials<'h>(
    headers: &'h HeaderMap,
    schemes: &[&str],
    name: &str,
    what: &str,
) -> Result<Option<&'h [u8]>, Failure> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let mut words = header
        .as_bytes()
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let scheme = words.next().unwrap_or_default();
    let is_meant = |known: &&str| scheme.eq_ignore_ascii_case(known.as_bytes());
    if !schemes.iter().any(is_meant) {
        return Ok(None);
    }
    let problem = match (words.next(), words.next()) {
        (Some(credentials), None) => return Ok(Some(credentials)),
        (None, _) => "No credentials provided.".to_owned(),
        (Some(_), Some(_)) => format!("{what} string should not contain spaces."),
    };
    Err(Failure::Refused(format!(
        "Invalid {name} header. {problem}"
    )))
}

async fn by_token(ctx: &Context, key: &[u8]) -> Result<user::Model, Failure> {
    let Ok(key) = std::str::from_utf8(key) else {
        let detail = "Invalid token header. Token string should not contain invalid characters.";
        return Err(Failure::Refused(detail.to_owned()));
    };
    match token::find(ctx.db(), key).await? {
        None => Err(Failure::Refused("Invalid token.".to_owned())),
        Some((token, _)) if token::has_expired(&token) => {
            Err(Failure::Refused("Token has expired.".to_owned()))
        }
        Some((_, user)) if !user.is_active => {
            Err(Failure::Refused("User inactive or deleted.".to_owned()))
        }
        Some((_, user)) => Ok(user),
    }
}

async fn by_password(ctx: &Context, encoded: &[u8]) -> Result<user::Model, Failure> {
    let Some((username, password)) = basic::decode(encoded) else {
        let detail = "Invalid basic header. Credentials not correctly base64 encoded.";
        return Err(Failure::Refused(detail.to_owned()));
    };
    let user = session::authenticate(ctx.site(), ctx.address, &username, &password).await?;
    user.ok_or_else(|| Failure::Refused("Invalid username/password.".to_owned()))
}
