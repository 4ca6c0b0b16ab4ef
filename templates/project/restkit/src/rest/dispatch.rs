//! One request through one viewset, in DRF's order: the format, the user, the permission,
//! does the row exist, is it in the state they mean, is what they send valid; then the action.

mod body;

use axum::extract::{MatchedPath, Request as HttpRequest};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::Value;

use crate::db::Transaction;
use crate::http::{etag, negotiation};
use crate::model::rows::exists;
use crate::rest::actions::Facts;
use crate::rest::answer::Answer;
use crate::rest::exchange::Exchange;
use crate::rest::operations::{AnyRow, Sent};
use crate::rest::resource::{Params, ParentColumn, Resource, Target};
use crate::rest::respond::{options, respond};
use crate::rest::view::View;
use crate::serializer::Body;
use crate::site::authentication;
use crate::site::context::Parent;
use crate::{Context, Error, FieldErrors, Result, throttling};

use body::SentBody;

impl Resource {
    /// Answers one request.
    pub async fn answer(
        &self,
        mut ctx: Context,
        view: &View,
        target: &Target,
        params: Result<Params>,
        request: HttpRequest,
    ) -> Response {
        if let Some(route) = request.extensions().get::<MatchedPath>() {
            ctx.route = route.as_str().to_owned();
        }
        let format = negotiation::negotiate(&ctx.uri, &ctx.headers);
        let mut exchange = Exchange::new(view, &format);
        let answer = match format {
            Ok(_) => {
                self.act(&mut ctx, &mut exchange, target, params, request)
                    .await
            }
            Err(error) => Err(error),
        };
        self.offer_permitted(&ctx, &exchange, None).await;
        respond(&ctx, &exchange, answer).await
    }

    /// Offers the methods on a page that the visitor may use, with `row` or at all. The first call decides.
    async fn offer_permitted(&self, ctx: &Context, exchange: &Exchange<'_>, row: Option<&AnyRow>) {
        if exchange.needs_offers() {
            exchange.offer(Box::pin(self.permitted(ctx, row)).await);
        }
    }

    /// Returns the methods that the visitor may use.
    async fn permitted(&self, ctx: &Context, row: Option<&AnyRow>) -> Vec<Method> {
        let mut permitted = Vec::new();
        for method in self.profile.methods {
            if self.permits(ctx, method, row).await {
                permitted.push(method.clone());
            }
        }
        permitted
    }

    /// Returns whether the visitor may use `method`, with `row` if there is one.
    async fn permits(&self, ctx: &Context, method: &Method, row: Option<&AnyRow>) -> bool {
        let mut asked = ctx.clone();
        asked.method = method.clone();
        let permission = &self.declared.permission;
        if permission.check(&asked).await.is_err() {
            return false;
        }
        match row {
            Some(row) => permission.check_object(&asked, &**row).await.is_ok(),
            None => true,
        }
    }

    async fn act(
        &self,
        ctx: &mut Context,
        exchange: &mut Exchange<'_>,
        target: &Target,
        params: Result<Params>,
        request: HttpRequest,
    ) -> Result<Answer> {
        let ways = (self.profile.authentication)(ctx.settings());
        authentication::authenticate(ctx, &ways).await?;
        let body = SentBody::open(ctx, request, &mut exchange.sent).await?;
        self.declared.permission.check(ctx).await?;
        throttling::check(ctx, &(self.profile.throttle)(ctx.settings())).await?;
        let params = params?;
        let key = params.get("id").map(String::as_str);
        if let Some(parent) = self.parent {
            ctx.parent = Some(Box::pin(self.parent(ctx, parent, &params)).await?);
        }
        let method = match ctx.method.clone() {
            Method::OPTIONS => return Box::pin(self.options(ctx, exchange, key)).await,
            Method::HEAD => Method::GET,
            method => method,
        };
        if !exchange.view.methods.contains(&method) {
            return Err(Error::MethodNotAllowed(ctx.method.clone()));
        }
        if let Some(key) = key {
            self.operations.check_key(key)?;
        }
        if method == Method::GET {
            let reading = ctx.for_reading().await?;
            let ctx = reading.as_ref().unwrap_or(ctx);
            return self.read(ctx, exchange, target, key).await;
        }
        // Boxed: what reads need not carry the room that this takes.
        Box::pin(async {
            let body = body
                .read(ctx, &(self.profile.parsers)(ctx.settings()))
                .await;
            let mistakes = body.map(|body| self.take_in(ctx, exchange, target, body));
            let transaction = ctx.begin().await?;
            let inside = ctx.within(&transaction);
            let answer = self.write(&inside, exchange, target, key, mistakes).await;
            finish(transaction, answer).await
        })
        .await
    }

    async fn read(
        &self,
        ctx: &Context,
        exchange: &Exchange<'_>,
        target: &Target,
        key: Option<&str>,
    ) -> Result<Answer> {
        let row = match key {
            Some(key) => Some(self.row(ctx, exchange, key).await?),
            None => None,
        };
        match (target, row) {
            (Target::List, _) => self.operations.list(ctx).await,
            (Target::Row, Some(row)) => self.operations.retrieve(ctx, row).await,
            (Target::Actions(actions), row) => self.run(actions, ctx, row, &Value::Null).await,
            (Target::Row, None) => Err(Error::not_found()),
        }
    }

