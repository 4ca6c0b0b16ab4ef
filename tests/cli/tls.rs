//! PostgreSQL behind TLS, as it is rented.

use crate::certificates::Encrypted;
use crate::folder::Folder;

#[test]
fn a_server_that_wants_tls() {
    let Some(server) = Encrypted::start() else {
        return;
    };
    let folder = Folder::with_app();
    let (own, stranger) = (server.file("authority"), server.file("stranger"));
    for good in [
        "",
        "sslmode=require",
        &format!("sslmode=verify-ca&sslrootcert={own}"),
        &format!("sslmode=verify-full&sslrootcert={own}&channel_binding=prefer"),
    ] {
        folder.ok(&["migrate", "--database-url", &server.url(good)]);
    }
    let wrong_host = server.url(&format!("sslmode=verify-full&sslrootcert={own}"));
    let wrong_host = wrong_host.replace("localhost", "127.0.0.1");
    for (bad, words) in [
        (server.url("sslmode=disable"), "add ?sslmode=require"),
        (
            server.url(&format!("sslmode=verify-full&sslrootcert={stranger}")),
            "the certificate of the server was not accepted",
        ),
        (
            server.url("sslmode=verify-full"),
            "the certificate of the server was not accepted",
        ),
        (wrong_host, "the certificate of the server was not accepted"),
        (server.url("schema=shop"), "options[search_path]=shop"),
        (
            server
                .url("sslmode=require")
                .replace("/postgres?", "/missing?"),
            "createdb -O postgres missing",
        ),
    ] {
        folder.refuses(1, &["migrate", "--database-url", &bad], &[words]);
    }
}
