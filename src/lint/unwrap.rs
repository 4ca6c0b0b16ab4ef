//! `unwrap` where a request is answered.

use syn::visit::{self, Visit};

use super::visit::{Found, attributes, is_test};

const HINT: &str = "use `?`, or answer in words: .ok_or_else(Error::not_found)?";

pub(super) fn find(file: &syn::File) -> Vec<Found> {
    let mut finder = Finder::default();
    finder.visit_file(file);
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Found>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        if (name == "unwrap" && call.args.is_empty()) || (name == "expect" && call.args.len() == 1)
        {
            let message = format!("`{name}` answers 500 and tells the client nothing");
            self.found
                .push(Found::new(call.method.span(), "unwrap", message, HINT));
        }
        visit::visit_expr_method_call(self, call);
    }
}
