//! Request types, and requests that were validated.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use schemars::JsonSchema;
use sea_orm::{ActiveModelTrait, ActiveValue, IntoActiveModel, Iterable, Value};
use serde_json::{Map, Value as Json};

use crate::model::Entity;
use crate::model::columns::Columns;
use crate::model::related::{Links, ManyToMany};
use crate::serializer::deserializer::Mistake;
use crate::serializer::form::{Form, Stored};
use crate::serializer::probe::Probe;
use crate::serializer::schemas::Schemas;
use crate::serializer::targets::Subject;
use crate::serializer::{Serializer, probe};
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
            let ActiveValue::Set(value) = new.get(column) else {
                continue;
            };
            if form.is_given(number, &given) {
                row.set_if_not_equals(column, value);
                if matches!(row.get(column), ActiveValue::Set(_)) {
                    form.refuse_other_key(number)?;
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
    for (number, null) in form.emptied(given) {
        let column = E::Column::iter().nth(number);
        if let Some(column) = column.filter(|column| row.is_not_set(*column)) {
            row.try_set(column, null)?;
        }
    }
    Ok(())
}

impl<E: Entity, T> Request<E> for T
where
    T: Serializer + JsonSchema + IntoActiveModel<E::ActiveModel> + Send + Sync + 'static,
{
    fn form() -> Form {
        let subject = Subject {
            reads: probe::reads::<T>,
            writes: writes::<E, T>,
        };
        Form::of(subject, Columns::of::<E>())
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

/// Returns what a row that is made of what is read has in each of its columns.
fn writes<E: Entity, T>(probe: Probe<'_>) -> Result<Vec<Option<Value>>, Mistake>
where
    T: Serializer + IntoActiveModel<E::ActiveModel>,
{
    let row = T::deserialize(probe)?.into_active_model();
    let columns = E::Column::iter();
    Ok(columns.map(|column| row.get(column).into_value()).collect())
}
