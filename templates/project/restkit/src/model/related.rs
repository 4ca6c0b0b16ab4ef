//! Rows of other tables: lists of keys that are kept in a table between two, and references.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, InsertStatement, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    ModelTrait, PrimaryKeyToColumn, RelationTrait, Statement, TransactionTrait, TryGetable, Value,
};
use serde_json::{Map, Value as Json};

use crate::db::{Connection, Violation, is_sqlite};
use crate::model::{Entity, value};
use crate::{Error, Result};

/// A field of a request type that lists keys, kept in a table between two:
/// `ManyToMany::new("tags", book_tag::Column::BookId, book_tag::Column::TagId)`.
///
/// ```
/// use restkit::auth::models::user_group::{Column, Entity};
/// use restkit::model::ManyToMany;
///
/// let groups = ManyToMany::new("groups", Entity, Column::UserId, Column::GroupId);
/// assert_eq!(groups.field, "groups");
/// ```
#[derive(Clone, Debug)]
pub struct ManyToMany {
    /// The field: a `Vec` of keys.
    pub field: &'static str,
    /// The table between.
    table: &'static str,
    /// Its column with our key.
    own: &'static str,
    /// Its column with what is listed.
    other: &'static str,
    /// No value, of the type of what is listed.
    null: Value,
    /// The table and column that are listed.
    pub(crate) listed: (String, String),
}

/// The keys that one request lists.
#[derive(Clone, Debug)]
pub struct Links {
    list: ManyToMany,
    keys: Vec<Value>,
}

impl ManyToMany {
    /// The list `field`, kept in the entity `between`, whose column `own` refers to us and whose
    /// column `other` to what is listed.
    pub fn new<B: EntityTrait>(
        field: &'static str,
        between: B,
        own: B::Column,
        other: B::Column,
    ) -> Self {
        let listed = B::Relation::iter()
            .find_map(|relation| super::column::refers(relation.def(), other.as_str()));
        Self {
            field,
            table: between.table_name(),
            own: own.as_str(),
            null: value::null_of(&B::Model::get_value_type(other)),
            // Without a relation there is nothing to compare with but the table itself.
            listed: listed
                .unwrap_or_else(|| (between.table_name().to_owned(), other.as_str().to_owned())),
            other: other.as_str(),
        }
    }

    /// Returns the keys that each of these rows lists: one query for all of them.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn keys<K, L>(
        &self,
        db: &Connection,
        rows: impl IntoIterator<Item = K>,
    ) -> Result<BTreeMap<K, Vec<L>>>
    where
        K: TryGetable + Into<Value> + Ord,
        L: TryGetable,
    {
        let mut select = SelectStatement::new();
        select
            .columns([Alias::new(self.own), Alias::new(self.other)])
            .from(Alias::new(self.table))
            .and_where(Expr::col(Alias::new(self.own)).is_in(rows))
            .order_by(Alias::new(self.other), sea_orm::Order::Asc);
        let mut listed = BTreeMap::<K, Vec<L>>::new();
        for row in db.query_all(&select).await? {
            let key = row.try_get("", self.own)?;
            listed
                .entry(key)
                .or_default()
                .push(row.try_get("", self.other)?);
        }
        Ok(listed)
    }

    /// The table between, and its column with our key.
    pub(crate) fn own_key(&self) -> (&'static str, &'static str) {
        (self.table, self.own)
    }

    /// The table between, and its column with what is listed.
    pub(crate) fn listed_key(&self) -> (&'static str, &'static str) {
        (self.table, self.other)
    }

    /// No value, of the type of what is listed.
    pub(crate) fn null(&self) -> &Value {
        &self.null
    }

    /// The key that a JSON value means.
    pub(crate) fn key(&self, json: &Json) -> Option<Value> {
        match json {
            Json::Number(_) | Json::String(_) => value::key_of_json(&self.null, json),
            _ => None,
        }
    }
}

impl Links {
    pub(crate) fn of(list: ManyToMany, given: &Map<String, Json>) -> Option<Self> {
        let keys = given.get(list.field)?.as_array()?;
        let keys = keys.iter().filter_map(|key| list.key(key)).collect();
        Some(Self { list, keys })
    }
}

