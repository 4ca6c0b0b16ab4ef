//! What the schema says of the library.

use restkit::testing::TestClient;
use serde_json::{Value, json};

async fn document() -> Value {
    let mut client = TestClient::new(crate::project()).await;
    client.get("/api/schema/").await.json()
}

#[tokio::test]
async fn every_route_is_in_it_and_every_reference_leads_somewhere() {
    let document = document().await;
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert!(
        paths.contains(&&"/api/books/{id}/discount/".to_owned()),
        "{paths:?}"
    );
    assert!(paths.contains(&&"/api/authors/{parent}/books/{id}/".to_owned()));
    let catalogue = document["paths"]["/api/catalogue/"].as_object().unwrap();
    assert_eq!(catalogue.keys().collect::<Vec<_>>(), ["get"]);
    check_references(&document, &document);
    let mut ids = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
        }
    }
    for id in [
        "books_list",
        "books_partial_update",
        "books_discount",
        "authors_books_create",
    ] {
        assert!(ids.iter().any(|other| other == id), "{id}");
    }
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:?}");
}

#[tokio::test]
async fn operations_answer_what_can_happen_to_them() {
    let document = document().await;
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    for (path, method, can, cannot) in [
        ("/api/", "get", "200", "304"),
        ("/api/books/", "get", "200", "304"),
        ("/api/books/", "post", "201", "412"),
        ("/api/books/{id}/", "get", "304", "415"),
        ("/api/books/{id}/", "patch", "412", "201"),
        ("/api/books/{id}/", "delete", "428", "415"),
        ("/api/books/{id}/burn/", "post", "204", "412"),
    ] {
        let responses = &operation(path, method)["responses"];
        assert!(responses.get(can).is_some(), "{method} {path}: {can}");
        assert!(responses.get(cannot).is_none(), "{method} {path}: {cannot}");
        assert!(responses.get("404").is_some(), "{method} {path}: 404");
    }
    let has = |operation: Value, header: &str| {
        let parameters = operation["parameters"].as_array().unwrap().iter();
        parameters.clone().any(|it| it["name"] == header)
    };
    assert!(has(operation("/api/books/{id}/", "put"), "If-Match"));
    assert!(!has(operation("/api/books/", "post"), "If-Match"));
    assert_eq!(operation("/api/", "get")["operationId"], "api_root");
}

fn check_references(value: &Value, document: &Value) {
    if let Some(path) = value.get("$ref").and_then(Value::as_str) {
        assert!(document.pointer(&path[1..]).is_some(), "{path}");
    }
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| check_references(item, document)),
        Value::Object(entries) => {
            entries
                .values()
                .for_each(|entry| check_references(entry, document));
        }
        _ => {}
    }
}

#[tokio::test]
async fn what_is_sent_has_the_rules_of_types_and_of_columns() {
    let document = document().await;
    let book = &document["components"]["schemas"]["BookRequest"];
    assert_eq!(
        book["required"],
        json!(["title", "genre", "price", "author"])
    );
    let fields = &book["properties"];
    assert_eq!(
        (&fields["title"]["minLength"], &fields["title"]["maxLength"]),
        (&json!(1), &json!(200))
    );
    assert_eq!(fields["price"]["type"], "string");
    assert_eq!(fields["price"]["pattern"], r"^-?\d{1,6}(\.\d{1,2})?$");
    assert_eq!(fields["pages"]["maximum"], i32::MAX);
    assert_eq!(fields["published"]["type"], json!(["string", "null"]));
    let patched = &document["components"]["schemas"]["PatchedBookRequest"];
    assert_eq!(patched["required"], Value::Null);
    assert_eq!(
        document["components"]["schemas"]["Genre"]["enum"],
        json!(["novel", "poetry", "science"])
    );
}

#[tokio::test]
async fn a_filter_knows_the_choices_of_its_column() {
    let document = document().await;
    let parameters = document["paths"]["/api/books/"]["get"]["parameters"].as_array();
    let filter = parameters.unwrap().iter().find(|it| it["name"] == "genre");
    let filter = filter.unwrap();
    let choices = json!(["novel", "poetry", "science"]);
    assert_eq!(
        filter["schema"],
        json!({ "type": "string", "enum": choices })
    );
    assert_eq!(filter["allowEmptyValue"], true);
}

#[tokio::test]
async fn it_comes_as_yaml_and_as_a_page_too() {
    let mut client = TestClient::new(crate::project()).await;
    let yaml = client.get("/api/schema/?format=yaml").await;
    assert!(
        yaml.text().starts_with("openapi: \"3.1.0\"\n"),
        "{}",
        &yaml.text()[..80]
    );
    assert_eq!(
        yaml.header("content-type"),
        "application/vnd.oai.openapi;version=3.1"
    );
    let docs = client.get("/api/docs/").await;
    assert_eq!(docs.status, 200);
    assert!(docs.text().contains("books_discount"));
    assert!(!docs.text().contains("http://") && !docs.text().contains("https://"));
}

/// A client that is made from the document sends every default along: with PATCH that would undo
/// what nobody asked it to touch.
#[tokio::test]
async fn a_partial_type_requires_nothing_and_fills_in_nothing() {
    let document = document().await;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let partial = schemas
        .iter()
        .filter(|(name, _)| name.starts_with("Patched"));
    let mut seen = 0;
    for (name, schema) in partial {
        seen += 1;
        assert!(schema.get("required").is_none(), "{name}");
        for (field, schema) in schema["properties"].as_object().unwrap() {
            assert!(schema.get("default").is_none(), "{name}.{field}");
        }
    }
    assert!(seen > 2);
    let whole = &schemas["BookRequest"]["properties"]["pages"];
    assert_eq!(whole["default"], 0);
}

/// Generators of clients refuse `true` for a schema, and take an answer that may be a page for
/// anything at all.
#[tokio::test]
async fn every_schema_is_an_object_and_every_answer_is_json() {
    let document = document().await;
    let extra = &document["components"]["schemas"]["BookRequest"]["properties"]["extra"];
    assert!(extra.is_object(), "{extra}");
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let kinds = answer["content"].as_object().into_iter().flatten();
                let kinds: Vec<_> = kinds.map(|(kind, _)| kind.as_str()).collect();
                assert!(
                    kinds.is_empty() || kinds == ["application/json"],
                    "{path} {status}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_body_is_sent_as_the_settings_say() {
    let only_json = |settings: &mut restkit::Settings| {
        settings.parsers = vec![restkit::Parser::Json];
    };
    let mut client = TestClient::with_settings(crate::project(), only_json).await;
    let document = client.get("/api/schema/").await.json();
    let content = &document["paths"]["/api/tags/"]["post"]["requestBody"]["content"];
    assert_eq!(
        content.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["application/json"]
    );
    let form = axum::http::Request::post("/api/tags/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("name=new"));
    let refused = client.request(form.unwrap()).await;
    assert_eq!(refused.status, 415, "{}", refused.text());
    let options = client.options("/api/tags/").await.json();
    assert_eq!(options["parses"], json!(["application/json"]));
    // Our own pages send forms all the same.
    client.get("/api/tags/?format=api").await;
    let fields = [("_method", "POST"), ("name", "new")];
    let made = client.post_form("/api/tags/", &fields).await;
    assert_eq!(made.status, 201, "{}", made.text());
}
