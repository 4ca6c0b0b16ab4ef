//! The columns that the fields of a request type are written to, found out by trying.

use std::collections::BTreeMap;

use sea_orm::Value;

use crate::model::columns::Columns;
use crate::model::value;
use crate::serializer::deserializer::Mistake;
use crate::serializer::metadata::Field;
use crate::serializer::probe::{self, Probe, Reads};

/// A request type for rows of an entity, as plain functions: what is found out by them is the same code for all.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    pub reads: Reads,
    /// Returns what a row that is made of what is read has in each of its columns.
    pub writes: fn(Probe<'_>) -> Result<Vec<Option<Value>>, Mistake>,
}

impl Subject {
    /// Finds the columns of each field: the field gets several values, and the columns that change with it are
    /// its own. So a field may have any name.
    pub fn written(self, columns: &Columns) -> BTreeMap<String, Vec<usize>> {
        let names = probe::names(self.reads).iter();
        names
            .map(|name| {
                let mut written = self.changed_by(name);
                if written.is_empty() {
                    // A field that no guess fits, such as a struct, is written to the column of its name.
                    let mut all = columns.all.iter();
                    written.extend(all.position(|column| column.json_key == *name));
                }
                // The one of the same name is the field's own, whatever else is made of it.
                written.sort_by_key(|number| columns.all[*number].json_key != *name);
                ((*name).to_owned(), written)
            })
            .filter(|(_, written)| !written.is_empty())
            .collect()
    }

    fn changed_by(self, field: &'static str) -> Vec<usize> {
        let rows = probe::variants(self.reads, field, self.writes);
        let Some((first, others)) = rows.split_first() else {
            return Vec::new();
        };
        let differs = |number: &usize| others.iter().any(|row| row[*number] != first[*number]);
        (0..first.len()).filter(differs).collect()
    }

    /// Returns the choices of a field as its column has them.
    pub fn stored_choices(self, field: &Field, column: usize) -> Vec<String> {
        let mut names = probe::names(self.reads).iter();
        let Some(name) = names.find(|name| **name == field.name) else {
            return Vec::new();
        };
        let rows = probe::choices(self.reads, name, self.writes).into_iter();
        let values = rows.filter_map(|mut row| row.get_mut(column)?.take());
        values.map(|value| value::text(&value)).collect()
    }
}
