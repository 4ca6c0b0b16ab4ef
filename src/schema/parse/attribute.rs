//! The words inside `#[sea_orm(...)]`.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprUnary, Lit, LitStr, Meta, Token, UnOp};

/// One word, such as `unique`, with its value if it has one.
pub(super) struct Word {
    pub name: String,
    pub span: Span,
    value: Option<Expr>,
}

/// All words of the `sea_orm` attributes among `attrs`.
pub(super) fn words(attrs: &[Attribute]) -> syn::Result<Vec<Word>> {
    refuse_conditions(attrs)?;
    let mut words: Vec<Word> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("sea_orm")) {
        let metas = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
        for meta in metas {
            let path = meta.path();
            let span = path
                .segments
                .first()
                .map_or_else(Span::call_site, |segment| segment.ident.span());
            let name = path
                .get_ident()
                .map(ToString::to_string)
                .unwrap_or_default();
            let value = match meta {
                Meta::NameValue(pair) => Some(pair.value),
                _ => None,
            };
            let word = Word { name, span, value };
            if words.iter().any(|it| it.name == word.name) && !REPEATABLE.contains(&&*word.name) {
                return Err(word.error(format!("`{}` is written twice", word.name)));
            }
            words.push(word);
        }
    }
    Ok(words)
}

/// Words that may stand more than once.
const REPEATABLE: [&str; 4] = [
    "index_key",
    "model_attrs",
    "model_ex_attrs",
    "active_model_attrs",
];

/// What depends on how the program is compiled cannot be read from its source.
fn refuse_conditions(attrs: &[Attribute]) -> syn::Result<()> {
    let tells_seaorm = |attr: &&Attribute| match &attr.meta {
        Meta::List(list) => list.tokens.to_string().contains("sea_orm"),
        _ => false,
    };
    let conditional = attrs.iter().find(|attr| {
        attr.path().is_ident("cfg") && !is_test(std::slice::from_ref(attr))
            || attr.path().is_ident("cfg_attr") && tells_seaorm(attr)
    });
    match conditional {
        None => Ok(()),
        Some(attr) => Err(syn::Error::new_spanned(
            attr.path(),
            "what a table has cannot depend on how the program is compiled: \
             write this without `cfg`, or keep it out of the entity with #[sea_orm(ignore)]",
        )),
    }
}

/// Refuses the words that are not in one of `known`.
pub(super) fn check(words: &[Word], what: &str, known: &[&str]) -> syn::Result<()> {
    let unknown = words
        .iter()
        .find(|word| !known.contains(&word.name.as_str()));
    match unknown {
        None => Ok(()),
        Some(word) => Err(word.error(format!(
            "unknown attribute `{}` of {what}; supported: {}",
            word.name,
            known.join(", ")
        ))),
    }
}

impl Word {
    /// An error about this word.
    pub fn error(&self, message: impl std::fmt::Display) -> syn::Error {
        syn::Error::new(self.span, message)
    }

    /// The value, which must be a string.
    pub fn string(&self) -> syn::Result<LitStr> {
        match &self.value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Ok(text.clone()),
            _ => Err(self.error(format!("write {} = \"...\"", self.name))),
        }
    }

    /// The value, which must be `true` or `false`.
    pub fn boolean(&self) -> syn::Result<bool> {
        match self.literal() {
            Some((Lit::Bool(value), false)) => Ok(value.value()),
            _ => Err(self.error(format!("write {0} = true or {0} = false", self.name))),
        }
    }

    /// The value, if it is a literal, and whether there is a minus before it.
    pub fn literal(&self) -> Option<(&Lit, bool)> {
        match &self.value {
            Some(Expr::Lit(literal)) => Some((&literal.lit, false)),
            Some(Expr::Unary(ExprUnary {
                op: UnOp::Neg(_),
                expr,
                ..
            })) => match &**expr {
                Expr::Lit(literal) => Some((&literal.lit, true)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Finds the word `name`.
pub(super) fn find<'a>(words: &'a [Word], name: &str) -> Option<&'a Word> {
    words.iter().find(|word| word.name == name)
}

/// The string that the word `name` is set to, if it is there.
pub(super) fn find_string(words: &[Word], name: &str) -> syn::Result<Option<LitStr>> {
    find(words, name).map(Word::string).transpose()
}

/// Whether `name` is among the derived traits.
pub(super) fn derives(attrs: &[Attribute], name: &str) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("derive"))
        .filter_map(|attr| {
            attr.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
        .any(|path| path.segments.last().is_some_and(|last| last.ident == name))
}

/// Whether the item is compiled for tests alone.
pub(super) fn is_test(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .any(|attr| matches!(attr.parse_args::<syn::Path>(), Ok(path) if path.is_ident("test")))
}
