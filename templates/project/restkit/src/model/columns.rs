//! What a model says of its columns: the rules that hold for every row, whoever writes it.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::sea_query::{ColumnDef, ColumnType, StringLen, TableRef};
use sea_orm::{
    ColumnTrait, DbBackend, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, PrimaryKeyTrait,
    RelationDef, RelationTrait, Schema, Value,
};

use crate::model::{Entity, entity, value};

/// A model, as plain data.
#[derive(Clone, Debug)]
pub struct Columns {
    /// For people: `task`, `log entry`.
    pub model: String,
    pub table: &'static str,
    /// In the order of the entity's columns.
    pub all: Vec<Column>,
    /// Which columns are unique together.
    pub unique_groups: Vec<Vec<usize>>,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// In the database.
    pub name: &'static str,
    /// In JSON, as the model's own serde would call it.
    pub json_key: &'static str,
    /// No value, of the type that it has.
    pub null: Value,
    pub is_key: bool,
    /// The database makes it.
    pub is_automatic: bool,
    pub is_nullable: bool,
    pub is_unique: bool,
    /// Whether an index begins with it.
    pub is_indexed: bool,
    /// How many characters fit.
    pub max_length: Option<u32>,
    /// Whether it is a text of any length, with lines in it.
    pub is_long: bool,
    /// How many digits a decimal has in all, and how many of them after the point.
    pub decimal: Option<(u32, u32)>,
    /// The table and column that it refers to.
    pub refers: Option<(String, String)>,
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

    /// What the entity itself says: found out once for each entity, since a model does not change
    /// while the program runs.
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
        let computed = computed_columns::<E>();
        let mut all: Vec<_> = E::Column::iter()
            .map(|column| describe::<E>(column, &computed))
            .collect();
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
        let position = |name: &String| all.iter().position(|column| column.name == name);
        let unique = indexes.iter().filter(|index| index.is_unique_key());
        let groups = unique.map(|index| index.get_index_spec().get_column_names());
        let groups = groups.map(|names| names.iter().filter_map(position).collect::<Vec<_>>());
        let unique_groups = groups.filter(|group| group.len() > 1).collect();
        let name = entity::module_name::<E>().replace('_', " ");
        Self {
            model: name,
            table: E::default().table_name(),
            unique_groups,
            all,
        }
    }

    /// The column of this name in JSON.
    pub fn by_key(&self, key: &str) -> Option<&Column> {
        self.all.iter().find(|column| column.json_key == key)
    }
}

/// Returns the names of the columns that the database computes from others: those that say so as `extra`.
pub(crate) fn computed_columns<E: Entity>() -> Vec<String> {
    let table = Schema::new(DbBackend::Sqlite).create_table_from_entity(E::default());
    let is_computed = |column: &&ColumnDef| {
        let extra = column
            .get_column_spec()
            .extra
            .as_deref()
            .unwrap_or_default();
        extra.to_uppercase().contains("GENERATED ALWAYS AS")
    };
    let computed = table.get_columns().iter().filter(is_computed);
    computed.map(ColumnDef::get_column_name).collect()
}

fn describe<E: Entity>(column: E::Column, computed: &[String]) -> Column {
    let def = column.def();
    let kind = def.get_column_type();
    let name = column.as_str();
    let is_key = E::PrimaryKey::iter().any(|key| key.into_column().as_str() == name);
    Column {
        name,
        json_key: column.json_key(),
        null: value::null_of(&E::Model::get_value_type(column)),
        is_key,
        is_automatic: is_key && E::PrimaryKey::auto_increment()
            || computed.iter().any(|it| it == name),
        is_nullable: def.is_null(),
        is_unique: def.is_unique(),
        is_indexed: false,
        max_length: match kind {
            ColumnType::String(StringLen::N(length)) | ColumnType::Char(Some(length)) => {
                Some(*length)
            }
            _ => None,
        },
        is_long: matches!(kind, ColumnType::Text),
        decimal: match kind {
            ColumnType::Decimal(Some(precision)) | ColumnType::Money(Some(precision)) => {
                Some(*precision)
            }
            _ => None,
        },
        refers: E::Relation::iter().find_map(|relation| refers(relation.def(), name)),
    }
}

/// What a relation says about a column of ours, if it refers by that one.
pub(crate) fn refers(relation: RelationDef, name: &str) -> Option<(String, String)> {
    let own: Vec<_> = relation.from_col.into_iter().collect();
    let other: Vec<_> = relation.to_col.into_iter().collect();
    match (own.as_slice(), other.as_slice()) {
        ([own], [other]) if !relation.is_owner && own.to_string() == name => {
            Some((table_of(&relation.to_tbl), other.to_string()))
        }
        _ => None,
    }
}

/// The name of a table, without its schema.
pub(crate) fn table_of(table: &TableRef) -> String {
    match table {
        TableRef::Table(name, _) => name.1.to_string(),
        _ => String::new(),
    }
}
