//! What `cargo package` takes along, and that manifests which have to agree do.

use std::collections::BTreeSet;
use std::process::Command;

use toml_edit::DocumentMut;
use walkdir::WalkDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The program reads its templates at build time: one that is not in the package is missing in the
/// installed program.
#[test]
fn the_package_has_every_template() {
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--list",
            "--allow-dirty",
            "--offline",
            "--package",
            "backsmith",
        ])
        .current_dir(ROOT)
        .output()
        .expect("cargo runs");
    let listed = String::from_utf8_lossy(&output.stdout);
    let packaged: BTreeSet<&str> = listed.lines().collect();
    let templates = WalkDir::new(format!("{ROOT}/templates"));
    let templates = templates.into_iter().flatten();
    let mut seen = 0;
    for template in templates.filter(|entry| entry.file_type().is_file()) {
        let path = template.path().strip_prefix(ROOT).expect("a path below");
        let path = path.display().to_string();
        assert!(packaged.contains(path.as_str()), "{path} is not packaged");
        seen += 1;
    }
    assert!(seen > 50, "{seen} templates");
}

/// `dev/restkit` compiles the template's sources: it has to do so with the same dependencies.
#[test]
fn restkit_has_one_list_of_dependencies() {
    let read = |path: &str| {
        let text = std::fs::read_to_string(format!("{ROOT}/{path}")).expect("a manifest");
        let manifest: DocumentMut = text.parse().expect("TOML");
        let table = |name: &str| {
            let table = manifest[name].as_table_like().expect("a table");
            let entries = table.iter();
            let entries = entries.map(|(name, value)| (name.to_owned(), value.to_string()));
            entries.collect::<BTreeSet<_>>()
        };
        table("dependencies")
    };
    let template = read("templates/project/restkit/Cargo.toml.tera");
    assert_eq!(read("dev/restkit/Cargo.toml"), template);
}
