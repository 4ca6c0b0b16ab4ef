//! One request through one viewset, in DRF's order: can we answer so, may they ask, is there such a
//! row, is it still the one they mean, is what they send valid; then the action.

mod validate;

use axum::extract::{MatchedPath, Request as HttpRequest};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use sea_orm::{Iterable, PrimaryKeyToColumn};
use serde::Serialize;
use serde_json::Value;

use crate::db::Unit;
use crate::http::negotiation::Format;
use crate::http::{etag, negotiation};
use crate::model::Key;
use crate::model::rows::exists;
use crate::query::Page;
use crate::rest::actions::Action;
use crate::rest::resource::{Params, ParentColumn, Resource, Target};
use crate::rest::respond::{Answer, View, options, respond};
use crate::rest::viewset::{ModelViewSet, Row, represent};
use crate::rest::{browsable, rows};
use crate::serializer::Body;
use crate::serializer::notation::Notation;
use crate::settings::Parser;
use crate::site::context::Parent;
use crate::site::{authentication, csrf};
use crate::{Context, Error, Result, throttling};

impl<V: ModelViewSet> Resource<V> {
    /// Answers one request.
    pub async fn answer(
        &self,
        mut ctx: Context,
        view: &View,
        target: &Target<V>,
        params: Result<Params>,
        request: HttpRequest,
    ) -> Response {
        let mut sent = Value::Null;
        if let Some(route) = request.extensions().get::<MatchedPath>() {
            ctx.route = route.as_str().to_owned();
        }
        let answer = self
            .act(&mut ctx, view, target, params, request, &mut sent)
            .await;
        self.offer_permitted(&ctx, None).await;
        respond(&ctx, view, answer, &sent).await
    }

    /// Notes the methods that a page offers: what the visitor may do with `row`, or at all. The
    /// first note stands.
    async fn offer_permitted(&self, ctx: &Context, row: Option<&Row<V>>) {
        let is_page = matches!(
            negotiation::negotiate(&ctx.uri, &ctx.headers),
            Ok(Format::Html)
        );
        if !is_page || ctx.offered.get().is_some() {
            return;
        }
        let mut permitted = Vec::new();
        for method in V::http_methods() {
            if self.permits(ctx, method, row).await {
                permitted.push(method.clone());
            }
        }
        ctx.offered.get_or_init(|| permitted);
    }

    /// Returns whether the visitor may use `method`, with `row` if there is one.
    async fn permits(&self, ctx: &Context, method: &Method, row: Option<&Row<V>>) -> bool {
        let mut asked = ctx.clone();
        asked.method = method.clone();
        let permission = V::permission();
        if permission.check(&asked).await.is_err() {
            return false;
        }
        match row {
            Some(row) => permission.check_object(&asked, row).await.is_ok(),
            None => true,
        }
    }

    async fn act(
        &self,
        ctx: &mut Context,
        view: &View,
        target: &Target<V>,
        params: Result<Params>,
        request: HttpRequest,
        sent: &mut Value,
    ) -> Result<Answer> {
        negotiation::negotiate(&ctx.uri, &ctx.headers)?;
        let ways = V::authentication(ctx.settings());
        authentication::authenticate(ctx, &ways).await?;
        let sent_body = SentBody::unfold(ctx, request, sent).await?;
        V::permission().check(ctx).await?;
        throttling::check(ctx, &V::throttle(ctx.settings())).await?;
        let params = params?;
        let key = params.get("id").map(|id| rows::key::<V>(id));
        if let Some(parent) = self.parent {
            ctx.parent = Some(self.parent(ctx, parent, &params).await?);
        }
        let method = ctx.method.clone();
        if method == Method::OPTIONS {
            return self.options(ctx, view, key).await;
        }
        let read = if method == Method::HEAD {
            &Method::GET
        } else {
            &method
        };
        if !view.methods.contains(read) {
            return Err(Error::MethodNotAllowed(method));
        }
        if read == Method::GET {
            return self.read(ctx, target, key).await;
        }
        let key = key.transpose()?;
        // Boxed: what reads need not carry the room that this takes.
        Box::pin(async {
            let body = sent_body.read(ctx, &V::parsers(ctx.settings())).await;
            let unit = ctx.begin().await?;
            ctx.enter(&unit);
            let answer = self.write(ctx, target, key, body, sent).await;
            ctx.leave();
            finish(unit, answer).await
        })
        .await
    }

    async fn read(
        &self,
        ctx: &Context,
        target: &Target<V>,
        key: Option<Result<Key<V::Entity>>>,
    ) -> Result<Answer> {
        let row = match key {
            Some(key) => Some(self.row(ctx, key?).await?),
            None => None,
        };
        match (target, row) {
            (Target::List, _) => self.many(&V::list(ctx).await?),
            (Target::Row, Some(row)) => self.one(StatusCode::OK, &V::retrieve(ctx, row).await?),
            (Target::Actions(actions), row) => self.run(actions, ctx, row, &Value::Null).await,
            (Target::Row, None) => Err(Error::not_found()),
        }
    }

