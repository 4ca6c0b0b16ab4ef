//! Messages for the page that comes next: Django's messages framework, in a signed cookie.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::Context;
use crate::http::cookie::{Script, cookie, set_cookie};
use crate::secrets::{is_signed, sign_for};

const COOKIE: &str = "messages";

const PURPOSE: &str = "restkit.messages";

/// Long enough for the next page to come.
const SECONDS: i64 = 60;

/// Lets the next page say `messages`.
pub(crate) fn say(ctx: &Context, response: &mut Response, messages: &[String]) {
    let mut value = form_urlencoded::Serializer::new(String::new());
    for message in messages {
        value.append_pair("m", message);
    }
    let value = value.finish();
    let signature = sign_for(ctx.settings(), PURPOSE, &value);
    give(ctx, response, &format!("{signature}.{value}"), SECONDS);
}

/// The messages for this page, if they are ours: another site below our domain may set our cookies.
pub(super) fn read(ctx: &Context) -> Vec<String> {
    let value = cookie(&ctx.headers, COOKIE).unwrap_or_default();
    let Some((signature, value)) = value.split_once('.') else {
        return Vec::new();
    };
    if !is_signed(ctx.settings(), PURPOSE, value, signature) {
        return Vec::new();
    }
    let pairs = form_urlencoded::parse(value.as_bytes());
    pairs.map(|(_, message)| message.into_owned()).collect()
}

/// Forgets the messages: the page that shows them is made.
pub(super) fn forget(ctx: &Context, response: &mut Response) {
    give(ctx, response, "", 0);
}

fn give(ctx: &Context, response: &mut Response, value: &str, seconds: i64) {
    let cookie = set_cookie(ctx.settings(), COOKIE, value, seconds, Script::MayNot);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
