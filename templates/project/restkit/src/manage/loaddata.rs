//! `loaddata`: rows from JSON, such as `dumpdata` writes.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::db::Database;
use crate::fixtures::{Fixtures, Options, load};
use crate::manage::terminal::{counted, say};
use crate::manage::{Failure, migrate, refuse_missing};
use crate::{Project, Settings, program};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files, or `-` for the standard input; a bare name is also looked for in `fixtures/` and `src/APP/fixtures/`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Pass over models and fields that do not exist
    #[arg(short, long, visible_alias = "ignorenonexistent")]
    ignore_nonexistent: bool,
}

/// Writes the rows of all files, or none. A row whose key exists is replaced.
pub(super) async fn run(project: &Project, settings: &Settings, args: &Args) -> Result<()> {
    let apps = (project.installed_apps)();
    let labels: Vec<_> = apps.iter().map(|app| app.label()).collect();
    let files = args.files.iter().map(|file| read(file, &labels));
    let files = files.collect::<Result<Vec<_>>>()?;
    // Foreign keys are put off by whoever owns the tables.
    let database = Database::from_url(migrate::url(settings))?;
    refuse_missing(&database)?;
    let mut fixtures = Fixtures::connect(&database).await?;
    let tables = fixtures.tables(&apps).await?;
    if tables.is_empty() {
        return Err(Failure::new("the database has no tables yet")
            .hint(format!("make them: {}", program::command("migrate")))
            .into());
    }
    let options = Options {
        ignores_nonexistent: args.ignore_nonexistent,
    };
    let loaded = load(&mut fixtures, &tables, &files, options).await.with_context(|| {
        Failure::new("nothing was loaded").hint("mend the file, and load it again; --ignore-nonexistent passes over what does not exist")
    })?;
    if loaded.passed_over > 0 {
        say(format!(
            "Passed over {} of models that do not exist.",
            counted(loaded.passed_over, "object")
        ));
    }
    say(format!(
        "Installed {} from {}.",
        counted(loaded.objects, "object"),
        counted(files.len(), "fixture")
    ));
    Ok(())
}

/// Reads a file, and gives it the name that errors say.
fn read(file: &Path, labels: &[&str]) -> Result<(String, String)> {
    if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("could not read the standard input")?;
        return Ok(("the standard input".to_owned(), text));
    }
    let places = places(file, labels);
    let Some(found) = places.iter().find(|place| place.is_file()) else {
        let looked: Vec<_> = places
            .iter()
            .map(|place| format!("`{}`", place.display()))
            .collect();
        return Err(
            Failure::new(format!("there is no file `{}`", file.display()))
                .hint(format!("looked for {}", looked.join(", ")))
                .into(),
        );
    };
    let name = found.display().to_string();
    let text =
        std::fs::read_to_string(found).with_context(|| format!("could not read `{name}`"))?;
    Ok((name, text))
}

/// The places of a file: itself, and by its bare name the folders of fixtures.
fn places(file: &Path, labels: &[&str]) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::new()];
    if file.components().count() == 1 {
        folders.push("fixtures".into());
        folders.extend(
            labels
                .iter()
                .map(|label| Path::new("src").join(label).join("fixtures")),
        );
    }
    let mut places = Vec::new();
    for folder in folders {
        places.push(folder.join(file));
        if file.extension().is_none() {
            places.push(folder.join(file).with_extension("json"));
        }
    }
    places
}
