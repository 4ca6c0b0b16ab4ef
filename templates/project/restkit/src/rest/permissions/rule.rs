//! Permissions that are made: by functions, by a model's names, and of other permissions.

use std::any::{Any, type_name};
use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::anyhow;
use axum::http::Method;

use super::model::ModelPermissions;
use super::verdict::Verdict;
use super::{Permission, Row};
use crate::{Context, Result};

type Answer = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;
type Asked = dyn Fn(&Context) -> Answer + Send + Sync;
type AskedOfRow = dyn Fn(&Context, Row<'_>) -> Result<bool> + Send + Sync;

/// A permission that one of [`Permission`]'s functions has made.
#[derive(Clone)]
pub struct Rule(Arc<Kind>);

pub(super) enum Kind {
    Model(ModelPermissions),
    /// A function and its name.
    Custom(&'static str, Box<Asked>),
    Object(&'static str, Box<AskedOfRow>),
    And(Permission, Permission),
    Or(Permission, Permission),
    Not(Permission),
    Saying(Permission, Cow<'static, str>),
}

impl From<Kind> for Permission {
    fn from(kind: Kind) -> Self {
        Self::Rule(Rule(Arc::new(kind)))
    }
}

impl Kind {
    pub(super) fn custom<F>(permits: F) -> Self
    where
        F: Fn(&Context) -> bool + Send + Sync + 'static,
    {
        let asked = move |ctx: &Context| -> Answer {
            let permitted = permits(ctx);
            Box::pin(std::future::ready(Ok(permitted)))
        };
        Self::Custom(name_of::<F>(), Box::new(asked))
    }

    pub(super) fn custom_async<F, A>(permits: F) -> Self
    where
        F: Fn(Context) -> A + Send + Sync + 'static,
        A: Future<Output = Result<bool>> + Send + 'static,
    {
        let asked = move |ctx: &Context| -> Answer { Box::pin(permits(ctx.clone())) };
        Self::Custom(name_of::<F>(), Box::new(asked))
    }

    pub(super) fn object<M, F>(permits: F) -> Self
    where
        M: Any + Send + Sync,
        F: Fn(&Context, &M) -> bool + Send + Sync + 'static,
    {
        let asked = move |ctx: &Context, row: Row<'_>| {
            match row.downcast_ref::<M>() {
            Some(row) => Ok(permits(ctx, row)),
            None => Err(anyhow!(
                "an object permission for `{}` was asked about a row of another type; name the viewset's own model in it",
                type_name::<M>()
            )
            .into()),
        }
        };
        Self::Object(name_of::<F>(), Box::new(asked))
    }
}

impl Rule {
    pub(super) async fn verdict(&self, ctx: &Context, row: Option<Row<'_>>) -> Result<Verdict> {
        Ok(match &*self.0 {
            Kind::Model(permissions) => Verdict::of(permissions.permit(ctx).await?),
            Kind::Custom(_, permits) => Verdict::of(permits(ctx).await?),
            Kind::Object(_, permits) => match row {
                Some(row) => Verdict::of(permits(ctx, row)?),
                None => Verdict::Undecided,
            },
            Kind::And(first, second) => match first.verdict(ctx, row).await? {
                no @ Verdict::No(_) => no,
                first => first.and(second.verdict(ctx, row).await?),
            },
            Kind::Or(first, second) => match first.verdict(ctx, row).await? {
                Verdict::Yes => Verdict::Yes,
                first => first.or(second.verdict(ctx, row).await?),
            },
            Kind::Not(other) => !other.verdict(ctx, row).await?,
            Kind::Saying(other, message) => other.verdict(ctx, row).await?.saying(message.clone()),
        })
    }

    pub(super) fn asks_for_rows(&self) -> bool {
        match &*self.0 {
            Kind::Model(_) | Kind::Custom(..) => false,
            Kind::Object(..) => true,
            Kind::And(a, b) | Kind::Or(a, b) => a.asks_for_rows() || b.asks_for_rows(),
            Kind::Not(part) | Kind::Saying(part, _) => part.asks_for_rows(),
        }
    }

    /// Tells what is known of a stranger's request before it comes.
    pub(super) fn verdict_on_stranger(&self, method: &Method) -> Verdict {
        match &*self.0 {
            Kind::And(a, b) => a
                .verdict_on_stranger(method)
                .and(b.verdict_on_stranger(method)),
            Kind::Or(a, b) => a
                .verdict_on_stranger(method)
                .or(b.verdict_on_stranger(method)),
            Kind::Not(part) => !part.verdict_on_stranger(method),
            Kind::Saying(part, _) => part.verdict_on_stranger(method),
            Kind::Model(permissions) => Verdict::of(permissions.is_open_to(method)),
            Kind::Custom(..) | Kind::Object(..) => Verdict::Undecided,
        }
    }

    fn is_compound(&self) -> bool {
        match &*self.0 {
            Kind::And(..) | Kind::Or(..) => true,
            Kind::Saying(part, _) => is_compound(part),
            _ => false,
        }
    }
}

fn is_compound(part: &Permission) -> bool {
    matches!(part, Permission::Rule(rule) if rule.is_compound())
}

/// `is_owner` for that function; a closure is named by its place.
fn name_of<F>() -> &'static str {
    let path = type_name::<F>().trim_end_matches("::{{closure}}");
    let mut words = path.rsplit("::");
    match words.next() {
        Some("permission") if path.len() < type_name::<F>().len() => "custom",
        Some(name) => name,
        None => "custom",
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |f: &mut fmt::Formatter<'_>, part: &Permission| {
            if is_compound(part) {
                write!(f, "({part})")
            } else {
                write!(f, "{part}")
            }
        };
        match &*self.0 {
            Kind::Model(permissions) => permissions.fmt(f),
            Kind::Custom(name, _) | Kind::Object(name, _) => f.write_str(name),
            Kind::And(a, b) | Kind::Or(a, b) => {
                part(f, a)?;
                f.write_str(match *self.0 {
                    Kind::And(..) => " & ",
                    _ => " | ",
                })?;
                part(f, b)
            }
            Kind::Not(other) => {
                f.write_str("!")?;
                part(f, other)
            }
            Kind::Saying(other, _) => other.fmt(f),
        }
    }
}
