//! The questions that a change of the models raises, and who answers them: flags, the models
//! themselves, or the person at the terminal. Nobody guesses.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::error::{Exit, Failure};
use crate::prompt;
use crate::schema::diff::{Answers, Difference, Question, Rename, diff};
use crate::schema::operation::{Names, Operation};
use crate::schema::parse::Models;
use crate::schema::{ColumnType, DefaultValue, Schema};

/// Answers given on the command line.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// A renamed table or column: TABLE:NEW or TABLE.COLUMN:NEW
    #[arg(long, value_name = "OLD:NEW")]
    rename: Vec<String>,
    /// Not a rename: drop the old table or column and add the new one
    #[arg(long, value_name = "OLD:NEW")]
    no_rename: Vec<String>,
    /// The value of a new required column in existing rows: TABLE.COLUMN=VALUE
    #[arg(long, value_name = "COLUMN=VALUE")]
    default: Vec<String>,
    /// Write migrations that destroy data without asking
    #[arg(long)]
    allow_destructive: bool,
    /// Never ask: fail if something is unclear
    #[arg(long, visible_alias = "noinput")]
    no_input: bool,
}

impl Flags {
    /// The answers of somebody who has said yes to all of it: these tables have new names, others may go.
    pub fn settled(renamed: impl IntoIterator<Item = (String, String)>) -> Self {
        let rename = renamed.into_iter().map(|(from, to)| format!("{from}:{to}"));
        Self {
            rename: rename.collect(),
            allow_destructive: true,
            no_input: true,
            ..Self::default()
        }
    }

    /// Returns whether one of them names a table or a column, which there may not be.
    pub fn name_anything(&self) -> bool {
        !(self.rename.is_empty() && self.no_rename.is_empty() && self.default.is_empty())
    }
}

/// The operations that turn `old` into what `models` say, once everything is clear.
///
/// # Errors
///
/// If a flag makes no sense, or something is not clear and nobody is there to say (exit code 3).
pub fn settle(
    old: &Schema,
    models: &Models,
    names: &Names,
    flags: &Flags,
) -> Result<Vec<Operation>> {
    let mut answers = given(models, old, flags)?;
    let asks = !flags.no_input && prompt::is_possible();
    let operations = loop {
        match diff(old, &models.schema, &answers) {
            Difference::Done(operations) => break operations,
            Difference::Ask(question) if asks => ask(question, models, names, &mut answers)?,
            Difference::Ask(question) => return Err(unanswered(&question).into()),
        }
    };
    allow_destruction(&operations, names, flags, asks)?;
    Ok(operations)
}

/// Collects the answers of flags and `renamed_from`.
fn given(models: &Models, old: &Schema, flags: &Flags) -> Result<Answers> {
    let mut answers = Answers::default();
    for text in &flags.rename {
        match rename(text)? {
            Rename::Table { from, to } => drop(answers.renamed_tables.insert(from, to)),
            Rename::Column { table, from, to } => {
                drop(answers.renamed_columns.insert((table, from), to))
            }
        }
    }
    check_renames(&answers, old, &models.schema)?;
    // The models go on saying so when it has long been done; `diff` passes over what is not there.
    for (from, to) in &models.renamed_tables {
        let answer = answers.renamed_tables.entry(from.clone());
        answer.or_insert_with(|| to.clone());
    }
    for renamed in &models.renamed {
        let key = (renamed.table.clone(), renamed.from.clone());
        let answer = answers.renamed_columns.entry(key);
        answer.or_insert_with(|| renamed.to.clone());
    }
    for text in &flags.no_rename {
        answers.different.insert(rename(text)?);
    }
    for text in &flags.default {
        let ((table, column), value) = default(text, models)?;
        answers.defaults.insert((table, column), value);
    }
    Ok(answers)
}

fn rename(text: &str) -> Result<Rename> {
    let malformed = || {
        Failure::new(format!("`{}` is not a rename", text.escape_debug()))
            .hint("write --rename OLD_TABLE:NEW_TABLE or --rename TABLE.OLD_COLUMN:NEW_COLUMN")
            .exit(Exit::Usage)
    };
    let (old, to) = text.split_once(':').ok_or_else(malformed)?;
    let to = to.to_owned();
    match old.split_once('.') {
        _ if old.is_empty() || to.is_empty() => Err(malformed().into()),
        Some((table, from)) => Ok(Rename::Column {
            table: table.to_owned(),
            from: from.to_owned(),
            to,
        }),
        None => Ok(Rename::Table {
            from: old.to_owned(),
            to,
        }),
    }
}

