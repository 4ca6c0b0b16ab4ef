//! Logging in and out, sessions, passwords, permissions and tokens.

use chrono::{Duration, Utc};
use restkit::auth::models::{group, login_failure, session, user, user_group};
use restkit::auth::{has_perm, permissions, token};
use restkit::site::session as sessions;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};

use crate::{PASSWORD, admin, client, is_in, log_in, page, staff, weak_hash};

crate::both! {
    log_in_and_out,
    strangers_come_to_where_they_wanted_after_logging_in,
    the_session_is_a_new_one_after_the_login,
    cookies_are_for_this_site_and_https_alone,
    a_session_expires_and_is_cleared,
    a_deactivated_user_is_out_at_once,
    a_weak_hash_is_renewed_and_no_session_ends_by_it,
    changing_the_password_ends_the_other_sessions,
    too_many_failures_have_to_wait,
    an_unknown_name_is_answered_like_a_wrong_password,
    permissions_are_the_users_own_and_the_groups,
    a_token_is_stored_as_its_fingerprint,
    staff_see_what_they_are_permitted_to_see,
}

async fn log_in_and_out() {
    let mut client = client().await;
    staff(&client, "ada").await;
    assert!(!is_in(&mut client).await);
    assert_eq!(log_in(&mut client, "ada", "wrong").await, 200);
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 303);
    assert!(is_in(&mut client).await);
    client.post_form("/admin/logout/", &[]).await;
    assert!(!is_in(&mut client).await);
    assert_eq!(session::Entity::find().count(client.db()).await.unwrap(), 0);
}

async fn strangers_come_to_where_they_wanted_after_logging_in() {
    let mut client = client().await;
    let answer = client.get("/admin/auth/user/?page=2").await;
    assert_eq!(answer.status, 303);
    let login = "/admin/login/?next=%2Fadmin%2Fauth%2Fuser%2F%3Fpage%3D2";
    assert_eq!(answer.header("location"), login);
}

async fn the_session_is_a_new_one_after_the_login() {
    let mut client = client().await;
    staff(&client, "ada").await;
    client.get("/admin/login/").await;
    let planted = "0".repeat(64);
    client.set_cookie("sessionid", &planted);
    let token = client.cookie("csrftoken").unwrap().to_owned();
    log_in(&mut client, "ada", PASSWORD).await;
    let first = client.cookie("sessionid").unwrap().to_owned();
    assert_ne!(first, planted);
    assert_ne!(client.cookie("csrftoken").unwrap(), token);
    log_in(&mut client, "ada", PASSWORD).await;
    assert_ne!(client.cookie("sessionid").unwrap(), first);
    let sessions = session::Entity::find().count(client.db()).await.unwrap();
    assert_eq!(sessions, 1, "the first one is over");
}

async fn cookies_are_for_this_site_and_https_alone() {
    let mut client = client().await;
    staff(&client, "ada").await;
    client.get("/admin/login/").await;
    let fields = [("username", "ada"), ("password", PASSWORD)];
    let answer = client.post_form("/admin/login/", &fields).await;
    let cookies = answer.headers.get_all("set-cookie").iter();
    let cookies: Vec<_> = cookies.map(|cookie| cookie.to_str().unwrap()).collect();
    let session = cookies
        .iter()
        .find(|cookie| cookie.starts_with("sessionid="))
        .unwrap();
    for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(session.contains(attribute), "{session}");
    }
    let token = cookies
        .iter()
        .find(|cookie| cookie.starts_with("csrftoken="))
        .unwrap();
    for attribute in ["; Secure", "; SameSite=Lax", "; Path=/"] {
        assert!(token.contains(attribute), "{token}");
    }
}

async fn a_session_expires_and_is_cleared() {
    let mut client = client().await;
    let user = staff(&client, "ada").await;
    client.force_login(&user).await.unwrap();
    let past = Utc::now() - Duration::seconds(1);
    session::Entity::update_many()
        .col_expr(session::Column::ExpiresAt, Expr::value(past))
        .exec(client.db())
        .await
        .unwrap();
    assert!(!is_in(&mut client).await);
    assert_eq!(sessions::clear(client.db()).await.unwrap(), 1);
    assert_eq!(sessions::clear(client.db()).await.unwrap(), 0);
}

async fn a_deactivated_user_is_out_at_once() {
    let mut client = client().await;
    let user = staff(&client, "ada").await;
    client.force_login(&user).await.unwrap();
    let key = token::create(client.db(), user.id, "", None).await.unwrap();
    assert!(is_in(&mut client).await);
    let mut user = user.into_active_model();
    user.is_active = Set(false);
    user.update(client.db()).await.unwrap();
    assert!(!is_in(&mut client).await);
    assert_eq!(token::user_of(client.db(), &key).await.unwrap(), None);
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 200);
}

async fn a_weak_hash_is_renewed_and_no_session_ends_by_it() {
    let mut client = client().await;
    let user = staff(&client, "ada").await;
    let mut weak = user.into_active_model();
    weak.password = Set(weak_hash());
    let weak = weak.update(client.db()).await.unwrap();
    client.force_login(&weak).await.unwrap();
    let elsewhere = client.cookie("sessionid").unwrap().to_owned();
    client.set_cookie("sessionid", "");
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 303);
    let found = user::Entity::find_by_id(weak.id)
        .one(client.db())
        .await
        .unwrap();
    let renewed = found.unwrap().password;
    assert_ne!(renewed, weak.password);
    assert!(!restkit::auth::password::is_outdated(&renewed));
    client.set_cookie("sessionid", &elsewhere);
    assert!(is_in(&mut client).await);
}

