//! Hosts as requests name them.

/// Returns the name of a host, without its port.
pub(crate) fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_ports() {
        for (host, name) in [
            ("example.com", "example.com"),
            ("example.com:8000", "example.com"),
            ("[::1]", "[::1]"),
            ("[::1]:8000", "[::1]"),
            ("example.com:http", "example.com:http"),
            ("", ""),
        ] {
            assert_eq!(host_name(host), name);
        }
    }
}
