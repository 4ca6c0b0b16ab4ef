//! Viewsets that use what viewsets can do.

use axum::http::Method;
use restkit::rest::{Actions, Filters, Lookup, ManyToMany, NewRow, ReadOnly, Row, save};
use restkit::{Context, Error, ModelViewSet, Result};
use sea_orm::prelude::Decimal;
use sea_orm::{ActiveValue, IntoActiveModel, Set};

use crate::models::{author, book, book_tag, tag};
use crate::serializers::{
    AuthorRequest, AuthorResponse, BookRequest, BookResponse, Count, Discount, TagRequest,
    TagResponse,
};

pub struct AuthorViewSet;

impl ModelViewSet for AuthorViewSet {
    type Entity = author::Entity;
    type Request = AuthorRequest;
    type Response = AuthorResponse;
}

pub struct TagViewSet;

impl ModelViewSet for TagViewSet {
    type Entity = tag::Entity;
    type Request = TagRequest;
    type Response = TagResponse;

    async fn before_save(_: &Context, row: &mut NewRow<Self>) -> Result<()> {
        if let ActiveValue::Set(name) = &row.name {
            row.name = Set(name.to_lowercase());
        }
        Ok(())
    }

    async fn after_save(_: &Context, row: &Row<Self>) -> Result<()> {
        match row.name.as_str() {
            "forbidden" => Err(Error::field("name", "This name is forbidden.")),
            _ => Ok(()),
        }
    }

    async fn before_delete(_: &Context, row: &Row<Self>) -> Result<()> {
        match row.name.as_str() {
            "kept" => Err(Error::Conflict("This tag is kept.".to_owned())),
            _ => Ok(()),
        }
    }
}

/// Tags whose names a hook makes longer than they may be.
pub struct FilledViewSet;

impl ModelViewSet for FilledViewSet {
    type Entity = tag::Entity;
    type Request = TagRequest;
    type Response = TagResponse;

    async fn before_save(_: &Context, row: &mut NewRow<Self>) -> Result<()> {
        if let ActiveValue::Set(name) = &row.name {
            row.name = Set(name.repeat(20));
        }
        Ok(())
    }
}

pub struct CatalogueViewSet;

impl ModelViewSet for CatalogueViewSet {
    type Entity = book::Entity;
    type Request = ReadOnly;
    type Response = BookResponse;
}

pub struct BookViewSet;

pub fn book_tags() -> ManyToMany {
    ManyToMany::new(
        "tags",
        book_tag::Entity,
        book_tag::Column::BookId,
        book_tag::Column::TagId,
    )
}

impl ModelViewSet for BookViewSet {
    type Entity = book::Entity;
    type Request = BookRequest;
    type Response = BookResponse;

    fn many_to_many() -> Vec<ManyToMany> {
        vec![book_tags()]
    }

    fn filters() -> Filters<book::Entity> {
        use book::Column;
        Filters::new()
            .exact([Column::Genre])
            .lookups(Column::Title, [Lookup::IContains])
            .lookups(Column::Pages, [Lookup::Lt, Lookup::Gte])
            .lookups(Column::Published, [Lookup::Gte])
            .many_to_many(book_tags())
            .search([Column::Title])
            .search_related::<author::Entity>(Column::AuthorId, [author::Column::Name])
            .ordering([Column::Id, Column::Title, Column::Pages])
            .ordering_related::<author::Entity>(Column::AuthorId, [author::Column::Name])
    }

    fn actions(actions: Actions<Self>) -> Actions<Self> {
        actions
            .on_row(Method::POST, "discount", discount)
            .on_row(Method::POST, "burn", burn)
            .on_list(Method::GET, "count", Count::of)
    }
}

async fn discount(ctx: &Context, book: book::Model, discount: Discount) -> Result<BookResponse> {
    let price = book.price * Decimal::from(100 - discount.percent) / Decimal::from(100);
    let mut row = book.into_active_model();
    row.price = Set(price.round_dp(2));
    let row = save::<BookViewSet>(ctx, row).await?;
    restkit::rest::represent::<BookViewSet>(ctx, row).await
}

async fn burn(ctx: &Context, book: book::Model) -> Result<()> {
    restkit::rest::delete::<BookViewSet>(ctx, book).await
}
