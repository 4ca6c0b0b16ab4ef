//! The tested `Cargo.lock`, with the project's own package in the place where cargo writes it.

use std::fmt::Write;

/// The package name that stands for the project in the template lock.
const PLACEHOLDER: &str = "backsmith_project";

/// `lock` with the placeholder's entry renamed to `package` and moved to its place: cargo sorts
/// the entries by name, and `cargo build --locked` accepts no other order.
pub fn for_package(lock: &str, package: &str) -> String {
    let (header, entries) = split(lock);
    let mut entries: Vec<(String, String)> = entries
        .map(|entry| {
            let name = name_of(entry);
            if name == PLACEHOLDER {
                let old = format!("name = \"{PLACEHOLDER}\"");
                let new = format!("name = \"{package}\"");
                (package.to_owned(), entry.replacen(&old, &new, 1))
            } else {
                (name.to_owned(), entry.to_owned())
            }
        })
        .collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0)); // stable: two versions of one crate keep their order
    let mut text = header.to_owned();
    for (_, entry) in entries {
        let _ = write!(text, "\n[[package]]\n{}\n", entry.trim_end());
    }
    text
}

/// The names of all packages in `lock` but the placeholder.
pub fn packages(lock: &str) -> Vec<&str> {
    split(lock)
        .1
        .map(name_of)
        .filter(|name| *name != PLACEHOLDER)
        .collect()
}

fn split(lock: &str) -> (&str, impl Iterator<Item = &str>) {
    let mut parts = lock.split("\n[[package]]\n");
    (parts.next().unwrap_or_default(), parts)
}

fn name_of(entry: &str) -> &str {
    entry
        .strip_prefix("name = \"")
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "# generated\nversion = 4\n\n[[package]]\nname = \"axum\"\nversion = \"0.8.0\"\n\n\
        [[package]]\nname = \"backsmith_project\"\nversion = \"0.1.0\"\ndependencies = [\n \"axum\",\n]\n\n\
        [[package]]\nname = \"zerocopy\"\nversion = \"0.8.0\"\n";

    #[test]
    fn the_project_is_sorted_in_by_its_name() {
        for (package, order) in [
            ("aaa", ["aaa", "axum", "zerocopy"]),
            ("my_site", ["axum", "my_site", "zerocopy"]),
            ("zzz", ["axum", "zerocopy", "zzz"]),
        ] {
            let lock = for_package(LOCK, package);
            assert_eq!(packages(&lock), order);
            assert!(lock.ends_with("\n") && !lock.ends_with("\n\n"));
            assert!(lock.contains(&format!(
                "name = \"{package}\"\nversion = \"0.1.0\"\ndependencies"
            )));
        }
    }

    #[test]
    fn nothing_else_changes() {
        assert_eq!(for_package(LOCK, "backsmith_project"), LOCK);
    }
}
