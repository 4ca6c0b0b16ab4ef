//! From operations to migrations: which app each belongs to, its number, its name, its SQL.

use anyhow::Result;

use super::{Migration, app_and_title};
use crate::error::Failure;
use crate::schema::Dialect;
use crate::schema::operation::{Names, Operation, reversed};
use crate::schema::snapshot::Snapshot;
use crate::schema::sql::{self, Impossible};

/// Longer names end in `_and_more`, as in Django.
const MAX_NAME_LENGTH: usize = 52;

/// A migration that is about to be written.
#[derive(Clone, Debug)]
pub struct NewMigration {
    pub app: String,
    pub operations: Vec<Operation>,
    pub sqlite: Migration,
    pub postgres: Migration,
}

impl NewMigration {
    /// The migration in one dialect.
    pub fn of(&self, dialect: Dialect) -> &Migration {
        match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        }
    }
}

/// The input for new migrations.
#[derive(Clone, Copy, Debug)]
pub struct Making<'m> {
    pub names: &'m Names,
    /// The number of the first one.
    pub number: i64,
    /// The apps that have migrations already.
    pub started: &'m [String],
    /// A name that somebody chose.
    pub name: Option<&'m str>,
}

/// Writes the SQL of `groups`, each an app with its operations, for a database like `state`.
///
/// # Errors
///
/// If a database cannot do one of the operations.
pub fn make(
    making: Making<'_>,
    groups: Vec<(String, Vec<Operation>)>,
    state: &Snapshot,
) -> Result<Vec<NewMigration>> {
    let (mut sqlite, mut postgres) = (state.clone(), state.clone());
    let mut started = making.started.to_vec();
    let mut migrations = Vec::new();
    for (number, (app, operations)) in (making.number..).zip(groups) {
        let title = match making.name {
            Some(name) => name.to_owned(),
            None => title(&operations, making.names, !started.contains(&app)),
        };
        let name = name(number, &app, title, &making.names.apps);
        started.push(app.clone());
        let write = |state: &mut Snapshot, dialect| {
            write(making.names, number, &name, &operations, state, dialect)
        };
        migrations.push(NewMigration {
            sqlite: write(&mut sqlite, Dialect::Sqlite)?,
            postgres: write(&mut postgres, Dialect::Postgres)?,
            app,
            operations,
        });
    }
    Ok(migrations)
}

/// `0003_api_task_due`; where that would be read as a migration of an app `api_task`, the title gets
/// another beginning.
fn name(number: i64, app: &str, mut title: String, apps: &[String]) -> String {
    if app.is_empty() {
        return format!("{number:04}_{title}");
    }
    loop {
        let name = format!("{number:04}_{app}_{title}");
        match app_and_title(&name, apps) {
            Some((read, _)) if read != app => title = format!("to_{title}"),
            _ => return name,
        }
    }
}

fn write(
    names: &Names,
    number: i64,
    name: &str,
    operations: &[Operation],
    state: &mut Snapshot,
    dialect: Dialect,
) -> Result<Migration> {
    let title = sql::title(operations, names);
    let up = sql::script(&title, operations, state, dialect).map_err(|why| impossible(&why))?;
    let back = format!("Undo: {title}");
    let down = sql::script(&back, &reversed(operations), &mut state.clone(), dialect)
        .map_err(|why| impossible(&why))?;
    Ok(Migration {
        number,
        name: name.to_owned(),
        up,
        down: Some(down),
    })
}

fn impossible(why: &Impossible) -> Failure {
    match why {
        Impossible::Rebuild { table, words } => Failure::new(format!(
            "SQLite has to rebuild table `{table}`, which would lose {} of its definition",
            words.join(", ")
        ))
        .hint("nothing was written; make an empty migration and write the change yourself: backsmith makemigrations APP --empty"),
        Impossible::Convert { table, column, from, to } => Failure::new(format!(
            "PostgreSQL cannot convert `{table}.{column}` from {from} to {to}"
        ))
        .hint("nothing was written; add a new column, copy the data in a migration of your own, then remove the old one"),
    }
}

/// `initial` for an app's first migration, else what it does: `task_due_remove_task_done`.
fn title(operations: &[Operation], names: &Names, is_first: bool) -> String {
    let creates = operations
        .iter()
        .any(|operation| matches!(operation, Operation::CreateTable { .. }));
    if is_first && creates {
        return "initial".to_owned();
    }
    let fragments: Vec<_> = operations
        .iter()
        .filter(|operation| !operation.is_detail())
        .map(|operation| operation.name_fragment(names))
        .collect();
    let mut title = fragments
        .first()
        .cloned()
        .unwrap_or_else(|| "empty".to_owned());
    for fragment in fragments.iter().skip(1) {
        if title.len() + 1 + fragment.len() > MAX_NAME_LENGTH {
            return format!("{title}_and_more");
        }
        title = format!("{title}_{fragment}");
    }
    title
}

/// The operations app by app, as few groups as their order allows: an operation joins its app's
/// last group unless a later group of another app comes before it.
pub fn by_app(
    operations: Vec<Operation>,
    app_of: impl Fn(&Operation) -> String,
) -> Vec<(String, Vec<Operation>)> {
    let mut groups: Vec<(String, Vec<Operation>)> = Vec::new();
    for operation in operations {
        let app = app_of(&operation);
        let own = groups.iter().rposition(|(other, _)| *other == app);
        let free = own.filter(|own| {
            !groups[own + 1..]
                .iter()
                .any(|(_, later)| needs(&operation, later))
        });
        match free {
            Some(own) => groups[own].1.push(operation),
            None => groups.push((app, vec![operation])),
        }
    }
    groups
}

/// Returns whether `operation` has to come after one of `earlier`.
fn needs(operation: &Operation, earlier: &[Operation]) -> bool {
    let touched = |table: &str| {
        earlier
            .iter()
            .any(|other| other.table() == table || other.refers_to().contains(&table))
    };
    touched(operation.table()) || operation.refers_to().into_iter().any(touched)
}
