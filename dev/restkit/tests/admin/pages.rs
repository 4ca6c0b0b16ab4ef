//! Lists of several pages: the way through them, and what is done to the rows of all of them.

use restkit::testing::TestClient;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};

use crate::page;
use crate::project::{author, book};
use crate::rows::{add_book, library};

const BOOKS: &str = "/admin/library/book/";

crate::both! {
    the_links_lead_through_all_rows_and_back,
    a_row_that_is_gone_does_not_end_the_way,
    rows_of_all_pages_are_selected,
    more_rows_than_were_shown_are_asked_about_again,
}

/// A library with 45 books more, of few different lengths and dates, some of them without any.
async fn many() -> (TestClient, author::Model) {
    let (client, ada) = library().await;
    for number in 0..45 {
        let book = add_book(&client, &format!("Volume {number:02}"), &ada).await;
        let day = chrono::NaiveDate::from_ymd_opt(2000, 1, 1 + number % 3);
        let change = book::ActiveModel {
            id: Set(book.id),
            published: Set(day.filter(|_| number % 4 > 0)),
            ..Default::default()
        };
        change.update(client.db()).await.unwrap();
    }
    (client, ada)
}

/// The keys of a page's rows, in their order.
fn keys(page: &str) -> Vec<String> {
    let keys = page.split("name=\"row\" value=\"").skip(1);
    keys.map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// Where the link with this `rel` leads.
fn link(page: &str, rel: &str) -> Option<String> {
    let end = page.find(&format!("\" rel=\"{rel}\""))?;
    let start = page[..end].rfind("href=\"")? + 6;
    Some(
        page[start..end]
            .replace("&amp;", "&")
            .replace("&#x3d;", "="),
    )
}

async fn the_links_lead_through_all_rows_and_back() {
    let (mut client, _) = many().await;
    for order in [
        "",
        "?o=published",
        "?o=-published",
        "?o=title",
        "?o=-author_id",
        "?o=status",
    ] {
        let mut at = page(&mut client, &format!("{BOOKS}{order}")).await;
        let mut pages = vec![keys(&at)];
        while let Some(next) = link(&at, "next") {
            at = page(&mut client, &next).await;
            pages.push(keys(&at));
        }
        let mut all: Vec<i64> = pages
            .iter()
            .flatten()
            .map(|it| it.parse().unwrap())
            .collect();
        all.sort();
        assert_eq!(all, (1..=48).collect::<Vec<_>>(), "{order}: each row once");
        for (number, expected) in pages.iter().enumerate() {
            let page = page(
                &mut client,
                &format!(
                    "{BOOKS}?page={}&{}",
                    number + 1,
                    order.trim_start_matches('?')
                ),
            )
            .await;
            assert_eq!(
                &keys(&page),
                expected,
                "{order}: page {} by its number",
                number + 1
            );
        }
        for expected in pages.iter().rev().skip(1) {
            at = page(&mut client, &link(&at, "prev").unwrap()).await;
            assert_eq!(&keys(&at), expected, "{order}: on the way back");
        }
        assert_eq!(link(&at, "prev"), None);
    }
}

async fn a_row_that_is_gone_does_not_end_the_way() {
    let (mut client, _) = many().await;
    let first = page(&mut client, BOOKS).await;
    let next = link(&first, "next").unwrap();
    let last: i64 = keys(&first).last().unwrap().parse().unwrap();
    book::Entity::delete_by_id(last)
        .exec(client.db())
        .await
        .unwrap();
    let second = page(&mut client, &next).await;
    assert_eq!(keys(&second).len(), 10);
    for wrong in [
        "?page=2&_after=x",
        "?page=2&_after=99999999999999999999",
        "?page=2&_before=",
    ] {
        assert_eq!(
            keys(&page(&mut client, &format!("{BOOKS}{wrong}")).await).len(),
            10
        );
    }
}

async fn rows_of_all_pages_are_selected() {
    let (mut client, _) = many().await;
    let list = page(&mut client, &format!("{BOOKS}?q=volume")).await;
    assert!(list.contains("All 45 on all pages"), "{list}");
    let fields = [("action", "custom-0"), ("everything", "1"), ("row", "1")];
    let answer = client
        .post_form(&format!("{BOOKS}?q=volume&page=2"), &fields)
        .await;
    assert_eq!(answer.status, 303);
    let list = page(&mut client, BOOKS).await;
    assert!(list.contains("45 books were published."), "{list}");
    let all = page(&mut client, &format!("{BOOKS}?status=draft")).await;
    assert_eq!(keys(&all).len(), 2, "what was not found is as it was");
    let csv = client
        .post_form(
            &format!("{BOOKS}?q=volume"),
            &[("action", "csv"), ("everything", "1")],
        )
        .await;
    assert_eq!(csv.text().lines().count(), 46);
}

async fn more_rows_than_were_shown_are_asked_about_again() {
    let (mut client, ada) = many().await;
    let path = format!("{BOOKS}?q=volume");
    let mut fields = vec![("action", "delete"), ("everything", "1")];
    let asked = client.post_form(&path, &fields).await.text();
    assert!(asked.contains("name=\"number\" value=\"45\""), "{asked}");
    add_book(&client, "Volume of somebody else", &ada).await;
    fields.extend([("number", "45"), ("confirmed", "yes")]);
    let again = client.post_form(&path, &fields).await;
    assert_eq!(again.status, 200);
    assert!(again.text().contains("name=\"number\" value=\"46\""));
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 49);
    fields[2].1 = "46";
    assert_eq!(client.post_form(&path, &fields).await.status, 303);
    assert_eq!(book::Entity::find().count(client.db()).await.unwrap(), 3);
}
