//! Rows that must have a value of every kind, and that refer to rows whose keys are not numbers.

#![allow(clippy::needless_update)] // SeaORM's derive writes `..Default::default()`

use garde::Validate;
use restkit::rest::Representation;
use restkit::testing::TestClient;
use restkit::{App, Context, DefaultRouter, ModelViewSet, Project, Result, Routes, Settings};
use schemars::JsonSchema;
use sea_orm::prelude::*;
use sea_orm::{ConnectionTrait, DeriveIntoActiveModel, FromJsonQueryResult, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub mod country {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "country")]
    pub struct Model {
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(5))"
        )]
        pub code: String,
        #[sea_orm(has_many)]
        pub events: HasMany<super::event::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Kept as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult)]
pub struct Hall {
    seats: u32,
}

pub mod event {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub title: String,
        pub day: Date,
        pub at: Time,
        pub local: DateTime,
        pub moment: DateTimeUtc,
        #[sea_orm(column_type = "Decimal(Some((8, 2)))")]
        pub price: Decimal,
        pub ratio: f64,
        pub is_open: bool,
        pub extra: Json,
        pub hall: super::Hall,
        pub poster: Vec<u8>,
        #[sea_orm(column_type = "String(StringLen::N(5))")]
        pub country_code: String,
        pub is_sold: Option<bool>,
        #[sea_orm(column_type = "Decimal(Some((6, 4)))")]
        pub fee: Option<Decimal>,
        pub before_id: Option<Uuid>,
        #[sea_orm(
            self_ref,
            relation_enum = "Before",
            relation_reverse = "After",
            from = "before_id",
            to = "id"
        )]
        pub before: BelongsTo<Option<Entity>>,
        #[sea_orm(self_ref, relation_enum = "After", relation_reverse = "Before")]
        pub after: HasMany<Entity>,
        #[sea_orm(belongs_to, from = "country_code", to = "code")]
        pub country: BelongsTo<super::country::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "country::ActiveModel")]
#[garde(allow_unvalidated)]
struct CountryRequest {
    code: String,
}

#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[sea_orm(active_model = "event::ActiveModel")]
#[garde(allow_unvalidated)]
struct EventRequest {
    id: Uuid,
    title: String,
    day: Date,
    at: Time,
    local: DateTime,
    moment: DateTimeUtc,
    price: Decimal,
    ratio: f64,
    is_open: bool,
    extra: Json,
    hall: Hall,
    poster: Vec<u8>,
    #[serde(rename = "country")]
    country_code: String,
    is_sold: Option<bool>,
    fee: Option<Decimal>,
    #[serde(rename = "before")]
    before_id: Option<Uuid>,
}

/// The row as its own JSON.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(transparent)]
struct Shown(Value);

impl Representation<country::Entity> for Shown {
    async fn of(_: &Context, rows: Vec<country::Model>) -> Result<Vec<Self>> {
        let rows = rows.into_iter();
        Ok(rows.map(|it| Self(json!({ "code": it.code }))).collect())
    }
}

impl Representation<event::Entity> for Shown {
    async fn of(_: &Context, rows: Vec<event::Model>) -> Result<Vec<Self>> {
        let shown = rows.into_iter().map(|it| {
            Self(json!({
                "id": it.id, "title": it.title, "day": it.day, "at": it.at, "local": it.local,
                "moment": it.moment, "price": it.price, "ratio": it.ratio, "is_open": it.is_open,
                "extra": it.extra, "hall": it.hall, "poster": it.poster, "country": it.country_code,
                "is_sold": it.is_sold, "fee": it.fee, "before": it.before_id,
            }))
        });
        Ok(shown.collect())
    }
}

struct CountryViewSet;

impl ModelViewSet for CountryViewSet {
    type Entity = country::Entity;
    type Request = CountryRequest;
    type Response = Shown;
}

struct EventViewSet;

impl ModelViewSet for EventViewSet {
    type Entity = event::Entity;
    type Request = EventRequest;
    type Response = Shown;
}

fn project() -> Project {
    Project {
        installed_apps: || vec![restkit::auth::app(), App::new("events")],
        routes: || {
            let api = DefaultRouter::new()
                .register::<CountryViewSet>("countries")
                .register::<EventViewSet>("events");
            Routes::new().nest("/api", api)
        },
        ..crate::project()
    }
}

/// A client of one country; no migrations have these tables.
async fn client(url: &str) -> TestClient {
    let set = |settings: &mut Settings| settings.database_url = url.to_owned();
    let mut client = TestClient::with_settings(project(), set).await;
    let db = client.db();
    let schema = Schema::new(db.get_database_backend());
    let tables = [
        schema.create_table_from_entity(country::Entity),
        schema.create_table_from_entity(event::Entity),
    ];
    for table in tables {
        db.execute(&table).await.unwrap();
    }
    let made = client
        .post("/api/countries/", json!({ "code": "de" }))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    client
}

