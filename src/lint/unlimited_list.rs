//! A list that is answered whole.

use syn::Expr;
use syn::spanned::Spanned;

use super::visit::{Found, find_in_expressions};

const MESSAGE: &str = "a list without pages: each answer is as long as the table";

const HINT: &str =
    "leave `pagination` out for pages by number, or Pagination::cursor([(Column::Id, Order::Asc)])";

pub(super) fn find(file: &syn::File) -> Vec<Found> {
    find_in_expressions(file, check)
}

fn check(expression: &Expr) -> Option<Found> {
    let Expr::Call(call) = expression else {
        return None;
    };
    let Expr::Path(path) = &*call.func else {
        return None;
    };
    let names = path
        .path
        .segments
        .iter()
        .rev()
        .map(|segment| &segment.ident);
    let is_meant = names.take(2).eq(["none", "Pagination"]);
    is_meant.then(|| Found::new(call.span(), "unlimited-list", MESSAGE, HINT))
}
