//! One row of an inline: read, checked, written and shown.

use sea_orm::Value;
use serde::Serialize;

use crate::Result;
use crate::admin::check::Checked;
use crate::admin::edit_conflicts::Originals;
use crate::admin::field::Field;
use crate::admin::form_data::FormData;
use crate::admin::history::{self, Change};
use crate::admin::model::Inline;
use crate::admin::model_page::ModelPage;
use crate::admin::store::{Row, Saving};
use crate::db::Connection;
use crate::model::value;

/// One row of it.
pub(super) struct Line {
    pub prefix: String,
    /// The row as it is, unless it is to be a new one.
    pub row: Option<Row>,
    pub checked: Checked,
    pub is_deleted: bool,
}

/// One row, as its page shows it.
#[derive(Serialize)]
pub(super) struct ShownLine {
    prefix: String,
    key: String,
    label: String,
    url: String,
    fields: Vec<Field>,
    is_deleted: bool,
}

impl Line {
    pub fn stored(child: &ModelPage<'_>, group: usize, line: usize, row: Option<Row>) -> Self {
        let mut checked = Checked::default();
        for (number, column) in child.model.columns.iter().enumerate() {
            let stored = row.as_ref().map(|row| value::text(&row.values[number]));
            let text = stored.or(column.default.clone()).unwrap_or_default();
            checked.typed.insert(column.name, text);
        }
        // The key is in the name: a row that appears or goes meanwhile does not shift the others.
        let name = match &row {
            Some(row) => format!("k{}", row.key),
            None => format!("n{}", line),
        };
        Self {
            prefix: format!("i{group}-{name}-"),
            row,
            checked,
            is_deleted: false,
        }
    }

    pub fn note(&self, child: &ModelPage<'_>, originals: &mut Originals) {
        if self.row.is_none() {
            return;
        }
        for column in &child.model.columns {
            if let Some(text) = self.checked.typed.get(column.name) {
                let name = format!("{}{}", self.prefix, column.name);
                originals.note(&name, &column.canonical(text));
            }
        }
    }

    pub async fn read(
        &mut self,
        child: &ModelPage<'_>,
        inline: &Inline,
        db: &Connection,
        data: &FormData,
    ) -> Result<()> {
        let is_sent = data.find(&format!("{}row", self.prefix)).is_some();
        let action = if self.row.is_some() { "change" } else { "add" };
        let columns = if is_sent && child.may(action) {
            columns(child, inline, self.row.is_none())
        } else {
            Vec::new()
        };
        let fields = child.fields(db, &self.prefix);
        let mut checked = Checked::read(&fields, &columns, data, self.row.as_ref()).await?;
        let is_empty = columns.iter().all(|number| {
            let column = &child.model.columns[*number];
            let typed = checked.typed.get(column.name).map_or("", String::as_str);
            typed.is_empty() || column.is_same(typed, column.default.as_deref().unwrap_or("false"))
        });
        if self.row.is_none() && is_empty {
            checked.errors.clear();
            checked.values.clear();
        }
        self.is_deleted =
            child.may("delete") && !data.get(&format!("{}delete", self.prefix)).is_empty();
        self.checked
            .typed
            .extend(std::mem::take(&mut checked.typed));
        self.checked.values = checked.values;
        self.checked.errors = checked.errors;
        Ok(())
    }

    pub async fn write(
        self,
        child: &ModelPage<'_>,
        inline: &Inline,
        db: &Connection,
        (key, saving): (&Value, &Saving),
    ) -> Result<Option<Change>> {
        let store = &child.model.store;
        let own = self
            .row
            .as_ref()
            .map(|row| row.values[child.model.key].clone());
        let name = super::model::label_of(&child.model.name);
        let change = |from: String, to: String| {
            Some(Change {
                field: name.clone(),
                from,
                to,
            })
        };
        if let (Some(row), Some(own), true) = (&self.row, own.clone(), self.is_deleted) {
            history::note(db, child.staff, child.model, ("delete", row), &[]).await?;
            store.delete(db, own).await?;
            return Ok(change(row.label.clone(), String::new()));
        }
        if self.checked.values.is_empty() {
            return Ok(None);
        }
        let mut values = self.checked.values;
        if self.row.is_none() {
            values.push((inline.column, key.clone()));
        }
        let mut saving = saving.clone();
        saving.is_new = self.row.is_none();
        let written = store.save(db, own, values, saving).await?;
        let action = if self.row.is_none() { "add" } else { "change" };
        history::note(db, child.staff, child.model, (action, &written), &[]).await?;
        let before = self.row.map(|row| row.label).unwrap_or_default();
        Ok(change(before, written.label))
    }

    pub async fn show(
        &self,
        child: &ModelPage<'_>,
        inline: &Inline,
        db: &Connection,
    ) -> Result<ShownLine> {
        let is_new = self.row.is_none();
        let writable = columns(child, inline, is_new);
        let fields = child.fields(db, &self.prefix);
        let mut shown = Vec::new();
        for number in all_columns(child, inline) {
            let text = self.checked.typed.get(child.model.columns[number].name);
            let readonly = !writable.contains(&number);
            let text = text.cloned().unwrap_or_default();
            let mut field = fields
                .field(number, text, readonly, &self.checked.errors)
                .await?;
            // An empty row is not sent to be one.
            field.required &= !is_new;
            shown.push(field);
        }
        let row = self.row.as_ref();
        Ok(ShownLine {
            prefix: self.prefix.clone(),
            key: row.map(|row| row.key.clone()).unwrap_or_default(),
            label: row.map(|row| row.label.clone()).unwrap_or_default(),
            url: row
                .map(|row| format!("{}change/", child.url_of(&row.key)))
                .unwrap_or_default(),
            fields: shown,
            is_deleted: self.is_deleted,
        })
    }
}

/// The columns of a line, but the one that refers.
pub(super) fn all_columns(child: &ModelPage<'_>, inline: &Inline) -> Vec<usize> {
    let groups = child
        .columns(true)
        .into_iter()
        .flat_map(|(_, columns)| columns);
    groups
        .map(|(number, _)| number)
        .filter(|number| *number != inline.column)
        .collect()
}

/// The columns of a line that this user changes.
pub(super) fn columns(child: &ModelPage<'_>, inline: &Inline, is_new: bool) -> Vec<usize> {
    let columns = child.writable(is_new).into_iter();
    columns.filter(|number| *number != inline.column).collect()
}
