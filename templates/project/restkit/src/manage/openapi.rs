//! `openapi`

use clap::Args as ClapArgs;
use clap::ValueEnum;

use crate::manage::terminal::data;
use crate::openapi::Format;
use crate::{Project, openapi};

#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// How to write it
    #[arg(long, value_enum, default_value_t = Form::Yaml)]
    format: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Yaml,
    Json,
}

/// Writes the document to stdout; it needs neither a server nor a database.
pub(super) fn run(project: &Project, args: &Args) {
    let format = match args.format {
        Form::Yaml => Format::Yaml,
        Form::Json => Format::Json,
    };
    // A setting that cannot be read, such as a missing DATABASE_URL, does not change the API.
    let settings = (project.settings)().unwrap_or_default();
    let document = openapi::document(project.name, &(project.routes)(), &settings);
    data(openapi::text(&document, format).trim_end());
}
