//! The router: viewsets under their names, and a root that lists them.

use axum::extract::rejection::PathRejection;
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
        description: "The default basic root view for DefaultRouter",
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
        Method::OPTIONS => options(&view, false),
        _ => Err(Error::MethodNotAllowed(ctx.method.clone())),
    };
    respond(&ctx, &view, answer, &Value::Null)
}

/// `/things/`
async fn collection<V: ModelViewSet>(ctx: Context, request: Request) -> Response {
    let view = View {
        name: format!("{} List", title::<V>()),
        description: "",
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
            *sent = trusted_body(ctx, request).await?.whole(&fields::<V>());
            let created = V::create(ctx, serializer::parse(sent)?).await?;
            Answer::of(StatusCode::CREATED, &created)
        }
        Method::OPTIONS => options(view, may::<V>(ctx, Method::POST)),
        _ => Err(Error::MethodNotAllowed(ctx.method.clone())),
    }
}

/// `/things/{id}/`
async fn instance<V: ModelViewSet>(
    ctx: Context,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let view = View {
        name: format!("{} Instance", title::<V>()),
        description: "",
        methods: &[Method::GET, Method::PUT, Method::PATCH, Method::DELETE],
        form: Some((Method::PUT, fields::<V>)),
    };
    let mut sent = Value::Null;
    let key = id
        .map_err(|_| Error::not_found())
        .and_then(|Path(id)| viewset::key::<V>(&id));
    let answer = instance_answer::<V>(&ctx, &view, key, request, &mut sent).await;
    respond(&ctx, &view, answer, &sent)
}

async fn instance_answer<V: ModelViewSet>(
    ctx: &Context,
    view: &View,
    key: Result<Key<V::Entity>>,
    request: Request,
    sent: &mut Value,
) -> Result<Answer> {
    view.begin(ctx, V::permission())?;
    match ctx.method {
        Method::GET | Method::HEAD => Answer::of(StatusCode::OK, &V::retrieve(ctx, key?).await?),
        Method::PUT => {
            let key = key?;
            let model = viewset::get::<V>(ctx, key.clone()).await?;
            *sent = trusted_body(ctx, request).await?.whole(&fields::<V>());
            let request = serializer::parse_over(sent, viewset::stored::<V::Entity>(&model))?;
            Answer::of(StatusCode::OK, &V::update(ctx, key, request).await?)
        }
        Method::PATCH => {
            let key = key?;
            // That the row is missing is said before what is wrong with the body.
            viewset::get::<V>(ctx, key.clone()).await?;
            let changes = trusted_body(ctx, request).await?.partial(&fields::<V>());
            Answer::of(StatusCode::OK, &V::partial_update(ctx, key, changes).await?)
        }
        Method::DELETE => {
            if ctx.user().is_some() {
                csrf::check(ctx, None)?;
            }
            V::destroy(ctx, key?).await?;
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        Method::OPTIONS => {
            let exists = match key {
                Ok(key) => viewset::get::<V>(ctx, key).await.is_ok(),
                Err(_) => false,
            };
            options(view, exists && may::<V>(ctx, Method::PUT))
        }
        _ => Err(Error::MethodNotAllowed(ctx.method.clone())),
    }
}

/// The body of a request that writes. A browser sends its session's cookie along even if another
/// site makes it send the request, so a logged-in one must show the token.
async fn trusted_body(ctx: &Context, request: Request) -> Result<Body> {
    let body = Body::read(ctx, request).await?;
    if ctx.user().is_some() {
        csrf::check(ctx, body.text(csrf::FIELD))?;
    }
    Ok(body)
}

/// Whether the viewset would let this client use `method`.
fn may<V: ModelViewSet>(ctx: &Context, method: Method) -> bool {
    let mut asked = ctx.clone();
    asked.method = method;
    V::permission().check(&asked).is_ok()
}

/// DRF's metadata, with the fields to write only for who may write them.
fn options(view: &View, may_write: bool) -> Result<Answer> {
    let mut metadata = json!({
        "name": view.name,
        "description": view.description,
        "renders": ["application/json", "text/html"],
        "parses": body::MEDIA_TYPES,
    });
    if let (Some((method, fields)), true) = (&view.form, may_write) {
        let fields = fields().into_iter();
        let fields: Map<_, _> = fields
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
