//! Errors of a request, and their answers.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::causes;

/// The result of everything that answers a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The messages about each field of a body, in Django REST framework's words.
///
/// A mistake of no single field is under [`NON_FIELD`]. A field of a nested object is named by its path,
/// `address.city`, and one of a list `items[0].name`. An item of a list without a message is right: it
/// keeps its place in the answer.
///
/// ```
/// use restkit::{Error, FieldErrors};
///
/// let words = vec!["Enter a valid address.".to_owned()];
/// let errors = FieldErrors::from([("items[1].email".to_owned(), words)]);
/// let body = Error::Validation(errors).body();
/// assert_eq!(body["items"][1]["email"][0], "Enter a valid address.");
/// ```
pub type FieldErrors = IndexMap<String, Vec<String>>;

/// The key of messages about a body as a whole.
pub const NON_FIELD: &str = "non_field_errors";

/// Why a request is not answered as it was asked for; each kind is one status code.
///
/// ```
/// use restkit::Error;
///
/// let error = Error::field("due", "A task cannot be due in the past.");
/// assert_eq!(error.status(), 400);
/// assert_eq!(error.body()["due"][0], "A task cannot be due in the past.");
/// ```
#[derive(Debug)]
pub enum Error {
    /// 400: fields with invalid values.
    Validation(FieldErrors),
    /// 400: a body or a request that cannot be read.
    Parse(String),
    /// 401: nobody is logged in, or the credentials are wrong. Without a challenge, for
    /// where only sessions count, 403.
    NotAuthenticated {
        /// The message.
        detail: Cow<'static, str>,
        /// The value of `WWW-Authenticate`.
        challenge: Option<&'static str>,
    },
    /// 403: this user may not.
    PermissionDenied(String),
    /// 404: there is no such thing.
    NotFound(String),
    /// 405: not with this method.
    MethodNotAllowed(Method),
    /// 406: not in a format that the client accepts.
    NotAcceptable,
    /// 409: the state of the data does not allow it.
    Conflict(String),
    /// 412: the record is not in the state that the client wants to change.
    PreconditionFailed,
    /// 413: a body over the limit.
    TooLarge,
    /// 415: a body of a kind that is not understood.
    UnsupportedMediaType(String),
    /// 428: a change must say which state of the record it is meant for.
    PreconditionRequired,
    /// 429: too often; again in so many seconds.
    Throttled(u64),
    /// 500: a mistake of ours; it is logged and never shown.
    Internal(anyhow::Error),
    /// 503: the database is busy with something else for too long; logged, too.
    Unavailable(anyhow::Error),
}

impl Error {
    /// 404 in its general words.
    pub fn not_found() -> Self {
        Self::NotFound("Not found.".to_owned())
    }

    /// 403 in its general words.
    pub fn permission_denied() -> Self {
        Self::PermissionDenied("You do not have permission to perform this action.".to_owned())
    }

    /// One message about one field.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Validation(FieldErrors::from([(name.to_owned(), vec![message.into()])]))
    }

    /// The status code of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) | Self::Parse(_) => StatusCode::BAD_REQUEST,
            Self::NotAuthenticated {
                challenge: Some(_), ..
            } => StatusCode::UNAUTHORIZED,
            Self::NotAuthenticated { .. } | Self::PermissionDenied(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The body of the answer: `{"detail": ...}`, or messages by field.
    pub fn body(&self) -> Value {
        let detail = match self {
            Self::Validation(fields) => return nested(fields),
            Self::Parse(detail)
            | Self::PermissionDenied(detail)
            | Self::NotFound(detail)
            | Self::Conflict(detail) => detail.clone(),
            Self::NotAuthenticated { detail, .. } => detail.clone().into_owned(),
            Self::MethodNotAllowed(method) => format!("Method \"{method}\" not allowed."),
            Self::NotAcceptable => "Could not satisfy the request Accept header.".to_owned(),
            Self::PreconditionFailed => {
                "The record has changed since you read it. Read it again.".to_owned()
            }
            Self::PreconditionRequired => {
                "Send the record's ETag as If-Match, so that nobody's change is lost.".to_owned()
            }
            Self::TooLarge => "The request body is too large.".to_owned(),
            Self::UnsupportedMediaType(kind) => {
                format!("Unsupported media type \"{kind}\" in request.")
            }
            Self::Throttled(seconds) => {
                let plural = if *seconds == 1 { "" } else { "s" };
                format!("Request was throttled. Expected available in {seconds} second{plural}.")
            }
            Self::Internal(_) => "A server error occurred.".to_owned(),
            Self::Unavailable(_) => "The server is busy. Try again in a moment.".to_owned(),
        };
        json!({ "detail": detail })
    }

    /// The headers of the answer: how to log in, when to ask again.
    pub(crate) fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        match self {
            Self::NotAuthenticated {
                challenge: Some(challenge),
                ..
            } => vec![(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            )],
            Self::Throttled(seconds) => vec![(header::RETRY_AFTER, (*seconds).into())],
            Self::Unavailable(_) => vec![(header::RETRY_AFTER, 1.into())],
            _ => Vec::new(),
        }
    }

    /// Lists the causes of an internal error, the outermost first, each said once: many libraries' errors
    /// repeat those below them.
    pub(crate) fn causes(&self) -> Vec<String> {
        let (Self::Internal(error) | Self::Unavailable(error)) = self else {
            return Vec::new();
        };
        let mut causes = Vec::<String>::new();
        for cause in error.chain().map(ToString::to_string) {
            let cause = causes::without_source(&cause).to_owned();
            if !causes.last().is_some_and(|last| last.ends_with(&cause)) {
                causes.push(cause);
            }
        }
        causes
    }

    /// Writes what is behind an internal error to the log; other errors are the client's.
    pub fn log(&self) {
        if let Self::Internal(cause) | Self::Unavailable(cause) = self {
            tracing::error!("{}", causes::without_source(&format!("{cause:#}")));
        }
    }
}

