//! Forms: new rows and changed ones, what is wrong with them, who was quicker.

use restkit::auth::models::{log_entry, token, user};
use restkit::auth::{has_perm, password, permissions};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};

use crate::project::{Status, author, book, book_genre, genre};
use crate::rows::library;
use crate::{admin, client, page};

const BOOKS: &str = "/admin/library/book/";

/// The hidden field that says for what a form was made.
fn original(page: &str) -> String {
    let start = page.find("name=\"_original\" value=\"").unwrap() + 24;
    let text = page[start..].split('"').next().unwrap();
    text.replace("&amp;", "&").replace("&#x3d;", "=")
}

crate::both! {
    a_row_is_made_with_values_of_every_type,
    what_is_wrong_stands_beside_the_fields,
    saving_goes_on_where_one_wants,
    history_tells_what_was_changed,
    the_second_of_two_is_told,
    a_row_that_was_deleted_meanwhile_says_so,
    related_rows_are_edited_on_the_page_of_the_row_they_refer_to,
    rows_to_refer_to_are_searched,
    a_user_is_made_with_groups_and_permissions,
    nobody_makes_a_superuser_of_themselves,
    a_token_is_shown_once,
}

async fn a_row_is_made_with_values_of_every_type() {
    let (mut client, _) = library().await;
    let genre = genre::ActiveModel {
        name: Set("Poetry".to_owned()),
        ..Default::default()
    };
    genre.insert(client.db()).await.unwrap();
    let form = page(&mut client, &format!("{BOOKS}add/")).await;
    for part in [
        "<input type=\"text\" id=\"id-title\" name=\"title\" value=\"\" maxlength=\"200\" required>",
        "<textarea id=\"id-summary\"",
        "<select id=\"id-status\"",
        "<option value=\"draft\" selected>Draft</option>",
        "<input type=\"number\" id=\"id-pages\"",
        "<input type=\"checkbox\" id=\"id-in_print\"",
        "<input type=\"date\" id=\"id-published\"",
        "<input type=\"time\" id=\"id-read_at\"",
        "<option value=\"1\">Ada Lovelace</option>",
        "<label for=\"id-author_id\">Author",
        "name=\"library_book_genre\" value=\"1\"",
    ] {
        assert!(form.contains(part), "{part}\n{form}");
    }
    let fields = [
        ("title", " A title "),
        ("summary", "two\r\nlines"),
        ("status", "published"),
        ("pages", "12"),
        ("price", "7.50"),
        ("in_print", "true"),
        ("published", "2026-02-28"),
        ("read_at", "23:59"),
        ("updated", "1999-01-01T00:00"),
        ("code", "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        ("extra", "{\"a\": [1]}"),
        ("author_id", "1"),
        ("editor_id", ""),
        ("id", "77"),
        ("library_book_genre", "1"),
        ("_save", "1"),
    ];
    let answer = client.post_form(&format!("{BOOKS}add/"), &fields).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, BOOKS),
        "{}",
        answer.text()
    );
    let made = book::Entity::find_by_id(4)
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(made.title, " A title ");
    assert_eq!(made.summary, "two\nlines");
    assert_eq!(
        (made.status, made.pages, made.in_print),
        (Status::Published, Some(12), true)
    );
    assert_eq!(made.price, "7.50".parse().unwrap());
    assert_eq!(made.extra.unwrap()["a"][0], 1);
    assert_eq!(made.updated, None, "what is only shown is not written");
    assert_eq!(
        book_genre::Entity::find().count(client.db()).await.unwrap(),
        1
    );
    let list = page(&mut client, BOOKS).await;
    assert!(
        list.contains("The book “ A title ” was added successfully."),
        "{list}"
    );
}

