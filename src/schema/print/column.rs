//! A column as the field of an entity.

use super::enumeration;
use crate::schema::snapshot::Hints;
use crate::schema::{Column, ColumnType, DefaultValue, Dialect, Table, names};

/// The attributes and the line of the field called `field` for the column `name`; `indexes` are the
/// words about its indexes.
pub(super) fn field(
    table_name: &str,
    table: &Table,
    (name, column): (&str, &Column),
    field: &str,
    indexes: Vec<String>,
    hints: &Hints,
) -> String {
    let (rust, spelled) = rust_type(&column.column_type);
    let mut words = words(table_name, table, name, column, spelled, indexes);
    let base = hints.domain(&column.column_type);
    if hints
        .mixed
        .contains(&(table_name.to_owned(), name.to_owned()))
    {
        words.push("select_as = \"real\"".to_owned());
    } else if base.is_none() && rust == "String" && is_foreign(&column.column_type) {
        words.push("select_as = \"text\"".to_owned());
    }
    let rust = base.map_or(rust, |base| rust_type(base).0);
    if field != name {
        let after_key =
            usize::from(table.is_key(name)) + usize::from(is_given(table, name, column));
        words.insert(after_key, format!("column_name = {name:?}"));
    }
    let rust = match &column.column_type {
        ColumnType::Enum { name, .. } => {
            let name = enumeration::rust_names(table).remove(name.as_str());
            name.unwrap_or_else(|| rust.to_owned())
        }
        _ => rust.to_owned(),
    };
    let nullable = column.nullable && !table.is_key(name);
    let rust = if nullable {
        format!("Option<{rust}>")
    } else {
        rust
    };
    let attribute = if words.is_empty() {
        String::new()
    } else {
        format!("        #[sea_orm({})]\n", words.join(", "))
    };
    format!("{attribute}        pub {field}: {rust},\n")
}

fn words(
    table_name: &str,
    table: &Table,
    name: &str,
    column: &Column,
    spelled: Option<String>,
    indexes: Vec<String>,
) -> Vec<String> {
    let mut words = Vec::new();
    if table.is_key(name) {
        words.push("primary_key".to_owned());
    }
    if is_given(table, name, column) {
        words.push("auto_increment = false".to_owned());
    }
    words.extend(spelled.map(|spelled| format!("column_type = {spelled:?}")));
    words.extend(column.default.as_ref().map(default));
    words.extend(indexes);
    let collation = column.collation.as_ref().map(ToString::to_string);
    let generated = column.generated.as_ref().map(|it| it.sql(Dialect::Sqlite));
    let check = table.checks.get(&names::check(table_name, name));
    let check = check.map(|condition| format!("CHECK ({condition})"));
    let extra: Vec<_> = [collation, generated, check]
        .into_iter()
        .flatten()
        .collect();
    if !extra.is_empty() {
        words.push(format!("extra = {:?}", extra.join(" ")));
    }
    words.extend(
        column
            .comment
            .as_ref()
            .map(|text| format!("comment = {text:?}")),
    );
    words
}

/// Returns whether it is a key that the database could hand out, and does not.
fn is_given(table: &Table, name: &str, column: &Column) -> bool {
    let could_be = table.primary_key.len() == 1 && column.column_type.is_integer();
    table.is_key(name) && could_be && !column.auto_increment
}

fn default(default: &DefaultValue) -> String {
    match default {
        DefaultValue::Boolean(value) => format!("default_value = {value}"),
        DefaultValue::Number(digits) => format!("default_value = {digits}"),
        DefaultValue::Text(text) => format!("default_value = {text:?}"),
        DefaultValue::CurrentTimestamp => "default_expr = \"Expr::current_timestamp()\"".to_owned(),
        DefaultValue::CurrentDate => "default_expr = \"Expr::current_date()\"".to_owned(),
        DefaultValue::CurrentTime => "default_expr = \"Expr::current_time()\"".to_owned(),
        DefaultValue::Expression(sql) => {
            let sql = format!("Expr::cust({sql:?})");
            format!("default_expr = {sql:?}")
        }
    }
}

