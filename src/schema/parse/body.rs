//! Functions of a trait that return data: what they return, without running them.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Block, Expr, ExprLit, ImplItem, ItemImpl, Lit, Pat, Path, Stmt};

use super::attribute::refuse_conditions;

/// One line of a `match`: the variants that it is for, none of them for `_`, and what it gives.
pub(super) struct Arm<'a> {
    pub variants: Vec<String>,
    pub value: &'a Expr,
}

impl Arm<'_> {
    /// Returns whether it is for `variant`; the first one that says yes is the one that counts.
    pub fn is_for(&self, variant: &str) -> bool {
        self.variants.is_empty() || self.variants.iter().any(|it| it == variant)
    }
}

/// Returns the result of the function `name` of `item`; nothing if `item` has no such function.
///
/// # Errors
///
/// If the function does more than to return one expression.
pub(super) fn returned<'a>(item: &'a ItemImpl, name: &str) -> syn::Result<Option<&'a Expr>> {
    let function = item.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    let Some(function) = function else {
        return Ok(None);
    };
    only_expression(&function.block).map(Some).ok_or_else(|| {
        let message = format!("`{name}` cannot be read: write the one expression that it returns");
        syn::Error::new(function.sig.ident.span(), message)
    })
}

fn only_expression(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(Expr::Return(it), _)] => it.expr.as_deref().map(bare),
        [Stmt::Expr(expression, None)] => Some(bare(expression)),
        _ => None,
    }
}

/// An expression without the parentheses, braces and `&` around it.
pub(super) fn bare(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(inner) => bare(&inner.expr),
        Expr::Group(inner) => bare(&inner.expr),
        Expr::Reference(inner) => bare(&inner.expr),
        Expr::Block(inner) if inner.label.is_none() => {
            only_expression(&inner.block).unwrap_or(expression)
        }
        other => other,
    }
}

/// The lines of `match self { ... }`; an expression that is not a `match` holds for all variants.
///
/// # Errors
///
/// If it matches something else than `self`, or if a pattern is more than a variant's name.
pub(super) fn arms(expression: &Expr) -> syn::Result<Vec<Arm<'_>>> {
    let Expr::Match(matched) = expression else {
        return Ok(vec![Arm {
            variants: Vec::new(),
            value: expression,
        }]);
    };
    if !is_self(&matched.expr) {
        return Err(unread(matched.expr.span(), "match self"));
    }
    let arms = matched.arms.iter().map(|arm| {
        refuse_conditions(&arm.attrs)?;
        Ok(Arm {
            variants: variants(&arm.pat)?,
            value: bare(&arm.body),
        })
    });
    arms.collect()
}

fn unread(span: Span, supported: &str) -> syn::Error {
    syn::Error::new(
        span,
        format!("this `match` cannot be read; supported: {supported}"),
    )
}

fn is_self(expression: &Expr) -> bool {
    match bare(expression) {
        Expr::Path(path) => path.path.is_ident("self"),
        Expr::Unary(unary) => is_self(&unary.expr),
        _ => false,
    }
}

/// The variants that a pattern names: none for `_`.
fn variants(pattern: &Pat) -> syn::Result<Vec<String>> {
    match pattern {
        Pat::Wild(_) => Ok(Vec::new()),
        Pat::Or(any) => {
            let all: Vec<_> = any.cases.iter().map(variants).collect::<syn::Result<_>>()?;
            if all.iter().any(Vec::is_empty) {
                Ok(Vec::new())
            } else {
                Ok(all.concat())
            }
        }
        Pat::Path(path) => Ok(last(&path.path).into_iter().collect()),
        Pat::Ident(name) if name.subpat.is_none() => {
            let name = plain(&name.ident);
            let is_variant = name.starts_with(char::is_uppercase);
            Ok(is_variant.then_some(name).into_iter().collect())
        }
        Pat::Paren(inner) => variants(&inner.pat),
        Pat::Reference(inner) => variants(&inner.pat),
        other => Err(unread(other.span(), "Self::Variant and _")),
    }
}

/// The last name of `path`.
pub(super) fn last(path: &Path) -> Option<String> {
    path.segments.last().map(|segment| plain(&segment.ident))
}

/// The path that an expression is.
pub(super) fn path_of(expression: &Expr) -> Option<&Path> {
    match bare(expression) {
        Expr::Path(path) => Some(&path.path),
        _ => None,
    }
}

/// The text that an expression is, with or without a conversion such as `.into()` around it.
pub(super) fn string(expression: &Expr) -> Option<String> {
    match converted(expression) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        Expr::Call(call) if call.args.len() == 1 => match last(path_of(&call.func)?)?.as_str() {
            "new" | "from" => string(call.args.first()?),
            _ => None,
        },
        _ => None,
    }
}

/// An expression without the calls behind it that leave its value as it is.
pub(super) fn converted(expression: &Expr) -> &Expr {
    const CONVERSIONS: [&str; 5] = ["into", "to_owned", "to_string", "clone", "into_iden"];
    match bare(expression) {
        Expr::MethodCall(call)
            if call.args.is_empty() && CONVERSIONS.iter().any(|name| call.method == name) =>
        {
            converted(&call.receiver)
        }
        other => other,
    }
}

/// A piece of source as it is written.
pub(super) fn written(piece: &impl Spanned) -> String {
    piece.span().source_text().unwrap_or_default()
}

/// The names of a path, without `r#`.
pub(super) fn names(path: &Path) -> Vec<String> {
    path.segments
        .iter()
        .map(|segment| plain(&segment.ident))
        .collect()
}

/// An identifier without `r#`.
pub(super) fn plain(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_owned()
}
