//! Long lists, page by page.

mod count;
mod cursor;
mod keyset;
mod limit_offset;
pub(crate) mod links;
mod list;
mod page;
mod page_number;

use std::marker::PhantomData;

use sea_orm::sea_query::Order;
use sea_orm::{ConnectionTrait, FromQueryResult, IdenStatic, QueryResult, QueryTrait, Select};

use super::pagination::list::List;
pub use super::pagination::page::Page;
use crate::model::Entity;
use crate::model::columns::Columns;
use crate::model::rows::values;
use crate::query::Parameter;
use crate::{Context, Result};

/// The largest page that `?limit=` gets, unless a viewset says otherwise.
const MAX_LIMIT: u64 = 1000;

/// How the list of an entity is cut into pages.
///
/// ```
/// use restkit::Pagination;
/// use restkit::auth::models::group;
///
/// let pages = Pagination::<group::Entity>::page_number().size(20).max_size(100);
/// ```
#[derive(Clone)]
pub struct Pagination<E: Entity> {
    plan: PagePlan,
    entity: PhantomData<fn() -> E>,
}

/// How a list is cut into pages, as plain data: the same code for all entities.
#[derive(Clone)]
struct PagePlan {
    style: Style,
    size: Option<u64>,
    max_size: Option<u64>,
}

#[derive(Clone)]
enum Style {
    PageNumber,
    LimitOffset,
    /// The numbers of the columns that the list is ordered by.
    Cursor(Vec<(usize, Order)>),
    Whole,
}

impl<E: Entity> Pagination<E> {
    /// `?page=2`, with a count of all rows: DRF's `PageNumberPagination`.
    pub fn page_number() -> Self {
        Self::of(Style::PageNumber)
    }

    /// `?limit=10&offset=20`, with a count of all rows: DRF's `LimitOffsetPagination`.
    pub fn limit_offset() -> Self {
        Self::of(Style::LimitOffset)
    }

    /// Links to the next page and the one before, without a count: DRF's `CursorPagination`.
    ///
    /// Every page costs the same, however deep in the list it is, if there is an index over these
    /// columns; and rows that come or go meanwhile are neither shown twice nor passed over.
    pub fn cursor(order: impl IntoIterator<Item = (E::Column, Order)>) -> Self {
        Self::of(Style::Cursor(numbered::<E>(&Columns::of::<E>(), order)))
    }

    /// All rows at once, as a list without anything around it. For tables that stay small.
    pub fn none() -> Self {
        Self::of(Style::Whole)
    }

    fn of(style: Style) -> Self {
        let plan = PagePlan {
            style,
            size: None,
            max_size: None,
        };
        Self {
            plan,
            entity: PhantomData,
        }
    }

    /// How many rows a page has; [`Settings::page_size`](crate::Settings) if this is not said.
    pub fn size(mut self, rows: u64) -> Self {
        self.plan.size = Some(rows);
        self
    }

    /// Clients may ask for pages of up to so many rows: by `?page_size=`, or by `?limit=`, which
    /// goes up to 1,000 if this is not said.
    pub fn max_size(mut self, rows: u64) -> Self {
        self.plan.max_size = Some(rows);
        self
    }

    /// The page of `select` that the request asks for, ordered by `order`, or as `select` is if
    /// that is empty. The key always comes last, so that pages do not depend on chance.
    ///
    /// # Errors
    ///
    /// 404 if there is no such page; or if the database fails.
    pub async fn page(
        &self,
        ctx: &Context,
        select: Select<E>,
        order: Vec<(E::Column, Order)>,
    ) -> Result<Page<E::Model>> {
        let columns = Columns::of::<E>();
        let list = List {
            select: QueryTrait::into_query(select),
            order: numbered::<E>(&columns, order),
            columns,
            values: |row| Ok(values::<E>(&E::Model::from_query_result(row, "")?)),
        };
        let (page, rows) = self.plan.page(ctx, list).await?.take();
        let rows = rows.iter().map(|row| E::Model::from_query_result(row, ""));
        Ok(page.with(rows.collect::<Result<_, _>>()?))
    }

    /// The parameters that choose a page, for schemas and pages.
    pub fn parameters(&self) -> Vec<Parameter> {
        self.plan.parameters()
    }

    /// The style, in the words of [`Page`]'s shapes: whether there is a count, links, or neither.
    pub fn shape(&self) -> Shape {
        match self.plan.style {
            Style::PageNumber | Style::LimitOffset => Shape::Counted,
            Style::Cursor(_) => Shape::Linked,
            Style::Whole => Shape::List,
        }
    }
}

impl PagePlan {
    async fn page(&self, ctx: &Context, mut list: List) -> Result<Page<QueryResult>> {
        let size = self.size.unwrap_or(ctx.settings().page_size).max(1);
        let asked = || links::number(ctx, "page_size").filter(|size| *size > 0);
        let most = |max: u64| asked().map(|size| size.min(max.max(1)));
        let asked = self.max_size.and_then(most).unwrap_or(size);
        match &self.style {
            Style::PageNumber => page_number::page(ctx, &list.ordered(), asked).await,
            Style::LimitOffset => {
                let max = self.max_size.unwrap_or(MAX_LIMIT.max(size)).max(1);
                limit_offset::page(ctx, &list.ordered(), (size.min(max), max)).await
            }
            Style::Cursor(own) => {
                if list.order.is_empty() {
                    list.order.clone_from(own);
                }
                cursor::page(ctx, list, asked).await
            }
            Style::Whole => Ok(Page::whole(ctx.db().query_all(&list.ordered()).await?)),
        }
    }

    fn parameters(&self) -> Vec<Parameter> {
        let number = |name, least, description| Parameter {
            bounds: Some((least, i64::MAX)),
            ..Parameter::new(name, "integer", description)
        };
        let size = self
            .max_size
            .map(|_| number("page_size", 1, "How many rows a page has."));
        let own = match &self.style {
            Style::PageNumber => number("page", 1, "The number of the page, from 1 on."),
            Style::LimitOffset => {
                return vec![
                    number("limit", 1, "How many rows the page has."),
                    number("offset", 0, "How many rows are before the page."),
                ];
            }
            Style::Cursor(_) => Parameter::new(
                "cursor",
                "string",
                "Where the page begins, as the link to it says.",
            ),
            Style::Whole => return Vec::new(),
        };
        std::iter::once(own).chain(size).collect()
    }
}

/// The shape of a paginated answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `{"count", "next", "previous", "results"}`
    Counted,
    /// `{"next", "previous", "results"}`
    Linked,
    /// `[...]`
    List,
}

/// Gives the order with its columns by their numbers.
fn numbered<E: Entity>(
    columns: &Columns,
    order: impl IntoIterator<Item = (E::Column, Order)>,
) -> Vec<(usize, Order)> {
    let order = order.into_iter();
    let order = order.filter_map(|(column, direction)| {
        let number = columns.position(column.as_str())?;
        Some((number, direction))
    });
    order.collect()
}
