//! The same books in the admin site: each link of a filter, each search.

use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use restkit::testing::TestClient;

const LIST: &str = "/admin/shelf/book/";

async fn as_staff(client: &mut TestClient) {
    let user = client.create_user("boss", true).await.unwrap();
    let mut boss = user.into_active_model();
    boss.is_superuser = Set(true);
    let user = boss.update(client.db()).await.unwrap();
    client.force_login(&user).await.unwrap();
}

/// How many rows a list shows.
async fn count(client: &mut TestClient, query: &str) -> usize {
    let page = client.get(&format!("{LIST}{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text());
    page.text()
        .matches("type=\"checkbox\" name=\"row\"")
        .count()
}

pub async fn check(client: &mut TestClient) {
    as_staff(client).await;
    let page = client.get(LIST).await.text();
    let all = count(client, "").await;
    assert!(all > 1, "{page}");
    let page = page.replace("&#x2f;", "/").replace("&amp;", "&");
    let begin = format!("href=\"{LIST}?");
    let links = page.split(&begin).skip(1);
    let links: Vec<_> = links.filter_map(|rest| rest.split('"').next()).collect();
    for column in ["mood", "code", "genre"] {
        let links = links
            .iter()
            .filter(|link| link.starts_with(&format!("{column}=")));
        let links: Vec<_> = links.collect();
        assert!(links.len() > 1, "{column}: {page}");
        let mut found = 0;
        for link in links {
            found += count(client, &format!("?{link}")).await;
        }
        assert_eq!(found, all, "{column}");
    }
    let calm = count(client, "?mood=calm").await;
    assert!(0 < calm && calm < all);
    assert_eq!(count(client, "?q=CAL").await, calm);
    assert_eq!(count(client, "?mood=bogus").await, 0);
    assert_eq!(count(client, "?q=%00").await, 0);
}

#[tokio::test]
async fn each_filter_and_each_search_finds_its_rows() {
    check(&mut super::client().await).await;
}
