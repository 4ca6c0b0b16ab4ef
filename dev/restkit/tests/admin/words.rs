//! Searching by an index of SQLite's FTS5: it finds what is found without it.

use restkit::testing::TestClient;
use restkit::{AdminSite, App, ModelAdmin, Project};
use sea_orm::ConnectionTrait;

use crate::project::{author, book, project};
use crate::superuser;

const INDEX: &str = "
    CREATE VIRTUAL TABLE library_book_words
        USING fts5(title, content='library_book', content_rowid='id', tokenize='trigram');
    INSERT INTO library_author (name) VALUES ('Ada');
    INSERT INTO library_book (title, author_id) VALUES
        ('Notes on the engine', 1), ('100% \"quoted\" notes', 1), ('NEAR the river*', 1), ('Über alles', 1);
    INSERT INTO library_book_words (library_book_words) VALUES ('rebuild');";

fn register(site: &mut AdminSite) {
    site.register(ModelAdmin::new(author::Entity));
    site.register(
        ModelAdmin::new(book::Entity)
            .list_display([book::Column::Title])
            .search_fields([book::Column::Title, book::Column::Id])
            .search_index("library_book_words"),
    );
}

async fn client() -> TestClient {
    let mut client = TestClient::new(Project {
        installed_apps: || vec![restkit::auth::app(), App::new("library").admin(register)],
        ..project()
    })
    .await;
    let user = superuser(&client, "ada").await;
    client.force_login(&user).await.unwrap();
    client.db().execute_unprepared(INDEX).await.unwrap();
    client
}

#[tokio::test]
async fn words_are_found_by_the_index() {
    let mut client = client().await;
    for (words, expected) in [
        ("notes", 2),
        ("NOTES", 2),
        ("gine", 1),
        ("notes+engine", 1),
        ("notes+river", 0),
        ("%22quoted%22", 1),
        ("river*", 1),
        ("NEAR", 1),
        ("NEAR(notes+engine)", 0),
        ("title:notes", 0),
        ("no", 2),
        ("%25", 1),
        ("%22", 1),
        ("%C3%BCber", 1),
        ("a%00b", 0),
        ("4", 1),
    ] {
        let answer = client.get(&format!("/admin/library/book/?q={words}")).await;
        assert_eq!(answer.status, 200, "{words}: {}", answer.text());
        let found = answer.text().matches("name=\"row\"").count();
        assert_eq!(found, expected, "{words}");
    }
}

#[tokio::test]
async fn the_index_is_what_is_asked() {
    let mut client = client().await;
    let delete = "INSERT INTO library_book_words (library_book_words) VALUES ('delete-all')";
    client.db().execute_unprepared(delete).await.unwrap();
    let list = client.get("/admin/library/book/?q=notes").await.text();
    assert!(list.contains("Nothing found."), "{list}");
}
