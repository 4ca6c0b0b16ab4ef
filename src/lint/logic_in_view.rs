//! A view that changes rows by itself: a rule that only HTTP can use.

use syn::visit::{self, Visit};
use syn::{FnArg, Item, ItemFn, Type};

use super::visit::{Found, is_database};

/// Methods of SeaORM that write.
const WRITES: [&str; 6] = ["insert", "update", "delete", "save", "exec", "execute"];

const HINT: &str = "move it into a function of services.rs that takes the database and data: then a test, a command and the admin site can use it, too";

/// Looks at the functions of a `views.rs` that take a `Context`. What a viewset does around its own six actions is there for
/// that, so its methods pass.
pub(super) fn find(file: &syn::File, path: &str) -> Vec<Found> {
    let is_view = path.ends_with("views.rs") || path.contains("/views/");
    let functions = file.items.iter().filter_map(|item| match item {
        Item::Fn(function) if is_view && takes_context(function) => Some(function),
        _ => None,
    });
    functions.filter_map(check).collect()
}

fn takes_context(function: &ItemFn) -> bool {
    function.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(input) => is_context(&input.ty),
        FnArg::Receiver(_) => false,
    })
}

fn is_context(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_context(&reference.elem),
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "Context")
        }
        _ => false,
    }
}

fn check(function: &ItemFn) -> Option<Found> {
    let mut writes = Writes::default();
    writes.visit_block(&function.block);
    let name = &function.sig.ident;
    let message =
        format!("the view `{name}` changes rows itself: nobody without a request can do so");
    writes
        .has_any
        .then(|| Found::new(name.span(), "logic-in-view", message, HINT).note())
}

#[derive(Default)]
struct Writes {
    has_any: bool,
}

impl<'ast> Visit<'ast> for Writes {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        self.has_any |= WRITES.contains(&name.as_str()) && call.args.iter().any(is_database);
        visit::visit_expr_method_call(self, call);
    }
}
