use super::{column, models, read, table};
use crate::schema::{Collation, DefaultValue, Index};

fn index(columns: &[&str], unique: bool) -> Index {
    Index::over(columns, unique)
}

#[test]
fn nullable_and_comment() {
    let read = column("#[sea_orm(nullable, comment = \"In euros\")] pub x: i32");
    assert!(read.nullable);
    assert_eq!(read.comment.as_deref(), Some("In euros"));
}

#[test]
fn defaults() {
    let text = |text: &str| DefaultValue::Text(text.to_owned());
    let number = |digits: &str| DefaultValue::Number(digits.to_owned());
    let expression = |sql: &str| DefaultValue::Expression(sql.to_owned());
    for (field, default) in [
        (
            "#[sea_orm(default_value = true)] pub x: bool",
            DefaultValue::Boolean(true),
        ),
        ("#[sea_orm(default_value = -1)] pub x: i32", number("-1")),
        (
            "#[sea_orm(default_value = 1_000)] pub x: i32",
            number("1000"),
        ),
        (
            "#[sea_orm(default_value = 2.50)] pub x: Decimal",
            number("2.50"),
        ),
        (
            "#[sea_orm(default_value = \"it's\")] pub x: String",
            text("it's"),
        ),
        ("#[sea_orm(default_value = 'y')] pub x: char", text("y")),
        (
            "#[sea_orm(default_expr = \"Expr::current_timestamp()\")] pub x: DateTimeUtc",
            DefaultValue::CurrentTimestamp,
        ),
        (
            "#[sea_orm(default_expr = \"Expr::cust(\\\"CURRENT_DATE\\\")\")] pub x: Date",
            DefaultValue::CurrentDate,
        ),
        (
            "#[sea_orm(default_expr = \"Expr::value(7)\")] pub x: i32",
            number("7"),
        ),
        (
            "#[sea_orm(default_expr = \"Expr::cust(\\\"1 + 1\\\")\")] pub x: i32",
            expression("1 + 1"),
        ),
    ] {
        assert_eq!(column(field).default, Some(default), "{field}");
    }
}

#[test]
fn indexes() {
    let read = table("#[sea_orm(unique)] pub a: i32, #[sea_orm(indexed)] pub b: i32");
    assert_eq!(read.indexes["api_task_a_key"], index(&["a"], true));
    assert_eq!(read.indexes["api_task_b_idx"], index(&["b"], false));
}

#[test]
fn groups_of_fields_have_one_index() {
    let read = table(
        "#[sea_orm(unique_key = \"place\", index_key = \"both\")] pub a: i32,
         #[sea_orm(unique_key = \"place\")] pub b: i32,
         #[sea_orm(index_key = \"both\", index_key = \"alone\")] pub c: i32",
    );
    assert_eq!(read.indexes["api_task_place_key"], index(&["a", "b"], true));
    assert_eq!(read.indexes["api_task_both_idx"], index(&["a", "c"], false));
    assert_eq!(read.indexes["api_task_alone_idx"], index(&["c"], false));
}

#[test]
fn indexes_in_sql() {
    let read = table(
        "#[sea_orm(index = \"(b DESC, a) WHERE b > 0\", index = \"few: (a) INCLUDE (b)\")] pub a: i32,
         #[sea_orm(unique_index = \"(lower(c)) WHERE a IS NULL\")] pub b: i32,
         pub c: String,
         #[sea_orm(index = \"USING gin (data jsonb_path_ops)\", column_type = \"JsonBinary\")] pub data: Json",
    );
    let found = read.indexes.iter().map(|(name, index)| {
        let kind = if index.unique { "unique " } else { "" };
        format!("{name}: {kind}{}", index.as_written())
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            "api_task_b_desc_a_idx: (b DESC, a) WHERE b > 0",
            "api_task_data_jsonb_path_ops_idx: USING gin (data jsonb_path_ops)",
            "api_task_few_idx: (a) INCLUDE (b)",
            "api_task_lower_c_key: unique (lower(c)) WHERE a IS NULL",
        ]
    );
}

#[test]
fn a_condition_is_seaorms_extra() {
    let read = table("#[sea_orm(extra = \"CHECK (price > 0 AND (price) < 9)\")] pub price: i32");
    assert_eq!(
        read.checks["api_task_price_check"].0,
        "price > 0 AND (price) < 9"
    );
}

#[test]
fn names() {
    let names = |fields: &str| {
        table(fields)
            .columns
            .keys()
            .skip(1)
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("pub r#type: i32, pub someThing: i32"),
        ["type", "some_thing"]
    );
    assert_eq!(
        names("#[sea_orm(column_name = \"TheName\")] pub x: i32"),
        ["TheName"]
    );
    assert_eq!(names("#[sea_orm(ignore)] pub x: Anything"), [""; 0]);
    let all = models(
        "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\", rename_all = \"camelCase\")]
         struct Model { #[sea_orm(primary_key)] the_id: i32, #[sea_orm(column_name = \"n\")] the_name: i32 }",
    );
    let columns: Vec<_> = all.schema.tables["t"].columns.keys().collect();
    assert_eq!(columns, ["theId", "n"]);
}

#[test]
fn a_renamed_column_says_what_it_was_called() {
    let all = models(
        "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\")]
         struct Model { #[sea_orm(primary_key)] id: i32, #[sea_orm(renamed_from = \"title\")] name: i32 }",
    );
    let renamed = &all.renamed[0];
    assert_eq!(
        (
            renamed.table.as_str(),
            renamed.from.as_str(),
            renamed.to.as_str()
        ),
        ("t", "title", "name")
    );
}

#[test]
fn a_renamed_table_says_what_it_was_called() {
    let entity = |words: &str| {
        format!(
            "#[derive(DeriveEntityModel)] {words} struct Model {{ #[sea_orm(primary_key)] id: i32 }}"
        )
    };
    let all = models(&entity(
        "#[sea_orm(table_name = \"t\")] #[sea_orm(renamed_from = \"s\")]",
    ));
    assert_eq!(all.renamed_tables, [("s".to_owned(), "t".to_owned())]);
    let first = entity("#[sea_orm(table_name = \"t\", renamed_from = \"s\")]");
    let message = &read(&first).unwrap_err()[0].message;
    assert!(message.contains("an attribute of its own"), "{message}");
}

#[test]
fn words_about_other_things_are_passed_over() {
    column(
        "#[sea_orm(arrow_field, select_as = \"text\", save_as = \"citext\", enum_name = \"X\")] #[serde(skip)] pub x: String",
    );
}

#[test]
fn collations_and_computed_columns_are_seaorms_extra() {
    let read = |extra: &str| {
        column(&format!(
            "#[sea_orm(extra = {extra:?})] pub x: Option<String>"
        ))
    };
    let told = read("COLLATE nocase CHECK (x <> '')").collation;
    assert_eq!(told, Collation::named("NOCASE"));
    let told = read("GENERATED ALWAYS AS (lower(title)) STORED COLLATE \"C\"");
    assert_eq!(told.collation, Collation::named("C"));
    let generated = told.generated.unwrap();
    assert_eq!(generated.expression, "lower(title)");
    assert!(generated.stored);
    assert!(
        !read("GENERATED ALWAYS AS (1) VIRTUAL")
            .generated
            .unwrap()
            .stored
    );
    assert_eq!(read("COLLATE binary").collation, None);
}
