mod renames;

use super::*;
use crate::error::{exit_of, hint_of};
use crate::schema::parse::{self, Source};

/// The models of an app `api` whose `Task` has `fields`.
fn models(fields: &str) -> Models {
    let text = format!(
        "pub mod task {{
            use sea_orm::entity::prelude::*;
            #[sea_orm::model]
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = \"api_task\")]
            pub struct Model {{ #[sea_orm(primary_key)] pub id: i64, {fields} }}
            impl ActiveModelBehavior for ActiveModel {{}}
        }}"
    );
    let source = Source {
        app: "api".into(),
        path: "src/api/models.rs".into(),
        module: ["crate", "api", "models"].map(str::to_owned).to_vec(),
        text,
    };
    parse::parse(&[source]).unwrap()
}

fn flags() -> Flags {
    Flags {
        no_input: true,
        ..Flags::default()
    }
}

/// Describes the changes from a `Task` with the fields `old` to one with `new`.
fn settled(old: &str, new: &str, flags: &Flags) -> Result<Vec<String>> {
    let names = Names {
        models: [("api_task".to_owned(), "Task".to_owned())].into(),
        apps: vec!["api".into()],
    };
    let operations = settle(&models(old).schema, &models(new), &names, flags)?;
    Ok(operations
        .iter()
        .map(|operation| operation.describe(&names))
        .collect())
}

