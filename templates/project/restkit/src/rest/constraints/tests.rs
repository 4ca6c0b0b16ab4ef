use super::*;

#[test]
fn no_decimal_is_rounded_without_a_word() {
    let words = |decimal: &str, backend| rounded_by(backend, &decimal.parse().unwrap());
    for kept in ["0", "12345678901234.5", "-0.000001", "1.10", "99999999.99"] {
        assert_eq!(words(kept, DbBackend::Sqlite), None, "{kept}");
    }
    let long = "12345678901234567.89";
    assert!(words(long, DbBackend::Sqlite).is_some());
    assert_eq!(words(long, DbBackend::Postgres), None);
}

#[test]
fn digits_and_places_of_decimals() {
    let total = Some("Ensure that there are no more than 8 digits in total.");
    let places = Some("Ensure that there are no more than 2 decimal places.");
    let whole = Some("Ensure that there are no more than 6 digits before the decimal point.");
    for (text, expected) in [
        ("7", None),
        ("-999999.99", None),
        ("0.00", None),
        ("1e3", None),
        ("1e8", total),
        ("1e999999999999", total),
        ("123456789", total),
        ("1.005", places),
        ("0.001", places),
        ("1e-3", places),
        ("1234567", whole),
        ("x", None),
        ("", None),
    ] {
        assert_eq!(decimal_rule(text, 8, 2).as_deref(), expected, "{text}");
    }
}