async fn what_is_wrong_stands_beside_the_fields() {
    let (mut client, _) = library().await;
    let long = "é".repeat(201);
    let fields = [
        ("title", long.as_str()),
        ("status", "lost"),
        ("pages", "many"),
        ("price", ""),
        ("published", "2026-02-30"),
        ("code", "x"),
        ("extra", "{"),
        ("author_id", "99"),
    ];
    let form = client.post_form(&format!("{BOOKS}add/"), &fields).await;
    assert_eq!(form.status, 200);
    let form = form.text();
    for problem in [
        "Ensure this value has at most 200 characters (it has 201).",
        "Select a valid choice. lost is not one of the available choices.",
        "Enter a whole number.",
        "Enter a valid date.",
        "Enter a valid UUID.",
        "Enter a valid JSON: EOF",
        "Select a valid choice. That choice is not one of the available choices.",
        "aria-invalid=\"true\" aria-describedby=\"id-title-error",
        "value=\"many\"",
    ] {
        assert!(form.contains(problem), "{problem}\n{form}");
    }
    let empty = client.post_form(&format!("{BOOKS}add/"), &[]).await.text();
    assert_eq!(
        empty.matches("This field is required.").count(),
        2,
        "title and author"
    );
    let twice = [("name", "Ada Lovelace")];
    let twice = client
        .post_form("/admin/library/author/add/", &twice)
        .await
        .text();
    assert!(
        twice.contains("Author with this name already exists."),
        "{twice}"
    );
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 3);
}

