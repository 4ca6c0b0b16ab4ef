//! `removeapp` and `renameapp`: files, the lines that name the app, and its tables.

use crate::cluster::Cluster;
use crate::database::{execute, execute_on_postgres, texts, texts_on_postgres};
use crate::folder::Folder;

/// Two apps, of which the second refers to the first.
fn library() -> Folder {
    let folder = Folder::with_project();
    make_library(&folder);
    folder
}

fn make_library(folder: &Folder) {
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
    renames(
        &folder,
        |sql| execute(&database, sql),
        |sql| texts(&database, sql),
    );
}

#[test]
fn a_renamed_app_keeps_its_rows_on_postgres() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let folder = Folder::with_project();
    let url = cluster.create_database("renamed");
    folder.write(
        ".env",
        &folder.read(".env").replace("sqlite://db.sqlite3", &url),
    );
    make_library(&folder);
    renames(
        &folder,
        |sql| execute_on_postgres(&url, sql),
        |sql| texts_on_postgres(&url, sql),
    );
}

fn renames(folder: &Folder, execute: impl Fn(&str), texts: impl Fn(&str) -> Vec<String>) {
    execute("INSERT INTO shop_product (id, title, price) VALUES (7, 'Tea', 3)");
    execute("INSERT INTO auth_group (id, name) VALUES (1, 'Sellers')");
    execute(
        "INSERT INTO auth_group_permission (group_id, permission) VALUES (1, 'shop.change_product')",
    );
    folder.shows(&["renameapp", "shop", "store", "--dry-run"]);
    folder.ok(&["renameapp", "shop", "store", "--yes"]);
    assert!(!folder.path("src/shop").exists());
    let models = folder.read("src/blog/models.rs");
    assert!(models.contains("crate::store::models::product::Entity"));
    let urls = folder.read("src/core/urls.rs");
    assert!(urls.contains(".nest(\"/shop\", crate::store::urls::router())"));
    assert!(
        folder
            .read("src/lib.rs")
            .contains("pub mod core;\npub mod store;")
    );
    folder.ok(&["makemigrations", "--check"]);
    folder.ok(&["migrate"]);
    let permitted = |name: &str| {
        let sql =
            format!("SELECT permission FROM auth_group_permission WHERE permission = '{name}'");
        texts(&sql).len()
    };
    assert_eq!(
        texts("SELECT title FROM store_product WHERE id = 7"),
        ["Tea"]
    );
    assert_eq!(permitted("store.change_product"), 1);
    // And back.
    folder.ok(&["migrate", "3"]);
    assert_eq!(
        texts("SELECT title FROM shop_product WHERE id = 7"),
        ["Tea"]
    );
    assert_eq!(permitted("shop.change_product"), 1);
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
