//! The tables of `entities/` are the same whether SeaORM or backsmith makes them.

#[path = "../../../tests/support/cluster.rs"]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
mod cluster;
mod entities;

use std::path::Path;

use cluster::Cluster;
use seaorm_compare::{Theirs, on_postgres, on_sqlite, sources};

fn theirs() -> Theirs {
    Theirs::default()
        .with::<entities::author::Entity>()
        .with::<entities::authorship::Entity>()
        .with::<entities::book::Entity>()
        .with::<entities::kinds::Entity>()
        .with::<entities::loan::Entity>()
        .with::<entities::shelf::Entity>()
        .with::<entities::ticket::Entity>()
}

fn models() -> Vec<(String, String)> {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/entities")).expect("the entities")
}

#[tokio::test]
async fn sqlite_gets_the_same_tables() {
    let differences = on_sqlite(&theirs(), &models()).await.expect("tables");
    assert!(differences.is_empty(), "{:#?}", differences.lines());
}

#[tokio::test]
async fn postgres_gets_the_same_tables() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("compare");
    let differences = on_postgres(&theirs(), &models(), &url)
        .await
        .expect("tables");
    assert!(differences.is_empty(), "{:#?}", differences.lines());
}

#[tokio::test]
async fn a_difference_is_told() {
    let models: Vec<_> = models()
        .into_iter()
        .map(|(path, text)| {
            (
                path,
                text.replace(
                    "pub name: String,\n    #[sea_orm(indexed)]",
                    "pub name: Option<i64>,",
                ),
            )
        })
        .collect();
    let differences = on_sqlite(&theirs(), &models).await.expect("tables");
    assert_eq!(
        differences.lines(),
        [
            "- author is indexed by (born)",
            "- author.name is not null",
            "- author.name: varchar",
            "+ author.name: integer",
        ]
    );
}
