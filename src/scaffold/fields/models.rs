//! `models.rs`

use std::fmt::Write;

use heck::ToUpperCamelCase;

use super::field::{Field, Kind, Target};
use super::line::Model;
use super::with_article;

/// The widest words of an attribute that rustfmt leaves in one line.
const MAX_ATTRIBUTE: usize = 70;

const HEAD: &str = "//! The data of this app: tables, columns and what they may hold.
//!
//! `backsmith makemigrations` reads this file. What clients may send belongs in `serializers.rs`,
//! what happens to it in `views.rs`.
";

pub(in crate::scaffold) fn write(app: &str, models: &[Model]) -> String {
    let mut text = HEAD.to_owned();
    let enums = models.iter().flat_map(|model| {
        let fields = model.fields.iter();
        fields.filter_map(|field| match &field.kind {
            Kind::Enum(values) => Some(write_enum(model, field, values)),
            _ => None,
        })
    });
    let enums: Vec<_> = enums.collect();
    if !enums.is_empty() {
        text.push_str("\nuse schemars::JsonSchema;\nuse sea_orm::entity::prelude::*;\nuse serde::{Deserialize, Serialize};\n");
    }
    for written in enums {
        text.push_str(&written);
    }
    for model in models {
        text.push_str(&write_model(app, model));
        for list in model.lists() {
            text.push_str(&write_between(app, model, list));
        }
    }
    text
}

fn write_enum(model: &Model, field: &Field, values: &[String]) -> String {
    let name = model.enum_name(field);
    let words = with_article(model);
    let longest = values
        .iter()
        .map(String::len)
        .max()
        .unwrap_or_default()
        .max(20);
    let default = field.default.as_deref();
    let derive = if default.is_some() {
        "\n    Default,"
    } else {
        ""
    };
    let variants = values.iter().map(|value| {
        let mark = if default == Some(value.as_str()) {
            "    #[default]\n"
        } else {
            ""
        };
        format!("{mark}    {},\n", value.to_upper_camel_case())
    });
    format!(
        "
/// The {} of {words}.
#[derive(
    Clone,
    Copy,
    Debug,{derive}
    PartialEq,
    Eq,
    EnumIter,
    DeriveActiveEnum,
    Deserialize,
    JsonSchema,
    Serialize,
)]
#[sea_orm(
    rs_type = \"String\",
    db_type = \"String(StringLen::N({longest}))\",
    rename_all = \"snake_case\"
)]
#[serde(rename_all = \"snake_case\")]
pub enum {name} {{
{}}}
",
        field.name.replace('_', " "),
        variants.collect::<String>()
    )
}

fn write_model(app: &str, model: &Model) -> String {
    let (module, words) = (model.module(), model.module().replace('_', " "));
    let eq = if model.fields.iter().any(|field| field.kind == Kind::Float) {
        ""
    } else {
        " Eq,"
    };
    let mut fields = String::new();
    for field in model.columns() {
        fields.push_str(&column(model, field));
    }
    format!(
        "
pub mod {module} {{
    use sea_orm::entity::prelude::*;

    /// The data of one {words}.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq,{eq} DeriveEntityModel)]
    #[sea_orm(table_name = \"{app}_{module}\")]
    pub struct Model {{
        #[sea_orm(primary_key)]
        pub id: i64,
{fields}    }}

    impl ActiveModelBehavior for ActiveModel {{}}
}}
"
    )
}

/// A column with its attributes, and the relation behind a key.
pub(super) fn column(model: &Model, field: &Field) -> String {
    let mut words = Vec::new();
    match &field.kind {
        Kind::Str(length) => words.push(of_length(*length)),
        Kind::Email => words.push(of_length(254)),
        Kind::Url => words.push(of_length(200)),
        Kind::Slug => words.push(of_length(50)),
        Kind::Text => words.push("column_type = \"Text\"".to_owned()),
        Kind::Json => words.push("column_type = \"JsonBinary\"".to_owned()),
        Kind::Decimal(digits, places) => {
            words.push(format!(
                "column_type = \"Decimal(Some(({digits}, {places})))\""
            ));
        }
        _ => {}
    }
    if field.is_unique {
        words.push("unique".to_owned());
    } else if is_indexed(model, field) {
        words.push("indexed".to_owned());
    }
    if let Some(default) = &field.default {
        words.push(match field.kind {
            Kind::Int | Kind::BigInt | Kind::Bool => format!("default_value = {default}"),
            _ => format!("default_value = \"{default}\""),
        });
    }
    let mut text = String::new();
    if !words.is_empty() {
        text.push_str(&attribute(&words));
    }
    let _ = writeln!(
        text,
        "        pub {}: {},",
        field.column(),
        rust_type(model, field, "super::")
    );
    if let Kind::Fk(target) = &field.kind {
        text.push_str(&relation(model, field, target));
    }
    text
}

