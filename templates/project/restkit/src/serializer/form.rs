//! The fields of a request type, and the columns that they are written to.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::Value;
use serde_json::{Map, Value as Json};

use crate::model::columns::Columns;
use crate::model::{Column, value};
use crate::serializer::metadata::{self, Content, Field};
use crate::serializer::targets::Subject;
use crate::{Error, Result, serializer};

/// The stored values of a row.
#[derive(Clone, Debug)]
pub struct Stored {
    pub row: Map<String, Json>,
    /// Whether required fields need not be given.
    pub is_partial: bool,
}

/// The fields of a request type, and the columns that they end up in.
#[derive(Clone, Debug)]
pub struct Form {
    pub fields: Vec<Field>,
    pub columns: Arc<Columns>,
    /// The numbers of the columns that each field is written to.
    pub written: BTreeMap<String, Vec<usize>>,
    /// The choices of a field, as its column in the database has them, by the place of the column.
    pub stored_choices: BTreeMap<usize, Vec<String>>,
}

impl Form {
    /// Finds out the form of a request type.
    pub(super) fn of(subject: Subject, columns: Arc<Columns>) -> Self {
        let fields = metadata::fields(&columns, subject.reads);
        let written = subject.written(&columns);
        let with_choices = fields.iter().filter(|field| !field.choices.is_empty());
        let stored_choices = with_choices.filter_map(|field| {
            let column = *written.get(&field.name)?.first()?;
            Some((column, subject.stored_choices(field, column)))
        });
        Self {
            stored_choices: stored_choices.collect(),
            columns,
            fields,
            written,
        }
        .learn()
    }

    /// The column that a field is written to.
    pub fn column(&self, field: &str) -> Option<&Column> {
        let number = self.written.get(field)?.first()?;
        self.columns.all.get(*number)
    }

    /// The field that is written to a column.
    pub fn field_of(&self, column: usize) -> Option<&str> {
        let mut written = self.written.iter();
        written
            .find(|(_, columns)| columns.first() == Some(&column))
            .map(|(field, _)| field.as_str())
    }

    /// The name in JSON of the field that is called so in Rust: a field is called as its column, or
    /// as `rename_all` spells it otherwise.
    pub(super) fn name_of(&self, field: &str) -> String {
        let names: Vec<_> = self
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        if names.contains(&field) {
            return field.to_owned();
        }
        match self
            .columns
            .position(field)
            .and_then(|number| self.field_of(number))
        {
            Some(name) => name.to_owned(),
            None => serializer::field_of(field, &names),
        }
    }

    /// Returns the position of a path's field among all of them: messages come in this order, and those
    /// about no field in the end.
    pub fn position_of(&self, path: &str) -> usize {
        let first = path.split(['.', '[']).next().unwrap_or(path);
        let position = self.fields.iter().position(|field| field.name == first);
        position.unwrap_or(usize::MAX)
    }

    /// Returns the values that may be written to the column of this name, if they are a few texts.
    pub fn choices(&self, column: &str) -> Vec<String> {
        let is_of = |field: &&Field| self.column(&field.name).is_some_and(|it| it.name == column);
        let field = self.fields.iter().find(is_of);
        let choices = field.map(|field| field.choices.iter());
        let values = choices.into_iter().flatten().map(|choice| choice.value);
        values.map(str::to_owned).collect()
    }

    /// Tells the fields what their columns know of them.
    pub(super) fn learn(mut self) -> Self {
        let mut fields = std::mem::take(&mut self.fields);
        for field in &mut fields {
            let Some(column) = self.column(&field.name) else {
                continue;
            };
            field.is_nullable &= column.is_nullable;
            field.is_long = column.is_long;
            field.content = match (&column.null, &column.refers) {
                (_, Some(_)) => Content::Row,
                (Value::Json(_), _) => Content::Json,
                (Value::String(_), _) if field.kind == "string" => Content::Text,
                _ => Content::Other,
            };
        }
        self.fields = fields;
        self
    }

    /// DRF calls what refers to other rows just a field, whatever the type of their keys.
    pub(crate) fn name_relations(&mut self, lists: Vec<&str>) {
        for field in &mut self.fields {
            if field.content == Content::Row || lists.contains(&field.name.as_str()) {
                field.kind = "field";
                (field.min_value, field.max_value) = (None, None);
            }
        }
    }

    /// Returns whether what was `given` says something of the column of this number. A value that the request type
    /// fills in by itself comes from no field.
    pub(super) fn is_given(&self, number: usize, given: &Map<String, Json>) -> bool {
        let sources = self.written.iter();
        let sources = sources.filter(|(_, columns)| columns.contains(&number));
        let mut sources = sources.map(|(field, _)| field).peekable();
        sources.peek().is_none() || sources.any(|field| given.contains_key(field))
    }

    /// The columns that null was `given` for and that may be empty, and what they are then.
    pub(super) fn emptied(&self, given: &Map<String, Json>) -> Vec<(usize, Value)> {
        let nulls = given.iter().filter(|(_, value)| value.is_null());
        let numbers = nulls.filter_map(|(field, _)| self.written.get(field));
        let columns = numbers
            .flatten()
            .filter_map(|number| Some((*number, self.columns.all.get(*number)?)));
        columns
            .filter(|(_, column)| column.is_nullable)
            .map(|(number, column)| (number, column.null.clone()))
            .collect()
    }

    /// Refuses another value for the column of this number if it is the key's: a row with another key would be
    /// another row, and what refers to this one would stay.
    ///
    /// # Errors
    ///
    /// 400 by the field of the key.
    pub(super) fn refuse_other_key(&self, number: usize) -> Result<()> {
        if !self.columns.all[number].is_key {
            return Ok(());
        }
        let field = self.field_of(number).unwrap_or_default();
        Err(Error::field(field, "The key of a row cannot be changed."))
    }

    /// The row with these values in its columns, by the names of the fields.
    pub fn stored(&self, values: &[Value], is_partial: bool) -> Stored {
        let fields = self.written.iter();
        let fields = fields.filter_map(|(field, written)| {
            let value = values.get(*written.first()?)?;
            Some((field.clone(), value::to_json(value)))
        });
        Stored {
            row: fields.collect(),
            is_partial,
        }
    }
}
