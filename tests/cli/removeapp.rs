//! `removeapp` and `renameapp`: files, the lines that name the app, and its tables.

use crate::database::{execute, texts};
use crate::folder::Folder;

/// Two apps, of which the second refers to the first.
fn library() -> Folder {
    let folder = Folder::with_project();
    folder.ok(&["startapp", "shop", "Product", "title:str", "price:decimal"]);
    folder.ok(&[
        "startapp",
        "blog",
        "Post",
        "title:str",
        "product:fk:shop.Product",
    ]);
    folder.ok(&["makemigrations"]);
    folder.ok(&["migrate"]);
    folder
}

#[test]
fn an_app_goes_with_its_files_its_lines_and_its_tables() {
    let folder = Folder::with_project();
    let before = folder.tree();
    folder.ok(&["startapp", "shop", "Product", "title:str"]);
    folder.refuses(3, &["removeapp", "shop"], &["shop_product", "--yes"]);
    folder.ok(&["removeapp", "shop", "--yes"]);
    assert!(
        folder.tree() == before,
        "what startapp wrote is gone, and nothing else"
    );

    let folder = library();
    folder.shows(&["removeapp", "blog", "--dry-run"]);
    let removed = folder.ok(&["removeapp", "blog", "--yes"]);
    assert!(removed.stderr.contains("backsmith migrate"), "{removed:?}");
    assert!(!folder.path("src/blog").exists());
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate"]);
    let tables = texts(
        &folder.path("db.sqlite3"),
        "SELECT name FROM sqlite_schema WHERE name LIKE 'blog%'",
    );
    assert!(tables.is_empty(), "{tables:?}");
    folder.ok(&["removeapp", "shop", "--yes"]);
    folder.ok(&["migrate"]);
}

#[test]
fn an_app_that_others_need_stays() {
    let folder = library();
    folder.refuses(
        1,
        &["removeapp", "shop", "--yes"],
        &["src/blog/models.rs:", "has a key into it"],
    );
    folder.refuses(2, &["removeapp", "shopp", "--yes"], &["did you mean shop?"]);
    folder.refuses(2, &["removeapp", "auth", "--yes"], &["no app `auth`"]);
    folder.refuses(
        1,
        &["renameapp", "shop", "blog", "--yes"],
        &["is installed already"],
    );
    folder.refuses(3, &["renameapp", "shop", "store"], &["nobody is there"]);
}

#[test]
fn a_renamed_app_keeps_its_rows() {
    let folder = library();
    let database = folder.path("db.sqlite3");
    execute(
        &database,
        "INSERT INTO shop_product (id, title, price) VALUES (7, 'Tea', 3)",
    );
    execute(
        &database,
        "INSERT INTO auth_group (id, name) VALUES (1, 'Sellers')",
    );
    execute(
        &database,
        "INSERT INTO auth_group_permission (group_id, permission) VALUES (1, 'shop.change_product')",
    );
    folder.shows(&["renameapp", "shop", "store", "--dry-run"]);
    folder.ok(&["renameapp", "shop", "store", "--yes"]);
    assert!(!folder.path("src/shop").exists());
    assert!(
        folder
            .read("src/blog/models.rs")
            .contains("crate::store::models::product::Entity")
    );
    assert!(
        folder
            .read("src/core/urls.rs")
            .contains(".nest(\"/shop\", crate::store::urls::router())")
    );
    assert!(
        folder
            .read("src/lib.rs")
            .contains("pub mod core;\npub mod store;")
    );
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate"]);
    let kept = |sql: &str| texts(&database, sql);
    assert_eq!(
        kept("SELECT title FROM store_product WHERE id = 7").len(),
        1
    );
    assert_eq!(
        kept(
            "SELECT permission FROM auth_group_permission WHERE permission = 'store.change_product'"
        )
        .len(),
        1
    );
    // And back.
    folder.ok(&["migrate", "3"]);
    assert_eq!(kept("SELECT title FROM shop_product WHERE id = 7").len(), 1);
    assert_eq!(
        kept(
            "SELECT permission FROM auth_group_permission WHERE permission = 'shop.change_product'"
        )
        .len(),
        1
    );
}

#[test]
fn both_can_be_undone() {
    for arguments in [
        &["removeapp", "blog", "--yes"][..],
        &["renameapp", "shop", "store", "--yes"],
    ] {
        let folder = Folder::with_project();
        let cache = Folder::new();
        let run = |arguments: &[&str]| {
            let mut command = folder.command(arguments);
            let output = command
                .env("XDG_CACHE_HOME", cache.path(""))
                .output()
                .expect("a program");
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        };
        run(&["startapp", "shop", "Product", "title:str"]);
        run(&["startapp", "blog", "Post", "title:str"]);
        run(&["makemigrations"]);
        let before = folder.tree();
        run(arguments);
        assert!(folder.tree() != before);
        run(&["undo", "--yes"]);
        assert!(folder.tree() == before, "{arguments:?}");
    }
}
