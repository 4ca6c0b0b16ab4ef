//! Request types, and requests that were validated.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use schemars::JsonSchema;
use sea_orm::{ActiveModelTrait, ActiveValue, IntoActiveModel, Iterable};
use serde_json::{Map, Value as Json};

use crate::model::columns::Columns;
use crate::model::related::{Links, ManyToMany};
use crate::model::{Entity, value};
use crate::serializer::form::{Form, Stored};
use crate::serializer::metadata::Field;
use crate::serializer::schemas::Schemas;
use crate::serializer::{Serializer, metadata, probe};
use crate::{Error, Result, serializer};

/// A type that the bodies of requests are parsed into, and rows are made from: any struct with
/// serde's `Deserialize`, garde's `Validate`, schemars' `JsonSchema` and SeaORM's
/// `DeriveIntoActiveModel`.
///
/// ```
/// # use restkit::auth::models::group;
/// # use restkit::prelude::*;
/// #[derive(Clone, Debug, Deserialize, Validate, JsonSchema, DeriveIntoActiveModel)]
/// #[sea_orm(active_model = "group::ActiveModel")]
/// #[garde(allow_unvalidated)]
/// struct GroupRequest {
///     #[garde(length(min = 3))]
///     name: String,
/// }
/// ```
pub trait Request<E: Entity>: Sized + Send + Sync + 'static {
    /// Whether nothing at all may be sent.
    const READ_ONLY: bool = false;

    /// Describes its fields.
    fn form() -> Form;

    /// Parses and validates what was `given` for a new row, or over what is `stored` of one.
    ///
    /// # Errors
    ///
    /// 400 with every mistake in it.
    fn parse(form: &Form, given: &Json, stored: Option<Stored>) -> Result<Self>;

    /// As a row.
    fn into_row(self) -> E::ActiveModel;

    /// Describes it in the schema: as a whole, and with nothing required.
    fn schema(schemas: &mut Schemas, form: &Form) -> (Json, Json);
}

/// The request type of a viewset that only reads.
///
/// ```
/// # use restkit::auth::models::group;
/// # use restkit::prelude::*;
/// # #[derive(Serialize, JsonSchema)]
/// # pub struct GroupResponse { id: i64 }
/// # impl From<group::Model> for GroupResponse {
/// #     fn from(group: group::Model) -> Self { Self { id: group.id } }
/// # }
/// struct GroupViewSet;
///
/// impl ModelViewSet for GroupViewSet {
///     type Entity = group::Entity;
///     type Request = ReadOnly;
///     type Response = GroupResponse;
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub enum ReadOnly {}

/// A request that was validated. Its fields can be read as those of the request type itself.
///
/// ```
/// # use restkit::auth::models::group;
/// # use restkit::prelude::*;
/// # #[derive(Serialize, JsonSchema)]
/// # pub struct GroupResponse { id: i64, name: String }
/// # impl From<group::Model> for GroupResponse {
/// #     fn from(group: group::Model) -> Self { Self { id: group.id, name: group.name } }
/// # }
/// # #[derive(Clone, Debug, Deserialize, Validate, JsonSchema, DeriveIntoActiveModel)]
/// # #[sea_orm(active_model = "group::ActiveModel")]
/// # #[garde(allow_unvalidated)]
/// # pub struct GroupRequest { name: String }
/// fn is_renamed(request: &Valid<GroupRequest>, group: &group::Model) -> bool {
///     request.has("name") && request.name != group.name
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Valid<T> {
    data: T,
    given: Map<String, Json>,
    form: Arc<Form>,
}

impl<T> Valid<T> {
    pub(crate) fn new(data: T, given: Map<String, Json>, form: Arc<Form>) -> Self {
        Self { data, given, form }
    }

    /// Returns whether the client has sent this field.
    pub fn has(&self, field: &str) -> bool {
        self.given.contains_key(field)
    }

    /// The request type's own value.
    pub fn into_inner(self) -> T {
        self.data
    }

    /// A new row.
    ///
    /// # Errors
    ///
    /// If a column cannot be empty after all.
    pub fn into_row<E: Entity>(self) -> Result<E::ActiveModel>
    where
        T: Request<E>,
    {
        let (given, form) = (self.given, self.form);
        let mut row = self.data.into_row();
        empty::<E>(&mut row, &given, &form)?;
        Ok(row)
    }

    /// A row with what was given in it.
    ///
    /// # Errors
    ///
    /// As for [`into_row`](Self::into_row).
    pub fn apply<E: Entity>(self, model: E::Model) -> Result<E::ActiveModel>
    where
        T: Request<E>,
    {
        let (given, form) = (self.given, self.form);
        let mut new = self.data.into_row();
        empty::<E>(&mut new, &given, &form)?;
        let mut row = model.into_active_model();
        for (number, column) in E::Column::iter().enumerate() {
            let mut sources = form
                .written
                .iter()
                .filter(|(_, columns)| columns.contains(&number))
                .map(|(field, _)| field)
                .peekable();
            // A value that the request type fills in by itself comes from no field.
            let is_given = sources.peek().is_none() || sources.any(|it| given.contains_key(it));
            if let (ActiveValue::Set(value), true) = (new.get(column), is_given) {
                row.set_if_not_equals(column, value);
                // A row with another key would be another row: what refers to this one would stay.
                if form.columns.all[number].is_key && matches!(row.get(column), ActiveValue::Set(_))
                {
                    let field = form.field_of(number).unwrap_or_default();
                    return Err(Error::field(field, "The key of a row cannot be changed."));
                }
            }
        }
        Ok(row)
    }

