//! Rows of other models on the page of the row that they refer to.

use minijinja::context;
use minijinja::value::Serde;
use sea_orm::Value;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order};
use serde::Serialize;

use crate::Result;
use crate::admin::check::Checked;
use crate::admin::edit_conflicts::{Conflict, Originals};
use crate::admin::field::Field;
use crate::admin::form_data::FormData;
use crate::admin::history::Change;
use crate::admin::model::{Column, Inline};
use crate::admin::model_page::ModelPage;
use crate::admin::store::{Query, Row, Saving};
use crate::admin::{check, edit_conflicts, history};
use crate::db::Connection;
use crate::model::value;

/// Empty rows for new ones.
const EXTRA_FORMS: usize = 3;

/// So many rows are shown; the others have pages of their own.
const MAX_ROWS: u64 = 100;

/// The rows of one inline.
pub(super) struct Group {
    lines: Vec<Line>,
}

/// One row of it.
struct Line {
    prefix: String,
    /// The row as it is, unless it is to be a new one.
    row: Option<Row>,
    checked: Checked,
    is_deleted: bool,
}

/// One row, as its page shows it.
#[derive(Serialize)]
struct ShownLine {
    prefix: String,
    key: String,
    label: String,
    url: String,
    fields: Vec<Field>,
    is_deleted: bool,
}

impl Group {
    /// The groups of a row, or of one that is to be.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn read_all(
        model_page: &ModelPage<'_>,
        db: &Connection,
        key: Option<&Value>,
        originals: &mut Originals,
    ) -> Result<Vec<Self>> {
        let mut groups = Vec::new();
        for (number, inline) in model_page.model.options.inlines.iter().enumerate() {
            let child = model_page.child(inline);
            let rows = match key {
                Some(key) => rows(inline, db, key).await?,
                None => Vec::new(),
            };
            let extra = if child.may("add") { EXTRA_FORMS } else { 0 };
            let rows = rows
                .into_iter()
                .map(Some)
                .chain(std::iter::repeat_n(None, extra));
            let lines = rows
                .enumerate()
                .map(|(line, row)| Line::stored(&child, number, line, row));
            let lines: Vec<_> = lines.collect();
            lines.iter().for_each(|line| line.note(&child, originals));
            groups.push(Self { lines });
        }
        Ok(groups)
    }

    /// The groups as they were sent.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn sent_all(
        model_page: &ModelPage<'_>,
        db: &Connection,
        key: Option<&Value>,
        data: &FormData,
    ) -> Result<Vec<Self>> {
        let mut groups = Self::read_all(model_page, db, key, &mut Originals::default()).await?;
        let originals = Originals::parse(data.get(edit_conflicts::FIELD));
        let inlines = model_page.model.options.inlines.iter().zip(&mut groups);
        for (number, (inline, group)) in inlines.enumerate() {
            let child = model_page.child(inline);
            group.add_sent(&child, number, data);
            for line in &mut group.lines {
                line.read(&child, inline, db, data).await?;
            }
            group.revive(&child, inline, (number, data), &originals);
        }
        Ok(groups)
    }

    /// Adds the lines for new rows that the form has beyond the usual number.
    fn add_sent(&mut self, child: &ModelPage<'_>, group: usize, data: &FormData) {
        let mut next = self.lines.iter().filter(|line| line.row.is_none()).count();
        while data.find(&format!("i{group}-n{next}-row")).is_some() {
            self.lines.push(Line::stored(child, group, next, None));
            next += 1;
        }
    }

    /// Keeps what was typed into lines whose rows somebody else has deleted meanwhile: as new lines,
    /// which say so. Lines that were not touched are gone.
    fn revive(
        &mut self,
        child: &ModelPage<'_>,
        inline: &Inline,
        (group, data): (usize, &FormData),
        originals: &Originals,
    ) {
        let start = format!("i{group}-k");
        let sent = data.names().filter_map(|name| {
            let prefix = name.strip_suffix("row")?;
            prefix.starts_with(&start).then_some(prefix)
        });
        let sent: Vec<_> = sent.map(str::to_owned).collect();
        for prefix in sent {
            if self.lines.iter().any(|line| line.prefix == prefix) {
                continue;
            }
            let columns = columns(child, inline, true).into_iter();
            let columns: Vec<_> = columns.map(|number| &child.model.columns[number]).collect();
            let typed = |column: &Column| check::typed(column, data, &prefix);
            let is_touched = columns.iter().any(|column| {
                let name = format!("{prefix}{}", column.name);
                originals.differ(&name, &column.canonical(&typed(column)))
            });
            if !is_touched {
                continue;
            }
            let next = self.lines.iter().filter(|line| line.row.is_none()).count();
            let mut line = Line::stored(child, group, next, None);
            for column in &columns {
                line.checked.typed.insert(column.name, typed(column));
            }
            if let Some(first) = columns.first() {
                let problem = "Somebody else has deleted this line meanwhile. Save again to add it as a new one, or empty it.";
                let problems = vec![problem.to_owned()];
                line.checked.errors.insert(first.name.to_owned(), problems);
            }
            self.lines.push(line);
        }
    }

    pub fn has_errors(&self) -> bool {
        self.lines
            .iter()
            .any(|line| !line.is_deleted && !line.checked.errors.is_empty())
    }

    /// Returns the changes that others made meanwhile.
    pub fn conflicts(
        &self,
        model_page: &ModelPage<'_>,
        inline: &Inline,
        originals: &Originals,
    ) -> Vec<Conflict> {
        let columns = &model_page.child(inline).model.columns;
        let mut conflicts = Vec::new();
        for line in &self.lines {
            let Some(row) = &line.row else { continue };
            for (column, stored) in columns.iter().zip(&row.values) {
                let (theirs, name) = (
                    value::text(stored),
                    format!("{}{}", line.prefix, column.name),
                );
                let yours = line.checked.typed.get(column.name);
                let yours = yours.filter(|yours| !column.is_same(yours, &theirs));
                let is_theirs = originals.differ(&name, &column.canonical(&theirs));
                if let (Some(yours), true) = (yours, is_theirs) {
                    let label = format!("{}: {}", row.label, column.label);
                    conflicts.push(Conflict {
                        label,
                        theirs,
                        yours: yours.clone(),
                    });
                }
            }
        }
        conflicts
    }

    /// Writes the rows of a group; what has changed is said on the page of the row they refer to.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn write(
        self,
        model_page: &ModelPage<'_>,
        inline: &Inline,
        db: &Connection,
        (key, saving): (&Value, &Saving),
    ) -> Result<Vec<Change>> {
        let child = model_page.child(inline);
        let mut changes = Vec::new();
        for line in self.lines {
            changes.extend(line.write(&child, inline, db, (key, saving)).await?);
        }
        Ok(changes)
    }

    /// The groups for the template.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn show_all(
        model_page: &ModelPage<'_>,
        db: &Connection,
        groups: &[Self],
    ) -> Result<Vec<minijinja::Value>> {
        let mut shown = Vec::new();
        for (inline, group) in model_page.model.options.inlines.iter().zip(groups) {
            let child = model_page.child(inline);
            if !child.may("view") {
                continue;
            }
            let mut lines = Vec::new();
            for line in &group.lines {
                lines.push(line.show(&child, inline, db).await?);
            }
            shown.push(context! {
                title => super::model::label_of(&child.model.plural),
                may_delete => child.may("delete"),
                lines => Serde(lines),
            });
        }
        Ok(shown)
    }
}

