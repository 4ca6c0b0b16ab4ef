//! How often clients may ask.

use axum::body::Body;
use axum::http::Request;
use restkit::auth::models::throttle;
use restkit::testing::{TestClient, TestResponse};
use restkit::{Settings, Site, Throttle, ThrottleStore, server};
use sea_orm::{EntityTrait, PaginatorTrait};
use tower::ServiceExt;

use crate::access::{ill_written, project};

const ANON: &str = "/api/anon-throttled/";
const USER: &str = "/api/user-throttled/";
const STORES: [ThrottleStore; 2] = [ThrottleStore::Memory, ThrottleStore::Database];

async fn client(store: ThrottleStore) -> TestClient {
    TestClient::with_settings(project(), |settings| {
        settings.throttle_store = store;
        settings.num_proxies = 1;
    })
    .await
}

async fn from(client: &mut TestClient, address: &str, path: &str) -> TestResponse {
    let request = Request::builder()
        .uri(path)
        .header("x-forwarded-for", address);
    client.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn anonymous_clients_are_counted_by_address() {
    for store in STORES {
        let mut client = client(store).await;
        assert_eq!(from(&mut client, "192.0.2.1", ANON).await.status, 200);
        // An older address in the header is whatever the client liked to write.
        assert_eq!(
            from(&mut client, "1.1.1.1, 192.0.2.1", ANON).await.status,
            200
        );
        let refused = from(&mut client, "192.0.2.1", ANON).await;
        assert_eq!(refused.status, 429);
        let seconds: u64 = refused.header("retry-after").parse().unwrap();
        assert!((86_390..=86_400).contains(&seconds), "{seconds}");
        let detail = format!("Request was throttled. Expected available in {seconds} seconds.");
        assert_eq!(refused.json()["detail"], detail);
        assert_eq!(from(&mut client, "192.0.2.2", ANON).await.status, 200);

        assert_eq!(from(&mut client, "2001:db8::1", ANON).await.status, 200);
        assert_eq!(from(&mut client, "2001:db8::2", ANON).await.status, 200);
        assert_eq!(
            from(&mut client, "2001:db8::3", ANON).await.status,
            429,
            "one network"
        );
    }
}

#[tokio::test]
async fn users_are_counted_wherever_they_are() {
    for store in STORES {
        let mut client = client(store).await;
        for name in ["ada", "bob"] {
            let user = client.create_user(name, false).await.unwrap();
            client.force_authenticate(&user).await.unwrap();
            for _ in 0..4 {
                assert_eq!(
                    from(&mut client, "192.0.2.1", ANON).await.status,
                    200,
                    "{name}"
                );
            }
            assert_eq!(from(&mut client, "192.0.2.1", USER).await.status, 200);
            assert_eq!(from(&mut client, "192.0.2.2", USER).await.status, 200);
            assert_eq!(from(&mut client, "192.0.2.3", USER).await.status, 429);
        }
        client.credentials("");
        assert_eq!(from(&mut client, "192.0.2.1", USER).await.status, 200);
    }
}

#[tokio::test]
async fn who_is_not_permitted_is_not_counted() {
    let mut client = client(ThrottleStore::Memory).await;
    let user = client.create_user("ada", false).await.unwrap();
    for _ in 0..3 {
        assert_eq!(client.get("/api/uploads/").await.status, 401);
    }
    client.force_authenticate(&user).await.unwrap();
    assert_eq!(client.get("/api/uploads/").await.status, 200);
    let refused = client.get("/api/uploads/").await;
    assert_eq!(refused.status, 429);
    assert_eq!(
        client.get("/api/authenticated/").await.status,
        200,
        "another scope"
    );
}

#[tokio::test]
async fn the_settings_count_for_all_viewsets_together() {
    let mut client = TestClient::with_settings(project(), |settings| {
        settings.throttle = vec![Throttle::anon("2/hour")];
    })
    .await;
    assert_eq!(client.get("/api/owner/").await.status, 200);
    assert_eq!(client.get("/api/model-or-anonymous/").await.status, 200);
    assert_eq!(client.get("/api/owner/").await.status, 429);
    assert_eq!(client.get(ANON).await.status, 200, "it has its own");
}

#[tokio::test]
async fn several_servers_count_together_in_the_database() {
    let client = client(ThrottleStore::Database).await;
    let settings = client.site().settings().clone();
    let servers = [
        client.site().clone(),
        Site::new(&project(), settings, client.db().clone()).unwrap(),
    ];
    let requests = (0..40).map(|number| {
        let app = server::router(&servers[number % 2]);
        let request = Request::builder()
            .uri(ANON)
            .header("host", "testserver")
            .header("x-forwarded-for", "192.0.2.1")
            .body(Body::empty())
            .unwrap();
        tokio::spawn(app.oneshot(request))
    });
    let requests: Vec<_> = requests.collect();
    let mut admitted = 0;
    for request in requests {
        let status = request.await.unwrap().unwrap().status();
        assert!(status == 200 || status == 429, "{status}");
        admitted += u32::from(status == 200);
    }
    assert_eq!(admitted, 2);
    let rows = throttle::Entity::find().count(client.db()).await.unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn an_ill_written_rate_is_told_before_the_first_request() {
    let client = TestClient::new(project()).await;
    let settings = client.site().settings().clone();
    let new = |project, settings: Settings| Site::new(&project, settings, client.db().clone());
    let problem = |site: restkit::Result<Site>| site.err().unwrap().to_string();
    let in_viewset = problem(new(ill_written(), settings.clone()));
    let in_settings = problem(new(
        project(),
        Settings {
            throttle: vec![Throttle::user("ten/day")],
            ..settings
        },
    ));
    assert_eq!(
        in_viewset,
        "`IllWritten` is wrong: the throttle rate `100/fortnight` of `anon` is not understood; write a number and a period: 100/day, 20/hour, 5/minute or 1/second"
    );
    assert!(
        in_settings.starts_with("the settings are wrong: the throttle rate `ten/day` of `user`"),
        "{in_settings}"
    );
}
