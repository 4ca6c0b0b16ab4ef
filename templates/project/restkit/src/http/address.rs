//! Addresses of clients.

use std::net::IpAddr;

/// Returns the part of an address that is one client's: of IPv6 the /64 network, which one customer has as a
/// whole. All whose address is not known are one.
pub(crate) fn network(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = address.to_bits() >> 64;
            format!("{network:x}/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: &str) {
        assert_eq!(network(address.parse().ok()), expected, "{address}");
    }

    #[test]
    fn clients_are_told_apart_by_what_they_cannot_choose() {
        check("192.0.2.1", "192.0.2.1");
        check("::ffff:192.0.2.1", "192.0.2.1");
        check("2001:db8:1:2:3:4:5:6", "20010db800010002/64");
        check("2001:db8:1:2:ffff::1", "20010db800010002/64");
        check("2001:db8:1:3::1", "20010db800010003/64");
        check("nonsense", "unknown");
    }
}
