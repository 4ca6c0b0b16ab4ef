//! Reads SQLite's schema: a query for each kind of thing, whatever the number of tables.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteConnection;

use super::adopt::from_declared;
use super::sqlite_sql::{self, Definition};
use crate::schema::snapshot::{Object, ObjectKind, Snapshot};
use crate::schema::sql::{create_index, enumeration, quote, token};
use crate::schema::{
    Action, Column, ColumnType, Condition, DefaultValue, Dialect, ForeignKey, Index, Table, names,
};

/// Tables that are not the project's: SQLite's own, sqlx's, and the insides of virtual tables.
const TABLES: &str = "
    SELECT m.name, m.sql
    FROM sqlite_master AS m JOIN pragma_table_list(m.name) AS l ON l.schema = 'main'
    WHERE m.type = 'table' AND l.type = 'table' AND (?1 IS NULL OR m.name IN (SELECT value FROM json_each(?1)))
        AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> '_sqlx_migrations'
    ORDER BY m.name";

const COLUMNS: &str = "
    SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk
    FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c
    WHERE m.type = 'table' AND c.hidden <> 1 AND (?1 IS NULL OR m.name IN (SELECT value FROM json_each(?1)))
    ORDER BY m.name, c.cid";

/// Unique constraints inside CREATE TABLE.
const CONSTRAINTS: &str = "
    SELECT m.name, i.name, c.name
    FROM sqlite_master AS m, pragma_index_list(m.name) AS i, pragma_index_info(i.name) AS c
    WHERE m.type = 'table' AND i.origin = 'u' AND (?1 IS NULL OR m.name IN (SELECT value FROM json_each(?1)))
    ORDER BY m.name, i.seq, c.seqno";

const FOREIGN_KEYS: &str = "
    SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update
    FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' AND (?1 IS NULL OR m.name IN (SELECT value FROM json_each(?1)))
    ORDER BY m.name, f.id, f.seq";

const OBJECTS: &str = "
    SELECT type, name, tbl_name, sql
    FROM sqlite_master
    WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL
        AND (?1 IS NULL OR tbl_name IN (SELECT value FROM json_each(?1)))
    ORDER BY rowid";

/// Reads the schema behind `connection`.
///
/// # Errors
///
/// If the database cannot be read.
pub async fn read(connection: &mut SqliteConnection) -> Result<Snapshot> {
    read_tables(connection, None)
        .await
        .context("could not read the schema of the SQLite database")
}

/// Table, number of the key, target, from, to, on delete, on update.
type KeyRow = (String, i64, String, String, Option<String>, String, String);

/// Reads all tables, or those of a list of names as JSON, with what is on them; a view is in it by its own name.
pub(super) async fn read_tables(
    connection: &mut SqliteConnection,
    names: Option<&str>,
) -> sqlx::Result<Snapshot> {
    let mut snapshot = Snapshot::default();
    let mut texts: HashMap<String, Definition> = HashMap::new();
    let tables: Vec<(String, String)> = sqlx::query_as(TABLES)
        .bind(names)
        .fetch_all(&mut *connection)
        .await?;
    for (name, sql) in tables {
        let definition = sqlite_sql::read(&sql);
        snapshot.add_table(&name, &definition);
        texts.insert(name, definition);
    }
    let columns: Vec<(String, String, String, bool, Option<String>, i64)> = sqlx::query_as(COLUMNS)
        .bind(names)
        .fetch_all(&mut *connection)
        .await?;
    snapshot.add_columns(columns, &texts);
    let constraints: Vec<(String, String, Option<String>)> = sqlx::query_as(CONSTRAINTS)
        .bind(names)
        .fetch_all(&mut *connection)
        .await?;
    snapshot.add_unique_constraints(constraints);
    let keys: Vec<KeyRow> = sqlx::query_as(FOREIGN_KEYS)
        .bind(names)
        .fetch_all(&mut *connection)
        .await?;
    snapshot.add_foreign_keys(keys);
    let objects: Vec<(String, String, String, String)> = sqlx::query_as(OBJECTS)
        .bind(names)
        .fetch_all(&mut *connection)
        .await?;
    snapshot.add_objects(objects);
    Ok(snapshot)
}

