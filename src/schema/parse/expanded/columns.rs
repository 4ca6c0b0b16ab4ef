//! The enum `Column`, and what `impl ColumnTrait for Column` says about each column.

use heck::ToSnakeCase;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall, ItemEnum, ItemStruct, Type, Variant};

use super::Parts;
use super::key::Key;
use crate::schema::parse::attribute::{Word, check, derives, find_string, words};
use crate::schema::parse::body::plain;
use crate::schema::parse::body::{Arm, arms, bare, last, path_of, returned, string};
use crate::schema::parse::column::{self, Described, Field};
use crate::schema::parse::user_types::Scope;
use crate::schema::parse::{builtin_types, collect, column_types, default};

const SUPPORTED: &str = "this column cannot be read; supported: `ColumnType::Integer.def()` with `nullable`, \
    `unique`, `indexed`, `unique_key`, `default_value`, `default`, `comment`, `extra` and `renamed_from`, \
    each with a literal";

/// Reads the columns of `entity`.
pub(super) fn read(
    parts: &Parts<'_, '_>,
    entity: &ItemStruct,
    key: &Key,
    scope: &Scope<'_, '_>,
) -> syn::Result<Vec<Field>> {
    let name = &parts.columns;
    let missing = |what: &str| {
        let message =
            format!("the columns of this entity are not beside it: write {what} in this module");
        syn::Error::new(entity.ident.span(), message)
    };
    let item = parts
        .items
        .enumeration(name)
        .ok_or_else(|| missing(&format!("enum {name}")))?;
    let code = parts.items.implementation("ColumnTrait", name);
    let code = code.ok_or_else(|| missing(&format!("impl ColumnTrait for {name}")))?;
    let definitions = returned(code, "def")?.ok_or_else(|| {
        syn::Error::new_spanned(
            &code.self_ty,
            "`def` cannot be read: write it as a function",
        )
    })?;
    let (definitions, names) = (arms(definitions)?, Names::of(parts, item)?);
    let mut fields = Vec::new();
    let mut errors = None;
    for variant in item.variants.iter().filter(|variant| !is_disabled(variant)) {
        let field = names
            .of_variant(variant)
            .and_then(|name| field(variant, name, &definitions, key, scope));
        match field {
            Ok(field) => fields.push(field),
            Err(error) => collect(&mut errors, error),
        }
    }
    let is_column = |name: &String| {
        item.variants
            .iter()
            .any(|variant| plain(&variant.ident) == *name)
    };
    if let Some(other) = key.variants.iter().find(|name| !is_column(name)) {
        let message = format!("the key has a column `{other}`, which is none of these");
        collect(&mut errors, syn::Error::new(item.ident.span(), message));
    }
    errors.map_or(Ok(fields), Err)
}

/// `#[strum(disabled)]`: a variant that is the table's name and no column.
fn is_disabled(variant: &Variant) -> bool {
    let strum = variant
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("strum"));
    strum.is_some_and(|attr| {
        attr.parse_args::<syn::Path>()
            .is_ok_and(|path| path.is_ident("disabled"))
    })
}

