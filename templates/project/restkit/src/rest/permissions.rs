//! Permissions, by Django REST framework's names: [`Permission`].

mod model;
mod rule;
mod verdict;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

use axum::http::Method;
use sea_orm::EntityTrait;

use crate::http::methods::is_safe;
use crate::{Context, Error, Result};
pub(crate) use model::ModelNames;
use model::{Anonymous, ModelPermissions};
use rule::Kind;
pub use rule::Rule;
use verdict::Verdict;

/// The row that an object permission is asked about.
pub(crate) type Row<'r> = &'r (dyn Any + Send + Sync);

/// A rule about who may use a viewset. Permissions combine: `a & b`, `a | b`, `!a`.
///
/// ```
/// use restkit::Permission;
/// use restkit::auth::models::group;
///
/// let permission = Permission::IsAuthenticated & Permission::model_permissions::<group::Entity>();
/// assert!(!permission.is_open());
/// ```
#[derive(Clone)]
pub enum Permission {
    /// Everybody.
    AllowAny,
    /// Every user who is logged in.
    IsAuthenticated,
    /// Staff.
    IsAdminUser,
    /// Everybody may read, whoever is logged in may write.
    IsAuthenticatedOrReadOnly,
    /// One of those that the functions below make.
    Rule(Rule),
}

impl Permission {
    /// Every user may read; POST needs the permission `app.add_model`, PUT and PATCH `app.change_model`,
    /// DELETE `app.delete_model`. DRF's `DjangoModelPermissions`.
    pub fn model_permissions<E: EntityTrait>() -> Self {
        Kind::Model(ModelPermissions::of::<E>(Anonymous::MayNot)).into()
    }

    /// As [`model_permissions`](Self::model_permissions), but everybody may read.
    pub fn model_permissions_or_anon_read_only<E: EntityTrait>() -> Self {
        Kind::Model(ModelPermissions::of::<E>(Anonymous::MayRead)).into()
    }

    /// Whomever a function permits the request: `Permission::custom(|ctx: &Context| ...)`.
    pub fn custom<F>(permits: F) -> Self
    where
        F: Fn(&Context) -> bool + Send + Sync + 'static,
    {
        Kind::custom(permits).into()
    }

    /// As [`custom`](Self::custom), for a function that has to wait, such as for the database:
    /// `Permission::custom_async(|ctx| async move { ctx.has_perm("api.archive_task").await })`.
    pub fn custom_async<F, A>(permits: F) -> Self
    where
        F: Fn(Context) -> A + Send + Sync + 'static,
        A: Future<Output = Result<bool>> + Send + 'static,
    {
        Kind::custom_async(permits).into()
    }

    /// Whomever a function permits one row. Where there is no row yet, in lists and on create, it
    /// permits: narrow a list by the viewset's `queryset`.
    pub fn object<M, F>(permits: F) -> Self
    where
        M: Any + Send + Sync,
        F: Fn(&Context, &M) -> bool + Send + Sync + 'static,
    {
        Kind::object(permits).into()
    }

    /// Says `message` with its 403, instead of the general words.
    pub fn message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Kind::Saying(self, message.into()).into()
    }

    /// Refuses a request that is not permitted, whatever the row.
    ///
    /// # Errors
    ///
    /// 401 if nobody is logged in, 403 if the user may not; or if the database fails.
    pub async fn check(&self, ctx: &Context) -> Result<()> {
        refuse(ctx, self.verdict(ctx, None).await?)
    }

    /// Refuses a request that is not permitted with this row, a model's.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub async fn check_object(&self, ctx: &Context, row: Row<'_>) -> Result<()> {
        if self.asks_for_rows() {
            refuse(ctx, self.verdict(ctx, Some(row)).await?)
        } else {
            Ok(())
        }
    }

    /// Returns whether a stranger may do everything.
    pub fn is_open(&self) -> bool {
        self.verdict_on_stranger(&Method::POST) == Verdict::Yes
    }

    /// Returns whether a stranger may use `method` at least for some rows, as far as is known: what a
    /// function of the project's own says is not known before it is asked.
    pub(crate) fn may_be_open_to(&self, method: &Method) -> bool {
        !matches!(self.verdict_on_stranger(method), Verdict::No(_))
    }

    fn verdict_on_stranger(&self, method: &Method) -> Verdict {
        match self {
            Self::Rule(rule) => rule.verdict_on_stranger(method),
            Self::AllowAny => Verdict::Yes,
            Self::IsAuthenticatedOrReadOnly => Verdict::of(is_safe(method)),
            Self::IsAuthenticated | Self::IsAdminUser => Verdict::No(None),
        }
    }

    fn asks_for_rows(&self) -> bool {
        matches!(self, Self::Rule(rule) if rule.asks_for_rows())
    }

    async fn verdict(&self, ctx: &Context, row: Option<Row<'_>>) -> Result<Verdict> {
        let user = ctx.user();
        Ok(Verdict::of(match self {
            Self::AllowAny => true,
            Self::IsAuthenticated => user.is_some(),
            Self::IsAdminUser => user.is_some_and(|user| user.is_staff),
            Self::IsAuthenticatedOrReadOnly => is_safe(&ctx.method) || user.is_some(),
            // Boxed, because rules hold permissions that hold rules.
            Self::Rule(rule) => return Box::pin(rule.verdict(ctx, row)).await,
        }))
    }
}

fn refuse(ctx: &Context, verdict: Verdict) -> Result<()> {
    match verdict {
        Verdict::Yes | Verdict::Undecided => Ok(()),
        Verdict::No(_) if ctx.user().is_none() => Err(ctx.not_authenticated()),
        Verdict::No(None) => Err(Error::permission_denied()),
        Verdict::No(Some(message)) => Err(Error::PermissionDenied(message.into_owned())),
    }
}

impl BitAnd for Permission {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Kind::And(self, other).into()
    }
}

impl BitOr for Permission {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Kind::Or(self, other).into()
    }
}

impl Not for Permission {
    type Output = Self;

    fn not(self) -> Self {
        Kind::Not(self).into()
    }
}

impl fmt::Display for Permission {
    /// As a viewset would say it: `IsAdminUser | is_owner`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllowAny => f.write_str("AllowAny"),
            Self::IsAuthenticated => f.write_str("IsAuthenticated"),
            Self::IsAdminUser => f.write_str("IsAdminUser"),
            Self::IsAuthenticatedOrReadOnly => f.write_str("IsAuthenticatedOrReadOnly"),
            Self::Rule(rule) => rule.fmt(f),
        }
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
