//! Shared by the rules: a finding without its file, and the code that is looked through.

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, File, Item, Meta};

use super::{Finding, Level};

/// A finding in a file that the rule does not know.
pub(super) struct Found {
    line: usize,
    rule: &'static str,
    message: String,
    hint: &'static str,
    level: Level,
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
            level: Level::Warning,
        }
    }

    /// The same, as something that may well be meant.
    pub fn note(mut self) -> Self {
        self.level = Level::Note;
        self
    }

    /// The finding in its file.
    pub fn at(self, path: &str) -> Finding {
        Finding {
            path: path.to_owned(),
            line: self.line,
            rule: self.rule,
            message: self.message,
            hint: self.hint,
            level: self.level,
        }
    }
}

/// Takes out what is only for tests.
pub(super) fn remove_tests(file: &mut File) {
    remove_from(&mut file.items);
}

fn remove_from(items: &mut Vec<Item>) {
    items.retain(|item| !is_test(attributes(item)));
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &mut module.content
        {
            remove_from(items);
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string().contains("test"),
        meta => {
            let last = meta.path().segments.last();
            last.is_some_and(|last| last.ident == "test")
        }
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        _ => &[],
    }
}

/// Asks `rule` of every expression in a file.
pub(super) fn find_in_expressions(file: &File, rule: fn(&Expr) -> Option<Found>) -> Vec<Found> {
    let mut finder = Expressions {
        rule,
        found: Vec::new(),
    };
    finder.visit_file(file);
    finder.found
}

struct Expressions {
    rule: fn(&Expr) -> Option<Found>,
    found: Vec<Found>,
}

impl<'ast> Visit<'ast> for Expressions {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.found.extend((self.rule)(expression));
        visit::visit_expr(self, expression);
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

/// Returns whether an argument is a way to the database: `ctx.db()`, `site.db()`, `db`, `&transaction`.
pub(super) fn is_database(argument: &Expr) -> bool {
    match argument {
        Expr::Reference(reference) => is_database(&reference.expr),
        Expr::MethodCall(call) => call.method == "db" || call.method == "connection",
        Expr::Path(path) => path.path.get_ident().is_some_and(|name| {
            ["db", "transaction", "connection", "tx"]
                .iter()
                .any(|it| name == it)
        }),
        _ => false,
    }
}
