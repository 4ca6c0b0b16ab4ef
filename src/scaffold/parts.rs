//! Parts that a project may have: files for where it is built and served, and features of its restkit.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::ValueEnum;
use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

use crate::error::Failure;

use crate::plan::{Plan, Step};
use crate::scaffold::templates::Templates;

/// A part of a project that it can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Part {
    /// Dockerfile and .dockerignore
    Docker,
    /// compose.yaml: the program with PostgreSQL; needs `docker`
    Compose,
    /// deploy/PACKAGE@.service: a service for each port
    Systemd,
    /// deploy/nginx.conf: TLS, and one address for two servers
    Nginx,
    /// .github/workflows/ci.yml: formatting, lints, tests on both databases
    Ci,
    /// Figures for Prometheus, at METRICS_ADDRESS
    Metrics,
    /// Compressed answers, where no proxy in front does it
    Compression,
    /// Files of one's own and a built front end, from a folder or out of the program
    StaticFiles,
}

impl Part {
    /// Returns its files or its feature.
    fn contents(self) -> Contents {
        match self {
            Self::Docker => Contents::Folder("parts/docker"),
            Self::Compose => Contents::Folder("parts/compose"),
            Self::Systemd => Contents::Folder("parts/systemd"),
            Self::Nginx => Contents::Folder("parts/nginx"),
            Self::Ci => Contents::Folder("parts/ci"),
            Self::Metrics => Contents::Feature("metrics"),
            Self::Compression => Contents::Feature("compression"),
            Self::StaticFiles => Contents::Feature("static-files"),
        }
    }

    /// Returns what to do with its files: a command or a sentence.
    pub fn next_step(self, package: &str) -> String {
        match self {
            Self::Docker => format!("docker build -t {package} ."),
            Self::Compose => "SECRET_KEY=... docker compose up --build".to_owned(),
            Self::Systemd | Self::Nginx => "read docs/production.md of backsmith".to_owned(),
            Self::Ci => "git add .github".to_owned(),
            Self::Metrics => "put METRICS_ADDRESS=127.0.0.1:9100 into .env; then: curl 127.0.0.1:9100/metrics".to_owned(),
            Self::Compression => "backsmith runserver".to_owned(),
            Self::StaticFiles => {
                "in urls.rs: .files(\"/media\", Files::folder(\"media\")) or .front_end(Files::folder(\"frontend/dist\")), with use restkit::Files".to_owned()
            }
        }
    }
}

