//! The router: viewsets under their names, and a root that lists them.

use std::panic::Location;
use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Map, Value, json};

use crate::http::negotiation;
use crate::openapi::{Described, Operation};
use crate::rest::actions::Facts;
use crate::rest::answer::Answer;
use crate::rest::exchange::Exchange;
use crate::rest::guard::Guard;
use crate::rest::outline::Outline;
use crate::rest::resource::{Params, Resource, Target, parent_column};
use crate::rest::respond::{options, respond};
use crate::rest::view::View;
use crate::rest::viewset::ModelViewSet;
use crate::serializer::schemas::Schemas;
use crate::{Context, Error, Result, Routes, openapi};

/// The description of the list of viewsets.
const ROOT: &str = "The default basic root view for DefaultRouter";

/// Routes for viewsets, and for the list of them: DRF's `DefaultRouter`.
///
/// ```
/// # use restkit::auth::models::group;
/// # use restkit::prelude::*;
/// # #[derive(Serialize, JsonSchema)]
/// # pub struct GroupResponse { id: i64, name: String }
/// # impl From<group::Model> for GroupResponse {
/// #     fn from(group: group::Model) -> Self { Self { id: group.id, name: group.name } }
/// # }
/// # #[derive(Clone, Debug, Deserialize, Validate, JsonSchema, DeriveIntoActiveModel)]
/// # #[sea_orm(active_model = "group::ActiveModel")]
/// # #[garde(allow_unvalidated)]
/// # pub struct GroupRequest { name: String }
/// # struct GroupViewSet;
/// # impl ModelViewSet for GroupViewSet {
/// #     type Entity = group::Entity;
/// #     type Request = GroupRequest;
/// #     type Response = GroupResponse;
/// # }
/// let router = DefaultRouter::new().register::<GroupViewSet>("groups");
/// let routes = Routes::new().nest("/api/", router);
/// ```
#[derive(Clone, Default)]
pub struct DefaultRouter {
    names: Vec<&'static str>,
    place: Option<&'static Location<'static>>,
    routes: Routes,
}

impl DefaultRouter {
    /// A router without viewsets.
    #[track_caller]
    pub fn new() -> Self {
        Self {
            place: Some(Location::caller()),
            ..Self::default()
        }
    }

    /// Serves `V` at `name/` and `name/{id}/`, its extra actions below them.
    #[track_caller]
    pub fn register<V: ModelViewSet>(mut self, name: &'static str) -> Self {
        self.names.push(name);
        let place = Location::caller();
        let resource = Resource::new::<V>(name.to_owned(), None);
        self.serve(resource, &format!("/{name}/"), place)
    }

    /// Serves `V` at `above/{parent}/name/`: those of its rows whose `column` refers to the parent.
    /// A row that is created there gets the parent from the path.
    #[track_caller]
    pub fn register_below<V: ModelViewSet>(
        self,
        above: &'static str,
        name: &'static str,
        column: <V::Entity as sea_orm::EntityTrait>::Column,
    ) -> Self {
        let column = parent_column::<V::Entity>(column);
        let resource = Resource::new::<V>(format!("{above}_{name}"), column);
        let path = format!("/{above}/{{parent}}/{name}/");
        self.serve(resource, &path, Location::caller())
    }

    fn serve(self, resource: Resource, path: &str, place: &'static Location<'static>) -> Self {
        let resource = Arc::new(resource);
        let (list, instance) = (resource.list.clone(), resource.instance.clone());
        let row = format!("{path}{{id}}/");
        let mut router = self.at(path, list, Target::List, (&resource, place)).at(
            &row,
            instance,
            Target::Row,
            (&resource, place),
        );
        for actions in by_path(&resource.actions) {
            let first = &actions[0];
            let row = if first.is_on_row { "{id}/" } else { "" };
            let path = format!("{path}{row}{}/", first.name);
            let view = resource.action_view(&actions);
            router = router.at(&path, view, Target::Actions(actions), (&resource, place));
        }
        router
    }

