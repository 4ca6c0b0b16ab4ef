//! A secret that is in the source, and so in every copy of it.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Lit};

use super::visit::Found;

const NAMES: [&str; 4] = ["secret", "password", "api_key", "private_key"];

/// A shorter text is a name of something.
const MIN_LENGTH: usize = 8;

const HINT: &str = "put it into `.env`, which git does not see, and read it by std::env::var; then make a new one, since this one is known";

pub(super) fn find(file: &syn::File) -> Vec<Found> {
    let mut finder = Finder::default();
    finder.visit_file(file);
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Found>,
}

impl Finder {
    fn check(&mut self, name: &str, value: &Expr) {
        let lower = name.to_lowercase();
        let is_secret = NAMES.iter().any(|word| lower.contains(word));
        let is_text =
            text_of(value).is_some_and(|text| text.len() >= MIN_LENGTH && !text.contains(' '));
        if is_secret && is_text {
            let message = format!("`{name}` is in the source, and in every copy of it");
            self.found
                .push(Found::new(value.span(), "secret-in-source", message, HINT));
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.check(&item.ident.to_string(), &item.expr);
        visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.check(&item.ident.to_string(), &item.expr);
        visit::visit_item_static(self, item);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if let syn::Member::Named(name) = &field.member {
            self.check(&name.to_string(), &field.expr);
        }
        visit::visit_field_value(self, field);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let (syn::Pat::Ident(name), Some(value)) = (&local.pat, &local.init) {
            self.check(&name.ident.to_string(), &value.expr);
        }
        visit::visit_local(self, local);
    }
}

/// The text that an expression is, also as `"..".to_owned()`.
fn text_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        Expr::MethodCall(call)
            if ["to_owned", "to_string", "into"]
                .iter()
                .any(|it| call.method == it) =>
        {
            text_of(&call.receiver)
        }
        Expr::Call(call) if call.args.len() == 1 => text_of(call.args.first()?),
        _ => None,
    }
}