/// A rename of something that is not there is a slip that must not pass in silence.
fn check_renames(answers: &Answers, old: &Schema, new: &Schema) -> Result<()> {
    let wrong = |message: String| {
        Failure::new(message)
            .hint("check the --rename flags; names are those of the database")
            .exit(Exit::Usage)
    };
    for (from, to) in &answers.renamed_tables {
        if !old.tables.contains_key(from) || !new.tables.contains_key(to) {
            return Err(wrong(format!(
                "table `{from}` cannot be renamed to `{to}`: one of them does not exist"
            ))
            .into());
        }
        let stays = old.tables.contains_key(to) && !answers.renamed_tables.contains_key(to);
        let others = answers.renamed_tables.iter();
        if stays || others.filter(|(_, other)| *other == to).count() > 1 {
            return Err(wrong(format!(
                "table `{from}` cannot be renamed to `{to}`: there is another `{to}`"
            ))
            .into());
        }
    }
    let before: BTreeMap<_, _> = answers
        .renamed_tables
        .iter()
        .map(|(from, to)| (to, from))
        .collect();
    for ((table, from), to) in &answers.renamed_columns {
        let old_name = before.get(table).copied().unwrap_or(table);
        let was = old
            .tables
            .get(old_name)
            .is_some_and(|table| table.columns.contains_key(from));
        let is = new
            .tables
            .get(table)
            .is_some_and(|table| table.columns.contains_key(to));
        if !(was && is) {
            return Err(wrong(format!(
                "column `{table}.{from}` cannot be renamed to `{to}`: one of them does not exist"
            ))
            .into());
        }
        let there = old.tables.get(old_name);
        let stays = there.is_some_and(|it| it.columns.contains_key(to))
            && !answers
                .renamed_columns
                .contains_key(&(table.clone(), to.clone()));
        let others = answers.renamed_columns.iter();
        let same = others.filter(|((of, _), other)| of == table && *other == to);
        if stays || same.count() > 1 {
            return Err(wrong(format!(
                "column `{table}.{from}` cannot be renamed to `{to}`: there is another `{to}`"
            ))
            .into());
        }
    }
    Ok(())
}

fn default(text: &str, models: &Models) -> Result<((String, String), DefaultValue)> {
    let malformed = || {
        Failure::new(format!("`{}` is not a default", text.escape_debug()))
            .hint("write --default TABLE.COLUMN=VALUE")
            .exit(Exit::Usage)
    };
    let (place, value) = text.split_once('=').ok_or_else(malformed)?;
    let (table, column) = place.split_once('.').ok_or_else(malformed)?;
    let tables = &models.schema.tables;
    let found = tables
        .get(table)
        .and_then(|table| table.columns.get(column));
    let found = found.ok_or_else(|| {
        Failure::new(format!("there is no column `{place}` in the models"))
            .hint("check the --default flags; names are those of the database")
            .exit(Exit::Usage)
    })?;
    let key = (table.to_owned(), column.to_owned());
    let choices = choices(models, &key, &found.column_type);
    let value = typed(value, place, &found.column_type, choices)?;
    Ok((key, value))
}

/// Returns the values that a column of an enum can have.
fn choices<'c>(
    models: &'c Models,
    column: &(String, String),
    column_type: &'c ColumnType,
) -> &'c [String] {
    match column_type {
        ColumnType::Enum { values, .. } => values,
        _ => models.choices.get(column).map_or(&[], Vec::as_slice),
    }
}

fn typed(
    value: &str,
    place: &str,
    column_type: &ColumnType,
    choices: &[String],
) -> Result<DefaultValue> {
    if !choices.is_empty() && !choices.iter().any(|choice| choice == value) {
        let failure = Failure::new(format!(
            "`{}` is not one of the choices of the column `{place}`",
            value.escape_debug()
        ));
        let hint = format!("write one of {}", choices.join(", "));
        return Err(failure.hint(hint).exit(Exit::Usage).into());
    }
    DefaultValue::typed(value, column_type).map_err(|hint| {
        let failure = Failure::new(format!(
            "`{}` is not a value of the column `{place}`, a column of {column_type}",
            value.escape_debug()
        ));
        failure.hint(hint).exit(Exit::Usage).into()
    })
}

