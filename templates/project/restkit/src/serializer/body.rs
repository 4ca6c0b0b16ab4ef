//! The body of a request, whatever it was sent as.

use axum::body::{Bytes, HttpBody, to_bytes};
use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::serializer::exact;
use crate::serializer::metadata::{Content, Field};
use crate::settings::Parser;
use crate::{Error, FieldErrors, Result, Settings};

/// The data that a client sent.
///
/// ```
/// use restkit::axum::extract::Request;
/// use restkit::serializer::Body;
/// use restkit::{Context, Result};
///
/// async fn echo(ctx: Context, request: Request) -> Result<String> {
///     let body = Body::read(request, ctx.settings()).await?;
///     Ok(body.data.to_string())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Body {
    /// A form is an object of strings.
    pub data: Value,
    /// Whether it was sent as a form, where what is not ticked is not sent.
    pub is_form: bool,
}

impl Body {
    /// Reads a body by its content type, within the limits of the settings; no body at all is an empty object.
    ///
    /// # Errors
    ///
    /// 400 if it is malformed or has too many fields, 413 if it is too large, 415 if its type is not
    /// understood.
    pub async fn read(request: axum::extract::Request, settings: &Settings) -> Result<Self> {
        let content_type = content_type(request.headers());
        let parser = Parser::of(&media_type(&content_type));
        if parser == Some(Parser::MultiPart) {
            return multipart(request, settings).await;
        }
        let bytes = bytes(request.into_body(), settings).await?;
        match parser {
            _ if bytes.is_empty() => Ok(Self::empty()),
            Some(Parser::Json) => json(&bytes).map(Self::json),
            Some(Parser::Form) => {
                let pairs = pairs(&bytes, settings.max_fields)?.into_iter();
                Ok(Self::form(pairs.map(|(name, text)| (name, text.into()))))
            }
            _ => Err(Error::UnsupportedMediaType(content_type)),
        }
    }

    /// A body with nothing in it.
    pub(crate) fn empty() -> Self {
        Self::json(Value::Object(Map::new()))
    }

    /// Returns whether a request says that it sends a form.
    pub(crate) fn is_form(headers: &HeaderMap) -> bool {
        let parser = Parser::of(&media_type(&content_type(headers)));
        matches!(parser, Some(Parser::Form | Parser::MultiPart))
    }

    /// Refuses a body of a kind that is not among `allowed`.
    ///
    /// # Errors
    ///
    /// 415.
    pub(crate) fn check_kind(headers: &HeaderMap, allowed: &[Parser]) -> Result<()> {
        let content_type = content_type(headers);
        match Parser::of(&media_type(&content_type)) {
            Some(parser) if !allowed.contains(&parser) => {
                Err(Error::UnsupportedMediaType(content_type))
            }
            _ => Ok(()),
        }
    }

    /// A body of JSON.
    ///
    /// # Errors
    ///
    /// 400 if it is malformed.
    pub(crate) fn of_json(bytes: &[u8]) -> Result<Self> {
        json(bytes).map(Self::json)
    }

    /// The same without these fields.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        if let Value::Object(data) = &mut self.data {
            data.retain(|name, _| !names.contains(&name.as_str()));
        }
        self
    }

    /// The same with the line ends that people mean: browsers send CR and LF, whatever a text had
    /// before.
    pub(crate) fn with_plain_lines(mut self) -> Self {
        if let Value::Object(data) = &mut self.data {
            for text in data.values_mut().filter_map(|value| match value {
                Value::String(text) => Some(text),
                _ => None,
            }) {
                *text = text.replace("\r\n", "\n");
            }
        }
        self
    }

    fn json(data: Value) -> Self {
        Self {
            data,
            is_form: false,
        }
    }

    /// A name that occurs several times becomes a list of its values.
    fn form(pairs: impl Iterator<Item = (String, Value)>) -> Self {
        let mut data = Map::new();
        for (name, value) in pairs {
            match data.get_mut(&name) {
                Some(Value::Array(values)) => values.push(value),
                Some(one) => *one = Value::Array(vec![one.take(), value]),
                None => {
                    data.insert(name, value);
                }
            }
        }
        Self {
            data: Value::Object(data),
            is_form: true,
        }
    }

    /// Returns the fields of a form that must be JSON and are not; in a body of JSON that cannot happen.
    pub(crate) fn mistakes(&self, fields: &[Field]) -> FieldErrors {
        let fields = fields.iter().filter(|field| field.content == Content::Json);
        let texts = fields.filter_map(|field| Some((field, self.text(&field.name)?)));
        let wrong = texts.filter(|(_, text)| {
            self.is_form && !text.is_empty() && serde_json::from_str::<Value>(text).is_err()
        });
        wrong
            .map(|(field, _)| {
                let words = vec!["Value must be valid JSON.".to_owned()];
                (field.name.clone(), words)
            })
            .collect()
    }

    /// The data as it is meant for all of `fields`: in a form, a box that is not there is not
    /// ticked, unless there is a third state.
    pub(crate) fn whole(self, fields: &[Field]) -> Value {
        let is_form = self.is_form;
        let mut data = self.partial(fields);
        if let (true, Value::Object(data)) = (is_form, &mut data) {
            let boxes = fields.iter().filter(|field| field.kind == "boolean");
            let boxes = boxes.filter(|field| !field.is_nullable);
            for field in boxes {
                data.entry(&field.name).or_insert(Value::Bool(false));
            }
        }
        data
    }

    /// The data as it is meant for some of `fields`: what says that there is no value is null.
    pub(crate) fn partial(mut self, fields: &[Field]) -> Value {
        if let Value::Object(data) = &mut self.data {
            let field_of = |name: &str| fields.iter().find(|field| field.name == name);
            if self.is_form {
                for (name, value) in data.iter_mut() {
                    read_form(field_of(name), value);
                }
            }
            let known = data.iter_mut();
            for (field, value) in known.filter_map(|(name, value)| Some((field_of(name)?, value))) {
                if field.is_none(value, self.is_form) {
                    *value = Value::Null;
                }
            }
            if self.is_form {
                data.retain(|name, value| {
                    field_of(name).is_none_or(|field| !field.is_left_out(value))
                });
            }
        }
        self.data
    }

    /// A field of a form.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.data.get(name)?.as_str()
    }
}

