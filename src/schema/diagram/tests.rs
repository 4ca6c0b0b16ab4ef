use super::*;
use crate::schema::parse::{Source, parse};

const MODELS: &str = r#"
pub mod author {
    #[sea_orm::model]
    #[derive(DeriveEntityModel)]
    #[sea_orm(table_name = "blog_author")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "Decimal(Some((8, 2)))")]
        pub fee: Decimal,
        #[sea_orm(unique)]
        pub email: String,
    }
}
pub mod post {
    #[sea_orm::model]
    #[derive(DeriveEntityModel)]
    #[sea_orm(table_name = "blog_post")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub author_id: i64,
        pub editor_id: Option<i64>,
        #[sea_orm(belongs_to, relation_enum = "Author", from = "author_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
        #[sea_orm(belongs_to, relation_enum = "Editor", from = "editor_id", to = "id")]
        pub editor: BelongsTo<Option<super::author::Entity>>,
    }
}
"#;

fn diagram(is_shown: impl Fn(&str) -> bool) -> Diagram {
    let source = Source {
        app: "blog".to_owned(),
        path: "src/blog/models.rs".to_owned(),
        module: ["crate", "blog", "models"].map(str::to_owned).to_vec(),
        text: MODELS.to_owned(),
    };
    Diagram::of(&parse(&[source]).unwrap().schema, is_shown)
}

#[test]
fn mermaid_has_tables_keys_and_relations() {
    let expected = "\
erDiagram
    blog_author {
        bigint id PK
        decimal(8-2) fee
        varchar email UK
    }
    blog_post {
        bigint id PK
        bigint author_id FK
        bigint editor_id FK \"null\"
    }
    blog_post }o--|| blog_author : \"author_id\"
    blog_post }o--o| blog_author : \"editor_id\"
";
    assert_eq!(diagram(|_| true).write(Format::Mermaid), expected);
}

#[test]
fn a_table_that_is_only_referred_to_has_a_name() {
    let text = diagram(|table| table == "blog_post").write(Format::Mermaid);
    assert!(
        text.starts_with("erDiagram\n    blog_author\n    blog_post {\n"),
        "{text}"
    );
}

#[test]
fn dot_and_json_say_the_same() {
    let dot = diagram(|_| true).write(Format::Dot);
    for line in [
        "\"blog_post\" -> \"blog_author\" [dir=both, arrowtail=crow, arrowhead=tee, label=\"author_id\"]",
        "<u>id</u> bigint",
        "editor_id bigint?",
    ] {
        assert!(dot.contains(line), "{line} in {dot}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&diagram(|_| true).write(Format::Json)).unwrap();
    assert_eq!(json["tables"][0]["columns"][2]["unique"], true);
    assert_eq!(json["references"][1]["required"], false);
}

#[test]
fn svg_has_every_table_column_and_reference() {
    let svg = diagram(|_| true).write(Format::Svg);
    for words in ["blog_author", "decimal(8, 2)", "varchar unique", "bigint?"] {
        assert!(svg.contains(words), "{words} in {svg}");
    }
    assert_eq!(svg.matches("class=\"arrow\"").count(), 2);
    assert_eq!(svg.matches("stroke-dasharray").count(), 1);
}
