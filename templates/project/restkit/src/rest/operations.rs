//! The operations on a viewset's rows: between the way of a request, which is the same code for all viewsets, and their
//! own types. Another model is little more to compile, since only this is made for each.

mod typed;

use std::any::Any;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::error::FieldErrors;
use crate::rest::answer::Answer;
use crate::serializer::schemas::Schemas;
use crate::{Context, Result};

pub(super) use typed::Typed;

/// A row of the viewset that has found it.
pub(super) type AnyRow = Box<dyn Any + Send + Sync>;

/// The data that was sent, and what is wrong with it so far.
pub(super) struct Sent<'s> {
    pub data: &'s Value,
    pub mistakes: FieldErrors,
}

/// The schemas of a viewset's types.
pub(super) struct TypeSchemas {
    /// Of a request that has to be whole.
    pub whole: Value,
    /// Of one in which nothing is required.
    pub partial: Value,
    /// Of a row in an answer.
    pub shown: Value,
}

/// The actions of a viewset. A row that they take is one that [`find`](Self::find) gave.
pub(super) trait Operations: Send + Sync {
    /// Looks at the piece of a path that means a key.
    ///
    /// # Errors
    ///
    /// 404 if no row could have it.
    fn check_key(&self, key: &str) -> Result<()>;

    /// Finds the row with a key, if the request may see it.
    ///
    /// # Errors
    ///
    /// 404 in DRF's words.
    fn find<'o>(&'o self, ctx: &'o Context, key: &'o str) -> BoxFuture<'o, Result<AnyRow>>;

    fn list<'o>(&'o self, ctx: &'o Context) -> BoxFuture<'o, Result<Answer>>;

    fn retrieve<'o>(&'o self, ctx: &'o Context, row: AnyRow) -> BoxFuture<'o, Result<Answer>>;

    /// Shows a row as it is, whatever `retrieve` makes of it.
    fn show<'o>(&'o self, ctx: &'o Context, row: &'o AnyRow) -> BoxFuture<'o, Result<Answer>>;

    fn create<'o>(&'o self, ctx: &'o Context, sent: Sent<'o>) -> BoxFuture<'o, Result<Answer>>;

    /// Updates a row; what is not sent stays as it is, if that is `is_partial`.
    fn update<'o>(
        &'o self,
        ctx: &'o Context,
        row: AnyRow,
        sent: Sent<'o>,
        is_partial: bool,
    ) -> BoxFuture<'o, Result<Answer>>;

    fn destroy<'o>(&'o self, ctx: &'o Context, row: AnyRow) -> BoxFuture<'o, Result<()>>;

    /// Runs the extra action of this number.
    fn run<'o>(
        &'o self,
        ctx: &'o Context,
        number: usize,
        row: Option<AnyRow>,
        body: &'o Value,
    ) -> BoxFuture<'o, Result<Value>>;

    fn describe(&self, schemas: &mut Schemas) -> TypeSchemas;
}