fn field(
    variant: &Variant,
    name: String,
    definitions: &[Arm<'_>],
    key: &Key,
    scope: &Scope<'_, '_>,
) -> syn::Result<Field> {
    let ident = plain(&variant.ident);
    let definition = definitions.iter().find(|arm| arm.is_for(&ident));
    let definition = definition.ok_or_else(|| {
        syn::Error::new(
            variant.ident.span(),
            format!("`def` says nothing about the column `{ident}`"),
        )
    })?;
    let (column_type, words) = read_definition(definition.value, scope)?;
    let primary_key = key.variants.contains(&ident);
    let described = Described {
        rust: ident.to_snake_case(),
        variant: ident,
        name,
        nullable: words.iter().any(|word| word.name == "nullable"),
        primary_key,
        auto_increment: primary_key && key.auto_increment && column_type.is_integer(),
        column_type,
    };
    column::of(described, &words)
}

/// `ColumnType::Integer.def().unique()` as a type, and as the words of an attribute.
fn read_definition(
    definition: &Expr,
    scope: &Scope<'_, '_>,
) -> syn::Result<(crate::schema::ColumnType, Vec<Word>)> {
    let mut words = Vec::new();
    let mut rest = bare(definition);
    // `Tea::db_type()` is a definition without `def`.
    while let Expr::MethodCall(call) = rest
        && call.method != "def"
        && let Some(word) = word(call)?
    {
        words.push(word);
        rest = bare(&call.receiver);
    }
    let of = match rest {
        // `ColumnTypeTrait::def(ColumnType::Integer)`
        Expr::Call(call)
            if path_of(&call.func)
                .and_then(last)
                .is_some_and(|it| it == "def") =>
        {
            call.args.first().unwrap_or(rest)
        }
        other => other,
    };
    let of_type = |asked: &Type| builtin_types::column_type(asked, scope);
    let column_type = column_types::from_expression(of, &of_type)
        .map_err(|message| syn::Error::new(of.span(), message))?;
    Ok((column_type, words))
}

/// A call as the word that says the same in an attribute; nothing if it only converts.
fn word(call: &ExprMethodCall) -> syn::Result<Option<Word>> {
    let name = plain(&call.method);
    let name = match (name.as_str(), call.args.len()) {
        ("null" | "nullable", 0) => "nullable",
        ("default", 1) => default::AS_CODE,
        ("unique" | "indexed", 0) => &name,
        ("unique_key" | "renamed_from" | "comment" | "extra" | "default_value", 1) => &name,
        // About GraphQL, not about the table.
        ("seaography_ignore", 0) => &name,
        ("get_column_type" | "to_owned" | "clone" | "into", 0) => return Ok(None),
        _ => return Err(syn::Error::new(call.method.span(), SUPPORTED)),
    };
    Ok(Some(Word {
        name: name.to_owned(),
        span: call.method.span(),
        value: call.args.first().map(|value| bare(value).clone()),
        attribute: 0,
    }))
}

/// How the columns are named: by the variants, or by `as_str`.
struct Names<'a> {
    own: Option<Vec<Arm<'a>>>,
}

impl<'a> Names<'a> {
    fn of(parts: &Parts<'_, 'a>, item: &ItemEnum) -> syn::Result<Self> {
        if derives(&item.attrs, "DeriveColumn") {
            return Ok(Self { own: None });
        }
        let code = parts.items.implementation("IdenStatic", &parts.columns);
        let value = match code {
            Some(code) => returned(code, "as_str")?,
            None => None,
        };
        let value = value.ok_or_else(|| {
            syn::Error::new(
                item.ident.span(),
                "what these columns are called is not said: add #[derive(DeriveColumn)]",
            )
        })?;
        arms(value).map(|own| Self { own: Some(own) })
    }

    fn of_variant(&self, variant: &Variant) -> syn::Result<String> {
        let words = words(&variant.attrs)?;
        check(&words, "a column's variant", &["column_name", "table_name"])?;
        let ident = plain(&variant.ident);
        let usual = match find_string(&words, "column_name")? {
            Some(name) => name.value(),
            None => ident.to_snake_case(),
        };
        let Some(own) = &self.own else {
            return Ok(usual);
        };
        let arm = own.iter().find(|arm| arm.is_for(&ident));
        match arm.map(|arm| arm.value) {
            Some(Expr::MethodCall(call)) if call.method == "default_as_str" => Ok(usual),
            Some(value) if let Some(name) = string(value) => Ok(name),
            _ => Err(syn::Error::new(
                variant.ident.span(),
                format!(
                    "the name of the column `{ident}` cannot be read: write it as a literal in `as_str`"
                ),
            )),
        }
    }
}