#[tokio::test]
async fn on_sqlite() {
    check(&mut client("sqlite::memory:").await).await;
}

#[tokio::test]
async fn on_postgres() {
    if let Some(url) = crate::postgres("events") {
        check(&mut client(&url).await).await;
    }
}

async fn check(client: &mut TestClient) {
    a_part_of_a_row_changes_that_part_alone(client).await;
    a_key_of_another_row_may_be_a_text(client).await;
    the_url_of_a_new_row_leads_to_it(client).await;
    what_says_that_there_is_no_value_is_null(client).await;
    a_box_with_three_states_is_not_false_for_being_left_out(client).await;
}

const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

fn event() -> Value {
    json!({
        "id": ID, "title": "T", "day": "2024-02-29", "at": "10:00:00", "local": "2024-02-29T10:00:00",
        "moment": "2024-02-29T10:00:00Z", "price": "7.10", "ratio": 0.5, "is_open": true,
        "extra": { "a": 1 }, "hall": { "seats": 5 }, "poster": [255, 0], "country": "de",
        "is_sold": true, "fee": "1.5000", "before": null,
    })
}

async fn a_part_of_a_row_changes_that_part_alone(client: &mut TestClient) {
    let made = client.post("/api/events/", event()).await;
    assert_eq!((made.status.as_u16(), made.json()), (201, event()));
    let path = format!("/api/events/{ID}/");
    let mut now = event();
    for (field, value) in [
        ("title", json!("U")),
        ("day", json!("2024-03-01")),
        ("hall", json!({ "seats": 6 })),
        ("poster", json!([1])),
        ("price", json!("0.10")),
    ] {
        now[field] = value.clone();
        let patched = client.patch(&path, json!({ field: value })).await;
        let expected = (200, now.clone());
        assert_eq!((patched.status.as_u16(), patched.json()), expected);
    }
}

async fn what_says_that_there_is_no_value_is_null(client: &mut TestClient) {
    let path = format!("/api/events/{ID}/");
    for (field, full, nothing) in [
        ("is_sold", json!(true), ""),
        ("is_sold", json!(true), "Null"),
        ("fee", json!("1.5"), " "),
        ("before", json!(ID), ""),
    ] {
        client.patch(&path, json!({ field: full })).await;
        let patched = client.patch(&path, json!({ field: nothing })).await;
        assert_eq!(patched.status, 200, "{field} {}", patched.text());
        assert_eq!(patched.json()[field], Value::Null, "{field}");
    }
    for (field, nothing) in [("is_open", ""), ("price", ""), ("country", "")] {
        let patched = client.patch(&path, json!({ field: nothing })).await;
        assert_eq!(patched.status, 400, "{field}");
    }
}

async fn a_box_with_three_states_is_not_false_for_being_left_out(client: &mut TestClient) {
    let form = [
        ("id", "67e55044-10b1-426f-9247-bb680e5fe0ca"),
        ("title", "F"),
        ("day", "2024-02-29"),
        ("at", "10:00"),
        ("local", "2024-02-29T10:00"),
        ("moment", "2024-02-29T10:00Z"),
        ("price", "7.10"),
        ("ratio", "0.5"),
        ("extra", "[1]"),
        ("hall", "{\"seats\": 5}"),
        ("poster", "255, 0"),
        ("country", "de"),
    ];
    let made = client.post_form("/api/events/", &form).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/api/events/{}/", form[0].1);
    let made = client.get(&path).await.json();
    assert_eq!(
        (&made["is_sold"], &made["is_open"]),
        (&Value::Null, &json!(false))
    );
    let kept = (&made["extra"], &made["hall"], &made["poster"]);
    assert_eq!(
        kept,
        (&json!([1]), &json!({ "seats": 5 }), &json!([255, 0]))
    );
}

async fn a_key_of_another_row_may_be_a_text(client: &mut TestClient) {
    for (key, words) in [
        (json!("at"), "Invalid pk \"at\" - object does not exist."),
        (json!(1.0), "Invalid pk \"1.0\" - object does not exist."),
        (
            json!(true),
            "Incorrect type. Expected pk value, received bool.",
        ),
    ] {
        let mut stray = event();
        stray["id"] = json!("67e55044-10b1-426f-9247-bb680e5fe0c9");
        stray["country"] = key;
        let refused = client.post("/api/events/", stray).await;
        let expected = (400, json!({ "country": [words] }));
        assert_eq!((refused.status.as_u16(), refused.json()), expected);
    }
}

async fn the_url_of_a_new_row_leads_to_it(client: &mut TestClient) {
    for (code, path) in [("f r", "f%20r"), ("g+b", "g%2Bb")] {
        let code = json!({ "code": code });
        let made = client.post("/api/countries/", code.clone()).await;
        let url = made.header("location").to_owned();
        assert_eq!(url, format!("http://testserver/api/countries/{path}/"));
        let path = url.trim_start_matches("http://testserver");
        assert_eq!(client.get(path).await.json(), code);
    }
}