    /// Keeps what was sent, as the fields of the form mean it; returns what is wrong with it so far.
    fn take_in(
        &self,
        ctx: &Context,
        exchange: &mut Exchange<'_>,
        target: &Target,
        body: Body,
    ) -> FieldErrors {
        let fields = &self.declared.form.fields;
        if matches!(target, Target::Actions(_)) || ctx.method == Method::DELETE {
            exchange.sent = body.data;
            return FieldErrors::new();
        }
        let mistakes = body.mistakes(fields);
        let data = if ctx.method == Method::PATCH {
            body.partial(fields)
        } else {
            body.whole(fields)
        };
        exchange.sent = self.below_parent(ctx, data);
        mistakes
    }

    /// Sets the field that refers to the row above, in the data of a nested resource.
    fn below_parent(&self, ctx: &Context, mut data: Value) -> Value {
        let form = &self.declared.form;
        let field = self.parent.and_then(|it| form.field_of(it.number));
        if let (Some(parent), Some(field), Value::Object(data)) = (&ctx.parent, field, &mut data) {
            data.insert(field.to_owned(), parent.json.clone());
        }
        data
    }

    async fn write(
        &self,
        ctx: &Context,
        exchange: &Exchange<'_>,
        target: &Target,
        key: Option<&str>,
        mistakes: Result<FieldErrors>,
    ) -> Result<Answer> {
        let row = match key {
            Some(key) => Some(self.row(ctx, exchange, key).await?),
            None => None,
        };
        if let (Target::Row, Some(row)) = (target, &row) {
            self.check_precondition(ctx, row).await?;
        }
        let sent = Sent {
            data: &exchange.sent,
            mistakes: mistakes?,
        };
        match (target, row) {
            (Target::Actions(actions), row) => self.run(actions, ctx, row, sent.data).await,
            (_, None) => self.operations.create(ctx, sent).await,
            (_, Some(row)) if ctx.method == Method::DELETE => {
                self.operations.destroy(ctx, row).await?;
                Ok(Answer::empty(StatusCode::NO_CONTENT))
            }
            (_, Some(row)) => {
                let is_partial = ctx.method == Method::PATCH;
                self.operations.update(ctx, row, sent, is_partial).await
            }
        }
    }

    /// Runs the extra action of the request's method.
    async fn run(
        &self,
        actions: &[Facts],
        ctx: &Context,
        row: Option<AnyRow>,
        body: &Value,
    ) -> Result<Answer> {
        let method = match &ctx.method {
            &Method::HEAD => &Method::GET,
            method => method,
        };
        let action = actions.iter().find(|action| action.method == method);
        let action = action.ok_or_else(|| Error::MethodNotAllowed(ctx.method.clone()))?;
        let answer = self.operations.run(ctx, action.number, row, body);
        let answer = answer.await?;
        if answer.is_null() {
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        }
        Answer::of(StatusCode::OK, &answer)
    }

    /// Returns the row of this key, if this request may have to do with it.
    async fn row(&self, ctx: &Context, exchange: &Exchange<'_>, key: &str) -> Result<AnyRow> {
        let row = self.operations.find(ctx, key).await?;
        self.offer_permitted(ctx, exchange, Some(&row)).await;
        let permission = &self.declared.permission;
        permission.check_object(ctx, &*row).await?;
        Ok(row)
    }

    /// Checks that the row is in the state that the client wants to change.
    async fn check_precondition(&self, ctx: &Context, row: &AnyRow) -> Result<()> {
        if ctx.settings().require_if_match {
            etag::require(&ctx.headers)?;
        }
        if !etag::is_conditional(&ctx.headers) {
            return Ok(());
        }
        let now = self.operations.show(ctx, row).await?;
        etag::check(&ctx.headers, now.etag.as_deref().unwrap_or_default())
    }

    async fn options(
        &self,
        ctx: &Context,
        exchange: &Exchange<'_>,
        key: Option<&str>,
    ) -> Result<Answer> {
        let (row, exists) = match key {
            Some(key) => {
                let row = self.row(ctx, exchange, key).await.ok();
                let exists = row.is_some();
                (row, exists)
            }
            None => (None, true),
        };
        let may_write = match (&exchange.view.form, exists) {
            (Some((method, _)), true) => self.permits(ctx, method, row.as_ref()).await,
            _ => false,
        };
        options(
            exchange.view,
            &(self.profile.parsers)(ctx.settings()),
            may_write,
        )
    }

    /// Returns the row above, if it exists.
    async fn parent(&self, ctx: &Context, column: ParentColumn, params: &Params) -> Result<Parent> {
        let text = params.get("parent").ok_or_else(Error::not_found)?;
        let facts = &self.declared.form.columns.all[column.number];
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
}

/// Commits what an action did, if it succeeded; else nothing of it happens.
async fn finish(transaction: Transaction, answer: Result<Answer>) -> Result<Answer> {
    match answer {
        Ok(answer) => {
            transaction.commit().await?;
            Ok(answer)
        }
        Err(error) => {
            transaction.rollback().await?;
            Err(error)
        }
    }
}
