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
