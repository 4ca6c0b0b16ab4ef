//! Migrations that make a SQLite table again, in a database that has more than they know.
//!
//! SQLite alters little in place: a table is made again, filled, and takes the old one's name. What
//! such a migration does not name would go, without a word: triggers, views and indexes that
//! somebody has made, a CHECK of a database that was taken over. So the migrations are followed in a
//! database in memory, and what the real one has more is brought along, or the migration is refused.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::particulars;
use super::particulars::Particulars;
use super::sql::{Kind, mentions, statements, tokens, words};

/// How a line begins by which a migration says that something of a table may go.
const DROPS: &str = "drops ";

const OBJECTS: &str = "
    SELECT type, name, tbl_name, sql
    FROM sqlite_master
    WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL
    ORDER BY rowid";

/// Runs the script of a migration within the caller's transaction. `applied` are the scripts that the
/// database has gone through before, in order.
///
/// # Errors
///
/// If a statement fails, or a table that is made again would lose what no migration knows: the message
/// names it.
pub async fn run(real: &mut SqliteConnection, script: &str, applied: &[&str]) -> Result<()> {
    let all = statements(script);
    let rebuilt: BTreeSet<String> = all.iter().filter_map(|it| new_name(it)).collect();
    let is_rebuild = |statement: &str| dropped_table(statement).filter(|it| rebuilt.contains(it));
    if !all.iter().any(|it| is_rebuild(it).is_some()) {
        sqlx::raw_sql(AssertSqlSafe(script.to_owned()))
            .execute(real)
            .await?;
        return Ok(());
    }
    let mut replay = replay(applied).await?;
    let own: BTreeSet<_> = all.iter().filter_map(|it| dropped_object(it)).collect();
    let mut before = BTreeMap::new();
    let mut aside = BTreeMap::new();
    for statement in &all {
        if let Some(table) = is_rebuild(statement) {
            let known = particulars::find(&mut replay, &table).await?;
            let had = particulars::find(real, &table).await?;
            before.insert(table.clone(), (had, known));
            let objects = put_aside(real, &mut replay, &table, &own).await?;
            aside.insert(table, objects);
        }
        replay
            .execute(AssertSqlSafe((*statement).to_owned()))
            .await
            .context(
                "the migration fails in a database that has gone through all those before it",
            )?;
        real.execute(AssertSqlSafe((*statement).to_owned())).await?;
        if let Some(table) = new_name(statement) {
            for object in aside.remove(&table).unwrap_or_default() {
                object.put_back(real).await?;
            }
        }
    }
    let may_go = may_go(script);
    for (table, (had, known)) in before {
        let has = particulars::find(real, &table).await?;
        let lost = lost(&had, &known, &has);
        let lost: Vec<_> = lost
            .filter(|it| !may_go.contains(&it.to_lowercase()))
            .collect();
        if !lost.is_empty() {
            bail!(
                "the table `{table}` has what no migration knows, and would be made again without it: {}. \
                 Say it in the model, or write it into the new CREATE TABLE; where it may go, write the line \
                 `-- {DROPS}{}` into the migration",
                lost.join("; "),
                lost[0]
            );
        }
    }
    Ok(())
}

/// A database in memory that has gone through `scripts`.
async fn replay(scripts: &[&str]) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .in_memory(true)
        .foreign_keys(false)
        .disable_statement_logging();
    let mut replay = SqliteConnection::connect_with(&options).await?;
    let mut transaction = replay.begin().await?;
    for script in scripts {
        for statement in statements(script) {
            let done = transaction
                .execute(AssertSqlSafe(statement.to_owned()))
                .await;
            done.context("an earlier migration fails in an empty database")?;
        }
    }
    transaction.commit().await?;
    Ok(replay)
}

/// Finds what the table `had` and has no longer, without what the migrations knew of it.
fn lost<'p>(
    had: &'p Particulars,
    known: &'p Particulars,
    has: &'p Particulars,
) -> impl Iterator<Item = &'p str> {
    let lost = had
        .iter()
        .filter(|(key, _)| !known.contains_key(*key) && !has.contains_key(*key));
    // With a column goes what is about it.
    let lost = lost.filter(|(_, it)| {
        let mut column = it.column.iter();
        column.all(|column| has.contains_key(&format!("column {column}")))
    });
    lost.map(|(_, it)| it.shown.as_str())
}

/// Reads from the comments of a migration what may go.
fn may_go(script: &str) -> BTreeSet<String> {
    let comments = tokens(script).into_iter();
    let comments = comments.filter(|token| token.kind == Kind::Comment);
    let words = comments.filter_map(|token| token.comment()?.strip_prefix(DROPS));
    words.map(|words| words.trim().to_lowercase()).collect()
}

/// A view, trigger or index.
struct Object {
    kind: String,
    name: String,
    table: String,
    /// The statement that makes it.
    sql: String,
}

