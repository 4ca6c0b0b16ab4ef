//! The Cargo workspaces around a new project.

use std::path::{Component, Path, PathBuf};

use toml_edit::{DocumentMut, Item};

use crate::error::Failure;
use crate::project::read_toml;

/// Fails if a workspace above `root` takes every folder there for one of its members: a project is a
/// workspace of its own, and Cargo refuses both where one is in the other.
///
/// # Errors
///
/// Names the workspace and what to write there.
pub fn check_around(root: &Path) -> Result<(), Failure> {
    for folder in root.ancestors().skip(1) {
        // One that cannot be read is no matter of the new project's.
        let Ok(manifest) = read_toml(&folder.join("Cargo.toml")) else {
            continue;
        };
        let below = root.strip_prefix(folder).unwrap_or(root);
        if is_member(&manifest, below) {
            return Err(claimed(&folder.join("Cargo.toml"), below));
        }
    }
    Ok(())
}

fn claimed(manifest: &Path, below: &Path) -> Failure {
    let (manifest, below) = (manifest.display(), below.display());
    Failure::new(format!(
        "the workspace of `{manifest}` takes `{below}` for one of its members, and a project is a workspace of its own"
    ))
    .hint(format!(
        "nothing was written; write there, in [workspace]: exclude = [\"{below}\"]; or choose a folder outside of it"
    ))
}

fn is_member(manifest: &DocumentMut, below: &Path) -> bool {
    let Some(workspace) = manifest.get("workspace") else {
        return false;
    };
    let paths = |key: &str| -> Vec<PathBuf> {
        let list = workspace.get(key).and_then(Item::as_array);
        let texts = list.into_iter().flatten();
        texts
            .filter_map(|it| it.as_str().map(PathBuf::from))
            .collect()
    };
    let is_excluded = paths("exclude").iter().any(|it| below.starts_with(it));
    !is_excluded && paths("members").iter().any(|it| matches(it, below))
}

/// Returns whether `path` is one that `pattern`, which may have `*` and `?` in its parts, stands for.
fn matches(pattern: &Path, path: &Path) -> bool {
    let parts = |path: &Path| -> Vec<String> {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect()
    };
    let (pattern, path) = (parts(pattern), parts(path));
    let mut pairs = pattern.iter().zip(&path);
    pattern.len() == path.len() && pairs.all(|(pattern, part)| part_matches(pattern, part))
}

fn part_matches(pattern: &str, part: &str) -> bool {
    let mut letters = part.chars();
    match pattern.chars().next() {
        None => part.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            let mut ends = part.char_indices().map(|(at, _)| at).chain([part.len()]);
            ends.any(|at| part_matches(rest, &part[at..]))
        }
        Some(letter) => {
            let same = letters
                .next()
                .is_some_and(|it| letter == '?' || it == letter);
            same && part_matches(&pattern[letter.len_utf8()..], letters.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_told_from_others() {
        let manifest: DocumentMut =
            "[workspace]\nmembers = [\"./a\", \"crates/*\", \"x?/*-é\"]\nexclude = [\"crates/old\"]\n"
                .parse()
                .unwrap();
        for (path, is) in [
            ("a", true),
            ("b", false),
            ("crates/demo", true),
            ("crates/demo/deep", false),
            ("crates/old", false),
            ("crates", false),
            ("x1/my-é", true),
            ("x12/my-é", false),
        ] {
            assert_eq!(is_member(&manifest, Path::new(path)), is, "{path}");
        }
    }
}
