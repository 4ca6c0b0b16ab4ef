//! One field of an entity as a column.

use syn::LitStr;

use super::attribute::{Word, check, find, find_string, words};
use super::walk::{Found, plain};
use super::{column_type, default};
use crate::schema::sql::token;
use crate::schema::{Column, ColumnType};

const KNOWN: [&str; 26] = [
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
    /// The column's name.
    pub name: String,
    pub column: Column,
    pub primary_key: bool,
    pub unique: bool,
    pub indexed: bool,
    pub unique_key: Option<String>,
    /// The groups that share an index: a word of ours, which SeaORM passes over.
    pub index_keys: Vec<String>,
    /// The condition that SeaORM adds as `extra`.
    pub check: Option<String>,
    pub renamed_from: Option<String>,
}

/// Reads a field; nothing if it is marked `ignore`.
pub(super) fn read(
    field: &syn::Field,
    module: &[String],
    found: &Found<'_>,
    name_of: impl Fn(&str) -> syn::Result<String>,
) -> syn::Result<Option<Field>> {
    let words = words(&field.attrs)?;
    check(&words, "a column", &KNOWN)?;
    if find(&words, "ignore").is_some() {
        return Ok(None);
    }
    let rust = field.ident.as_ref().map(plain).unwrap_or_default();
    let name = match find_string(&words, "column_name")? {
        Some(name) => name.value(),
        None => name_of(&rust)?,
    };
    let optional = column_type::optional_type(&field.ty);
    let own = |name: &str| own_type(name, module, found);
    let column_type = match find_string(&words, "column_type")? {
        Some(text) => column_type::from_attribute(&text)?,
        None => column_type::from_rust(optional.unwrap_or(&field.ty), &own)?,
    };
    let primary_key = find(&words, "primary_key").is_some();
    refuse_index(&words, &column_type)?;
    let column = Column {
        nullable: optional.is_some() || find(&words, "nullable").is_some(),
        default: default::read(&words, &column_type)?,
        auto_increment: auto_increment(&words, primary_key, &column_type)?,
        comment: find_string(&words, "comment")?.map(|comment| comment.value()),
        column_type,
    };
    Ok(Some(Field {
        rust,
        name,
        column,
        primary_key,
        unique: find(&words, "unique").is_some(),
        indexed: find(&words, "indexed").is_some(),
        unique_key: find_string(&words, "unique_key")?.map(|key| key.value()),
        index_keys: index_keys(&words)?,
        check: find_string(&words, "extra")?.map(check_of).transpose()?,
        renamed_from: find_string(&words, "renamed_from")?.map(|name| name.value()),
    }))
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

/// The condition in `CHECK (...)`, the only thing that `extra` may say.
fn check_of(extra: LitStr) -> syn::Result<String> {
    let sql = extra.value();
    token::check(&sql).map(str::to_owned).ok_or_else(|| {
        let message = format!("`{sql}` is not supported as `extra`; supported: CHECK (condition)");
        syn::Error::new(extra.span(), message)
    })
}

/// The enum or wrapper `name`: the one in the same module first, else the only one of that name.
fn own_type(name: &str, module: &[String], found: &Found<'_>) -> Option<ColumnType> {
    let types = found.value_types.get(name)?;
    let near = types.iter().find(|(place, _)| place == module);
    near.or(types.first())
        .map(|(_, column_type)| column_type.clone())
}

/// SeaORM lets the database hand out every key that is a number, unless told otherwise.
fn auto_increment(
    words: &[Word],
    primary_key: bool,
    column_type: &ColumnType,
) -> syn::Result<bool> {
    match find(words, "auto_increment") {
        None => Ok(primary_key && column_type.is_integer()),
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