/// Says of columns without a type, or with a word for one that SQLite does not know, what their rows hold:
/// such a column keeps what it is given.
///
/// # Errors
///
/// If the database cannot be read.
pub async fn look_at_rows(
    connection: &mut SqliteConnection,
    snapshot: &mut Snapshot,
) -> Result<()> {
    for (name, table) in &mut snapshot.schema.tables {
        for (column, definition) in &mut table.columns {
            let ColumnType::Custom(declared) = &definition.column_type else {
                continue;
            };
            if from_declared(declared).is_some() {
                continue;
            }
            let (column_sql, table_sql) = (quote(column), quote(name));
            let sql = format!(
                "SELECT DISTINCT typeof({column_sql}) FROM {table_sql} WHERE {column_sql} IS NOT NULL"
            );
            let kinds: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut *connection)
                .await?;
            let is_of = |some: &[&str]| kinds.iter().all(|kind| some.contains(&kind.as_str()));
            let (found, words) = if kinds.is_empty() {
                (ColumnType::Text, "there are no rows that say what it holds")
            } else if is_of(&["integer"]) {
                (ColumnType::BigInteger, "its rows hold whole numbers")
            } else if is_of(&["integer", "real"]) {
                (ColumnType::Double, "its rows hold numbers")
            } else if is_of(&["text"]) {
                (ColumnType::Text, "its rows hold texts")
            } else if is_of(&["blob"]) {
                (ColumnType::Blob, "its rows hold bytes")
            } else {
                let words = "its rows hold values of several types: some cannot be read";
                (ColumnType::Text, words)
            };
            let told = match declared.as_str() {
                "" => format!("{name}.{column} is declared without a type; {words}"),
                _ => format!(
                    "{name}.{column} is declared {declared}, a type that SQLite does not know; {words}"
                ),
            };
            snapshot.extras.untold.push((name.clone(), told));
            definition.column_type = found;
        }
    }
    Ok(())
}

/// Returns whether a condition is one that every column of an enum has.
fn is_of_enum(check: &str, condition: &str, definition: &Definition) -> bool {
    let mut columns = definition.columns.iter();
    check.ends_with("_enum")
        && columns.any(|(name, text)| text.hint.is_some() && token::mentions(condition, name))
}

/// The index that `sql` makes, if a migration made it for a model. One over more than plain columns is
/// also written by hand, under such a name: then it differs from what a migration says.
fn own_index(table: &str, name: &str, sql: &str) -> Option<Index> {
    if !names::is_own_index(table, name) {
        return None;
    }
    let index = Index::from_statement(sql)?;
    let is_plain = index.plain_columns().is_some();
    let made = create_index(table, name, &index, Dialect::Sqlite)?;
    // SQLite keeps what is between the last word and the semicolon.
    let is_ours = made.strip_suffix(';') == Some(sql.trim_end());
    (is_plain || is_ours).then_some(index)
}

impl Snapshot {
    fn add_table(&mut self, name: &str, definition: &Definition) {
        let mut table = Table {
            comment: definition.comment.clone(),
            ..Table::default()
        };
        for (check, condition) in &definition.checks {
            match check {
                Some(check) if is_of_enum(check, condition, definition) => {}
                Some(check) if names::is_own_check(name, check) => {
                    let condition = Condition::from_sql(condition);
                    table.checks.insert(check.clone(), condition);
                }
                check => {
                    let name_part = check
                        .as_ref()
                        .map(|check| format!("CONSTRAINT {} ", crate::schema::sql::quote(check)));
                    let kept = self.extras.checks.entry(name.to_owned()).or_default();
                    kept.push(format!(
                        "{}CHECK ({condition})",
                        name_part.unwrap_or_default()
                    ));
                }
            }
        }
        if !definition.unkept.is_empty() {
            let words = definition.unkept.clone();
            self.extras.unkept.insert(name.to_owned(), words);
        }
        self.schema.tables.insert(name.to_owned(), table);
    }

