//! Lists: searching, filtering, sorting, paging, and what is done to the rows that are ticked.

use restkit::auth::models::log_entry;
use restkit::auth::permissions;
use restkit::testing::TestClient;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};

use crate::project::{Status, author, book, book_genre, genre};
use crate::{admin, client, page};

const BOOKS: &str = "/admin/library/book/";

async fn add_author(client: &TestClient, name: &str) -> author::Model {
    let author = author::ActiveModel {
        name: Set(name.to_owned()),
        ..Default::default()
    };
    author.insert(client.db()).await.unwrap()
}

pub async fn add_book(client: &TestClient, title: &str, author: &author::Model) -> book::Model {
    let book = book::ActiveModel {
        title: Set(title.to_owned()),
        author_id: Set(author.id),
        ..Default::default()
    };
    book.insert(client.db()).await.unwrap()
}

/// A client with two authors and three books.
pub async fn library() -> (TestClient, author::Model) {
    let client = admin().await;
    let ada = add_author(&client, "Ada Lovelace").await;
    let bob = add_author(&client, "Bob <b>").await;
    add_book(&client, "Notes", &ada).await;
    add_book(&client, "100% Poetry", &ada).await;
    let third = add_book(&client, "Über alles_", &bob).await;
    let change = book::ActiveModel {
        id: Set(third.id),
        status: Set(Status::Published),
        in_print: Set(true),
        pages: Set(Some(400)),
        published: Set(chrono::NaiveDate::from_ymd_opt(1843, 9, 5)),
        ..Default::default()
    };
    change.update(client.db()).await.unwrap();
    (client, ada)
}

/// The titles on a page, in their order.
fn titles(page: &str) -> Vec<&'static str> {
    let mut found: Vec<_> = ["Notes", "100% Poetry", "Über alles_"]
        .into_iter()
        .filter_map(|title| Some((page.find(&format!("<td>{title}"))?, title)))
        .collect();
    found.sort();
    found.into_iter().map(|(_, title)| title).collect()
}

#[track_caller]
fn same(found: Vec<&'static str>, expected: &[&str], query: &str) {
    assert_eq!(found, expected, "{query}");
}

crate::both! {
    a_list_is_searched_filtered_and_sorted,
    values_are_shown_for_people,
    long_lists_have_pages,
    what_goes_with_a_row_is_shown_before_it_is_deleted,
    what_others_need_is_not_deleted,
    ticked_rows_are_deleted_once_it_is_confirmed,
    actions_of_the_project_are_done_to_ticked_rows,
    rows_can_be_taken_along_as_csv,
    values_are_changed_in_the_list,
    only_what_is_permitted_is_done,
}

async fn a_list_is_searched_filtered_and_sorted() {
    let (mut client, _) = library().await;
    let all = ["Über alles_", "100% Poetry", "Notes"];
    for (query, expected) in [
        ("", &all[..]),
        ("?q=note", &["Notes"]),
        ("?q=o%20e", &["100% Poetry", "Notes"]),
        ("?q=100%25", &["100% Poetry"]),
        ("?q=%25", &["100% Poetry"]),
        ("?q=_", &["Über alles_"]),
        ("?q=2", &["100% Poetry"]),
        ("?q=%27%3B--", &[]),
        ("?status=draft", &["100% Poetry", "Notes"]),
        ("?status=published&q=alles", &["Über alles_"]),
        ("?in_print=true", &["Über alles_"]),
        ("?in_print=nonsense", &[]),
        ("?published=(none)", &["100% Poetry", "Notes"]),
        ("?published=(some)", &["Über alles_"]),
        ("?published=today", &[]),
        ("?author_id=2", &["Über alles_"]),
        ("?year=1843&month=9", &["Über alles_"]),
        ("?year=1844", &[]),
        ("?o=title", &["100% Poetry", "Notes", "Über alles_"]),
        ("?o=-title", &["Über alles_", "Notes", "100% Poetry"]),
        ("?o=password", &all[..]),
    ] {
        let page = page(&mut client, &format!("{BOOKS}{query}")).await;
        same(titles(&page), expected, query);
    }
}