/// Makes the lists of a row those of a request.
pub(crate) async fn write<M: ModelTrait>(db: &Connection, row: &M, links: &[Links]) -> Result<()> {
    let Some(key) = <M::Entity as EntityTrait>::PrimaryKey::iter().next() else {
        return Ok(());
    };
    let key = row.get(key.into_column());
    for links in links {
        links.write(db, &key).await?;
    }
    Ok(())
}

/// So many links are written by one statement.
const AT_ONCE: usize = 500;

impl Links {
    async fn write(&self, db: &Connection, own: &Value) -> Result<()> {
        let list = &self.list;
        let mut delete = sea_orm::sea_query::DeleteStatement::new();
        delete
            .from_table(Alias::new(list.table))
            .and_where(Expr::col(Alias::new(list.own)).eq(own.clone()));
        if !self.keys.is_empty() {
            delete.and_where(Expr::col(Alias::new(list.other)).is_not_in(self.keys.clone()));
        }
        db.execute(&delete).await?;
        let mut seen = BTreeSet::new();
        let keys = self
            .keys
            .iter()
            .filter(|key| seen.insert(format!("{key:?}")));
        for keys in keys.collect::<Vec<_>>().chunks(AT_ONCE) {
            let mut insert = InsertStatement::new();
            insert
                .into_table(Alias::new(list.table))
                .columns([Alias::new(list.own), Alias::new(list.other)])
                .on_conflict(
                    sea_orm::sea_query::OnConflict::new()
                        .do_nothing()
                        .to_owned(),
                );
            for key in keys {
                insert.values_panic([own.clone().into(), (*key).clone().into()]);
            }
            db.execute(&insert).await?;
        }
        Ok(())
    }
}

/// Deletes a row.
///
/// # Errors
///
/// 409 if rows refer to it that protect it.
pub(crate) async fn delete<E: Entity>(db: &Connection, row: E::Model) -> Result<()> {
    let keys: Vec<Value> = E::PrimaryKey::iter()
        .map(|key| row.get(key.into_column()))
        .collect();
    // Within a part of its own, so that there is still a transaction to ask in if it fails.
    let part = db.begin().await?;
    let deleted = row.into_active_model().delete(&part).await;
    match deleted {
        Ok(_) => Ok(part.commit().await?),
        Err(error) => {
            part.rollback().await?;
            match Violation::of(&error) {
                Some(Violation::ForeignKey(_)) => {
                    Err(protected(db, E::default().table_name(), &keys).await?)
                }
                _ => Err(error.into()),
            }
        }
    }
}

/// Says which rows refer to the one with these keys.
async fn protected(db: &Connection, table: &str, keys: &[Value]) -> Result<Error> {
    let mut who = Vec::new();
    for (other, column) in referring(db, table).await? {
        let mut select = SelectStatement::new();
        select
            .expr_as(Expr::val(1).count(), Alias::new("n"))
            .from(Alias::new(&other))
            .and_where(Expr::col(Alias::new(&column)).is_in(keys.to_vec()));
        let row = db.query_one(&select).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        if count > 0 {
            let rows = if count == 1 { "row" } else { "rows" };
            who.push(format!("{count} {rows} of {other} by {column}"));
        }
    }
    Ok(Error::Conflict(if who.is_empty() {
        "It cannot be deleted, since other rows refer to it.".to_owned()
    } else {
        format!(
            "It cannot be deleted, since other rows refer to it: {}.",
            who.join(", ")
        )
    }))
}

/// The tables and columns that refer to a table: the database itself knows best.
async fn referring(db: &Connection, table: &str) -> Result<Vec<(String, String)>, DbErr> {
    let sql = if is_sqlite(db) {
        r#"SELECT m.name AS "table", f."from" AS "column"
               FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
               WHERE m.type = 'table' AND f."table" = $1 ORDER BY 1, 2"#
    } else {
        r#"SELECT c.conrelid::regclass::text AS "table", a.attname::text AS "column"
               FROM pg_constraint c
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
               WHERE c.contype = 'f' AND c.confrelid = to_regclass(quote_ident($1))
               ORDER BY 1, 2"#
    };
    let backend = db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = db.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "table")?, row.try_get("", "column")?)))
        .collect()
}
