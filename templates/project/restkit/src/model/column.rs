//! A column as its entity describes it: one value for serializers, filters, the admin site and the schema.

use sea_orm::sea_query::{
    Alias, ColumnDef, ColumnType, DynIden, Expr, SimpleExpr, StringLen, TableRef,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn,
    PrimaryKeyTrait, RelationDef, RelationTrait, Schema, Value,
};

use crate::model::value::Kind;
use crate::model::{Entity, ManyToMany, value};

/// A column, as plain data.
#[derive(Clone, Debug)]
pub struct Column {
    /// The table that it belongs to.
    pub table: &'static str,
    /// In the database.
    pub name: &'static str,
    /// In JSON, as the model's own serde would call it.
    pub json_key: &'static str,
    /// No value, of the type that it has.
    pub null: Value,
    pub(crate) kind: Kind,
    /// Belongs to the primary key.
    pub is_key: bool,
    /// The database makes it.
    pub is_automatic: bool,
    /// Whether it may be NULL.
    pub is_nullable: bool,
    /// Whether its values are unique by themselves.
    pub is_unique: bool,
    /// Whether an index begins with it.
    pub is_indexed: bool,
    /// How many characters fit.
    pub max_length: Option<u32>,
    /// Whether it is a text of any length, with lines in it.
    pub is_long: bool,
    /// How many digits a decimal has in all, and how many of them after the point.
    pub decimal: Option<(u32, u32)>,
    /// The least and the greatest whole number that fits, of its type in Rust and in the database.
    pub range: Option<(i64, i64)>,
    /// The default in the database; an empty text if that is an expression.
    pub default: Option<String>,
    /// The name of the database's own type, if that is an enum.
    pub enum_name: Option<String>,
    /// The values of that enum.
    pub variants: Vec<String>,
    /// The table and column that it refers to.
    pub refers: Option<(String, String)>,
    /// Whether the model takes a value of this column.
    pub(crate) takes: fn(&str, Value) -> bool,
}

impl Column {
    /// Describes the key that a list of keys consists of.
    pub(crate) fn of_listed(list: &ManyToMany) -> Self {
        let (table, name) = list.listed_key();
        Self {
            refers: Some(list.listed.clone()),
            ..Self::plain(table, name, list.null().clone())
        }
    }

    /// A column of which only its type is known.
    pub(crate) fn plain(table: &'static str, name: &'static str, null: Value) -> Self {
        Self {
            table,
            name,
            json_key: name,
            kind: value::kind(&null),
            range: value::integer_range(&null),
            null,
            is_key: false,
            is_automatic: false,
            is_nullable: false,
            is_unique: false,
            is_indexed: false,
            max_length: None,
            is_long: false,
            decimal: None,
            default: None,
            enum_name: None,
            variants: Vec::new(),
            refers: None,
            takes: |_, _| true,
        }
    }

    /// Returns whether the model takes this value: of texts some columns know only a few.
    pub(crate) fn takes(&self, value: Value) -> bool {
        (self.takes)(self.name, value)
    }

    /// The column in SQL.
    pub(crate) fn expr(&self) -> Expr {
        Expr::col((Alias::new(self.table), Alias::new(self.name)))
    }

    /// The column as a text in SQL.
    pub(crate) fn as_text(&self) -> Expr {
        value::sql::as_text(self.expr(), self.kind, self.enum_name.as_deref())
    }

    /// A value to compare the column with. One that its enum does not have is an error of the database.
    pub(crate) fn bound(&self, value: Value) -> Expr {
        value::sql::bound(value, self.enum_name.as_deref())
    }
}

/// Describes the columns of an entity, in their order.
pub(super) fn describe_all<E: Entity>() -> Vec<Column> {
    let computed = computed_columns::<E>();
    E::Column::iter()
        .map(|column| describe::<E>(column, &computed))
        .collect()
}

pub(super) fn describe<E: Entity>(column: E::Column, computed: &[String]) -> Column {
    let def = column.def();
    let name = column.as_str();
    let null = value::null_of(&E::Model::get_value_type(column));
    let is_key = E::PrimaryKey::iter().any(|key| key.into_column().as_str() == name);
    let is_computed = computed.iter().any(|other| other == name);
    let (enum_name, variants) = match def.get_column_type() {
        ColumnType::Enum { name, variants } => (Some(name.to_string()), texts(variants)),
        _ => (None, Vec::new()),
    };
    Column {
        json_key: column.json_key(),
        is_key,
        is_automatic: is_key && E::PrimaryKey::auto_increment() || is_computed,
        is_nullable: def.is_null(),
        is_unique: def.is_unique(),
        max_length: match def.get_column_type() {
            ColumnType::String(StringLen::N(length)) | ColumnType::Char(Some(length)) => {
                Some(*length)
            }
            _ => None,
        },
        is_long: matches!(def.get_column_type(), ColumnType::Text),
        decimal: match def.get_column_type() {
            ColumnType::Decimal(precision) | ColumnType::Money(precision) => *precision,
            _ => None,
        },
        range: range(&null, def.get_column_type()),
        default: def.get_column_default().map(|default| match default {
            SimpleExpr::Value(value) => value::text(value),
            _ => String::new(),
        }),
        enum_name,
        variants,
        refers: E::Relation::iter().find_map(|relation| refers(relation.def(), name)),
        takes: takes::<E>,
        ..Column::plain(E::default().table_name(), name, null)
    }
}

/// Both databases have 64 bits at most, with a sign.
fn range(null: &Value, column_type: &ColumnType) -> Option<(i64, i64)> {
    let (least, greatest) = value::integer_range(null)?;
    let stored = match column_type {
        ColumnType::TinyInteger => Value::TinyInt(None),
        ColumnType::SmallInteger => Value::SmallInt(None),
        ColumnType::Integer => Value::Int(None),
        ColumnType::TinyUnsigned => Value::TinyUnsigned(None),
        ColumnType::SmallUnsigned => Value::SmallUnsigned(None),
        ColumnType::Unsigned => Value::Unsigned(None),
        ColumnType::BigUnsigned => Value::BigUnsigned(None),
        _ => Value::BigInt(None),
    };
    let (stored_least, stored_greatest) = value::integer_range(&stored)?;
    Some((least.max(stored_least), greatest.min(stored_greatest)))
}

fn texts(names: &[DynIden]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn takes<E: Entity>(name: &str, value: Value) -> bool {
    let column = E::Column::iter().find(|column| column.as_str() == name);
    let mut row = <E::ActiveModel as ActiveModelTrait>::default();
    column.is_some_and(|column| row.try_set(column, value).is_ok())
}

/// Returns the names of the columns that the database computes from others: those that say so as `extra`.
fn computed_columns<E: Entity>() -> Vec<String> {
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

/// Returns the table and column that a relation refers to, if it refers by our column `name`.
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
