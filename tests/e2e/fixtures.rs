//! Rows as JSON: out of one database and into the other, with every type of column.

use crate::cluster::Cluster;
use crate::project::Folder;

const MODELS: &str = r#"
/// A column of every type, and rows that refer to each other.
pub mod thing {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_thing")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub small: i16,
        pub whole: i32,
        pub big: i64,
        pub unsigned: u32,
        pub float: f32,
        pub double: f64,
        #[sea_orm(column_type = "Decimal(Some((12, 3)))")]
        pub price: Decimal,
        pub flag: bool,
        pub letter: Option<String>,
        pub day: Date,
        pub time: Time,
        pub moment: DateTime,
        pub at: DateTimeUtc,
        pub document: Json,
        pub bytes: Vec<u8>,
        pub parent_id: Option<Uuid>,
        #[sea_orm(self_ref, relation_enum = "Parent", from = "parent_id", to = "id")]
        pub parent: HasOne<Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
"#;

/// Two rows in a circle, and one that the database gives its key.
const SEED: &str = r#"[
{"model": "api.thing", "pk": "00000000-0000-4000-8000-000000000001", "fields": {"small": -32768, "whole": 2147483647,
 "big": -9223372036854775808, "unsigned": 4294967295, "float": 0.1, "double": 1e-7, "price": "123456789.120",
 "flag": true, "letter": " é😀\"\n", "day": "2026-02-28", "time": "23:59:59.5", "moment": "2026-02-28 23:59:59",
 "at": "2026-03-01T01:59:59.123456+02:00", "document": {"a b": [1, 12345678901234567890.10]}, "bytes": "AAEC/w==",
 "parent": "00000000-0000-4000-8000-000000000002"}},
{"model": "api.Thing", "pk": "00000000-0000-4000-8000-000000000002", "fields": {"small": 0, "whole": 0, "big": 0,
 "unsigned": 0, "float": 0, "double": 1, "price": 1, "flag": false, "letter": null, "day": "2026-02-28",
 "time": "00:00", "moment": "2026-02-28T00:00:00", "at": "2026-02-28T00:00:00Z", "document": null, "bytes": "",
 "parent": "00000000-0000-4000-8000-000000000001"}},
{"model": "api.task", "pk": 7, "fields": {"title": "Tea"}},
{"model": "api.task", "fields": {"title": "Toast", "completed": true}},
{"model": "auth.user_group", "pk": [1, 1], "fields": {}},
{"model": "auth.group", "pk": 1, "fields": {"name": "Cooks"}},
{"model": "auth.user", "pk": 1, "fields": {"username": "ada", "password": "!", "date_joined": "2026-02-28T00:00:00Z"}}
]"#;

