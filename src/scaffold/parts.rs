//! Parts that a project may have: files for where it is built and served.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::plan::Plan;
use crate::scaffold::templates;

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
}

impl Part {
    /// The folder of its templates, which is what it is called on the command line, too.
    fn folder(self) -> &'static str {
        match self {
            Self::Docker => "parts/docker",
            Self::Compose => "parts/compose",
            Self::Systemd => "parts/systemd",
            Self::Nginx => "parts/nginx",
            Self::Ci => "parts/ci",
        }
    }

    /// Returns what to do with its files: a command or a sentence.
    pub fn next_step(self, package: &str) -> String {
        match self {
            Self::Docker => format!("docker build -t {package} ."),
            Self::Compose => "SECRET_KEY=... docker compose up --build".to_owned(),
            Self::Systemd | Self::Nginx => "read docs/production.md of backsmith".to_owned(),
            Self::Ci => "git add .github".to_owned(),
        }
    }
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

/// Adds the files of a part of the project `package` to a plan.
///
/// # Errors
///
/// If a template is wrong.
pub fn add(plan: &mut Plan, part: Part, package: &str) -> Result<()> {
    let mut values = tera::Context::new();
    values.insert("package", package);
    for file in templates::render(part.folder(), package, &values)? {
        plan.create(named(&file.path, package), file.contents);
    }
    Ok(())
}

/// `deploy/NAME@.service` is called after the package.
fn named(path: &Path, package: &str) -> PathBuf {
    path.to_string_lossy().replace("NAME", package).into()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::plan::Step;

    fn files(part: Part) -> Vec<(String, String)> {
        let mut plan = Plan::new("root");
        add(&mut plan, part, "shop").unwrap();
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
        for part in Part::value_variants() {
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
