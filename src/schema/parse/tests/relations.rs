use super::{entity, models};
use crate::schema::{Action, ForeignKey};

/// The foreign key of `api_task`, whose module has these fields and items; `list` is beside it.
fn key(fields: &str, items: &str) -> Option<(Vec<String>, ForeignKey)> {
    let text = format!(
        "pub mod list {{ {} }} pub mod task {{ use super::list; {} {items} }}",
        entity("api_list", "#[sea_orm(unique)] pub code: String"),
        entity("api_task", fields)
    );
    let mut keys = models(&text).schema.tables["api_task"].foreign_keys.clone();
    assert!(keys.len() < 2);
    keys.pop_first()
}

fn to_list(on_delete: Action, on_update: Action) -> Option<(Vec<String>, ForeignKey)> {
    let key = ForeignKey {
        table: "api_list".to_owned(),
        columns: vec!["id".to_owned()],
        on_delete,
        on_update,
    };
    Some((vec!["list_id".to_owned()], key))
}

#[test]
fn the_dense_format() {
    let field = |words: &str| {
        key(
            &format!(
                "list_id: i64, #[sea_orm(belongs_to, from = \"list_id\", to = \"id\"{words})] list: BelongsTo<super::list::Entity>"
            ),
            "",
        )
    };
    assert_eq!(field(""), to_list(Action::NoAction, Action::NoAction));
    assert_eq!(
        field(", on_delete = \"Cascade\", on_update = \"Restrict\""),
        to_list(Action::Cascade, Action::Restrict)
    );
    assert_eq!(field(", skip_fk"), None);
    // SeaORM makes the key of a relation that it also goes another way.
    assert_eq!(
        field(", via = \"task_list\""),
        to_list(Action::NoAction, Action::NoAction)
    );
}

#[test]
fn words_without_commas_between_them() {
    let found = key(
        "list_id: i64",
        "#[derive(EnumIter, DeriveRelation)] enum Relation { #[sea_orm(belongs_to = \"super::list::Entity\" from = \"Column::ListId\" to = \"super::list::Column::Id\")] List }",
    );
    assert_eq!(found, to_list(Action::NoAction, Action::NoAction));
}

#[test]
fn the_relation_enum() {
    let variant = |words: &str| {
        key(
            "list_id: i64",
            &format!(
                "#[derive(EnumIter, DeriveRelation)] enum Relation {{ #[sea_orm(belongs_to = \"super::list::Entity\", from = \"Column::ListId\", to = \"super::list::Column::Id\"{words})] List }}"
            ),
        )
    };
    assert_eq!(variant(""), to_list(Action::NoAction, Action::NoAction));
    assert_eq!(
        variant(", on_delete = \"Restrict\", on_update = \"Cascade\""),
        to_list(Action::Restrict, Action::Cascade)
    );
}

#[test]
fn relations_written_as_code() {
    let arm = |chain: &str| {
        key(
            "list_id: i64",
            &format!(
                "impl RelationTrait for Relation {{ fn def(&self) -> RelationDef {{ match self {{ Self::List => {chain}.into(), Self::Many => Entity::has_many(list::Entity).into() }} }} }}"
            ),
        )
    };
    let chain = "Entity::belongs_to(list::Entity).from(Column::ListId).to(list::Column::Id)";
    assert_eq!(arm(chain), to_list(Action::NoAction, Action::NoAction));
    assert_eq!(
        arm(&format!(
            "{chain}.on_delete(ForeignKeyAction::Cascade).on_update(ForeignKeyAction::SetDefault)"
        )),
        to_list(Action::Cascade, Action::SetDefault)
    );
    assert_eq!(arm(&format!("{chain}.skip_fk()")), None);
}

#[test]
fn relations_the_other_way_round_have_no_key() {
    for field in [
        "#[sea_orm(has_many)] lists: HasMany<super::list::Entity>",
        "#[sea_orm(has_one)] list: HasOne<super::list::Entity>",
        "#[sea_orm(has_many, via = \"task_list\")] lists: HasMany<super::list::Entity>",
        "#[sea_orm(has_many, via = \"task_list::Task\")] lists: HasMany<super::list::Entity>",
        "#[sea_orm(has_many, relation_enum = \"Mine\", via_rel = \"Owner\")] lists: HasMany<super::list::Entity>",
        "#[sea_orm(self_ref, via = \"follower\", from = \"User\", to = \"Follower\")] followers: HasMany<Entity>",
        "#[sea_orm(self_ref, via = \"follower\", reverse)] following: HasMany<Entity>",
        "#[sea_orm(self_ref, relation_enum = \"Manages\", relation_reverse = \"ReportsTo\")] manages: HasMany<Entity>",
        "lists: HasMany<super::list::Entity>",
    ] {
        assert_eq!(key(field, ""), None, "{field}");
    }
}

