//! A database as it is: its schema, and what people have made in it that a schema does not say.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::Operation;
use super::syntax::token;
use super::{ColumnType, Schema, Table};

/// Everything that must be known of a database to write SQL for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub schema: Schema,
    pub extras: Extras,
}

/// The objects made by hand, which stay as they are: SeaORM has no words for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Views, triggers and indexes, in the order in which they were made.
    pub objects: Vec<Object>,
    /// Constraints as they were written, by table.
    pub checks: BTreeMap<String, Vec<String>>,
    /// Unique constraints inside CREATE TABLE, by the table and the name that an index would have.
    pub inline: Vec<(String, String)>,
    /// Parts that models have no words for and leave out: the table, and a sentence.
    pub untold: Vec<(String, String)>,
    pub hints: Hints,
    /// Words in the definitions of tables that a rebuild would lose.
    pub unkept: BTreeMap<String, Vec<String>>,
}

/// How values are to be read that others have put there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Columns for fractions in which SQLite keeps whole numbers as such: their tables and names.
    pub mixed: BTreeSet<(String, String)>,
    /// The types that PostgreSQL's domains are made of.
    pub domains: BTreeMap<String, ColumnType>,
}

/// A view, trigger or index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub kind: ObjectKind,
    pub name: String,
    /// The table it is on; a view's own name.
    pub table: String,
    /// The statement that makes it, without the semicolon.
    pub sql: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    Index,
    Trigger,
    View,
}

impl Hints {
    /// Returns the type below a domain; `None` for any other type.
    pub fn domain(&self, column_type: &ColumnType) -> Option<&ColumnType> {
        match column_type {
            ColumnType::Custom(name) => self.domains.get(name),
            _ => None,
        }
    }
}

impl Snapshot {
    /// The table `name`, which is empty if there is none.
    pub fn table(&self, name: &str) -> Table {
        self.schema.tables.get(name).cloned().unwrap_or_default()
    }

    /// Does to it what the SQL of `operation` does to the database.
    pub fn apply(&mut self, operation: &Operation) {
        operation.apply(&mut self.schema);
        match operation {
            Operation::RenameTable { from, to } => self.extras.rename_table(from, to),
            Operation::RenameColumn { table, from, to } => {
                self.extras.rename_column(table, from, to);
            }
            Operation::DropTable { table, .. } => self.extras.drop_table(table),
            _ => {}
        }
    }
}

impl Extras {
    /// The constraints of `table` that were written by hand.
    pub fn checks(&self, table: &str) -> &[String] {
        self.checks.get(table).map_or(&[], Vec::as_slice)
    }

    /// Words in the definition of `table` that a rebuild would lose, if there are any.
    pub fn unkept(&self, table: &str) -> Option<&[String]> {
        self.unkept.get(table).map(Vec::as_slice)
    }

    /// Returns whether the unique index `name` is a constraint inside CREATE TABLE.
    pub fn is_inline(&self, table: &str, name: &str) -> bool {
        self.inline.iter().any(|(t, n)| t == table && n == name)
    }

    /// The objects that go, or cannot stay, when `table` is dropped to be made again: also those that
    /// need a view which needs it.
    pub fn dependents(&self, table: &str) -> Vec<&Object> {
        let mut gone = vec![table];
        let mut dependents: Vec<&Object> = Vec::new();
        // An object comes after those that it needs.
        for object in &self.objects {
            let needs = |name: &&str| object.table == **name || token::mentions(&object.sql, name);
            if gone.iter().any(needs) {
                dependents.push(object);
                if object.kind == ObjectKind::View {
                    gone.push(&object.name);
                }
            }
        }
        dependents
    }

    fn rename_table(&mut self, from: &str, to: &str) {
        for object in &mut self.objects {
            object.sql = token::renamed(&object.sql, from, to);
            if object.table == from {
                to.clone_into(&mut object.table);
            }
        }
        for (table, _) in self.inline.iter_mut().filter(|(table, _)| table == from) {
            to.clone_into(table);
        }
        move_key(&mut self.checks, from, to);
        move_key(&mut self.unkept, from, to);
    }

    fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        for object in &mut self.objects {
            if object.table == table || token::mentions(&object.sql, table) {
                object.sql = token::renamed(&object.sql, from, to);
            }
        }
        for check in self.checks.get_mut(table).into_iter().flatten() {
            *check = token::renamed(check, from, to);
        }
    }

    fn drop_table(&mut self, table: &str) {
        self.objects.retain(|object| object.table != table);
        self.inline.retain(|(it, _)| it != table);
        self.checks.remove(table);
        self.unkept.remove(table);
    }
}

fn move_key<T>(map: &mut BTreeMap<String, T>, from: &str, to: &str) {
    if let Some(value) = map.remove(from) {
        map.insert(to.to_owned(), value);
    }
}

impl Object {
    /// Returns whether it is still there after `table` has been dropped.
    pub fn outlives(&self, table: &str) -> bool {
        self.kind == ObjectKind::View || self.table != table
    }
}

impl ObjectKind {
    /// The word after CREATE and DROP.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Index => "INDEX",
            Self::Trigger => "TRIGGER",
            Self::View => "VIEW",
        }
    }
}
