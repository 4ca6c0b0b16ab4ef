//! What is published is complete: a program built from the packed crate makes the same projects.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::project::Folder;

#[test]
fn the_packed_crate_makes_the_same_project() {
    let folder = Folder::new("packed/site");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package");
    let target = target.display().to_string();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let target_dir = ["--target-dir", &target];
    let pack = [
        "package",
        "--no-verify",
        "--allow-dirty",
        "--package",
        "backsmith",
    ];
    folder.cargo(&[&pack[..], &["--manifest-path", manifest], &target_dir].concat());

    let name = concat!("backsmith-", env!("CARGO_PKG_VERSION"));
    let packed = format!("{target}/package/{name}.crate");
    let unpacked = tempfile::tempdir().expect("a temporary folder");
    let sources = unpacked.path().display().to_string();
    let unpack = folder
        .command("tar", &["-xzf", &packed, "-C", &sources])
        .status();
    assert!(unpack.is_ok_and(|status| status.success()));

    let manifest = format!("{sources}/{name}/Cargo.toml");
    let run = ["run", "--quiet", "--locked", "--manifest-path", &manifest];
    let make = ["--", "startproject", "core", ".", "--app", "api"];
    folder.cargo(&[&run[..], &target_dir, &make].concat());

    let expected = Folder::new("site");
    expected.backsmith(&make[1..]);
    assert_eq!(files(&folder), files(&expected));
}

/// Every file and its size: the secrets differ, and are equally long.
fn files(folder: &Folder) -> Vec<(String, u64)> {
    let entries = WalkDir::new(folder.path("")).sort_by_file_name();
    let entries = entries.into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry
            .path()
            .strip_prefix(folder.path(""))
            .expect("a path below");
        let size = fs::metadata(entry.path()).expect("metadata").len();
        (path.display().to_string(), size)
    };
    files.map(read).collect()
}
