//! `dbshell`: the database's own shell.

use std::process::Command;

use anyhow::Result;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::Settings;
use crate::db::Database;
use crate::http::path::decode_percents;
use crate::manage::{Failure, refuse_missing};

/// Opens `sqlite3` or `psql` with the project's database, and ends with its exit code.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let database = Database::from_url(&settings.database_url)?;
    refuse_missing(&database)?;
    let (mut command, package) = match database {
        Database::Sqlite(options) => {
            let mut command = Command::new("sqlite3");
            command.arg(options.get_filename());
            (command, "sqlite3")
        }
        Database::Postgres(options) => {
            let mut command = Command::new("psql");
            command.envs(variables(&options, &settings.database_url));
            (command, "postgresql-client")
        }
    };
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Err(anyhow::Error::new(error).context(
            Failure::new(format!(
                "`{}` was not found",
                command.get_program().display()
            ))
            .hint(format!(
                "install it; on Debian and Ubuntu: apt install {package}"
            )),
        )),
    }
}

/// The way to the server as libpq's variables (<https://www.postgresql.org/docs/current/libpq-envars.html>): everybody
/// on the machine sees the arguments of a program, and a password among them.
fn variables(options: &PgConnectOptions, url: &str) -> Vec<(&'static str, String)> {
    let host = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => options.get_host().to_owned(),
    };
    let user = options.get_username();
    let mut variables = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", user.to_owned()),
        (
            "PGDATABASE",
            options.get_database().unwrap_or(user).to_owned(),
        ),
        ("PGSSLMODE", ssl_mode(options.get_ssl_mode()).to_owned()),
    ];
    if let Some(options) = options.get_options() {
        variables.push(("PGOPTIONS", options.to_owned()));
    }
    variables.extend(unreadable(url));
    variables
}

/// What sqlx's options do not tell again: the password, and files of TLS.
fn unreadable(url: &str) -> Vec<(&'static str, String)> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut found = Vec::new();
    let user = base
        .split_once("://")
        .and_then(|(_, rest)| rest.rsplit_once('@'));
    if let Some((_, password)) = user.and_then(|(user, _)| user.split_once(':')) {
        found.push(("PGPASSWORD", decode_percents(password)));
    }
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let variable = match name {
            "password" => "PGPASSWORD",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        found.push((variable, decode_percents(value)));
    }
    found
}

fn ssl_mode(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &[(&str, &str)]) {
        let Ok(Database::Postgres(options)) = Database::from_url(url) else {
            panic!("{url}");
        };
        let found = variables(&options, url);
        for (name, value) in expected {
            let mut found = found.iter().filter(|(other, _)| other == name);
            assert_eq!(
                found.next_back().map(|(_, value)| value.as_str()),
                Some(*value),
                "{name} of {url}"
            );
        }
    }

    #[test]
    fn libpq_is_told_where_and_how() {
        check(
            "postgres://ada:a%40b+c%26=d@db.example.com:5433/shop?sslmode=verify-full&sslrootcert=/etc/a%20b.pem",
            &[
                ("PGHOST", "db.example.com"),
                ("PGPORT", "5433"),
                ("PGUSER", "ada"),
                ("PGPASSWORD", "a@b+c&=d"),
                ("PGDATABASE", "shop"),
                ("PGSSLMODE", "verify-full"),
                ("PGSSLROOTCERT", "/etc/a b.pem"),
            ],
        );
        check("postgres://ada@%2Ftmp/shop", &[("PGHOST", "/tmp")]);
        check(
            "postgres://ada@h/shop?options[search_path]=blog&password=x",
            &[("PGOPTIONS", "-c search_path=blog"), ("PGPASSWORD", "x")],
        );
    }
}