async fn values_are_shown_for_people() {
    let (mut client, _) = library().await;
    let page = page(&mut client, &format!("{BOOKS}?o=-title")).await;
    assert!(page.contains("<td>Ada Lovelace</td>"), "a key by its label");
    assert!(
        page.contains("<td>Bob &lt;b&gt;</td>"),
        "and no HTML of theirs"
    );
    assert!(page.contains("<td>Published</td>"), "a choice by its label");
    assert!(page.contains("<td>long</td>"), "a column of a function's");
    assert!(page.contains("aria-sort=\"descending\""));
}

async fn long_lists_have_pages() {
    let (mut client, ada) = library().await;
    for number in 0..20 {
        add_book(&client, &format!("Volume {number}"), &ada).await;
    }
    let first = page(&mut client, BOOKS).await;
    assert!(
        first.contains("Page 1 of 3") && first.contains("?page=2"),
        "{first}"
    );
    assert!(first.contains("<span class=\"count\">23</span>"));
    let last = page(&mut client, &format!("{BOOKS}?page=3&o=id")).await;
    assert!(last.contains("Volume 19") && !last.contains("Next page"));
    assert_eq!(client.get(&format!("{BOOKS}?page=4")).await.status, 404);
    assert_eq!(client.get(&format!("{BOOKS}?page=x")).await.status, 404);
    assert_eq!(
        client
            .get(&format!("{BOOKS}?page=18446744073709551615"))
            .await
            .status,
        404
    );
}

async fn what_goes_with_a_row_is_shown_before_it_is_deleted() {
    let (mut client, ada) = library().await;
    let path = format!("/admin/library/author/{}/delete/", ada.id);
    let asked = page(&mut client, &path).await;
    assert!(
        asked.contains("<b>2 books</b>") && asked.contains("Notes, 100% Poetry"),
        "{asked}"
    );
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 3);
    assert_eq!(client.post_form(&path, &[]).await.status, 303);
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 1);
    let list = page(&mut client, "/admin/library/author/").await;
    assert!(list.contains("The author “Ada Lovelace” was deleted successfully."));
    let again = client.post_form(&path, &[]).await;
    assert_eq!(again.status, 303);
    let list = page(&mut client, "/admin/library/author/").await;
    assert!(list.contains("Perhaps it was deleted?"), "{list}");
}

async fn what_others_need_is_not_deleted() {
    let (mut client, _) = library().await;
    let genre = genre::ActiveModel {
        name: Set("Poetry".to_owned()),
        ..Default::default()
    };
    let genre = genre.insert(client.db()).await.unwrap();
    let link = book_genre::ActiveModel {
        book_id: Set(1),
        genre_id: Set(genre.id),
    };
    link.insert(client.db()).await.unwrap();
    let path = format!("/admin/library/genre/{}/delete/", genre.id);
    let refused = client.get(&path).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("Cannot delete"));
    assert_eq!(client.post_form(&path, &[]).await.status, 409);
    assert_eq!(genre::Entity::find().count(client.db()).await.unwrap(), 1);
}

async fn ticked_rows_are_deleted_once_it_is_confirmed() {
    let (mut client, _) = library().await;
    let mut fields = vec![
        ("action", "delete"),
        ("row", "1"),
        ("row", "3"),
        ("row", "x"),
    ];
    let asked = client.post_form(BOOKS, &fields).await.text();
    assert!(asked.contains("Are you sure?") && asked.contains("Notes"));
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 3);
    fields.push(("confirmed", "yes"));
    client.post_form(BOOKS, &fields).await;
    assert!(
        page(&mut client, BOOKS)
            .await
            .contains("Successfully deleted 2 books.")
    );
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 1);
    let noted = log_entry::Entity::find().count(client.db()).await.unwrap();
    assert_eq!(noted, 2);
}

