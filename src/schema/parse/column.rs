//! One field of an entity as a column.

use heck::{ToSnakeCase, ToUpperCamelCase};
use syn::spanned::Spanned;
use syn::{LitStr, Type};

use super::attribute::{Word, check, find, find_string, words};
use super::body::last;
use super::body::plain;
use super::index::{self, IndexWord};
use super::style::renamed;
use super::user_types::Scope;
use super::{builtin_types, column_types, default, extra};
use crate::schema::{Column, ColumnType};

const KNOWN: [&str; 28] = [
    "primary_key",
    "auto_increment",
    "column_type",
    "column_name",
    "default_value",
    "default_expr",
    "nullable",
    "indexed",
    "unique",
    "unique_key",
    "index_key",
    "index",
    "unique_index",
    "extra",
    "renamed_from",
    "comment",
    "ignore",
    "enum_name",
    "select_as",
    "save_as",
    // About files of Arrow's, not about the table.
    "arrow_skip",
    "arrow_field",
    "arrow_precision",
    "arrow_scale",
    "arrow_timestamp_unit",
    "arrow_timezone",
    "arrow_comment",
    "arrow_byte_width",
];

/// A column, and what else its field says about the table.
pub(super) struct Field {
    /// The field's name in Rust, without `r#`.
    pub rust: String,
    /// Its name in the enum `Column`.
    pub variant: String,
    /// The column's name.
    pub name: String,
    pub column: Column,
    pub primary_key: bool,
    pub unique: bool,
    pub indexed: bool,
    pub unique_key: Option<String>,
    /// The groups that share an index: a word of ours, which SeaORM passes over.
    pub index_keys: Vec<String>,
    /// Indexes in SQL: words of ours, too.
    pub indexes: Vec<IndexWord>,
    /// The condition that SeaORM adds as `extra`.
    pub check: Option<String>,
    pub renamed_from: Option<String>,
    /// Its possible values, if its type is an enum.
    pub choices: Vec<String>,
}

impl Field {
    /// Returns whether a relation that says `name` means this field: `owner_id` and `OwnerId` are the same.
    pub fn is_called(&self, name: &str) -> bool {
        self.variant == name || self.variant == name.to_upper_camel_case()
    }
}

/// The name and the definition of a column.
pub(super) struct Described {
    pub rust: String,
    pub variant: String,
    pub name: String,
    pub column_type: ColumnType,
    pub nullable: bool,
    pub primary_key: bool,
    pub auto_increment: bool,
}

/// Reads a field; nothing if it is marked `ignore`.
pub(super) fn read(
    field: &syn::Field,
    scope: &Scope<'_, '_>,
    style: Option<&LitStr>,
) -> syn::Result<Option<Field>> {
    let words = words(&field.attrs)?;
    check(&words, "a column", &KNOWN)?;
    if find(&words, "ignore").is_some() {
        return Ok(None);
    }
    let rust = field.ident.as_ref().map(plain).unwrap_or_default();
    let variant = match find_string(&words, "enum_name")? {
        Some(name) => name.value(),
        None => rust.to_upper_camel_case(),
    };
    let name = match find_string(&words, "column_name")? {
        Some(name) => name.value(),
        None => column_name(&rust, &variant, style)?,
    };
    let optional = builtin_types::optional_type(&field.ty);
    let own_type = optional.unwrap_or(&field.ty);
    let column_type = match find_string(&words, "column_type")? {
        Some(text) => column_types::from_attribute(&text)?,
        None => builtin_types::column_type(own_type, scope)
            .map_err(|message| syn::Error::new(own_type.span(), message))?,
    };
    let primary_key = find(&words, "primary_key").is_some();
    let described = Described {
        rust,
        variant,
        name,
        nullable: optional.is_some() || find(&words, "nullable").is_some(),
        primary_key,
        auto_increment: auto_increment(&words, primary_key, &column_type, own_type)?,
        column_type,
    };
    let mut read = of(described, &words)?;
    if let Type::Path(path) = own_type {
        read.choices = scope.choices(&path.path);
    }
    Ok(Some(read))
}

/// The column that `words` say more about.
pub(super) fn of(described: Described, words: &[Word]) -> syn::Result<Field> {
    let Described {
        rust,
        variant,
        name,
        column_type,
        nullable,
        primary_key,
        auto_increment,
    } = described;
    refuse_index(words, &column_type)?;
    let extra = extra::read(words, &column_type)?;
    Ok(Field {
        rust,
        variant,
        name,
        column: Column {
            nullable,
            default: default::read(words, &column_type)?,
            auto_increment,
            collation: extra.collation,
            generated: extra.generated,
            comment: find_string(words, "comment")?.map(|comment| comment.value()),
            column_type,
        },
        primary_key,
        unique: find(words, "unique").is_some(),
        indexed: find(words, "indexed").is_some(),
        unique_key: find_string(words, "unique_key")?.map(|key| key.value()),
        index_keys: index_keys(words)?,
        indexes: index::read(words)?,
        check: extra.check,
        renamed_from: find_string(words, "renamed_from")?.map(|name| name.value()),
        choices: Vec::new(),
    })
}

/// The column of a field, as SeaORM's derive names it.
fn column_name(rust: &str, variant: &str, style: Option<&LitStr>) -> syn::Result<String> {
    let own = rust.to_upper_camel_case();
    match style {
        Some(style) => renamed(&own, style),
        // A name in another style counts, before that of the variant.
        None if rust != own.to_snake_case() => Ok(rust.to_snake_case()),
        None => Ok(variant.to_snake_case()),
    }
}

/// PostgreSQL cannot compare the values of `json`.
fn refuse_index(words: &[Word], column_type: &ColumnType) -> syn::Result<()> {
    let compares = [
        "primary_key",
        "unique",
        "unique_key",
        "indexed",
        "index_key",
    ];
    let word = words.iter().find(|word| compares.contains(&&*word.name));
    match word.filter(|_| *column_type == ColumnType::Json) {
        None => Ok(()),
        Some(word) => Err(word.error(
            "PostgreSQL has no indexes over json: add column_type = \"JsonBinary\", or leave this out",
        )),
    }
}

fn index_keys(words: &[Word]) -> syn::Result<Vec<String>> {
    let words = words.iter().filter(|word| word.name == "index_key");
    words.map(|word| Ok(word.string()?.value())).collect()
}

/// SeaORM lets the database hand out every key that is a number, unless told otherwise, and unless
/// the name of its type says text.
fn auto_increment(
    words: &[Word],
    primary_key: bool,
    column_type: &ColumnType,
    rust: &Type,
) -> syn::Result<bool> {
    match find(words, "auto_increment") {
        None => {
            let name = match rust {
                Type::Path(path) => last(&path.path).unwrap_or_default(),
                _ => String::new(),
            };
            let is_text = ["String", "Uuid"].iter().any(|it| name.ends_with(it));
            Ok(primary_key && column_type.is_integer() && !is_text)
        }
        Some(word) if !primary_key => Err(word.error("auto_increment belongs to a primary key")),
        Some(word) => {
            let wanted = word.boolean()?;
            if wanted && !column_type.is_integer() {
                return Err(word.error("only whole numbers can be handed out by the database"));
            }
            Ok(wanted)
        }
    }
}
