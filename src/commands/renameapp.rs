//! `backsmith renameapp OLD NEW`

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap_complete::ArgValueCompleter;

use crate::apply::remove_empty;
use crate::commands::output::{self, Output};
use crate::commands::own_app;
use crate::commands::project::find;
use crate::commands::startapp::refuse_existing;
use crate::error::Failure;
use crate::migrations::changes::{self, Options};
use crate::migrations::{Layout, candidates, models, runtime};
use crate::name::AppName;
use crate::plan::Plan;
use crate::project::{AppSource, Project, Source};
use crate::questions::Flags;
use crate::rust::edit;
use crate::schema::parse;

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
    #[command(flatten)]
    output: Output,
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
    let app = own_app::find(&project, &args.old)?;
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
    if !args.output.dry_run {
        consent(&args, &plan)?;
    }
    let title = format!("Renamed the app {} to {}:", app.label, renaming.new);
    args.output.carry_out(&plan, &title)?;
    if !args.output.dry_run {
        remove_empty(&project.root, &folders);
    }
    Ok(())
}

/// The tables that are called after the app.
fn tables(layout: &Layout, app: &AppSource, new: &AppName) -> Result<Vec<(String, String)>> {
    let models = models::read(layout)?;
    let tables = own_app::tables(&models, &app.label).into_iter();
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
    fn plan(&self) -> Result<(Plan, Vec<PathBuf>)> {
        let mut plan = Plan::new(&self.project.root);
        let otherwise = "move the file away, and back afterwards";
        let (files, folders) = own_app::read_files(self.project, self.app, otherwise)?;
        let to = Path::new("src").join(self.new.as_ref());
        for Source { path, text } in files {
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
        for source in own_app::read_others(self.project, self.app)? {
            let mut after = self.through(&source.text);
            if source.path == self.project.lib.path {
                after = edit::rename_declaration(&after, &self.app.label, self.new.as_ref())?;
            }
            plan.edit(&source.path, source.text, after);
        }
        Ok((plan, folders))
    }

    /// Paths through the app, and its tables in quotes: in SQL, and where models say their names.
    fn through(&self, text: &str) -> String {
        let roots = own_app::roots(self.project);
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

    /// Renames the app where permissions (`api.add_task`) and the history of the admin site are written down by it.
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
    let Args { old, new, .. } = args;
    let may_ask = !args.no_input && !args.output.json;
    let open = format!("`{old}` is to become `{new}`");
    let question = format!("Rename `{old}` to `{new}`?");
    if args.yes || output::ask(plan, may_ask, &open, &question)? {
        return Ok(());
    }
    Err(Failure::new("nothing was renamed")
        .hint("it was not confirmed")
        .into())
}