impl Object {
    async fn put_back(&self, real: &mut SqliteConnection) -> Result<()> {
        let made = real.execute(AssertSqlSafe(self.sql.clone())).await;
        made.map(drop).with_context(|| {
            format!(
                "the {} `{}` would not fit any more; change or drop it first, or in this migration",
                self.kind, self.name
            )
        })
    }
}

async fn objects(db: &mut SqliteConnection) -> sqlx::Result<Vec<Object>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(OBJECTS).fetch_all(db).await?;
    let objects = rows.into_iter().map(|(kind, name, table, sql)| Object {
        kind,
        name,
        table,
        sql,
    });
    Ok(objects.collect())
}

/// Drops what needs `table` and no migration knows, to be put back on the new one; `own` are names
/// that the migration drops itself.
async fn put_aside(
    real: &mut SqliteConnection,
    replay: &mut SqliteConnection,
    table: &str,
    own: &BTreeSet<String>,
) -> Result<Vec<Object>> {
    let known = objects(replay).await?.into_iter();
    let known: BTreeSet<_> = known.map(|it| it.name.to_lowercase()).collect();
    let mut gone = vec![table.to_owned()];
    let mut aside = Vec::new();
    // An object comes after those that it needs.
    for object in objects(real).await? {
        let name = object.name.to_lowercase();
        let needs = |gone: &String| {
            object.table.eq_ignore_ascii_case(gone) || mentions(&object.sql.to_lowercase(), gone)
        };
        if known.contains(&name) || own.contains(&name) || !gone.iter().any(needs) {
            continue;
        }
        if object.kind == "view" {
            gone.push(name);
        }
        aside.push(object);
    }
    for object in aside.iter().rev().filter(|object| object.kind != "index") {
        let name = object.name.replace('"', "\"\"");
        let kind = &object.kind;
        real.execute(AssertSqlSafe(format!("DROP {kind} IF EXISTS \"{name}\"")))
            .await?;
    }
    Ok(aside)
}

/// The table that a statement drops, in small letters.
fn dropped_table(statement: &str) -> Option<String> {
    dropped(statement, &["TABLE"])
}

/// The view, trigger or index that a statement drops, in small letters.
fn dropped_object(statement: &str) -> Option<String> {
    dropped(statement, &["VIEW", "TRIGGER", "INDEX"])
}

fn dropped(statement: &str, kinds: &[&str]) -> Option<String> {
    let tokens = words(statement);
    let name = match tokens.as_slice() {
        [drop, kind, rest @ ..] if drop.is("DROP") && kinds.iter().any(|it| kind.is(it)) => rest,
        _ => return None,
    };
    match name {
        [when, exists, name] if when.is("IF") && exists.is("EXISTS") => name.identifier(),
        [name] => name.identifier(),
        _ => None,
    }
    .map(|name| name.to_lowercase())
}

