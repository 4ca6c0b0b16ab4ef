//! A list that is answered whole.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::visit::{Found, attributes, is_test};

const MESSAGE: &str = "a list without pages: each answer is as long as the table";

const HINT: &str =
    "leave `pagination` out for pages by number, or Pagination::cursor([(Column::Id, Order::Asc)])";

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

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let mut names = path
                .path
                .segments
                .iter()
                .rev()
                .map(|segment| &segment.ident);
            let is_none = names.next().is_some_and(|name| name == "none");
            if is_none && names.next().is_some_and(|name| name == "Pagination") {
                self.found
                    .push(Found::new(call.span(), "unlimited-list", MESSAGE, HINT));
            }
        }
        visit::visit_expr_call(self, call);
    }
}