/// Returns whether it is a type that no Rust type stands for: sqlx reads it as nothing but a text that the
/// database makes.
fn is_foreign(column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::Custom(name) => !["citext", "name"].contains(&name.as_str()),
        other => is_unsaid_enum(other),
    }
}

/// Returns whether its values are such that SeaORM cannot tell them apart: its field is a text then,
/// which can be read.
fn is_unsaid_enum(column_type: &ColumnType) -> bool {
    matches!(column_type, ColumnType::Enum { values, .. } if !enumeration::can_be_said(values))
}

/// The Rust type of a column, and its `column_type` where that does not follow from the Rust type.
fn rust_type(column_type: &ColumnType) -> (&'static str, Option<String>) {
    use ColumnType as C;
    if let Some(integer) = column_type.rust_integer() {
        return (integer, None);
    }
    let spelled = Some::<String>;
    match column_type {
        C::Boolean => ("bool", None),
        C::Float => ("f32", None),
        C::Double => ("f64", None),
        C::Char(None) => ("String", spelled("Char(None)".to_owned())),
        C::Char(Some(n)) => ("String", spelled(format!("Char(Some({n}))"))),
        C::String(None) => ("String", None),
        C::String(Some(n)) => ("String", spelled(format!("String(StringLen::N({n}))"))),
        C::Text => ("String", spelled("Text".to_owned())),
        C::Decimal(None) => ("Decimal", None),
        C::Decimal(Some((p, s))) => ("Decimal", spelled(format!("Decimal(Some(({p}, {s})))"))),
        C::Money(None) => ("Decimal", spelled("Money(None)".to_owned())),
        C::Money(Some((p, s))) => ("Decimal", spelled(format!("Money(Some(({p}, {s})))"))),
        C::Date => ("Date", None),
        C::Time => ("Time", None),
        C::DateTime => ("DateTime", None),
        C::Timestamp => ("DateTime", spelled("Timestamp".to_owned())),
        C::TimestampWithTimeZone => ("DateTimeWithTimeZone", None),
        C::Blob => ("Vec<u8>", spelled("Blob".to_owned())),
        C::Binary(n) => ("Vec<u8>", spelled(format!("Binary({n})"))),
        C::VarBinary(None) => ("Vec<u8>", None),
        C::VarBinary(Some(n)) => ("Vec<u8>", spelled(format!("VarBinary(StringLen::N({n}))"))),
        C::Json => ("Json", None),
        C::JsonBinary => ("Json", spelled("JsonBinary".to_owned())),
        C::Uuid => ("Uuid", None),
        C::Enum { name, .. } if is_unsaid_enum(column_type) => {
            ("String", spelled(format!("custom({name:?})")))
        }
        // `field` has asked the enum itself.
        C::Enum { .. } => ("String", None),
        C::Custom(name) => (guess(name), spelled(format!("custom({name:?})"))),
        // `rust_integer` has answered for these.
        C::TinyInteger
        | C::SmallInteger
        | C::Integer
        | C::BigInteger
        | C::TinyUnsigned
        | C::SmallUnsigned
        | C::Unsigned
        | C::BigUnsigned => ("i64", None),
    }
}

/// The Rust type for a type name that is nobody's, by SQLite's rules of affinity and habit.
fn guess(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    match name.as_str() {
        "bool" => "bool",
        "date" => "Date",
        "time" => "Time",
        "datetime" | "timestamp" => "DateTime",
        "" => "Vec<u8>",
        // PostgreSQL's names that only look as if they held an `int`.
        "interval" | "point" => "String",
        _ if name.ends_with("[]") || name.ends_with("range") => "String",
        _ if has("int") => "i64",
        _ if has("char") || has("text") || has("clob") => "String",
        _ if has("blob") => "Vec<u8>",
        _ if has("real") || has("floa") || has("doub") => "f64",
        _ if has("dec") || has("numeric") => "Decimal",
        _ => "String",
    }
}
