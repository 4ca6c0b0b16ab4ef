//! `startapp NAME MODEL FIELD...`: an app of one's own models from one line.

use std::process::{Command, Stdio};

use crate::folder::Folder;

/// Every type, with its marks.
pub const SHOP: &str = "Product title:str:120 price:decimal:8,2 in_stock:bool=true genre:enum:novel,poetry=novel \
     owner:fk:auth.User editor:fk:auth.User? tags:m2m:Tag due:date? body:text sku:slug! contact:email? site:url? \
     number:int=3 big:bigint weight:float? at:time? created:datetime code:uuid! data:json? shelf:fk:Shelf \
     + Tag name:str:50! + Shelf label:str:20 color:enum:red,blue";

fn start(folder: &Folder, app: &str, line: &str) {
    let words: Vec<_> = ["startapp", app]
        .into_iter()
        .chain(line.split_whitespace())
        .collect();
    folder.ok(&words);
}

#[test]
fn a_line_makes_models_migrations_and_formatted_code() {
    let folder = Folder::with_project();
    start(&folder, "shop", SHOP);
    folder.ok(&["makemigrations"]);
    start(
        &folder,
        "blog",
        "Post title:str tags:m2m:shop.Tag author:fk:auth.User?",
    );
    folder.ok(&["makemigrations"]);
    let up = folder.read("migrations/sqlite/0002_shop_initial.up.sql");
    for words in [
        "\"price\" real(8, 2) NOT NULL",
        "\"number\" integer NOT NULL DEFAULT 3",
        "REFERENCES \"auth_user\" (\"id\") ON DELETE SET NULL",
        "CREATE TABLE \"shop_product_tag\"",
        "CREATE UNIQUE INDEX \"shop_tag_name_key\"",
    ] {
        assert!(up.contains(words), "{words} in {up}");
    }
    folder.ok(&["makemigrations", "--check"]);
    let formatter = Command::new("rustfmt")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if formatter.is_err() {
        assert!(std::env::var_os("CI").is_none(), "rustfmt is missing");
        return;
    }
    for app in ["shop", "blog"] {
        for file in [
            "admin",
            "mod",
            "models",
            "serializers",
            "tests",
            "urls",
            "views",
        ] {
            let path = folder.path(format!("src/{app}/{file}.rs"));
            let checked = Command::new("rustfmt")
                .args(["--edition", "2024", "--check"])
                .arg(&path)
                .output()
                .expect("rustfmt");
            let shown = String::from_utf8_lossy(&checked.stdout);
            assert!(checked.status.success(), "{shown}");
        }
    }
}

#[test]
fn a_line_that_is_wrong_writes_nothing() {
    let folder = Folder::with_project();
    let before = folder.tree();
    for (line, words) in [
        ("Product titel:strr", "did you mean str?"),
        ("Product a:str b:fk:Shop", "there is no such model"),
        ("Product a:str b:fk:auth.Usr", "refers to `auth.Usr`"),
        ("Product a:str b:m2m:shop.Tag", "there is no such model"),
    ] {
        let mut arguments = vec!["startapp", "shop"];
        arguments.extend(line.split(' '));
        folder.refuses(2, &arguments, &[words]);
        assert_eq!(folder.tree(), before, "{line}");
    }
}

#[test]
fn services_and_json_are_there_on_request() {
    let folder = Folder::with_project();
    let json = folder.ok(&["startapp", "api", "--with-services", "--json", "--dry-run"]);
    let told: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(told["written"], false);
    assert!(!folder.path("src/api").exists());
    let json = folder.ok(&["startapp", "api", "--with-services", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let steps = told["steps"].as_array().expect("steps");
    let services = steps
        .iter()
        .find(|step| step["path"] == "src/api/services.rs");
    assert_eq!(services.expect("services")["action"], "create");
    let edited = steps
        .iter()
        .find(|step| step["path"] == "src/lib.rs")
        .expect("an edit");
    assert!(
        edited["diff"]
            .as_str()
            .is_some_and(|diff| diff.contains("+pub mod api;"))
    );
    assert!(folder.read("src/api/mod.rs").contains("pub mod services;"));
    let added = folder.ok(&["add", "ci", "--json"]);
    assert!(
        added.stdout.contains(".github/workflows/ci.yml"),
        "{added:?}"
    );
}
