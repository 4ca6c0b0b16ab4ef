//! Rows without types: the only code of the admin site that is compiled for every model.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoColumnRef, Order, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, IdenStatic, IntoActiveModel, Iterable, ModelTrait,
    PrimaryKeyToColumn, QueryFilter, QueryTrait, Value,
};

use crate::admin::form_data::FormData;
use crate::db::{Connection, nulls};
use crate::model::columns::Columns;
use crate::model::rows::values;
use crate::model::{Entity, value};
use crate::rest::constraints;
use crate::{Context, Error, Result};

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The key, as a text.
    pub key: String,
    /// How the row is called.
    pub label: String,
    /// In the order of the model's columns.
    pub values: Vec<Value>,
    /// The columns that functions make.
    pub cells: Vec<String>,
    /// The URL of its page on the site itself.
    pub page: Option<String>,
}

/// A query of rows, in order.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub condition: Condition,
    pub order: Vec<(&'static str, Order)>,
    pub limit: u64,
    pub offset: u64,
}

impl Query {
    pub fn new(condition: Condition, limit: u64) -> Self {
        Self {
            condition,
            order: Vec::new(),
            limit,
            offset: 0,
        }
    }

    fn apply<E: Entity>(&self, select: &mut SelectStatement, table: &'static str) {
        select.cond_where(self.condition.clone());
        for (name, order) in &self.order {
            let column = (table, *name).into_column_ref();
            let mut nullable = E::Column::iter().filter(|it| it.def().is_null());
            if nullable.any(|it| it.as_str() == *name) {
                select.order_by_with_nulls(column, order.clone(), nulls(order))
            } else {
                select.order_by(column, order.clone())
            };
        }
        select.limit(self.limit);
        if self.offset > 0 {
            select.offset(self.offset);
        }
    }
}

/// A condition that no row fulfils.
pub(super) fn never() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// The row that is being saved, for a model's own `save` function.
///
/// ```
/// use restkit::admin::Saving;
///
/// fn title(saving: &Saving) -> &'static str {
///     if saving.is_new { "A new row" } else { "A changed row" }
/// }
/// ```
#[derive(Clone)]
pub struct Saving {
    /// The request.
    pub ctx: Context,
    /// Whether the row is a new one.
    pub is_new: bool,
    data: Arc<FormData>,
    messages: Arc<Mutex<Vec<String>>>,
}

impl Saving {
    pub(super) fn new(ctx: &Context, is_new: bool, data: &Arc<FormData>) -> Self {
        Self {
            ctx: ctx.clone(),
            is_new,
            data: Arc::clone(data),
            messages: Arc::default(),
        }
    }

    /// A field of the form that was sent.
    pub fn field(&self, name: &str) -> &str {
        self.data.get(name)
    }

    /// Says something to whoever saved, once it is saved.
    pub fn message(&self, text: impl Into<String>) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.push(text.into());
    }

    pub(super) fn messages(&self) -> Vec<String> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.clone()
    }
}

/// The rows of one model.
pub(super) trait Store: Send + Sync {
    fn rows<'a>(&'a self, db: &'a Connection, query: Query) -> BoxFuture<'a, Result<Vec<Row>>>;

    /// Writes a new row, or those values of the row with this key; the values' columns by number.
    fn save<'a>(
        &'a self,
        db: &'a Connection,
        key: Option<Value>,
        values: Vec<(usize, Value)>,
        saving: Saving,
    ) -> BoxFuture<'a, Result<Row>>;

    fn delete<'a>(&'a self, db: &'a Connection, key: Value) -> BoxFuture<'a, Result<()>>;

    /// Does the custom action with this number to these rows.
    fn act<'a>(
        &'a self,
        number: usize,
        ctx: Context,
        rows: Condition,
    ) -> BoxFuture<'a, Result<String>>;
}

/// A custom action.
pub(super) type Action<M> =
    Box<dyn Fn(Context, Vec<M>) -> BoxFuture<'static, Result<String>> + Send + Sync>;

/// A model's own `save`.
pub(super) type Save<A> = Box<dyn Fn(Saving, A) -> BoxFuture<'static, Result<A>> + Send + Sync>;

/// A function that makes a text of a row.
pub(super) type Cell<M> = Box<dyn Fn(&M) -> String + Send + Sync>;

