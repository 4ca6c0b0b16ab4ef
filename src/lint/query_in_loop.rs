//! A query for each row of a list: quick with ten rows, and a hundred ways to the database with a hundred.

use syn::visit::{self, Visit};

use super::visit::{Found, is_database};

/// Methods of SeaORM that read.
const READS: [&str; 6] = ["one", "all", "count", "load_one", "load_many", "fetch_page"];

const MESSAGE: &str = "a query in a loop: as many ways to the database as there are rows";

const HINT: &str =
    "ask once for all of them: a filter by is_in(keys), or load_one and load_many of SeaORM";

pub(super) fn find(file: &syn::File) -> Vec<Found> {
    let mut finder = Finder::default();
    finder.visit_file(file);
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Found>,
    depth: usize,
}

impl Finder {
    fn within(&mut self, visit: impl FnOnce(&mut Self)) {
        self.depth += 1;
        visit(self);
        self.depth -= 1;
    }
}

impl<'ast> Visit<'ast> for Finder {
    /// A query before the loop, for what it goes over, is made once.
    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.visit_expr(&node.expr);
        self.within(|finder| finder.visit_block(&node.body));
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.within(|finder| visit::visit_expr_while(finder, node));
    }

    fn visit_expr_await(&mut self, node: &'ast syn::ExprAwait) {
        if self.depth > 0
            && let syn::Expr::MethodCall(call) = &*node.base
            && READS.contains(&call.method.to_string().as_str())
            && call.args.iter().any(is_database)
        {
            self.found.push(Found::new(
                call.method.span(),
                "query-in-loop",
                MESSAGE,
                HINT,
            ));
        }
        visit::visit_expr_await(self, node);
    }
}
