//! Operations in words: what the commands print, and what migrations are named after.

use std::collections::BTreeMap;

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::Operation;

/// The names of the models behind the tables.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Model names, such as `Task`, by table.
    pub models: BTreeMap<String, String>,
    /// The labels of the apps, which tables begin with.
    pub apps: Vec<String>,
}

impl Names {
    /// The model of `table`; one that has gone is called after its table.
    pub fn model(&self, table: &str) -> String {
        if let Some(name) = self.models.get(table) {
            return name.clone();
        }
        let own = self.apps.iter().filter_map(|app| {
            let rest = table.strip_prefix(app.as_str())?;
            rest.strip_prefix('_')
        });
        let shortest = own.min_by_key(|name| name.len());
        shortest.unwrap_or(table).to_upper_camel_case()
    }

    /// The model of `table` as a part of a file's name.
    pub fn model_snake(&self, table: &str) -> String {
        self.model(table).to_snake_case()
    }
}

impl Operation {
    /// The operation in Django's words, after its sign.
    pub fn describe(&self, names: &Names) -> String {
        let model = names.model_snake(self.table());
        let sign = self.sign();
        let words = match self {
            Self::CreateTable { table, .. } => format!("Create model {}", names.model(table)),
            Self::DropTable { table, .. } => format!("Delete model {}", names.model(table)),
            Self::RenameTable { from, to } if names.model(from) == names.model(to) => {
                format!("Rename table for {model} to {to}")
            }
            Self::RenameTable { from, to } => {
                format!("Rename model {} to {}", names.model(from), names.model(to))
            }
            Self::AddColumn { name, .. } => format!("Add field {name} to {model}"),
            Self::DropColumn { name, .. } => format!("Remove field {name} from {model}"),
            Self::RenameColumn { from, to, .. } => {
                format!("Rename field {from} on {model} to {to}")
            }
            Self::AlterColumn { name, .. } => format!("Alter field {name} on {model}"),
            Self::AlterPrimaryKey { after, .. } => {
                format!("Alter primary key of {model} to {}", after.join(", "))
            }
            Self::AddIndex { name, index, .. } => {
                let over = match index.plain_columns() {
                    Some(columns) => format!("field(s) {}", columns.join(", ")),
                    None => index.as_written(),
                };
                format!("Create index {name} on {over} of model {model}")
            }
            Self::DropIndex { name, .. } => format!("Remove index {name} from {model}"),
            Self::RenameIndex { from, to, .. } => {
                format!("Rename index {from} on {model} to {to}")
            }
            Self::AddForeignKey { columns, key, .. } => format!(
                "Add foreign key from {} of {model} to {}",
                columns.join(", "),
                names.model_snake(&key.table)
            ),
            Self::DropForeignKey { columns, .. } => {
                format!("Remove foreign key from {} of {model}", columns.join(", "))
            }
            Self::AddCheck { name, .. } => format!("Create constraint {name} on model {model}"),
            Self::DropCheck { name, .. } => format!("Remove constraint {name} from model {model}"),
            Self::AlterComment { .. } => format!("Alter comment of model {model}"),
        };
        format!("{sign} {words}")
    }

    fn sign(&self) -> char {
        match self {
            Self::CreateTable { .. }
            | Self::AddColumn { .. }
            | Self::AddIndex { .. }
            | Self::AddForeignKey { .. }
            | Self::AddCheck { .. } => '+',
            Self::DropTable { .. }
            | Self::DropColumn { .. }
            | Self::DropIndex { .. }
            | Self::DropForeignKey { .. }
            | Self::DropCheck { .. } => '-',
            _ => '~',
        }
    }

    /// Its part in the name of a migration, as Django would have it.
    pub fn name_fragment(&self, names: &Names) -> String {
        let model = names.model_snake(self.table());
        match self {
            Self::CreateTable { .. } => model,
            Self::DropTable { .. } => format!("delete_{model}"),
            Self::RenameTable { from, to } if names.model(from) == names.model(to) => {
                format!("alter_{model}_table")
            }
            Self::RenameTable { from, .. } => {
                format!("rename_{}_{model}", names.model_snake(from))
            }
            Self::AddColumn { name, .. } => format!("{model}_{name}"),
            Self::DropColumn { name, .. } => format!("remove_{model}_{name}"),
            Self::RenameColumn { from, to, .. } => format!("rename_{from}_{model}_{to}"),
            Self::AlterColumn { name, .. } => format!("alter_{model}_{name}"),
            Self::AlterPrimaryKey { .. } => format!("alter_{model}_primary_key"),
            Self::AddIndex { name, .. } | Self::AddCheck { name, .. } => name.clone(),
            Self::DropIndex { name, .. } | Self::DropCheck { name, .. } => {
                format!("remove_{name}")
            }
            Self::RenameIndex { from, to, .. } => format!("rename_{from}_{to}"),
            Self::AddForeignKey { columns, .. } => format!("{model}_{}_fkey", columns.join("_")),
            Self::DropForeignKey { columns, .. } => {
                format!("remove_{model}_{}_fkey", columns.join("_"))
            }
            Self::AlterComment { .. } => format!("alter_{model}_comment"),
        }
    }
}