    /// Returns the links that were sent, for lists of keys.
    pub(crate) fn links(&self, lists: &[ManyToMany]) -> Vec<Links> {
        let lists = lists.iter().cloned();
        lists
            .filter_map(|list| Links::of(list, &self.given))
            .collect()
    }
}

impl<T> Deref for Valid<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

impl<T> DerefMut for Valid<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.data
    }
}

/// SeaORM takes an `Option` without a value for one that says nothing; a client that sends null
/// wants the column to be empty.
fn empty<E: Entity>(
    row: &mut E::ActiveModel,
    given: &Map<String, Json>,
    form: &Form,
) -> Result<()> {
    let columns: Vec<_> = E::Column::iter().collect();
    for (field, _) in given.iter().filter(|(_, value)| value.is_null()) {
        for number in form.written.get(field).into_iter().flatten() {
            let (Some(column), Some(facts)) = (columns.get(*number), form.columns.all.get(*number))
            else {
                continue;
            };
            if facts.is_nullable && row.is_not_set(*column) {
                row.try_set(*column, facts.null.clone())?;
            }
        }
    }
    Ok(())
}

impl<E: Entity, T> Request<E> for T
where
    T: Serializer + JsonSchema + IntoActiveModel<E::ActiveModel> + Send + Sync + 'static,
{
    fn form() -> Form {
        let fields = metadata::fields::<E, T>();
        let written = written::<E, T>();
        let with_choices = fields.iter().filter(|field| !field.choices.is_empty());
        let stored_choices = with_choices.filter_map(|field| {
            let column = *written.get(&field.name)?.first()?;
            Some((column, stored_choices::<E, T>(field, column)))
        });
        Form {
            stored_choices: stored_choices.collect(),
            columns: Columns::of::<E>(),
            fields,
            written,
        }
        .learn()
    }

    fn parse(form: &Form, given: &Json, stored: Option<Stored>) -> Result<Self> {
        let name = |field: &str| form.name_of(field);
        match stored {
            None => serializer::parse_over(given, Map::new(), &name),
            Some(stored) if stored.is_partial => {
                serializer::parse_partial(given, &stored.row, &name)
            }
            Some(stored) => serializer::parse_over(given, stored.row, &name),
        }
    }

    fn into_row(self) -> E::ActiveModel {
        self.into_active_model()
    }

    fn schema(schemas: &mut Schemas, form: &Form) -> (Json, Json) {
        (schemas.row::<T>(form), schemas.partial::<T>(form))
    }
}

impl<E: Entity> Request<E> for ReadOnly {
    const READ_ONLY: bool = true;

    fn form() -> Form {
        Form {
            fields: Vec::new(),
            columns: Columns::of::<E>(),
            written: BTreeMap::new(),
            stored_choices: BTreeMap::new(),
        }
    }

    fn parse(_: &Form, _: &Json, _: Option<Stored>) -> Result<Self> {
        Err(Error::Parse("Nothing can be sent here.".to_owned()))
    }

    fn into_row(self) -> E::ActiveModel {
        match self {}
    }

    fn schema(_: &mut Schemas, _: &Form) -> (Json, Json) {
        (Json::Bool(false), Json::Bool(false))
    }
}

/// Finds the columns of each field by trying: the field gets several values, and the columns that change
/// with it are its own. So a field may have any name.
fn written<E: Entity, T>() -> BTreeMap<String, Vec<usize>>
where
    T: Serializer + IntoActiveModel<E::ActiveModel>,
{
    let names = probe::names::<T>().iter();
    let columns = Columns::of::<E>();
    names
        .map(|name| {
            let mut written = changed_by::<E, T>(name);
            if written.is_empty() {
                // A field that no guess fits, such as a struct, is written to the column of its name.
                let mut all = columns.all.iter();
                written.extend(all.position(|column| column.json_key == *name));
            }
            // The one of the same name is the field's own, whatever else is made of it.
            written.sort_by_key(|number| columns.all[*number].json_key != *name);
            ((*name).to_owned(), written)
        })
        .filter(|(_, written)| !written.is_empty())
        .collect()
}

fn changed_by<E: Entity, T>(field: &'static str) -> Vec<usize>
where
    T: Serializer + IntoActiveModel<E::ActiveModel>,
{
    let rows: Vec<E::ActiveModel> = probe::variants::<T>(field)
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .collect();
    let columns = E::Column::iter().enumerate();
    columns
        .filter(|(_, column)| {
            let mut values = rows.iter().map(|row| row.get(*column).into_value());
            let first = values.next();
            values.any(|value| Some(value) != first)
        })
        .map(|(number, _)| number)
        .collect()
}

/// Returns the choices of a field as its column has them.
fn stored_choices<E: Entity, T>(field: &Field, column: usize) -> Vec<String>
where
    T: Serializer + IntoActiveModel<E::ActiveModel>,
{
    let mut names = probe::names::<T>().iter();
    let Some(name) = names.find(|name| **name == field.name) else {
        return Vec::new();
    };
    let Some(column) = E::Column::iter().nth(column) else {
        return Vec::new();
    };
    let rows = probe::choices::<T>(name).into_iter();
    let values = rows.filter_map(|request| request.into_active_model().get(column).into_value());
    values.map(|value| value::text(&value)).collect()
}
