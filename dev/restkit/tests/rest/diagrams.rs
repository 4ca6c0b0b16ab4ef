//! The pictures for those who make a site: the way of a request, and the tables. They are there with DEBUG only.

use restkit::testing::TestClient;

use crate::project::project;

/// A client of the site with DEBUG on or off.
async fn client(debug: bool) -> TestClient {
    TestClient::with_settings(project(), |settings| settings.debug = debug).await
}

const WAY: &str = "/restkit/request/?method=";

#[tokio::test]
async fn a_way_leads_from_the_server_to_the_response() {
    let mut client = client(true).await;
    for (method, path, stations, exits) in [
        (
            "GET",
            "/api/tasks/",
            "server route authentication permission throttle rows action SQL response",
            vec!["404 Not Found", "SELECT .. FROM api_task LIMIT .."],
        ),
        (
            "POST",
            "/api/tasks/",
            "server route authentication permission throttle body transaction validation action SQL response",
            vec!["415 Unsupported Media Type", "TaskRequest", "201 Created"],
        ),
        (
            "PATCH",
            "/api/tasks/1/",
            "server route authentication permission throttle body transaction rows validation action SQL response",
            vec!["412 Precondition Failed", "UPDATE api_task"],
        ),
        (
            "DELETE",
            "/api/members/1/",
            "server route authentication permission throttle body transaction rows action SQL response",
            vec![
                "IsAuthenticatedOrReadOnly",
                "403 Forbidden",
                "204 No Content",
            ],
        ),
    ] {
        let page = client.get(&format!("{WAY}{method}&path={path}")).await;
        assert_eq!(page.status, 200, "{method} {path}");
        let text = page.text();
        let heads = text.split("font-weight=\"bold\" fill=\"#1f2328\">").skip(1);
        let heads = heads.filter_map(|rest| rest.split('<').next());
        let named: Vec<_> = heads.filter(|head| !head.starts_with(['4', '5'])).collect();
        assert_eq!(named.join(" "), stations, "{method} {path}");
        for words in exits {
            assert!(text.contains(words), "{method} {path}: {words}");
        }
    }
}

#[tokio::test]
async fn a_request_without_a_way_says_why() {
    let mut client = client(true).await;
    for (request, words) in [
        ("GET&path=/nothing/", "404 Not Found"),
        (
            "DELETE&path=/api/tasks/",
            "it answers GET, POST, HEAD, OPTIONS",
        ),
        ("%00&path=%22%3E%3Cscript%3E", "404 Not Found"),
    ] {
        let page = client.get(&format!("{WAY}{request}")).await;
        assert_eq!(page.status, 200, "{request}");
        assert!(page.text().contains(words), "{request}");
        assert!(!page.text().contains("<script>"), "{request}");
    }
}

#[tokio::test]
async fn strangers_see_no_pictures() {
    let mut client = client(false).await;
    for path in ["/restkit/models/", "/restkit/request/"] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
}
