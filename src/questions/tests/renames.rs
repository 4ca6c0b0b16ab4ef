//! Renames that cannot be, and those that were long ago.

use super::{Flags, settle};
use crate::error::{Exit, exit_of};
use crate::schema::operation::Names;
use crate::schema::parse::{Models, RenamedColumn};
use crate::schema::testing::{entities, schema};

const OLD: &[&str] = &["task: title: String; done: bool"];

fn flags(rename: &[&str]) -> Flags {
    Flags {
        rename: rename.iter().map(|flag| (*flag).to_owned()).collect(),
        no_input: true,
        allow_destructive: true,
        ..Flags::default()
    }
}

/// Returns the operations in words, or the exit code and the message.
fn settled(
    new: &[&str],
    renamed: &[(&str, &str, &str)],
    flags: &Flags,
) -> Result<Vec<String>, (Exit, String)> {
    let names = Names {
        apps: vec!["api".to_owned()],
        ..Names::default()
    };
    let renamed = renamed.iter().map(|(table, from, to)| RenamedColumn {
        table: (*table).to_owned(),
        from: (*from).to_owned(),
        to: (*to).to_owned(),
    });
    let models = Models {
        schema: schema(&entities(new)),
        renamed: renamed.collect(),
        ..Models::default()
    };
    match settle(&schema(&entities(OLD)), &models, &names, flags) {
        Ok(operations) => Ok(operations.iter().map(|it| it.describe(&names)).collect()),
        Err(error) => Err((exit_of(&error), error.to_string())),
    }
}

#[test]
fn renamed_from_answers_once_and_does_no_harm_later() {
    let new = ["task: name: String; done: bool"];
    let renamed = [("api_task", "title", "name")];
    let done = settled(&new, &renamed, &flags(&[])).unwrap();
    assert_eq!(done, ["~ Rename field title on task to name"]);
    let renamed = [("api_task", "caption", "title"), ("api_new", "a", "b")];
    let done = settled(
        &["task: title: String; done: bool", "new: b: i32"],
        &renamed,
        &flags(&[]),
    );
    assert_eq!(done.unwrap(), ["+ Create model New"]);
}

#[test]
fn a_rename_that_cannot_be_is_refused() {
    let new = ["task: name: String; done: bool", "todo: x: i32"];
    for (rename, words) in [
        (vec!["api_task.title:nothing"], "one of them does not exist"),
        (vec!["api_task.title:done"], "there is another `done`"),
        (
            vec!["api_task.title:name", "api_task.done:name"],
            "there is another `name`",
        ),
        (vec!["api_gone:api_todo"], "one of them does not exist"),
        (vec!["title"], "is not a rename"),
    ] {
        let (exit, message) = settled(&new, &[], &flags(&rename)).unwrap_err();
        assert!(
            exit == Exit::Usage && message.contains(words),
            "{rename:?}: {message}"
        );
    }
}
