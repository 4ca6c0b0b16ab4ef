//! Names that are safe to become a module, a table prefix, a URL and a Cargo package.

mod model;

use std::fmt;
use std::str::FromStr;

use anyhow::Result;
use heck::ToSnakeCase;

use crate::error::{Exit, Failure};

pub use model::ModelName;

/// PostgreSQL cuts identifiers at 63 bytes; this leaves room for `_<model>_<field>_idx`.
const MAX_LENGTH: usize = 40;

/// Rust's keywords, used and reserved, in every edition up to 2024.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Returns whether Rust keeps `name` for itself, in any edition.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Files and folders to which Cargo gives a meaning of its own.
const CARGO_TARGETS: &[&str] = &[
    "main", "lib", "bin", "build", "tests", "test", "bench", "benches", "example", "examples",
];

/// Crates of the language; `core` is allowed as a project's module, see [`ProjectName`].
const LANGUAGE_CRATES: &[&str] = &["std", "core", "alloc", "proc_macro"];

/// Crates that generated code names; a module of the same name would shadow them.
const DEPENDENCIES: &[&str] = &[
    "restkit",
    "sea_orm",
    "serde",
    "serde_json",
    "eserde",
    "garde",
    "axum",
    "tokio",
];

/// Labels, URLs and tables that restkit has taken.
const RESTKIT_APPS: &[&str] = &["auth", "admin", "static"];

/// Windows keeps these for devices: a folder of such a name cannot be checked out there.
const WINDOWS_DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The name of a project's settings module: `src/NAME/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectName(String);

/// The name of an app: `src/NAME/`, the label of its migrations, the prefix of its tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppName(String);

impl FromStr for ProjectName {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        check(name, "project")?;
        // `mod core;` is fine: only the crate's root must then write `::core` for the library.
        if name != "core" {
            refuse_if_in(name, "project", LANGUAGE_CRATES, "a crate of the language")?;
        }
        Ok(Self(name.to_owned()))
    }
}

impl FromStr for AppName {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        check(name, "app")?;
        refuse_if_in(name, "app", LANGUAGE_CRATES, "a crate of the language")?;
        refuse_if_in(name, "app", RESTKIT_APPS, "an app or a URL of restkit")?;
        Ok(Self(name.to_owned()))
    }
}

impl AsRef<str> for ProjectName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for AppName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The Cargo package for a project in a folder called `folder`: the same name as far as Cargo
/// allows it, else one with `project` in it. `taken` are the packages it must not be called.
pub fn package_name(folder: &str, taken: &[&str]) -> String {
    let name: String = folder
        .to_snake_case()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let name = name.trim_matches('_');
    let is_taken = [
        KEYWORDS,
        CARGO_TARGETS,
        LANGUAGE_CRATES,
        DEPENDENCIES,
        WINDOWS_DEVICES,
        taken,
    ]
    .iter()
    .any(|names| names.iter().any(|other| other.replace('-', "_") == name));
    match name.chars().next() {
        None => "project".to_owned(),
        Some('0'..='9') => format!("project_{name}"),
        Some(_) if is_taken => format!("{name}_project"),
        Some(_) => name.to_owned(),
    }
}

fn check(name: &str, kind: &str) -> Result<()> {
    if !is_snake_case(name) {
        return Err(not_an_identifier(name, kind).into());
    }
    if name.len() > MAX_LENGTH {
        let length = name.len();
        return Err(invalid(
            name,
            kind,
            &format!("{length} characters are more than {MAX_LENGTH}"),
        )
        .hint("choose a shorter name: it becomes part of the names of tables and indexes")
        .into());
    }
    refuse_if_in(name, kind, KEYWORDS, "a keyword of Rust")?;
    refuse_if_in(
        name,
        kind,
        CARGO_TARGETS,
        "a name that Cargo gives a meaning of its own",
    )?;
    refuse_if_in(
        name,
        kind,
        DEPENDENCIES,
        "a crate that the generated code uses",
    )?;
    refuse_if_in(name, kind, WINDOWS_DEVICES, "a device on Windows")
}

/// Lowercase words of letters and digits, joined by single underscores, a letter first: what
/// rustc's own lint accepts as the name of a module.
fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

fn not_an_identifier(name: &str, kind: &str) -> Failure {
    let failure = invalid(name, kind, "it is not an identifier in snake_case");
    let suggestion = name.to_snake_case();
    if is_snake_case(&suggestion) {
        failure.hint(format!(
            "use lowercase letters, digits and underscores, for example `{suggestion}`"
        ))
    } else {
        failure.hint("use lowercase letters, digits and underscores, a letter first")
    }
}

fn refuse_if_in(name: &str, kind: &str, names: &[&str], what: &str) -> Result<()> {
    if !names.contains(&name) {
        return Ok(());
    }
    Err(invalid(name, kind, &format!("it is {what}"))
        .hint(format!("choose another name, for example `my_{name}`"))
        .into())
}

fn invalid(name: &str, kind: &str, why: &str) -> Failure {
    Failure::new(format!(
        "`{}` is not a valid {kind} name: {why}",
        name.escape_debug()
    ))
    .exit(Exit::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_of_a_project() {
        for good in ["core", "api", "my_site", "shop2", "a_1"] {
            assert!(good.parse::<ProjectName>().is_ok(), "{good}");
        }
        let bad = [
            "",
            "1st",
            "My",
            "my-site",
            "a b",
            "_x",
            "x_",
            "a__b",
            "fn",
            "self",
            "Self",
            "type",
            "std",
            "test",
            "main",
            "restkit",
            "../up",
            "naïve",
            "a\0",
            "con",
            "a_name_that_is_a_little_longer_than_forty",
        ];
        for bad in bad {
            assert!(bad.parse::<ProjectName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn apps_also_keep_clear_of_restkit() {
        for bad in ["core", "auth", "admin", "static"] {
            assert!(bad.parse::<AppName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_refusal_suggests_a_name() {
        let error = "MyShop".parse::<AppName>().unwrap_err();
        assert!(crate::error::hint_of(&error).unwrap().contains("`my_shop`"));
    }

    #[test]
    fn any_folder_gives_a_package() {
        let cases = [
            ("my_drf_project", "my_drf_project"),
            ("My Shop", "my_shop"),
            ("tmp.Xy12", "tmp_xy12"),
            ("core", "core_project"),
            ("test", "test_project"),
            ("2026", "project_2026"),
            ("日本", "project"),
            ("sea-orm", "sea_orm_project"),
            ("hyper", "hyper_project"),
        ];
        for (folder, package) in cases {
            assert_eq!(package_name(folder, &["hyper"]), package, "{folder}");
        }
    }
}
