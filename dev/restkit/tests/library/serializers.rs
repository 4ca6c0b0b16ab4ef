//! What the API accepts and shows: related rows by key when they are sent, nested when they are shown.

use garde::Validate;
use restkit::rest::Representation;
use restkit::{Context, Result};
use schemars::JsonSchema;
use sea_orm::prelude::{Date, DateTimeUtc, Decimal, Json, Time, Uuid};
use sea_orm::{DeriveIntoActiveModel, EntityTrait, LoaderTrait};
use serde::{Deserialize, Serialize};

use crate::models::{Genre, author, book, tag};
use crate::views::book_tags;

#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "author::ActiveModel")]
pub struct AuthorRequest {
    #[garde(length(chars, min = 1))]
    pub name: String,
    #[garde(skip)]
    pub born: Option<Date>,
    #[garde(skip)]
    pub royalty: Option<Decimal>,
}

#[derive(Debug, JsonSchema, Serialize)]
pub struct AuthorResponse {
    pub id: i64,
    pub name: String,
    pub born: Option<Date>,
    pub royalty: Option<Decimal>,
}

impl From<author::Model> for AuthorResponse {
    fn from(author: author::Model) -> Self {
        Self {
            id: author.id,
            name: author.name,
            born: author.born,
            royalty: author.royalty,
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "tag::ActiveModel")]
pub struct TagRequest {
    #[garde(length(chars, min = 1))]
    pub name: String,
}

#[derive(Debug, JsonSchema, Serialize)]
pub struct TagResponse {
    pub id: i64,
    pub name: String,
}

impl From<tag::Model> for TagResponse {
    fn from(tag: tag::Model) -> Self {
        Self {
            id: tag.id,
            name: tag.name,
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "book::ActiveModel")]
pub struct BookRequest {
    #[garde(length(chars, min = 1))]
    pub title: String,
    #[garde(skip)]
    pub genre: Genre,
    #[garde(skip)]
    #[serde(default)]
    pub pages: i32,
    #[garde(skip)]
    pub price: Decimal,
    #[garde(skip)]
    pub rating: Option<f64>,
    #[garde(skip)]
    pub published: Option<Date>,
    #[garde(skip)]
    pub opens: Option<Time>,
    #[garde(skip)]
    pub updated: Option<DateTimeUtc>,
    #[garde(skip)]
    pub code: Option<Uuid>,
    #[garde(skip)]
    pub extra: Option<Json>,
    #[garde(skip)]
    #[serde(rename = "author")]
    pub author_id: i64,
    #[garde(skip)]
    #[sea_orm(ignore)]
    #[serde(default)]
    #[allow(dead_code)] // read by its name: see `many_to_many`
    pub tags: Vec<i64>,
}

#[derive(Debug, JsonSchema, Serialize)]
pub struct BookResponse {
    pub id: i64,
    pub title: String,
    pub genre: Genre,
    pub pages: i32,
    pub price: Decimal,
    pub rating: Option<f64>,
    pub published: Option<Date>,
    pub opens: Option<Time>,
    pub updated: Option<DateTimeUtc>,
    pub code: Option<Uuid>,
    pub extra: Option<Json>,
    pub author: Option<AuthorResponse>,
    pub tags: Vec<i64>,
}

impl Representation<book::Entity> for BookResponse {
    async fn of(ctx: &Context, books: Vec<book::Model>) -> Result<Vec<Self>> {
        let authors = books.load_one(author::Entity, ctx.db()).await?;
        let mut tags = book_tags()
            .keys::<i64, i64>(ctx.db(), books.iter().map(|book| book.id))
            .await?;
        let books = books.into_iter().zip(authors);
        Ok(books
            .map(|(book, author)| Self {
                id: book.id,
                title: book.title,
                genre: book.genre,
                pages: book.pages,
                price: book.price,
                rating: book.rating,
                published: book.published,
                opens: book.opens,
                updated: book.updated,
                code: book.code,
                extra: book.extra,
                author: author.map(Into::into),
                tags: tags.remove(&book.id).unwrap_or_default(),
            })
            .collect())
    }
}

/// Counts what there is.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Count {
    pub books: usize,
}

impl Count {
    pub async fn of(ctx: &Context) -> Result<Self> {
        let books = book::Entity::find().all(ctx.db()).await?.len();
        Ok(Self { books })
    }
}

#[derive(Debug, Deserialize, JsonSchema, Validate)]
pub struct Discount {
    #[garde(range(min = 1, max = 100))]
    pub percent: i32,
}
