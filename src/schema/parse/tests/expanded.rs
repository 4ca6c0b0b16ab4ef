mod refused;

use super::{models, read};
use crate::schema::{Action, ColumnType, DefaultValue, Index, Table};

/// An entity in the expanded format, whose parts can be replaced one by one.
struct Expanded {
    name: &'static str,
    model: &'static str,
    columns: &'static str,
    key: &'static str,
    definitions: &'static str,
    relations: &'static str,
}

impl Default for Expanded {
    fn default() -> Self {
        Self {
            name: "impl EntityName for Entity { fn table_name(&self) -> &'static str { \"cake\" } }",
            model: "#[derive(DeriveModel, DeriveActiveModel)] pub struct Model { pub id: i32, pub x: Anything }",
            columns: "#[derive(EnumIter, DeriveColumn)] pub enum Column { Id, X }",
            key: "#[derive(EnumIter, DerivePrimaryKey)] pub enum PrimaryKey { Id }
                impl PrimaryKeyTrait for PrimaryKey { type ValueType = i32; fn auto_increment() -> bool { true } }",
            definitions: "Self::Id => ColumnType::Integer.def(), Self::X => ColumnType::Text.def(),",
            relations: "#[derive(EnumIter)] pub enum Relation {}
                impl RelationTrait for Relation { fn def(&self) -> RelationDef { panic!(\"No RelationDef\") } }",
        }
    }
}

impl Expanded {
    fn text(&self) -> String {
        let Self {
            name,
            model,
            columns,
            key,
            definitions,
            relations,
        } = self;
        format!(
            "pub mod cake {{\n#[derive(Copy, Clone, Default, Debug, DeriveEntity)] pub struct Entity;\n{name}\n{model}\n{columns}\n{key}\n
             impl ColumnTrait for Column {{ type EntityName = Entity; fn def(&self) -> ColumnDef {{ match self {{ {definitions} }} }} }}\n
             {relations}\nimpl ActiveModelBehavior for ActiveModel {{}} }}
             pub mod shop {{ #[derive(DeriveEntityModel)] #[sea_orm(table_name = \"shop\")] pub struct Model {{ #[sea_orm(primary_key)] id: i32 }} }}
             #[derive(DeriveActiveEnum)] #[sea_orm(db_type = \"Enum\", enum_name = \"tea\")] enum Tea {{ #[sea_orm(string_value = \"green\")] Green }}"
        )
    }

    fn table(&self) -> Table {
        models(&self.text()).schema.tables["cake"].clone()
    }

    fn refused(&self) -> String {
        match read(&self.text()) {
            Ok(_) => panic!("not refused: {}", self.text()),
            Err(problems) => problems[0].message.clone(),
        }
    }
}

fn defined(definition: &str) -> Table {
    let definitions = format!("Column::Id => ColumnType::Integer.def(), Self::X => {definition},");
    Expanded {
        definitions: definitions.leak(),
        ..Expanded::default()
    }
    .table()
}

#[test]
fn columns_are_an_enum() {
    let table = Expanded::default().table();
    assert_eq!(table.primary_key, ["id"]);
    assert!(table.columns["id"].auto_increment);
    assert_eq!(table.columns["x"].column_type, ColumnType::Text);
    assert!(!table.columns["x"].nullable);
    let read = models(&Expanded::default().text());
    assert_eq!(
        (
            read.models["cake"].name.as_str(),
            read.models["cake"].place.as_str()
        ),
        ("Cake", "src/api/models.rs:4")
    );
}

#[test]
fn a_definition_says_what_an_attribute_says() {
    use ColumnType::*;
    for (definition, column_type) in [
        (
            "ColumnType::String(StringLen::N(20u32)).def()",
            String(Some(20)),
        ),
        ("ColumnType::string(None).def()", String(None)),
        (
            "(ColumnType::Decimal(Some((10, 2)))).def()",
            Decimal(Some((10, 2))),
        ),
        (
            "ColumnType::custom(\"citext\").def()",
            Custom("citext".to_owned()),
        ),
        (
            "ColumnType::Custom(SeaRc::new(Alias::new(\"citext\"))).def()",
            Custom("citext".to_owned()),
        ),
        (
            "sea_orm::prelude::ColumnTypeTrait::def(ColumnType::Uuid)",
            Uuid,
        ),
        (
            "<i64 as sea_orm::sea_query::ValueType>::column_type().def()",
            BigInteger,
        ),
        ("{ ColumnType::Date.def() }", Date),
    ] {
        assert_eq!(
            defined(definition).columns["x"].column_type,
            column_type,
            "{definition}"
        );
    }
    for definition in [
        "super::Tea::db_type().def()",
        "super::Tea::db_type().get_column_type().to_owned().def()",
        "super::Tea::db_type().null()",
    ] {
        let Enum { name, values } = &defined(definition).columns["x"].column_type else {
            panic!("{definition}");
        };
        assert_eq!(
            (name.as_str(), values.as_slice()),
            ("tea", &["green".to_owned()][..])
        );
    }
    let table = defined(
        "ColumnType::Integer.def().null().unique().comment(\"How many\").extra(\"CHECK (x > 0)\").default_value(-1)",
    );
    let column = &table.columns["x"];
    assert!(column.nullable);
    assert_eq!(column.comment.as_deref(), Some("How many"));
    assert_eq!(column.default, Some(DefaultValue::Number("-1".to_owned())));
    assert_eq!(table.indexes["cake_x_key"], Index::over(["x"], true));
    assert_eq!(table.checks["cake_x_check"].0, "x > 0");
    let table = defined(
        "ColumnType::TimestampWithTimeZone.def().indexed().default(Expr::current_timestamp())",
    );
    assert_eq!(
        table.columns["x"].default,
        Some(DefaultValue::CurrentTimestamp)
    );
    assert!(!table.indexes["cake_x_idx"].unique);
    assert_eq!(
        defined("ColumnType::Text.def().default(\"a\")").columns["x"].default,
        Some(DefaultValue::Text("a".to_owned()))
    );
}

#[test]
fn columns_are_called_as_their_variants_say() {
    let named = |columns: &'static str| {
        let definitions = "Self::Id => ColumnType::Integer.def(), _ => ColumnType::Text.def()";
        let table = Expanded {
            columns,
            definitions,
            ..Expanded::default()
        }
        .table();
        table.columns.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        named("#[derive(DeriveColumn)] enum Column { Id, TheName, r#Type }"),
        ["id", "the_name", "type"]
    );
    assert_eq!(
        named("#[derive(DeriveColumn)] enum Column { #[sea_orm(column_name = \"ID\")] Id, X }"),
        ["ID", "x"]
    );
    assert_eq!(
        named(
            "#[derive(DeriveCustomColumn)] enum Column { Id, X, Y } impl IdenStatic for Column { fn as_str(&self) -> &str { match self { Self::X => \"my_x\", _ => self.default_as_str() } } }"
        ),
        ["id", "my_x", "y"]
    );
    assert_eq!(
        named("#[derive(DeriveColumn)] enum Column { #[strum(disabled)] Table, Id }"),
        ["id"]
    );
}

#[test]
fn a_key_may_have_several_columns() {
    let key = "#[derive(DerivePrimaryKey)] enum PrimaryKey { Id, X }
        impl PrimaryKeyTrait for PrimaryKey { fn auto_increment() -> bool { false } }";
    let table = Expanded {
        key,
        ..Expanded::default()
    }
    .table();
    assert_eq!(table.primary_key, ["id", "x"]);
    assert!(!table.columns["id"].auto_increment);
}

#[test]
fn relations_are_code_or_attributes() {
    let code = "#[derive(EnumIter)] pub enum Relation { Shop, Fruit }
        impl RelationTrait for Relation { fn def(&self) -> RelationDef { match self {
            Self::Shop => Entity::belongs_to(super::shop::Entity).from(Column::X).to(super::shop::Column::Id).on_delete(ForeignKeyAction::Cascade).into(),
            Self::Fruit => Entity::has_many(super::fruit::Entity).into(),
        } } }";
    let attributes = "#[derive(EnumIter, DeriveRelation)] pub enum Relation {
        #[sea_orm(belongs_to = \"super::shop::Entity\", from = \"Column::X\", to = \"super::shop::Column::Id\", on_delete = \"Cascade\")] Shop }";
    let definitions = "Self::Id => ColumnType::Integer.def(), Self::X => ColumnType::Integer.def()";
    for relations in [code, attributes] {
        let table = Expanded {
            relations,
            definitions,
            ..Expanded::default()
        }
        .table();
        let key = &table.foreign_keys[&vec!["x".to_owned()]];
        assert_eq!(
            (key.table.as_str(), key.on_delete),
            ("shop", Action::Cascade)
        );
    }
}

#[test]
fn the_table_is_named_in_code_or_in_an_attribute() {
    let table = Expanded {
        name: "impl EntityName for Entity { fn table_name(&self) -> &str { \"cake\" } fn comment(&self) -> Option<&str> { Some(\"Sweet\") } fn schema_name(&self) -> Option<&str> { Some(\"public\") } }",
        ..Expanded::default()
    }
    .table();
    assert_eq!(table.comment.as_deref(), Some("Sweet"));
    let text = Expanded {
        name: "",
        ..Expanded::default()
    }
    .text()
    .replace(
        "pub struct Entity;",
        "#[sea_orm(table_name = \"cake\")] pub struct Entity;",
    );
    assert!(models(&text).schema.tables.contains_key("cake"));
    // The usual format, with a table that is named by hand.
    let text = "#[derive(DeriveEntityModel)] struct Model { #[sea_orm(primary_key)] id: i32 }
        #[derive(DeriveEntity)] struct Entity;
        impl EntityName for Entity { fn table_name(&self) -> &'static str { \"t\" } }";
    assert_eq!(models(text).schema.tables.len(), 1);
}

#[test]
fn parts_may_be_called_otherwise() {
    let text = Expanded::default()
        .text()
        .replace("pub struct Entity;", "#[sea_orm(column = \"Cols\", primary_key = \"Key\", model = \"Row\", relation = \"Rel\")] pub struct Cake;")
        .replace("for Entity", "for Cake")
        .replace("enum Column ", "enum Cols ")
        .replace("for Column", "for Cols")
        .replace("enum PrimaryKey", "enum Key")
        .replace("for PrimaryKey", "for Key")
        .replace("pub struct Model { pub id: i32, pub x", "pub struct Row { pub id: i32, pub x");
    assert_eq!(models(&text).models["cake"].name, "Row");
}
