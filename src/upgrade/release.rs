//! The templates of the versions that were released, which this program carries with it.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use include_dir::{Dir, include_dir};
use serde_json::Value;

use crate::scaffold::answers::Answers;
use crate::scaffold::lockfile::slashed;
use crate::scaffold::project::files;
use crate::scaffold::templates::Templates;

/// One `VERSION.json.gz` for each, written by `dev/release`: the SHA-256 of each file, and the texts that no earlier
/// release has.
static RELEASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/releases");

/// The ending of an archive's name.
const ARCHIVE: &str = ".json.gz";

/// A version, to be compared: `0.10.0` is later than `0.9.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u64; 3]);

impl Version {
    /// Reads three numbers with dots between them; what is behind a `-` or `+` is not looked at.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?.split('.');
        let numbers: Vec<u64> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
        numbers.try_into().ok().map(Self)
    }
}

/// The versions that were released, the oldest first.
pub fn versions() -> Vec<String> {
    let names = RELEASES.files().filter_map(|file| {
        let name = file.path().to_str()?.strip_suffix(ARCHIVE)?;
        Some((Version::parse(name)?, name.to_owned()))
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}

/// The templates of a version; `None` if it was never released.
///
/// # Errors
///
/// If an archive is broken.
pub fn find(version: &str) -> Result<Option<Templates>> {
    if !versions().iter().any(|known| known == version) {
        return Ok(None);
    }
    let mut texts = HashMap::new();
    for known in versions() {
        let mut archive = read(&known)?;
        let new = archive["texts"].take();
        for (digest, text) in new.as_object().into_iter().flatten() {
            texts.insert(digest.clone(), text.as_str().unwrap_or_default().to_owned());
        }
        if known == version {
            let files = archive["files"]
                .as_object()
                .context("an archive without files")?;
            let files = files.iter().map(|(path, digest)| {
                let text = digest.as_str().and_then(|digest| texts.get(digest));
                let text = text.with_context(|| format!("release {version} has no {path}"))?;
                Ok((path.clone(), text.clone()))
            });
            return Ok(Some(Templates::of(files.collect::<Result<Vec<_>>>()?)));
        }
    }
    Ok(None)
}

fn read(version: &str) -> Result<Value> {
    let name = format!("{version}{ARCHIVE}");
    let file = RELEASES.get_file(&name);
    let file = file.with_context(|| format!("there is no release {version}"))?;
    let mut text = String::new();
    GzDecoder::new(file.contents()).read_to_string(&mut text)?;
    serde_json::from_str(&text).with_context(|| format!("the release {version} is broken"))
}

/// The files that the templates of a version make of a project, by their paths with slashes.
///
/// # Errors
///
/// If a template is wrong.
pub fn tree(
    templates: &Templates,
    version: &str,
    answers: &Answers,
) -> Result<BTreeMap<String, String>> {
    let files = files(templates, version, answers, "")?.into_iter();
    let files = files.map(|file| {
        let text = String::from_utf8(file.contents);
        let text = text.with_context(|| format!("`{}` is not text", file.path.display()))?;
        Ok((slashed(Path::new(&file.path)), text))
    });
    files.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::answers::Database;
    use crate::scaffold::parts::Part;
    use clap::ValueEnum;

    #[test]
    fn versions_are_compared_as_numbers() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("0.10.0") > version("0.9.1"));
        assert!(version("1.0.0-rc.1") == version("1.0.0"));
        assert_eq!(Version::parse("1.0"), None);
        assert_eq!(Version::parse("one"), None);
    }

    #[test]
    fn every_release_makes_a_project() {
        let answers = Answers {
            module: "core".to_owned(),
            package: "todo".to_owned(),
            database: Database::Sqlite,
            parts: Vec::new(),
        };
        assert!(!versions().is_empty());
        for version in versions() {
            let templates = find(&version).unwrap().unwrap();
            let tree = tree(&templates, &version, &answers).unwrap();
            assert!(tree.contains_key("src/core/settings.rs"), "{version}");
            assert!(tree["Cargo.toml"].contains("name = \"todo\""), "{version}");
        }
        assert!(find("0.0.1").unwrap().is_none());
    }

    /// A project says by its version what it was made of.
    #[test]
    fn what_is_released_does_not_change_any_more() {
        let own = env!("CARGO_PKG_VERSION");
        let Some(released) = find(own).unwrap() else {
            return;
        };
        let answers = Answers {
            module: "core".to_owned(),
            package: "todo".to_owned(),
            database: Database::Postgres,
            parts: Part::value_variants().to_vec(),
        };
        let (kept, now) = (
            tree(&released, own, &answers).unwrap(),
            tree(&Templates::own(), own, &answers).unwrap(),
        );
        let paths = kept.keys().chain(now.keys());
        let changed: Vec<_> = paths
            .filter(|path| kept.get(*path) != now.get(*path))
            .collect();
        assert!(
            changed.is_empty(),
            "{own} is released, and its templates have changed since: raise the version in Cargo.toml ({changed:?})"
        );
    }
}
