//! Long lists, page by page.

use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QuerySelect, Select};
use serde::Serialize;
use serde_json::{Value, json};

use crate::rest::openapi::{Schemas, parameter};
use crate::{Context, Error, Result};

/// One page of a list: DRF's `PageNumberPagination`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// How many rows all pages have together.
    pub count: u64,
    /// The URL of the next page.
    pub next: Option<String>,
    /// The URL of the page before.
    pub previous: Option<String>,
    pub results: Vec<T>,
}

impl<M> Page<M> {
    /// The page of `select` that `?page=` asks for.
    ///
    /// # Errors
    ///
    /// 404 "Invalid page." beyond the last one, and for what is no number.
    pub async fn of<E>(ctx: &Context, select: Select<E>) -> Result<Self>
    where
        E: EntityTrait<Model = M>,
        M: sea_orm::FromQueryResult + Sized + Send + Sync,
    {
        Self::read(ctx, ctx.db(), select).await
    }

    async fn read<E, C>(ctx: &Context, db: &C, select: Select<E>) -> Result<Self>
    where
        E: EntityTrait<Model = M>,
        M: sea_orm::FromQueryResult + Sized + Send + Sync,
        C: ConnectionTrait,
    {
        let size = ctx.settings().page_size.max(1);
        let count = select.clone().count(db).await?;
        let last = count.div_ceil(size).max(1);
        let page = number(ctx, last)?;
        let results = select.limit(size).offset((page - 1) * size).all(db).await?;
        Ok(Self {
            count,
            next: (page < last).then(|| url(ctx, page + 1)),
            previous: (page > 1).then(|| url(ctx, page - 1)),
            results,
        })
    }

    /// What the schema says of the parameters.
    pub(super) fn parameters() -> Vec<Value> {
        let number = json!({ "type": "integer", "minimum": 1 });
        vec![parameter("page", "query", &number)]
    }

    /// What the schema says of a page with rows of this schema.
    pub(super) fn schema(schemas: &mut Schemas, row: Value) -> Value {
        let name = row["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        let name = format!("{}Page", name.unwrap_or("Any"));
        let url = json!({ "type": ["string", "null"], "format": "uri" });
        let page = json!({
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": { "type": "integer", "minimum": 0 },
                "next": url,
                "previous": url,
                "results": { "type": "array", "items": row },
            },
        });
        schemas.define(&name, page)
    }

    /// The page without its rows, and its rows.
    pub fn take(self) -> (Page<()>, Vec<M>) {
        let Self {
            count,
            next,
            previous,
            results,
        } = self;
        let page = Page {
            count,
            next,
            previous,
            results: Vec::new(),
        };
        (page, results)
    }

    /// The same page with other rows.
    pub fn with<T>(self, results: Vec<T>) -> Page<T> {
        Page {
            count: self.count,
            next: self.next,
            previous: self.previous,
            results,
        }
    }
}

/// The number of the page asked for; `last` is the last page and its name.
fn number(ctx: &Context, last: u64) -> Result<u64> {
    let invalid = || Error::NotFound("Invalid page.".to_owned());
    match ctx.query("page").as_deref() {
        None | Some("") => Ok(1),
        Some("last") => Ok(last),
        Some(text) => {
            let page: u64 = text.parse().map_err(|_| invalid())?;
            (1..=last)
                .contains(&page)
                .then_some(page)
                .ok_or_else(invalid)
        }
    }
}

/// The URL of this list at another page; the first one needs no parameter.
fn url(ctx: &Context, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in crate::context::query_pairs(&ctx.uri).filter(|(name, _)| name != "page") {
        query.append_pair(&name, &value);
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    let path = ctx.uri.path();
    match query.is_empty() {
        true => ctx.absolute(path),
        false => ctx.absolute(&format!("{path}?{query}")),
    }
}