async fn actions_of_the_project_are_done_to_ticked_rows() {
    let (mut client, _) = library().await;
    let path = format!("{BOOKS}?o=title");
    let fields = [("action", "custom-0"), ("row", "1"), ("row", "2")];
    let answer = client.post_form(&path, &fields).await;
    assert_eq!(answer.header("location"), path);
    assert!(
        page(&mut client, BOOKS)
            .await
            .contains("2 books were published.")
    );
    let found = book::Entity::find_by_id(1).one(client.db()).await.unwrap();
    assert_eq!(found.unwrap().status, Status::Published);
    client.post_form(BOOKS, &[("action", "custom-0")]).await;
    assert!(
        page(&mut client, BOOKS)
            .await
            .contains("Items must be selected")
    );
    client.post_form(BOOKS, &[("row", "1")]).await;
    assert!(
        page(&mut client, BOOKS)
            .await
            .contains("No action selected.")
    );
}

async fn rows_can_be_taken_along_as_csv() {
    let (mut client, ada) = library().await;
    add_book(&client, "=HYPERLINK(\"http://evil\")", &ada).await;
    let fields = [("action", "csv"), ("row", "2"), ("row", "4")];
    let answer = client.post_form(BOOKS, &fields).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        answer.text(),
        "id,title,author_id,status,in_print,published,price,read_at,Length\r\n\
         4,\"'=HYPERLINK(\"\"http://evil\"\")\",1,draft,false,,0,,\r\n\
         2,100% Poetry,1,draft,false,,0,,\r\n"
    );
}

async fn values_are_changed_in_the_list() {
    let (mut client, _) = library().await;
    let shown = |in_print: &'static str| {
        let mut fields = vec![
            ("_save", "1"),
            ("shown", "1"),
            ("shown", "2"),
            ("1-in_print-was", "false"),
            ("2-in_print-was", "false"),
        ];
        fields.push(("1-in_print", in_print));
        fields
    };
    client.post_form(BOOKS, &shown("true")).await;
    assert!(
        page(&mut client, BOOKS)
            .await
            .contains("1 book was changed successfully.")
    );
    let found = book::Entity::find_by_id(1).one(client.db()).await.unwrap();
    assert!(found.unwrap().in_print);
    // The second page was made before: what it does not touch stays, what it touches is told.
    let fields = [("_save", "1"), ("shown", "1"), ("1-in_print-was", "false")];
    client.post_form(BOOKS, &fields).await;
    let found = book::Entity::find_by_id(1).one(client.db()).await.unwrap();
    assert!(found.unwrap().in_print);
    let fields = [
        ("_save", "1"),
        ("shown", "3"),
        ("3-in_print-was", "false"),
        ("3-in_print", "true"),
        ("shown", "1"),
        ("1-in_print-was", "nothing"),
    ];
    let told = client.post_form(BOOKS, &fields).await.text();
    assert!(
        told.contains("Changed by somebody else meanwhile"),
        "{told}"
    );
}

async fn only_what_is_permitted_is_done() {
    let mut client = client().await;
    let ada = add_author(&client, "Ada").await;
    add_book(&client, "Notes", &ada).await;
    let user = client.create_user("bob", true).await.unwrap();
    client.force_login(&user).await.unwrap();
    permissions::grant_user(client.db(), user.id, "library.view_book")
        .await
        .unwrap();
    let list = page(&mut client, BOOKS).await;
    assert!(
        !list.contains("Add book")
            && !list.contains("value=\"delete\"")
            && !list.contains("Publish</option>")
    );
    let form = page(&mut client, &format!("{BOOKS}1/change/")).await;
    assert!(
        form.contains("View book") && !form.contains("name=\"title\"") && !form.contains("Save")
    );
    for (path, fields) in [
        ("add/", vec![("title", "x")]),
        ("1/change/", vec![("title", "x")]),
        ("1/delete/", vec![]),
        (
            "",
            vec![("action", "delete"), ("row", "1"), ("confirmed", "yes")],
        ),
        ("", vec![("action", "custom-0"), ("row", "1")]),
        (
            "",
            vec![("_save", "1"), ("shown", "1"), ("1-in_print", "true")],
        ),
    ] {
        let answer = client.post_form(&format!("{BOOKS}{path}"), &fields).await;
        assert_eq!(answer.status, 403, "{path} {fields:?}");
    }
    assert_eq!(client.get(&format!("{BOOKS}add/")).await.status, 403);
    assert_eq!(
        client.get("/admin/library/author/1/change/").await.status,
        403
    );
    assert_eq!(
        client.get("/admin/library/author/search/?q=a").await.status,
        403
    );
}
