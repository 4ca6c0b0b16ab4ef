//! Forms: new rows and changed ones, and what is wrong with them.

use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};

use crate::page;
use crate::project::{Status, book, book_genre, genre};
use crate::rows::library;

const BOOKS: &str = "/admin/library/book/";

crate::both! {
    a_row_is_made_with_values_of_every_type,
    what_is_wrong_stands_beside_the_fields,
    saving_goes_on_where_one_wants,
    a_row_is_saved_as_a_new_one,
    a_row_has_a_link_to_where_the_site_shows_it,
    what_the_database_computes_is_only_shown,
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
    assert_eq!(made.title, "A title");
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
        list.contains("The book “A title” was added successfully."),
        "{list}"
    );
}

async fn what_the_database_computes_is_only_shown() {
    let (mut client, _) = library().await;
    let genres = "/admin/library/genre/";
    let form = page(&mut client, &format!("{genres}add/")).await;
    assert!(!form.contains("letters"), "{form}");
    let fields = [("name", "Prose"), ("letters", "9"), ("_continue", "1")];
    let saved = client.post_form(&format!("{genres}add/"), &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let form = page(&mut client, saved.header("location")).await;
    assert!(
        form.contains("Letters") && !form.contains("name=\"letters\""),
        "{form}"
    );
    let fields = [("name", "Poetry"), ("letters", "9"), ("_save", "1")];
    let saved = client.post_form(saved.header("location"), &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let genre = genre::Entity::find().one(client.db()).await.unwrap();
    assert_eq!(genre.unwrap().letters, 6);
}

async fn what_is_wrong_stands_beside_the_fields() {
    let (mut client, _) = library().await;
    let long = "é".repeat(201);
    let fields = [
        ("title", long.as_str()),
        ("status", "lost"),
        ("pages", "many"),
        ("price", "1.234"),
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
        "Ensure that there are no more than 2 decimal places.",
        "Enter a valid date.",
        "Enter a valid UUID.",
        "Enter a valid JSON: EOF",
        "Select a valid choice. That choice is not one of the available choices.",
        "aria-invalid=\"true\" aria-describedby=\"id-title-error",
        "value=\"many\"",
    ] {
        assert!(form.contains(problem), "{problem}\n{form}");
    }
    // Spaces are nothing, as in the API.
    let blank = [("title", "  ")];
    let empty = client
        .post_form(&format!("{BOOKS}add/"), &blank)
        .await
        .text();
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

async fn a_row_is_saved_as_a_new_one() {
    let (mut client, _) = library().await;
    let path = format!("{BOOKS}1/change/");
    let form = page(&mut client, &path).await;
    assert!(form.contains("name=\"_saveasnew\""), "{form}");
    let fields = [
        ("title", "Notes, again"),
        ("status", "draft"),
        ("price", "0"),
        ("author_id", "1"),
        ("_saveasnew", "1"),
    ];
    let answer = client.post_form(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let books = book::Entity::find().all(client.db()).await.unwrap();
    let titles: Vec<_> = books.iter().map(|book| book.title.as_str()).collect();
    assert!(titles.contains(&"Notes") && titles.contains(&"Notes, again"));
    // Where the project has not asked for it, the button does nothing new.
    let fields = [("name", "Ada L."), ("_saveasnew", "1")];
    let author = "/admin/library/author/1/change/";
    assert!(!page(&mut client, author).await.contains("_saveasnew"));
    client.post_form(author, &fields).await;
    let list = page(&mut client, "/admin/library/author/").await;
    assert!(
        list.contains("Ada L.") && !list.contains("Ada Lovelace"),
        "{list}"
    );
}

async fn a_row_has_a_link_to_where_the_site_shows_it() {
    let (mut client, _) = library().await;
    let form = page(&mut client, &format!("{BOOKS}2/change/")).await;
    assert!(form.contains("href=\"/books/2/\">View on site"), "{form}");
    let form = page(&mut client, "/admin/library/author/1/change/").await;
    assert!(!form.contains("View on site"));
}
