//! What was typed is never lost, and what was not touched is never written.

use restkit::auth::models::log_entry;
use restkit::testing::TestClient;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set,
};

use crate::project::book;
use crate::rows::{add_book, library};
use crate::{page, superuser};

const BOOKS: &str = "/admin/library/book/";

crate::both! {
    a_list_keeps_what_was_typed_when_one_value_is_wrong,
    an_action_does_not_leave_typed_values_behind,
    an_untouched_list_changes_nothing,
    an_untouched_form_changes_nothing,
    an_untouched_moment_does_not_undo_the_change_of_another,
    a_broken_rule_of_the_database_keeps_the_form,
    a_line_that_was_deleted_meanwhile_keeps_what_was_typed,
    a_form_survives_the_end_of_the_session,
}

/// A text without the escapes of HTML.
fn plain(text: &str) -> String {
    let escapes = [
        ("&quot;", "\""),
        ("&#x3d;", "="),
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    escapes
        .iter()
        .fold(text.to_owned(), |text, (escape, letter)| {
            text.replace(escape, letter)
        })
}

/// The fields of the first form on a page after `start`, as a browser sends them.
fn fields(page: &str, start: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once(start).unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        let text = plain(rest.split('"').next()?);
        Some(text)
    };
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let (tag, rest) = tag.split_once('>').unwrap_or((tag, ""));
        let name = attribute(tag, "name").unwrap_or_default();
        let is_unticked = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
        if tag.starts_with("input ")
            && !is_unticked
            && !name.is_empty()
            && name != "csrfmiddlewaretoken"
        {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea ") {
            fields.push((
                name,
                plain(rest.trim_start_matches('\n')).replace('\n', "\r\n"),
            ));
        } else if tag.starts_with("select ") {
            fields.push((name, String::new()));
        } else if tag.starts_with("option ") && tag.contains(" selected") {
            fields.last_mut().unwrap().1 = attribute(tag, "value").unwrap_or_default();
        }
    }
    fields
}

async fn send(
    client: &mut TestClient,
    path: &str,
    fields: &[(String, String)],
    more: &[(&str, &str)],
) -> String {
    let own = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let own = own.filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let all: Vec<_> = own.chain(more.iter().copied()).collect();
    client
        .post_form(path, &all)
        .await
        .text()
        .replace("&#x2f;", "/")
}

/// A library whose first book has a value of every type.
async fn filled() -> TestClient {
    let (client, _) = library().await;
    let mut row = book(&client, 1).await.into_active_model();
    row.price = Set("9.50".parse().unwrap());
    row.read_at = Set(Some("10:00:00".parse().unwrap()));
    row.updated = Set(Some("2026-01-31T10:00:00.123456Z".parse().unwrap()));
    row.summary = Set("one\ntwo".to_owned());
    row.extra = Set(Some(serde_json::json!({ "b": [1, 2.50], "a": null })));
    row.update(client.db()).await.unwrap();
    client
}

async fn book(client: &TestClient, id: i64) -> book::Model {
    book::Entity::find_by_id(id)
        .one(client.db())
        .await
        .unwrap()
        .unwrap()
}

async fn noted(client: &TestClient) -> u64 {
    log_entry::Entity::find().count(client.db()).await.unwrap()
}

async fn a_list_keeps_what_was_typed_when_one_value_is_wrong() {
    let mut client = filled().await;
    let shown = fields(&page(&mut client, BOOKS).await, "id=\"rows\"");
    let typed = [("_save", "1"), ("1-price", "12.34"), ("2-price", "many")];
    let again = send(&mut client, BOOKS, &shown, &typed).await;
    assert!(again.contains("Enter a number."), "{again}");
    let kept = fields(&again, "id=\"rows\"");
    for (name, value) in [
        ("1-price", "12.34"),
        ("2-price", "many"),
        ("1-price-was", "9.50"),
    ] {
        let field = kept.iter().find(|(other, _)| other == name).unwrap();
        assert_eq!(
            field.1.trim_end_matches('0'),
            value.trim_end_matches('0'),
            "{name}"
        );
    }
    send(
        &mut client,
        BOOKS,
        &kept,
        &[("_save", "1"), ("2-price", "5")],
    )
    .await;
    assert_eq!(book(&client, 1).await.price.to_string(), "12.34");
}

