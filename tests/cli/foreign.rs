//! SeaORM projects that backsmith did not make.

use crate::folder::Folder;

const CAKE: &str = r#"
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cake")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::fruit::Entity")]
    Fruit,
}

impl ActiveModelBehavior for ActiveModel {}
"#;

const FRUIT: &str = r#"
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fruit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub name: String,
    pub cake_id: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::cake::Entity",
        from = "Column::CakeId",
        to = "super::cake::Column::Id",
        on_delete = "Cascade"
    )]
    Cake,
}

impl ActiveModelBehavior for ActiveModel {}
"#;

fn bakery() -> Folder {
    let folder = Folder::new();
    folder.write(
        "src/entity/mod.rs",
        "pub mod cake;\npub mod fruit;\npub mod prelude;\n",
    );
    folder.write(
        "src/entity/prelude.rs",
        "pub use super::cake::Entity as Cake;\n",
    );
    folder.write("src/entity/cake.rs", CAKE);
    folder.write("src/entity/fruit.rs", FRUIT);
    folder
}

#[test]
fn flags_say_where_things_are() {
    let folder = bakery();
    let place = ["--models", "src/entity", "--migrations", "db/migrations"];
    let with = |command: &[&str]| folder.ok(&[command, &place].concat());
    let made = with(&["makemigrations"]);
    assert!(
        made.stdout
            .contains("db/migrations/{sqlite,postgres}/0001_initial.up.sql"),
        "{made:?}"
    );
    let up = folder.read("db/migrations/postgres/0001_initial.up.sql");
    assert!(
        up.contains("CREATE TABLE \"fruit\"") && up.contains("ON DELETE CASCADE"),
        "{up}"
    );
    with(&["makemigrations", "--check"]);
    with(&["migrate", "--database-url", "sqlite://cakes.db"]);
    let list = with(&["showmigrations", "--database-url", "sqlite://cakes.db"]);
    assert_eq!(list.stdout, "(no app)\n [X] 0001_initial\n");

    folder.edit(
        "src/entity/cake.rs",
        "pub name: String",
        "pub name: String,\n    pub gluten: Option<bool>",
    );
    with(&["makemigrations"]);
    assert!(
        folder
            .path("db/migrations/sqlite/0002_cake_gluten.up.sql")
            .exists()
    );
}

#[test]
fn backsmith_toml_says_it_once() {
    let folder = bakery();
    folder.write(
        "backsmith.toml",
        "[migrations]\nmodels = \"src/entity\"\nfolder = \"sql\"\n",
    );
    folder.ok(&["makemigrations"]);
    assert!(folder.path("sql/sqlite/0001_initial.up.sql").exists());
}

#[test]
fn models_that_are_not_there() {
    let folder = Folder::new();
    let words = ["no models at `src/entity`", "--models"];
    folder.refuses(1, &["makemigrations", "--models", "src/entity"], &words);
}

const EXPANDED: &str = r#"use sea_orm::entity::prelude::*;

#[derive(Copy, Clone, Default, Debug, DeriveEntity)]
pub struct Entity;

impl EntityName for Entity {
    fn schema_name(&self) -> Option<&str> {
        Some("public")
    }

    fn table_name(&self) -> &'static str {
        "cake"
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveModel, DeriveActiveModel)]
pub struct Model {
    pub id: i32,
    pub name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveColumn)]
pub enum Column {
    Id,
    Name,
}

#[derive(Copy, Clone, Debug, EnumIter, DerivePrimaryKey)]
pub enum PrimaryKey {
    Id,
}

impl PrimaryKeyTrait for PrimaryKey {
    type ValueType = i32;

    fn auto_increment() -> bool {
        true
    }
}

#[derive(Copy, Clone, Debug, EnumIter)]
pub enum Relation {
    Fruit,
}

impl ColumnTrait for Column {
    type EntityName = Entity;

    fn def(&self) -> ColumnDef {
        match self {
            Self::Id => ColumnType::Integer.def(),
            Self::Name => ColumnType::String(StringLen::None).def(),
        }
    }
}

impl RelationTrait for Relation {
    fn def(&self) -> RelationDef {
        match self {
            Self::Fruit => Entity::has_many(super::fruit::Entity).into(),
        }
    }
}

impl ActiveModelBehavior for ActiveModel {}
"#;

#[test]
fn an_entity_may_change_its_format_and_stay_the_same_table() {
    let folder = bakery();
    let place = ["--models", "src/entity"];
    let with = |command: &[&str]| folder.ok(&[command, &place].concat());
    with(&["makemigrations"]);
    folder.write("src/entity/cake.rs", EXPANDED);
    with(&["makemigrations", "--check"]);
    folder.edit(
        "src/entity/cake.rs",
        "StringLen::None).def()",
        "StringLen::None).def().unique()",
    );
    with(&["makemigrations"]);
    let up = folder.read("migrations/postgres/0002_cake_name_key.up.sql");
    assert!(up.contains("CREATE UNIQUE INDEX \"cake_name_key\""), "{up}");
}

#[test]
fn what_an_entity_says_in_code_that_cannot_be_read_is_refused_where_it_stands() {
    let folder = bakery();
    let refused = |from: &str, to: &str, words: &[&str]| {
        folder.write("src/entity/cake.rs", &EXPANDED.replace(from, to));
        folder.refuses(
            1,
            &["makemigrations", "--models", "src/entity"],
            &[&["nothing was written"], words].concat(),
        );
    };
    refused(
        "\"public\"",
        "\"sweet\"",
        &[
            "src/entity/cake.rs:8:9: the schema `sweet`",
            "options[search_path]=sweet",
        ],
    );
    refused(
        "ColumnType::Integer.def()",
        "id_column()",
        &["src/entity/cake.rs:51:25: unknown column type `id_column()`"],
    );
    assert!(!folder.path("migrations").exists());
}
