//! The same on PostgreSQL.

use restkit::db::Database;
use restkit::testing::TestClient;

use super::{cursors, filters, library};
use crate::cluster::Cluster;

#[tokio::test]
async fn on_postgres_all_is_found_too() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.create_database("library");
    let db = Database::from_url(&url).unwrap().connect().await.unwrap();
    library::fill(&db).await;
    let mut client = TestClient::with_database(library::project(), db).unwrap();
    filters::check(&mut client).await;
    cursors::check(&mut client).await;
}