#[test]
fn rows_move_from_sqlite_to_postgresql_and_back() {
    let mut folder = Folder::new("todo");
    folder.backsmith(&["startproject", "core", ".", "--app", "api"]);
    let models = folder.read("src/api/models.rs");
    folder.write("src/api/models.rs", &(models + MODELS));
    folder.backsmith(&["makemigrations"]);
    let no_database = folder.refused(1, &["dumpdata"]);
    assert!(
        no_database.contains("there is no database"),
        "{no_database}"
    );
    folder.backsmith(&["migrate"]);

    folder.write("src/api/fixtures/seed.json", SEED);
    let loaded = folder.backsmith(&["loaddata", "seed"]);
    assert!(
        loaded.contains("Installed 7 objects from 1 fixture."),
        "{loaded}"
    );
    let first = dump(&folder);
    for line in [
        r#""big": -9223372036854775808, "unsigned": 4294967295, "float": 0.1, "double": 1e-7, "price": "123456789.120""#,
        r#""at": "2026-02-28T23:59:59.123456Z", "document": {"a b":[1,12345678901234567890.10]}, "bytes": "AAEC/w==""#,
        r#"{"model": "api.task", "pk": 8, "fields": {"title": "Toast", "completed": true}}"#,
        r#"{"model": "auth.user_group", "pk": [1, 1], "fields": {}}"#,
    ] {
        assert!(first.contains(line), "{line} in {first}");
    }
    refuse(&folder);
    assert_eq!(dump(&folder), first);
    // Those whose keys exist are replaced.
    folder.backsmith(&["loaddata", "rows.json"]);
    assert_eq!(dump(&folder), first);

    let Some(cluster) = Cluster::start() else {
        return;
    };
    folder.set("DATABASE_URL", cluster.create_database("zoo"));
    folder.backsmith(&["migrate"]);
    folder.backsmith(&["loaddata", "rows.json"]);
    assert_eq!(dump(&folder), first);
    refuse(&folder);
    folder.backsmith(&["loaddata", "rows.json"]);
    assert_eq!(dump(&folder), first);
    // Keys go on after the greatest one, and foreign keys are checked at once, as before.
    folder.write(
        "one.json",
        r#"[{"model": "api.task", "fields": {"title": "Jam"}}]"#,
    );
    folder.backsmith(&["loaddata", "one.json"]);
    assert!(dump(&folder).contains(r#""pk": 9, "fields": {"title": "Jam""#));
    let mut shell =
        folder.shell("echo 'SELECT bool_or(condeferrable) FROM pg_constraint' | backsmith dbshell");
    let output = shell.output().expect("a shell");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains(" f"),
        "{output:?}"
    );

    // Rows of one file may refer to those of a later one.
    folder.write(
        "member.json",
        r#"[{"model": "auth.user_group", "pk": [1, 2], "fields": {}}]"#,
    );
    folder.write(
        "group.json",
        r#"[{"model": "auth.group", "pk": 2, "fields": {"name": "Bakers"}}]"#,
    );
    folder.backsmith(&["loaddata", "member.json", "group.json"]);

    folder.set("DATABASE_URL", "sqlite://back.sqlite3");
    folder.backsmith(&["migrate"]);
    folder.write("first.json", &first);
    folder.backsmith(&["loaddata", "first.json"]);
    assert_eq!(dump(&folder), first);
}

/// Writes all rows to `rows.json`, which it returns.
fn dump(folder: &Folder) -> String {
    folder.backsmith(&["dumpdata", "--output", "rows.json"]);
    folder.read("rows.json")
}

/// Files that are wrong leave everything as it was, even if only their last row is.
fn refuse(folder: &Folder) {
    let task = |fields: &str| format!(r#"{{"model": "api.task", "pk": 7, "fields": {fields}}}"#);
    let long = "x".repeat(201);
    for (last, problem) in [
        (
            task(&format!(r#"{{"title": "{long}"}}"#)),
            "object 2 (api.task 7): ",
        ),
        (task(r#"{"title": null}"#), "object 2 (api.task 7): "),
        (
            task(r#"{"title": "a", "completed": "perhaps"}"#),
            "object 2 (api.task 7): ",
        ),
        (
            task(r#"{"title": ["a"]}"#),
            "title: `[\"a\"]` is not one value",
        ),
        (
            task(r#"{"titel": "a"}"#),
            "has a field `titel`, which does not exist; the fields are id, title, completed",
        ),
        (
            r#"{"model": "api.tusk"}"#.to_owned(),
            "is of the model `api.tusk`, which does not exist",
        ),
        (
            r#"{"model": "auth.user_group", "pk": [1, 99], "fields": {}}"#.to_owned(),
            "auth_",
        ),
        (
            r#"{"model": "auth.user_group", "pk": 1, "fields": {}}"#.to_owned(),
            "the key `1` is not a list",
        ),
        ("{".to_owned(), "at line "),
    ] {
        folder.write(
            "wrong.json",
            &format!("[{},\n{last}]", task(r#"{"title": "Changed"}"#)),
        );
        let refused = folder.refused(1, &["loaddata", "wrong.json"]);
        assert!(
            refused.contains(problem) && refused.contains("nothing was loaded"),
            "{last}: {refused}"
        );
    }
    let unknown = folder.refused(2, &["dumpdata", "shop"]);
    assert!(
        unknown.contains("there is no app or model `shop`"),
        "{unknown}"
    );
    folder.write(
        "odd.json",
        &format!(
            "[{}, {{\"model\": \"shop.item\"}}]",
            task(r#"{"title": "Tea", "colour": 1}"#)
        ),
    );
    let passed = folder.backsmith(&["loaddata", "-i", "odd.json"]);
    assert!(passed.contains("Passed over 1 object"), "{passed}");
}
