//! `unwrap` where a request is answered.

use syn::Expr;

use super::visit::{Found, find_in_expressions};

const HINT: &str = "use `?`, or answer in words: .ok_or_else(Error::not_found)?";

pub(super) fn find(file: &syn::File) -> Vec<Found> {
    find_in_expressions(file, check)
}

fn check(expression: &Expr) -> Option<Found> {
    let Expr::MethodCall(call) = expression else {
        return None;
    };
    let name = call.method.to_string();
    let is_meant = matches!(
        (name.as_str(), call.args.len()),
        ("unwrap", 0) | ("expect", 1)
    );
    let message = format!("`{name}` answers 500 and tells the client nothing");
    is_meant.then(|| Found::new(call.method.span(), "unwrap", message, HINT))
}
