//! `makemigrations APP`: checks that its changes do not need those of other apps.

use crate::error::{Exit, Failure};
use crate::schema::operation::Operation;

/// The operations of each app, by its label.
pub(super) type Groups = Vec<(String, Vec<Operation>)>;

/// The changes of the apps that were asked for; all of them, if none was.
///
/// # Errors
///
/// If they need a change of another app: the message names it.
pub(super) fn of_apps(groups: Groups, apps: &[String]) -> Result<Groups, Failure> {
    if apps.is_empty() {
        return Ok(groups);
    }
    let (wanted, others): (Groups, Groups) =
        groups.into_iter().partition(|(app, _)| apps.contains(app));
    for (app, operations) in &wanted {
        for (other, theirs) in &others {
            let table = operations.iter().find_map(|it| needs(it, theirs));
            if let Some(table) = table {
                let all = [apps, std::slice::from_ref(other)].concat().join(" ");
                return Err(Failure::new(format!(
                    "the changes of `{app}` need those of `{other}`: both are about the table `{table}`"
                ))
                .hint(format!("write them together: backsmith makemigrations {all}"))
                .exit(Exit::Usage));
            }
        }
    }
    Ok(wanted)
}

/// The table that `operation` refers to and `others` make, or that it drops and `others` let go.
fn needs<'o>(operation: &'o Operation, others: &[Operation]) -> Option<&'o str> {
    let made = |table: &str| {
        others.iter().any(|other| match other {
            Operation::CreateTable { table: new, .. } => new == table,
            Operation::RenameTable { to, .. } => to == table,
            _ => false,
        })
    };
    let let_go = |table: &str| {
        others.iter().any(|other| match other {
            Operation::DropForeignKey { key, .. } => key.table == table,
            Operation::DropTable { definition, .. } => definition
                .foreign_keys
                .values()
                .any(|key| key.table == table),
            _ => false,
        })
    };
    match operation {
        Operation::CreateTable { definition, .. } => {
            let mut targets = definition
                .foreign_keys
                .values()
                .map(|key| key.table.as_str());
            targets.find(|table| made(table))
        }
        Operation::AddForeignKey { key, .. } => Some(key.table.as_str()).filter(|it| made(it)),
        Operation::DropTable { table, .. } => Some(table.as_str()).filter(|it| let_go(it)),
        _ => None,
    }
}