impl Line {
    fn stored(child: &ModelPage<'_>, group: usize, line: usize, row: Option<Row>) -> Self {
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

    fn note(&self, child: &ModelPage<'_>, originals: &mut Originals) {
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

    async fn read(
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

    async fn write(
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

    async fn show(
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

impl<'a> ModelPage<'a> {
    /// The model of an inline, whose own rows these are.
    fn child(&self, inline: &'a Inline) -> ModelPage<'a> {
        ModelPage {
            staff: self.staff,
            site: self.site,
            model: &inline.model,
        }
    }
}

fn all_columns(child: &ModelPage<'_>, inline: &Inline) -> Vec<usize> {
    let groups = child
        .columns(true)
        .into_iter()
        .flat_map(|(_, columns)| columns);
    groups
        .map(|(number, _)| number)
        .filter(|number| *number != inline.column)
        .collect()
}

fn columns(child: &ModelPage<'_>, inline: &Inline, is_new: bool) -> Vec<usize> {
    let columns = child.writable(is_new).into_iter();
    columns.filter(|number| *number != inline.column).collect()
}

async fn rows(inline: &Inline, db: &Connection, key: &Value) -> Result<Vec<Row>> {
    let model = &inline.model;
    let column = Expr::col((model.table.clone(), model.columns[inline.column].name));
    let mut query = Query::new(Condition::all().add(column.eq(key.clone())), MAX_ROWS);
    query.order = vec![(model.key().name, Order::Asc)];
    model.store.rows(db, query).await
}
