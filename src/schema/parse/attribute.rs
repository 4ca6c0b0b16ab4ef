//! The words inside `#[sea_orm(...)]`.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue, Token};

/// One word, such as `unique`, with its value if it has one.
pub(super) struct Word {
    pub name: String,
    pub span: Span,
    pub value: Option<Expr>,
    /// The number of its attribute among those of `sea_orm`, from 0.
    pub attribute: usize,
}

/// The schema that PostgreSQL puts tables into if nobody says.
pub(super) const DEFAULT_SCHEMA: &str = "public";

/// All words of the `sea_orm` attributes among `attrs`.
pub(super) fn words(attrs: &[Attribute]) -> syn::Result<Vec<Word>> {
    refuse_conditions(attrs)?;
    let mut words: Vec<Word> = Vec::new();
    let attributes = attrs.iter().filter(|attr| attr.path().is_ident("sea_orm"));
    for (attribute, attr) in attributes.enumerate() {
        for meta in attr.parse_args_with(metas)? {
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
            let word = Word {
                name,
                span,
                value,
                attribute,
            };
            if words.iter().any(|it| it.name == word.name) && !REPEATABLE.contains(&&*word.name) {
                return Err(word.error(format!("`{}` is written twice", word.name)));
            }
            words.push(word);
        }
    }
    Ok(words)
}

/// The words of an attribute; SeaORM takes some without commas between them.
fn metas(input: ParseStream<'_>) -> syn::Result<Vec<Meta>> {
    let mut metas = Vec::new();
    while !input.is_empty() {
        metas.push(input.parse()?);
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(metas)
}

/// Words that may occur more than once.
const REPEATABLE: [&str; 6] = [
    "index_key",
    "index",
    "unique_index",
    "model_attrs",
    "model_ex_attrs",
    "active_model_attrs",
];

/// Rejects `cfg`: code that depends on how it is compiled cannot be read from its source.
pub(super) fn refuse_conditions(attrs: &[Attribute]) -> syn::Result<()> {
    let conditional = attrs.iter().find(|attr| {
        attr.path().is_ident("cfg") && !is_test(std::slice::from_ref(attr))
            || adds(attr, "sea_orm") && !adds_default_schema(attr)
    });
    conditional.map_or(Ok(()), |attr| Err(condition(attr)))
}

/// Refuses the trait `name` where it is derived under a condition.
pub(super) fn refuse_conditional_derive(attrs: &[Attribute], name: &str) -> syn::Result<()> {
    let conditional = attrs.iter().find(|attr| adds(attr, name));
    conditional.map_or(Ok(()), |attr| Err(condition(attr)))
}

fn condition(attr: &Attribute) -> syn::Error {
    syn::Error::new_spanned(
        attr.path(),
        "what a table has cannot depend on how the program is compiled: \
         write this without `cfg`, or keep it out of the entity with #[sea_orm(ignore)]",
    )
}

/// Returns whether `attr` is a `cfg_attr` that adds something about `name`.
fn adds(attr: &Attribute, name: &str) -> bool {
    match &attr.meta {
        Meta::List(list) if attr.path().is_ident("cfg_attr") => {
            list.tokens.to_string().contains(name)
        }
        _ => false,
    }
}

/// Returns whether all that a `cfg_attr` tells SeaORM is the name of PostgreSQL's default schema: said or
/// not, the table is the same.
fn adds_default_schema(attr: &Attribute) -> bool {
    let added = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let is_default = |meta: &Meta| match meta {
        Meta::List(list) if list.path.is_ident("sea_orm") => {
            list.parse_args::<MetaNameValue>().is_ok_and(|pair| {
                let is_public =
                    |text: &Lit| matches!(text, Lit::Str(it) if it.value() == DEFAULT_SCHEMA);
                pair.path.is_ident("schema_name")
                    && matches!(&pair.value, Expr::Lit(literal) if is_public(&literal.lit))
            })
        }
        _ => false,
    };
    added.is_ok_and(|metas| metas.iter().skip(1).all(is_default))
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
        match &self.value {
            Some(Expr::Lit(ExprLit {
                lit: Lit::Bool(value),
                ..
            })) => Ok(value.value()),
            _ => Err(self.error(format!("write {0} = true or {0} = false", self.name))),
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

/// Returns whether `name` is among the derived traits.
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

/// Returns whether the item is compiled only for tests.
pub(super) fn is_test(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .any(|attr| matches!(attr.parse_args::<syn::Path>(), Ok(path) if path.is_ident("test")))
}
