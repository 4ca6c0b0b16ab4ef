use super::*;
use crate::rest::Guard;
use crate::{Permission, Throttle, ThrottleStore};

/// Settings that are fit for production.
fn fit() -> Settings {
    Settings {
        debug: false,
        secret_key: "abcdefghij0123456789".repeat(3),
        database_url: "sqlite://db.sqlite3".to_owned(),
        allowed_hosts: vec!["example.org".to_owned()],
        secure_cookies: true,
        hsts_seconds: 3600,
        hsts_include_subdomains: true,
        hsts_preload: true,
        ssl_redirect: true,
        num_proxies: 1,
        ..Settings::default()
    }
}

#[test]
fn each_viewset_that_is_open_is_named_once() {
    let guard = |permission| Guard {
        permission,
        throttle: |_| vec![Throttle::anon("1/eon")],
    };
    let page = || async {};
    let routes = Routes::new()
        .get("/open/", page)
        .get("/open/{id}/", page)
        .get("/members/", page)
        .get("/handler/", page)
        .guard("/open/", guard(Permission::AllowAny))
        .guard("/open/{id}/", guard(Permission::AllowAny))
        .guard("/members/", guard(Permission::IsAuthenticatedOrReadOnly));
    let found = open(&routes);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].level, Level::Warning);
    assert!(
        found[0]
            .message
            .ends_with("AllowAny: everybody may use /open/")
    );
    let wrong = throttles(&fit(), &routes).unwrap();
    assert_eq!(wrong.level, Level::Error);
    assert!(wrong.message.contains("`1/eon`"), "{}", wrong.message);
}

#[track_caller]
fn check(settings: Settings, expected: &[&str]) {
    let problems = deploy::settings(&settings);
    let names = problems
        .iter()
        .map(|problem| problem.message.split(' ').next());
    assert_eq!(names.flatten().collect::<Vec<_>>(), expected);
}

#[test]
fn each_setting_that_is_not_fit_is_named() {
    check(fit(), &[]);
    let empty = String::new();
    check(
        Settings {
            secret_key: empty,
            ..fit()
        },
        &["SECRET_KEY"],
    );
    let short = "short".to_owned();
    check(
        Settings {
            secret_key: short,
            ..fit()
        },
        &["SECRET_KEY"],
    );
    let dull = "ab".repeat(40);
    check(
        Settings {
            secret_key: dull,
            ..fit()
        },
        &["SECRET_KEY"],
    );
    let none = Vec::new();
    check(
        Settings {
            allowed_hosts: none,
            ..fit()
        },
        &["ALLOWED_HOSTS"],
    );
    let any = vec!["*".to_owned()];
    check(
        Settings {
            allowed_hosts: any,
            ..fit()
        },
        &["ALLOWED_HOSTS"],
    );
    check(
        Settings {
            debug: true,
            ..fit()
        },
        &["DEBUG"],
    );
    check(
        Settings {
            secure_cookies: false,
            ..fit()
        },
        &["SECURE_COOKIES"],
    );
    for (url, expected) in [
        ("postgres://u@db.example.org/d", &["DATABASE_URL"][..]),
        (
            "postgres://u@db.example.org/d?sslmode=prefer",
            &["DATABASE_URL"],
        ),
        ("postgres://u@db.example.org/d?sslmode=require", &[]),
        ("postgres://u@localhost/d", &[]),
    ] {
        let database_url = url.to_owned();
        check(
            Settings {
                database_url,
                ..fit()
            },
            expected,
        );
    }
    let with = |change: fn(&mut Settings)| {
        let mut settings = fit();
        change(&mut settings);
        settings
    };
    let any = || vec!["*".to_owned()];
    let plain = || vec!["http://app.example.org".to_owned()];
    for (settings, expected) in [
        (with(|it| it.hsts_seconds = 0), "HSTS_SECONDS"),
        (
            with(|it| it.hsts_include_subdomains = false),
            "HSTS_INCLUDE_SUBDOMAINS",
        ),
        (with(|it| it.hsts_preload = false), "HSTS_PRELOAD"),
        (with(|it| it.ssl_redirect = false), "SSL_REDIRECT"),
        (
            Settings {
                cors_allowed_origins: any(),
                ..fit()
            },
            "CORS_ALLOWED_ORIGINS",
        ),
        (
            Settings {
                trusted_origins: plain(),
                ..fit()
            },
            "TRUSTED_ORIGINS",
        ),
        (
            Settings {
                secret_key_fallbacks: any(),
                ..fit()
            },
            "SECRET_KEY_FALLBACKS",
        ),
    ] {
        check(settings, &[expected]);
    }
    check(
        with(|it| it.num_proxies = 0),
        &["NUM_PROXIES", "SSL_REDIRECT"],
    );
}

#[test]
fn several_servers_count_together() {
    let settings = |url: &str, store| Settings {
        database_url: url.to_owned(),
        throttle: vec![Throttle::anon("1/day")],
        throttle_store: store,
        ..fit()
    };
    let (memory, database) = (ThrottleStore::Memory, ThrottleStore::Database);
    let postgres = "postgres://u@localhost/d";
    let told = |settings: Settings| deploy::throttle_store(&settings, &Routes::new()).is_some();
    assert!(told(settings(postgres, memory)));
    assert!(!told(settings(postgres, database)));
    assert!(!told(settings("sqlite://db.sqlite3", memory)));
    let none = Settings {
        throttle: Vec::new(),
        ..settings(postgres, memory)
    };
    assert!(!told(none));
}