/// Keys and what lists are sorted by have an index.
pub(super) fn is_indexed(model: &Model, field: &Field) -> bool {
    let is_title = model.title().is_some_and(|title| title.name == field.name);
    field.is_indexed || matches!(field.kind, Kind::Fk(_)) || is_title
}

fn of_length(length: u32) -> String {
    format!("column_type = \"String(StringLen::N({length}))\"")
}

fn relation(model: &Model, field: &Field, target: &Target) -> String {
    let name = &field.name;
    let same = model.fields.iter().filter(|other| match &other.kind {
        Kind::Fk(other) => other == target,
        _ => false,
    });
    let is_one_of_several =
        same.count() > 1 || target.app.is_none() && target.model == model.name();
    let mut words = vec!["belongs_to".to_owned()];
    if is_one_of_several {
        words.push(format!(
            "relation_enum = \"{}\"",
            name.to_upper_camel_case()
        ));
    }
    let on_delete = if field.is_optional {
        "SetNull"
    } else {
        "Cascade"
    };
    words.push(format!("from = \"{name}_id\""));
    words.push("to = \"id\"".to_owned());
    words.push(format!("on_delete = \"{on_delete}\""));
    let attribute = attribute(&words);
    let entity = target.entity();
    let entity = if field.is_optional {
        format!("Option<{entity}>")
    } else {
        entity
    };
    format!("{attribute}        pub {name}: BelongsTo<{entity}>,\n")
}

/// The type in Rust; `enums` is the way to the app's enums.
pub(super) fn rust_type(model: &Model, field: &Field, enums: &str) -> String {
    let name = match &field.kind {
        Kind::Str(_) | Kind::Text | Kind::Email | Kind::Url | Kind::Slug => "String".to_owned(),
        Kind::Int => "i32".to_owned(),
        Kind::BigInt | Kind::Fk(_) => "i64".to_owned(),
        Kind::Float => "f64".to_owned(),
        Kind::Decimal(..) => "Decimal".to_owned(),
        Kind::Bool => "bool".to_owned(),
        Kind::Date => "Date".to_owned(),
        Kind::Time => "Time".to_owned(),
        Kind::DateTime => "DateTimeUtc".to_owned(),
        Kind::Uuid => "Uuid".to_owned(),
        Kind::Json => "Json".to_owned(),
        Kind::Enum(_) => format!("{enums}{}", model.enum_name(field)),
        Kind::M2m(_) => "Vec<i64>".to_owned(),
    };
    if field.is_optional {
        format!("Option<{name}>")
    } else {
        name
    }
}

/// The table between a model and the rows that a list names.
fn write_between(app: &str, model: &Model, list: &Field) -> String {
    let (Some(module), Kind::M2m(target)) = (model.between(list), &list.kind) else {
        return String::new();
    };
    let (one, other, entity) = (model.module(), target.module(), target.entity());
    format!(
        "
/// The table between {} and its {}.
pub mod {module} {{
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = \"{app}_{module}\")]
    pub struct Model {{
        #[sea_orm(primary_key, auto_increment = false)]
        pub {one}_id: i64,
        #[sea_orm(primary_key, auto_increment = false, indexed)]
        pub {other}_id: i64,
{}        pub {one}: BelongsTo<super::{one}::Entity>,
{}        pub {other}: BelongsTo<{entity}>,
    }}

    impl ActiveModelBehavior for ActiveModel {{}}
}}
",
        model.module().replace('_', " "),
        list.name.replace('_', " "),
        belongs(&one),
        belongs(&other),
    )
}

fn belongs(module: &str) -> String {
    let from = format!("from = \"{module}_id\"");
    let words = [
        "belongs_to",
        &from,
        "to = \"id\"",
        "on_delete = \"Cascade\"",
    ];
    attribute(&words.map(str::to_owned))
}

/// The words about a field, in one line if they fit.
fn attribute(words: &[String]) -> String {
    let line = words.join(", ");
    if line.len() <= MAX_ATTRIBUTE {
        return format!("        #[sea_orm({line})]\n");
    }
    let words = words.join(",\n            ");
    format!("        #[sea_orm(\n            {words}\n        )]\n")
}
