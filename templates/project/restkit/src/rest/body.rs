//! The body of a request, whatever it was sent as.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::{Context, Error, Result};

/// What [`Body::read`] understands, as `OPTIONS` lists it.
pub const MEDIA_TYPES: [&str; 3] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
];

/// The data that a client sent.
#[derive(Clone, Debug)]
pub struct Body {
    /// A form is an object of strings.
    pub data: Value,
}

impl Body {
    /// Reads a body by its content type; no body at all is an empty object.
    ///
    /// # Errors
    ///
    /// 400 if it is malformed, 413 if it is too large, 415 if its type is not understood.
    pub async fn read(ctx: &Context, request: axum::extract::Request) -> Result<Self> {
        let media_type = media_type(request.headers());
        let limit = ctx.settings().max_body;
        if media_type == "multipart/form-data" {
            return multipart(request, limit).await;
        }
        let bytes = to_bytes(request.into_body(), limit)
            .await
            .map_err(|_| Error::TooLarge)?;
        if bytes.is_empty() {
            return Ok(Self {
                data: Value::Object(Map::new()),
            });
        }
        let data = match media_type.as_str() {
            "application/json" => json(&bytes)?,
            "application/x-www-form-urlencoded" => {
                let pairs = form_urlencoded::parse(&bytes).into_owned();
                Value::Object(
                    pairs
                        .map(|(name, value)| (name, Value::String(value)))
                        .collect(),
                )
            }
            _ => return Err(Error::UnsupportedMediaType(media_type)),
        };
        Ok(Self { data })
    }

    /// A field of a form.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.data.get(name)?.as_str()
    }
}

/// The content type without its parameters; HTTP's default is plain text.
fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let value = value.unwrap_or("text/plain");
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Parses JSON; the library refuses NaN, lone surrogates and nesting deeper than 128.
fn json(bytes: &Bytes) -> Result<Value> {
    serde_json::from_slice(bytes)
        .map_err(|error| Error::Parse(format!("JSON parse error - {error}")))
}

async fn multipart(request: axum::extract::Request, limit: usize) -> Result<Body> {
    let malformed = |error: &dyn std::fmt::Display| {
        Error::Parse(format!("Multipart form parse error - {error}"))
    };
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, limit).await.map_err(|_| Error::TooLarge)?;
    let request = axum::extract::Request::from_parts(parts, bytes.into());
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| malformed(&error))?;
    let mut data = Map::new();
    while let Some(field) = form.next_field().await.map_err(|error| malformed(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let text = field.text().await.map_err(|error| malformed(&error))?;
        data.insert(name, Value::String(text));
    }
    Ok(Body {
        data: Value::Object(data),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_json_is_refused() {
        let deep = "[".repeat(100_000);
        for text in [
            &deep,
            "{\"a\": NaN}",
            "\"\\ud800\"",
            "{\"a\":",
            "1e400",
            "\u{feff}{}",
        ] {
            let refused = json(&Bytes::copy_from_slice(text.as_bytes()));
            assert!(
                matches!(refused, Err(Error::Parse(_))),
                "{}",
                &text[..text.len().min(20)]
            );
        }
    }
}
