//! What the rules share: a finding without its file, and code that is only for tests.

use proc_macro2::Span;
use syn::{Attribute, Meta};

use super::{Finding, Level};

/// A finding in a file that the rule does not know.
pub(super) struct Found {
    line: usize,
    rule: &'static str,
    message: String,
    hint: &'static str,
}

impl Found {
    pub fn new(
        span: Span,
        rule: &'static str,
        message: impl Into<String>,
        hint: &'static str,
    ) -> Self {
        Self {
            line: span.start().line,
            rule,
            message: message.into(),
            hint,
        }
    }

    /// The finding in its file.
    pub fn at(self, path: &str) -> Finding {
        Finding {
            path: path.to_owned(),
            line: self.line,
            rule: self.rule,
            message: self.message,
            hint: self.hint,
            level: Level::Warning,
        }
    }
}

/// Returns whether an item is only there for tests.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string().contains("test"),
        meta => meta
            .path()
            .segments
            .last()
            .is_some_and(|last| last.ident == "test"),
    })
}

/// The attributes of an item.
pub(super) fn attributes(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns whether an item derives this trait.
pub(super) fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else {
            return false;
        };
        let words = list.tokens.to_string();
        let mut words = words.split([',', ' ', ':']);
        list.path.is_ident("derive") && words.any(|word| word == name)
    })
}
