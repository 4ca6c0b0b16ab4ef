//! Rules for usernames, email addresses and passwords, in Django's words.

use garde::rules::email::parse_email;
use strsim::normalized_levenshtein;

const MIN_LENGTH: usize = 8;

/// How alike a password and an attribute may be, from 0 to 1.
const MAX_SIMILARITY: f64 = 0.7;

/// The passwords that everybody tries first, one a line: the list that Django has, by Royce Williams.
const COMMON: &str = include_str!("common_passwords.txt");

/// Returns the mistake in a username.
pub fn username(username: &str) -> Option<&'static str> {
    let is_allowed = |c: char| c.is_alphanumeric() || "@.+-_".contains(c);
    if username.is_empty() {
        return Some("This field cannot be blank.");
    }
    if !username.chars().all(is_allowed) || username.chars().count() > 150 {
        return Some(
            "Enter a valid username. At most 150 letters, numbers, and @/./+/-/_ characters.",
        );
    }
    None
}

/// Returns the mistake in an email address, by the rule of `#[garde(email)]`; an empty one is fine.
pub fn email(email: &str) -> Option<&'static str> {
    let is_good = email.is_empty() || parse_email(email).is_ok();
    (!is_good).then_some("Enter a valid email address.")
}

/// Returns the mistakes in `password` for a user with these attributes, such as `("username", "ada")`.
pub fn validate(password: &str, attributes: &[(&str, &str)]) -> Vec<String> {
    let mut problems = Vec::new();
    let lower = password.to_lowercase();
    let similar = attributes
        .iter()
        .find(|(_, value)| is_similar(&lower, &value.to_lowercase()));
    if let Some((name, _)) = similar {
        problems.push(format!("The password is too similar to the {name}."));
    }
    if password.chars().count() < MIN_LENGTH {
        problems.push(format!(
            "This password is too short. It must contain at least {MIN_LENGTH} characters."
        ));
    }
    if COMMON.lines().any(|common| common == lower) {
        problems.push("This password is too common.".to_owned());
    }
    if !password.is_empty() && password.chars().all(|c| c.is_ascii_digit()) {
        problems.push("This password is entirely numeric.".to_owned());
    }
    problems
}

/// Compares with the whole attribute and with its words, such as the parts of an address.
fn is_similar(password: &str, attribute: &str) -> bool {
    let words = attribute.split(|c: char| !c.is_alphanumeric());
    words
        .chain([attribute])
        .filter(|word| word.chars().count() >= 3)
        .any(|word| {
            password.contains(word) && word.len() * 2 > password.len()
                || normalized_levenshtein(password, word) >= MAX_SIMILARITY
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, expected: &[&str]) {
        let attributes = [
            ("username", "ada.lovelace"),
            ("email", "ada@analytical.org"),
        ];
        assert_eq!(validate(password, &attributes), expected, "{password}");
    }

    #[test]
    fn good_passwords() {
        check("correct horse battery", &[]);
        check("Zürich-Übung", &[]);
    }

    #[test]
    fn bad_passwords() {
        check(
            "short",
            &["This password is too short. It must contain at least 8 characters."],
        );
        check("password", &["This password is too common."]);
        check("Password", &["This password is too common."]);
        check("8301947562", &["This password is entirely numeric."]);
        check(
            "ada.lovelace",
            &["The password is too similar to the username."],
        );
        check(
            "lovelace1",
            &["The password is too similar to the username."],
        );
        check("analytical", &["The password is too similar to the email."]);
    }
}
