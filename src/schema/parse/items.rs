//! The items of the source that models need, as plain data.

use std::collections::HashMap;

use syn::{Expr, Ident, ItemEnum, ItemImpl, ItemStruct, Type};

use super::Source;
use crate::schema::ColumnType;

/// The items of all files together.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub entities: Vec<RawEntity<'a>>,
    /// By the module that they are in.
    pub items: HashMap<Vec<String>, Items<'a>>,
    /// Types that fields can have, by name.
    pub own_types: HashMap<String, Vec<OwnType<'a>>>,
    /// Imported names by module: what each one stands for.
    pub imports: HashMap<Vec<String>, HashMap<String, Vec<String>>>,
    /// The modules of which a module imports all names.
    pub globs: HashMap<Vec<String>, Vec<Vec<String>>>,
}

/// The items of a module.
#[derive(Default)]
pub(super) struct Items<'a> {
    pub structs: Vec<&'a ItemStruct>,
    pub enums: Vec<&'a ItemEnum>,
    pub impls: Vec<&'a ItemImpl>,
}

/// An entity before its fields are read.
pub(super) struct RawEntity<'a> {
    pub source: &'a Source,
    pub module: Vec<String>,
    pub item: &'a ItemStruct,
    pub form: Form,
}

/// The way that an entity is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `#[derive(DeriveEntityModel)]` on the model: its fields say all.
    Compact,
    /// `#[derive(DeriveEntity)]` on the entity: its columns and its key are enums.
    Expanded,
}

impl<'a> Items<'a> {
    /// The struct `name`.
    pub fn structure(&self, name: &str) -> Option<&'a ItemStruct> {
        self.structs.iter().copied().find(|it| it.ident == name)
    }

    /// The enum `name`.
    pub fn enumeration(&self, name: &str) -> Option<&'a ItemEnum> {
        self.enums.iter().copied().find(|it| it.ident == name)
    }

    /// How the type `name` implements `implemented`.
    pub fn implementation(&self, implemented: &str, name: &str) -> Option<&'a ItemImpl> {
        self.impls.iter().copied().find(|item| {
            implements(item, implemented) && implementor(item).is_some_and(|it| it == name)
        })
    }
}

/// A type that a field can have.
pub(super) struct OwnType<'a> {
    pub module: Vec<String>,
    pub is: Definition<'a>,
    /// The stored value of each variant of an enum; nothing for other types.
    pub choices: Vec<String>,
}

/// The definition of a type of the user's own.
pub(super) enum Definition<'a> {
    Kept(ColumnType),
    /// As another type is: an alias or a wrapper.
    As(&'a Type),
    /// As `ValueType::column_type` or `ActiveEnum::db_type`, written by hand, says.
    Says(&'a Expr),
}

/// Returns whether `item` implements the trait `name`.
pub(super) fn implements(item: &ItemImpl, name: &str) -> bool {
    let last = item.trait_.as_ref().and_then(|it| it.0.segments.last());
    last.is_some_and(|last| last.ident == name)
}

/// The type that `item` is about.
pub(super) fn implementor(item: &ItemImpl) -> Option<&Ident> {
    match &*item.self_ty {
        Type::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    }
}
