//! Rules that only the database knows: whatever breaks one is told, and is never an error of ours.

use restkit::testing::TestClient;
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};

use crate::{book, with};

/// Runs this text in SQLite, or that one in PostgreSQL.
async fn execute(client: &TestClient, sqlite: &str, postgres: &str) {
    let sql = match client.db().get_database_backend() {
        DbBackend::Sqlite => sqlite,
        _ => postgres,
    };
    client.db().execute_unprepared(sql).await.unwrap();
}

/// A function of PostgreSQL that refuses, for a trigger.
const REFUSE: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'closed on Sundays'; END $$;";

async fn a_trigger_refuses_in_its_own_words(mut client: TestClient) {
    let postgres = format!(
        "{REFUSE} CREATE TRIGGER closed BEFORE INSERT OR DELETE ON library_tag
         FOR EACH ROW EXECUTE FUNCTION refuse()"
    );
    let sqlite = "CREATE TRIGGER closed BEFORE INSERT ON library_tag
            BEGIN SELECT RAISE(ABORT, 'closed on Sundays'); END;
        CREATE TRIGGER kept BEFORE DELETE ON library_tag
            BEGIN SELECT RAISE(ABORT, 'closed on Sundays'); END";
    execute(&client, sqlite, &postgres).await;

    let refused = client.post("/api/tags/", json!({ "name": "new" })).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let words = json!({ "non_field_errors": ["closed on Sundays"] });
    assert_eq!(refused.json(), words);

    let refused = client.delete("/api/tags/1/").await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(refused.json(), json!({ "detail": "closed on Sundays" }));
    assert_eq!(client.get("/api/tags/1/").await.status, 200);
}

async fn a_condition_names_its_field(mut client: TestClient) {
    let refused = client
        .post("/api/books/", with(book("T"), json!({ "pages": -1 })))
        .await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let words = json!({ "pages": ["This value breaks a rule of the database."] });
    assert_eq!(refused.json(), words);
}

async fn an_index_over_an_expression_names_its_fields(mut client: TestClient) {
    let sql = "CREATE UNIQUE INDEX library_tag_lower_name_key ON library_tag (lower(name));
        CREATE UNIQUE INDEX library_book_lower_title_pages_key ON library_book (lower(title), pages)
            WHERE pages > 0";
    execute(&client, sql, sql).await;
    let tag = |name: &str| json!({ "name": name });
    assert_eq!(client.post("/api/tags/", tag("new")).await.status, 201);
    let refused = client.post("/api/tags/", tag("NEW")).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let words = json!({ "name": ["tag with this name already exists."] });
    assert_eq!(refused.json(), words);

    let author = client
        .post("/api/authors/", json!({ "name": "other" }))
        .await
        .json();
    let other = json!({ "author": author["id"], "title": "t", "pages": 5 });
    let first = with(book("T"), json!({ "pages": 5 }));
    assert_eq!(client.post("/api/books/", first).await.status, 201);
    let refused = client.post("/api/books/", with(book("T"), other)).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let words = json!({ "non_field_errors": ["The fields title, pages must make a unique set."] });
    assert_eq!(refused.json(), words);
}

/// What protects only at the end of a transaction, as `NO ACTION` and `DEFERRABLE` do.
async fn a_deferred_constraint_refuses_at_the_end(mut client: TestClient) {
    let key =
        "author_id bigint NOT NULL REFERENCES library_author (id) DEFERRABLE INITIALLY DEFERRED";
    let sql = format!("CREATE TABLE fan ({key}); INSERT INTO fan (author_id) VALUES (1)");
    execute(&client, &sql, &sql).await;
    let refused = client.delete("/api/authors/1/").await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(client.get("/api/authors/1/").await.status, 200);
    // The connection that was refused is as good as before.
    let made = client.post("/api/tags/", json!({ "name": "new" })).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

async fn what_a_hook_fills_in_too_long_is_refused(mut client: TestClient) {
    let long = json!({ "name": "long" });
    let refused = client.post("/api/filled/", long).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let words = json!({ "name": ["Ensure this field has no more than 50 characters."] });
    assert_eq!(refused.json(), words);
    let list = client.get("/api/tags/").await.json();
    assert!(
        list["results"]
            .as_array()
            .is_some_and(|tags| tags.len() == 2)
    );
}

async fn a_number_that_its_column_cannot_hold_is_refused(mut client: TestClient) {
    execute(
        &client,
        "CREATE TRIGGER small BEFORE INSERT ON library_book
            BEGIN SELECT RAISE(ABORT, 'out of range'); END",
        "ALTER TABLE library_book ALTER COLUMN pages TYPE smallint",
    )
    .await;
    let large = with(book("T"), json!({ "pages": 40_000 }));
    let refused = client.post("/api/books/", large).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_ne!(refused.json()["non_field_errors"], Value::Null);
}

crate::both!(
    a_trigger_refuses_in_its_own_words,
    a_condition_names_its_field,
    an_index_over_an_expression_names_its_fields,
    a_deferred_constraint_refuses_at_the_end,
    what_a_hook_fills_in_too_long_is_refused,
    a_number_that_its_column_cannot_hold_is_refused
);
