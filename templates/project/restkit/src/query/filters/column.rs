//! A column that is filtered by, without its type: what works on it is compiled once.

use sea_orm::sea_query::{Alias, ColumnType, Expr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, IdenStatic, Iterable, ModelTrait, RelationTrait,
    Value,
};

use crate::model::value::Kind;
use crate::model::{Entity, ManyToMany, columns, value};

/// A column, as plain data.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub table: &'static str,
    pub name: &'static str,
    /// No value, of the type that it has.
    pub null: Value,
    pub kind: Kind,
    pub is_nullable: bool,
    /// The name of the database's own type, if that is an enum.
    pub enum_name: Option<String>,
    pub choices: Vec<String>,
    /// The table and column that it refers to.
    pub refers: Option<(String, String)>,
    /// Whether the model knows this value: of texts some columns know only a few.
    pub knows: fn(&str, Value) -> bool,
}

impl Column {
    /// What the entity says of it.
    pub fn of<E: Entity>(column: E::Column) -> Self {
        let def = column.def();
        let null = value::null_of(&E::Model::get_value_type(column));
        let (enum_name, choices) = match def.get_column_type() {
            ColumnType::Enum { name, variants } => (
                Some(name.to_string()),
                variants.iter().map(ToString::to_string).collect(),
            ),
            _ => (None, Vec::new()),
        };
        let name = column.as_str();
        Self {
            table: E::default().table_name(),
            name,
            kind: value::kind(&null),
            null,
            is_nullable: def.is_null(),
            enum_name,
            choices,
            refers: E::Relation::iter().find_map(|it| columns::refers(it.def(), name)),
            knows: knows::<E>,
        }
    }

    /// What is listed by a list of keys.
    pub fn of_list(list: &ManyToMany) -> Self {
        let (table, name) = list.listed_key();
        let null = list.null().clone();
        Self {
            table,
            name,
            kind: value::kind(&null),
            null,
            is_nullable: false,
            enum_name: None,
            choices: Vec::new(),
            refers: Some(list.listed.clone()),
            knows: |_, _| true,
        }
    }

    /// What may be written to it, as far as the model keeps it under the same name.
    pub fn learn(&mut self, choices: Vec<String>) {
        if self.choices.is_empty() && self.kind == Kind::Text {
            self.choices = choices;
            let (name, knows) = (self.name, self.knows);
            self.choices
                .retain(|choice| knows(name, choice.as_str().into()));
        }
    }

    /// The kind of its values, as a [`Parameter`](crate::query::Parameter) has it.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Bool => "boolean",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::DateTime => "datetime",
            Kind::Uuid => "uuid",
            Kind::Text | Kind::Json | Kind::Other => "string",
        }
    }

    /// The column in SQL.
    pub fn own(&self) -> Expr {
        Expr::col((Alias::new(self.table), Alias::new(self.name)))
    }

    /// The column as text.
    pub fn as_text(&self) -> Expr {
        value::sql::as_text(self.own(), self.kind, self.enum_name.as_deref())
    }

    /// A value to compare the column with.
    pub fn bound(&self, value: Value) -> Expr {
        value::sql::bound(value, self.enum_name.as_deref())
    }

    /// SQLite keeps moments as texts of several forms; two of them can be compared when both went
    /// through this. It is exact to a thousandth of a second.
    pub fn moment(&self, backend: DbBackend, expr: Expr) -> Expr {
        match (self.kind, backend) {
            (Kind::DateTime, DbBackend::Sqlite) => {
                Expr::cust_with_exprs("strftime('%Y-%m-%d %H:%M:%f', ?)", [expr])
            }
            _ => expr,
        }
    }
}

fn knows<E: Entity>(name: &str, value: Value) -> bool {
    let column = E::Column::iter().find(|column| column.as_str() == name);
    let mut row = <E::ActiveModel as ActiveModelTrait>::default();
    column.is_some_and(|column| row.try_set(column, value).is_ok())
}