async fn saving_goes_on_where_one_wants() {
    let (mut client, _) = library().await;
    let path = format!("{BOOKS}1/change/?list=q%3Dnote%26evil%3D%0D%0AX");
    for (button, location) in [
        ("_save", "/admin/library/book/?q=note&evil=%0D%0AX"),
        ("_continue", "/admin/library/book/1/change/"),
        ("_addanother", "/admin/library/book/add/"),
    ] {
        let fields = [
            ("title", "Notes"),
            ("status", "draft"),
            ("price", "0"),
            ("author_id", "1"),
            (button, "1"),
        ];
        let answer = client.post_form(&path, &fields).await;
        assert_eq!(answer.header("location"), location, "{}", answer.text());
    }
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
    // What is saved as it was is no change.
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

    let seen = super::forms::original(&told);
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

async fn related_rows_are_edited_on_the_page_of_the_row_they_refer_to() {
    let (mut client, ada) = library().await;
    let path = format!("/admin/library/author/{}/change/", ada.id);
    let form = page(&mut client, &path).await;
    assert!(
        form.contains("name=\"i0-k1-title\" value=\"Notes\""),
        "{form}"
    );
    let mut fields = vec![
        ("name", "Ada Lovelace"),
        ("i0-k1-row", "1"),
        ("i0-k1-title", "Changed notes"),
        ("i0-k2-row", "1"),
        ("i0-k2-title", "100% Poetry"),
        ("i0-k2-delete", "1"),
        ("i0-n2-row", "1"),
        ("i0-n2-title", "A new one"),
        ("i0-n3-row", "1"),
        ("i0-n3-title", ""),
        ("i0-n3-summary", ""),
    ];
    let answer = client.post_form(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let books = book::Entity::find().all(client.db()).await.unwrap();
    let titles: Vec<_> = books
        .iter()
        .filter(|it| it.author_id == ada.id)
        .map(|it| it.title.as_str())
        .collect();
    assert_eq!(titles, ["Changed notes", "A new one"]);

    fields.truncate(3);
    fields[2].1 = "";
    let wrong = client.post_form(&path, &fields).await;
    assert!(wrong.text().contains("This field is required."));
}

async fn rows_to_refer_to_are_searched() {
    let (mut client, _) = library().await;
    let found = client
        .get("/admin/library/author/search/?q=love")
        .await
        .json();
    assert_eq!(
        found,
        serde_json::json!([{ "value": "1", "label": "Ada Lovelace" }])
    );
    for number in 0..250 {
        let author = author::ActiveModel {
            name: Set(format!("Author {number}")),
            ..Default::default()
        };
        author.insert(client.db()).await.unwrap();
    }
    let form = page(&mut client, &format!("{BOOKS}1/change/")).await;
    assert!(
        form.contains("data-search=\"/admin/library/author/search/\" data-label=\"Ada Lovelace\""),
        "{form}"
    );
}

async fn a_user_is_made_with_groups_and_permissions() {
    let mut client = admin().await;
    client
        .post_form(
            "/admin/auth/group/add/",
            &[("name", "editors"), ("permission", "library.view_book")],
        )
        .await;
    let fields = |first, again| {
        [
            ("username", "grace"),
            ("password1", first),
            ("password2", again),
            ("is_active", "true"),
            ("auth_user_group", "1"),
            ("permission", "library.add_book"),
        ]
    };
    let path = "/admin/auth/user/add/";
    let wrong = client
        .post_form(path, &fields("12345678", "x"))
        .await
        .text();
    assert!(
        wrong.contains("This password is entirely numeric.")
            && wrong.contains("The two password fields didn"),
        "{wrong}"
    );
    assert!(
        !wrong.contains("12345678"),
        "a password is never shown again"
    );
    let good = "violet staple mountain";
    let made = client.post_form(path, &fields(good, good)).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let users = user::Entity::find().all(client.db()).await.unwrap();
    let grace = users.iter().find(|user| user.username == "grace").unwrap();
    assert!(password::verify(good, Some(&grace.password)).await.unwrap());
    for permission in ["library.add_book", "library.view_book"] {
        assert!(
            has_perm(client.db(), grace, permission).await.unwrap(),
            "{permission}"
        );
    }
    let form = page(&mut client, "/admin/auth/user/2/change/").await;
    assert!(!form.contains(&grace.password) && !form.contains("name=\"password"));
    let set = [
        ("new_password1", "another good secret"),
        ("new_password2", "another good secret"),
    ];
    assert_eq!(
        client
            .post_form("/admin/auth/user/2/password/", &set)
            .await
            .status,
        303
    );
    let history = page(&mut client, "/admin/auth/user/2/history/").await;
    assert!(history.contains("Password"));
    let logged = log_entry::Entity::find().all(client.db()).await.unwrap();
    assert!(
        !format!("{logged:?}").contains("argon2"),
        "no hash in the history"
    );
}

async fn nobody_makes_a_superuser_of_themselves() {
    let mut client = client().await;
    let boss = client.create_user("boss", true).await.unwrap();
    let mut boss = boss.into_active_model();
    boss.is_superuser = Set(true);
    boss.update(client.db()).await.unwrap();
    let bob = client.create_user("bob", true).await.unwrap();
    client.force_login(&bob).await.unwrap();
    for permission in ["auth.change_user", "auth.add_token"] {
        permissions::grant_user(client.db(), bob.id, permission)
            .await
            .unwrap();
    }
    let fields = [
        ("username", "bob"),
        ("is_active", "true"),
        ("is_superuser", "true"),
        ("is_staff", "true"),
        ("permission", "auth.delete_user"),
        ("password", "x"),
        ("id", "1"),
    ];
    let answer = client
        .post_form("/admin/auth/user/2/change/", &fields)
        .await;
    assert_eq!(answer.status, 303);
    let bob = user::Entity::find_by_id(2)
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    assert!(!bob.is_superuser && bob.password == "!");
    assert!(
        !has_perm(client.db(), &bob, "auth.delete_user")
            .await
            .unwrap()
    );
    assert!(
        has_perm(client.db(), &bob, "auth.change_user")
            .await
            .unwrap(),
        "and none is lost"
    );
    assert_eq!(client.get("/admin/auth/user/1/password/").await.status, 403);
    let token = client
        .post_form("/admin/auth/token/add/", &[("user_id", "1")])
        .await;
    assert!(
        token
            .text()
            .contains("You may make tokens for yourself alone.")
    );
    assert_eq!(token::Entity::find().count(client.db()).await.unwrap(), 0);
}

async fn a_token_is_shown_once() {
    let mut client = admin().await;
    client
        .post_form(
            "/admin/auth/token/add/",
            &[("name", "phone"), ("user_id", "1")],
        )
        .await;
    let list = page(&mut client, "/admin/auth/token/").await;
    let key = list.split("it is not shown again: ").nth(1).unwrap()[..64].to_owned();
    let found = restkit::auth::token::user_of(client.db(), &key)
        .await
        .unwrap();
    assert_eq!(found.unwrap().username, "ada");
    let stored = token::Entity::find()
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    for path in ["/admin/auth/token/", "/admin/auth/token/1/change/"] {
        let page = page(&mut client, path).await;
        assert!(
            !page.contains(&key) && !page.contains(&stored.key_hash),
            "{path}"
        );
    }
}
