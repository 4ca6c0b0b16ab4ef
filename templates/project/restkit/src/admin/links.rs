//! Several things chosen from many, kept in a table between the two.

use std::collections::BTreeSet;

use sea_orm::sea_query::{
    Alias, Condition, DeleteStatement, Expr, ExprTrait, InsertStatement, SelectStatement,
};
use sea_orm::{ConnectionTrait, Value};

use crate::admin::field::{Choice, Field};
use crate::admin::store::Query;
use crate::db::Connection;
use crate::model::value;
use crate::{AdminSite, Error, Result};

/// More than this are not offered.
const MAX_CHOICES: u64 = 1000;

/// A field that chooses several.
pub(crate) struct Links {
    pub name: String,
    label: String,
    /// The table between the two.
    table: String,
    /// Its column with our key.
    own: String,
    /// Its column with what is chosen.
    other: String,
    source: Source,
}

/// The rows to choose from.
enum Source {
    /// Rows of this table, if a model of it is registered.
    Rows(String),
    Names(fn(&AdminSite) -> Vec<String>),
}

impl Links {
    pub fn rows(label: &str, table: String, own: String, other: String, rows: String) -> Self {
        let source = Source::Rows(rows);
        let name = table.clone();
        let label = label.to_owned();
        Self {
            name,
            label,
            table,
            own,
            other,
            source,
        }
    }

    /// Names, such as those of permissions.
    pub fn names(
        label: &str,
        [table, own, other]: [&str; 3],
        names: fn(&AdminSite) -> Vec<String>,
    ) -> Self {
        Self {
            name: other.to_owned(),
            label: label.to_owned(),
            table: table.to_owned(),
            own: own.to_owned(),
            other: other.to_owned(),
            source: Source::Names(names),
        }
    }

    /// Reads the choices of the row with this key.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn read(&self, db: &Connection, key: &Value) -> Result<BTreeSet<String>> {
        let mut select = SelectStatement::new();
        select
            .expr_as(
                Expr::col(self.other.clone()).cast_as("text"),
                Alias::new("chosen"),
            )
            .from(self.table.clone())
            .and_where(Expr::col(self.own.clone()).eq(key.clone()));
        let rows = db.query_all(&select).await?;
        let chosen = rows.iter().map(|row| row.try_get("", "chosen"));
        Ok(chosen.collect::<Result<_, _>>()?)
    }

    /// Keeps what the row with this key has chosen.
    ///
    /// # Errors
    ///
    /// If the database fails, or something was chosen that does not exist.
    pub async fn write(
        &self,
        site: &AdminSite,
        db: &Connection,
        key: &Value,
        (before, after): (&BTreeSet<String>, &BTreeSet<String>),
    ) -> Result<()> {
        for gone in before.difference(after) {
            let mut delete = DeleteStatement::new();
            delete
                .from_table(self.table.clone())
                .and_where(Expr::col(self.own.clone()).eq(key.clone()))
                .and_where(Expr::col(self.other.clone()).eq(self.value(site, gone)?));
            db.execute(&delete).await?;
        }
        for new in after.difference(before) {
            let mut insert = InsertStatement::new();
            insert
                .into_table(self.table.clone())
                .columns([self.own.clone(), self.other.clone()])
                .values_panic([key.clone().into(), self.value(site, new)?.into()]);
            db.execute(&insert).await?;
        }
        Ok(())
    }

    /// A choice as the table between has it.
    fn value(&self, site: &AdminSite, text: &str) -> Result<Value> {
        let problem = || Error::field(&self.name, "Select a valid choice.");
        match &self.source {
            Source::Names(names) => {
                if names(site).iter().any(|name| name == text) {
                    Ok(text.into())
                } else {
                    Err(problem())
                }
            }
            Source::Rows(table) => {
                let model = site.of_table(table).ok_or_else(problem)?;
                value::parse(&model.key().null, text).map_err(|_| problem())
            }
        }
    }

    /// Returns the rows to choose from, by value and label; chosen ones are always among them.
    async fn choices(
        &self,
        site: &AdminSite,
        db: &Connection,
        chosen: &BTreeSet<String>,
    ) -> Result<Vec<(String, String)>> {
        let mut choices = match &self.source {
            Source::Names(names) => {
                let names = names(site).into_iter();
                names.map(|name| (name.clone(), name)).collect()
            }
            Source::Rows(table) => {
                let Some(model) = site.of_table(table) else {
                    return Ok(Vec::new());
                };
                let mut query = Query::new(Condition::all(), MAX_CHOICES);
                query.order = model.own_order();
                let rows = model.store.rows(db, query).await?;
                let mut choices: Vec<_> =
                    rows.into_iter().map(|row| (row.key, row.label)).collect();
                let missing = chosen
                    .iter()
                    .filter(|key| choices.iter().all(|it| it.0 != **key));
                let missing: Vec<_> = missing.map(String::as_str).collect();
                choices.extend(model.labels(db, missing).await?);
                choices
            }
        };
        for name in chosen {
            if choices.iter().all(|(value, _)| value != name) {
                choices.push((name.clone(), name.clone()));
            }
        }
        Ok(choices)
    }

    /// The field on a page.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(super) async fn field(
        &self,
        site: &AdminSite,
        db: &Connection,
        chosen: &BTreeSet<String>,
        readonly: bool,
    ) -> Result<Field> {
        let choices = self.choices(site, db, chosen).await?.into_iter();
        let choices = choices.map(|(value, label)| Choice {
            selected: chosen.contains(&value),
            value,
            label,
        });
        Ok(Field {
            name: self.name.clone(),
            label: self.label.clone(),
            widget: "checkboxes",
            choices: choices
                .filter(|choice| !readonly || choice.selected)
                .collect(),
            readonly,
            ..Field::default()
        })
    }
}
