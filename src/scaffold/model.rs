//! A model added to an app that is there: what comes into each of its files.

use std::path::PathBuf;

use anyhow::Result;

use super::fields::{self, Elsewhere, Model};
use crate::rust::edit;

/// What comes into one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// A file with the new imports and items.
    text: String,
    call: Option<Call>,
}

/// What comes into a function that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Call {
    /// Calls at the end of the chain that the function returns.
    Chained(&'static str, Vec<String>),
    /// Statements at the end of its body.
    Statements(&'static str, String),
}

impl Addition {
    /// The file with the addition in it.
    ///
    /// # Errors
    ///
    /// If there is no place for it: the error says what is missing.
    pub fn add_to(&self, text: &str) -> Result<String> {
        let joined = self.call.as_ref().map(|call| match call {
            Call::Chained(function, _) | Call::Statements(function, _) => *function,
        });
        let merged = edit::merge(text, &self.text, joined)?;
        match &self.call {
            None => Ok(merged),
            Some(Call::Statements(function, statements)) => {
                edit::add_statements(&merged, function, statements)
            }
            Some(Call::Chained(function, calls)) => calls
                .iter()
                .try_fold(merged, |text, call| edit::add_call(&text, function, call)),
        }
    }
}

/// The files of an app and what `models` add to each, but for the tests.
pub fn additions(app: &str, models: &[Model]) -> Vec<(&'static str, Addition)> {
    let plain = |text: String| Addition { text, call: None };
    let routes = models.iter().map(fields::route).collect();
    let registered = models.iter().map(fields::admin::register).collect();
    vec![
        ("models.rs", plain(fields::models::write(app, models))),
        ("serializers.rs", plain(fields::serializers::write(models))),
        ("views.rs", plain(fields::views::write(models))),
        (
            "urls.rs",
            Addition {
                text: fields::urls(models),
                call: Some(Call::Chained("router", routes)),
            },
        ),
        (
            "admin.rs",
            Addition {
                text: fields::admin::write(models),
                call: Some(Call::Statements("register", registered)),
            },
        ),
    ]
}

/// The tests of `models`, as a file of their own.
pub fn tests_of(app: &str, models: &[Model], elsewhere: &Elsewhere) -> String {
    fields::tests_file::write(app, models, elsewhere)
}

/// Where new tests are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestsPlace {
    /// Below the app's folder.
    pub file: PathBuf,
    pub module: String,
    /// Whether the app's tests declare it, and not the app.
    pub is_below_tests: bool,
}

impl TestsPlace {
    /// The file that declares the tests, with the declaration.
    ///
    /// # Errors
    ///
    /// If it has a module of that name.
    pub fn declare_in(&self, text: &str) -> Result<String> {
        if self.is_below_tests {
            edit::add_private_module(text, &self.module)
        } else {
            edit::add_test_module(text, &self.module)
        }
    }
}
