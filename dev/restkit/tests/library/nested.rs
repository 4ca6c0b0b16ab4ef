//! Objects within a body, and values that stand elsewhere than in a column's own field.

use std::collections::BTreeMap;

use chrono::Utc;
use garde::Validate;
use restkit::rest::{Actions, Nested, Shown, Valid};
use restkit::testing::TestClient;
use restkit::{Context, ModelViewSet, Result};
use schemars::JsonSchema;
use sea_orm::prelude::{DateTimeUtc, Decimal};
use sea_orm::{ActiveModelTrait, DeriveIntoActiveModel, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::models::{author, book, tag};
use crate::serializers::{AuthorRequest, AuthorResponse, TagResponse};
use crate::{book as new_book, with};

/// A tag with authors in every arrangement.
#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[garde(allow_unvalidated)]
#[sea_orm(active_model = "tag::ActiveModel")]
pub struct CollectionRequest {
    #[serde(rename = "label")]
    #[garde(custom(lowercase))]
    pub name: String,
    #[garde(dive)]
    #[serde(default)]
    #[sea_orm(ignore)]
    pub authors: Vec<AuthorRequest>,
    #[garde(dive)]
    #[sea_orm(ignore)]
    pub lead: Option<AuthorRequest>,
    #[garde(dive)]
    #[serde(default)]
    #[sea_orm(ignore)]
    pub by_role: BTreeMap<String, AuthorRequest>,
    #[garde(dive)]
    #[serde(default)]
    #[sea_orm(ignore)]
    pub grid: Vec<Vec<AuthorRequest>>,
}

fn lowercase(name: &str, _: &()) -> garde::Result {
    if name.to_lowercase() == name {
        Ok(())
    } else {
        Err(garde::Error::new("Write it in small letters."))
    }
}

pub struct CollectionViewSet;

impl ModelViewSet for CollectionViewSet {
    type Entity = tag::Entity;
    type Request = CollectionRequest;
    type Response = TagResponse;

    fn nested() -> Vec<Nested> {
        let fields = ["authors", "lead", "by_role", "grid"];
        fields
            .map(Nested::of::<author::Entity, AuthorRequest>)
            .into()
    }

    fn actions(actions: Actions<Self>) -> Actions<Self> {
        actions.on_list(axum::http::Method::POST, "bulk", bulk)
    }

    async fn create(ctx: &Context, request: Valid<CollectionRequest>) -> Result<TagResponse> {
        let request = request.into_inner();
        for author in request.authors {
            author.into_active_model().insert(ctx.db()).await?;
        }
        let tag = tag::ActiveModel {
            name: sea_orm::Set(request.name),
            ..Default::default()
        };
        Ok(tag.insert(ctx.db()).await?.into())
    }
}

async fn bulk(ctx: &Context, authors: Vec<AuthorRequest>) -> Result<Vec<AuthorResponse>> {
    let mut made = Vec::new();
    for author in authors {
        made.push(author.into_active_model().insert(ctx.db()).await?.into());
    }
    Ok(made)
}

/// A book whose price has another name, within another object.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PricedResponse {
    cost: Decimal,
    updated: Option<DateTimeUtc>,
    author: AuthorResponse,
}

pub async fn priced(ctx: Context) -> Result<Shown<Vec<PricedResponse>>> {
    let books = book::Entity::find().find_also_related(author::Entity);
    let books = books.all(ctx.db()).await?.into_iter();
    let shown = books.filter_map(|(book, author)| {
        Some(PricedResponse {
            cost: book.price,
            updated: book.updated,
            author: author?.into(),
        })
    });
    Ok(Shown(shown.collect()))
}

pub async fn now() -> Shown<DateTimeUtc> {
    Shown(Utc::now())
}

const PATH: &str = "/api/collections/";

async fn refused(client: &mut TestClient, body: Value) -> Value {
    let refused = client.post(PATH, body).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    refused.json()
}

