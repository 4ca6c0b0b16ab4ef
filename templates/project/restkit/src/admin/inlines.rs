//! Rows of other models on the page of the row that they refer to.

use minijinja::context;
use minijinja::value::Serde;
use sea_orm::Value;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order};

use crate::Result;
use crate::admin::edit_conflicts::{Conflict, Originals};
use crate::admin::form_data::FormData;
use crate::admin::history::Change;
use crate::admin::inline_line::{Line, columns};
use crate::admin::model::{Column, Inline};
use crate::admin::model_page::ModelPage;
use crate::admin::store::{Query, Row, Saving};
use crate::admin::{check, edit_conflicts};
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

async fn rows(inline: &Inline, db: &Connection, key: &Value) -> Result<Vec<Row>> {
    let model = &inline.model;
    let column = Expr::col((model.table.clone(), model.columns[inline.column].name));
    let mut query = Query::new(Condition::all().add(column.eq(key.clone())), MAX_ROWS);
    query.order = vec![(model.key().name, Order::Asc)];
    model.store.rows(db, query).await
}
