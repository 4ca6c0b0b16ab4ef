//! The diagnosis of an internal error, with DEBUG on: the chain of causes, and the command that mends the
//! usual ones. Without DEBUG nothing of this leaves the server.

use serde::Serialize;
use serde_json::{Value, json};

use crate::db::migrations::Migrations;
use crate::db::{Database, migrations};
use crate::{Settings, Site, program};

/// Why an error of ours happened.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Diagnosis {
    /// The failure, then its cause, and so on.
    pub causes: Vec<String>,
    /// The way to mend it.
    pub hint: Option<String>,
}

/// The part that a database lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// The file of a SQLite database.
    File,
    /// A table or a column.
    Schema,
}

/// Explains an error by its `causes`; nothing with DEBUG off, or for an error of the client's.
pub(crate) async fn diagnose(site: &Site, causes: &[String]) -> Option<Diagnosis> {
    if !site.settings().debug || causes.is_empty() {
        return None;
    }
    let hint = match causes.iter().find_map(|cause| Missing::in_cause(cause)) {
        Some(Missing::File) => {
            let migrate = program::command("migrate");
            Some(format!(
                "The database does not exist yet. Create it: {migrate}"
            ))
        }
        Some(Missing::Schema) => Some(Box::pin(mend_schema(site)).await),
        None => None,
    };
    let causes = causes.iter();
    let causes = causes.map(|cause| without_secrets(site.settings(), cause));
    Some(Diagnosis {
        causes: causes.collect(),
        hint,
    })
}

impl Diagnosis {
    /// The body of an answer in JSON, with the diagnosis beside what clients always see.
    pub fn add_to(&self, mut body: Value) -> Value {
        body["causes"] = json!(self.causes);
        if let Some(hint) = &self.hint {
            body["hint"] = json!(hint);
        }
        body
    }
}

impl Missing {
    /// Reads the databases' own words.
    fn in_cause(cause: &str) -> Option<Self> {
        let has = |words: &str| cause.contains(words);
        if has("unable to open database file") {
            return Some(Self::File);
        }
        let is_gone = has("does not exist") && (has("relation \"") || has("column "));
        let is_schema = has("no such table") || has("no such column") || has("has no column named");
        (is_schema || is_gone).then_some(Self::Schema)
    }
}

/// Says which command brings the tables into step with the models.
async fn mend_schema(site: &Site) -> String {
    let migrate = program::command("migrate");
    match count_pending(site).await {
        Ok(0) => format!(
            "The models have a table or a column that no migration makes. Write it: backsmith makemigrations, then apply it: {migrate}"
        ),
        Ok(number) => format!("{}. Apply: {migrate}", migrations::not_applied(number)),
        Err(_) => format!("The database is not up to date. Apply the migrations: {migrate}"),
    }
}

/// Counts the migrations that the database does not have.
pub(crate) async fn count_pending(site: &Site) -> anyhow::Result<usize> {
    let database = Database::from_url(&site.settings().database_url)?;
    let all = Migrations::embedded(site.project().migrations, database.dialect())?;
    Ok(migrations::standing(&database, &all).await?.pending.len())
}

/// Hides the secret key and the database's password, should a cause name them.
fn without_secrets(settings: &Settings, text: &str) -> String {
    let password = settings
        .database_url
        .split_once("://")
        .and_then(|(_, rest)| {
            let (account, _) = rest.rsplit_once('@')?;
            Some(account.split_once(':')?.1)
        });
    let secrets = [Some(settings.secret_key.as_str()), password];
    let secrets = secrets.into_iter().flatten().filter(|it| !it.is_empty());
    secrets.fold(text.to_owned(), |text, secret| {
        text.replace(secret, "(hidden)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_say_what_they_miss() {
        for (cause, expected) in [
            ("(code: 1) no such table: api_task", Some(Missing::Schema)),
            (
                "table api_task has no column named due",
                Some(Missing::Schema),
            ),
            (
                "relation \"api_task\" does not exist",
                Some(Missing::Schema),
            ),
            ("column api_task.due does not exist", Some(Missing::Schema)),
            (
                "(code: 14) unable to open database file",
                Some(Missing::File),
            ),
            ("role \"ada\" does not exist", None),
            ("the disk is full", None),
        ] {
            assert_eq!(Missing::in_cause(cause), expected, "{cause}");
        }
    }
}