/// Enter in a field presses the first button, which saves; `Go` does nothing before that.
async fn an_action_does_not_leave_typed_values_behind() {
    let mut client = filled().await;
    let list = page(&mut client, BOOKS).await;
    let form = &list[list.find("id=\"rows\"").unwrap()..];
    let first = &form[form.find("<button").unwrap()..];
    assert!(
        first.starts_with("<button class=\"hidden\" name=\"_save\""),
        "{first}"
    );
    let shown = fields(&list, "id=\"rows\"");
    let typed = [("action", "delete"), ("row", "1"), ("1-price", "12.34")];
    let again = send(&mut client, BOOKS, &shown, &typed).await;
    assert!(again.contains("Save the list first"), "{again}");
    assert!(again.contains("value=\"12.34\""), "{again}");
}

async fn an_untouched_list_changes_nothing() {
    let mut client = filled().await;
    let shown = fields(&page(&mut client, BOOKS).await, "id=\"rows\"");
    // As browsers write a time.
    send(
        &mut client,
        BOOKS,
        &shown,
        &[("_save", "1"), ("1-read_at", "10:00"), ("1-price", "9.5")],
    )
    .await;
    let told = page(&mut client, BOOKS).await;
    assert!(told.contains("0 books were changed"), "{told}");
    assert_eq!(noted(&client).await, 0);
}

async fn an_untouched_form_changes_nothing() {
    let mut client = filled().await;
    let before = book(&client, 1).await;
    let path = format!("{BOOKS}1/change/");
    let shown = fields(&page(&mut client, &path).await, "class=\"sheet\"");
    let as_browsers = [
        ("read_at", "10:00"),
        ("extra", "{\"a\":null,\"b\":[1,2.5]}"),
        ("price", "9.5"),
    ];
    send(&mut client, &path, &shown, &as_browsers).await;
    assert_eq!(book(&client, 1).await, before);
    assert_eq!(noted(&client).await, 0);
}

async fn an_untouched_moment_does_not_undo_the_change_of_another() {
    let mut client = filled().await;
    let path = format!("{BOOKS}1/change/");
    let shown = fields(&page(&mut client, &path).await, "class=\"sheet\"");
    let mut row = book(&client, 1).await.into_active_model();
    row.read_at = Set(Some("11:30:00".parse().unwrap()));
    row.update(client.db()).await.unwrap();
    let typed = [("read_at", "10:00"), ("title", "Mine")];
    let told = send(&mut client, &path, &shown, &typed).await;
    assert!(
        told.contains("Somebody else has changed this book"),
        "{told}"
    );
    let again = fields(&told, "class=\"sheet\"");
    let again = send(&mut client, &path, &again, &[]).await;
    assert!(again.is_empty(), "{again}");
    let saved = book(&client, 1).await;
    assert_eq!(saved.title, "Mine");
    assert_eq!(saved.read_at.unwrap().to_string(), "11:30:00");
}

