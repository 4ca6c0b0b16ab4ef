//! Several migrations made into one, for databases that have none, some or all of them.
//!
//! The one that takes their place has the number of the last and names them in its head, with the
//! checksums that databases remember. The originals stay in the folder `squashed/`: a database that
//! has applied some of them goes through the rest; one that has all of them is only told.

use anyhow::{Context, Result, bail};

use super::folder::SQUASHED;
use super::replay::{self, Replayed};
use super::{History, Layout, Migration, writing};
use crate::error::Failure;
use crate::plan::Plan;
use crate::schema::Dialect;
use crate::schema::diff::{Answers, Difference, diff};
use crate::schema::operation::{Names, reversed};
use crate::schema::snapshot::Snapshot;
use crate::schema::sql::{self, token};
use crate::shared::migration::REPLACES;

/// The one migration that does what those from `from` to `to` of both histories do.
///
/// # Errors
///
/// If a migration fails when it is replayed, or the result would not be the same.
pub async fn squash(
    sqlite: &History,
    postgres: &History,
    (from, to): (i64, i64),
    names: &Names,
) -> Result<(Migration, Migration)> {
    let until = |last: i64| History {
        migrations: sqlite.range(1, last),
        ..History::default()
    };
    let before = replay::replay(&until(from - 1)).await?;
    let after = replay::replay(&until(to)).await?.snapshot;
    let (sqlite, postgres) = (sqlite.range(from, to), postgres.range(from, to));
    let name = name(&sqlite, names, from, to);
    let write = |originals: &[Migration], dialect| {
        anew(originals, &before.snapshot, &after, names, dialect)
    };
    if write(&postgres, Dialect::Postgres).is_none() {
        check_new_values(&postgres)?;
    }
    let make = |originals: &[Migration], dialect| {
        let written = write(originals, dialect);
        let (up, down) = written.unwrap_or_else(|| one_after_another(originals));
        let head = head(originals, from, to);
        Migration {
            number: to,
            name: name.clone(),
            up: format!("{head}\n{up}"),
            down,
        }
    };
    let sqlite = make(&sqlite, Dialect::Sqlite);
    let postgres = make(&postgres, Dialect::Postgres);
    verify(before, &sqlite, &after).await?;
    Ok((sqlite, postgres))
}

/// Plans the squashed migrations in place of the originals, which go to the folder [`SQUASHED`].
pub fn plan(
    layout: &Layout,
    histories: [&History; 2],
    (from, to): (i64, i64),
    squashed: [&Migration; 2],
) -> Plan {
    let mut plan = Plan::new(&layout.root);
    for ((dialect, history), squashed) in Dialect::ALL.into_iter().zip(histories).zip(squashed) {
        let folder = layout.folder.join(dialect.folder());
        for original in history.range(from, to) {
            let aside = folder.join(SQUASHED);
            writing::rename(&mut plan, &original, &folder, (&aside, &original.name));
        }
        writing::write(&mut plan, &folder, squashed, None);
    }
    plan
}

/// `0005_api_squashed_0002_0005`, without the app if there are several.
fn name(originals: &[Migration], names: &Names, from: i64, to: i64) -> String {
    let app = |migration: &Migration| {
        let app = migration.app_and_title(&names.apps);
        app.map(|(app, _)| app.to_owned()).unwrap_or_default()
    };
    let mut apps: Vec<String> = originals.iter().map(app).collect();
    apps.dedup();
    match apps.as_slice() {
        [app] if !app.is_empty() => format!("{to:04}_{app}_squashed_{from:04}_{to:04}"),
        _ => format!("{to:04}_squashed_{from:04}_{to:04}"),
    }
}

fn head(originals: &[Migration], from: i64, to: i64) -> String {
    let mut head = format!("-- Squashed from {from:04} to {to:04}\n");
    for original in originals {
        head += &format!("{REPLACES}{} {}\n", original.name, original.checksum());
    }
    head
}

