//! Two people at one row: who comes second is told, and nothing is overwritten; the history tells who
//! has changed what.

use restkit::auth::models::log_entry;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};

use crate::page;
use crate::project::book;
use crate::rows::library;

const BOOKS: &str = "/admin/library/book/";

/// The hidden field that says for what a form was made.
fn original(page: &str) -> String {
    let start = page.find("name=\"_original\" value=\"").unwrap() + 24;
    let text = page[start..].split('"').next().unwrap();
    text.replace("&amp;", "&").replace("&#x3d;", "=")
}

crate::both! {
    history_tells_what_was_changed,
    the_second_of_two_is_told,
    a_change_from_elsewhere_has_no_name,
    a_row_that_was_deleted_meanwhile_says_so,
}

async fn history_tells_what_was_changed() {
    let (mut client, _) = library().await;
    let fields = [
        ("title", "Better notes"),
        ("status", "draft"),
        ("price", "0"),
        ("author_id", "2"),
    ];
    client
        .post_form(&format!("{BOOKS}1/change/"), &fields)
        .await;
    let entry = log_entry::Entity::find()
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (entry.action.as_str(), entry.object_key.as_str()),
        ("change", "1")
    );
    let changes = serde_json::json!([
        { "field": "Title", "from": "Notes", "to": "Better notes" },
        { "field": "Author", "from": "Ada Lovelace", "to": "Bob <b>" },
    ]);
    assert_eq!(entry.changes, changes);
    let history = page(&mut client, &format!("{BOOKS}1/history/")).await;
    assert!(
        history.contains("by ada") && history.contains("<td>Better notes</td>"),
        "{history}"
    );
    assert!(page(&mut client, "/admin/").await.contains("Better notes"));
    // Saving the same values again changes nothing.
    client
        .post_form(&format!("{BOOKS}1/change/"), &fields)
        .await;
    assert_eq!(
        log_entry::Entity::find().count(client.db()).await.unwrap(),
        1
    );
}

async fn the_second_of_two_is_told() {
    let (mut client, _) = library().await;
    let path = format!("{BOOKS}1/change/");
    let opened = page(&mut client, &path).await;
    let original = original(&opened);
    let first = [
        ("title", "First"),
        ("status", "draft"),
        ("price", "0"),
        ("author_id", "1"),
        ("pages", "10"),
        ("_original", &original),
    ];
    assert_eq!(client.post_form(&path, &first).await.status, 303);

    // The second one has changed the title alone; the pages are the first one's.
    let second = [
        ("title", "Second"),
        ("status", "draft"),
        ("price", "0"),
        ("author_id", "1"),
        ("pages", ""),
        ("_original", &original),
    ];
    let told = client.post_form(&path, &second).await;
    assert_eq!(told.status, 200);
    let told = told.text();
    assert!(
        told.contains("Somebody else has changed this book meanwhile"),
        "{told}"
    );
    assert!(told.contains("<td>First</td><td>Second</td>"), "{told}");
    assert!(
        told.contains("name=\"pages\" value=\"10\""),
        "what was not touched is new"
    );
    assert!(
        told.contains("name=\"title\" value=\"Second\""),
        "what was typed is there"
    );
    let stored = book::Entity::find_by_id(1)
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.title, "First", "nothing is overwritten");

    let seen = self::original(&told);
    let again = [
        ("title", "Second"),
        ("status", "draft"),
        ("price", "0"),
        ("author_id", "1"),
        ("pages", "10"),
        ("_original", &seen),
    ];
    assert_eq!(client.post_form(&path, &again).await.status, 303);
    let stored = book::Entity::find_by_id(1)
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.title.as_str(), stored.pages), ("Second", Some(10)));
}

async fn a_change_from_elsewhere_has_no_name() {
    let (mut client, _) = library().await;
    let path = format!("{BOOKS}1/change/");
    let original = original(&page(&mut client, &path).await);
    let by_api = book::ActiveModel {
        id: Set(1),
        title: Set("First".to_owned()),
        ..Default::default()
    };
    by_api.update(client.db()).await.unwrap();
    let second = [
        ("title", "Second"),
        ("status", "draft"),
        ("price", "0"),
        ("author_id", "1"),
        ("_original", &original),
    ];
    let told = client.post_form(&path, &second).await.text();
    assert!(told.contains("<td>First</td><td>Second</td>"), "{told}");
    assert!(told.contains("<p>Nothing of yours is saved"), "{told}");
}

async fn a_row_that_was_deleted_meanwhile_says_so() {
    let (mut client, _) = library().await;
    let answer = client
        .post_form(&format!("{BOOKS}99/change/"), &[("title", "x")])
        .await;
    assert_eq!(answer.header("location"), BOOKS);
    let list = page(&mut client, BOOKS).await;
    assert!(list.contains("Book with ID “99” doesn’t exist. Perhaps it was deleted?"));
    assert_eq!(
        client.get(&format!("{BOOKS}nonsense/change/")).await.status,
        303
    );
}
