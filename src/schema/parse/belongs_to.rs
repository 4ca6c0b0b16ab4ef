//! A foreign key as the source says it.

use proc_macro2::Span;
use syn::Path;

use crate::schema::Action;

/// A key of another table, by the names in Rust.
#[derive(Clone)]
pub(super) struct BelongsTo {
    pub target: Path,
    /// Fields, or variants of `Column`.
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub on_delete: Action,
    pub on_update: Action,
    pub span: Span,
}

/// The action that SeaORM calls `name`, for example `SetNull`.
pub(super) fn action_named(name: &str) -> Option<Action> {
    let is_named = |action: &Action| action.sql().replace(' ', "").eq_ignore_ascii_case(name);
    Action::ALL.into_iter().find(is_named)
}