/// The texts of a form as a field means them: a list may have one value, and nothing else has
/// several; JSON is written as JSON.
fn read_form(field: Option<&Field>, value: &mut Value) {
    let is_list = field.is_some_and(|field| field.is_list);
    match value {
        Value::Array(_) if is_list => {}
        Value::Array(values) => *value = values.pop().unwrap_or_default(),
        // A page's own form lists keys in one text.
        Value::String(text) if is_list => {
            let items = text.split(',').map(str::trim);
            *value = items.filter(|item| !item.is_empty()).collect();
        }
        _ => {}
    }
    if let (Some(Content::Json), Value::String(text)) = (field.map(|field| field.content), &*value)
        && let Ok(json) = serde_json::from_str(text)
    {
        *value = json;
    }
}

/// Reads all of a body.
///
/// # Errors
///
/// 413 if it is too large, at once where it says so itself; 400 if the client breaks it off, or does not
/// send it in the time that a request may take.
pub(crate) async fn bytes(body: axum::body::Body, settings: &Settings) -> Result<Bytes> {
    let limit = settings.max_body;
    let announced = usize::try_from(body.size_hint().lower());
    if announced.is_ok_and(|length| length > limit) {
        return Err(Error::TooLarge);
    }
    // Without an end the view would wait for the client, long after it was answered by 503.
    let read = tokio::time::timeout(settings.timeout, to_bytes(body, limit)).await;
    let read = read.map_err(|_| Error::Parse("The request body came too slowly.".to_owned()))?;
    read.map_err(|error| {
        let reason = std::error::Error::source(&error).map(ToString::to_string);
        match reason.as_deref() {
            Some("length limit exceeded") => Error::TooLarge,
            _ => Error::Parse("The request body could not be read.".to_owned()),
        }
    })
}

/// Returns the declared type of the body; HTTP's default is plain text.
fn content_type(headers: &HeaderMap) -> String {
    match headers.get(header::CONTENT_TYPE) {
        Some(value) => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        None => "text/plain".to_owned(),
    }
}

/// A content type without its parameters.
fn media_type(content_type: &str) -> String {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// Parses JSON; the library refuses NaN, lone surrogates and nesting deeper than 128.
fn json(bytes: &[u8]) -> Result<Value> {
    let marked = std::str::from_utf8(bytes).ok().and_then(exact::mark);
    let json = marked.as_deref().map_or(bytes, str::as_bytes);
    serde_json::from_slice(json)
        .map_err(|error| Error::Parse(format!("JSON parse error - {error}")))
}

/// Parses the fields of a form, of which there may be so many.
///
/// # Errors
///
/// 400 if there are too many.
pub(crate) fn pairs(bytes: &[u8], most: usize) -> Result<Vec<(String, String)>> {
    let pairs: Vec<_> = form_urlencoded::parse(bytes)
        .into_owned()
        .take(most + 1)
        .collect();
    if pairs.len() > most {
        return Err(too_many_fields(most));
    }
    Ok(pairs)
}

/// Each field costs time and memory of its own, however short it is: Django's `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
fn too_many_fields(most: usize) -> Error {
    Error::Parse(format!("The form has more than {most} fields."))
}

async fn multipart(request: axum::extract::Request, settings: &Settings) -> Result<Body> {
    let malformed = |error: &dyn std::fmt::Display| {
        Error::Parse(format!("Multipart form parse error - {error}"))
    };
    let (parts, body) = request.into_parts();
    let bytes = bytes(body, settings).await?;
    let request = axum::extract::Request::from_parts(parts, bytes.into());
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| malformed(&error))?;
    let mut pairs = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| malformed(&error))? {
        if pairs.len() == settings.max_fields {
            return Err(too_many_fields(settings.max_fields));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        let text = field.text().await.map_err(|error| malformed(&error))?;
        // No field is a file: each says in its own words what it is instead.
        let value = if is_file {
            Value::Object(Map::new())
        } else {
            text.into()
        };
        pairs.push((name, value));
    }
    Ok(Body::form(pairs.into_iter()))
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
            let refused = json(text.as_bytes());
            assert!(
                matches!(refused, Err(Error::Parse(_))),
                "{}",
                &text[..text.len().min(20)]
            );
        }
    }
}
