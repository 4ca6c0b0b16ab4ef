//! `flush`: the tables of the apps without their rows.

use anyhow::Result;
use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};

use crate::fixtures::{SQLITE_TABLES, quote};
use crate::manage::terminal::{confirm, is_interactive, say};
use crate::manage::{Failure, accounts_database};
use crate::{Project, Settings};

/// Tables of the database itself are no app's.
const POSTGRES: &str = "SELECT tablename AS name FROM pg_tables
    WHERE schemaname = current_schema() ORDER BY tablename";

/// Where SQLite keeps the last keys of tables with AUTOINCREMENT.
const SEQUENCES: &str = "sqlite_sequence";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Do not ask
    #[arg(long, visible_alias = "noinput")]
    no_input: bool,
}

/// Deletes all rows of the apps' tables, accounts included: all of them, or none. The tables stay, and the record
/// of the migrations.
pub(super) async fn run(project: &Project, settings: &Settings, args: &Args) -> Result<()> {
    let db = accounts_database(settings).await?;
    let backend = db.get_database_backend();
    let list = if backend == DbBackend::Sqlite {
        SQLITE_TABLES
    } else {
        POSTGRES
    };
    let rows = db
        .query_all_raw(sea_orm::Statement::from_string(backend, list))
        .await?;
    let names = rows.iter().map(|row| row.try_get::<String>("", "name"));
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let has_sequences = names.iter().any(|name| name == SEQUENCES);
    let apps = (project.installed_apps)();
    let mut tables = names;
    tables.retain(|table| apps.iter().any(|app| app.has_table(table)));
    ask(&tables, args)?;
    let transaction = db.begin().await?;
    if backend == DbBackend::Sqlite {
        // Rows that refer to deleted ones are looked for at the end.
        transaction
            .execute_unprepared("PRAGMA defer_foreign_keys = ON")
            .await?;
        for table in &tables {
            let delete = format!("DELETE FROM {}", quote(table));
            transaction.execute_unprepared(&delete).await?;
        }
        // Keys begin at 1 again, as on PostgreSQL.
        if has_sequences {
            let delete = format!("DELETE FROM {SEQUENCES}");
            transaction.execute_unprepared(&delete).await?;
        }
    } else if !tables.is_empty() {
        let all = tables
            .iter()
            .map(|table| quote(table))
            .collect::<Vec<_>>()
            .join(", ");
        let truncate = format!("TRUNCATE {all} RESTART IDENTITY");
        transaction.execute_unprepared(&truncate).await?;
    }
    transaction.commit().await?;
    say(format!("Deleted all rows of {} tables.", tables.len()));
    Ok(())
}

fn ask(tables: &[String], args: &Args) -> Result<()> {
    if args.no_input {
        return Ok(());
    }
    if !is_interactive() {
        return Err(
            Failure::new("nobody is there to confirm that all rows are to be deleted")
                .hint("say so: flush --no-input")
                .unanswered()
                .into(),
        );
    }
    say(format!(
        "These tables lose all their rows: {}",
        tables.join(", ")
    ));
    if confirm("Delete them")? {
        Ok(())
    } else {
        Err(Failure::new("nothing was deleted").into())
    }
}