async fn changing_the_password_ends_the_other_sessions() {
    let mut client = client().await;
    let user = staff(&client, "ada").await;
    client.force_login(&user).await.unwrap();
    let elsewhere = client.cookie("sessionid").unwrap().to_owned();
    client.set_cookie("sessionid", "");
    log_in(&mut client, "ada", PASSWORD).await;

    let path = "/admin/password_change/";
    let new = "violet staple mountain";
    let fields = |old, first, again| {
        [
            ("old_password", old),
            ("new_password1", first),
            ("new_password2", again),
        ]
    };
    let wrong = client
        .post_form(path, &fields("wrong", "12345", "123456"))
        .await
        .text();
    for problem in [
        "Your old password was entered incorrectly.",
        "This password is too short.",
        "This password is entirely numeric.",
        "The two password fields didn",
    ] {
        assert!(wrong.contains(problem), "{problem}");
    }
    let changed = client.post_form(path, &fields(PASSWORD, new, new)).await;
    assert_eq!(changed.status, 303);
    assert!(
        client
            .get("/admin/")
            .await
            .text()
            .contains("Your password was changed.")
    );
    client.set_cookie("sessionid", &elsewhere);
    assert!(!is_in(&mut client).await);
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 200);
    assert_eq!(log_in(&mut client, "ada", new).await, 303);
}

async fn too_many_failures_have_to_wait() {
    let mut client = client().await;
    staff(&client, "ada").await;
    for _ in 0..4 {
        assert_eq!(log_in(&mut client, "ada", "wrong").await, 200);
    }
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 303);
    for _ in 0..5 {
        assert_eq!(log_in(&mut client, "ada", "wrong").await, 200);
    }
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 429);
    let past = Utc::now() - Duration::minutes(16);
    login_failure::Entity::update_many()
        .col_expr(login_failure::Column::FailedAt, Expr::value(past))
        .exec(client.db())
        .await
        .unwrap();
    assert_eq!(log_in(&mut client, "ada", PASSWORD).await, 303);
}

async fn an_unknown_name_is_answered_like_a_wrong_password() {
    let mut client = client().await;
    staff(&client, "zoe").await;
    let mut answers = Vec::new();
    // Names that no hexadecimal token can have in it.
    for name in ["zoe", "ivy"] {
        client.get("/admin/login/").await;
        let fields = [("username", name), ("password", "wrong")];
        let answer = client.post_form("/admin/login/", &fields).await;
        let page = answer.text().replace(name, "NAME");
        // The token in the page is the cookie's, the same for both.
        answers.push((answer.status, page));
    }
    assert_eq!(answers[0], answers[1]);
}

async fn permissions_are_the_users_own_and_the_groups() {
    let client = client().await;
    let db = client.db();
    let user = client.create_user("ada", true).await.unwrap();
    let group = group::ActiveModel {
        name: Set("editors".to_owned()),
        ..Default::default()
    };
    let group = group.insert(db).await.unwrap();
    permissions::grant_user(db, user.id, "library.add_book")
        .await
        .unwrap();
    permissions::grant_group(db, group.id, "library.view_book")
        .await
        .unwrap();
    assert!(has_perm(db, &user, "library.add_book").await.unwrap());
    assert!(!has_perm(db, &user, "library.view_book").await.unwrap());
    let member = user_group::ActiveModel {
        user_id: Set(user.id),
        group_id: Set(group.id),
    };
    member.insert(db).await.unwrap();
    assert!(has_perm(db, &user, "library.view_book").await.unwrap());
    assert!(!has_perm(db, &user, "library.delete_book").await.unwrap());

    let everything = user::Model {
        is_superuser: true,
        ..user.clone()
    };
    assert!(
        has_perm(db, &everything, "library.delete_book")
            .await
            .unwrap()
    );
    let gone = user::Model {
        is_active: false,
        ..everything
    };
    assert!(!has_perm(db, &gone, "library.view_book").await.unwrap());
}

async fn a_token_is_stored_as_its_fingerprint() {
    let client = client().await;
    let db = client.db();
    let user = client.create_user("ada", false).await.unwrap();
    let key = token::create(db, user.id, "phone", None).await.unwrap();
    assert_eq!(token::user_of(db, &key).await.unwrap(), Some(user));
    assert_eq!(token::user_of(db, "wrong").await.unwrap(), None);
    let stored = restkit::auth::models::token::Entity::find()
        .one(db)
        .await
        .unwrap()
        .unwrap();
    assert_ne!(stored.key_hash, key);
    assert_eq!(stored.name, "phone");
}

async fn staff_see_what_they_are_permitted_to_see() {
    let mut client = client().await;
    let user = client.create_user("bob", true).await.unwrap();
    client.force_login(&user).await.unwrap();
    let users = "/admin/auth/user/";
    assert_eq!(client.get(users).await.status, 403);
    assert!(!page(&mut client, "/admin/").await.contains(users));
    let permission = "auth.view_user";
    permissions::grant_user(client.db(), user.id, permission)
        .await
        .unwrap();
    assert_eq!(client.get(users).await.status, 200);
    assert!(page(&mut client, "/admin/").await.contains(users));
    assert_eq!(admin().await.get(users).await.status, 200);
}