#[test]
fn a_relation_to_a_unique_field() {
    let (_, read) = key(
        "code: String, #[sea_orm(belongs_to, from = \"code\", to = \"code\")] list: BelongsTo<super::list::Entity>",
        "",
    )
    .unwrap();
    assert_eq!(read.columns, ["code"]);
}

#[test]
fn an_entity_may_refer_to_itself() {
    let (columns, read) = key(
        "parent_id: Option<i64>, #[sea_orm(self_ref, relation_enum = \"Parent\", from = \"parent_id\", to = \"id\")] parent: BelongsTo<Option<Entity>>",
        "",
    )
    .unwrap();
    assert_eq!(
        (columns[0].as_str(), read.table.as_str()),
        ("parent_id", "api_task")
    );
}

#[test]
fn several_columns_may_refer_together() {
    let text = format!(
        "pub mod pair {{ #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"pair\")] struct Model {{ #[sea_orm(primary_key)] a: i32, #[sea_orm(primary_key)] b: String }} }}
         pub mod task {{ {} }}",
        entity("api_task", "pair_a: i32, pair_b: String, #[sea_orm(belongs_to, from = \"(pair_a, pair_b)\", to = \"(a, b)\")] pair: BelongsTo<super::pair::Entity>")
    );
    let keys = &models(&text).schema.tables["api_task"].foreign_keys;
    let from = vec!["pair_a".to_owned(), "pair_b".to_owned()];
    assert_eq!(keys[&from].columns, ["a", "b"]);
}

#[test]
fn another_entity_is_found_however_it_is_named() {
    for (import, target) in [
        ("", "super::list::Entity"),
        ("", "crate::api::models::list::Entity"),
        ("use super::list::Entity as List;", "List"),
        ("use super::list;", "list::Entity"),
        ("use super::prelude::*;", "super::prelude::TheList"),
        ("use super::prelude::TheList;", "TheList"),
        // A module in a file that is not read may pass it on.
        ("", "crate::elsewhere::list::Entity"),
    ] {
        let text = format!(
            "pub mod list {{ {} }} pub mod prelude {{ pub use super::list::Entity as TheList; }}
             pub mod task {{ {import} {} }}",
            entity("api_list", ""),
            entity(
                "api_task",
                &format!(
                    "list_id: i64, #[sea_orm(belongs_to, from = \"list_id\", to = \"id\")] list: BelongsTo<{target}>"
                )
            )
        );
        let keys = &models(&text).schema.tables["api_task"].foreign_keys;
        assert_eq!(
            keys[&vec!["list_id".to_owned()]].table,
            "api_list",
            "{target}"
        );
    }
}

#[test]
fn a_relation_names_fields_or_variants() {
    for (from, field) in [
        ("list_id", "list_id: i64"),
        ("ListId", "list_id: i64"),
        ("Column::ListId", "list_id: i64"),
        ("Mine", "#[sea_orm(enum_name = \"Mine\")] list_id: i64"),
        ("type", "r#type: i64"),
        ("Column::Type", "r#type: i64"),
    ] {
        let read = key(
            &format!(
                "{field}, #[sea_orm(belongs_to, from = \"{from}\", to = \"id\")] list: BelongsTo<super::list::Entity>"
            ),
            "",
        );
        assert!(read.is_some(), "{from}");
    }
}

/// A path that leads nowhere is not another entity that happens to have the same name.
#[test]
fn a_path_to_no_entity_names_the_nearest() {
    let user = super::source(
        "restkit/src/auth/models.rs",
        &["restkit", "auth", "models"],
        &format!("pub mod user {{ {} }}", entity("auth_user", "")),
    );
    let task = |path: &str| {
        let field = format!(
            "owner_id: i64, #[sea_orm(belongs_to, from = \"owner_id\", to = \"id\")] owner: BelongsTo<{path}>"
        );
        let text = format!("pub mod task {{ {} }}", entity("api_task", &field));
        super::source("src/api/models.rs", &["crate", "api", "models"], &text)
    };
    let parse = |path: &str| super::parse(&[user.clone(), task(path)]);
    assert!(parse("restkit::auth::models::user::Entity").is_ok());
    for path in [
        "restkit::auth::user::Entity",
        "super::list::user::Entity",
        "super::usr::Entity",
    ] {
        let problems = parse(path).unwrap_err();
        let message = &problems[0].message;
        assert!(
            message.starts_with(&format!("`{path}` names no entity")),
            "{message}"
        );
    }
    let message = parse("restkit::auth::user::Entity")
        .unwrap_err()
        .remove(0)
        .message;
    assert!(
        message.ends_with("did you mean `restkit::auth::models::user::Entity`?"),
        "{message}"
    );
}