    fn at(
        mut self,
        path: &str,
        view: View,
        target: Target,
        (resource, place): (&Arc<Resource>, &'static Location<'static>),
    ) -> Self {
        let methods = view.methods.iter().map(Method::as_str);
        let methods = methods.collect::<Vec<_>>().join(", ");
        let shared = Arc::new((Arc::clone(resource), view, target));
        let described = Arc::clone(&shared);
        let outline = Outline::of(&shared.0, &shared.1, path);
        let handler = any(
            move |ctx: Context,
                  params: Result<RawPathParams, RawPathParamsRejection>,
                  request: Request| async move {
                let (resource, view, target) = &*shared;
                resource
                    .answer(ctx, view, target, self::params(params), request)
                    .await
            },
        );
        let describe = move |schemas: &mut Schemas, path: &str| {
            let (resource, view, target) = &*described;
            resource.describe(schemas, (view, target), path)
        };
        let name = resource.profile.short_name();
        let guard = Guard {
            permission: resource.declared.permission.clone(),
            throttle: resource.profile.throttle,
        };
        self.routes = self
            .routes
            .at(path, (&methods, name), handler, place)
            .guard(path, guard)
            .note(path, outline)
            .note::<Described>(path, Arc::new(describe));
        self
    }
}

impl From<DefaultRouter> for Routes {
    #[track_caller]
    fn from(router: DefaultRouter) -> Self {
        let names = router.names;
        let place = router.place.unwrap_or_else(Location::caller);
        let listed = names.clone();
        let describe = move |_: &mut Schemas, path: &str| describe_root(path, &listed);
        let root = any(move |ctx: Context| root(ctx, names));
        router
            .routes
            .at("/", ("GET", "DefaultRouter"), root, place)
            .note::<Described>("/", Arc::new(describe))
    }
}

fn params(params: Result<RawPathParams, RawPathParamsRejection>) -> Result<Params> {
    let params = params.map_err(|_| Error::not_found())?;
    let params = params.iter();
    Ok(params
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

/// Groups the extra actions of one path, whatever their methods.
fn by_path(actions: &[Facts]) -> Vec<Vec<Facts>> {
    let mut paths: Vec<Vec<Facts>> = Vec::new();
    for action in actions {
        let same = paths
            .iter_mut()
            .find(|other| other[0].name == action.name && other[0].is_on_row == action.is_on_row);
        match same {
            Some(same) => same.push(action.clone()),
            None => paths.push(vec![action.clone()]),
        }
    }
    paths
}

/// Describes the list of viewsets in OpenAPI.
fn describe_root(path: &str, names: &[&str]) -> Map<String, Value> {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let url = json!({ "type": "string", "format": "uri" });
    let urls = names.iter().map(|name| (name.to_string(), url.clone()));
    let operation = Operation {
        parser: None,
        method: &Method::GET,
        id: [&parts[..], &["root"]].concat().join("_"),
        tag: parts.last().unwrap_or(&"root"),
        description: ROOT,
        parameters: Vec::new(),
        body: None,
        success: (
            200,
            Some(json!({
                "type": "object",
                "required": names,
                "properties": urls.collect::<Map<_, _>>(),
            })),
        ),
        is_record: false,
        is_conditional: false,
        is_open: true,
    };
    openapi::describe(path, &Value::Null, None, vec![operation])
}

/// The list of viewsets: their names and URLs.
async fn root(ctx: Context, names: Vec<&'static str>) -> Response {
    let view = View {
        name: "Api Root".to_owned(),
        description: ROOT,
        methods: vec![Method::GET],
        viewset: "DefaultRouter",
        permission: "AllowAny".to_owned(),
        ..View::default()
    };
    let base = ctx.uri.path().trim_end_matches('/');
    let urls = names.iter().map(|name| {
        (
            name.to_string(),
            Value::from(ctx.absolute(&format!("{base}/{name}/"))),
        )
    });
    let urls: Map<String, Value> = urls.collect();
    let format = negotiation::negotiate(&ctx.uri, &ctx.headers);
    let exchange = Exchange::new(&view, &format);
    let answer = format.and_then(|_| match ctx.method {
        Method::GET | Method::HEAD => Answer::of(StatusCode::OK, &urls),
        Method::OPTIONS => options(&view, &ctx.settings().parsers, false),
        _ => Err(Error::MethodNotAllowed(ctx.method.clone())),
    });
    respond(&ctx, &exchange, answer).await
}
