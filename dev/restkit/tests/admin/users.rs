//! The forms for users, groups and tokens.

use restkit::auth::models::{log_entry, token, user};
use restkit::auth::{has_perm, password, permissions};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};

use crate::{admin, client, page};

crate::both! {
    a_user_is_made_with_groups_and_permissions,
    nobody_makes_a_superuser_of_themselves,
    a_token_is_shown_once,
}

async fn a_user_is_made_with_groups_and_permissions() {
    let mut client = admin().await;
    client
        .post_form(
            "/admin/auth/group/add/",
            &[("name", "editors"), ("permission", "library.view_book")],
        )
        .await;
    let fields = |first, again| {
        [
            ("username", "grace"),
            ("password1", first),
            ("password2", again),
            ("is_active", "true"),
            ("auth_user_group", "1"),
            ("permission", "library.add_book"),
        ]
    };
    let path = "/admin/auth/user/add/";
    let wrong = client
        .post_form(path, &fields("12345678", "x"))
        .await
        .text();
    assert!(
        wrong.contains("This password is entirely numeric.")
            && wrong.contains("The two password fields didn"),
        "{wrong}"
    );
    assert!(
        !wrong.contains("12345678"),
        "a password is never shown again"
    );
    let good = "violet staple mountain";
    let made = client.post_form(path, &fields(good, good)).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let users = user::Entity::find().all(client.db()).await.unwrap();
    let grace = users.iter().find(|user| user.username == "grace").unwrap();
    assert!(password::verify(good, Some(&grace.password)).await.unwrap());
    for permission in ["library.add_book", "library.view_book"] {
        assert!(
            has_perm(client.db(), grace, permission).await.unwrap(),
            "{permission}"
        );
    }
    let form = page(&mut client, "/admin/auth/user/2/change/").await;
    assert!(!form.contains(&grace.password) && !form.contains("name=\"password"));
    let set = [
        ("new_password1", "another good secret"),
        ("new_password2", "another good secret"),
    ];
    assert_eq!(
        client
            .post_form("/admin/auth/user/2/password/", &set)
            .await
            .status,
        303
    );
    let history = page(&mut client, "/admin/auth/user/2/history/").await;
    assert!(history.contains("Password"));
    let logged = log_entry::Entity::find().all(client.db()).await.unwrap();
    assert!(
        !format!("{logged:?}").contains("argon2"),
        "no hash in the history"
    );
}

async fn nobody_makes_a_superuser_of_themselves() {
    let mut client = client().await;
    let boss = client.create_user("boss", true).await.unwrap();
    let mut boss = boss.into_active_model();
    boss.is_superuser = Set(true);
    boss.update(client.db()).await.unwrap();
    let bob = client.create_user("bob", true).await.unwrap();
    client.force_login(&bob).await.unwrap();
    for permission in ["auth.change_user", "auth.add_token"] {
        permissions::grant_user(client.db(), bob.id, permission)
            .await
            .unwrap();
    }
    let fields = [
        ("username", "bob"),
        ("is_active", "true"),
        ("is_superuser", "true"),
        ("is_staff", "true"),
        ("permission", "auth.delete_user"),
        ("password", "x"),
        ("id", "1"),
    ];
    let answer = client
        .post_form("/admin/auth/user/2/change/", &fields)
        .await;
    assert_eq!(answer.status, 303);
    let bob = user::Entity::find_by_id(2)
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    assert!(!bob.is_superuser && bob.password == "!");
    assert!(
        !has_perm(client.db(), &bob, "auth.delete_user")
            .await
            .unwrap()
    );
    assert!(
        has_perm(client.db(), &bob, "auth.change_user")
            .await
            .unwrap(),
        "and none is lost"
    );
    assert_eq!(client.get("/admin/auth/user/1/password/").await.status, 403);
    let token = client
        .post_form("/admin/auth/token/add/", &[("user_id", "1")])
        .await;
    assert!(
        token
            .text()
            .contains("You may make tokens only for yourself.")
    );
    assert_eq!(token::Entity::find().count(client.db()).await.unwrap(), 0);
}

async fn a_token_is_shown_once() {
    let mut client = admin().await;
    client
        .post_form(
            "/admin/auth/token/add/",
            &[("name", "phone"), ("user_id", "1")],
        )
        .await;
    let list = page(&mut client, "/admin/auth/token/").await;
    let key = list.split("it is not shown again: ").nth(1).unwrap()[..64].to_owned();
    let found = restkit::auth::token::user_of(client.db(), &key)
        .await
        .unwrap();
    assert_eq!(found.unwrap().username, "ada");
    let stored = token::Entity::find()
        .one(client.db())
        .await
        .unwrap()
        .unwrap();
    for path in ["/admin/auth/token/", "/admin/auth/token/1/change/"] {
        let page = page(&mut client, path).await;
        assert!(
            !page.contains(&key) && !page.contains(&stored.key_hash),
            "{path}"
        );
    }
}
