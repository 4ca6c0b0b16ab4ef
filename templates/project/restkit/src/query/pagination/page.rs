//! One page of a list.

use sea_orm::Select;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Value, json};

use super::{Pagination, Shape};
use crate::model::Entity;
use crate::serializer::schemas::Schemas;
use crate::{Context, Result};

/// One page of a list, as clients see it: `{"count", "next", "previous", "results"}`.
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
/// async fn list(ctx: &Context) -> Result<Page<GroupResponse>> {
/// #     struct GroupViewSet;
/// #     impl ModelViewSet for GroupViewSet {
/// #         type Entity = group::Entity;
/// #         type Request = GroupRequest;
/// #         type Response = GroupResponse;
/// #     }
///     let page = restkit::rest::page::<GroupViewSet>(ctx, group::Entity::find()).await?;
///     let (page, rows) = page.take();
///     Ok(page.with(rows.into_iter().map(GroupResponse::from).collect()))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// How many rows all pages have together, if they were counted.
    pub count: Option<u64>,
    /// The URL of the next page.
    pub next: Option<String>,
    /// The URL of the page before.
    pub previous: Option<String>,
    /// The rows of the page.
    pub results: Vec<T>,
    /// The fields around the results.
    pub shape: Shape,
}

impl<M> Page<M> {
    /// The page of `select` that `?page=` asks for.
    ///
    /// # Errors
    ///
    /// 404 "Invalid page." beyond the last one, and for what is not a number.
    pub async fn of<E: Entity<Model = M>>(ctx: &Context, select: Select<E>) -> Result<Self> {
        let pagination = Pagination::<E>::page_number();
        pagination.page(ctx, select, Vec::new()).await
    }

    /// All there is, without links.
    pub fn whole(results: Vec<M>) -> Self {
        Self {
            count: None,
            next: None,
            previous: None,
            results,
            shape: Shape::List,
        }
    }

    /// The page without its rows, and the rows.
    pub fn take(self) -> (Page<()>, Vec<M>) {
        let page = Page {
            count: self.count,
            next: self.next,
            previous: self.previous,
            results: Vec::new(),
            shape: self.shape,
        };
        (page, self.results)
    }

    /// The same page with these rows.
    pub fn with<T>(self, results: Vec<T>) -> Page<T> {
        Page {
            count: self.count,
            next: self.next,
            previous: self.previous,
            results,
            shape: self.shape,
        }
    }

    /// The same page with each row as something else.
    pub fn map<T>(self, each: impl FnMut(M) -> T) -> Page<T> {
        let (page, rows) = self.take();
        page.with(rows.into_iter().map(each).collect())
    }
}

impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.shape == Shape::List {
            return self.results.serialize(serializer);
        }
        let mut page = serializer.serialize_struct("Page", 4)?;
        if self.shape == Shape::Counted {
            page.serialize_field("count", &self.count)?;
        }
        page.serialize_field("next", &self.next)?;
        page.serialize_field("previous", &self.previous)?;
        page.serialize_field("results", &self.results)?;
        page.end()
    }
}

impl Shape {
    /// Describes a page with rows of this schema in OpenAPI.
    pub(crate) fn schema(self, schemas: &mut Schemas, row: Value) -> Value {
        let rows = json!({ "type": "array", "items": row });
        let kind = match self {
            Self::Counted => "Page",
            Self::Linked => "CursorPage",
            Self::List => return rows,
        };
        let name = row["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        let name = format!("{}{kind}", name.unwrap_or("Any"));
        let url = json!({ "type": ["string", "null"], "format": "uri" });
        let mut page = json!({
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": { "next": url, "previous": url, "results": rows },
        });
        if self == Self::Counted {
            page["required"] = json!(["count", "next", "previous", "results"]);
            page["properties"]["count"] = json!({ "type": "integer", "minimum": 0 });
        }
        schemas.define(&name, page)
    }
}
