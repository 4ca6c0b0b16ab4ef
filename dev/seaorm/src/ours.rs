//! The tables that backsmith makes.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use backsmith::schema::diff::{Answers, Difference, diff};
use backsmith::schema::parse::{Source, parse};
use backsmith::schema::snapshot::Snapshot;
use backsmith::schema::{Dialect, Schema, sql};

/// The files of Rust in `folder`, as paths below it, with their source.
///
/// # Errors
///
/// If one of them cannot be read.
pub fn sources(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            let inner = sources(&path)?.into_iter();
            found.extend(inner.map(|(below, text)| (format!("{name}/{below}"), text)));
        } else if name.ends_with(".rs") {
            found.push((name, fs::read_to_string(path)?));
        }
    }
    Ok(found)
}

/// The first migration of `models`: paths below the crate's root, with their source.
pub fn script(models: &[(String, String)], dialect: Dialect) -> Result<String> {
    let sources: Vec<Source> = models.iter().map(source).collect();
    let models = match parse(&sources) {
        Ok(models) => models,
        Err(problems) => {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            bail!("backsmith refuses:\n{}", lines.join("\n"));
        }
    };
    match diff(&Schema::default(), &models.schema, &Answers::default()) {
        Difference::Done(operations) => {
            let script = sql::script("compared", &operations, &mut Snapshot::default(), dialect);
            script.map_err(|why| anyhow::anyhow!("{why:?}"))
        }
        Difference::Ask(question) => bail!("{question:?}"),
    }
}

fn source((path, text): &(String, String)) -> Source {
    let parts = path.trim_end_matches(".rs").split('/');
    let modules = parts.filter(|part| *part != "mod").map(str::to_owned);
    Source {
        app: String::new(),
        path: path.clone(),
        module: std::iter::once("crate".to_owned()).chain(modules).collect(),
        text: text.clone(),
    }
}
