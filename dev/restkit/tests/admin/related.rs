//! Rows that refer to each other: edited together, searched for, made beside a field.

use sea_orm::{ActiveModelTrait, EntityTrait, Set};

use crate::page;
use crate::project::{author, book};
use crate::rows::library;

const BOOKS: &str = "/admin/library/book/";

crate::both! {
    related_rows_are_edited_on_the_page_of_the_row_they_refer_to,
    rows_to_refer_to_are_searched,
    a_row_to_refer_to_is_made_beside_the_field,
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

async fn a_row_to_refer_to_is_made_beside_the_field() {
    let (mut client, _) = library().await;
    let path = "/admin/library/author/add/?_popup=id-author_id";
    let form = page(&mut client, &format!("{BOOKS}add/")).await;
    assert!(form.contains(&format!("href=\"{path}\"")), "{form}");
    let wrong = client.post_form(path, &[("name", "")]).await.text();
    assert!(wrong.contains("This field is required."));
    let evil = [("name", "\"><script>alert(1)</script>")];
    let added = client.post_form(path, &evil).await;
    assert_eq!(added.status, 200);
    let added = added.text();
    assert!(
        added.contains("data-field=\"id-author_id\" data-value=\"3\" data-label=\"&quot;&gt;"),
        "{added}"
    );
    assert!(!added.contains("<script>alert"));
}
