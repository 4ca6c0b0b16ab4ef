//! `backsmith startapp NAME`

use std::env::current_dir;

use anyhow::{Context, Result};

use crate::apply::apply;
use crate::error::Failure;
use crate::name::AppName;
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::app;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The app's name: its folder, its URL and the prefix of its tables
    name: String,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// Adds an app to the project in the current folder.
pub fn run(args: Args) -> Result<()> {
    let name: AppName = args.name.parse()?;
    let project = Project::find(&current_dir().context("could not tell the current folder")?)?;
    let plan = plan(&project, &name)?;
    if args.dry_run {
        ui::preview(&plan);
        return Ok(());
    }
    apply(&plan)?;
    ui::done(&format!("Created the app {name}:"), &plan);
    ui::next_steps(&plan.next);
    Ok(())
}

fn plan(project: &Project, name: &AppName) -> Result<Plan> {
    refuse_existing(project, name)?;
    let mut plan = Plan::new(&project.root);
    let anchors = app::Anchors {
        lib: &project.lib,
        settings: &project.settings,
        urls: &project.urls,
    };
    app::add(&mut plan, name, anchors)?;
    plan.next = vec![
        format!("look at src/{name}/models.rs, then:"),
        "backsmith makemigrations".to_owned(),
        "backsmith migrate".to_owned(),
        format!("backsmith runserver    # http://127.0.0.1:8000/{name}/tasks/"),
    ];
    Ok(plan)
}

fn refuse_existing(project: &Project, name: &AppName) -> Result<()> {
    let name = name.as_ref();
    if project.apps.iter().any(|app| app.label == name) {
        return Err(
            Failure::new(format!("the app `{name}` is installed already"))
                .hint(format!(
                    "its code is in src/{name}; choose another name for a new app"
                ))
                .into(),
        );
    }
    for path in [format!("src/{name}"), format!("src/{name}.rs")] {
        if project.root.join(&path).exists() {
            return Err(Failure::new(format!(
                "`{path}` exists already, so `{name}` cannot be the name of an app"
            ))
            .hint("nothing was written; choose another name")
            .into());
        }
    }
    Ok(())
}
