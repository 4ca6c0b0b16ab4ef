//! A server that lets nobody in without TLS.

use restkit::Settings;
use restkit::testing::TestClient;

use crate::certificates::Encrypted;

#[tokio::test]
async fn a_site_reaches_its_database_through_tls() {
    let Some(server) = Encrypted::start() else {
        return;
    };
    let verified = format!(
        "sslmode=verify-full&sslrootcert={}",
        server.file("authority")
    );
    let set = |settings: &mut Settings| settings.database_url = server.url(&verified);
    let mut client = TestClient::with_settings(crate::project(), set).await;
    assert_eq!(client.get("/api/books/").await.status, 200);
    let database = restkit::db::Database::from_url(&server.url("sslmode=disable")).unwrap();
    let refused = database.connect(&Settings::default()).await.unwrap_err();
    let told = format!("{refused:#}");
    assert!(told.contains("add ?sslmode=require"), "{told}");
}