fn ask(question: Question, models: &Models, names: &Names, answers: &mut Answers) -> Result<()> {
    match question {
        Question::Renamed(rename) => {
            if !prompt::confirm(&words(&rename, names))? {
                answers.different.insert(rename);
                return Ok(());
            }
            match rename {
                Rename::Table { from, to } => drop(answers.renamed_tables.insert(from, to)),
                Rename::Column { table, from, to } => {
                    drop(answers.renamed_columns.insert((table, from), to))
                }
            }
        }
        Question::Default {
            table,
            column,
            column_type,
            existed,
        } => {
            let model = names.model_snake(&table);
            let what = if existed {
                format!("{model}.{column} no longer takes NULL: what do rows with NULL get?")
            } else {
                format!("{model}.{column} is required: which value do existing rows get?")
            };
            let place = format!("{table}.{column}");
            let key = (table, column);
            let choices = choices(models, &key, &column_type);
            let question = format!("{what} (Ctrl-C to quit)");
            let value = if choices.is_empty() {
                prompt::input(&question, None, |text| {
                    typed(text, &place, &column_type, &[]).map(drop)
                })?
            } else {
                let items: Vec<_> = choices.iter().map(String::as_str).collect();
                choices[prompt::select(&question, &items)?].clone()
            };
            let value = typed(&value, &place, &column_type, choices)?;
            answers.defaults.insert(key, value);
        }
    }
    Ok(())
}

fn words(rename: &Rename, names: &Names) -> String {
    match rename {
        Rename::Table { from, to } => {
            format!(
                "Was the model {} (table {from}) renamed to {} (table {to})?",
                names.model(from),
                names.model(to)
            )
        }
        Rename::Column { table, from, to } => {
            let model = names.model_snake(table);
            format!("Was {model}.{from} renamed to {model}.{to}?")
        }
    }
}

fn unanswered(question: &Question) -> Failure {
    let failure = match question {
        Question::Renamed(Rename::Table { from, to }) => Failure::new(format!(
            "table `{from}` may have been renamed to `{to}`, and nobody is there to say"
        ))
        .hint(format!("--rename {from}:{to} keeps its rows; --no-rename {from}:{to} drops them")),
        Question::Renamed(Rename::Column { table, from, to }) => Failure::new(format!(
            "column `{table}.{from}` may have been renamed to `{to}`, and nobody is there to say"
        ))
        .hint(format!("--rename {table}.{from}:{to} keeps its values; --no-rename {table}.{from}:{to} drops them")),
        Question::Default { table, column, .. } => Failure::new(format!(
            "column `{table}.{column}` is required but has no default for existing rows"
        ))
        .hint(format!("--default {table}.{column}=VALUE for those rows, or give the column a default or make it an Option")),
    };
    failure.exit(Exit::Unanswered)
}

/// Data that goes for good is somebody's decision.
fn allow_destruction(
    operations: &[Operation],
    names: &Names,
    flags: &Flags,
    asks: bool,
) -> Result<()> {
    let destroyed: Vec<_> = operations
        .iter()
        .filter(|operation| operation.destroys_data())
        .collect();
    if destroyed.is_empty() || flags.allow_destructive {
        return Ok(());
    }
    let list: Vec<_> = destroyed
        .iter()
        .map(|operation| format!("  ! {}", operation.describe(names)))
        .collect();
    let list = list.join("\n");
    if asks {
        return if prompt::confirm(&format!(
            "This destroys data when it is applied:\n{list}\nGo on?"
        ))? {
            Ok(())
        } else {
            Err(match unmanaged(operations) {
                Some(hint) => Failure::new("nothing was written").hint(hint),
                None => Failure::new("nothing was written"),
            }
            .into())
        };
    }
    Err(Failure::new(format!(
        "this would destroy data when it is applied:\n{list}"
    ))
    .hint(match unmanaged(operations) {
        Some(hint) => format!("--allow-destructive, if that is meant; {hint}"),
        None => "--allow-destructive, if that is meant".to_owned(),
    })
    .exit(Exit::Unanswered)
    .into())
}

/// How tables stay that no model is for, if there are any.
fn unmanaged(operations: &[Operation]) -> Option<String> {
    let dropped = operations.iter().filter_map(|operation| match operation {
        Operation::DropTable { table, .. } => Some(format!("{table:?}")),
        _ => None,
    });
    let dropped: Vec<_> = dropped.collect();
    (!dropped.is_empty()).then(|| {
        format!(
            "a table that is to stay without a model is named in backsmith.toml: [migrations] unmanaged = [{}]",
            dropped.join(", ")
        )
    })
}

#[cfg(test)]
mod tests;