#[track_caller]
fn refused(settled: Result<Vec<String>>, exit: Exit, words: &str, hint: &str) {
    let error = settled.unwrap_err();
    assert_eq!(exit_of(&error), exit, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    let found = hint_of(&error).unwrap_or_default();
    assert!(found.contains(hint), "{error}: {found}");
}

const TITLE: &str = "pub title: String,";
const NAME: &str = "pub name: String,";

#[test]
fn what_is_clear_needs_no_answer() {
    let change = settled(TITLE, "pub title: String, pub due: Option<Date>,", &flags());
    assert_eq!(change.unwrap(), ["+ Add field due to task"]);
    assert!(settled(TITLE, TITLE, &flags()).unwrap().is_empty());
}

#[test]
fn a_rename_is_answered_by_a_flag_or_by_the_model() {
    let words = "column `api_task.title` may have been renamed to `name`";
    refused(
        settled(TITLE, NAME, &flags()),
        Exit::Unanswered,
        words,
        "--rename api_task.title:name",
    );
    let renamed = ["~ Rename field title on task to name"];
    let flag = Flags {
        rename: vec!["api_task.title:name".into()],
        ..flags()
    };
    assert_eq!(settled(TITLE, NAME, &flag).unwrap(), renamed);
    let said = "#[sea_orm(renamed_from = \"title\")] pub name: String,";
    assert_eq!(settled(TITLE, said, &flags()).unwrap(), renamed);
    // The attribute may stay when the rename is long done.
    assert!(settled(NAME, said, &flags()).unwrap().is_empty());
}

#[test]
fn no_rename_is_a_loss_that_needs_a_second_word() {
    let different = Flags {
        no_rename: vec!["api_task.title:name".into()],
        default: vec!["api_task.name=none".into()],
        ..flags()
    };
    refused(
        settled(TITLE, NAME, &different),
        Exit::Unanswered,
        "would destroy data",
        "--allow-destructive",
    );
    let meant = Flags {
        allow_destructive: true,
        ..different
    };
    let mut change = settled(TITLE, NAME, &meant).unwrap();
    change.sort();
    let expected = ["+ Add field name to task", "- Remove field title from task"];
    assert_eq!(change, expected);
}

#[test]
fn renames_of_what_is_not_there_are_slips() {
    for (rename, words, hint) in [
        ("", "`` is not a rename", "OLD_TABLE:NEW_TABLE"),
        ("title", "`title` is not a rename", "OLD_TABLE:NEW_TABLE"),
        (":name", "`:name` is not a rename", "OLD_TABLE:NEW_TABLE"),
        (
            "api_task:",
            "`api_task:` is not a rename",
            "OLD_TABLE:NEW_TABLE",
        ),
        (
            "api_task.x:name",
            "`api_task.x` cannot be renamed to `name`",
            "--rename",
        ),
        (
            "api_task.title:x",
            "`api_task.title` cannot be renamed to `x`",
            "--rename",
        ),
        (
            "shop.title:name",
            "`shop.title` cannot be renamed to `name`",
            "--rename",
        ),
        (
            "shop:api_task",
            "table `shop` cannot be renamed",
            "--rename",
        ),
    ] {
        let flags = Flags {
            rename: vec![rename.into()],
            ..flags()
        };
        refused(settled(TITLE, NAME, &flags), Exit::Usage, words, hint);
    }
}

#[test]
fn rows_that_exist_need_a_value() {
    let stars = "pub title: String, pub stars: i32,";
    refused(
        settled(TITLE, stars, &flags()),
        Exit::Unanswered,
        "column `api_task.stars` is required but has no default",
        "--default api_task.stars=VALUE",
    );
    let given = |default: &str| Flags {
        default: vec![default.into()],
        ..flags()
    };
    let added = settled(TITLE, stars, &given("api_task.stars=-3"));
    assert_eq!(added.unwrap(), ["+ Add field stars to task"]);
    for (default, words) in [
        (
            "api_task.stars=many",
            "`many` is not a value of the column `api_task.stars`",
        ),
        ("api_task.stars", "`api_task.stars` is not a default"),
        ("stars=1", "`stars=1` is not a default"),
        ("api_task.star=1", "there is no column `api_task.star`"),
    ] {
        refused(
            settled(TITLE, stars, &given(default)),
            Exit::Usage,
            words,
            "",
        );
        let error = settled(TITLE, stars, &given(default)).unwrap_err();
        assert!(hint_of(&error).is_some(), "{error}");
    }
}

#[test]
fn a_value_may_hold_what_separates_flags() {
    let note = "pub title: String, pub note: String,";
    let flag = Flags {
        default: vec!["api_task.note=a=b.c:d".into()],
        ..flags()
    };
    let added = settled(TITLE, note, &flag);
    assert_eq!(added.unwrap(), ["+ Add field note to task"]);
}

/// A value for existing rows is checked as the API checks a client's.
#[test]
fn a_value_for_an_enum_is_one_of_its_choices() {
    let item = |field: &str| {
        format!(
            "{TITLE} {field} }} #[derive(EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = \"String\", db_type = \"String(StringLen::N(10))\", rename_all = \"snake_case\")]
            pub enum Level {{ Low, #[sea_orm(string_value = \"HIGH\")] High }} struct Rest {{"
        )
    };
    let with = |value: &str| Flags {
        default: vec![format!("api_task.level={value}")],
        ..flags()
    };
    let new = item("pub level: Level,");
    refused(
        settled(TITLE, &new, &with("bogus")),
        Exit::Usage,
        "`bogus` is not one of the choices of the column `api_task.level`",
        "write one of low, HIGH",
    );
    assert!(settled(TITLE, &new, &with("HIGH")).is_ok());
}

#[test]
fn a_value_for_an_enum_of_numbers_is_one_of_them() {
    let new = format!(
        "{TITLE} pub level: Level, }} #[derive(EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = \"i32\", db_type = \"Integer\")]
        pub enum Level {{ #[sea_orm(num_value = -1)] Low, #[sea_orm(num_value = 2)] High }} struct Rest {{"
    );
    let with = |value: &str| Flags {
        default: vec![format!("api_task.level={value}")],
        ..flags()
    };
    refused(
        settled(TITLE, &new, &with("1")),
        Exit::Usage,
        "`1` is not one of the choices",
        "write one of -1, 2",
    );
    assert!(settled(TITLE, &new, &with("-1")).is_ok());
}

#[test]
fn a_value_for_a_decimal_has_its_places() {
    let new =
        format!("{TITLE} #[sea_orm(column_type = \"Decimal(Some((5, 2)))\")] pub price: Decimal,");
    let with = |value: &str| Flags {
        default: vec![format!("api_task.price={value}")],
        ..flags()
    };
    refused(
        settled(TITLE, &new, &with("1.005")),
        Exit::Usage,
        "`1.005` is not a value of the column",
        "at most 2 decimal places",
    );
    assert!(settled(TITLE, &new, &with("1.50")).is_ok());
}