async fn a_broken_rule_of_the_database_keeps_the_form() {
    let mut client = filled().await;
    let path = format!("{BOOKS}1/change/");
    let shown = fields(&page(&mut client, &path).await, "class=\"sheet\"");
    let typed = [("pages", "-5"), ("title", "Typed")];
    let again = send(&mut client, &path, &shown, &typed).await;
    assert!(
        again.contains("This value breaks a rule of the database."),
        "{again}"
    );
    assert!(
        again.contains("value=\"Typed\"") && again.contains("value=\"-5\""),
        "{again}"
    );
    let add = fields(
        &page(&mut client, &format!("{BOOKS}add/")).await,
        "class=\"sheet\"",
    );
    let typed = [("pages", "-5"), ("title", "New"), ("author_id", "1")];
    let again = send(&mut client, &format!("{BOOKS}add/"), &add, &typed).await;
    assert!(
        again.contains("This value breaks a rule of the database."),
        "{again}"
    );
    // What only the end of the transaction shows, and what a trigger says.
    let sql = match client.db().get_database_backend() {
        sea_orm::DbBackend::Sqlite => {
            "CREATE TRIGGER closed BEFORE UPDATE ON library_book
            BEGIN SELECT RAISE(ABORT, 'closed on Sundays'); END"
        }
        _ => {
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'closed on Sundays'; END $$;
            CREATE TRIGGER closed BEFORE UPDATE ON library_book
            FOR EACH ROW EXECUTE FUNCTION refuse()"
        }
    };
    client.db().execute_unprepared(sql).await.unwrap();
    let again = send(&mut client, &path, &shown, &[("title", "Typed")]).await;
    assert!(
        again.contains("closed on Sundays") && again.contains("value=\"Typed\""),
        "{again}"
    );
}

async fn a_line_that_was_deleted_meanwhile_keeps_what_was_typed() {
    let (mut client, ada) = library().await;
    let added = add_book(&client, "Short-lived", &ada).await;
    let path = format!("/admin/library/author/{}/change/", ada.id);
    let shown = fields(&page(&mut client, &path).await, "class=\"sheet\"");
    book::Entity::delete_by_id(added.id)
        .exec(client.db())
        .await
        .unwrap();
    let name = format!("i0-k{}-title", added.id);
    let again = send(&mut client, &path, &shown, &[(&name, "Typed")]).await;
    assert!(
        again.contains("Somebody else has deleted this line"),
        "{again}"
    );
    assert!(again.contains("value=\"Typed\""), "{again}");
    let again = fields(&again, "class=\"sheet\"");
    send(&mut client, &path, &again, &[]).await;
    let books = book::Entity::find().all(client.db()).await.unwrap();
    assert!(books.iter().any(|book| book.title == "Typed"), "{books:?}");
}

async fn a_form_survives_the_end_of_the_session() {
    let mut client = filled().await;
    let path = format!("{BOOKS}1/change/");
    let shown = fields(&page(&mut client, &path).await, "class=\"sheet\"");
    restkit::auth::models::session::Entity::delete_many()
        .exec(client.db())
        .await
        .unwrap();
    let login = send(
        &mut client,
        &path,
        &shown,
        &[("title", "Typed at <length>")],
    )
    .await;
    assert!(login.contains("name=\"password\""), "{login}");
    let eve = superuser(&client, "eve").await;
    restkit::site::session::set_password(client.db(), &eve, crate::PASSWORD)
        .await
        .unwrap();
    let kept = fields(&login, "action=\"/admin/login/\"");
    let typed = [("username", "eve"), ("password", crate::PASSWORD)];
    let confirm = send(&mut client, "/admin/login/", &kept, &typed).await;
    assert!(confirm.contains("Typed at &lt;length&gt;"), "{confirm}");
    // Nothing is written before somebody says so.
    assert_eq!(book(&client, 1).await.title, "Notes");
    let fields = fields(&confirm, &format!("action=\"{path}\""));
    let again = send(&mut client, &path, &fields, &[]).await;
    assert!(again.is_empty(), "{again}");
    assert_eq!(book(&client, 1).await.title, "Typed at <length>");
    // What was not signed here is not shown.
    let forged: Vec<_> = kept
        .into_iter()
        .map(|(name, value)| match name.as_str() {
            "_kept" => (name, value.replace("Typed", "Forged")),
            _ => (name, value),
        })
        .collect();
    let answer = send(&mut client, "/admin/login/", &forged, &typed).await;
    assert!(!answer.contains("Forged"), "{answer}");
}