async fn every_item_of_a_list_has_its_place(mut client: TestClient) {
    let long = "x".repeat(101);
    let body = json!({ "label": "new", "authors": [
        { "name": "Cleo" }, { "name": "" }, { "born": "tomorrow" }, { "name": long, "royalty": "1.234" },
        { "name": "Ada" }, { "name": "Dora" },
    ] });
    let expected = json!({ "authors": [
        {},
        { "name": ["This field may not be blank."] },
        {
            "name": ["This field is required."],
            "born": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],
        },
        {
            "name": ["Ensure this field has no more than 100 characters."],
            "royalty": ["Ensure that there are no more than 2 decimal places."],
        },
        { "name": ["author with this name already exists."] },
        {},
    ] });
    assert_eq!(refused(&mut client, body).await, expected);
    let made = client
        .post(
            PATH,
            json!({ "label": "new", "authors": [{ "name": "Cleo" }] }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
}

async fn every_arrangement_of_objects_is_checked(mut client: TestClient) {
    let long = json!({ "name": "x".repeat(101) });
    let too_long = json!({ "name": ["Ensure this field has no more than 100 characters."] });
    let wrong = json!({ "name": ["This field may not be blank."], "born": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."] });
    let bad = json!({ "name": " ", "born": 1 });
    for (body, expected) in [
        (json!({ "lead": long }), json!({ "lead": too_long })),
        (json!({ "lead": bad }), json!({ "lead": wrong })),
        (
            json!({ "by_role": { "editor": bad, "poet": { "name": "P" } } }),
            json!({ "by_role": { "editor": wrong } }),
        ),
        (
            json!({ "grid": [[], [{ "name": "A" }, long, bad]] }),
            json!({ "grid": [{}, [{}, too_long, wrong]] }),
        ),
        (
            json!({ "authors": [1, { "name": "A" }] }),
            json!({ "authors": [{ "non_field_errors": ["Invalid data. Expected a dictionary, but got int."] }, {}] }),
        ),
        (
            json!({ "authors": { "name": "A" } }),
            json!({ "authors": { "non_field_errors": ["Expected a list of items but got type \"dict\"."] } }),
        ),
        (
            json!({ "authors": null }),
            json!({ "authors": ["This field may not be null."] }),
        ),
    ] {
        let body = with(json!({ "label": "new" }), body);
        assert_eq!(refused(&mut client, body.clone()).await, expected, "{body}");
    }
}

async fn a_list_as_the_whole_body(mut client: TestClient) {
    let path = "/api/collections/bulk/";
    let refused = client
        .post(path, json!([{ "name": "A" }, { "name": "" }, {}]))
        .await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let expected = json!([
        {},
        { "name": ["This field may not be blank."] },
        { "name": ["This field is required."] },
    ]);
    assert_eq!(refused.json(), expected);
    let made = client
        .post(path, json!([{ "name": "A", "royalty": "1" }]))
        .await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(made.json()[0]["royalty"], "1.00");
    let refused = client.post(path, json!({ "name": "A" })).await;
    assert_eq!(
        refused.json(),
        json!({ "non_field_errors": ["Expected a list of items but got type \"dict\"."] })
    );
}

async fn rules_of_a_renamed_field_name_it_as_clients_do(mut client: TestClient) {
    let words = json!({ "label": ["Write it in small letters."] });
    assert_eq!(
        refused(&mut client, json!({ "label": "Loud" })).await,
        words
    );
    client.post("/api/tags/", json!({ "name": "x" })).await;
    let tag = tag::ActiveModel {
        name: sea_orm::Set("LOUD".to_owned()),
        ..Default::default()
    };
    let tag = tag.insert(client.db()).await.unwrap();
    // What is stored is nobody's mistake now.
    let path = format!("{PATH}{}/", tag.id);
    let patched = client.patch(&path, json!({ "authors": [] })).await;
    assert_eq!(patched.status, 200, "{}", patched.text());
}

async fn an_answer_is_the_same_on_both_databases(mut client: TestClient) {
    client
        .patch("/api/authors/1/", json!({ "royalty": "3" }))
        .await;
    let moment = json!({ "price": "9.5", "updated": "2026-01-31T12:00:00.1234567Z" });
    let made = client
        .post("/api/books/", with(new_book("T"), moment))
        .await;
    let expected = json!({ "id": 1, "name": "Ada", "born": null, "royalty": "3.00" });
    assert_eq!(made.json()["author"], expected);
    assert_eq!(made.json()["updated"], "2026-01-31T12:00:00.123456Z");

    let shown = client.get("/api/priced/").await.json();
    assert_eq!(shown[0]["author"], expected);
    assert_eq!(shown[0]["updated"], "2026-01-31T12:00:00.123456Z");

    let discounted = client
        .post("/api/books/1/discount/", json!({ "percent": 20 }))
        .await;
    assert_eq!(discounted.json()["price"], "7.60");
    assert_eq!(discounted.json()["author"]["royalty"], "3.00");

    let now = client.get("/api/now/").await.json();
    assert!(now.as_str().is_some_and(|now| now.len() == 27), "{now}");
}

async fn numbers_are_what_was_written(mut client: TestClient) {
    let post = |text: &str| {
        axum::http::Request::post("/api/books/")
            .header("content-type", "application/json")
            .body(axum::body::Body::from(text.to_owned()))
            .unwrap()
    };
    for (field, number, words) in [
        (
            "pages",
            "-9223372036854775809",
            "Ensure this value is greater than or equal to -2147483648.",
        ),
        (
            "pages",
            "1000000000000000000000000000000",
            "Ensure this value is less than or equal to 2147483647.",
        ),
        (
            "price",
            "12345.670000000001",
            "Ensure that there are no more than 8 digits in total.",
        ),
        (
            "author",
            "1.0000000000000001",
            "Invalid pk \"1.0000000000000001\" - object does not exist.",
        ),
        (
            "author",
            "1000000000000000000000000000000",
            "Invalid pk \"1000000000000000000000000000000\" - object does not exist.",
        ),
    ] {
        let body = with(new_book("T"), json!({ field: "NUMBER" })).to_string();
        let body = body.replace("\"NUMBER\"", number);
        let refused = client.request(post(&body)).await;
        assert_eq!(refused.status, 400, "{number}: {}", refused.text());
        assert_eq!(refused.json()[field][0], words, "{number}");
    }
    let body = with(
        new_book("T"),
        json!({ "extra": "NUMBER", "rating": "NUMBER" }),
    )
    .to_string();
    let body = body.replace("\"NUMBER\"", "0.12345678901234567890");
    let made = client.request(post(&body)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["extra"], json!(0.123_456_789_012_345_68));
    assert_eq!(made.json()["rating"], json!(0.123_456_789_012_345_68));
}

crate::both!(
    every_item_of_a_list_has_its_place,
    every_arrangement_of_objects_is_checked,
    a_list_as_the_whole_body,
    rules_of_a_renamed_field_name_it_as_clients_do,
    an_answer_is_the_same_on_both_databases,
    numbers_are_what_was_written
);