/// Nests messages as DRF does: those about `address.city` are within those about `address`, and those
/// about a list are a list, with an object for each item.
fn nested(fields: &FieldErrors) -> Value {
    let mut body = Value::Null;
    for (path, messages) in fields {
        let mut place = &mut body;
        for part in split_path(path) {
            place = match part.parse::<usize>() {
                Ok(number) if part.starts_with(|c: char| c.is_ascii_digit()) => item(place, number),
                _ => member(place, part),
            };
        }
        match place {
            Value::Object(about) if !about.is_empty() && !messages.is_empty() => {
                about.insert(NON_FIELD.to_owned(), json!(messages));
            }
            Value::Null if messages.is_empty() => *place = json!({}),
            Value::Null => *place = json!(messages),
            _ => {}
        }
    }
    number_items(&mut body);
    if body.is_null() { json!({}) } else { body }
}

/// Names plain values in a list by their numbers, as DRF does: `{"0": ["A valid integer is required."]}`.
fn number_items(errors: &mut Value) {
    let is_messages = |item: &Value| {
        item.as_array()
            .is_some_and(|it| it.iter().all(Value::is_string))
    };
    match errors {
        Value::Array(items) if items.iter().any(is_messages) => {
            let items = std::mem::take(items).into_iter().enumerate();
            let wrong = items.filter(|(_, item)| !item.as_object().is_some_and(Map::is_empty));
            *errors = wrong
                .map(|(number, item)| (number.to_string(), item))
                .collect();
        }
        Value::Array(items) => items.iter_mut().for_each(number_items),
        Value::Object(members) => members.values_mut().for_each(number_items),
        _ => {}
    }
}

/// `items`, `0` and `name` for `items[0].name`.
fn split_path(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.split(['.', '[']);
    let parts = parts.map(|part| part.strip_suffix(']').unwrap_or(part));
    parts.filter(|part| !part.is_empty())
}

fn member<'v>(place: &'v mut Value, name: &str) -> &'v mut Value {
    if !place.is_object() {
        *place = match place.take() {
            Value::Null => json!({}),
            about => json!({ NON_FIELD: about }),
        };
    }
    &mut place[name]
}

fn item(place: &mut Value, number: usize) -> &mut Value {
    if !place.is_array() {
        *place = json!([]);
    }
    // An array of its own, for the borrow checker has no other way to see that it is one.
    let Value::Array(items) = place else {
        return place;
    };
    while items.len() <= number {
        items.push(json!({}));
    }
    let item = &mut items[number];
    if item.as_object().is_some_and(Map::is_empty) {
        *item = Value::Null;
    }
    item
}

/// An error that was answered as JSON, for the layer that makes a page of it for browsers.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub detail: String,
    /// The causes of an internal error, the outermost first. Only DEBUG shows them.
    pub causes: Vec<String>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let body = self.body();
        let detail = body["detail"].as_str().unwrap_or_default().to_owned();
        let mut response = (self.status(), Json(body)).into_response();
        for (name, value) in self.headers() {
            response.headers_mut().insert(name, value);
        }
        let causes = self.causes();
        response
            .extensions_mut()
            .insert(Answered { detail, causes });
        response
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<minijinja::Error> for Error {
    fn from(error: minijinja::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => write!(f, "{cause:#}"),
            other => write!(f, "{} {}", other.status(), other.body()),
        }
    }
}

impl std::error::Error for Error {}
