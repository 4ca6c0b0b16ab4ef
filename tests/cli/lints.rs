//! The rules of `check` about source: the code that backsmith writes keeps them.

use std::fs;
use std::path::Path;

use backsmith::lint::{File, lint};
use backsmith::schema::parse::Models;
use walkdir::WalkDir;

#[test]
fn what_backsmith_writes_has_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for tree in ["snapshots/project/src", "snapshots/two_apps/src"] {
        let mut files = Vec::new();
        for entry in WalkDir::new(root.join(tree)) {
            let path = entry.expect("a file").into_path();
            let is_source = path.extension().is_some_and(|it| it == "rs");
            if is_source && !path.ends_with("tests.rs") {
                files.push(File {
                    path: path.display().to_string(),
                    text: fs::read_to_string(&path).expect("a text"),
                });
            }
        }
        assert!(files.len() > 4, "{tree} has {} files", files.len());
        assert_eq!(lint(&files, &Models::default()), []);
    }
}
