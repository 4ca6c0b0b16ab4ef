//! Finds the rows that go with a deleted one. It asks the database, not the models: the database will
//! delete them, in tables without a model too.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::Serialize;

use crate::admin::bounded_count::{COUNTED, Count, count};
use crate::admin::model_page::ModelPage;
use crate::admin::store::Query;
use crate::db::Connection;
use crate::{AdminSite, Result};

/// So many of the rows are called by their names.
const MAX_EXAMPLES: u64 = 5;

/// SQLite keeps a foreign key without a column when it means the other table's key.
const SQLITE: &str = r#"SELECT t.name AS "table", f."from" AS "column", f."table" AS other,
    COALESCE(f."to", '') AS key, f.on_delete AS effect
    FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"#;

const POSTGRES: &str = r#"SELECT t.relname::text AS "table", a.attname::text AS "column",
    o.relname::text AS other, b.attname::text AS key,
    CASE f.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
    ELSE 'RESTRICT' END AS effect
    FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class o ON o.oid = f.confrelid
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
    WHERE f.contype = 'f' AND array_length(f.conkey, 1) = 1"#;

/// The effect of deleting some rows on others.
#[derive(Debug, Default, Serialize)]
pub(super) struct Cascade {
    /// Deleted, too.
    pub deleted: Vec<Related>,
    /// Kept, but no longer refer to anything.
    pub emptied: Vec<Related>,
    /// In the way: the database does not delete what these refer to.
    pub protected: Vec<Related>,
}

/// Rows of one table.
#[derive(Debug, Serialize)]
pub(super) struct Related {
    pub name: String,
    pub count: String,
    pub examples: Vec<String>,
}

/// A foreign key.
struct Reference {
    table: String,
    column: String,
    other: String,
    key: String,
    effect: String,
}

impl Cascade {
    /// Finds the rows that go with those of these keys.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn of(model_page: &ModelPage<'_>, db: &Connection, keys: Vec<Value>) -> Result<Self> {
        let references = references(db).await?;
        let mut cascade = Self::default();
        let mut seen = BTreeSet::new();
        let mut next = vec![(
            model_page.model.table.clone(),
            model_page.model.with_keys(keys),
        )];
        while let Some((table, condition)) = next.pop() {
            let to_here = references
                .iter()
                .enumerate()
                .filter(|(_, it)| it.other == table);
            for (number, reference) in to_here {
                // Each reference once: two tables may refer to each other.
                if !seen.insert(number) {
                    continue;
                }
                let condition = refers(model_page.site, reference, condition.clone());
                let Some(related) = related(model_page.site, db, reference, &condition).await?
                else {
                    continue;
                };
                match reference.effect.as_str() {
                    "CASCADE" => {
                        cascade.deleted.push(related);
                        next.push((reference.table.clone(), condition));
                    }
                    "SET NULL" | "SET DEFAULT" => cascade.emptied.push(related),
                    _ => cascade.protected.push(related),
                }
            }
        }
        Ok(cascade)
    }
}

async fn references(db: &Connection) -> Result<Vec<Reference>> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    };
    let rows = db
        .query_all_raw(Statement::from_string(backend, sql))
        .await?;
    let references = rows.iter().map(|row| {
        Ok(Reference {
            table: row.try_get("", "table")?,
            column: row.try_get("", "column")?,
            other: row.try_get("", "other")?,
            key: row.try_get("", "key")?,
            effect: row.try_get("", "effect")?,
        })
    });
    references.collect()
}

/// The rows that refer to those of `condition`.
fn refers(site: &AdminSite, reference: &Reference, condition: Condition) -> Condition {
    let key = match (reference.key.as_str(), site.of_table(&reference.other)) {
        ("", Some(model)) => model.key().name,
        ("", None) => "id",
        (key, _) => key,
    };
    let mut others = SelectStatement::new();
    others
        .column((Alias::new(&reference.other), Alias::new(key)))
        .from(Alias::new(&reference.other))
        .cond_where(condition);
    let column = (Alias::new(&reference.table), Alias::new(&reference.column));
    Condition::all().add(Expr::col(column).in_subquery(others))
}

async fn related(
    site: &AdminSite,
    db: &Connection,
    reference: &Reference,
    condition: &Condition,
) -> Result<Option<Related>> {
    let number = count(db, &reference.table, (condition.clone(), COUNTED)).await?;
    if number == Count::All(0) {
        return Ok(None);
    }
    let (name, examples) = match site.of_table(&reference.table) {
        Some(model) => {
            let query = Query::new(condition.clone(), MAX_EXAMPLES);
            let rows = model.store.rows(db, query).await?;
            let name = if number == Count::All(1) {
                &model.name
            } else {
                &model.plural
            };
            (
                name.clone(),
                rows.into_iter().map(|row| row.label).collect(),
            )
        }
        None => (format!("{} rows", reference.table), Vec::new()),
    };
    Ok(Some(Related {
        name,
        count: number.to_string(),
        examples,
    }))
}
