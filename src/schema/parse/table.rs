//! The table of an entity: its name, its comment and the schema of PostgreSQL's that it is in.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, LitStr};

use super::attribute::{DEFAULT_SCHEMA, Word, check, find_string, words};
use super::body::{converted, last, path_of, returned, string};
use super::items::Items;
use super::limits::LONGEST_NAME;

/// The attributes of an entity that are about its table.
pub(super) struct Table {
    pub name: String,
    pub comment: Option<String>,
}

impl Table {
    /// The table `name`, and what the attribute's other words say about it.
    pub fn of_words(name: LitStr, words: &[Word]) -> syn::Result<Self> {
        check_name(&name.value(), name.span())?;
        if let Some(schema) = find_string(words, "schema_name")? {
            check_schema(&schema.value(), schema.span())?;
        }
        Ok(Self {
            name: name.value(),
            comment: find_string(words, "comment")?.map(|comment| comment.value()),
        })
    }
}

/// The table of an entity that says so itself: in its own attributes, or in `impl EntityName`.
pub(super) fn of_entity(items: &Items<'_>, entity: &str) -> syn::Result<Option<Table>> {
    const KNOWN: [&str; 10] = [
        "table_name",
        "schema_name",
        "column",
        "entity",
        "model",
        "model_ex",
        "active_model",
        "active_model_ex",
        "primary_key",
        "relation",
    ];
    if let Some(item) = items.structure(entity) {
        let words = words(&item.attrs)?;
        check(&words, "an entity", &KNOWN)?;
        if let Some(name) = find_string(&words, "table_name")? {
            return Table::of_words(name, &words).map(Some);
        }
    }
    let Some(code) = items.implementation("EntityName", entity) else {
        return Ok(None);
    };
    let Some(value) = returned(code, "table_name")? else {
        return Ok(None);
    };
    let name = text(value, "table_name")?;
    check_name(&name, value.span())?;
    if let Some(value) = returned(code, "schema_name")?
        && let Some(schema) = optional_text(value, "schema_name")?
    {
        check_schema(&schema, value.span())?;
    }
    let comment = match returned(code, "comment")? {
        Some(value) => optional_text(value, "comment")?,
        None => None,
    };
    Ok(Some(Table { name, comment }))
}

fn text(value: &Expr, what: &str) -> syn::Result<String> {
    string(value).ok_or_else(|| {
        let message =
            format!("`{what}` cannot be read: the migrations need one text, written as a literal");
        syn::Error::new(value.span(), message)
    })
}

fn optional_text(value: &Expr, what: &str) -> syn::Result<Option<String>> {
    match converted(value) {
        Expr::Call(call)
            if path_of(&call.func)
                .and_then(last)
                .is_some_and(|it| it == "Some") =>
        {
            call.args.first().map(|value| text(value, what)).transpose()
        }
        Expr::Path(path) if last(&path.path).is_some_and(|it| it == "None") => Ok(None),
        other => text(other, what).map(Some),
    }
}

fn check_name(name: &str, span: Span) -> syn::Result<()> {
    let refuse = |why: &str| Err(syn::Error::new(span, format!("table name `{name}` {why}")));
    match name {
        "" => refuse("is empty"),
        name if name.len() > LONGEST_NAME => {
            refuse("is longer than the 63 bytes that PostgreSQL keeps")
        }
        name if name.contains('\0') => refuse("has a NUL in it"),
        name if name.starts_with("sqlite_") || name == "_sqlx_migrations" => refuse("is reserved"),
        _ => Ok(()),
    }
}

/// All tables are in the schema that the connection names, which is `public` if it names none.
fn check_schema(schema: &str, span: Span) -> syn::Result<()> {
    if schema == DEFAULT_SCHEMA {
        return Ok(());
    }
    Err(syn::Error::new(
        span,
        format!(
            "the schema `{schema}`: migrations put all tables into one schema, and SQLite has none; leave \
             schema_name out and name the schema in the URL: DATABASE_URL=postgres://.../name?options[search_path]={schema}"
        ),
    ))
}