    fn add_columns(
        &mut self,
        rows: Vec<(String, String, String, bool, Option<String>, i64)>,
        texts: &HashMap<String, Definition>,
    ) {
        let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
        for (table, name, declared, not_null, default, key) in rows {
            let Some(read) = self.schema.tables.get_mut(&table) else {
                continue;
            };
            let text = texts
                .get(&table)
                .and_then(|definition| definition.columns.get(&name));
            let auto_increment = text.is_some_and(|text| text.auto_increment);
            let hint = text.and_then(|text| text.hint.as_deref());
            let column_type = match auto_increment {
                true => hint
                    .and_then(ColumnType::from_rust_integer)
                    .unwrap_or(ColumnType::BigInteger),
                false if declared == "enum_text" => hint
                    .and_then(enumeration::from_hint)
                    .unwrap_or_else(|| ColumnType::from_sqlite(&declared)),
                false => ColumnType::from_sqlite(&declared),
            };
            let column = Column {
                // SQLite takes NULL in a primary key for historical reasons; no model means that.
                nullable: !not_null && key == 0,
                default: default
                    .as_deref()
                    .map(|sql| DefaultValue::from_sql(sql, &column_type)),
                column_type,
                auto_increment,
                collation: text.and_then(|text| text.collation.clone()),
                generated: text.and_then(|text| text.generated.clone()),
                comment: text.and_then(|text| text.comment.clone()),
            };
            if key > 0 {
                keys.entry(table).or_default().insert(key, name.clone());
            }
            read.columns.insert(name, column);
        }
        for (table, columns) in keys {
            if let Some(read) = self.schema.tables.get_mut(&table) {
                read.primary_key = columns.into_values().collect();
            }
        }
    }

    /// A constraint inside CREATE TABLE has no name of its own.
    fn add_unique_constraints(&mut self, rows: Vec<(String, String, Option<String>)>) {
        let mut found: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for (table, name, column) in rows {
            found.entry((table, name)).or_default().extend(column);
        }
        for ((table, _), columns) in found {
            let name = names::index(&table, &columns.join("_"), true);
            self.extras.inline.push((table.clone(), name.clone()));
            if let Some(read) = self.schema.tables.get_mut(&table) {
                read.indexes.insert(name, Index::over(columns, true));
            }
        }
    }

    fn add_foreign_keys(&mut self, rows: Vec<KeyRow>) {
        let mut found: BTreeMap<(String, i64), (Vec<String>, ForeignKey)> = BTreeMap::new();
        for (table, id, target, from, to, on_delete, on_update) in rows {
            let action = |sql: &str| Action::from_sql(sql).unwrap_or_default();
            let (columns, key) = found.entry((table, id)).or_insert_with(|| {
                let key = ForeignKey {
                    table: target,
                    columns: Vec::new(),
                    on_delete: action(&on_delete),
                    on_update: action(&on_update),
                };
                (Vec::new(), key)
            });
            columns.push(from);
            key.columns.extend(to);
        }
        for ((table, _), (columns, mut key)) in found {
            if key.columns.is_empty() {
                // `REFERENCES other` by itself means its primary key.
                let target = self.schema.tables.get(&key.table);
                key.columns = target.map_or_else(Vec::new, |it| it.primary_key.clone());
            }
            if let Some(read) = self.schema.tables.get_mut(&table) {
                read.foreign_keys.insert(columns, key);
            }
        }
    }

    fn add_objects(&mut self, rows: Vec<(String, String, String, String)>) {
        for (kind, name, table, sql) in rows {
            let kind = match kind.as_str() {
                "index" => ObjectKind::Index,
                "trigger" => ObjectKind::Trigger,
                _ => ObjectKind::View,
            };
            let index = own_index(&table, &name, &sql).filter(|_| kind == ObjectKind::Index);
            let read = self.schema.tables.get_mut(&table);
            if let (Some(index), Some(read)) = (index, read) {
                read.indexes.insert(name, index);
            } else {
                self.extras.objects.push(Object {
                    kind,
                    name,
                    table,
                    sql,
                });
            }
        }
    }
}
