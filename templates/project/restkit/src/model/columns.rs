//! The columns of a model, and the rules that hold for every row, whoever writes it.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{DbBackend, IdenStatic, Iterable, PrimaryKeyToColumn, Schema};

use crate::model::column::{self, Column};
use crate::model::{Entity, entity};

/// A model, as plain data.
#[derive(Clone, Debug)]
pub struct Columns {
    /// For people: `task`, `log entry`.
    pub model: String,
    pub table: &'static str,
    /// In the order of the entity's columns.
    pub all: Vec<Column>,
    /// Those of the key, in its order.
    pub keys: Vec<usize>,
    /// The columns that are unique together.
    pub unique_groups: Vec<Vec<usize>>,
}

static KNOWN: RwLock<BTreeMap<TypeId, Arc<Columns>>> = RwLock::new(BTreeMap::new());

/// The values of columns that hold enums, by table and column.
static CHOICES: RwLock<BTreeMap<(&'static str, &'static str), Vec<String>>> =
    RwLock::new(BTreeMap::new());

impl Columns {
    /// Notes what an enum's column may hold: an entity does not say it, a request type does.
    pub(crate) fn note_choices(&self, column: usize, values: Vec<String>) {
        let mut known = CHOICES.write().unwrap_or_else(PoisonError::into_inner);
        let all = known
            .entry((self.table, self.all[column].name))
            .or_default();
        for value in values {
            if !all.contains(&value) {
                all.push(value);
            }
        }
    }

    /// Returns what was noted of a column; nothing if no request type writes an enum to it.
    pub(crate) fn choices_of(table: &str, column: &str) -> Vec<String> {
        let known = CHOICES.read().unwrap_or_else(PoisonError::into_inner);
        let mut known = known.iter();
        let found = known.find(|((of, name), _)| *of == table && *name == column);
        found.map(|(_, values)| values.clone()).unwrap_or_default()
    }

    /// Describes an entity, once while the program runs: a model does not change meanwhile.
    pub fn of<E: Entity>() -> Arc<Self> {
        let entity = TypeId::of::<E>();
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = known.get(&entity) {
            return Arc::clone(columns);
        }
        drop(known);
        let columns = Arc::new(Self::describe::<E>());
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(entity, Arc::clone(&columns));
        columns
    }

    /// Those of all entities that were asked for up to now.
    pub(crate) fn known() -> Vec<Arc<Self>> {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        known.values().cloned().collect()
    }

    fn describe<E: Entity>() -> Self {
        let mut all = column::describe_all::<E>();
        let indexes = Schema::new(DbBackend::Sqlite).create_index_from_entity(E::default());
        for index in &indexes {
            let first = index.get_index_spec().get_column_names().into_iter().next();
            let column = all.iter_mut().find(|it| first.as_deref() == Some(it.name));
            if let Some(column) = column {
                column.is_indexed = true;
            }
        }
        // The index of a key begins with its first column.
        if let Some(key) = all.iter_mut().find(|column| column.is_key) {
            key.is_indexed = true;
        }
        let position = |name: &str| all.iter().position(|column| column.name == name);
        let unique = indexes.iter().filter(|index| index.is_unique_key());
        let groups = unique.map(|index| index.get_index_spec().get_column_names());
        let groups = groups.map(|names| {
            let numbers = names.iter().filter_map(|name| position(name));
            numbers.collect::<Vec<_>>()
        });
        let unique_groups = groups.filter(|group| group.len() > 1).collect();
        let keys = E::PrimaryKey::iter().map(|key| key.into_column().as_str());
        let name = entity::module_name::<E>().replace('_', " ");
        Self {
            keys: keys.filter_map(position).collect(),
            model: name,
            table: E::default().table_name(),
            unique_groups,
            all,
        }
    }

    /// Finds the number of a column by its name in the database.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|column| column.name == name)
    }

    /// The column of this name in JSON.
    pub fn by_key(&self, key: &str) -> Option<&Column> {
        self.all.iter().find(|column| column.json_key == key)
    }
}

impl Column {
    /// Describes a column of an entity.
    pub(crate) fn of<E: Entity>(column: E::Column) -> Self {
        let columns = Columns::of::<E>();
        let mut all = E::Column::iter().zip(&columns.all);
        let found = all.find(|(other, _)| other.as_str() == column.as_str());
        found.map_or_else(
            || column::describe::<E>(column, &[]),
            |(_, facts)| facts.clone(),
        )
    }
}