    async fn write(
        &self,
        ctx: &Context,
        target: &Target<V>,
        key: Option<Key<V::Entity>>,
        body: Result<Body>,
        sent: &mut Value,
    ) -> Result<Answer> {
        let Some(key) = key else {
            let body = body?;
            return match target {
                Target::Actions(actions) => {
                    *sent = body.data;
                    self.run(actions, ctx, None, sent).await
                }
                _ => self.create(ctx, body, sent).await,
            };
        };
        let row = self.row(ctx, key).await?;
        if let Target::Actions(actions) = target {
            *sent = body?.data;
            return self.run(actions, ctx, Some(row), sent).await;
        }
        if let Err(late) = self.precondition(ctx, &row).await {
            // Only a page shows it again.
            *sent = body.map_or(Value::Null, |body| body.data);
            return Err(late);
        }
        if ctx.method == Method::DELETE {
            body?;
            V::destroy(ctx, row).await?;
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        }
        let is_partial = ctx.method == Method::PATCH;
        let body = body?;
        let mistakes = body.mistakes(&self.form.fields);
        let data = if is_partial {
            body.partial(&self.form.fields)
        } else {
            body.whole(&self.form.fields)
        };
        *sent = self.below_parent(ctx, data);
        let valid = self
            .validate(ctx, sent, mistakes, Some((&row, is_partial)))
            .await?;
        let changed = if is_partial {
            V::partial_update(ctx, row, valid).await?
        } else {
            V::update(ctx, row, valid).await?
        };
        self.one(StatusCode::OK, &changed)
    }

    /// Runs the extra action of the request's method.
    async fn run(
        &self,
        actions: &[Action<V>],
        ctx: &Context,
        row: Option<Row<V>>,
        body: &Value,
    ) -> Result<Answer> {
        let method = match &ctx.method {
            &Method::HEAD => &Method::GET,
            method => method,
        };
        let action = actions.iter().find(|action| action.method == method);
        let action = action.ok_or_else(|| Error::MethodNotAllowed(ctx.method.clone()))?;
        let answer = action.run(ctx, row, body).await?;
        if answer.is_null() {
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        }
        Answer::of(StatusCode::OK, &answer)
    }

    async fn create(&self, ctx: &Context, body: Body, sent: &mut Value) -> Result<Answer> {
        let mistakes = body.mistakes(&self.form.fields);
        *sent = self.below_parent(ctx, body.whole(&self.form.fields));
        let valid = self.validate(ctx, sent, mistakes, None).await?;
        let mut created = self.one(StatusCode::CREATED, &V::create(ctx, valid).await?)?;
        created.location = self.location(ctx, &created);
        Ok(created)
    }

    /// What is sent to a nested resource refers to the row above, whatever it says.
    fn below_parent(&self, ctx: &Context, mut data: Value) -> Value {
        let column = self.parent.and_then(|it| self.form.field_of(it.number));
        if let (Some(parent), Some(field), Value::Object(data)) = (&ctx.parent, column, &mut data) {
            data.insert(field.to_owned(), parent.json.clone());
        }
        data
    }

    /// The row of this key, if this request may have to do with it.
    async fn row(&self, ctx: &Context, key: Key<V::Entity>) -> Result<Row<V>> {
        let row = rows::get::<V>(ctx, key).await?;
        self.offer_permitted(ctx, Some(&row)).await;
        V::permission().check_object(ctx, &row).await?;
        Ok(row)
    }

    /// Whether the row is in the state that the client wants to change.
    async fn precondition(&self, ctx: &Context, row: &Row<V>) -> Result<()> {
        if ctx.settings().require_if_match {
            etag::require(&ctx.headers)?;
        }
        if !etag::is_conditional(&ctx.headers) {
            return Ok(());
        }
        let now = self.one(StatusCode::OK, &represent::<V>(ctx, row.clone()).await?)?;
        etag::check(&ctx.headers, now.etag.as_deref().unwrap_or_default())
    }

    async fn options(
        &self,
        ctx: &Context,
        view: &View,
        key: Option<Result<Key<V::Entity>>>,
    ) -> Result<Answer> {
        let (row, exists) = match key {
            Some(Ok(key)) => {
                let row = self.row(ctx, key).await.ok();
                let exists = row.is_some();
                (row, exists)
            }
            Some(Err(_)) => (None, false),
            None => (None, true),
        };
        let may_write = match (&view.form, exists) {
            (Some((method, _)), true) => self.permits(ctx, method, row.as_ref()).await,
            _ => false,
        };
        options(view, &V::parsers(ctx.settings()), may_write)
    }

