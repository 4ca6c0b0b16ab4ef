//! The syntax of SQL, for both databases: names in quotes, tokens, comments.

pub mod note;
pub mod token;

/// Writes a name in quotes.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes names in quotes, with commas between them.
pub fn quote_all<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| quote(name)).collect();
    quoted.join(", ")
}
