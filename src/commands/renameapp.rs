//! `backsmith renameapp OLD NEW`

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap_complete::ArgValueCompleter;
use walkdir::WalkDir;

use crate::apply::{apply, remove_empty};
use crate::commands::project::find;
use crate::commands::removeapp::{find_own, other_sources, roots, tables_of};
use crate::commands::startapp::refuse_existing;
use crate::error::{Exit, Failure};
use crate::migrations::changes::{self, Options};
use crate::migrations::{Layout, candidates, models, runtime};
use crate::name::AppName;
use crate::plan::Plan;
use crate::project::{AppSource, Project};
use crate::prompt;
use crate::questions::Flags;
use crate::rust::edit;
use crate::schema::parse;
use crate::ui;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The app as it is called now
    #[arg(add = ArgValueCompleter::new(candidates::own_apps))]
    old: String,
    /// Its new name
    new: String,
    /// Rename it without asking
    #[arg(long, short)]
    yes: bool,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what is written as JSON
    #[arg(long)]
    json: bool,
    /// Never ask: fail without --yes
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// The two names, and what follows from them.
struct Renaming<'p> {
    project: &'p Project,
    app: &'p AppSource,
    new: AppName,
    /// Tables by their old and their new names.
    tables: Vec<(String, String)>,
}

/// Gives an app another name: its folder, every path that leads through it, and by a migration its tables.
pub fn run(args: Args) -> Result<()> {
    let new: AppName = args.new.parse()?;
    let project = find()?;
    let app = find_own(&project, &args.old)?;
    refuse_existing(&project, &new)?;
    let layout = Layout::of(&project);
    let renaming = Renaming {
        project: &project,
        app,
        tables: tables(&layout, app, &new)?,
        new,
    };
    let (mut plan, folders) = renaming.plan()?;
    let (steps, is_migrated) = renaming.migration(&layout)?;
    plan.steps.extend(steps);
    if is_migrated {
        plan.next
            .push("backsmith migrate    # renames its tables; no row is lost".to_owned());
    }
    plan.next.push(format!(
        "# its address is what it was, so that no client breaks: `.nest(...)` in {} says it",
        project.urls.path.display()
    ));
    if !args.dry_run {
        consent(&args, &plan)?;
    }
    let title = format!("Renamed the app {} to {}:", app.label, renaming.new);
    ui::carry_out(&plan, apply, &title, (args.dry_run, args.json))?;
    if !args.dry_run {
        remove_empty(&project.root, &folders);
    }
    Ok(())
}

/// The tables that are called after the app.
fn tables(layout: &Layout, app: &AppSource, new: &AppName) -> Result<Vec<(String, String)>> {
    let models = models::read(layout)?;
    let tables = tables_of(&models, &app.label).into_iter();
    let renamed = tables.filter_map(|table| {
        let rest = table.strip_prefix(&app.label)?.strip_prefix('_')?;
        let to = format!("{new}_{rest}");
        Some((table, to))
    });
    let renamed: Vec<_> = renamed.collect();
    if let Some((_, taken)) = renamed
        .iter()
        .find(|(_, to)| models.schema.tables.contains_key(to))
    {
        return Err(Failure::new(format!("there is a table `{taken}` already"))
            .hint("nothing was written; choose another name")
            .into());
    }
    Ok(renamed)
}