    /// The row above, if there is such a one.
    async fn parent(&self, ctx: &Context, column: ParentColumn, params: &Params) -> Result<Parent> {
        let text = params.get("parent").ok_or_else(Error::not_found)?;
        let facts = &self.form.columns.all[column.number];
        let key = crate::model::value::of_json(&facts.null, &Value::from(text.as_str()));
        let key = key.ok_or_else(Error::not_found)?;
        if let Some((table, referred)) = &facts.refers
            && !exists(ctx.db(), table, &[(referred, key.clone())], &[]).await?
        {
            return Err(Error::not_found());
        }
        Ok(Parent {
            column: column.name,
            json: sea_orm::sea_query::sea_value_to_json_value(&key),
            key,
        })
    }

    fn many(&self, page: &Page<V::Response>) -> Result<Answer> {
        let Some(notation) = self.notation() else {
            return Answer::of(StatusCode::OK, page);
        };
        let mut data = to_value(page)?;
        let rows = match &mut data {
            Value::Object(page) => page.get_mut("results"),
            rows => Some(rows),
        };
        if let Some(Value::Array(rows)) = rows {
            rows.iter_mut().for_each(|row| notation.apply(row));
        }
        Answer::of(StatusCode::OK, &data)
    }

    fn one(&self, status: StatusCode, shown: &V::Response) -> Result<Answer> {
        let mut answer = match self.notation() {
            Some(notation) => {
                let mut data = to_value(shown)?;
                notation.apply(&mut data);
                Answer::of(status, &data)?
            }
            None => Answer::of(status, shown)?,
        };
        answer.etag = answer.body.as_deref().map(etag::of);
        Ok(answer)
    }

    /// How values are written; known once the site has all its models.
    fn notation(&self) -> Option<&Notation> {
        let notation = || Notation::of::<V::Response>(Some(&self.form.columns));
        self.notation.get_or_init(notation).as_deref()
    }

    /// The URL of what was created, if its key is shown.
    fn location(&self, ctx: &Context, created: &Answer) -> Option<String> {
        let key = <V::Entity as sea_orm::EntityTrait>::PrimaryKey::iter().next()?;
        let shown: Value = serde_json::from_slice(created.body.as_deref()?).ok()?;
        let key = match shown.get(sea_orm::ColumnTrait::json_key(&key.into_column()))? {
            Value::String(text) => form_urlencoded::byte_serialize(text.as_bytes()).collect(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let list = ctx.uri.path().trim_end_matches('/');
        Some(ctx.absolute(&format!("{list}/{key}/")))
    }
}

fn to_value(shown: &impl Serialize) -> Result<Value> {
    serde_json::to_value(shown).map_err(|error| Error::Internal(error.into()))
}

/// The body of a request: a form is read early, since it may stand for a method that forms do not
/// have.
enum SentBody {
    Unread(HttpRequest),
    /// A form of a client's.
    Form(Body),
    /// A form of one of our own pages.
    Page(Body),
}

impl SentBody {
    async fn unfold(ctx: &mut Context, request: HttpRequest, sent: &mut Value) -> Result<Self> {
        if ctx.method != Method::POST || !Body::is_form(&ctx.headers) {
            return Ok(Self::Unread(request));
        }
        let body = Body::read(request, ctx.settings().max_body).await?;
        if body.text(browsable::METHOD).is_none() {
            return Ok(Self::Form(body));
        }
        let raw = body.text(browsable::CONTENT).map(str::to_owned);
        let unfolded = browsable::unfold(ctx, body);
        // Its page shows again what was typed, also if that is no JSON, or if nobody is logged in
        // any more.
        *sent = match (&unfolded, raw) {
            (Ok(body), _) => body.data.clone(),
            (Err(_), raw) => raw.map_or(Value::Null, Value::String),
        };
        unfolded.map(Self::Page)
    }

    /// Reads the body of a request that writes, if our own pages or no browser sent it.
    async fn read(self, ctx: &Context, parsers: &[Parser]) -> Result<Body> {
        let is_ours = matches!(self, Self::Page(_));
        let body = match self {
            Self::Form(body) | Self::Page(body) => Ok(body),
            Self::Unread(_) if ctx.method == Method::DELETE => Ok(Body::empty()),
            Self::Unread(request) => Body::read(request, ctx.settings().max_body).await,
        };
        if ctx.needs_csrf() {
            let token = body.as_ref().ok().and_then(|body| body.text(csrf::FIELD));
            csrf::check(ctx, token)?;
        }
        // The pages send forms, whatever clients may send.
        if !is_ours {
            Body::check_kind(&ctx.headers, parsers)?;
        }
        body
    }
}

/// What was done happens if it has come to its end, and else not at all.
async fn finish(unit: Unit, answer: Result<Answer>) -> Result<Answer> {
    match answer {
        Ok(answer) => {
            unit.commit().await?;
            Ok(answer)
        }
        Err(error) => {
            unit.rollback().await?;
            Err(error)
        }
    }
}
