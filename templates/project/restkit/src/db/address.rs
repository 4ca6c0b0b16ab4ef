//! The address of a PostgreSQL server, and what keeps one from reaching it.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// The parameters that sqlx takes from a URL
/// (<https://docs.rs/sqlx/latest/sqlx/postgres/struct.PgConnectOptions.html>).
const KNOWN: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "statement-cache-capacity",
    "user",
];

/// The parameters of libpq that change nothing about where one connects to
/// (<https://www.postgresql.org/docs/current/libpq-connect.html>).
const WITHOUT_EFFECT: &[&str] = &[
    "channel_binding",
    "connect_timeout",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "sslnegotiation",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// A way to a server.
#[derive(Clone, Debug)]
pub struct Address {
    pub options: PgConnectOptions,
    /// Parameters of the URL that have no effect here.
    pub without_effect: Vec<String>,
}

impl FromStr for Address {
    type Err = String;

    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETER=VALUE`.
    ///
    /// # Errors
    ///
    /// Says in a sentence what is wrong with the URL.
    fn from_str(url: &str) -> Result<Self, String> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let mut kept = Vec::new();
        let mut without_effect = Vec::new();
        let mut trusts_system = false;
        for pair in pairs {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let is_option = name.starts_with("options[") || name.starts_with("options%5");
            match name {
                // As in libpq: the authorities that everybody trusts, and the whole check.
                "sslrootcert" if value == "system" => trusts_system = true,
                _ if KNOWN.contains(&name) || is_option => kept.push(pair),
                _ if WITHOUT_EFFECT.contains(&name) => without_effect.push(name.to_owned()),
                "schema" | "currentSchema" | "search_path" => {
                    return Err(format!(
                        "the parameter `{name}` is unknown; write options[search_path]={value}"
                    ));
                }
                _ => return Err(format!("the parameter `{name}` is unknown")),
            }
        }
        let plain = if kept.is_empty() {
            base.to_owned()
        } else {
            format!("{base}?{}", kept.join("&"))
        };
        let options = PgConnectOptions::from_str(&plain).map_err(|error| {
            let error = error.to_string();
            format!(
                "{}; in a name or a password, letters such as @ : / ? # % are percent-encoded: @ is %40",
                error.trim_start_matches("error with configuration: ")
            )
        })?;
        let mut options = unbracketed(options);
        if trusts_system {
            options = options.ssl_mode(PgSslMode::VerifyFull);
        }
        Ok(Self {
            options,
            without_effect,
        })
    }
}

/// Only in a URL is an IPv6 address in brackets.
fn unbracketed(options: PgConnectOptions) -> PgConnectOptions {
    let host = options.get_host().to_owned();
    match host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(host) => options.host(host),
        None => options,
    }
}

/// The server, for people: a host with its port, or a socket's folder.
pub fn server(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// Returns whether others on the way to the server could read along.
pub fn is_clear_text(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let is_here = options.get_socket().is_some()
        || host.starts_with('/')
        || matches!(host, "localhost" | "127.0.0.1" | "::1");
    let may_be_clear = matches!(
        options.get_ssl_mode(),
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer
    );
    !is_here && may_be_clear
}

/// Says what to do about a server that cannot be reached, or lets nobody in.
pub fn hint(error: &sqlx::Error, options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    match error {
        sqlx::Error::Tls(error) if error.to_string().contains("does not support TLS") => {
            "the server has no TLS; turn it on there, or leave sslmode out of DATABASE_URL"
                .to_owned()
        }
        sqlx::Error::Tls(_) => certificate(),
        sqlx::Error::Io(error) if error.to_string().contains("certificate") => certificate(),
        sqlx::Error::Io(_) => {
            format!(
                "check that the server runs, and listens at {}",
                server(options)
            )
        }
        sqlx::Error::Database(error) => {
            let words = error.message();
            match error.code().as_deref().unwrap_or_default() {
                "3D000" => format!("make the database: createdb -O {user} {database}"),
                "28000" if words.contains("no encryption") || words.contains("SSL off") => {
                    "the server wants TLS: add ?sslmode=require to DATABASE_URL, or verify-full".to_owned()
                }
                "28000" if words.contains("does not exist") => {
                    format!("make the role: createuser --pwprompt {user}")
                }
                "28000" => "pg_hba.conf of the server lets nobody in from here by these names".to_owned(),
                "28P01" => "check the password in DATABASE_URL; letters such as @ : / ? # % in it are percent-encoded: @ is %40".to_owned(),
                "42501" => format!("let the role in: GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\""),
                "53300" => "the server has no room for more connections: lower DATABASE_POOL_SIZE, or raise its max_connections".to_owned(),
                "57P03" => "the server is just starting; try again in a moment".to_owned(),
                _ => "check DATABASE_URL".to_owned(),
            }
        }
        _ => "check DATABASE_URL, and that the server runs".to_owned(),
    }
}

fn certificate() -> String {
    "the certificate of the server was not accepted: name its authority by sslrootcert=FILE, and the \
     host as the certificate has it; sslmode=require encrypts without this check"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address, String> {
        url.parse()
    }

    #[test]
    fn urls_say_where_and_how() {
        let here = read("postgres://u:p%40@[::1]:5433/d?sslmode=verify-full").unwrap();
        assert_eq!(here.options.get_host(), "::1");
        assert_eq!(here.options.get_port(), 5433);
        assert!(matches!(here.options.get_ssl_mode(), PgSslMode::VerifyFull));
        let neon = read("postgresql://u:p@h/d?sslmode=require&channel_binding=require").unwrap();
        assert_eq!(neon.without_effect, ["channel_binding"]);
        assert!(!is_clear_text(&neon.options));
        assert!(is_clear_text(&read("postgres://u:p@h/d").unwrap().options));
        assert!(!is_clear_text(
            &read("postgres://u@%2Ftmp/d").unwrap().options
        ));
        let system = read("postgres://u@h/d?sslrootcert=system").unwrap();
        assert!(matches!(
            system.options.get_ssl_mode(),
            PgSslMode::VerifyFull
        ));
        assert!(read("postgres://u@h/d?options[search_path]=shop").is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said() {
        for (url, words) in [
            ("postgres://u@h/d?schema=shop", "options[search_path]=shop"),
            ("postgres://u@h/d?currentSchema=a", "options[search_path]=a"),
            ("postgres://u@h/d?pool_size=3", "`pool_size` is unknown"),
            ("postgres://u:a/b@h/d", "percent-encoded"),
            ("postgres://u@h/d?sslmode=maybe", "maybe"),
        ] {
            let told = read(url).unwrap_err();
            assert!(told.contains(words), "{url}: {told}");
        }
    }
}