/// The name that a statement gives to a table, in small letters.
fn new_name(statement: &str) -> Option<String> {
    match words(statement).as_slice() {
        [alter, table, _, rename, to, name]
            if alter.is("ALTER") && table.is("TABLE") && rename.is("RENAME") && to.is("TO") =>
        {
            name.identifier().map(|name| name.to_lowercase())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as the migrations know it.
    const KNOWN: &str = "CREATE TABLE t (id integer PRIMARY KEY, v integer, w integer);\n\
         CREATE INDEX known_w ON t (w);";

    /// Makes `v` a text.
    const REBUILD: &str = "
        CREATE TABLE \"_new_t\" (id integer PRIMARY KEY, v text, w integer);
        INSERT INTO \"_new_t\" (id, v, w) SELECT id, v, w FROM t;
        DROP TABLE \"t\";
        ALTER TABLE \"_new_t\" RENAME TO \"t\";
        CREATE INDEX known_w ON t (w);";

    /// A database that others made, which the migrations take for `KNOWN`, after `script`.
    async fn migrated(theirs: &str, script: &str) -> (SqliteConnection, Result<()>) {
        let mut real = replay(&[theirs]).await.unwrap();
        let mut transaction = real.begin().await.unwrap();
        let done = run(&mut transaction, script, &[KNOWN]).await;
        match done {
            Ok(()) => transaction.commit().await.unwrap(),
            Err(_) => transaction.rollback().await.unwrap(),
        }
        (real, done)
    }

    async fn names(db: &mut SqliteConnection) -> Vec<String> {
        let objects = objects(db).await.unwrap().into_iter();
        objects
            .map(|it| it.name)
            .filter(|name| name != "known_w")
            .collect()
    }

    #[tokio::test]
    async fn what_others_made_on_a_table_is_there_again() {
        let base = "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, w INT); \
             CREATE TABLE o (id INTEGER PRIMARY KEY); CREATE INDEX known_w ON t (w); \
             INSERT INTO t VALUES (1, 2, 3);";
        for theirs in [
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM o WHERE id = new.v; END",
            "CREATE TRIGGER x AFTER INSERT ON o BEGIN UPDATE T SET w = 1; END",
            "CREATE INDEX x ON t (v DESC)",
            "CREATE UNIQUE INDEX x ON t (w, v)",
            "CREATE INDEX x ON t (lower(v)) WHERE w > 1",
            "CREATE VIEW x AS SELECT v FROM t",
            "CREATE VIEW x AS SELECT v FROM \"T\"; CREATE VIEW y AS SELECT * FROM x; \
             CREATE TRIGGER z INSTEAD OF INSERT ON y BEGIN SELECT 1; END",
        ] {
            let theirs = format!("{base} {theirs}");
            let (mut real, done) = migrated(&theirs, REBUILD).await;
            done.unwrap();
            let mut before = replay(&[&theirs]).await.unwrap();
            assert_eq!(names(&mut real).await, names(&mut before).await, "{theirs}");
            let sql = "SELECT typeof(v) FROM t";
            let kind: String = sqlx::query_scalar(sql).fetch_one(&mut real).await.unwrap();
            assert_eq!(kind, "text", "{theirs}");
        }
    }

    #[tokio::test]
    async fn what_a_table_would_lose_is_named_and_nothing_changes() {
        for (columns, lost) in [
            ("v INTEGER, w INT, CHECK (w > v)", "CHECK (w > v)"),
            ("v INTEGER CHECK (v > 1), w INT", "CHECK (v > 1)"),
            ("v INTEGER, w TEXT COLLATE NOCASE", "w COLLATE NOCASE"),
            (
                "v INTEGER, w INT UNIQUE ON CONFLICT REPLACE",
                "UNIQUE (w); w ON CONFLICT REPLACE",
            ),
            ("v INTEGER, w INT, UNIQUE (w, v)", "UNIQUE (v, w)"),
            ("v INTEGER, w INT DEFAULT (random())", "w DEFAULT random()"),
            ("v INTEGER, w INT, more TEXT", "the column `more`"),
            (
                "v INTEGER, w INT, g INT AS (w + 1)",
                "the generated column `g`",
            ),
            (
                "v INTEGER, w INT REFERENCES o (id)",
                "FOREIGN KEY (w) REFERENCES o",
            ),
        ] {
            let theirs = format!(
                "CREATE TABLE o (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, {columns}); CREATE INDEX known_w ON t (w)"
            );
            check_refused(&theirs, lost).await;
        }
        let end = |end| {
            format!(
                "CREATE TABLE t (id INT PRIMARY KEY, v INT, w INT) {end}; CREATE INDEX known_w ON t (w)"
            )
        };
        check_refused(&end("STRICT"), "STRICT").await;
        check_refused(&end("WITHOUT ROWID"), "WITHOUT ROWID").await;
    }

    async fn check_refused(theirs: &str, lost: &str) {
        let (mut real, done) = migrated(theirs, REBUILD).await;
        let told = format!("{:#}", done.expect_err(theirs));
        assert!(
            told.contains(&format!("again without it: {lost}")),
            "{told}"
        );
        let sql = "SELECT sql FROM sqlite_master WHERE name = 't'";
        let now: String = sqlx::query_scalar(sql).fetch_one(&mut real).await.unwrap();
        assert!(theirs.contains(&now), "{now}");
        let drops = lost.split("; ").map(|lost| format!("-- drops {lost}\n"));
        let script = format!("{}{REBUILD}", drops.collect::<String>());
        migrated(theirs, &script).await.1.unwrap();
    }

    #[tokio::test]
    async fn what_the_migrations_know_is_theirs_to_drop() {
        let script = format!(
            "DROP INDEX known_w; {}",
            REBUILD.replace("w integer", "w2 text")
        )
        .replace("(id, v, w) SELECT id, v, w", "(id, v) SELECT id, v")
        .replace("CREATE INDEX known_w ON t (w);", "");
        let (mut real, done) = migrated(KNOWN, &script).await;
        done.unwrap();
        assert!(objects(&mut real).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_does_not_fit_any_more_stops_it() {
        let theirs = format!("{KNOWN} CREATE INDEX x ON t (v)");
        let script = REBUILD
            .replace("v text, ", "")
            .replace("(id, v, w)", "(id, w)");
        let script = script.replace("SELECT id, v, w", "SELECT id, w");
        let (mut real, done) = migrated(&theirs, &script).await;
        let told = format!("{:#}", done.unwrap_err());
        assert!(
            told.contains("the index `x` would not fit any more"),
            "{told}"
        );
        assert_eq!(names(&mut real).await, ["x"]);
    }
}
