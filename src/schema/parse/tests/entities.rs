use super::{models, parse, source};

fn with_fields(fields: &str) -> crate::schema::Table {
    let text = format!(
        "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\")] struct Model {{ {fields} }}"
    );
    models(&text).schema.tables["t"].clone()
}

#[test]
fn whole_numbers_are_handed_out_by_the_database() {
    let counts = |fields: &str| with_fields(fields).columns[0].auto_increment;
    assert!(counts("#[sea_orm(primary_key)] id: i32"));
    assert!(counts("#[sea_orm(primary_key)] id: u64"));
    assert!(!counts(
        "#[sea_orm(primary_key, auto_increment = false)] id: i64"
    ));
    assert!(!counts("#[sea_orm(primary_key)] id: Uuid"));
    assert!(!counts("#[sea_orm(primary_key)] id: String"));
}

#[test]
fn a_key_of_several_columns_is_given() {
    let table =
        with_fields("#[sea_orm(primary_key)] a: i32, #[sea_orm(primary_key)] b: i32, c: i32");
    assert_eq!(table.primary_key, ["a", "b"]);
    assert!(table.columns.values().all(|column| !column.auto_increment));
}

#[test]
fn all_columns_may_be_named_in_one_style() {
    for (style, column) in [
        ("snake_case", "due_at"),
        ("camelCase", "dueAt"),
        ("PascalCase", "DueAt"),
        ("SCREAMING_SNAKE_CASE", "DUE_AT"),
        ("kebab-case", "due-at"),
        ("SCREAMING-KEBAB-CASE", "DUE-AT"),
        ("title_case", "Due At"),
        ("lowercase", "dueat"),
        ("UPPERCASE", "DUEAT"),
    ] {
        let text = format!(
            "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\", rename_all = \"{style}\")]
             struct Model {{ #[sea_orm(primary_key)] due_at: i32 }}"
        );
        assert_eq!(
            models(&text).schema.tables["t"]
                .columns
                .keys()
                .next()
                .unwrap(),
            column
        );
    }
}

#[test]
fn a_table_has_a_comment() {
    let all = models(
        "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\", comment = \"To do\", arrow_schema)]
         struct Model { #[sea_orm(primary_key)] id: i32 }",
    );
    assert_eq!(all.schema.tables["t"].comment.as_deref(), Some("To do"));
}

#[test]
fn a_model_is_called_after_its_module() {
    let text = "pub mod big_task { #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\")]
        pub struct Model { #[sea_orm(primary_key)] id: i32 } }";
    let model = &models(text).models["t"];
    assert_eq!(
        (model.name.as_str(), model.place.as_str()),
        ("BigTask", "src/api/models.rs:2")
    );
}

#[test]
fn models_are_in_files_and_modules_of_any_depth() {
    let entity = |table: &str, more: &str| {
        format!(
            "#[sea_orm::model] #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"{table}\")]
             pub struct Model {{ #[sea_orm(primary_key)] id: i32, {more} }}"
        )
    };
    let refers = "a_id: i32, #[sea_orm(belongs_to, from = \"a_id\", to = \"id\")] a: BelongsTo<crate::api::models::a::Entity>";
    let all = parse(&[
        source(
            "src/api/models/a.rs",
            &["crate", "api", "models", "a"],
            &entity("a", ""),
        ),
        source(
            "src/api/models/more.rs",
            &["crate", "api", "models", "more"],
            &format!(
                "pub mod deep {{ pub mod b {{ {} }} }} #[cfg(test)] mod tests {{ {} }}",
                entity("b", refers),
                entity("no", "")
            ),
        ),
    ])
    .unwrap();
    let tables: Vec<_> = all.schema.tables.keys().collect();
    assert_eq!(tables, ["a", "b"]);
    assert_eq!(
        all.schema.tables["b"].foreign_keys[&vec!["a_id".to_owned()]].table,
        "a"
    );
}

#[test]
fn postgres_own_schema_may_be_named() {
    for attributes in [
        "#[sea_orm(table_name = \"t\", schema_name = \"public\")]",
        "#[cfg_attr(feature = \"postgres\", sea_orm(schema_name = \"public\"))] #[sea_orm(table_name = \"t\")]",
    ] {
        let all = models(&format!(
            "#[derive(DeriveEntityModel)] {attributes} struct Model {{ #[sea_orm(primary_key)] id: i32 }}"
        ));
        assert!(all.schema.tables.contains_key("t"), "{attributes}");
    }
}