/// The way from `before` to `after` at once. Nothing if the originals do more than to make tables:
/// what they do to rows and to tables that were there has to happen as they say.
fn anew(
    originals: &[Migration],
    before: &Snapshot,
    after: &Snapshot,
    names: &Names,
    dialect: Dialect,
) -> Option<(String, Option<String>)> {
    let only_tables = originals.iter().all(|migration| {
        let statements = token::statements(&migration.up);
        statements.into_iter().all(is_about_tables)
    });
    if !only_tables || before.extras != after.extras {
        return None;
    }
    let Difference::Done(operations) = diff(&before.schema, &after.schema, &Answers::default())
    else {
        return None;
    };
    let is_new = |table: &str| !before.schema.tables.contains_key(table);
    if !operations.iter().all(|operation| is_new(operation.table())) {
        return None;
    }
    let title = sql::title(&operations, names);
    let script = |title: &str, operations: &[_], state: &Snapshot| {
        sql::script(title, operations, &mut state.clone(), dialect).ok()
    };
    let up = script(&title, &operations, before)?;
    let down = script(&format!("Undo: {title}"), &reversed(&operations), after)?;
    Some((up, Some(down)))
}

fn is_about_tables(statement: &str) -> bool {
    match token::words(statement).as_slice() {
        [] => true,
        [verb, what, ..] => {
            ["CREATE", "ALTER", "DROP"]
                .iter()
                .any(|known| verb.is(known))
                && ["TABLE", "INDEX", "UNIQUE"]
                    .iter()
                    .any(|known| what.is(known))
        }
        _ => false,
    }
}

/// PostgreSQL does not let the transaction that adds a value to an enum use it.
fn check_new_values(originals: &[Migration]) -> Result<()> {
    for (at, migration) in originals.iter().enumerate() {
        let statements = token::statements(&migration.up);
        for value in statements
            .iter()
            .filter_map(|statement| new_value(statement))
        {
            let uses = |other: &&Migration| {
                let tokens = token::tokens(&other.up);
                tokens.iter().any(|token| token.text == value)
            };
            if let Some(user) = originals[at + 1..].iter().find(uses) {
                let (adds, uses) = (&migration.name, &user.name);
                bail!(
                    Failure::new(format!(
                        "`{adds}` adds the value {value} to an enum and `{uses}` uses it, which PostgreSQL does not allow in one migration"
                    ))
                    .hint(format!("squash in two parts: up to {:04}, and from {:04} on", migration.number, user.number))
                );
            }
        }
    }
    Ok(())
}

/// The value that `ALTER TYPE ... ADD VALUE` adds, in its quotes.
fn new_value(statement: &str) -> Option<&str> {
    let tokens = token::tokens(statement);
    let mut pairs = tokens.windows(2);
    let is_type = tokens.first()?.is("ALTER") && tokens.get(1)?.is("TYPE");
    let adds = is_type && pairs.any(|pair| pair[0].is("ADD") && pair[1].is("VALUE"));
    let texts = tokens
        .iter()
        .filter(|token| token.kind == token::Kind::Text);
    texts.map(|token| token.text).next().filter(|_| adds)
}

/// All that the originals say; back only if each of them knows its way back.
fn one_after_another(originals: &[Migration]) -> (String, Option<String>) {
    let part = |name: &str, sql: &str| format!("-- {name}\n\n{}\n", sql.trim_end());
    let ups = originals
        .iter()
        .map(|migration| part(&migration.name, &migration.up));
    let downs = originals.iter().rev().map(|migration| {
        let down = migration.down.as_deref()?;
        Some(part(&migration.name, down))
    });
    let downs: Option<Vec<String>> = downs.collect();
    (
        ups.collect::<Vec<_>>().join("\n"),
        downs.map(|downs| downs.join("\n")),
    )
}

async fn verify(mut before: Replayed, squashed: &Migration, after: &Snapshot) -> Result<()> {
    let connection = &mut before.connection;
    let made = async {
        replay::run(connection, &squashed.up).await?;
        let made = crate::introspect::sqlite::read(connection).await?;
        if made != *after {
            bail!("the result is not what the originals make");
        }
        Ok(())
    };
    made.await.with_context(|| {
        Failure::new("these migrations cannot be squashed")
            .hint("nothing was written; squash a smaller range, or leave them as they are")
    })
}
