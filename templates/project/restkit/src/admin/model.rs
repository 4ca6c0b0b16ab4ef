//! A model as the admin site knows it: plain data, found out from its entity, and what its
//! [`ModelAdmin`](crate::ModelAdmin) says.
//!
//! All pages work on this and on values without types, so they are compiled once, in restkit, and
//! not again for every model of a project.

use sea_orm::sea_query::{Alias, ColumnType, Expr, Order, SimpleExpr, StringLen};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, IdenStatic, Iterable, PrimaryKeyToColumn, PrimaryKeyTrait,
    RelationTrait, Value,
};

use crate::admin::links::Links;
use crate::admin::store::Store;
use crate::model::columns::{Columns, computed_columns, refers};
use crate::model::value::Kind;
use crate::model::{Entity, value};

/// A model in the admin site.
pub struct RegisteredModel {
    /// The app's label.
    pub app: &'static str,
    /// The name in URLs and permissions, for example `task`.
    pub slug: String,
    /// For people: `task`.
    pub name: String,
    /// For people: `tasks`.
    pub plural: String,
    pub(super) table: String,
    pub(super) columns: Vec<Column>,
    /// Which of the columns is the key.
    pub(super) key: usize,
    pub(super) options: Options,
    pub(super) store: Box<dyn Store>,
}

/// One column of a model.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: &'static str,
    pub label: String,
    pub kind: Kind,
    /// A value of its type.
    pub sample: Value,
    pub is_nullable: bool,
    pub is_unique: bool,
    /// What the database fills in if nothing is said.
    pub default: Option<String>,
    /// How many characters fit.
    pub max_length: Option<u32>,
    pub is_long: bool,
    /// How many digits fit in all, and how many of them after the point.
    pub digits: Option<(u32, u32)>,
    /// The only values it may have, and how they are called.
    pub choices: Vec<(String, String)>,
    /// The name of the database's own type, if that is an enum.
    pub enum_name: Option<String>,
    /// The table and column that it refers to.
    pub refers: Option<(String, String)>,
    /// The database makes it.
    pub is_automatic: bool,
}

/// What a [`ModelAdmin`](crate::ModelAdmin) says. Columns are numbers in the order of the model's.
#[derive(Default)]
pub(super) struct Options {
    pub list: Vec<Shown>,
    pub filters: Vec<usize>,
    pub search: Vec<usize>,
    pub search_index: Option<&'static str>,
    pub ordering: Vec<(usize, Order)>,
    pub per_page: u64,
    pub editable: Vec<usize>,
    pub date_hierarchy: Option<usize>,
    pub readonly: Vec<usize>,
    pub exclude: Vec<usize>,
    pub superusers: Vec<&'static str>,
    pub fieldsets: Vec<(&'static str, Vec<usize>)>,
    pub inputs: Vec<Input>,
    pub links: Vec<Links>,
    pub inlines: Vec<Inline>,
    pub actions: Vec<String>,
    pub cells: Vec<String>,
    pub tools: Vec<(&'static str, &'static str)>,
    pub may_add: bool,
    pub may_change: bool,
    pub save_as: bool,
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Column(usize),
    /// One that a function makes.
    Cell(usize),
}

/// A field of the form for a new row that is no column, for the model's `save` to read.
#[derive(Clone, Copy)]
pub(super) struct Input {
    pub name: &'static str,
    pub label: &'static str,
    pub help: &'static str,
}

/// Rows of another model that are edited on the page of the one they refer to.
pub(super) struct Inline {
    pub model: RegisteredModel,
    /// The column that refers.
    pub column: usize,
}

impl RegisteredModel {
    /// What the entity itself says.
    pub(super) fn describe<E: Entity>(store: Box<dyn Store>) -> Self {
        let module = std::any::type_name::<E>().rsplit("::").nth(1);
        let slug = module
            .unwrap_or("model")
            .trim_start_matches("r#")
            .to_owned();
        let name = slug.replace('_', " ");
        let keys: Vec<_> = E::PrimaryKey::iter()
            .map(|key| key.into_column().as_str())
            .collect();
        let computed = computed_columns::<E>();
        let columns: Vec<_> = E::Column::iter()
            .map(|column| describe::<E>(column, &computed))
            .collect();
        let key = columns
            .iter()
            .position(|column| keys.contains(&column.name));
        Self {
            app: "",
            plural: plural(&name),
            name,
            slug,
            table: E::default().table_name().to_owned(),
            key: key.unwrap_or(0),
            columns,
            options: Options {
                per_page: 100,
                may_add: true,
                may_change: true,
                ..Options::default()
            },
            store,
        }
    }

    pub(super) fn key(&self) -> &Column {
        &self.columns[self.key]
    }

