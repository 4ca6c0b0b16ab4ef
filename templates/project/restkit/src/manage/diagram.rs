//! `diagram request`

use anyhow::Result;
use axum::http::Method;

use crate::diagram::{NoWay, Way};
use crate::manage::terminal::{Failure, data};
use crate::{Project, Settings, program};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, clap::Subcommand)]
enum Subject {
    /// The way of a request: what it passes, in which order, and where that is written
    Request(RequestArgs),
}

#[derive(Debug, clap::Args)]
struct RequestArgs {
    /// For example GET
    method: String,
    /// For example /api/tasks/1/
    path: String,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    /// For Markdown: code hosts draw it
    Mermaid,
    /// For pages
    Svg,
}

/// Draws the way of a request.
pub(super) fn run(project: &Project, settings: &Settings, args: &Args) -> Result<()> {
    let Subject::Request(args) = &args.subject;
    let method = Method::from_bytes(args.method.to_uppercase().as_bytes());
    let method = method.map_err(|_| {
        let failure = Failure::new(format!("`{}` is no method of HTTP", args.method));
        failure.hint("GET, POST, PUT, PATCH or DELETE").usage()
    })?;
    let routes = (project.routes)();
    let way = Way::find(&routes, settings, &method, &args.path).map_err(|problem| {
        let failure = Failure::new(format!("{method} {}: {problem}", args.path));
        failure.hint(match problem {
            NoWay::NoRoute => format!("{} lists the paths", program::command("routes")),
            NoWay::NoMethod(_) => "ask for one of those".to_owned(),
        })
    })?;
    let text = match args.format {
        Format::Text => way.text(),
        Format::Mermaid => way.mermaid(),
        Format::Svg => way.svg(),
    };
    data(text.trim_end());
    Ok(())
}
