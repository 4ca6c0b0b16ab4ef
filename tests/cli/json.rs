//! `--json`: what each command prints is what docs/output.schema.json says.

use serde_json::{Value, json};

use crate::folder::Folder;

const SCHEMA: &str = include_str!("../../docs/output.schema.json");

#[track_caller]
fn check(definition: &str, printed: &str) -> Value {
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("a schema");
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let told: Value =
        serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"));
    let wrong: Vec<_> = validator
        .iter_errors(&told)
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}: {told:#}");
    told
}

#[test]
fn every_command_prints_what_its_schema_says() {
    let folder = Folder::new();
    for (definition, line) in [
        ("plan", "startproject core . --dry-run"),
        ("plan", "startproject core . --app api"),
        ("plan", "startapp shop Product title:str --dry-run"),
        ("plan", "startapp shop Product title:str"),
        ("plan", "startmodel shop Tag name:str!"),
        ("makemigrations", "makemigrations --dry-run"),
        ("makemigrations", "makemigrations"),
        ("makemigrations", "makemigrations"),
        ("migrate", "migrate --plan"),
        ("plan", "renameapp shop store --yes"),
        ("plan", "removeapp store --yes"),
        ("plan", "squashmigrations 3 4"),
        ("plan", "add ci"),
        ("upgrade", "upgrade"),
    ] {
        let words: Vec<_> = line.split(' ').chain(["--json"]).collect();
        let told = check(definition, &folder.ok(&words).stdout);
        if definition != "migrate" && definition != "upgrade" {
            let is_written = !line.contains("--dry-run");
            let is_empty = told["steps"] == json!([]);
            assert_eq!(told["written"], json!(is_written && !is_empty), "{line}");
        }
    }
    // What is refused is told to people, and gives programs nothing to misread.
    let refused = folder.refuses(
        2,
        &["startapp", "x", "Y", "z:strr", "--json"],
        &["did you mean str?"],
    );
    assert_eq!(refused.stdout, "");
    folder.refuses(2, &["migrate", "--json"], &["migrate --plan --json"]);
}
