//! The models' source, in SeaORM's entity format, read into a schema without compiling it.
//!
//! A word that the reader does not know is an error, with its place and with the words that it knows: a
//! word passed over in silence would become a column that is wrong in silence.

mod attribute;
mod belongs_to;
mod body;
mod builtin_types;
mod column;
mod column_types;
mod compact;
mod connect;
mod consistent;
mod default;
mod entity;
mod expanded;
mod extra;
mod index;
mod items;
mod limits;
mod paths;
mod relation;
mod relation_code;
mod resolve;
mod style;
mod table;
mod user_types;
mod walk;
mod wrappers;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use super::Schema;
use crate::rust;

use items::{Form, Found};

/// A file with models in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The label of the app that it belongs to.
    pub app: String,
    /// The path to show in messages.
    pub path: String,
    /// Its path in the tree of modules, the crate's name first, for example `crate, api, models`.
    pub module: Vec<String>,
    pub text: String,
}

/// All models of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    pub schema: Schema,
    /// By table.
    pub models: BTreeMap<String, Model>,
    /// Tables that say what they were called before: the old name and the new one.
    pub renamed_tables: Vec<(String, String)>,
    /// Columns that say what they were called before.
    pub renamed: Vec<RenamedColumn>,
    /// The possible values of columns of enums, by table and column.
    pub choices: BTreeMap<(String, String), Vec<String>>,
}

/// The model that a table belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    pub app: String,
    /// For example `Task`.
    pub name: String,
    /// The path of its module, for example `crate::api::models::task`.
    pub module: String,
    /// `path:line` of its struct.
    pub place: String,
}

/// `renamed_from` of SeaORM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedColumn {
    pub table: String,
    pub from: String,
    pub to: String,
}

/// Something in a file that is wrong or not supported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            message,
        } = self;
        write!(f, "{path}:{line}:{column}: {message}")
    }
}

/// Reads all models of a project.
///
/// # Errors
///
/// If a file does not parse or says what is not supported: all problems, in the order of the files.
pub fn parse(sources: &[Source]) -> Result<Models, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for source in sources {
        match rust::parse(&source.text) {
            Ok(file) => files.push((source, file)),
            Err(error) => problems.extend(problems_of(source, error)),
        }
    }
    let mut found = Found::default();
    for (source, file) in &files {
        if let Err(error) = walk::walk(source, file, &mut found) {
            problems.extend(problems_of(source, error));
        }
    }
    let mut entities = Vec::new();
    for raw in &found.entities {
        let read = match raw.form {
            Form::Compact => compact::read(raw, &found).map(Some),
            Form::Expanded => expanded::read(raw, &found),
        };
        match read {
            Ok(entity) => entities.extend(entity),
            Err(error) => problems.extend(problems_of(raw.source, error)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (models, more) = connect::connect(entities, &found);
    if more.is_empty() {
        Ok(models)
    } else {
        Err(more)
    }
}

/// The problems that one error of syn stands for.
fn problems_of(source: &Source, error: syn::Error) -> impl Iterator<Item = Problem> + use<'_> {
    let errors: Vec<syn::Error> = error.into_iter().collect();
    errors.into_iter().map(|error| {
        let start = error.span().start();
        Problem {
            path: source.path.clone(),
            line: start.line,
            column: start.column + 1,
            message: error.to_string(),
        }
    })
}

/// Adds `error` to those found so far.
fn collect(errors: &mut Option<syn::Error>, error: syn::Error) {
    match errors {
        Some(errors) => errors.combine(error),
        None => *errors = Some(error),
    }
}
