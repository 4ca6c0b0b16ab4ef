//! Rows that have what their table requires and no more, as SQL that both databases read.

use std::collections::BTreeSet;

use super::parse::Models;
use super::{Column, ColumnType, Table};

/// The table of accounts: tests make those in a way of their own, with passwords.
const ACCOUNTS: &str = "auth_user";

/// Rows for tests, those that are referred to first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// `INSERT` statements; each table has the rows 1 and 2.
    pub inserts: Vec<String>,
    /// Whether accounts with the keys 1 and 2 are referred to.
    pub needs_accounts: bool,
    tables: BTreeSet<String>,
}

impl Rows {
    /// Adds two rows of `table`, and those that they cannot be without.
    pub fn add(&mut self, models: &Models, table: &str) {
        if table == ACCOUNTS {
            self.needs_accounts = true;
            return;
        }
        let Some(found) = models.schema.tables.get(table) else {
            return;
        };
        if !self.tables.insert(table.to_owned()) {
            return;
        }
        let required: Vec<_> = found
            .columns
            .iter()
            .filter(|(name, column)| is_required(found, name, column))
            .collect();
        for (name, _) in &required {
            if let Some(key) = found.foreign_keys.get(&vec![(*name).clone()]) {
                self.add(models, &key.table);
            }
        }
        for number in 1..=2 {
            let names: Vec<_> = required.iter().map(|(name, _)| quote(name)).collect();
            let values = required.iter().map(|(name, column)| {
                let is_key =
                    found.is_key(name) || found.foreign_keys.contains_key(&vec![(*name).clone()]);
                let choices = models.choices.get(&(table.to_owned(), (*name).clone()));
                match choices.and_then(|choices| choices.first()) {
                    _ if is_key => number.to_string(),
                    Some(choice) => text(choice),
                    None => value(&column.column_type, number),
                }
            });
            let values: Vec<_> = values.collect();
            self.inserts.push(format!(
                "INSERT INTO {} ({}) VALUES ({})",
                quote(table),
                names.join(", "),
                values.join(", ")
            ));
        }
    }
}

fn is_required(table: &Table, name: &str, column: &Column) -> bool {
    let is_left_out = column.nullable || column.default.is_some() || column.generated.is_some();
    table.is_key(name) || !is_left_out
}

fn value(column_type: &ColumnType, number: u32) -> String {
    match column_type {
        ColumnType::Char(Some(1)) | ColumnType::String(Some(1)) => text(&number.to_string()),
        ColumnType::Char(_) | ColumnType::String(_) | ColumnType::Text => {
            text(&format!("A{number}"))
        }
        ColumnType::DateTime | ColumnType::Timestamp => {
            text(&format!("2030-01-0{number} 12:00:00"))
        }
        ColumnType::TimestampWithTimeZone => text(&format!("2030-01-0{number} 12:00:00+00:00")),
        ColumnType::Time => text(&format!("12:0{number}:00")),
        ColumnType::Date => text(&format!("2030-01-0{number}")),
        ColumnType::Boolean => "TRUE".to_owned(),
        ColumnType::Json | ColumnType::JsonBinary => text("{}"),
        ColumnType::Uuid => text(&format!("67e55044-10b1-426f-9247-bb680e5fe0c{number}")),
        ColumnType::Enum { values, .. } => text(values.first().map_or("", String::as_str)),
        ColumnType::Blob
        | ColumnType::Binary(_)
        | ColumnType::VarBinary(_)
        | ColumnType::Custom(_) => text(""),
        _ => number.to_string(),
    }
}

fn text(words: &str) -> String {
    format!("'{}'", words.replace('\'', "''"))
}

/// A name in quotes: it may be a word of SQL.
fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parse::{Source, parse};

    const MODELS: &str = r#"
pub mod author {
    use sea_orm::entity::prelude::*;
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "blog_author")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub user_id: i64,
        pub born: Option<Date>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
pub mod post {
    use sea_orm::entity::prelude::*;
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "blog_post")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub author_id: i64,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: HasOne<super::author::Entity>,
        pub is_open: bool,
        #[sea_orm(default_value = 3)]
        pub stars: i32,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
"#;

    #[test]
    fn rows_have_what_is_required_and_come_behind_those_they_refer_to() {
        let source = Source {
            app: "blog".to_owned(),
            path: "src/blog/models.rs".to_owned(),
            module: ["crate", "blog", "models"].map(str::to_owned).to_vec(),
            text: MODELS.to_owned(),
        };
        let models = parse(&[source]).expect("models");
        let mut rows = Rows::default();
        rows.add(&models, "blog_post");
        rows.add(&models, "blog_author");
        assert_eq!(
            rows.inserts,
            [
                "INSERT INTO \"blog_author\" (\"id\", \"name\", \"user_id\") VALUES (1, 'A1', 1)",
                "INSERT INTO \"blog_author\" (\"id\", \"name\", \"user_id\") VALUES (2, 'A2', 2)",
                "INSERT INTO \"blog_post\" (\"id\", \"author_id\", \"is_open\") VALUES (1, 1, TRUE)",
                "INSERT INTO \"blog_post\" (\"id\", \"author_id\", \"is_open\") VALUES (2, 2, TRUE)",
            ]
        );
    }
}
