//! Relations that are written as code: `impl RelationTrait for Relation`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, ItemImpl, Path};

use super::relation::{BelongsTo, action_named};
use super::walk::plain;

const SUPPORTED: &str = "this relation cannot be read; supported: \
    `Entity::belongs_to(other::Entity).from(Column::OtherId).to(other::Column::Id)` with `on_delete` and \
    `on_update`, or `#[derive(DeriveRelation)]` with `#[sea_orm(belongs_to = \"...\", from = \"...\", to = \"...\")]`";

/// The keys in an implementation of `RelationTrait`; other implementations have none.
pub(super) fn read(item: &ItemImpl) -> syn::Result<Vec<BelongsTo>> {
    let implemented = item.trait_.as_ref();
    let last = implemented.and_then(|implemented| implemented.0.segments.last());
    if last.is_none_or(|last| last.ident != "RelationTrait") {
        return Ok(Vec::new());
    }
    let mut finder = Finder::default();
    finder.visit_item_impl(item);
    match finder.unread {
        None => Ok(finder.keys),
        Some(span) => Err(syn::Error::new(span, SUPPORTED)),
    }
}

/// Finds the chains of calls that begin with `belongs_to`.
#[derive(Default)]
struct Finder {
    keys: Vec<BelongsTo>,
    unread: Option<Span>,
}

impl Visit<'_> for Finder {
    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        let mut chain = Vec::new();
        let mut start = call;
        chain.push(start);
        while let Expr::MethodCall(earlier) = &*start.receiver {
            start = earlier;
            chain.push(start);
        }
        match &*start.receiver {
            Expr::Call(call) if is_belongs_to(call) => match key(call, &chain) {
                Some(Some(key)) => self.keys.push(key),
                Some(None) => {}
                None => self.unread = Some(call.func.span()),
            },
            _ => visit::visit_expr_method_call(self, call),
        }
    }

    fn visit_path(&mut self, path: &Path) {
        if path
            .segments
            .last()
            .is_some_and(|it| it.ident == "belongs_to")
        {
            self.unread = Some(path.span());
        }
        visit::visit_path(self, path);
    }
}

fn is_belongs_to(call: &ExprCall) -> bool {
    path_of(&call.func)
        .and_then(|path| path.segments.last())
        .is_some_and(|last| last.ident == "belongs_to")
}

/// The key that a chain makes: nothing inside if it says `skip_fk`, nothing at all if it is unclear.
fn key(start: &ExprCall, chain: &[&ExprMethodCall]) -> Option<Option<BelongsTo>> {
    let mut key = BelongsTo {
        target: path_of(start.args.first()?)?.clone(),
        from: Vec::new(),
        to: Vec::new(),
        on_delete: Default::default(),
        on_update: Default::default(),
        span: start.func.span(),
    };
    for call in chain {
        let argument = call.args.first();
        match call.method.to_string().as_str() {
            "from" => key.from = columns(argument?)?,
            "to" => key.to = columns(argument?)?,
            "on_delete" => key.on_delete = action_named(&last(argument?)?)?,
            "on_update" => key.on_update = action_named(&last(argument?)?)?,
            "skip_fk" => return Some(None),
            "into" | "fk_name" | "on_condition" | "condition_type" => {}
            _ => return None,
        }
    }
    (!key.from.is_empty() && !key.to.is_empty()).then_some(Some(key))
}

/// `Column::A`, or several in parentheses, as fields.
fn columns(argument: &Expr) -> Option<Vec<String>> {
    use heck::ToSnakeCase;
    let field = |expression: &Expr| Some(last(expression)?.to_snake_case());
    match argument {
        Expr::Tuple(tuple) => tuple.elems.iter().map(field).collect(),
        one => Some(vec![field(one)?]),
    }
}

fn last(expression: &Expr) -> Option<String> {
    Some(plain(&path_of(expression)?.segments.last()?.ident))
}

fn path_of(expression: &Expr) -> Option<&Path> {
    match expression {
        Expr::Path(path) => Some(&path.path),
        _ => None,
    }
}
