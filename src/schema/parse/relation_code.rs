//! Relations that are written as code: `impl RelationTrait for Relation`.

use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprMethodCall, ItemImpl};

use super::belongs_to::{BelongsTo, action_named};
use super::body::{arms, bare, last, path_of, returned};

const SUPPORTED: &str = "this relation cannot be read; supported: \
    `Entity::belongs_to(other::Entity).from(Column::OtherId).to(other::Column::Id)` with `on_delete` and \
    `on_update`, or `#[derive(DeriveRelation)]` with `#[sea_orm(belongs_to = \"...\", from = \"...\", to = \"...\")]`";

/// The keys in an implementation of `RelationTrait`.
pub(super) fn read(item: &ItemImpl) -> syn::Result<Vec<BelongsTo>> {
    let unread = |expression: &Expr| syn::Error::new(expression.span(), SUPPORTED);
    let Some(relations) = returned(item, "def")? else {
        return Err(syn::Error::new_spanned(&item.self_ty, SUPPORTED));
    };
    let mut keys = Vec::new();
    for arm in arms(relations)? {
        keys.extend(key(arm.value).ok_or_else(|| unread(arm.value))?);
    }
    Ok(keys)
}

/// The key that an expression makes: nothing inside if it makes none, nothing at all if it is unclear.
fn key(relation: &Expr) -> Option<Option<BelongsTo>> {
    let mut chain: Vec<&ExprMethodCall> = Vec::new();
    let mut start = bare(relation);
    while let Expr::MethodCall(call) = start {
        chain.push(call);
        start = bare(&call.receiver);
    }
    match start {
        // `panic!("No RelationDef")`, where there are no relations.
        Expr::Macro(_) if chain.is_empty() => Some(None),
        Expr::Call(call) => match last(path_of(&call.func)?)?.as_str() {
            "belongs_to" => belongs_to(call, &chain),
            "has_one" | "has_many" | "has_many_via" => Some(None),
            _ => None,
        },
        // The other side of a relation that the other entity has.
        Expr::Path(_) => {
            let is_reverse = chain.iter().any(|call| call.method == "rev");
            is_reverse.then_some(None)
        }
        _ => None,
    }
}

fn belongs_to(start: &ExprCall, chain: &[&ExprMethodCall]) -> Option<Option<BelongsTo>> {
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
            "on_delete" => key.on_delete = action_named(&variant(argument?)?)?,
            "on_update" => key.on_update = action_named(&variant(argument?)?)?,
            "skip_fk" => return Some(None),
            "into" | "fk_name" | "on_condition" | "condition_type" => {}
            _ => return None,
        }
    }
    (!key.from.is_empty() && !key.to.is_empty()).then_some(Some(key))
}

/// `Column::A`, or several in parentheses.
fn columns(argument: &Expr) -> Option<Vec<String>> {
    match bare(argument) {
        Expr::Tuple(tuple) => tuple.elems.iter().map(variant).collect(),
        one => Some(vec![variant(one)?]),
    }
}

fn variant(expression: &Expr) -> Option<String> {
    last(path_of(expression)?)
}