impl Renaming<'_> {
    /// The files that move and change; and the folders that are empty then.
    fn plan(&self) -> Result<(Plan, Vec<std::path::PathBuf>)> {
        let mut plan = Plan::new(&self.project.root);
        let mut folders = Vec::new();
        let to = Path::new("src").join(self.new.as_ref());
        for entry in WalkDir::new(self.project.root.join(&self.app.folder)).sort_by_file_name() {
            let entry = entry.context("could not list the app's files")?;
            let path = entry.path().strip_prefix(&self.project.root)?.to_owned();
            if entry.file_type().is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(entry.path()).with_context(|| {
                Failure::new(format!("`{}` is no text", path.display()))
                    .hint("nothing was written; move the file away, and back afterwards")
            })?;
            let after = match path.extension().and_then(|it| it.to_str()) {
                Some("rs") => self.renamed(&text),
                Some("json") => text.replace(
                    &format!("\"{}.", self.app.label),
                    &format!("\"{}.", self.new),
                ),
                _ => text.clone(),
            };
            plan.create(to.join(path.strip_prefix(&self.app.folder)?), after);
            plan.remove(path, text);
        }
        for source in other_sources(self.project, self.app)? {
            let mut after = self.through(&source.text);
            if source.path == self.project.lib.path {
                after = edit::remove_module(&after, &self.app.label)?;
                after = edit::add_module(&after, self.new.as_ref())?;
            }
            plan.edit(&source.path, source.text, after);
        }
        Ok((plan, folders))
    }

    /// Paths through the app, and its tables in quotes: in SQL, and where models say their names.
    fn through(&self, text: &str) -> String {
        let roots = roots(self.project);
        let roots: Vec<_> = roots.iter().map(String::as_str).collect();
        let text = edit::rename_module(text, &roots, &self.app.label, self.new.as_ref()).0;
        edit::replace_literals(&text, |literal| {
            let mut literal = literal.to_owned();
            for (from, to) in &self.tables {
                literal = literal.replace(&format!("\"{from}\""), &format!("\"{to}\""));
                literal = literal.replace(&format!("\\\"{from}\\\""), &format!("\\\"{to}\\\""));
            }
            literal
        })
    }

    /// A file of the app itself: its label, too, alone and before permissions such as `api.change_task`.
    fn renamed(&self, text: &str) -> String {
        let (old, new) = (&self.app.label, &self.new);
        let label = (
            format!("App::new(\"{old}\")"),
            format!("App::new(\"{new}\")"),
        );
        let text = self.through(text).replace(&label.0, &label.1);
        edit::replace_literals(&text, |literal| {
            let inner = literal
                .strip_prefix('"')
                .and_then(|it| it.strip_suffix('"'));
            let rest = inner.and_then(|it| it.strip_prefix(old)?.strip_prefix('.'));
            let is_word = |rest: &&str| rest.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            match rest.filter(is_word) {
                Some(rest) => format!("\"{new}.{rest}\""),
                None => literal.to_owned(),
            }
        })
    }

    /// The files of the migration that renames the tables.
    fn migration(&self, layout: &Layout) -> Result<(Vec<crate::plan::Step>, bool)> {
        let sources = models::sources(layout)?.into_iter().map(|mut source| {
            let is_own = source.app == self.app.label;
            source.text = if is_own {
                self.renamed(&source.text)
            } else {
                self.through(&source.text)
            };
            if is_own {
                self.new.as_ref().clone_into(&mut source.app);
                self.move_source(&mut source);
            }
            source
        });
        let mut layout = layout.clone();
        for app in &mut layout.apps {
            if app.label == self.app.label {
                self.new.as_ref().clone_into(&mut app.label);
            }
        }
        let flags = Flags::settled(self.tables.iter().cloned());
        let name = format!("renamed_from_{}", self.app.label);
        let options = Options::settled(flags, Some(name));
        let found = changes::find_after(&layout, sources.collect(), &options);
        let mut found = runtime()?.block_on(found)?;
        found.append(
            &self.names(&self.app.label, self.new.as_ref()),
            &self.names(self.new.as_ref(), &self.app.label),
        );
        Ok((found.plan(&layout).steps, !found.migrations.is_empty()))
    }

    /// `crate::old::models`, `src/old/models.rs`.
    fn move_source(&self, source: &mut parse::Source) {
        if let Some(module) = source.module.get_mut(1) {
            self.new.as_ref().clone_into(module);
        }
        let old = format!("src/{}/", self.app.label);
        source.path = source.path.replacen(&old, &format!("src/{}/", self.new), 1);
    }

    /// What groups may do is written down by the app's name (`api.add_task`), and so is the history of the admin site.
    fn names(&self, from: &str, to: &str) -> String {
        let update = |table: &str, column: &str| {
            let (length, rest) = (from.len() + 1, from.len() + 2);
            format!(
                "UPDATE \"{table}\" SET \"{column}\" = '{to}.' || substr(\"{column}\", {rest}) \
                 WHERE substr(\"{column}\", 1, {length}) = '{from}.';\n"
            )
        };
        let updates = [
            update("auth_group_permission", "permission"),
            update("auth_user_permission", "permission"),
            update("auth_log_entry", "model"),
        ];
        format!(
            "\n-- Permissions and the history name models by their app.\n{}",
            updates.concat()
        )
    }
}

fn consent(args: &Args, plan: &Plan) -> Result<()> {
    if args.yes {
        return Ok(());
    }
    if args.no_input || args.json || !prompt::is_possible() {
        let message = format!(
            "`{}` is to become `{}`, and nobody is there to say so",
            args.old, args.new
        );
        return Err(Failure::new(message)
            .hint("--dry-run shows it, --yes does it")
            .exit(Exit::Unanswered)
            .into());
    }
    ui::changes(plan);
    if prompt::confirm(&format!("Rename `{}` to `{}`?", args.old, args.new))? {
        return Ok(());
    }
    Err(Failure::new("nothing was renamed")
        .hint("it was not confirmed")
        .into())
}
