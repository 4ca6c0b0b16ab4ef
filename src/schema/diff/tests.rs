//! Models before, models after, answers: what is to be done, in words.

mod asked;
mod changes;
mod keys;

use super::{Answers, Difference, Question, Rename, diff};
use crate::schema::DefaultValue;
use crate::schema::operation::Names;
use crate::schema::testing::{entities, schema};

/// Two sets of models, and what has been answered.
struct Case {
    old: String,
    new: String,
    answers: Answers,
}

/// Models by their fields: `task: title: String; #[sea_orm(unique)] code: String`.
fn case(old: &[&str], new: &[&str]) -> Case {
    Case {
        old: entities(old),
        new: entities(new),
        answers: Answers::default(),
    }
}

impl Case {
    fn renamed_table(mut self, from: &str, to: &str) -> Self {
        let names = (from.to_owned(), to.to_owned());
        self.answers.renamed_tables.insert(names.0, names.1);
        self
    }

    fn renamed_column(mut self, table: &str, from: &str, to: &str) -> Self {
        let key = (table.to_owned(), from.to_owned());
        self.answers.renamed_columns.insert(key, to.to_owned());
        self
    }

    fn different(mut self, rename: Rename) -> Self {
        self.answers.different.insert(rename);
        self
    }

    fn default(mut self, table: &str, column: &str, value: DefaultValue) -> Self {
        let key = (table.to_owned(), column.to_owned());
        self.answers.defaults.insert(key, value);
        self
    }

    fn difference(&self) -> Difference {
        diff(&schema(&self.old), &schema(&self.new), &self.answers)
    }

    fn question(&self) -> Question {
        match self.difference() {
            Difference::Ask(question) => question,
            Difference::Done(operations) => panic!("no question, but {operations:#?}"),
        }
    }

    /// Fails unless exactly `words` are to be done, in this order.
    fn does(&self, words: &[&str]) {
        let names = Names {
            apps: vec!["api".to_owned()],
            ..Names::default()
        };
        match self.difference() {
            Difference::Ask(question) => panic!("{question:?}"),
            Difference::Done(operations) => {
                let found: Vec<_> = operations.iter().map(|it| it.describe(&names)).collect();
                assert_eq!(found, words);
            }
        }
    }
}
