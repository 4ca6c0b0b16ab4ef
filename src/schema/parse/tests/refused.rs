use super::{entity, read, refused};

#[test]
fn problems_are_told_with_file_line_and_column() {
    let problems = read(
        "#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"t\")]\nstruct Model {\n    \
         #[sea_orm(primary_key)]\n    id: i32,\n    x: Complex,\n    #[sea_orm(uniqe)]\n    y: i32,\n}",
    )
    .unwrap_err();
    let shown: Vec<_> = problems
        .iter()
        .map(|problem| {
            problem
                .to_string()
                .split(';')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(
        shown,
        [
            "src/api/models.rs:6:8: unknown field type `Complex`",
            "src/api/models.rs:7:15: unknown attribute `uniqe` of a column",
        ]
    );
}

#[test]
fn what_cannot_be_kept_is_refused_and_the_message_says_what_to_write() {
    for (field, hint) in [
        ("x: Complex", "column_type = "),
        ("x: Dat", "did you mean `Date`?"),
        ("x: Option<string>", "did you mean `String`?"),
        ("x: Vec<i32>", "use Json"),
        (
            "#[sea_orm(column_type = \"Array(Integer)\")] x: X",
            "only PostgreSQL",
        ),
        ("#[sea_orm(column_type = \"Inet\")] x: X", "only PostgreSQL"),
        (
            "#[sea_orm(column_type = \"Strange\")] x: X",
            "supported: String(StringLen::N(200))",
        ),
        ("#[sea_orm(column_type = \"(\")] x: X", "not valid"),
        (
            "#[sea_orm(default_value = \"one\")] x: i32",
            "write a whole number",
        ),
        (
            "#[sea_orm(default_value = 70000)] x: i16",
            "from -32768 to 32767",
        ),
        (
            "#[sea_orm(default_value = true)] x: i32",
            "only a bool has it",
        ),
        (
            "#[sea_orm(default_value = \"abc\", column_type = \"Char(Some(2))\")] x: String",
            "at most 2 characters",
        ),
        ("#[sea_orm(default_expr = \"rand()\")] x: i32", "Expr::cust"),
        (
            "#[sea_orm(default_value = 1, default_expr = \"Expr::value(1)\")] x: i32",
            "one default",
        ),
        (
            "#[sea_orm(extra = \"UNIQUE\")] x: String",
            "CHECK (condition)",
        ),
        (
            "#[sea_orm(extra = \"CHECK (x > 1) CHECK (x > 2)\")] x: i32",
            "each once",
        ),
        (
            "#[sea_orm(extra = \"COLLATE NOCASE\")] x: i32",
            "only a text has a collation",
        ),
        (
            "#[sea_orm(extra = \"GENERATED ALWAYS AS (md5(y)) STORED\")] x: String",
            "does not know all of this expression",
        ),
        (
            "#[sea_orm(default_value = 1, extra = \"GENERATED ALWAYS AS (2) STORED\")] x: i32",
            "the database computes this column",
        ),
        (
            "#[sea_orm(extra = \"CHECK (a) CHECK (b)\")] x: String",
            "CHECK (condition)",
        ),
        ("#[sea_orm(unique, unique)] x: i32", "written twice"),
        ("#[sea_orm(auto_increment = true)] x: i32", "primary key"),
        (
            "#[cfg(feature = \"x\")] x: i32",
            "how the program is compiled",
        ),
        (
            "#[cfg_attr(feature = \"x\", sea_orm(unique))] x: i32",
            "how the program is compiled",
        ),
        ("ID: i32", "two fields are the column `id`"),
        (
            "#[sea_orm(belongs_to, from = \"no\", to = \"id\")] x: BelongsTo<Entity>",
            "no field `no`",
        ),
        (
            "y: i64, #[sea_orm(belongs_to, from = \"y\")] x: BelongsTo<Entity>",
            "to = ",
        ),
        (
            "y: i64, #[sea_orm(belongs_to, from = \"y\", to = \"id\")] x: BelongsTo<super::no::Entity>",
            "no entity of an installed app",
        ),
        (
            "y: i64, #[sea_orm(belongs_to, from = \"y\", to = \"id\", on_delete = \"Explode\")] x: BelongsTo<Entity>",
            "SetNull",
        ),
        (
            "y: Uuid, #[sea_orm(belongs_to, from = \"y\", to = \"id\")] x: BelongsTo<Entity>",
            "must have the same type",
        ),
        (
            "y: i64, z: i64, #[sea_orm(belongs_to, from = \"y\", to = \"z\")] x: BelongsTo<Entity>",
            "not unique",
        ),
    ] {
        let message = refused(field);
        assert!(message.contains(hint), "{field}: {message}");
    }
}

#[test]
fn entities_that_make_no_table_are_refused() {
    let with = |attribute: &str, fields: &str| {
        let text = format!(
            "#[derive(DeriveEntityModel)] #[sea_orm({attribute})] struct Model {{ {fields} }}"
        );
        read(&text).unwrap_err()[0].message.clone()
    };
    let id = "#[sea_orm(primary_key)] id: i32";
    for (attribute, fields, hint) in [
        ("comment = \"x\"", id, "add #[sea_orm(table_name"),
        (
            "table_name = \"t\"",
            "id: i32",
            "add #[sea_orm(primary_key)]",
        ),
        ("table_name = \"\"", id, "is empty"),
        ("table_name = \"sqlite_x\"", id, "is reserved"),
        (
            "table_name = \"t\", schema_name = \"s\"",
            id,
            "options[search_path]=s",
        ),
        (
            "table_name = \"t\", rename_all = \"Train-Case\"",
            id,
            "supported: snake_case",
        ),
    ] {
        let message = with(attribute, fields);
        assert!(message.contains(hint), "{attribute}: {message}");
    }
}

#[test]
fn two_things_of_one_name_are_refused() {
    let twice = format!("mod a {{ {0} }} mod b {{ {0} }}", entity("t", ""));
    let message = &read(&twice).unwrap_err()[0].message;
    assert!(
        message.contains("also the one of the model at"),
        "{message}"
    );
    let same_index = format!(
        "mod a {{ {} }} mod b {{ {} }}",
        entity("api_task", "#[sea_orm(indexed)] x: i32"),
        entity("api", "#[sea_orm(indexed)] task_x: i32")
    );
    let message = &read(&same_index).unwrap_err()[0].message;
    assert!(message.contains("api_task_x_idx"), "{message}");
}

#[test]
fn one_enum_has_one_list_of_values() {
    let model = |module: &str, value: &str| {
        format!(
            "mod {module} {{ {} #[derive(DeriveActiveEnum)] #[sea_orm(db_type = \"Enum\", enum_name = \"mood\")] enum Mood {{ #[sea_orm(string_value = \"{value}\")] A }} }}",
            entity(module, "x: Mood")
        )
    };
    read(&format!("{} {}", model("a", "x"), model("b", "x"))).unwrap();
    let message =
        &read(&format!("{} {}", model("a", "x"), model("b", "y"))).unwrap_err()[0].message;
    assert!(
        message.contains("the enum `mood`") && message.contains("enum_name"),
        "{message}"
    );
    let message = &read(&model("mood", "x")).unwrap_err()[0].message;
    assert!(message.contains("is also a table"), "{message}");
}

#[test]
fn a_variant_says_what_the_database_holds() {
    let text = format!(
        "{} #[derive(DeriveActiveEnum)] #[sea_orm(db_type = \"Enum\")] enum Mood {{ A }}",
        entity("t", "x: Mood")
    );
    let message = &read(&text).unwrap_err()[0].message;
    assert!(message.contains("string_value"), "{message}");
}

#[test]
fn a_relation_in_unclear_code_is_refused() {
    let text = format!(
        "{} impl RelationTrait for Relation {{ fn def(&self) -> RelationDef {{ make(Entity::belongs_to) }} }}",
        entity("t", "")
    );
    let message = &read(&text).unwrap_err()[0].message;
    assert!(message.contains("DeriveRelation"), "{message}");
}

#[test]
fn json_cannot_be_indexed() {
    assert!(refused("#[sea_orm(indexed)] x: Json").contains("JsonBinary"));
    assert!(refused("#[sea_orm(unique_key = \"a\")] x: Json").contains("JsonBinary"));
}

#[test]
fn a_column_refers_to_one_table() {
    let text = format!(
        "mod a {{ {} }} mod b {{ {} }} mod c {{ {} }}",
        entity("a", ""),
        entity("b", ""),
        entity(
            "c",
            "x: i64, #[sea_orm(belongs_to, from = \"x\", to = \"id\")] a: BelongsTo<super::a::Entity>,
             #[sea_orm(belongs_to, from = \"x\", to = \"id\")] b: BelongsTo<super::b::Entity>"
        )
    );
    let message = &read(&text).unwrap_err()[0].message;
    assert!(
        message.contains("mark one of them with `skip_fk`"),
        "{message}"
    );
    read(&text.replace("super::b::", "super::a::")).unwrap();
}

#[test]
fn a_type_of_postgres_alone_is_told_as_such() {
    assert!(refused("x: PgVector").contains("only PostgreSQL can keep `PgVector`"));
    assert!(
        refused("#[sea_orm(column_type = \"Char(Some(LENGTH))\")] x: X")
            .contains("unknown column type")
    );
    assert!(
        refused("#[sea_orm(default_expr = \"Expr::value(1).add(2)\")] x: i32")
            .contains("unknown expression")
    );
}

#[test]
fn a_type_is_told_in_words() {
    let message = refused("#[sea_orm(default_value = 70000)] x: i16");
    assert!(
        message.contains("70000 cannot be the default of a column of whole numbers (i16)"),
        "{message}"
    );
    let message = refused("#[sea_orm(default_value = \"soon\")] x: DateTimeUtc");
    assert!(
        message.contains("default_expr = \"Expr::current_timestamp()\" or a moment"),
        "{message}"
    );
}

/// Without a server of PostgreSQL's at hand nothing else would tell.
#[test]
fn what_one_of_the_databases_does_not_take_is_refused() {
    let long = "c".repeat(64);
    let choice = |values: &str| {
        format!(
            "x: Own }} #[derive(EnumIter, DeriveActiveEnum)]
             #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"own\")]
             pub enum Own {{ {values} "
        )
    };
    let value = |value: &str, name: &str| format!("#[sea_orm(string_value = \"{value}\")] {name},");
    for (field, hint) in [
        (format!("{long}: i32"), "longer than the 63 bytes"),
        ("xmin: i32".to_owned(), "that PostgreSQL gives every table"),
        (
            "#[sea_orm(column_name = \"\")] x: i32".to_owned(),
            "is empty",
        ),
        (
            "#[sea_orm(column_type = \"String(StringLen::N(0))\")] x: String".to_owned(),
            "lengths from 1 to",
        ),
        (
            "#[sea_orm(column_type = \"String(StringLen::N(4294967295))\")] x: String".to_owned(),
            "lengths from 1 to",
        ),
        (
            "#[sea_orm(column_type = \"Decimal(Some((2000, 2)))\")] x: Decimal".to_owned(),
            "numbers of 1 to 1000",
        ),
        (
            "#[sea_orm(default_value = \"a\\0b\")] x: String".to_owned(),
            "leave the NUL out",
        ),
        (
            choice(&[value("a", "A"), value("a", "B")].concat()),
            "has the value `a` twice",
        ),
        (choice(&value(&long, "A")), "the 63 bytes"),
    ] {
        let message = refused(&field);
        assert!(message.contains(hint), "{field}: {message}");
    }
    let key = "#[derive(DeriveEntityModel)] #[sea_orm(table_name = \"t\")]
        struct Model { #[sea_orm(primary_key)] id: Option<i64> }";
    let message = &read(key).unwrap_err()[0].message;
    assert!(message.contains("without Option"), "{message}");
    let twice = format!(
        "mod a {{ {} }} mod b {{ {} }}",
        entity("api_task", "x: i32"),
        entity("API_Task", "x: i32")
    );
    let message = &read(&twice).unwrap_err()[0].message;
    assert!(message.contains("also the one of the model"), "{message}");
}

#[test]
fn an_index_that_cannot_be_is_refused() {
    for (word, hint) in [
        ("index = \"lower(x)\"", "in parentheses"),
        ("index = \"x\"", "\"(owner_id, created_at DESC)\""),
        ("index = 5", "write index = \"...\""),
        ("index = \"(y DESC)\"", "no column `y`; it has: id, x, j"),
        ("index = \"(x) INCLUDE (y)\"", "no column `y`"),
        ("index = \"(j)\"", "JsonBinary"),
        (
            "index = \"(x)\", index = \"(x) WHERE x <> ''\"",
            "as in \"open: (x) WHERE x <> ''\"",
        ),
        ("indexed, index = \"(x)\"", "the name `api_task_x_idx`"),
        (
            "unique_index = \"(md5(x))\"",
            "SQLite does not know all of it",
        ),
        (
            "unique_index = \"(x COLLATE NOCASE)\"",
            "PostgreSQL does not know all of it",
        ),
    ] {
        let message = refused(&format!("#[sea_orm({word})] x: String, j: Json"));
        assert!(message.contains(hint), "{word}: {message}");
    }
}
