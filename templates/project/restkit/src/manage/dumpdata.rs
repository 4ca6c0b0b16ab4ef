//! `dumpdata`: the rows of the apps as JSON.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::db::Database;
use crate::fixtures::{Fixtures, Selection, Table};
use crate::manage::terminal::say;
use crate::manage::{Failure, refuse_missing};
use crate::{Project, Settings};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The apps and models to write, all if none is named: `api`, `api.task`
    #[arg(value_name = "APP[.MODEL]")]
    names: Vec<String>,
    /// Leave out an app or a model
    #[arg(short, long, value_name = "APP[.MODEL]")]
    exclude: Vec<String>,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Spread each row over lines, indented by so many spaces
    #[arg(long, value_name = "SPACES", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u8).range(0..=16))]
    indent: u8,
}

/// Writes the rows as they are at one moment, also while the site is served, without keeping it waiting.
pub(super) async fn run(project: &Project, settings: &Settings, args: &Args) -> Result<()> {
    let database = Database::from_url(&settings.database_url)?;
    refuse_missing(&database)?;
    let mut fixtures = Fixtures::connect(&database).await?;
    fixtures.begin_reading().await?;
    let mut tables = fixtures.tables(&(project.installed_apps)()).await?;
    let selection = Selection {
        wanted: &args.names,
        unwanted: &args.exclude,
    };
    if let Some(name) = selection.unknown(&tables) {
        return Err(unknown(name, &tables).into());
    }
    tables.retain(|table| selection.has(table));
    let indent = usize::from(args.indent);
    let Some(file) = &args.output else {
        let mut to = BufWriter::new(stdout().lock());
        return match write(&mut fixtures, &tables, indent, &mut to).await {
            // Whoever reads has seen enough: `dumpdata | head`.
            Err(error) if is_broken_pipe(&error) => Ok(()),
            written => written.map(drop),
        };
    };
    let part = PathBuf::from(format!("{}.part", file.display()));
    let hint = || {
        Failure::new(format!("could not write `{}`", part.display()))
            .hint("check its folder, and the room on the disk")
    };
    let mut to = BufWriter::new(File::create(&part).with_context(hint)?);
    let written = write(&mut fixtures, &tables, indent, &mut to).await;
    let written = match written {
        Ok(written) => to
            .into_inner()
            .map_err(|error| error.into_error())
            .and_then(|file| file.sync_all())
            .with_context(hint)
            .map(|()| written),
        failed => failed,
    };
    finish(written, &part, file)
}

/// Gives a file that was written its name, and removes one that was not.
fn finish(written: Result<u64>, part: &Path, file: &Path) -> Result<()> {
    match written {
        Ok(number) => {
            std::fs::rename(part, file)
                .with_context(|| format!("could not write `{}`", file.display()))?;
            say(format!("Wrote {number} objects to {}.", file.display()));
            Ok(())
        }
        Err(error) => {
            let _ = std::fs::remove_file(part);
            Err(error)
        }
    }
}

/// Writes a list with a row a line, or spread, and returns how many rows there are.
async fn write<W: Write>(
    fixtures: &mut Fixtures,
    tables: &[Table],
    indent: usize,
    to: &mut W,
) -> Result<u64> {
    let mut number = 0;
    to.write_all(b"[")?;
    for table in tables {
        let before = number;
        let mut written = 0;
        let separate = |to: &mut W| {
            let separator: &[u8] = if before + written == 0 { b"\n" } else { b",\n" };
            written += 1;
            to.write_all(separator)
        };
        number += fixtures.dump(table, indent, to, separate).await?;
    }
    to.write_all(if number == 0 { b"]\n" } else { b"\n]\n" })?;
    to.flush()?;
    Ok(number)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn unknown(name: &str, tables: &[Table]) -> Failure {
    let mut known: Vec<_> = tables.iter().map(|table| table.model.as_str()).collect();
    known.sort_unstable();
    Failure::new(format!("there is no app or model `{name}`"))
        .hint(format!("the models are {}", known.join(", ")))
        .usage()
}
