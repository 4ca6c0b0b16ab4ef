//! The router: viewsets under their names, and a root that lists them.

use std::str::FromStr;

use axum::extract::{Path, Request};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Map, Value, json};

use crate::auth::csrf;
use crate::rest::respond::{Answer, View, respond};
use crate::rest::serializer;
use crate::rest::viewset::{Key, ModelViewSet};
use crate::rest::{Body, body, metadata, viewset};
use crate::{Context, Error, Result, Routes};

/// Routes for viewsets, and for the list of them: DRF's `DefaultRouter`.
#[derive(Clone, Default)]
pub struct DefaultRouter {
    names: Vec<&'static str>,
    routes: Routes,
}

impl DefaultRouter {
    /// A router without viewsets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves `V` at `name/` and `name/{id}/`.
    pub fn register<V: ModelViewSet>(mut self, name: &'static str) -> Self {
        let view = short_name(std::any::type_name::<V>());
        self.names.push(name);
        self.routes = self
            .routes
            .route(
                &format!("/{name}/"),
                "GET, POST",
                view,
                any(collection::<V>),
            )
            .route(
                &format!("/{name}/{{id}}/"),
                "GET, PUT, PATCH, DELETE",
                view,
                any(instance::<V>),
            );
        self
    }
}

impl From<DefaultRouter> for Routes {
    fn from(router: DefaultRouter) -> Self {
        let names = router.names;
        let root = any(move |ctx: Context| root(ctx, names));
        router.routes.route("/", "GET", "DefaultRouter", root)
    }
}

fn short_name(path: &'static str) -> &'static str {
    path.split("::").last().unwrap_or(path)
}

/// The list of viewsets: their names and URLs.
async fn root(ctx: Context, names: Vec<&'static str>) -> Response {
    let view = View {
        name: "Api Root".to_owned(),
        methods: &[Method::GET],
        form: None,
    };
    let base = ctx.uri.path().trim_end_matches('/');
    let urls = names.iter().map(|name| {
        (
            name.to_string(),
            Value::from(ctx.absolute(&format!("{base}/{name}/"))),
        )
    });
    let urls: Map<String, Value> = urls.collect();
    let answer = match ctx.method {
        Method::GET | Method::HEAD => Answer::of(StatusCode::OK, &urls),
        Method::OPTIONS => options(&view),
        _ => Err(Error::MethodNotAllowed(ctx.method.clone())),
    };
    respond(&ctx, &view, answer, &Value::Null)
}

/// `/things/`
async fn collection<V: ModelViewSet>(ctx: Context, request: Request) -> Response {
    let view = View {
        name: format!("{} List", title::<V>()),
        methods: &[Method::GET, Method::POST],
        form: Some((Method::POST, fields::<V>)),
    };
    let mut sent = Value::Null;
    let answer = collection_answer::<V>(&ctx, &view, request, &mut sent).await;
    respond(&ctx, &view, answer, &sent)
}

async fn collection_answer<V: ModelViewSet>(
    ctx: &Context,
    view: &View,
    request: Request,
    sent: &mut Value,
) -> Result<Answer> {
    view.begin(ctx, V::permission())?;
    match ctx.method {
        Method::GET | Method::HEAD => Answer::of(StatusCode::OK, &V::list(ctx).await?),
        Method::POST => {
            *sent = trusted_body(ctx, request).await?;
            let created = V::create(ctx, serializer::parse(sent)?).await?;
            Answer::of(StatusCode::CREATED, &created)
        }
        Method::OPTIONS => options(view),
        _ => Err(Error::MethodNotAllowed(ctx.method.clone())),
    }
}

/// `/things/{id}/`
async fn instance<V: ModelViewSet>(
    ctx: Context,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let view = View {
        name: format!("{} Instance", title::<V>()),
        methods: &[Method::GET, Method::PUT, Method::PATCH, Method::DELETE],
        form: Some((Method::PUT, fields::<V>)),
    };
    let mut sent = Value::Null;
    let answer = instance_answer::<V>(&ctx, &view, &id, request, &mut sent).await;
    respond(&ctx, &view, answer, &sent)
}

async fn instance_answer<V: ModelViewSet>(
    ctx: &Context,
    view: &View,
    id: &str,
    request: Request,
    sent: &mut Value,
) -> Result<Answer> {
    view.begin(ctx, V::permission())?;
    if !view.methods.contains(&ctx.method) && !matches!(ctx.method, Method::HEAD | Method::OPTIONS)
    {
        return Err(Error::MethodNotAllowed(ctx.method.clone()));
    }
    let key = Key::<V::Entity>::from_str(id).map_err(|_| Error::not_found())?;
    match ctx.method {
        Method::PUT => {
            let request = trusted_body(ctx, request).await.and_then(|data| {
                *sent = data;
                serializer::parse(sent)
            });
            let request = existing::<V, _>(ctx, &key, request).await?;
            Answer::of(StatusCode::OK, &V::update(ctx, key, request).await?)
        }
        Method::PATCH => {
            let data = trusted_body(ctx, request).await;
            let changes = existing::<V, _>(ctx, &key, data).await?;
            Answer::of(StatusCode::OK, &V::partial_update(ctx, key, changes).await?)
        }
        Method::DELETE => {
            trusted_body(ctx, request).await?;
            V::destroy(ctx, key).await?;
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        Method::OPTIONS => {
            viewset::get::<V>(ctx, key).await?;
            options(view)
        }
        _ => Answer::of(StatusCode::OK, &V::retrieve(ctx, key).await?),
    }
}

/// `request`, unless it is wrong: then that the row is missing is said first, as in DRF.
async fn existing<V: ModelViewSet, T>(
    ctx: &Context,
    key: &Key<V::Entity>,
    request: Result<T>,
) -> Result<T> {
    if request.is_err() {
        viewset::get::<V>(ctx, key.clone()).await?;
    }
    request
}

/// The body of a request that writes. A browser sends its session's cookie along even if another
/// site makes it send the request, so a logged-in one must show the token.
async fn trusted_body(ctx: &Context, request: Request) -> Result<Value> {
    let body = Body::read(ctx, request).await?;
    if ctx.user().is_some() {
        csrf::check(ctx, body.text(csrf::FIELD))?;
    }
    Ok(body.data)
}

/// DRF's metadata.
fn options(view: &View) -> Result<Answer> {
    let mut metadata = json!({
        "name": view.name,
        "description": "",
        "renders": ["application/json", "text/html"],
        "parses": body::MEDIA_TYPES,
    });
    if let Some((method, fields)) = &view.form {
        let fields: Map<String, Value> = fields()
            .into_iter()
            .map(|field| (field.name.clone(), json!(field)))
            .collect();
        metadata["actions"] = json!({ method.as_str(): fields });
    }
    Answer::of(StatusCode::OK, &metadata)
}

fn fields<V: ModelViewSet>() -> Vec<metadata::Field> {
    metadata::fields::<V::Entity, V::Request>()
}

/// `Task` for `TaskViewSet`, with spaces between its words.
fn title<V>() -> String {
    let name = short_name(std::any::type_name::<V>());
    let name = name.strip_suffix("ViewSet").unwrap_or(name);
    let mut title = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !title.is_empty() {
            title.push(' ');
        }
        title.push(letter);
    }
    title
}