/// The files or the feature of a part.
enum Contents {
    /// The templates of a folder.
    Folder(&'static str),
    /// A feature of restkit.
    Feature(&'static str),
}

/// Returns `parts` in order, each once, with those that they need.
pub fn complete(parts: &[Part]) -> Vec<Part> {
    let mut all = parts.to_vec();
    if all.contains(&Part::Compose) {
        all.push(Part::Docker);
    }
    all.sort();
    all.dedup();
    all
}

/// Adds a part of the project `package` to a plan; `manifest` is the project's Cargo.toml as it was read, which a new
/// project has in its plan.
///
/// # Errors
///
/// If a template is wrong, or a feature cannot be turned on.
pub fn add(
    plan: &mut Plan,
    templates: &Templates,
    part: Part,
    package: &str,
    manifest: Option<&str>,
) -> Result<()> {
    let folder = match part.contents() {
        Contents::Folder(folder) => folder,
        Contents::Feature(feature) => return Ok(turn_on(plan, manifest, feature)?),
    };
    let mut values = tera::Context::new();
    values.insert("package", package);
    for file in templates.render(folder, package, &values)? {
        plan.create(named(&file.path, package), file.contents);
    }
    Ok(())
}

/// The parts whose files are there.
///
/// # Errors
///
/// If a template is wrong.
pub fn found(
    templates: &Templates,
    package: &str,
    is_there: impl Fn(&Path) -> bool,
) -> Result<Vec<Part>> {
    let mut found = Vec::new();
    for part in Part::value_variants() {
        if let Contents::Folder(_) = part.contents() {
            let mut plan = Plan::default();
            add(&mut plan, templates, *part, package, None)?;
            if plan.steps.iter().all(|step| is_there(step.path())) {
                found.push(*part);
            }
        }
    }
    Ok(found)
}

/// Turns a feature on, in the manifest that the plan makes or changes already, or else in the one that was read.
fn turn_on(plan: &mut Plan, manifest: Option<&str>, feature: &str) -> Result<(), Failure> {
    let is_manifest = |step: &&mut Step| step.path() == Path::new("Cargo.toml");
    match plan.steps.iter_mut().find(is_manifest) {
        Some(Step::Create { contents, .. }) => {
            let text = String::from_utf8_lossy(contents).into_owned();
            *contents = with_feature(&text, feature)?.into_bytes();
        }
        Some(Step::Edit { after, .. }) => *after = with_feature(after, feature)?,
        _ => {
            let before = manifest.unwrap_or_default();
            plan.edit("Cargo.toml", before, with_feature(before, feature)?);
        }
    }
    Ok(())
}

/// Returns a manifest in which restkit has one more feature.
fn with_feature(manifest: &str, feature: &str) -> Result<String, Failure> {
    let unclear = || {
        Failure::new("`Cargo.toml` does not say in [dependencies] where restkit is").hint(format!(
            "turn its feature on by hand: features = [\"{feature}\"]"
        ))
    };
    let mut document: DocumentMut = manifest.parse().map_err(|_| unclear())?;
    let restkit = document
        .get_mut("dependencies")
        .and_then(|dependencies| dependencies.get_mut("restkit"))
        .and_then(Item::as_table_like_mut)
        .ok_or_else(unclear)?;
    let features = features_of(restkit).ok_or_else(unclear)?;
    if features.iter().any(|other| other.as_str() == Some(feature)) {
        return Err(
            Failure::new(format!("restkit's feature `{feature}` is on already"))
                .hint("nothing was written"),
        );
    }
    features.push(feature);
    if let Some(inline) = document["dependencies"]["restkit"].as_inline_table_mut() {
        inline.fmt();
    }
    Ok(document.to_string())
}

fn features_of(restkit: &mut dyn TableLike) -> Option<&mut Array> {
    let features = restkit
        .entry("features")
        .or_insert(Item::Value(Value::Array(Array::new())));
    features.as_array_mut()
}

/// `deploy/NAME@.service` is called after the package.
fn named(path: &Path, package: &str) -> PathBuf {
    path.to_string_lossy().replace("NAME", package).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;

    fn files(part: Part) -> Vec<(String, String)> {
        let mut plan = Plan::new("root");
        add(&mut plan, &Templates::own(), part, "shop", None).unwrap();
        let files = plan.steps.into_iter().map(|step| match step {
            Step::Create { path, contents, .. } => {
                let contents = String::from_utf8(contents).unwrap();
                (path.display().to_string(), contents)
            }
            other => panic!("{other:?}"),
        });
        files.collect()
    }

    #[test]
    fn each_part_has_files_without_holes() {
        let parts = Part::value_variants().iter();
        for part in parts.filter(|part| matches!(part.contents(), Contents::Folder(_))) {
            for (path, text) in files(*part) {
                assert!(!path.contains("NAME"), "{path}");
                assert!(
                    !text.contains("{=") && !text.contains("=}"),
                    "{path}: {text}"
                );
            }
        }
        assert_eq!(files(Part::Systemd)[0].0, "deploy/shop@.service");
        assert_eq!(files(Part::Ci)[0].0, ".github/workflows/ci.yml");
        assert!(files(Part::Ci)[0].1.contains("${{ runner.os }}"));
    }

    #[test]
    fn a_part_brings_what_it_needs() {
        assert_eq!(complete(&[Part::Compose]), [Part::Docker, Part::Compose]);
        let twice = [Part::Ci, Part::Docker, Part::Ci];
        assert_eq!(complete(&twice), [Part::Docker, Part::Ci]);
    }

    #[test]
    fn a_feature_is_one_more_word_in_the_manifest() {
        for (before, after) in [
            (
                "[dependencies]\nrestkit = { path = \"restkit\" }\n# end\n",
                "[dependencies]\nrestkit = { path = \"restkit\", features = [\"metrics\"] }\n# end\n",
            ),
            (
                "[dependencies.restkit]\npath = \"restkit\"\nfeatures = [\"compression\"]\n",
                "[dependencies.restkit]\npath = \"restkit\"\nfeatures = [\"compression\", \"metrics\"]\n",
            ),
        ] {
            assert_eq!(with_feature(before, "metrics").unwrap(), after);
            assert!(with_feature(after, "metrics").is_err());
        }
        for wrong in ["", "[dependencies]\nrestkit = \"1\"\n", "["] {
            assert!(with_feature(wrong, "metrics").is_err(), "{wrong}");
        }
    }

    /// docs/production.md shows them for a project called shop.
    #[test]
    fn the_page_shows_the_same_files() {
        let page = include_str!("../../docs/production.md").replace("\r\n", "\n");
        for part in [Part::Systemd, Part::Nginx] {
            let (path, text) = files(part).remove(0);
            let (_, text) = text.split_once('\n').unwrap();
            assert!(
                page.contains(text),
                "{path} differs from docs/production.md"
            );
        }
    }
}