/// The store of an entity, and what its `ModelAdmin` says in functions.
pub(super) struct Typed<E: Entity> {
    pub display: Option<Cell<E::Model>>,
    pub page: Option<Cell<E::Model>>,
    pub cells: Vec<Cell<E::Model>>,
    pub actions: Vec<Action<E::Model>>,
    pub save: Option<Save<E::ActiveModel>>,
}

impl<E: Entity> Default for Typed<E> {
    fn default() -> Self {
        Self {
            display: None,
            page: None,
            cells: Vec::new(),
            actions: Vec::new(),
            save: None,
        }
    }
}

impl<E: Entity> Typed<E> {
    fn row(&self, model: &E::Model) -> Row {
        let values = values::<E>(model);
        let key = E::PrimaryKey::iter().next();
        let key = key
            .map(|key| value::text(&model.get(key.into_column())))
            .unwrap_or_default();
        let label = match &self.display {
            Some(display) => display(model),
            None => label(&key, &values),
        };
        let cells = self.cells.iter().map(|cell| cell(model)).collect();
        Row {
            key,
            label,
            values,
            cells,
            page: self.page.as_ref().map(|page| page(model)),
        }
    }
}

/// Without a word of the project a row is called by its first text.
fn label(key: &str, values: &[Value]) -> String {
    let mut texts = values.iter().filter_map(|value| match value {
        Value::String(Some(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    });
    texts.next().unwrap_or_else(|| format!("#{key}"))
}

fn by_key<E: Entity>(key: Value) -> Condition {
    let columns = E::PrimaryKey::iter().map(|column| column.into_column().eq(key.clone()));
    columns.fold(Condition::all(), Condition::add)
}

async fn find<E: Entity>(db: &Connection, key: Value) -> Result<E::Model> {
    let found = E::find().filter(by_key::<E>(key)).one(db).await?;
    found.ok_or_else(Error::not_found)
}

impl<E: Entity> Store for Typed<E> {
    fn rows<'a>(&'a self, db: &'a Connection, query: Query) -> BoxFuture<'a, Result<Vec<Row>>> {
        Box::pin(async move {
            let mut select = E::find();
            query.apply::<E>(QueryTrait::query(&mut select), E::default().as_str());
            let models = select.all(db).await?;
            Ok(models.iter().map(|model| self.row(model)).collect())
        })
    }

    fn save<'a>(
        &'a self,
        db: &'a Connection,
        key: Option<Value>,
        values: Vec<(usize, Value)>,
        saving: Saving,
    ) -> BoxFuture<'a, Result<Row>> {
        Box::pin(async move {
            let is_new = key.is_none();
            let mut row = match key {
                Some(key) => find::<E>(db, key).await?.into_active_model(),
                None => <E::ActiveModel as ActiveModelTrait>::default(),
            };
            for (number, column) in E::Column::iter().enumerate() {
                if let Some((_, value)) = values.iter().find(|(column, _)| *column == number) {
                    row.try_set(column, value.clone())
                        .map_err(|_| Error::field(column.as_str(), "Select a valid choice."))?;
                }
            }
            if let Some(save) = &self.save {
                row = save(saving, row).await?;
            }
            let model = if is_new {
                row.insert(db).await.map_err(explain::<E>)?
            } else if row.is_changed() {
                row.update(db).await.map_err(explain::<E>)?
            } else {
                find::<E>(db, row_key(&row)?).await?
            };
            Ok(self.row(&model))
        })
    }

    fn delete<'a>(&'a self, db: &'a Connection, key: Value) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            find::<E>(db, key)
                .await?
                .into_active_model()
                .delete(db)
                .await?;
            Ok(())
        })
    }

    fn act<'a>(
        &'a self,
        number: usize,
        ctx: Context,
        rows: Condition,
    ) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            let action = self.actions.get(number).ok_or_else(Error::not_found)?;
            let models = E::find().filter(rows).all(ctx.db()).await?;
            action(ctx, models).await
        })
    }
}

/// Explains a refusal of the database, by the columns of the model.
fn explain<E: Entity>(error: DbErr) -> Error {
    let columns = Columns::of::<E>();
    constraints::explain_by(&columns, &|number| columns.all[number].name, error)
}

fn row_key<A: ActiveModelTrait>(row: &A) -> Result<Value> {
    let key = row.get_primary_key_value();
    let key = key.and_then(|key| key.into_iter().next());
    key.ok_or_else(Error::not_found)
}