    /// The number of a column by its name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The path of its list below the admin site's, without a slash before it.
    pub fn path(&self) -> String {
        format!("{}/{}/", self.app, self.slug)
    }
}

fn describe<E: Entity>(column: E::Column, computed: &[String]) -> Column {
    let def = column.def();
    let kind_of_column = def.get_column_type();
    let accepts = |value: Value| E::ActiveModel::default().try_set(column, value).is_ok();
    let sample = value::samples()
        .into_iter()
        .find(|sample| accepts(sample.clone()));
    // An enum takes none of the samples; its column's type tells how it is stored.
    let sample = sample.unwrap_or_else(|| stored_as(kind_of_column));
    let is_key = E::PrimaryKey::iter().any(|key| key.into_column().as_str() == column.as_str());
    let refers = E::Relation::iter().find_map(|relation| refers(relation.def(), column.as_str()));
    let name = column.as_str();
    let label = name.strip_suffix("_id").filter(|_| refers.is_some());
    Column {
        name,
        label: label_of(label.unwrap_or(name)),
        kind: value::kind(&sample),
        is_nullable: def.is_null(),
        is_unique: def.is_unique(),
        default: def.get_column_default().map(default_of),
        max_length: match kind_of_column {
            ColumnType::String(StringLen::N(length)) | ColumnType::Char(Some(length)) => {
                Some(*length)
            }
            _ => None,
        },
        is_long: matches!(kind_of_column, ColumnType::Text),
        digits: match kind_of_column {
            ColumnType::Decimal(digits) => *digits,
            _ => None,
        },
        choices: match kind_of_column {
            ColumnType::Enum { variants, .. } => {
                variants.iter().map(|it| choice(&it.to_string())).collect()
            }
            _ => Vec::new(),
        },
        enum_name: match kind_of_column {
            ColumnType::Enum { name, .. } => Some(name.to_string()),
            _ => None,
        },
        refers,
        is_automatic: is_key && E::PrimaryKey::auto_increment()
            || computed.iter().any(|it| it == name),
        sample,
    }
}

impl RegisteredModel {
    /// Gives columns the choices that the API knows, where the project names none.
    pub(super) fn learn_choices(&mut self) {
        let columns = self.columns.iter_mut();
        for column in columns.filter(|it| it.choices.is_empty() && it.refers.is_none()) {
            let values = Columns::choices_of(&self.table, column.name);
            column.choices = values.iter().map(|value| choice(value)).collect();
        }
    }
}

impl Column {
    /// The column of `table` as a text, in SQL.
    pub(super) fn as_text(&self, table: &str) -> Expr {
        let own = Expr::col((Alias::new(table), Alias::new(self.name)));
        value::sql::as_text(own, self.kind, self.enum_name.as_deref())
    }

    /// A value to compare the column with; nothing, if it can never have that one.
    pub(super) fn bound(&self, value: Value) -> Option<Expr> {
        let enum_name = self.enum_name.as_deref();
        let is_known = || {
            let text = value::text(&value);
            self.choices.iter().any(|(choice, _)| *choice == text)
        };
        let can_be = enum_name.is_none() || is_known();
        can_be.then(|| value::sql::bound(value, enum_name))
    }
}

fn stored_as(kind: &ColumnType) -> Value {
    match kind {
        ColumnType::TinyInteger => Value::TinyInt(None),
        ColumnType::SmallInteger => Value::SmallInt(None),
        ColumnType::Integer => Value::Int(None),
        ColumnType::BigInteger => Value::BigInt(None),
        ColumnType::Char(_) | ColumnType::String(_) | ColumnType::Text => Value::String(None),
        ColumnType::Enum { .. } => Value::String(None),
        _ => Value::Bytes(None),
    }
}

/// A default that is no plain value, such as the current time, is shown as nothing.
fn default_of(default: &SimpleExpr) -> String {
    match default {
        SimpleExpr::Value(value) => value::text(value),
        _ => String::new(),
    }
}

/// A choice by its value, called by it.
pub(super) fn choice(value: &str) -> (String, String) {
    (value.to_owned(), label_of(&value.replace('-', " ")))
}

/// `is_active` is called `Is active`.
pub(super) fn label_of(name: &str) -> String {
    if name == "id" {
        return "ID".to_owned();
    }
    let words = name.trim_start_matches("r#").replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}

fn plural(name: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match name.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_people() {
        assert_eq!(label_of("is_active"), "Is active");
        assert_eq!(label_of("r#type"), "Type");
        for (one, many) in [
            ("task", "tasks"),
            ("log entry", "log entries"),
            ("box", "boxes"),
            ("day", "days"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}
