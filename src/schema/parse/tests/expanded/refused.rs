use super::Expanded;
use crate::schema::parse::tests::read;

#[test]
fn what_cannot_be_read_is_refused() {
    let usual = Expanded::default;
    let definitions = |definition: &str| Expanded {
        definitions: format!("Self::Id => ColumnType::Integer.def(), Self::X => {definition}")
            .leak(),
        ..usual()
    };
    for (entity, hint) in [
        (
            definitions("ColumnType::Char(Some(LENGTH)).def()"),
            "unknown column type `ColumnType::Char(Some(LENGTH))`",
        ),
        (
            definitions("ColumnType::Array(RcOrArc::new(ColumnType::Integer)).def()"),
            "only PostgreSQL",
        ),
        (
            definitions("column_x()"),
            "unknown column type `column_x()`",
        ),
        (
            definitions("ColumnType::Integer.def().check(Expr::cust(\"x > 0\"))"),
            "supported: `ColumnType::Integer.def()`",
        ),
        (
            definitions("ColumnType::Integer.def().default(Expr::val(1).add(2))"),
            "this default cannot be read",
        ),
        (
            definitions("ColumnType::Integer.def().comment(TEXT)"),
            "write comment = ",
        ),
        (
            definitions("ColumnType::Integer.def().default_value(\"one\")"),
            "write a whole number",
        ),
        (
            Expanded {
                definitions: "Self::Id => ColumnType::Integer.def()",
                ..usual()
            },
            "says nothing about the column `X`",
        ),
        (
            Expanded {
                definitions: "Self::Id if true => ColumnType::Integer.def(), _ => ColumnType::Integer.def()",
                ..usual()
            },
            "`match` cannot be read",
        ),
        (
            Expanded {
                definitions: "#[cfg(feature = \"x\")] Self::Id => ColumnType::Integer.def(), _ => ColumnType::Integer.def()",
                ..usual()
            },
            "how the program is compiled",
        ),
        (
            Expanded {
                name: "",
                ..usual()
            },
            "impl EntityName for Entity",
        ),
        (
            Expanded {
                name: "impl EntityName for Entity { fn table_name(&self) -> &str { match self.n { 1 => \"a\", _ => \"b\" } } }",
                ..usual()
            },
            "one text",
        ),
        (
            Expanded {
                name: "impl EntityName for Entity { fn table_name(&self) -> &str { let t = \"a\"; t } }",
                ..usual()
            },
            "one expression",
        ),
        (
            Expanded {
                name: "impl EntityName for Entity { fn table_name(&self) -> &str { \"\" } }",
                ..usual()
            },
            "is empty",
        ),
        (
            Expanded {
                name: "impl EntityName for Entity { fn schema_name(&self) -> Option<&str> { Some(\"sys\") } fn table_name(&self) -> &str { \"cake\" } }",
                ..usual()
            },
            "the schema `sys`",
        ),
        (
            Expanded {
                columns: "",
                ..usual()
            },
            "write enum Column in this module",
        ),
        (
            Expanded {
                columns: "enum Column { Id, X }",
                ..usual()
            },
            "DeriveColumn",
        ),
        (
            Expanded {
                columns: "#[derive(DeriveColumn)] enum Column { #[sea_orm(colum_name = \"ID\")] Id, X }",
                ..usual()
            },
            "unknown attribute `colum_name`",
        ),
        (
            Expanded { key: "", ..usual() },
            "enum PrimaryKey in this module",
        ),
        (
            Expanded {
                key: "#[derive(DerivePrimaryKey)] enum PrimaryKey { Id }",
                ..usual()
            },
            "fn auto_increment",
        ),
        (
            Expanded {
                key: "#[derive(DerivePrimaryKey)] enum PrimaryKey { No } impl PrimaryKeyTrait for PrimaryKey { fn auto_increment() -> bool { true } }",
                ..usual()
            },
            "a column `No`",
        ),
        (
            Expanded {
                key: "#[derive(DerivePrimaryKey)] enum PrimaryKey { Id } impl PrimaryKeyTrait for PrimaryKey { fn auto_increment() -> bool { MINE } }",
                ..usual()
            },
            "write `true` or `false`",
        ),
        (
            Expanded {
                model: "#[derive(DeriveModel)] struct Model { id: i32, #[sea_orm(unique)] x: i32 }",
                ..usual()
            },
            "SeaORM passes over `unique` here",
        ),
        (
            Expanded {
                model: "#[derive(DeriveModel)] #[sea_orm(table_name = \"other\")] struct Model { id: i32 }",
                ..usual()
            },
            "SeaORM passes over `table_name`",
        ),
        (
            Expanded {
                relations: "impl RelationTrait for Relation { fn def(&self) -> RelationDef { match self { Self::Shop => to_shop() } } }",
                ..usual()
            },
            "this relation cannot be read",
        ),
    ] {
        let message = entity.refused();
        assert!(message.contains(hint), "{hint}: {message}");
    }
}

#[test]
fn an_entity_that_cannot_be_seen_is_refused() {
    for (text, hint) in [
        (
            "struct Entity; impl EntityTrait for Entity { type Model = Model; }",
            "DeriveEntity",
        ),
        (
            "make! { #[derive(DeriveEntityModel)] struct Model { id: i32 } }",
            "inside of a macro",
        ),
        (
            "#[cfg_attr(feature = \"ssr\", derive(DeriveEntityModel))] struct Model { id: i32 }",
            "how the program is compiled",
        ),
        (
            "#[cfg_attr(feature = \"ssr\", derive(DeriveRelation))] enum Relation {}",
            "how the program is compiled",
        ),
    ] {
        let problem = &read(text).unwrap_err()[0];
        assert!(problem.message.contains(hint), "{problem}");
        assert_eq!(
            (problem.path.as_str(), problem.line),
            ("src/api/models.rs", 1)
        );
    }
}
