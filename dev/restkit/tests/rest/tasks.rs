//! The six actions.

use serde_json::json;

use crate::{TASKS, client, send};

#[tokio::test]
async fn the_root_lists_the_viewsets() {
    let root = client().await.get("/api/").await;
    assert_eq!(root.json()["tasks"], "http://testserver/api/tasks/");
    assert_eq!(root.header("allow"), "GET, HEAD, OPTIONS");
}

#[tokio::test]
async fn create_list_and_retrieve() {
    let mut client = client().await;
    let created = client
        .post(TASKS, json!({ "title": " pad ", "id": 99, "colour": 1 }))
        .await;
    assert_eq!(created.status, 201);
    assert_eq!(
        created.json(),
        json!({ "id": 1, "title": "pad", "completed": false })
    );
    assert_eq!(created.header("allow"), "GET, POST, HEAD, OPTIONS");
    assert_eq!(created.header("vary"), "Accept, Cookie");

    let list = client.get(TASKS).await.json();
    let page = json!({ "count": 1, "next": null, "previous": null, "results": [created.json()] });
    assert_eq!(list, page);
    assert_eq!(client.get("/api/tasks/1/").await.json(), created.json());
    assert_eq!(client.get("/api/tasks/1").await.json(), created.json());
}

#[tokio::test]
async fn put_keeps_what_need_not_be_sent() {
    let mut client = client().await;
    client
        .post(TASKS, json!({ "title": "a", "completed": true }))
        .await;
    let put = client.put("/api/tasks/1/", json!({ "title": "b" })).await;
    assert_eq!(
        put.json(),
        json!({ "id": 1, "title": "b", "completed": true })
    );
    let refused = client
        .put("/api/tasks/1/", json!({ "completed": false }))
        .await;
    assert_eq!(
        refused.json(),
        json!({ "title": ["This field is required."] })
    );
}

#[tokio::test]
async fn patch_changes_what_is_sent() {
    let mut client = client().await;
    client.post(TASKS, json!({ "title": "a" })).await;
    let patched = client
        .patch("/api/tasks/1/", json!({ "completed": "yes" }))
        .await;
    assert_eq!(
        patched.json(),
        json!({ "id": 1, "title": "a", "completed": true })
    );
    let unchanged = client.patch("/api/tasks/1/", json!({})).await;
    assert_eq!(
        (unchanged.status.as_u16(), unchanged.json()),
        (200, patched.json())
    );
}

#[tokio::test]
async fn delete_needs_no_body_and_reads_none() {
    let mut client = client().await;
    client.post(TASKS, json!({ "title": "a" })).await;
    let deleted = send(&mut client, ("DELETE", "/api/tasks/1/"), "text/plain", "{").await;
    assert_eq!(
        (deleted.status.as_u16(), deleted.text()),
        (204, String::new())
    );
    assert_eq!(client.delete("/api/tasks/1/").await.status, 404);
}

#[tokio::test]
async fn in_a_form_what_is_not_ticked_is_not_sent() {
    let mut client = client().await;
    let form = "application/x-www-form-urlencoded";
    let created = send(&mut client, ("POST", TASKS), form, "title=a&completed=on").await;
    assert_eq!(created.json()["completed"], true);
    let put = send(&mut client, ("PUT", "/api/tasks/1/"), form, "title=b").await;
    assert_eq!(
        put.json(),
        json!({ "id": 1, "title": "b", "completed": false })
    );
    send(
        &mut client,
        ("PUT", "/api/tasks/1/"),
        form,
        "title=b&completed=on",
    )
    .await;
    let patched = send(
        &mut client,
        ("PATCH", "/api/tasks/1/"),
        form,
        "title=c&completed=",
    )
    .await;
    assert_eq!(
        patched.json(),
        json!({ "id": 1, "title": "c", "completed": true })
    );
    let blank = send(&mut client, ("POST", TASKS), form, "title=&completed=").await;
    assert_eq!(
        blank.json(),
        json!({ "title": ["This field may not be blank."] })
    );
}

#[tokio::test]
async fn a_form_may_come_in_parts() {
    let mut client = client().await;
    let body = "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nparts\r\n--x--\r\n";
    let created = send(
        &mut client,
        ("POST", TASKS),
        "multipart/form-data; boundary=x",
        body,
    )
    .await;
    assert_eq!(
        (created.status.as_u16(), &created.json()["title"]),
        (201, &json!("parts"))
    );
    for (kind, body) in [
        ("multipart/form-data", body),
        ("multipart/form-data; boundary=x", "--x\r\nnonsense"),
    ] {
        let refused = send(&mut client, ("POST", TASKS), kind, body).await;
        assert_eq!(refused.status, 400, "{kind}");
    }
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let mut client = client().await;
    for number in 0..101 {
        client.post(TASKS, json!({ "title": number })).await;
    }
    let first = client.get("/api/tasks/?x=1").await.json();
    assert_eq!(first["count"], 101);
    assert_eq!(first["results"].as_array().unwrap().len(), 100);
    assert_eq!(first["next"], "http://testserver/api/tasks/?page=2&x=1");
    let second = client.get("/api/tasks/?page=2").await.json();
    assert_eq!(second["results"][0]["title"], "100");
    assert_eq!(second["previous"], "http://testserver/api/tasks/");
    assert_eq!(client.get("/api/tasks/?page=last").await.json(), second);
    for wrong in ["0", "3", "-1", "x", "18446744073709551616"] {
        let refused = client.get(&format!("/api/tasks/?page={wrong}")).await;
        assert_eq!(
            refused.json(),
            json!({ "detail": "Invalid page." }),
            "{wrong}"
        );
    }
}
